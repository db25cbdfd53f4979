"""Lines given to somebody: what became of each, and of like lines that were given to nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import leaks as attention
from dashboard.answers.attention.leaks import Leaks
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.attention import handovers as metrics, lines as of_subjects
from dashboard.metrics.attention.rules import COLUMNS
from data_access.accounts import ownership
from data_access.attention import handovers
from data_access.scope import Period, Scope

MOST_DAYS = 10
"""Of so many days on which lines were given, the latest, like lines are looked for: each day is worked out anew."""
_OF_DEALS = ("opportunity", "account")
_ABOUT_NO_OWNER = ("support_person", "source", "company")


@dataclass(frozen=True)
class Listed:
    """What leaks (`leaks.leaks`), and which of it somebody was given (`given`)."""

    leaks: Leaks
    given: pd.DataFrame

    @property
    def waiting(self) -> pd.DataFrame:
        """The lines of those who still have time."""
        return self.given[self.given["is_waiting"]]


def listed(ask: Ask, scope: Scope) -> Listed:
    """Every rule over the scope, and what became of the lines that were given to somebody."""
    found = attention.leaks(ask, scope)
    return Listed(found, given(ask, scope, found))


def given(ask: Ask, scope: Scope, found: Leaks) -> pd.DataFrame:
    """One row per line in scope that was given to somebody: `handovers.holding`, and

    rule         its first reason when it was given
    became       gone, worse or same, against what was seen then (`metrics.became`)
    outcome      of a deal: open, removed, won, lost, or left_out; empty: not a deal, or no longer the person's to see
    is_due       its due day has passed
    is_waiting   it is not due, and not worse: whom it was given to still has time

    value_at_risk is in units of the base currency, rules is a tuple.
    """
    held = ask(handovers.holding, scope)
    if scope.owner is not None:
        owned = ask(ownership.accounts_owned, scope)["account_id"]
        is_account = held["subject_kind"] == "account"
        is_kept = (~is_account | held["subject_id"].isin(owned)) & ~held["subject_kind"].isin(_ABOUT_NO_OWNER)
        held = held[is_kept].reset_index(drop=True)
    reasons = held["rules"].map(lambda rules: tuple(rules.split()))
    held = held.assign(
        rules=reasons,
        rule=reasons.map(lambda rules: rules[0]).astype(object),
        value_at_risk=held["value_at_risk"].astype("Float64") / MINOR_UNITS,
    )
    as_of = pd.Timestamp(scope.as_of)
    held = _followed(ask, scope, found, held)
    return held.assign(is_due=held["due_on"] < as_of, is_waiting=(held["due_on"] > as_of) & (held["became"] == "same"))


def lines_of(ask: Ask, scope: Scope, days: Collection[date]) -> pd.DataFrame:
    """The lines of deals and accounts of some earlier days: `lines.lines`, rule: their first reason, seen_on."""
    parts = [
        of_day.assign(rule=of_day["rules"].map(lambda rules: rules[0]).astype(object), seen_on=pd.Timestamp(day))
        for day in days
        for of_day in [attention.lines_on(ask, scope, day)]
    ]
    nothing = pd.DataFrame(columns=[*of_subjects.SUBJECT, "rules", "value_at_risk", "rule", "seen_on"])
    together = pd.concat(parts, ignore_index=True) if parts else nothing
    return together[together["subject_kind"].isin(_OF_DEALS)].reset_index(drop=True)


def days_of(given: pd.DataFrame) -> tuple[date, ...]:
    """The latest days on which lines of deals and accounts were given, MOST_DAYS at the most."""
    days = given.loc[given["subject_kind"].isin(_OF_DEALS), "seen_on"]
    return tuple(day.date() for day in sorted(days.unique(), reverse=True)[:MOST_DAYS])


def beside(ask: Ask, scope: Scope, found: Leaks, given: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """What became of the lines given, rule by rule, beside the lines of the same days and reasons that were given to
    nobody (`metrics.followed`). earlier: `lines_of` the days of `days_of`."""
    shown = given[given["subject_kind"].isin(_OF_DEALS) & given["seen_on"].isin(earlier["seen_on"].unique())]
    others = _followed(ask, scope, found, metrics.not_given(earlier, given))
    return metrics.followed(pd.concat([shown.assign(is_given=True), others.assign(is_given=False)]))


def _followed(ask: Ask, scope: Scope, found: Leaks, then: pd.DataFrame) -> pd.DataFrame:
    """Lines as they were seen, with what became of them, and of their deals."""
    if then.empty:
        return then.assign(became=pd.Series(dtype=object), outcome=pd.Series(dtype=object))
    put_aside = pd.concat([found.rows, found.dismissed[list(COLUMNS)]], ignore_index=True)
    is_deal = then["subject_kind"] == "opportunity"
    outcome = pd.Series(None, index=then.index, dtype=object)
    if is_deal.any():
        since = min(then.loc[is_deal, "seen_on"].min().date(), scope.as_of)
        known = ask(handovers.outcomes, scope.but(period=Period(since, scope.as_of)))
        of_deal = known.set_index("opportunity_id")["outcome"]
        outcome = then["subject_id"].map(of_deal).astype(object).where(is_deal, None)
    listed = found.lines if found.dismissed.empty else of_subjects.lines(put_aside)
    return then.assign(became=metrics.became(then, found.lines, listed), outcome=outcome)


def report(ask: Ask, scope: Scope) -> dict[str, pd.DataFrame]:
    """The reasons (rows), the lines, those that a week begins with, the lines given to somebody with what became of
    each (given), and the same beside like lines given to nobody (followed)."""
    both = listed(ask, scope)
    found, handed = both.leaks, both.given
    told = attention.lines(found, attention.week_ago(ask, scope), both.waiting)
    parts = {"lines": told.lines, "this_week": told.this_week, "given": handed.assign(given_on=handed["given_at"])}
    named = {name: part.assign(rules=part["rules"].map(" ".join)) for name, part in parts.items()}
    earlier = lines_of(ask, scope, days_of(handed))
    return {"rows": found.rows} | named | {"followed": beside(ask, scope, found, handed, earlier)}
