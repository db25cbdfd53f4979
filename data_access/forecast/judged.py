"""Which deals people count on: each judged in or out of the commit of a period. Append-only; the newest holds."""

from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.database.versions import raise_version
from data_access.engine import read, writing
from data_access.filters import entered_by
from data_access.forecast.commits import must_not_have_ended
from data_access.permitted import must_see
from data_access.schema import deal_judgement
from data_access.scope import Period, Person, Scope


def judge(
    database: sa.Engine, person: Person, period: Period, opportunity_id: str, is_in: bool | None, *, at: datetime
) -> None:
    """Write that a deal is in the commit of a period, out of it, or (None) judged no longer.

    Raises NotAllowed where the person may not judge; NotFound where they see no such deal; Refused for
    a period that has ended.
    """
    person.must_be_allowed_to_write("deal_judgement")
    with writing(database) as connection:
        must_see(connection, person, "opportunity_id", opportunity_id)
        must_not_have_ended(period.end, at)
        connection.execute(
            deal_judgement.insert().values(
                opportunity_id=opportunity_id,
                from_on=period.start,
                to_on=period.end,
                is_in=None if is_in is None else int(is_in),
                judged_by=person.name or person.role,
                judged_at=at,
            )
        )
        raise_version(connection)


def judged(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal open as of the date, in scope, that was judged for the period by then: opportunity_id, is_in (1
    or 0), judged_by, judged_at."""
    j = deal_judgement.c
    latest = (
        sa.select(
            j.opportunity_id,
            j.is_in,
            j.judged_by,
            j.judged_at,
            sa.func.row_number().over(partition_by=j.opportunity_id, order_by=j.judgement_id.desc()).label("place"),
        )
        .where(
            j.from_on == scope.period.start,
            j.to_on == scope.period.end,
            entered_by(j.judged_at, scope),
        )
        .subquery("latest")
    )
    opened = deals.open_on(scope)
    statement = (
        sa.select(latest.c.opportunity_id, latest.c.is_in, latest.c.judged_by, latest.c.judged_at)
        .select_from(opened.join(latest, latest.c.opportunity_id == opened.c.opportunity_id))
        .where(latest.c.place == 1, latest.c.is_in.is_not(None))
        .order_by(latest.c.opportunity_id)
    )
    return read(database, statement)
