"""What an alert can watch: a number of a page over all that somebody may see, or the lines of a rule of Attention."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.attention import leaks
from dashboard.answers.attention.leaks import RULES
from dashboard.answers.forecast import outlook
from dashboard.answers.leads import outcomes
from dashboard.answers.overview import collection, lines as beside, numbers
from dashboard.answers.pipeline import bridge
from dashboard.answers.support import resources
from dashboard.metrics.attention import lines as of_subjects
from dashboard.metrics.definitions import reports
from data_access.errors import NotFound, Refused
from data_access.people.alerts import Wish
from data_access.scope import Scope

_BY_RULE = "leak_"  # before a rule's key: its definition


@dataclass(frozen=True)
class Source:
    """Where a page has some of its numbers from: their keys, and what finds them over a scope."""

    page: str
    keys: tuple[str, ...]
    found: Callable[[Ask, Scope], Mapping[str, Any]]


def _overview(ask: Ask, scope: Scope) -> Mapping[str, Any]:
    return numbers.overview_for_people(ask, scope)["values"]


def _movement(ask: Ask, scope: Scope) -> Mapping[str, Any]:
    found = bridge.bridge(ask, scope)
    return found["values"] | dict.fromkeys(found["unknown"])


def _forecast(ask: Ask, scope: Scope) -> Mapping[str, Any]:
    made = outlook.forecast(ask, scope)
    return {"expected": made.expected, "low": made.low, "high": made.high}


def _at_risk(ask: Ask, scope: Scope) -> Mapping[str, Any]:
    return {"value_at_risk": of_subjects.at_risk(leaks.leaks(ask, scope).lines)}


def _support(ask: Ask, scope: Scope) -> Mapping[str, Any]:
    return resources.support(ask, scope)["values"]


_AFTER_THE_WIN = (
    "pacing", "net_won_amount", "collected_amount", "gross_retention", "net_retention", "repeat_purchase_rate",
)  # fmt: skip

_SOURCES = (
    Source("overview", (*reports.numbers("overview.values"), *_AFTER_THE_WIN), _overview),
    Source("overview", tuple(reports.numbers("overview.key_accounts")), beside.key_accounts),
    Source("overview", tuple(reports.numbers("overview.collection")), collection.collection),
    Source("attention", ("value_at_risk",), _at_risk),
    Source("pipeline", tuple(reports.numbers("bridge.values")), _movement),
    Source("forecast", ("expected", "low", "high"), _forecast),
    Source("leads", ("leads", "mql", "conversion", "cost_per_won"), outcomes.whole),
    Source("support", tuple(reports.numbers("support.values")), _support),
)

NUMBERS: dict[str, Source] = {key: source for source in reversed(_SOURCES) for key in source.keys}
"""Every number that can be watched, by the key of its definition."""

WATCHED: tuple[str, ...] = (
    *dict.fromkeys(key for source in _SOURCES for key in source.keys),
    *(_BY_RULE + rule for rule in RULES),
)
"""Whatever can be watched by its definition: numbers in the order of the pages, then the rules of Attention."""


def rule_of(metric: str) -> str | None:
    """The rule of Attention of this definition; None: it is a number's."""
    rule = metric.removeprefix(_BY_RULE)
    return rule if rule != metric and rule in RULES else None


def must_be_watched(wish: Wish) -> None:
    """Raises NotFound where no such number or rule is known, Refused where a number has no threshold, or a rule one."""
    if wish.metric not in WATCHED:
        raise NotFound(f"There is no number {wish.metric!r} to watch. Choose one of: {', '.join(WATCHED)}.")
    if (wish.side is None) != (rule_of(wish.metric) is not None):
        raise Refused("A number is watched below or above a threshold, a rule of Attention without either.")


def number(found: Mapping[str, Any], metric: str) -> float | None:
    """A number of what its source found; None: not known."""
    value = found[metric]
    return None if value is None or pd.isna(value) else float(value)


def lines_of(found: leaks.Leaks, rule: str) -> pd.DataFrame:
    """The lines of a rule of all that leaks, most value at risk first: `metrics.attention.rules.COLUMNS`, and line,
    which tells one from the others."""
    rows = found.rows[found.rows["rule"] == rule].reset_index(drop=True)
    return rows.assign(line=rows["subject_kind"].astype(str) + ":" + rows["subject_id"].astype(str))
