"""What somebody did that others may ask about: written down once, and never changed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.database.limits import LONGEST_NAME
from data_access.engine import rows_of, writing
from data_access.schema import access_event, audit_event

Access = Literal["sign_in", "turn_away", "export"]
Action = Literal[
    "sign_in", "turn_away", "export", "sign_out", "put_person", "close_person", "new_token", "revoke_token", "report",
    "import", "undo_import", "set", "publish", "enter", "withdraw", "commit", "judge", "dismiss", "revert_dismissal",
    "give", "revert_handover", "put_digest", "wish_digest", "end_digest", "make_alert", "end_alert", "save_view",
    "change_view", "begin_with_view", "delete_view", "arrange_board", "share_board",
]  # fmt: skip
ACTIONS = get_args(Action)


def note(
    connection: sa.Connection,
    action: Action,
    subject: str,
    by: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Writes down who did what with what, in the transaction of the connection, and when: now unless given."""
    values = {"at": at or moment(), "by": by or "command", "action": action, "subject": subject}
    connection.execute(audit_event.insert().values(**values, detail=sa.null() if detail is None else dict(detail)))


def note_access(database: sa.Engine, action: Access, subject: str, by: str, *, once: bool = False) -> None:
    """Writes down that somebody came in, was turned away or took a file, in a transaction of its own.

    once   not where the same stands there already: a sign-in is seen by every tab
    """
    values = {"by": by[:LONGEST_NAME], "action": action, "subject": subject[:LONGEST_NAME]}
    a = access_event.c
    if once:
        same = sa.select(a.event_id).where(*(a[name] == value for name, value in values.items())).limit(1)
        if rows_of(without_copy(database), same, is_of_facts=True):
            return
    with writing(database) as connection:
        connection.execute(access_event.insert().values(at=moment(), **values))


def moment() -> datetime:
    """Now, in UTC and without zone, as it is kept here."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
