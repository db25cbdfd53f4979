"""Questions about what each rep wins, has open and is given: the evidence for the stage a rep is in.

The record of a rep is the same whoever asks, and about which region: every fact here is of the whole company, in the
scope's period and as of its date. Who may see a rep is said by `reps` (is_shown): the posting on the as-of date.
"""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.deal_sums import amount_sums
from data_access.engine import per_group, read, rows_of
from data_access.filters import is_booked_by, seen, valid_on, within
from data_access.money import exact_hours
from data_access.names import region_name
from data_access.schema import rep, rep_posting, support_booking, target
from data_access.scope import Period, Scope, company


def reps(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep of the whole company hired by the as-of date (or at an unknown time).

    rep_id, rep (the name), region_id, region (its name): of the posting on the as-of date
    hired_on, left_on    left_on is empty for who leaves after the as-of date
    is_shown             whether the scope shows the rep: the posting lies in its regions, and it asks for this rep
                         or for everybody
    """
    statement = (
        sa.select(
            rep.c.rep_id,
            rep.c.name.label("rep"),
            rep_posting.c.region_id,
            region_name(rep_posting.c.region_id).label("region"),
            rep.c.hired_on,
            sa.case((rep.c.left_on <= scope.as_of, rep.c.left_on)).label("left_on"),
            sa.case((seen(rep.c.rep_id, rep_posting.c.region_id, scope), 1), else_=0).label("is_shown"),
        )
        .select_from(
            rep.join(rep_posting, sa.and_(rep_posting.c.rep_id == rep.c.rep_id, valid_on(rep_posting, scope.as_of)))
        )
        .where(sa.or_(rep.c.hired_on.is_(None), rep.c.hired_on <= scope.as_of))
        .order_by(rep.c.rep_id)
    )
    found = read(database, statement)
    return found.assign(is_shown=found["is_shown"] == 1)


def first_target(database: sa.Engine, _scope: None = None) -> date | None:
    """The first month with a target; None: there are none. Of the whole company: where data begin is no secret."""
    [(month,)] = rows_of(database, sa.select(sa.func.min(target.c.month)))
    return month


def won_by_rep(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per owner of the closing day over the deals won in the period, of the whole company: rep_id,
    deal_sums.amount_sums at the closing day's rate, and

    with_account     deals whose account is known
    repeat_amount    minor units won from accounts that had given us a deal on an earlier day, whoever won that
    """
    asked = company(scope)
    won = deals.closed(asked)
    ever = deals.closed(asked.but(period=Period(date(1, 1, 1), scope.as_of)))
    first = (
        sa.select(ever.c.account_id, sa.func.min(ever.c.closed_day).label("day"))
        .where(ever.c.outcome == "won", ever.c.account_id.is_not(None))
        .group_by(ever.c.account_id)
        .subquery("first_win")
    )
    is_repeat = first.c.day < won.c.closed_day
    statement = (
        sa.select(
            won.c.owner_id.label("rep_id"),
            *amount_sums(won),
            sa.func.count(won.c.account_id).label("with_account"),
            sa.func.coalesce(sa.func.sum(sa.case((is_repeat, won.c.amount))), 0).label("repeat_amount"),
        )
        .select_from(won.outerjoin(first, first.c.account_id == won.c.account_id))
        .where(won.c.outcome == "won", won.c.owner_id.is_not(None))
    )
    return read(database, per_group(statement, won.c.owner_id))


def open_by_rep(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per owner of deals open as of the date, of the whole company: rep_id, open_deals, support_hours
    (millionths, booked on these deals in weeks begun by the as-of date), and deal_sums.amount_sums of those expected to
    close in the period, at the as-of date's rate."""
    open_ = deals.open_on(company(scope))
    booked = (
        sa.select(support_booking.c.opportunity_id, sa.func.sum(exact_hours(support_booking.c.hours)).label("hours"))
        .where(support_booking.c.week <= scope.as_of, is_booked_by(scope.as_of))
        .group_by(support_booking.c.opportunity_id)
        .subquery("booked")
    )
    is_expected = within(open_.c.expected_close_day, scope.period.start, scope.period.end)

    def expected(column):
        return sa.func.coalesce(sa.func.sum(sa.case((is_expected, column))), 0)

    statement = (
        sa.select(
            open_.c.owner_id.label("rep_id"),
            sa.func.count().label("open_deals"),
            sa.func.coalesce(sa.func.sum(booked.c.hours), 0).label("support_hours"),
            expected(1).label("deals"),
            expected(open_.c.has_amount).label("with_amount"),
            expected(open_.c.amount).label("amount"),
            expected(open_.c.lacks_rate).label("lacks_rate"),
        )
        .select_from(open_.outerjoin(booked, booked.c.opportunity_id == open_.c.opportunity_id))
        .where(open_.c.owner_id.is_not(None))
    )
    return read(database, per_group(statement, open_.c.owner_id))


def has_support(database: sa.Engine, scope: Scope) -> bool:
    """Whether any support was booked in a week begun by the as-of date: without, hours are no data, not 0."""
    booked = (
        sa.select(support_booking.c.resource_id)
        .where(support_booking.c.week <= scope.as_of, is_booked_by(scope.as_of))
        .limit(1)
    )
    return len(read(database, booked)) > 0
