"""Leads: what becomes of them, what they cost, how fast they are answered, and what is left to nurture."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from dashboard.answers import Ask, maturity
from dashboard.metrics.leads import marketing as costs_of, outcomes as metrics
from data_access.leads import marketing, outcomes
from data_access.scope import Scope


def first_day(ask: Ask) -> date | None:
    """Where a report of leads begins unless asked: with the earliest one; None without any."""
    return ask(outcomes.first_day, None)


def costs(ask: Ask, scope: Scope) -> pd.DataFrame | None:
    """What the market cost in the period up to the as-of date, a row per month, source, campaign and region; None where
    the scope asks for what no cost is told apart by."""
    if marketing.knows_no_cost(scope):
        return None
    found = costs_of.within(ask(marketing.costs, scope), scope.period.start, scope.flow_end)
    return found.assign(month=[day.toordinal() for day in found["month"]])


def by(ask: Ask, scope: Scope, groups: Sequence[str]) -> pd.DataFrame:
    """One row per group (source, campaign, month) of the leads created in the period, and of what was spent in it; see
    metrics.leads.rows."""
    groups = tuple(groups)
    totals, days = ask(outcomes.totals, scope, groups), ask(outcomes.conversion_days, scope, groups)
    return metrics.rows(totals, days, costs(ask, scope), groups, maturity.of_leads(ask, scope))


def report(ask: Ask, scope: Scope) -> pd.DataFrame:
    """`report leads`: by source; leads without one last."""
    return by(ask, scope, ("source",))


def whole(ask: Ask, scope: Scope) -> dict:
    """The numbers of all leads created in the period together; see metrics.leads.summary."""
    spent = costs(ask, scope)
    totals, days = ask(outcomes.totals, scope, ("source",)), ask(outcomes.conversion_days, scope, ("source",))
    return metrics.summary(totals, days, None if spent is None else spent["amount"], maturity.of_leads(ask, scope))


def response(ask: Ask, scope: Scope) -> dict:
    """How long the leads created in the period wait for an answer; see metrics.leads.response."""
    return metrics.response(ask(outcomes.responses, scope))


def pool(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The undecided leads by age; see metrics.leads.pool."""
    return metrics.pool(ask(outcomes.ages, scope))
