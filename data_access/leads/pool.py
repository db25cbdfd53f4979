"""Questions about the public and the private pool (公海/私海): who holds leads and accounts, and how they change hands.

From `assignment`: a stretch with a rep is in the private pool, one without in the public pool. Leads are in scope as in
`leads`, accounts by their region and segment; the owner filter asks for what that rep holds, gave back or took.
"""

import pandas as pd
import sqlalchemy as sa

from data_access.engine import per_group, read
from data_access.filters import in_regions, segment
from data_access.leads.outcomes import asked_for, is_undecided, joined
from data_access.schema import account, assignment, deal_creation, lead, lead_day, opportunity
from data_access.scope import Scope


def held(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (subject_kind, is_public): how many undecided leads and how many accounts are held on the as-of date:
    subject_kind (lead, account), is_public (1 or 0), held."""
    a = assignment.c
    holds = sa.and_(
        a.role == "owner", a.from_on <= scope.as_of, sa.or_(a.to_on.is_(None), a.to_on > scope.as_of), _by_rep(scope)
    )
    is_public = sa.case((a.rep_id.is_(None), 1), else_=0).label("is_public")
    rows = sa.union_all(
        sa.select(a.subject_kind, a.subject_id, is_public)
        .select_from(assignment.join(joined(), sa.and_(a.subject_kind == "lead", a.subject_id == lead.c.lead_id)))
        .where(holds, _lead_in(scope), is_undecided(scope)),
        sa.select(a.subject_kind, a.subject_id, is_public)
        .select_from(_with_account(assignment))
        .where(holds, _account_in(scope)),
    ).subquery("rows")
    columns = (rows.c.subject_kind, rows.c.is_public)
    statement = sa.select(*columns, sa.func.count(rows.c.subject_id.distinct()).label("held"))
    return read(database, per_group(statement, *columns))


def moves(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per time in the period that a lead or account went to the public pool, or was taken from it, in order:
    subject_kind, subject_id, subject (an account's name), from_rep_id, to_rep_id (empty: the public pool), moved_on,
    since_on (the first day of the stretch it left), converted_day (of a lead converted by the as-of date, an
    ordinal)."""
    a = assignment.c
    order = {"partition_by": (a.subject_kind, a.subject_id), "order_by": a.from_on}
    spells = (
        sa.select(
            a.subject_kind,
            a.subject_id,
            a.rep_id,
            a.from_on,
            sa.func.lag(a.rep_id, type_=sa.Text).over(**order).label("from_rep_id"),
            sa.func.lag(a.from_on, type_=sa.Date).over(**order).label("since_on"),
        )
        .where(a.role == "owner", a.from_on <= scope.flow_end)
        .subquery("spells")
    )
    s = spells.c
    crosses = s.rep_id.is_(None) != s.from_rep_id.is_(None)
    in_period = sa.and_(s.since_on.is_not(None), s.from_on >= scope.period.start, crosses)
    whose = sa.or_(s.rep_id == scope.owner, s.from_rep_id == scope.owner) if scope.owner else sa.true()
    converted = sa.case((lead_day.c.converted_day <= scope.as_of.toordinal(), lead_day.c.converted_day))
    described = (s.subject_kind, s.subject_id)
    moved = (s.from_rep_id, s.rep_id.label("to_rep_id"), s.from_on.label("moved_on"), s.since_on)
    rows = sa.union_all(
        sa.select(*described, sa.cast(sa.null(), sa.Text).label("subject"), *moved, converted.label("converted_day"))
        .select_from(spells.join(joined(), sa.and_(s.subject_kind == "lead", s.subject_id == lead.c.lead_id)))
        .where(in_period, whose, _lead_in(scope)),
        sa.select(*described, account.c.name, *moved, sa.cast(sa.null(), sa.Integer))
        .select_from(_with_account(spells))
        .where(in_period, whose, _account_in(scope)),
    ).subquery("moves")
    statement = sa.select(rows).order_by(rows.c.moved_on, rows.c.subject_kind, rows.c.subject_id)
    return read(database, statement)


def deal_days(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (account, day) on which deals of it were created, from the period's first day to the as-of date:
    account_id, day (an ordinal)."""
    o, created = opportunity.c, deal_creation.c
    statement = (
        sa.select(o.account_id, created.created_day.label("day"))
        .select_from(deal_creation.join(opportunity, o.opportunity_id == created.opportunity_id))
        .where(
            o.account_id.is_not(None),
            created.created_day >= scope.period.start.toordinal(),
            created.created_day <= scope.as_of.toordinal(),
        )
        .distinct()
        .order_by(o.account_id, created.created_day)
    )
    return read(database, statement)


def _with_account(spells: sa.FromClause):
    of_account = sa.and_(spells.c.subject_kind == "account", spells.c.subject_id == account.c.account_id)
    return spells.join(account, of_account)


def _by_rep(scope: Scope):
    return assignment.c.rep_id == scope.owner if scope.owner is not None else sa.true()


def _lead_in(scope: Scope):
    return asked_for(scope.but(owner=None))


def _account_in(scope: Scope):
    by_segment = segment.in_(scope.segments) if scope.segments else sa.true()
    return sa.and_(in_regions(account.c.region_id, scope), by_segment)
