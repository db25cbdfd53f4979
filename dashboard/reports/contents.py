"""What `report NAME` answers: keys and values, or rows. Their keys are part of the product's interface."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.answers import Ask
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


def _found(ask: Ask, scope: Scope, name: str, wishes: Wishes) -> dict:
    """The parts of a report. Each loads what it rests on: all of it takes longer than most of them."""
    match name:
        case "overview":
            from dashboard.answers.overview import lines, numbers

            return numbers.overview(ask, scope) | lines.lines(ask, scope)
        case "funnel":
            from dashboard.answers.pipeline import funnel

            return {"rows": funnel.funnel(ask, scope)}
        case "bridge":
            from dashboard.answers.pipeline import bridge

            found = bridge.bridge(ask, scope)
            return {"values": found["values"], "rates_of": found["rates_of"]}
        case "deals":
            from dashboard.answers.pipeline import deals

            return {"rows": deals.deals(ask, scope, wishes.what)}
        case "key-accounts":
            from dashboard.answers.accounts import key_accounts

            published = key_accounts.profile(ask, scope, wishes.version)
            drafted = key_accounts.drafted(published, wishes.weights, wishes.top, wishes.cut_points)
            return key_accounts.report(ask, scope, published, drafted)
        case "allocation":
            from dashboard.answers.support import allocation

            return allocation.report(ask, scope, wishes.tilt)
        case "opportunities":
            from dashboard.answers.opportunities import worth

            return {"rows": worth.report(ask, scope)}
        case "support":
            from dashboard.answers.support import resources

            return resources.support(ask, scope)
        case "reps":
            from dashboard.answers.reps import results

            return {"rows": results.reps(ask, scope)}
        case "activity":
            from dashboard.answers.reps import results

            return {"rows": results.activity(ask, scope)}
        case "attention":
            from dashboard.answers.attention import handovers

            return handovers.report(ask, scope)
        case "leads":
            from dashboard.answers.leads import outcomes

            return {"rows": outcomes.report(ask, scope)}
        case "forecast":
            from dashboard.answers.forecast import bias, outlook

            return outlook.report(ask, scope) | {"bias": bias.report(ask, scope)}
        case "deciding":
            from dashboard.answers.forecast import deciding

            return deciding.report(ask, scope)
        case "board":
            from dashboard.answers.forecast import board

            return board.report(ask, scope)
    raise ValueError(f"There is no report {name!r}.")


def first_day(ask: Ask, name: str) -> date | None:
    """Where the report of this name begins unless asked: of leads with the earliest one; None: with the first deal."""
    if name != "leads":
        return None
    from dashboard.answers.leads import outcomes

    return outcomes.first_day(ask)


def answer(ask: Ask, scope: Scope, name: str, wishes: Wishes) -> dict:
    """The report of this name, the keys of each part as REPORTS declares them: {"values": …}, {"rows": [...]} or its
    own, and what else its documentation names."""
    return {part: _shaped(f"{name}.{part}", found) for part, found in _found(ask, scope, name, wishes).items()}


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
