"""Lines of Attention that somebody put aside: with a reason, until a day, and reversibly."""

from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access.attention.entered import must_be_allowed, noted, take_back
from data_access.database.limits import LONGEST_TEXT, must_fit
from data_access.engine import read, writing
from data_access.errors import Refused
from data_access.filters import entered_by
from data_access.schema import attention_dismissal
from data_access.scope import Person, Scope

LONGEST = timedelta(days=366)  # what is put aside for longer is a rule that should change


def holding(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per line put aside as of the date (its last day inside), the latest dismissal where there are several:
    rule, subject_kind, subject_id, dismissal_id, reason, until_on, dismissed_by, dismissed_at.

    Of a past day, what was dismissed by its end and not taken back by then; as of the data's last day the present
    counts, also what was dismissed after that day. It says nothing of the subjects, so it is the same for everybody.
    """
    d = attention_dismissal.c
    is_in_force = sa.or_(d.reverted_at.is_(None), ~entered_by(d.reverted_at, scope))
    place = (
        sa.func.row_number()
        .over(partition_by=(d.rule, d.subject_kind, d.subject_id), order_by=d.dismissal_id.desc())
        .label("place")
    )
    ranked = (
        sa.select(attention_dismissal, place)
        .where(d.until_on >= scope.as_of, entered_by(d.dismissed_at, scope), is_in_force)
        .subquery("ranked")
    )
    names = ("rule", "subject_kind", "subject_id", "dismissal_id", "reason", "until_on", "dismissed_by", "dismissed_at")
    statement = (
        sa.select(*(ranked.c[name] for name in names)).where(ranked.c.place == 1).order_by(ranked.c.dismissal_id)
    )
    return read(database, statement)


def dismiss(
    database: sa.Engine,
    person: Person,
    rule: str,
    subject_kind: str,
    subject_id: str,
    reason: str,
    until_on: date,
    *,
    at: datetime,
) -> int:
    """Put a line aside up to and including a day, for everybody; gives the dismissal's id, by which it is taken back.

    Managers may, about their regions, and directors. Raises NotAllowed where the person may not, Refused without a
    reason, or where the day has passed or lies more than a year ahead.
    """
    if not reason.strip():
        raise Refused("A line is dismissed with a reason. Say in a sentence why it can wait.")
    must_fit("The reason", reason, LONGEST_TEXT)
    if not at.date() <= until_on <= at.date() + LONGEST:
        raise Refused(
            f"A line can be dismissed until {at.date()} at the earliest and {at.date() + LONGEST} at the latest, "
            f"not until {until_on}. What should never be listed is a matter of the rule's threshold."
        )
    values = {
        "rule": rule,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "reason": reason.strip(),
        "until_on": until_on,
        "dismissed_by": person.name or person.role,
        "dismissed_at": at,
    }
    with writing(database) as connection:
        must_be_allowed(connection, person, attention_dismissal, subject_kind, subject_id)
        written = attention_dismissal.insert().values(values).returning(attention_dismissal.c.dismissal_id)
        made = connection.execute(written).scalar_one()
        noted(connection, person, "dismiss", made, at)
    return made


def revert(database: sa.Engine, person: Person, dismissal_id: int, *, at: datetime) -> None:
    """Take a dismissal back, for who may dismiss: the line is there again (`entered.take_back`)."""
    take_back(database, person, attention_dismissal, dismissal_id, "dismissal", done="reverted", at=at)
