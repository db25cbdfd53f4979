"""What leaks: every rule of Attention over a scope, and what people have put aside of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import account_rules as accounts
from dashboard.answers.attention import deal_rules as deals
from dashboard.answers.attention import region_rules as regions
from dashboard.answers.attention import support_rules as support
from dashboard.answers.attention.facts import Facts
from dashboard.answers.attention.limits import limits
from dashboard.answers.profiles import Held
from dashboard.metrics.attention import rules as metrics
from data_access.attention import dismissals
from data_access.scope import Scope

Rule = Callable[[Facts], pd.DataFrame]

DEAL_RULES: dict[str, Rule] = {
    "stalled": deals.stalled,
    "pushed": deals.pushed,
    "no_next_step": deals.no_next_step,
    "overdue": deals.overdue,
    "abnormal_opening": deals.abnormal_opening,
    "stop_loss": deals.stop_loss,
    "request_overdue": support.request_overdue,
}
"""Rules about deals, which know every filter of a scope."""

OTHER_RULES: dict[str, Rule] = {
    "silent": accounts.silent,
    "assessment_overdue": accounts.assessment_overdue,
    "contested": accounts.contested,
    "orphaned": accounts.orphaned,
    "coverage": regions.coverage,
    "overload": support.overload,
    "scissors": regions.scissors,
}
"""Rules about accounts, regions and people: under a filter that only deals have, they say nothing."""

RULES = {**DEAL_RULES, **OTHER_RULES}
"""Every rule, in the order in which a page names them."""


@dataclass(frozen=True)
class Leaks:
    """What leaks as of a date (`rows`), what rests on too little to say so (`muted`), what somebody has put aside
    (`dismissed`, with reason, until_on, dismissed_by, dismissed_at, dismissal_id), and the thresholds used."""

    rows: pd.DataFrame
    muted: pd.DataFrame
    dismissed: pd.DataFrame
    limits: Held


def leaks(ask: Ask, scope: Scope) -> Leaks:
    """Every rule over the scope, most value at risk first. Of the scope, only the period is not asked: a leak is as
    of the date."""
    held = limits(ask, scope)
    facts = Facts(ask, scope, held.values)
    asks_about_deals = bool(scope.product or scope.source or scope.track or scope.pipeline)
    rules = DEAL_RULES if asks_about_deals else RULES
    found = metrics.ordered(pd.concat([rule(facts) for rule in rules.values()], ignore_index=True))
    is_muted = metrics.muted(found, held.values["least_n"])
    kept = found[~is_muted]
    put_aside = kept.merge(ask(dismissals.holding, scope), on=["rule", "subject_kind", "subject_id"])
    keys = pd.MultiIndex.from_frame(kept[metrics.SUBJECT])
    is_aside = keys.isin(pd.MultiIndex.from_frame(put_aside[metrics.SUBJECT]))
    return Leaks(
        rows=kept[~is_aside].reset_index(drop=True),
        muted=found[is_muted].reset_index(drop=True),
        dismissed=put_aside,
        limits=held,
    )
