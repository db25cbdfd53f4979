"""The forecast for a period, and how well such forecasts did."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.forecast import outlook as metrics
from dashboard.metrics.forecast.outlook import Forecast, Look
from data_access import organisation
from data_access.accounts.key_accounts import company
from data_access.forecast import looks as questions
from data_access.scope import Period, Scope

WEEKS_BEFORE = (1, 4, 8)
# Back-tests of the last 8 ended periods, each learnt from up to 8 before it.
_LOOKED_BACK = 2 * metrics.LEARNT_FROM


def forecast(ask: Ask, scope: Scope) -> Forecast:
    """The forecast for the period, from what was known on the as-of date."""
    return metrics.forecast(table(ask, scope))


def table(ask: Ask, scope: Scope) -> metrics.Table:
    """The period as it is looked at on the as-of date, below those it is forecast from."""
    days_left = max((scope.period.end - scope.as_of).days, 0)
    return metrics.Table([*looks(ask, scope, days_left, metrics.LEARNT_FROM), _now(ask, scope)])


def back_tests(ask: Ask, scope: Scope) -> dict[int, pd.DataFrame]:
    """`metrics.forecast.outlook.back_test` of the ended periods before this one, by the weeks before their ends."""
    return {weeks: metrics.back_test(looks(ask, scope, 7 * weeks)) for weeks in WEEKS_BEFORE}


def report(ask: Ask, scope: Scope) -> dict:
    """won, expected, low, high, refused (a sentence, or None), and the back-test, one line per WEEKS_BEFORE."""
    found = forecast(ask, scope)
    tested = back_tests(ask, scope)
    return {
        "won": found.won,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "refused": refused_in_words(found),
        "backtest": [{"weeks_before": weeks, **metrics.errors(tested[weeks])} for weeks in WEEKS_BEFORE],
    }


def refused_in_words(found: Forecast) -> str | None:
    """Why there is no forecast, for the report."""
    return {
        None: None,
        "periods": f"A forecast learns from at least {metrics.FEWEST_PERIODS} ended periods of this length; "
        f"the data hold {found.periods}.",
        "wins": f"A forecast learns from at least {metrics.FEWEST_WINS} deals won in the periods before; "
        f"there are {found.wins}.",
        "amounts": "No amount is known of the deals that are open, or were won.",
        "rates": "Some amounts are in a currency without an exchange rate.",
    }[found.refused]


def ended(ask: Ask, scope: Scope, days_left: int, most: int = _LOOKED_BACK) -> list[periods.Days]:
    """The periods before this one that had ended by the as-of date, the latest last: those that lie in the data
    whole, also the day that many days before their end."""
    first_day = ask(organisation.state, None).first_day
    before = periods.earlier((scope.period.start, scope.period.end), most + _never_ended(scope))
    return [
        (start, end)
        for start, end in reversed(before)
        if first_day is not None
        and end <= scope.as_of
        and first_day <= start
        and first_day <= end - timedelta(days=days_left)
    ][-most:]


def _never_ended(scope: Scope) -> int:
    """How many periods before this one have not ended yet: none, unless it lies in the future."""
    ahead = (scope.period.start - scope.as_of).days - 1
    return max(ahead // scope.period.days + 1, 0) if ahead > 0 else 0


def looks(ask: Ask, scope: Scope, days_left: int, most: int = _LOOKED_BACK, by: Sequence[str] = ()) -> list[Look]:
    """The ended periods before this one, each looked at so many days before its end."""
    return [
        _look(ask, scope, days, days[1] - timedelta(days=days_left), by) for days in ended(ask, scope, days_left, most)
    ]


def _look(ask: Ask, scope: Scope, days: periods.Days, day: date, by: Sequence[str] = ()) -> Look:
    then = scope.but(period=Period(*days), as_of=day)
    at_end, whole = then.but(as_of=days[1]), company(then)
    standing = ask(questions.standing, then, days[1], by)
    return Look(
        period=days,
        day=day,
        standing=standing,
        company=standing if whole == then and not by else ask(questions.standing, whole, days[1], ()),
        won_so_far=ask(questions.wins, then, by),
        won=ask(questions.wins, at_end, by),
    )


def _now(ask: Ask, scope: Scope) -> Look:
    days = scope.period.start, scope.period.end
    return Look(
        period=days,
        day=scope.as_of,
        standing=ask(questions.standing, scope, None, ()),
        company=ask(questions.standing, company(scope), None, ()),
        won_so_far=ask(questions.wins, scope, ()),
        won=None,
    )
