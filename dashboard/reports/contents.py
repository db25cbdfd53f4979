"""What `report NAME` answers: keys and values, or rows. Their keys are part of the product's interface."""

from dataclasses import dataclass
from datetime import date

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention import leaks
from dashboard.answers.forecast import outlook
from dashboard.answers.leads import outcomes
from dashboard.answers.opportunities import worth
from dashboard.answers.overview import numbers
from dashboard.answers.pipeline import bridge, deals, funnel
from dashboard.answers.reps import results
from dashboard.answers.support import allocation, resources
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


def _overview(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return as_text.overview(numbers.overview(ask, scope))


def _funnel(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(funnel.funnel(ask, scope)[list(funnel.FUNNEL_KEYS)])}


def _bridge(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return as_text.bridge(bridge.bridge(ask, scope))


def _deals(ask: Ask, scope: Scope, wishes: Wishes) -> dict:
    return {"rows": as_text.rows(deals.deals(ask, scope, wishes.what))}


def _key_accounts(ask: Ask, scope: Scope, wishes: Wishes) -> dict:
    drafted = key_accounts.drafted(ask, scope, wishes.version, wishes.weights, wishes.top, wishes.cut_points)
    return as_text.key_accounts(key_accounts.report(ask, scope, drafted))


def _allocation(ask: Ask, scope: Scope, wishes: Wishes) -> dict:
    return as_text.allocation(allocation.report(ask, scope, wishes.tilt))


def _opportunities(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(worth.report(ask, scope))}


def _support(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    found = resources.support(ask, scope)
    values = {key: found["values"][key] for key in resources.VALUES}
    return {"values": values, "rows": as_text.rows(found["rows"][list(resources.ROWS)])}


def _reps(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(results.reps(ask, scope)[list(results.REP_KEYS)])}


def _activity(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(results.activity(ask, scope))}


def _attention(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(leaks.report(ask, scope))}


def _leads(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return {"rows": as_text.rows(outcomes.report(ask, scope))}


def _forecast(ask: Ask, scope: Scope, _wishes: Wishes) -> dict:
    return outlook.report(ask, scope)


_ANSWERS = {
    "overview": _overview,
    "funnel": _funnel,
    "bridge": _bridge,
    "deals": _deals,
    "key-accounts": _key_accounts,
    "allocation": _allocation,
    "opportunities": _opportunities,
    "support": _support,
    "reps": _reps,
    "activity": _activity,
    "attention": _attention,
    "leads": _leads,
    "forecast": _forecast,
}
NAMES = tuple(_ANSWERS)


def first_day(ask: Ask, name: str) -> date | None:
    """Where the report of this name begins unless asked: of leads with the earliest one; None: with the first deal."""
    return outcomes.first_day(ask) if name == "leads" else None


def answer(ask: Ask, scope: Scope, name: str, wishes: Wishes) -> dict:
    """The report of this name: {"values": …}, {"rows": [...]} or its keys, and what else its documentation names."""
    return _ANSWERS[name](ask, scope, wishes)
