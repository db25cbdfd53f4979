"""The forecast for a period, and how well such forecasts did."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.forecast import outlook as metrics
from dashboard.metrics.forecast.outlook import Course, Forecast, Look, Whole
from data_access import organisation
from data_access.accounts.key_accounts import company
from data_access.forecast import looks as questions
from data_access.scope import Period, Scope

# Back-tests of the last 8 ended periods, each learnt from up to 8 before it.
_LOOKED_BACK = 2 * metrics.LEARNT_FROM


def forecast(ask: Ask, scope: Scope) -> Forecast:
    """The forecast for the period, from what was known on the as-of date."""
    return of_course(scope, present(ask, scope))


def of_course(scope: Scope, course: Course) -> Forecast:
    """The forecast for the last period of a course: the scope's."""
    made = metrics.forecast(metrics.Table(course.looks, course.ahead), whole=course.wholes[-1])
    return replace(made, is_long=len(_steps(scope)) > 1)


def present(ask: Ask, scope: Scope, by: Sequence[str] = ()) -> Course:
    """The ended steps that the forecast learns from, and, last, the period itself as of the date."""
    ahead = _ahead(_steps(scope), scope.as_of)
    days_left = max((ahead[0][1] - scope.as_of).days, 0)
    past = _looks(ask, scope, days_left, metrics.LEARNT_FROM + len(ahead) - 1, len(ahead), by)
    whole = Whole((scope.period.start, scope.period.end), ask(questions.wins, scope, by), None)
    return Course([*past, _now(ask, scope, ahead[0], by)], [*[None] * len(past), whole], len(ahead))


def back_tests(ask: Ask, scope: Scope) -> dict[int, pd.DataFrame]:
    """`metrics.forecast.outlook.back_test` of ended periods of this length, by the weeks before their ends."""
    return {weeks: metrics.back_test(course(ask, scope, 7 * weeks)) for weeks in weeks_before(scope)}


def weeks_before(scope: Scope) -> tuple[int, ...]:
    return periods.weeks_before((scope.period.start, scope.period.end))


def report(ask: Ask, scope: Scope) -> dict:
    """won, expected, low, high, refused (a sentence, or None), is_wide, what is still expected of each step ahead, and
    the back-test, one line per number of weeks before the end."""
    found = forecast(ask, scope)
    tested = back_tests(ask, scope)
    return {
        "won": found.won,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "refused": refused_in_words(found),
        "is_wide": found.is_wide,
        "parts": [
            {"starts_on": start, "ends_on": end, "still_expected": round(amount, 2)}
            for (start, end), amount in parts(scope, found)
        ],
        "backtest": [{"weeks_before": weeks, **metrics.errors(rows)} for weeks, rows in tested.items()],
    }


def parts(scope: Scope, found: Forecast) -> list[tuple[periods.Days, float]]:
    """What is still expected of each step of the period that is not over."""
    return list(zip(_ahead(_steps(scope), scope.as_of), found.parts, strict=False))


def refused_in_words(found: Forecast) -> str | None:
    """Why there is no forecast, for the report."""
    learns = "learns from at least {least} ended periods of this length"
    if found.is_long:
        learns = "of a period this long is made in steps of a quarter at most, and learns from {least} ended ones"
    return {
        None: None,
        "periods": f"A forecast {learns}; the data hold {found.periods}.".format(least=found.fewest_periods),
        "wins": f"A forecast learns from at least {metrics.FEWEST_WINS} deals won in the periods before; "
        f"there are {found.wins}.",
        "amounts": "No amount is known of the deals that are open, or were won.",
        "rates": "Some amounts are in a currency without an exchange rate.",
    }[found.refused]


def course(ask: Ask, scope: Scope, days_left: int, by: Sequence[str] = ()) -> Course:
    """The last ended periods of this length, each with the look at it so many days before its end."""
    steps = _steps(scope)
    day = scope.period.end - timedelta(days=days_left)
    first, *more = _ahead(steps, day)
    ahead = 1 + len(more)
    over = len(steps) - ahead
    looks = _looks(ask, scope, (first[1] - day).days, _LOOKED_BACK, ahead, by)
    wholes: list[Whole | None] = [None] * len(looks)
    for row in range(over, len(looks) - ahead + 1)[-metrics.LEARNT_FROM :]:
        days = looks[row - over].period[0], looks[row + ahead - 1].period[1]
        then = scope.but(period=Period(*days), as_of=looks[row].day)
        wholes[row] = Whole(days, ask(questions.wins, then, by), ask(questions.wins, then.but(as_of=days[1]), by))
    return Course(looks, wholes, ahead)


def _steps(scope: Scope) -> list[periods.Days]:
    return periods.steps((scope.period.start, scope.period.end))


def _ahead(steps: list[periods.Days], day: date) -> list[periods.Days]:
    """The steps that are not over at the end of a day; the last where all are."""
    return [step for step in steps if step[1] > day] or steps[-1:]


def ended(ask: Ask, scope: Scope, days_left: int, most: int = _LOOKED_BACK) -> list[periods.Days]:
    """The steps before the period's last that had ended by the as-of date, the latest last: those that lie in the data
    whole, also the day that many days before their end."""
    first_day, last = ask(organisation.calendar, None).first_day, _steps(scope)[-1]
    before = periods.earlier(last, most + _never_ended(last, scope.as_of))
    return [
        (start, end)
        for start, end in reversed(before)
        if first_day is not None
        and end <= scope.as_of
        and first_day <= start
        and first_day <= end - timedelta(days=days_left)
    ][-most:]


def _never_ended(last: periods.Days, as_of: date) -> int:
    """How many steps before the last have not ended yet."""
    ahead = (last[0] - as_of).days - 1
    return max(ahead // ((last[1] - last[0]).days + 1) + 1, 0) if ahead > 0 else 0


def _looks(ask: Ask, scope: Scope, days_left: int, most: int, ahead: int, by: Sequence[str] = ()) -> list[Look]:
    """The ended steps before the period's last, each looked at so many days before its end."""
    steps = ended(ask, scope, days_left, most)
    ends = [end for _, end in steps]
    return [
        _look(ask, scope, days, days[1] - timedelta(days=days_left), tuple(ends[row : row + ahead]), by)
        for row, days in enumerate(steps)
    ]


def _look(
    ask: Ask, scope: Scope, days: periods.Days, day: date, ends: tuple[date, ...], by: Sequence[str] = ()
) -> Look:
    then = scope.but(period=Period(*days), as_of=day)
    at_end, whole = then.but(as_of=days[1]), company(then)
    standing = ask(questions.standing, then, ends, by)
    return Look(
        period=days,
        day=day,
        standing=standing,
        company=standing if whole == then and not by else ask(questions.standing, whole, ends, ()),
        won_so_far=ask(questions.wins, then, by),
        won=ask(questions.wins, at_end, by),
    )


def _now(ask: Ask, scope: Scope, first: periods.Days, by: Sequence[str]) -> Look:
    """The look as of the date at the first step that is not over."""
    stepping = scope.but(period=Period(*first))
    return Look(
        period=first,
        day=scope.as_of,
        standing=ask(questions.standing, stepping, (), by),
        company=ask(questions.standing, company(stepping), (), ()),
        won_so_far=ask(questions.wins, stepping, by),
        won=None,
    )
