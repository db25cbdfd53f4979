"""What only the leak list asks: since when a deal or an account is as it is.

Days are ordinals; empty where there is none.
"""

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.engine import per_group, read
from data_access.filters import entered_by, is_planned_by, was_withdrawn
from data_access.schema import (
    account_goal,
    account_need,
    account_score,
    activity_day,
    closeness_score,
    deal_span,
    opportunity,
    rep,
)
from data_access.scope import Scope


def open_deals(database: sa.Engine, scope: Scope, pushes: int) -> pd.DataFrame:
    """One row per deal open as of the date: opportunity_id, account_id, owner_id, region_id (both of the as-of
    date), and

    created_day       empty where nobody knows
    pushed_day        when its expected close was pushed for the `pushes`-th time; empty: not so often yet
    has_step          1 where a next step is planned: an activity entered by the as-of date, planned for it or later
                      and neither completed nor cancelled by then; else 0
    step_ended_day    the day on which the last step of the others ended: it was done or cancelled, or the day for
                      which it was planned, whichever came first; empty: none ended yet
    owner_left_on     when its owner left the company (a date; empty: has not by the as-of date)
    """
    opened = deals.open_on(scope)
    pushed = _pushed(scope, pushes)
    steps = _steps(scope)
    statement = (
        sa.select(
            opened.c.opportunity_id,
            opportunity.c.account_id,
            opened.c.owner_id,
            opened.c.region_id,
            opened.c.created_day,
            pushed.c.pushed_day,
            sa.func.coalesce(steps.c.has_step, 0).label("has_step"),
            steps.c.ended_day.label("step_ended_day"),
            sa.case((rep.c.left_on <= scope.as_of, rep.c.left_on)).label("owner_left_on"),
        )
        .select_from(
            opened.join(opportunity, opportunity.c.opportunity_id == opened.c.opportunity_id)
            .outerjoin(rep, rep.c.rep_id == opened.c.owner_id)
            .outerjoin(pushed, pushed.c.opportunity_id == opened.c.opportunity_id)
            .outerjoin(steps, steps.c.opportunity_id == opened.c.opportunity_id)
        )
        .order_by(opened.c.opportunity_id)
    )
    return read(database, statement)


def _pushed(scope: Scope, pushes: int) -> sa.Subquery:
    """The first day on which a deal's pushes had come to that many."""
    span = deal_span.c
    return (
        sa.select(span.opportunity_id, sa.func.min(span.from_day).label("pushed_day"))
        .where(span.pushes >= pushes, span.from_day <= scope.as_of.toordinal())
        .group_by(span.opportunity_id)
        .subquery("pushed")
    )


def _steps(scope: Scope) -> sa.Subquery:
    """Of each deal's planned activities whether one is still to be done, and when the last of the others ended. What
    came after the as-of date is not known yet."""
    a, as_of = activity_day.c, scope.as_of.toordinal()

    def by_then(day):
        """The day; that for which it was planned where it is later or there is none by the as-of date."""
        return sa.case((sa.and_(day <= as_of, day < a.planned_day), day), else_=a.planned_day)

    is_over = sa.or_(a.planned_day < as_of, a.completed_day <= as_of, a.cancelled_day <= as_of)
    done, dropped = by_then(a.completed_day), by_then(a.cancelled_day)
    ended = sa.case((done < dropped, done), else_=dropped)
    return (
        sa.select(
            a.opportunity_id,
            sa.func.max(sa.case((is_over, 0), else_=1)).label("has_step"),
            sa.func.max(sa.case((is_over, ended))).label("ended_day"),
        )
        .where(a.opportunity_id.is_not(None), a.planned_day.is_not(None), is_planned_by(a.created_day, as_of))
        .group_by(a.opportunity_id)
        .subquery("steps")
    )


def last_two_way(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account of the whole company that anybody ever spoke with: account_id, two_way_day: the day of its
    last completed two-way activity by the as-of date."""
    a = activity_day.c
    statement = sa.select(a.account_id, sa.func.max(a.completed_day).label("two_way_day")).where(
        a.account_id.is_not(None), a.two_way.is_(True), a.completed_day <= scope.as_of.toordinal()
    )
    return read(database, per_group(statement, a.account_id))


def last_assessed(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account and what is assessed there: account_id, kind (importance, needs, closeness), subject (the
    factor, the window, or closeness), last_on: the latest assessment by the as-of date that was not taken back."""
    kinds = (
        ("importance", account_score, account_score.c.factor),
        ("needs", account_need, account_need.c.window),
        ("closeness", closeness_score, None),
    )
    together = sa.union_all(
        *(
            sa.select(
                table.c.account_id,
                sa.literal(kind).label("kind"),
                (sa.literal(kind) if subject is None else subject).label("subject"),
                sa.func.max(table.c.assessed_on).label("last_on"),
            )
            .where(table.c.assessed_on <= scope.as_of, ~was_withdrawn(table))
            .group_by(table.c.account_id, *(() if subject is None else (subject,)))
            for kind, table, subject in kinds
        )
    ).subquery("together")
    statement = sa.select(together).order_by(together.c.account_id, together.c.kind, together.c.subject)
    return read(database, statement)


def goals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account of the whole company with a stage goal by the as-of date: account_id, ahead and reached: its
    goals still to be reached by then, and those that were. Goals stand as in `accounts.one_account.goals`."""
    g = account_goal.c
    entered = sa.case((g.entered_at.is_(None), 0), else_=1)
    latest = sa.func.row_number().over(
        partition_by=(g.account_id, g.goal), order_by=(entered.desc(), g.entered_at.desc(), g.entry_id.desc())
    )
    versions = (
        sa.select(
            g.account_id, sa.case((g.done_on <= scope.as_of, 1), else_=0).label("is_reached"), latest.label("place")
        )
        .where(
            sa.or_(g.entered_at.is_(None), entered_by(g.entered_at, scope)),
            is_planned_by(g.created_on, scope.as_of),
            ~was_withdrawn(account_goal),
        )
        .subquery("versions")
    )
    v = versions.c
    statement = sa.select(
        v.account_id, sa.func.sum(1 - v.is_reached).label("ahead"), sa.func.sum(v.is_reached).label("reached")
    ).where(v.place == 1)
    return read(database, per_group(statement, v.account_id))
