"""Populations in and out: of all rows that a person may see, how many a number counts, and why not the others.

A population takes the rows that its number counts as the number takes them, and puts each of the others under the first
reason of its own that holds; so what is in and what is out add up to all. All is what is known by the as-of date in the
person's regions, on the anchor day of the number; the filters that they chose are a reason themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import sqlalchemy as sa

from data_access.engine import per_group, read
from data_access.errors import Refused
from data_access.filters import (
    below,
    counts_as_lost,
    in_flow,
    in_regions,
    is_planned_by,
    of_deal,
    seen,
    segment,
    valid_on,
)
from data_access.leads import outcomes
from data_access.lists import BEHIND, WHOLE
from data_access.reps import activities, people
from data_access.schema import account, activity_day, deal_creation, deal_span, lead_day, opportunity, rep_posting
from data_access.scope import Scope

IN, FILTERED = "in", "filtered"

_Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class _Rows:
    """All rows of a population and what becomes of each.

    known        those that the person may see, whatever they chose
    is_in        whether the number counts it; may be empty, as the next two: not
    is_chosen    whether it lies in the filters
    reasons      why it is not counted, in the order in which they are asked; the last is that of all that are left
    facts        of a deal that is counted, by their names: has_amount and lacks_rate
    """

    start: sa.FromClause
    known: tuple[_Condition, ...]
    is_in: _Condition
    is_chosen: _Condition
    reasons: dict[str, _Condition]
    facts: dict[str, sa.ColumnElement[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Population:
    """What a number counts: rows of what, and the reasons why one is not counted, in the order they are asked."""

    of: str
    reasons: tuple[str, ...]
    made: Callable[[Scope, str], _Rows]


def steps(database: sa.Engine, scope: Scope, name: str) -> pd.DataFrame:
    """One row per step of a population that has rows: step (IN, FILTERED, or one of its reasons), rows, and of deals
    that are counted without_amount (in no sum) and without_rate (the sum is not known), of all others 0."""
    if name not in POPULATIONS:
        raise Refused(f"There is no population called {name!r}. Populations are {', '.join(POPULATIONS)}.")
    population = POPULATIONS[name]
    found = population.made(scope, name)
    conditions = [found.reasons[reason] for reason in population.reasons]
    told = sa.case(
        (found.is_in, IN),
        (sa.case((found.is_chosen, 0), else_=1) == 1, FILTERED),
        *zip(conditions[:-1], population.reasons, strict=False),
        else_=population.reasons[-1],
    )
    nothing = sa.literal(0, sa.Integer)
    has_amount, lacks_rate = (found.facts.get(name, nothing) for name in ("has_amount", "lacks_rate"))
    without = sa.case((sa.and_(found.is_in, has_amount == 0), 1), else_=0) if found.facts else nothing
    rows = (
        sa.select(
            told.label("step"),
            without.label("without_amount"),
            sa.func.coalesce(lacks_rate, 0).label("without_rate"),
        )
        .select_from(found.start)
        .where(*found.known)
        .subquery("told")
    )
    sums = [sa.func.sum(rows.c[name]).label(name) for name in ("without_amount", "without_rate")]
    return read(database, per_group(sa.select(rows.c.step, sa.func.count().label("rows"), *sums), rows.c.step))


def _deals(scope: Scope, name: str) -> _Rows:
    """Deals as they are on the as-of date; of one that is closed, whose it was on the closing day."""
    counted = _counted(scope, name)
    s = deal_span.c
    rest_begins = max(scope.as_of.toordinal() + 1, scope.period.start.toordinal())
    return _Rows(
        start=_described(deal_span, counted),
        known=(valid_on(deal_span, scope.as_of), below(s.region_id, scope.person.regions)),
        is_in=counted.c.opportunity_id.is_not(None),
        is_chosen=sa.and_(seen(s.owner_id, s.region_id, scope), of_deal(scope)),
        reasons={
            "open": s.outcome == "open",
            "won": s.outcome == "won",
            "lost": s.outcome == "lost",
            "removed": s.outcome == "removed",
            "no_close_day": s.expected_close_day.is_(None),
            "close_earlier": s.expected_close_day < rest_begins,
            "close_later": s.expected_close_day > scope.period.end.toordinal(),
            "other_period": ~in_flow(s.closed_day, scope),
            "left_out": sa.and_(s.outcome == "lost", ~counts_as_lost(scope)),
        },
        facts={name: counted.c[name] for name in ("has_amount", "lacks_rate")},
    )


def _created(scope: Scope, name: str) -> _Rows:
    """Deals as they are on the as-of date, and whose they were on the day they were created; of one without such a day,
    whose they are."""
    counted, c = _counted(scope, name), deal_creation.c
    is_dated = c.opportunity_id.is_not(None)
    owner = sa.case((is_dated, c.owner_id), else_=deal_span.c.owner_id)
    region = sa.case((is_dated, c.region_id), else_=deal_span.c.region_id)
    dated = deal_span.outerjoin(deal_creation, c.opportunity_id == deal_span.c.opportunity_id)
    return _Rows(
        start=_described(dated, counted),
        known=(valid_on(deal_span, scope.as_of), below(region, scope.person.regions)),
        is_in=counted.c.opportunity_id.is_not(None),
        is_chosen=sa.and_(seen(owner, region, scope), of_deal(scope)),
        reasons={
            "no_creation_day": ~is_dated,
            "other_period": ~in_flow(c.created_day, scope),
            "removed": deal_span.c.outcome == "removed",
            "left_out": sa.and_(deal_span.c.outcome == "lost", ~counts_as_lost(scope)),
        },
        facts={name: counted.c[name] for name in ("has_amount", "lacks_rate")},
    )


def _counted(scope: Scope, name: str) -> sa.Subquery:
    """The deals of a list, as the list has them."""
    rows, *conditions = BEHIND[name](scope, WHOLE)
    columns = (rows.c.opportunity_id, rows.c.has_amount, rows.c.lacks_rate)
    return sa.select(*columns).where(*conditions).subquery("counted")


def _described(states: sa.FromClause, counted: sa.Subquery) -> sa.Join:
    return (
        states.join(opportunity, opportunity.c.opportunity_id == deal_span.c.opportunity_id)
        .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        .outerjoin(counted, counted.c.opportunity_id == deal_span.c.opportunity_id)
    )


def _leads(scope: Scope, name: str) -> _Rows:
    """Leads created by the as-of date, in their regions."""
    cohort, d, as_of = outcomes.cohort(scope), lead_day.c, scope.as_of.toordinal()
    what = name.removeprefix("leads_")
    is_there, is_removed = cohort.c.lead_id.is_not(None), sa.and_(d.removed_day.is_not(None), d.removed_day <= as_of)
    is_in = {
        "leads": is_there,
        "nurtured": sa.and_(outcomes.asked_for(scope), outcomes.is_undecided(scope)),
    }
    return _Rows(
        start=outcomes.joined().outerjoin(cohort, cohort.c.lead_id == d.lead_id),
        known=(d.created_day <= as_of, below(d.region_id, scope.person.regions)),
        is_in=is_in[what] if what in is_in else sa.and_(is_there, cohort.c[what] == 1),
        # What is removed is in no filter, and has a reason of its own.
        is_chosen=sa.or_(is_removed, outcomes.asked_for(scope)),
        reasons={
            "removed": is_removed,
            "other_period": ~in_flow(d.created_day, scope),
            "not_undecided": ~outcomes.is_undecided(scope),
            **({f"not_{what}": cohort.c[what] == 0} if what in outcomes.COUNTS[1:] else {}),
        },
    )


def _done(scope: Scope, name: str) -> _Rows:
    """Activities known by the as-of date, in the region of their rep's posting on the day they were done."""
    a, done, as_of = activity_day.c, activities.completed(scope), scope.as_of.toordinal()
    is_done = sa.and_(a.completed_day.is_not(None), a.completed_day <= as_of)
    is_counted = done.c.activity_id.is_not(None)
    return _Rows(
        start=activity_day.outerjoin(done, done.c.activity_id == a.activity_id),
        known=(sa.or_(is_done, is_planned_by(a.created_day, as_of)), below(a.region_id, scope.person.regions)),
        is_in=sa.and_(is_counted, a.kind == "meeting") if name == "meetings" else is_counted,
        is_chosen=_is_chosen(a.region_id, scope),
        reasons={
            "not_done": ~is_done,
            "other_period": ~in_flow(a.completed_day, scope),
            "no_meeting": a.kind != "meeting",
        },
    )


def _planned(scope: Scope, name: str) -> _Rows:
    """Activities entered by the as-of date, in the region of their rep's posting on the day they were first planned
    for; those that were never planned, in that of the day they were done."""
    a, posting, plans = activity_day.c, rep_posting.c, activities.planned(scope)
    day = a.first_planned_day
    posted = sa.and_(posting.rep_id == a.rep_id, posting.from_day <= day, posting.to_day > day)
    region = sa.case((day.is_(None), a.region_id), else_=posting.region_id)
    return _Rows(
        start=activity_day.outerjoin(rep_posting, posted).outerjoin(plans, plans.c.activity_id == a.activity_id),
        known=(is_planned_by(a.created_day, scope.as_of.toordinal()), below(region, scope.person.regions)),
        is_in=plans.c.state.in_(("on_time", "late", "overdue")),
        is_chosen=_is_chosen(region, scope),
        reasons={
            "not_planned": day.is_(None),
            "other_period": ~in_flow(day, scope),
            "cancelled": plans.c.state == "cancelled",
            "due": plans.c.state == "due",
        },
    )


def _is_chosen(region, scope: Scope) -> _Condition:
    return sa.and_(seen(activity_day.c.rep_id, region, scope), activities.of_activity(scope))


def _accounts(scope: Scope, name: str) -> _Rows:
    """Accounts there are by the as-of date, where their owner of that day is posted; those that nobody owns, where they
    are themselves."""
    held = people.owned(scope)
    is_owned = held.c.rep_id.is_not(None)
    region = sa.case((is_owned, held.c.region_id), else_=account.c.region_id)
    is_there = sa.or_(is_owned, account.c.created_on.is_(None), account.c.created_on <= scope.as_of)
    chosen = [in_regions(region, scope)]
    if scope.owner is not None:
        chosen.append(held.c.rep_id == scope.owner)
    if scope.segments:
        chosen.append(segment.in_(scope.segments))
    return _Rows(
        start=account.outerjoin(held, held.c.account_id == account.c.account_id),
        known=(is_there, below(region, scope.person.regions)),
        is_in=sa.and_(is_owned, *chosen),
        is_chosen=sa.and_(*chosen),
        reasons={"no_owner": ~is_owned},
    )


def _of_leads(*reasons: str) -> Population:
    return Population("lead", ("removed", "other_period", *reasons), _leads)


POPULATIONS = {
    "open": Population("deal", ("won", "lost", "removed"), _deals),
    "coverage": Population("deal", ("won", "lost", "removed", "no_close_day", "close_earlier", "close_later"), _deals),
    "won": Population("deal", ("open", "removed", "other_period", "lost"), _deals),
    "lost": Population("deal", ("open", "removed", "other_period", "left_out", "won"), _deals),
    "closed": Population("deal", ("open", "removed", "other_period", "left_out"), _deals),
    "created": Population("deal", ("no_creation_day", "other_period", "removed", "left_out"), _created),
    "pipeline_created": Population("deal", ("no_creation_day", "other_period"), _created),
    "leads": _of_leads(),
    "leads_mql": _of_leads("not_mql"),
    "leads_sql": _of_leads("not_sql"),
    "leads_converted": _of_leads("not_converted"),
    "leads_won": _of_leads("not_won"),
    "leads_undecided": _of_leads("not_undecided"),
    "leads_nurtured": Population("lead", ("removed", "not_undecided"), _leads),
    "completed": Population("activity", ("not_done", "other_period"), _done),
    "meetings": Population("activity", ("not_done", "other_period", "no_meeting"), _done),
    "planned": Population("activity", ("not_planned", "other_period", "cancelled", "due"), _planned),
    "accounts": Population("account", ("no_owner",), _accounts),
}
"""Every population by the name that `Definition.of` gives it; those of deals have the names of their lists."""
