"""The forecast for a period, and how well such forecasts did."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics import periods
from dashboard.metrics.forecast import outlook as metrics
from dashboard.metrics.forecast.outlook import Course, Forecast, Look, Whole
from data_access import organisation
from data_access.forecast import looks as questions
from data_access.forecast.looks import Sight
from data_access.scope import Moment, Scope, company

# Back-tests of the last 8 ended periods, each learnt from up to 8 before it.
_LOOKED_BACK = 2 * metrics.LEARNT_FROM


def forecast(ask: Ask, scope: Scope, alone: bool = False) -> Forecast:
    """The forecast for the period, from what was known on the as-of date.

    alone   nobody looks at how well such forecasts did, so that it is not asked for with it
    """
    return of_course(scope, _made(ask, scope, [_of_present(ask, scope)], alone=alone)[0])


def of_course(scope: Scope, course: Course) -> Forecast:
    """The forecast for the last period of a course: the scope's."""
    made = metrics.forecast(metrics.Table(course.looks, course.ahead), whole=course.wholes[-1])
    return replace(made, is_long=len(_steps(scope)) > 1)


def present(ask: Ask, scope: Scope, by: Sequence[str] = ()) -> Course:
    """The ended steps that the forecast learns from, and, last, the period itself as of the date."""
    return _made(ask, scope, [_of_present(ask, scope)], by)[0]


def back_tests(ask: Ask, scope: Scope) -> dict[int, pd.DataFrame]:
    """`metrics.forecast.outlook.back_test` of ended periods of this length, by the weeks before their ends."""
    return {weeks: metrics.back_test(course) for weeks, course in courses(ask, scope).items()}


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


def courses(ask: Ask, scope: Scope) -> dict[int, Course]:
    """The last ended periods of this length, by the weeks before their ends at which they are looked at."""
    weeks = weeks_before(scope)
    return dict(zip(weeks, _made(ask, scope, [_of_past(ask, scope, 7 * one) for one in weeks]), strict=True))


def course(ask: Ask, scope: Scope, days_left: int, by: Sequence[str] = ()) -> Course:
    """The last ended periods of this length, each with the look at it so many days before its end."""
    return _made(ask, scope, [_of_past(ask, scope, days_left)], by)[0]


class _Asked(NamedTuple):
    """A period to be looked at on a day, with the ends of it and of the steps after it that are over: none, and it is
    not over itself."""

    period: periods.Days
    day: date
    ends: tuple[date, ...] = ()

    @property
    def sight(self) -> Sight:
        return Sight(self.day, self.period[0], self.ends)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The period as of the day, and, where it is over, as of its end."""
        so_far = Moment(*self.period, self.day)
        return (so_far, Moment(*self.period, self.period[1])) if self.ends else (so_far,)


class _Plan(NamedTuple):
    """What a course is to be made of: see `metrics.forecast.outlook.Course`."""

    looks: list[_Asked]
    wholes: list[_Asked | None]
    ahead: int


def _made(ask: Ask, scope: Scope, plans: Sequence[_Plan], by: Sequence[str] = (), alone: bool = False) -> list[Course]:
    """The courses that are planned, all of what they need asked at once; unless `alone`, together with what else pages
    look at of the same scope and groups, so that who asks for the next finds it there."""
    others = [] if alone else _on_pages(ask, scope, by)
    known = _Known(ask, scope, others if all(plan in others for plan in plans) else plans, by)
    return [
        Course([known.look(one) for one in plan.looks], [one and known.whole(one) for one in plan.wholes], plan.ahead)
        for plan in plans
    ]


def _on_pages(ask: Ask, scope: Scope, by: Sequence[str]) -> list[_Plan]:
    """What pages look at of a scope: its forecast and how well such did; of groups, their forecasts and the bias of
    those."""
    days_left = (scope.period.end - scope.as_of).days
    of_groups = [days_left] if days_left > 0 else []
    past = of_groups if by else [7 * weeks for weeks in weeks_before(scope)]
    return [_of_present(ask, scope), *(_of_past(ask, scope, days) for days in past)]


class _Known:
    """The facts of all looks and whole periods of some plans, each question asked once."""

    def __init__(self, ask: Ask, scope: Scope, plans: Sequence[_Plan], by: Sequence[str]):
        looks = [look for plan in plans for look in plan.looks]
        wholes = [whole for plan in plans for whole in plan.wholes if whole]
        sights = tuple(dict.fromkeys(one.sight for one in looks))
        moments = tuple(dict.fromkeys(moment for one in (*looks, *wholes) for moment in one.moments))
        whole = company(scope)
        if not looks:
            return
        self.standing = _Each(ask(questions.standing, scope, sights, by), "sight", sights)
        self.company = self.standing
        if by or whole != scope:
            self.company = _Each(ask(questions.standing, whole, sights, ()), "sight", sights)
        self.wins = _Each(ask(questions.wins, scope, moments, by), "moment", moments)

    def whole(self, asked: _Asked) -> Whole:
        so_far, *at_end = asked.moments
        return Whole(asked.period, self.wins[so_far], self.wins[at_end[0]] if at_end else None)

    def look(self, asked: _Asked) -> Look:
        so_far, *at_end = asked.moments
        return Look(
            period=asked.period,
            day=asked.day,
            standing=self.standing[asked.sight],
            company=self.company[asked.sight],
            won_so_far=self.wins[so_far],
            won=self.wins[at_end[0]] if at_end else None,
        )


class _Each:
    """Of rows in the order of `place`, those of each of those asked about, told by their place among them; taken out
    when they are looked at."""

    def __init__(self, rows: pd.DataFrame, place: str, asked: Sequence[Sight] | Sequence[Moment]):
        self._rows = rows.drop(columns=place)
        self._at = {one: at for at, one in enumerate(asked)}
        self._begin = np.searchsorted(rows[place].to_numpy(dtype=int), np.arange(len(asked) + 1))

    def __getitem__(self, one: Sight | Moment) -> pd.DataFrame:
        at = self._at[one]
        return self._rows.iloc[self._begin[at] : self._begin[at + 1]].reset_index(drop=True)


def _of_present(ask: Ask, scope: Scope) -> _Plan:
    """Of the ended steps that the forecast learns from, and, last, of the period itself as of the date."""
    ahead = _ahead(_steps(scope), scope.as_of)
    days_left = max((ahead[0][1] - scope.as_of).days, 0)
    looks = _looks(ask, scope, days_left, metrics.LEARNT_FROM + len(ahead) - 1, len(ahead))
    whole = _Asked((scope.period.start, scope.period.end), scope.as_of)
    return _Plan([*looks, _Asked(ahead[0], scope.as_of)], [*[None] * len(looks), whole], len(ahead))


def _of_past(ask: Ask, scope: Scope, days_left: int) -> _Plan:
    """Of the last ended periods of this length, looked at so many days before their ends."""
    steps = _steps(scope)
    day = scope.period.end - timedelta(days=days_left)
    first, *more = _ahead(steps, day)
    ahead = 1 + len(more)
    over = len(steps) - ahead
    looks = _looks(ask, scope, (first[1] - day).days, _LOOKED_BACK, ahead)
    wholes: list[_Asked | None] = [None] * len(looks)
    for row in range(over, len(looks) - ahead + 1)[-metrics.LEARNT_FROM :]:
        days = looks[row - over].period[0], looks[row + ahead - 1].period[1]
        wholes[row] = _Asked(days, looks[row].day, (days[1],))
    return _Plan(looks, wholes, ahead)


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


def _looks(ask: Ask, scope: Scope, days_left: int, most: int, ahead: int) -> list[_Asked]:
    """The ended steps before the period's last, each looked at so many days before its end."""
    steps = ended(ask, scope, days_left, most)
    ends = [end for _, end in steps]
    return [
        _Asked(days, days[1] - timedelta(days=days_left), tuple(ends[row : row + ahead]))
        for row, days in enumerate(steps)
    ]
