"""What `report NAME` answers: keys and values, or rows. Their keys are part of the product's interface."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention import handovers
from dashboard.answers.forecast import bias, board, deciding, outlook
from dashboard.answers.leads import outcomes
from dashboard.answers.opportunities import worth
from dashboard.answers.overview import lines, numbers
from dashboard.answers.pipeline import bridge, deals, funnel
from dashboard.answers.reps import results
from dashboard.answers.support import allocation, resources
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.reports import as_text
from data_access.scope import Scope


@dataclass(frozen=True)
class Wishes:
    """What one report can be asked beyond its scope.

    what                               deals: which ones
    version, weights, top, cut_points  key-accounts: the profile, and a draft in its place
    tilt                               allocation: in place of the published one
    """

    what: str = "open"
    version: int | None = None
    weights: str | None = None
    top: float | None = None
    cut_points: str | None = None
    tilt: float | None = None


def _bridge(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    found = bridge.bridge(ask, scope)
    return {"values": found["values"], "rates_of": found["rates_of"]}


def _key_accounts(ask: Ask, scope: Scope, wishes: Wishes) -> dict:
    published = key_accounts.profile(ask, scope, wishes.version)
    drafted = key_accounts.drafted(published, wishes.weights, wishes.top, wishes.cut_points)
    return key_accounts.report(ask, scope, published, drafted)


_ANSWERS: dict[str, Callable[[Ask, Scope, Wishes], dict]] = {
    "overview": lambda ask, scope, _wishes: numbers.overview(ask, scope) | lines.lines(ask, scope),
    "funnel": lambda ask, scope, _wishes: {"rows": funnel.funnel(ask, scope)},
    "bridge": _bridge,
    "deals": lambda ask, scope, wishes: {"rows": deals.deals(ask, scope, wishes.what)},
    "key-accounts": _key_accounts,
    "allocation": lambda ask, scope, wishes: allocation.report(ask, scope, wishes.tilt),
    "opportunities": lambda ask, scope, _wishes: {"rows": worth.report(ask, scope)},
    "support": lambda ask, scope, _wishes: resources.support(ask, scope),
    "reps": lambda ask, scope, _wishes: {"rows": results.reps(ask, scope)},
    "activity": lambda ask, scope, _wishes: {"rows": results.activity(ask, scope)},
    "attention": lambda ask, scope, _wishes: handovers.report(ask, scope),
    "leads": lambda ask, scope, _wishes: {"rows": outcomes.report(ask, scope)},
    "forecast": lambda ask, scope, _wishes: outlook.report(ask, scope) | {"bias": bias.report(ask, scope)},
    "deciding": lambda ask, scope, _wishes: deciding.report(ask, scope),
    "board": lambda ask, scope, _wishes: board.report(ask, scope),
}
NAMES = tuple(_ANSWERS)


def first_day(ask: Ask, name: str) -> date | None:
    """Where the report of this name begins unless asked: of leads with the earliest one; None: with the first deal."""
    return outcomes.first_day(ask) if name == "leads" else None


def answer(ask: Ask, scope: Scope, name: str, wishes: Wishes) -> dict:
    """The report of this name, the keys of each part as REPORTS declares them: {"values": …}, {"rows": [...]} or its
    own, and what else its documentation names."""
    return {part: _shaped(f"{name}.{part}", found) for part, found in _ANSWERS[name](ask, scope, wishes).items()}


def _shaped(place: str, found):
    """A part of a report with the keys of its place, in their order."""
    if place not in REPORTS:
        return found
    if isinstance(found, pd.DataFrame):
        return as_text.rows(found[list(REPORTS[place])])
    if isinstance(found, list):
        return [_shaped(place, one) for one in found]
    if place == "overview.by_track":
        return {track: {key: values[key] for key in REPORTS[place]} for track, values in found.items()}
    return {key: found[key] for key in REPORTS[place]}
