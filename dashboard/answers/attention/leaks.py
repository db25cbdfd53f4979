"""What leaks: every rule of Attention over a scope, and what people have put aside of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import (
    account_rules as accounts,
    deal_rules as deals,
    region_rules as regions,
    silence_rules as silence,
    support_rules as support,
)
from dashboard.answers.attention.facts import Facts
from dashboard.answers.attention.limits import limits
from dashboard.answers.attention.value import shares, valued
from dashboard.answers.profiles import Held
from dashboard.metrics.attention import lines as of_subjects, rules as metrics
from dashboard.metrics.attention.shares import Shares
from data_access.attention import dismissals
from data_access.scope import Scope


@dataclass(frozen=True)
class Rule:
    """One thing that asks for attention.

    key              its name in reports and dismissals; `leak_<key>` is its definition
    subject_kind     what a line is about, unless each says so itself
    find             the leaks of a scope, in the columns of metrics.COLUMNS that it knows
    thresholds       the numbers it goes by: keys of metrics.DEFAULTS
    is_about_deals   it knows every filter of a scope; others say nothing under a filter that only deals have
    """

    key: str
    subject_kind: str
    find: Callable[[Facts], pd.DataFrame]
    thresholds: tuple[str, ...] = ()
    is_about_deals: bool = False

    def rows(self, facts: Facts) -> pd.DataFrame:
        """What it finds, with every column of a leak."""
        return metrics.rows_of(self.key, self.subject_kind, self.find(facts))


_EVERY_RULE = (
    Rule("stalled", "opportunity", deals.stalled, ("stalled_days", "least_n"), is_about_deals=True),
    Rule("pushed", "opportunity", deals.pushed, ("pushes",), is_about_deals=True),
    Rule("no_next_step", "opportunity", deals.no_next_step, ("no_next_step_days",), is_about_deals=True),
    Rule("overdue", "opportunity", deals.overdue, ("overdue_days",), is_about_deals=True),
    Rule("owner_left", "opportunity", deals.owner_left, is_about_deals=True),
    Rule("abnormal_opening", "opportunity", deals.abnormal_opening, is_about_deals=True),
    Rule("stop_loss", "opportunity", deals.stop_loss, ("stop_loss_share",), is_about_deals=True),
    Rule("request_overdue", "support_request", support.request_overdue, ("request_days",), is_about_deals=True),
    Rule("silent", "account", accounts.silent, ("silent_days",)),
    Rule(
        "assessment_overdue",
        "account",
        accounts.assessment_overdue,
        ("importance_days", "needs_days", "closeness_days"),
    ),
    Rule("never_assessed", "account", silence.never_assessed),
    Rule("key_without_director", "account", silence.key_without_director),
    Rule("key_without_goal", "account", silence.key_without_goal),
    Rule("large_unscored", "account", silence.large_unscored, ("large_accounts",)),
    Rule("contested", "account", accounts.contested, ("contested_days", "contested_contacts")),
    Rule("orphaned", "account", accounts.orphaned, ("orphaned_days",)),
    Rule("late_contact", "account", accounts.late_contact, ("first_contact_days",)),
    Rule("coverage", "region", regions.coverage, ("coverage_share", "least_n")),
    Rule("overload", "support_person", support.overload, ("overload_share",)),
    Rule("scissors", "source", regions.scissors, ("least_n",)),
)

RULES = {rule.key: rule for rule in _EVERY_RULE}
"""Every rule by its key, in the order in which a page names them."""


@dataclass(frozen=True)
class Leaks:
    """What leaks as of a date (`rows`; `lines`, one per subject of them), what rests on too little to say so (`muted`),
    what somebody has put aside (`dismissed`, with reason, until_on, dismissed_by, dismissed_at, dismissal_id), and the
    thresholds used."""

    rows: pd.DataFrame
    lines: pd.DataFrame
    muted: pd.DataFrame
    dismissed: pd.DataFrame
    limits: Held


def leaks(ask: Ask, scope: Scope) -> Leaks:
    """Every rule over the scope, most value at risk first. Of the scope, only the period is not asked: a leak is as
    of the date."""
    facts = _facts(ask, scope)
    return _leaks(facts, _rules(scope), shares(facts))


def _facts(ask: Ask, scope: Scope) -> Facts:
    return Facts(ask, scope, limits(ask, scope))


def _rules(scope: Scope) -> list[Rule]:
    """Those that know every filter of the scope."""
    return [rule for rule in RULES.values() if rule.is_about_deals or not scope.asks_about_deals]


def _leaks(facts: Facts, rules: list[Rule], known: Shares) -> Leaks:
    together = pd.concat([rule.rows(facts) for rule in rules], ignore_index=True)
    found = metrics.ordered(valued(facts, known, together))
    is_muted = metrics.muted(found, facts.limits["least_n"])
    kept = found[~is_muted]
    put_aside = kept.merge(facts.ask(dismissals.holding, facts.scope), on=["rule", "subject_kind", "subject_id"])
    keys = pd.MultiIndex.from_frame(kept[metrics.SUBJECT])
    is_aside = keys.isin(pd.MultiIndex.from_frame(put_aside[metrics.SUBJECT]))
    rows = kept[~is_aside].reset_index(drop=True)
    return Leaks(
        rows=rows,
        lines=of_subjects.lines(rows),
        muted=found[is_muted].reset_index(drop=True),
        dismissed=put_aside,
        limits=facts.held,
    )


@dataclass(frozen=True)
class Lines:
    """What asks for attention, one line per subject (`of_subjects.lines`): all, the first ones of this week with what
    is new or worse, and those of a week ago that are gone."""

    lines: pd.DataFrame
    this_week: pd.DataFrame
    gone: pd.DataFrame


def week_ago(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The lines of seven days earlier, of the rules that a week begins with (`lines_on`)."""
    return lines_on(ask, scope, scope.as_of - timedelta(days=7))


def lines_on(ask: Ask, scope: Scope, day: date) -> pd.DataFrame:
    """The lines of an earlier day, of the rules that a week begins with; at risk by what is known today, so that a line
    is worse for what happened to it, and not for what was learnt meanwhile."""
    earlier = _facts(ask, scope.but(as_of=day))
    rules = [rule for rule in _rules(scope) if rule.subject_kind in of_subjects.OF_A_WEEK]
    return _leaks(earlier, rules, shares(_facts(ask, scope))).lines


def lines(found: Leaks, before: pd.DataFrame, waiting: pd.DataFrame | None = None) -> Lines:
    """The lines of what leaks, and what changed since those of `week_ago`.

    waiting   the lines given to somebody who still has time: a week begins without them
    """
    now = found.lines
    return Lines(now, of_subjects.this_week(now, before, waiting), of_subjects.gone(now, before))
