"""Questions about leads: the cohort created in a period and what became of it, how fast it was answered, what is left.

A lead is of its own region, else of its owner's on the day it was created. Source and owner are the lead's, the segment
that of its account; what only a deal is (pipeline, track, product) is asked of its deal, so that under such a filter
only leads with a deal are left.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access.deals import base_currency
from data_access.engine import as_named, per_group, read, rows_of
from data_access.errors import Refused
from data_access.filters import below, in_flow, of_deal, seen, valid_on
from data_access.money import base_amount, rate_on
from data_access.names import region_name, rep_name
from data_access.schema import account, activity_day, deal_span, lead, lead_day, opportunity, rate_span
from data_access.scope import Scope

COUNTS = ("leads", "mql", "sql", "converted", "won", "undecided")
MARGINS = ("with_margin", "margin", "margin_lacks_rate")
_GROUPS = {"source": "source", "campaign": "campaign", "month": "month", "region": "region_id", "owner": "owner_id"}


def _flag(condition):
    return sa.case((condition, 1), else_=0)


def joined():
    """A lead with its days, its account (for the segment) and its deal."""
    return (
        lead_day.join(lead, lead.c.lead_id == lead_day.c.lead_id)
        .outerjoin(account, account.c.account_id == lead.c.account_id)
        .outerjoin(opportunity, opportunity.c.opportunity_id == lead.c.opportunity_id)
    )


def asked_for(scope: Scope):
    """Whether a lead lies in the scope, whenever it was created, and is not removed by the as-of date."""
    by_source = lead.c.source == scope.source if scope.source is not None else sa.true()
    whose = seen(lead.c.owner_id, lead_day.c.region_id, scope)
    has_deal = opportunity.c.opportunity_id.is_not(None) if scope.track is not None else sa.true()
    is_there = sa.not_(_by(lead_day.c.removed_day, scope))
    return sa.and_(whose, by_source, has_deal, is_there, of_deal(scope.but(source=None)))


def _by(day, scope: Scope):
    """Whether something happened by the as-of date; never empty."""
    return sa.and_(day.is_not(None), day <= scope.as_of.toordinal())


def is_undecided(scope: Scope):
    """Neither converted nor disqualified by the as-of date."""
    d = lead_day.c
    return sa.not_(sa.or_(_by(d.converted_day, scope), _by(d.disqualified_day, scope)))


def cohort(scope: Scope) -> sa.Subquery:
    """One row per lead created in the period up to the as-of date, and what became of it by then.

    lead_id, source, campaign, created_day, month (ordinal of its first day), owner_id, region_id, opportunity_id
    mql, sql, converted, won, undecided    1 or 0; won: its deal is won
    decided_day                            of its conversion, else of its disqualification; empty: undecided
    days_to_convert                        empty unless converted
    with_margin, margin, margin_lacks_rate of its won deal: 1 where it has a margin; minor units of the base currency at
                                           the closing day's rate (empty without margin or rate); 1 where the rate lacks
    """
    d = lead_day.c
    is_won = sa.and_(deal_span.c.outcome.is_not(None), deal_span.c.outcome == "won")
    has_margin = sa.and_(is_won, opportunity.c.gross_margin.is_not(None))
    margin = base_amount(opportunity.c.gross_margin, opportunity.c.currency, rate_span.c.rate, base_currency)
    is_converted, is_gone = _by(d.converted_day, scope), _by(d.disqualified_day, scope)
    return (
        sa.select(
            lead.c.lead_id,
            lead.c.source,
            lead.c.campaign,
            d.created_day,
            d.created_month.label("month"),
            lead.c.owner_id,
            d.region_id,
            lead.c.opportunity_id,
            _flag(_by(d.qualified_day, scope)).label("mql"),
            _flag(_by(d.accepted_day, scope)).label("sql"),
            _flag(is_converted).label("converted"),
            _flag(is_won).label("won"),
            _flag(is_undecided(scope)).label("undecided"),
            sa.case((is_converted, d.converted_day), (is_gone, d.disqualified_day)).label("decided_day"),
            sa.case((is_converted, d.converted_day - d.created_day)).label("days_to_convert"),
            _flag(has_margin).label("with_margin"),
            sa.case((has_margin, margin)).label("margin"),
            _flag(sa.and_(has_margin, margin.is_(None))).label("margin_lacks_rate"),
        )
        .select_from(
            joined()
            .outerjoin(
                deal_span,
                sa.and_(deal_span.c.opportunity_id == lead.c.opportunity_id, valid_on(deal_span, scope.as_of)),
            )
            .outerjoin(rate_span, rate_on(opportunity.c.currency, deal_span.c.closed_day))
        )
        .where(in_flow(d.created_day, scope), asked_for(scope))
        .subquery("cohort")
    )


def first_day(database: sa.Engine, _scope: None = None) -> date | None:
    """The day of the earliest lead; None without any. Of the whole organisation: where the data begin is no secret."""
    [(day,)] = rows_of(database, sa.select(sa.func.min(lead_day.c.created_day)))
    return None if day is None else date.fromordinal(day)


def totals(database: sa.Engine, scope: Scope, by: Sequence[str] = ("source",)) -> pd.DataFrame:
    """One row per group (source, campaign, month, region, owner) of the cohort: leads, mql, sql, converted, won,
    undecided (counts), with_margin, margin (minor units) and margin_lacks_rate of the won deals, latest (created_day of
    the youngest lead)."""
    rows = cohort(scope)
    columns = [rows.c[_group(name)] for name in by]
    sums = [sa.func.coalesce(sa.func.sum(rows.c[name]), 0).label(name) for name in (*COUNTS[1:], *MARGINS)]
    counts = (sa.func.count().label("leads"), *sums, sa.func.max(rows.c.created_day).label("latest"))
    statement = sa.select(*as_named(columns, by), *counts)
    return read(database, per_group(statement, *columns))


def _group(name: str) -> str:
    if name not in _GROUPS:
        raise Refused(f"Leads cannot be grouped by {name!r}. Groups are {', '.join(_GROUPS)}.")
    return _GROUPS[name]


def conversion_days(database: sa.Engine, scope: Scope, by: Sequence[str] = ("source",)) -> pd.DataFrame:
    """One row per (*by, days) of the cohort's converted leads: days from creation to conversion, leads. For medians."""
    rows = cohort(scope)
    columns = [*(rows.c[_group(name)] for name in by), rows.c.days_to_convert]
    statement = sa.select(*as_named(columns, (*by, "days")), sa.func.count().label("leads")).where(
        rows.c.converted == 1
    )
    return read(database, per_group(statement, *columns))


def responses(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (source, days, is_open) of the leads created in the period up to the as-of date: days from creation
    to the first completed activity with the lead (0 where one came before), or, still without one on the as-of date
    (is_open 1), up to it; leads."""
    as_of = scope.as_of.toordinal()
    first = (
        sa.select(activity_day.c.lead_id, sa.func.min(activity_day.c.completed_day).label("day"))
        .where(activity_day.c.lead_id.is_not(None), activity_day.c.completed_day <= as_of)
        .group_by(activity_day.c.lead_id)
        .subquery("first")
    )
    created = lead_day.c.created_day
    days = sa.case((first.c.day.is_(None), as_of - created), (first.c.day > created, first.c.day - created), else_=0)
    answered = (
        sa.select(lead.c.source, days.label("days"), _flag(first.c.day.is_(None)).label("is_open"))
        .select_from(joined().outerjoin(first, first.c.lead_id == lead_day.c.lead_id))
        .where(in_flow(created, scope), asked_for(scope))
        .subquery("answered")
    )
    columns = (answered.c.source, answered.c.days, answered.c.is_open)
    statement = sa.select(*columns, sa.func.count().label("leads"))
    return read(database, per_group(statement, *columns))


def ages(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (status, fate, days) of all leads in scope ever created by the as-of date, whatever the period.

    status   sql, mql or raw: how far the lead had come by then
    fate     undecided, converted or disqualified by then (converted before disqualified)
    days     from creation until that, or up to the as-of date
    leads    how many
    """
    d, as_of = lead_day.c, scope.as_of.toordinal()
    status = sa.case((_by(d.accepted_day, scope), "sql"), (_by(d.qualified_day, scope), "mql"), else_="raw")
    converted, disqualified = _by(d.converted_day, scope), _by(d.disqualified_day, scope)
    fate = sa.case((converted, "converted"), (disqualified, "disqualified"), else_="undecided")
    end = sa.case((converted, d.converted_day), (disqualified, d.disqualified_day), else_=as_of)
    rows = (
        sa.select(status.label("status"), fate.label("fate"), (end - d.created_day).label("days"))
        .select_from(joined())
        .where(d.created_day <= as_of, asked_for(scope))
        .subquery("aged")
    )
    columns = (rows.c.status, rows.c.fate, rows.c.days)
    statement = sa.select(*columns, sa.func.count().label("leads"))
    return read(database, per_group(statement, *columns))


def lead_list(
    database: sa.Engine,
    scope: Scope,
    what: str,
    source: str | None = None,
    campaign: str | None = None,
    month: int | None = None,
    status: str | None = None,
    from_days: int | None = None,
    to_days: int | None = None,
    without: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row per lead behind a number, the newest first; dates as known on the as-of date.

    what        leads, mql, sql, converted, won, undecided: of the cohort; nurtured: all undecided, whenever created
    source, campaign, month (an ordinal), status (raw, mql, sql), and age in days (from_days inside, to_days outside)
                narrow it; `without` names those of source and campaign that are empty
    deal, outcome    of its deal, where it is the person's to see
    """
    d, as_of = lead_day.c, scope.as_of.toordinal()

    def by_then(day, name):
        return sa.case((day <= as_of, day)).label(name)

    conditions = [sa.true()] if source is None else [lead.c.source == source]
    conditions += [] if campaign is None else [lead.c.campaign == campaign]
    conditions += [lead.c[name].is_(None) for name in without]
    conditions += [] if month is None else [d.created_month == month]
    conditions += [] if from_days is None else [as_of - d.created_day >= from_days]
    conditions += [] if to_days is None else [as_of - d.created_day < to_days]
    is_sql, is_mql = _by(d.accepted_day, scope), _by(d.qualified_day, scope)
    conditions += [sa.case((is_sql, "sql"), (is_mql, "mql"), else_="raw") == status] if status else []
    theirs_to_see = below(deal_span.c.region_id, scope.person.regions)
    statement = (
        sa.select(
            lead.c.lead_id,
            lead.c.source,
            lead.c.campaign,
            account.c.name.label("account"),
            rep_name(lead.c.owner_id).label("owner"),
            region_name(d.region_id).label("region"),
            d.created_day.label("created_on"),
            by_then(d.qualified_day, "qualified_on"),
            by_then(d.accepted_day, "accepted_on"),
            by_then(d.converted_day, "converted_on"),
            by_then(d.disqualified_day, "disqualified_on"),
            sa.case((theirs_to_see, sa.func.coalesce(opportunity.c.name, deal_span.c.opportunity_id))).label("deal"),
            sa.case((theirs_to_see, deal_span.c.outcome)).label("outcome"),
            (as_of - d.created_day).label("age_days"),
        )
        .select_from(
            joined().outerjoin(
                deal_span,
                sa.and_(deal_span.c.opportunity_id == lead.c.opportunity_id, valid_on(deal_span, scope.as_of)),
            )
        )
        .where(_behind(scope, what), *conditions)
        .order_by(d.created_day.desc(), lead.c.lead_id)
    )
    days = ("created_on", "qualified_on", "accepted_on", "converted_on", "disqualified_on")
    return read(database, statement, dict.fromkeys(days, "day"))


def _behind(scope: Scope, what: str):
    if what == "nurtured":
        created = lead_day.c.created_day <= scope.as_of.toordinal()
        return sa.and_(created, asked_for(scope), is_undecided(scope))
    rows = cohort(scope)
    if what == "leads":
        return lead.c.lead_id.in_(sa.select(rows.c.lead_id))
    if what not in COUNTS:
        raise Refused(f"There is no list of leads called {what!r}. Lists are {', '.join(COUNTS)} and nurtured.")
    return lead.c.lead_id.in_(sa.select(rows.c.lead_id).where(rows.c[what] == 1))
