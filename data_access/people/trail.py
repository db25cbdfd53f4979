"""Who did what and when, over the whole company: as it was written down, and as it stands beside what was entered."""

from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.engine import read
from data_access.entries import TABLES
from data_access.errors import NotAllowed, Refused
from data_access.people.audit import ACTIONS
from data_access.schema import (
    access_event,
    audit_event,
    deal_judgement,
    forecast_commit,
    import_batch,
    report_call,
)
from data_access.scope import Person

MOST = 5_000  # lines that are told at once: the newest


def trail(
    database: sa.Engine, person: Person, first: date, last: date, *, by: str = "", action: str = ""
) -> pd.DataFrame:
    """One row per thing that somebody did from a day to a day (of UTC, both inside), the newest first; MOST at most.

    at (UTC), by (a name, a role or an e-mail address), action (one of ACTIONS), subject
    by      part of who did it, in capitals or not; action: that one alone
    Raises NotAllowed for who does not see the whole company: it tells of everybody; Refused for an unknown action.
    """
    if not person.sees_everything:
        raise NotAllowed("What everybody did is for those who see the whole company.")
    if action and action not in ACTIONS:
        raise Refused(f"{action!r} is no action. Actions are {', '.join(ACTIONS)}.")
    told = sa.union_all(*_told()).subquery()
    start, end = (datetime.combine(day, datetime.min.time()) for day in (first, last + timedelta(days=1)))
    asked = sa.select(told).where(told.c.at >= start, told.c.at < end)
    if by:
        in_small = sa.func.lower(told.c.by).contains(by.lower(), autoescape=True)  # in SQLite of ASCII alone
        asked = asked.where(sa.or_(in_small, told.c.by.contains(by, autoescape=True)))
    if action:
        asked = asked.where(told.c.action == action)
    newest = asked.order_by(told.c.at.desc(), told.c.action, told.c.subject).limit(MOST)
    return read(without_copy(database), newest)


def _told() -> list[sa.Select]:
    """Where it stands that somebody did something: in the logs, and beside what they entered."""

    def of(at: sa.Column, by: sa.Column, action: str | sa.Column, subject: sa.ColumnElement) -> sa.Select:
        done = sa.literal(action) if isinstance(action, str) else action
        columns = at.label("at"), by.label("by"), sa.cast(done, sa.Text).label("action"), subject.label("subject")
        return sa.select(*columns).where(at.is_not(None))

    def about(what: str, key: sa.Column) -> sa.ColumnElement:
        return sa.literal(f"{what} ").concat(sa.cast(key, sa.Text))

    c, j, i, r = forecast_commit.c, deal_judgement.c, import_batch.c, report_call.c
    entered = (
        of(t.c.entered_at, t.c.entered_by, "enter", about(name, t.c[t.info["key"][0]])) for name, t in TABLES.items()
    )
    return [
        *(of(t.c.at, t.c.by, t.c.action, t.c.subject) for t in (audit_event, access_event)),
        of(c.committed_at, c.committed_by, "commit", about("forecast_commit", c.commit_id)),
        of(j.judged_at, j.judged_by, "judge", about("opportunity", j.opportunity_id)),
        of(i.imported_at, i.imported_by, "import", i.table_name.concat(" ").concat(i.file)),
        of(r.called_at, r.called_by, "report", r.report.concat(" ").concat(r.outcome)),
        *entered,
    ]
