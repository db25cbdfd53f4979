"""What is common to the things that people keep for themselves: with whom they share them, and what is refused."""

from typing import Literal

import sqlalchemy as sa

from data_access.database.limits import unfit
from data_access.errors import Refused
from data_access.scope import Person

EVERYONE = "everyone"
SHARED = ("executive", "director", "manager", EVERYONE)  # with whom something may be shared
LONGEST_NAME = 60  # characters: what a menu shows whole

Rule = Literal["missing", "text", "taken", "many", "overtaken"]


class NotKept(Refused):
    """What cannot be kept as it is. `rule` says why, so that a page can say it in the reader's language: a name is
    missing, a text is too long or cannot be written, the name is taken, there are too many, or a newer one is there."""

    def __init__(self, message: str, rule: Rule):
        super().__init__(message)
        self.rule = rule


def named(name: str) -> str:
    """The name as it is kept. Raises NotKept where it is none."""
    name = " ".join(name.split())
    if not name:
        raise NotKept("The name is missing. Give one.", "missing")
    must_fit("The name", name, LONGEST_NAME)
    return name


def must_fit(called: str, text: str, longest: int) -> None:
    """Raises NotKept for a text that cannot be kept."""
    reason = unfit(text, longest)
    if reason:
        raise NotKept(f"{called} {reason}.", "text")


def must_be_shared_so(shared_with: str | None) -> None:
    """Raises Refused unless something may be shared with these."""
    if shared_with is not None and shared_with not in SHARED:
        raise Refused(f"{shared_with!r} is nobody to share with. Choose one of: {', '.join(SHARED)}.")


def is_seen(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    """Whether a row is the person's own, or shared with them."""
    return sa.or_(table.c.owner == person.key, table.c.shared_with.in_((person.role, EVERYONE)))
