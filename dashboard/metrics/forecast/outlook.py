"""What a period will bring: won so far, the expected wins of open deals, and what is still to be created. Pure.

A period is looked at so many days before its end, and so are the ended periods before it, which teach three things:
the chance of a deal by where it stands, what usually comes that is not there yet, and how far such forecasts miss.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, ratio, total
from dashboard.metrics.periods import Days

LEARNT_FROM = 8  # the last ended periods
PSEUDO_DEALS = 10
FEWEST_PERIODS, FEWEST_WINS = 4, 30
FEWEST_LOOKS = 5  # looks at a whole long horizon, for a band of their errors
STAGE = ["pipeline", "track", "stage"]
INSIDE = 0.8  # the share of periods that should end inside the band

# A forecast of nothing is not sure either: its spread is at least this share of the usual one's variance.
_LEAST_VARIANCE = 0.05


@dataclass(frozen=True)
class Look:
    """One step, looked at on one day: a period, or the first part of a long one that is not over. Frames of
    `data_access.forecast.looks`; amounts in minor units.

    standing, company    the deals open that day, in scope and in the whole company; with their wins in this step and
                         the ones after it, as far as those have ended
    won_so_far, won      wins of the step as of the day, and as of its end (None: it has not ended)
    """

    period: Days
    day: date
    standing: pd.DataFrame
    company: pd.DataFrame
    won_so_far: pd.DataFrame
    won: pd.DataFrame | None


class Whole(NamedTuple):
    """A whole period beside the look at the first of its steps that is not over: its days, what it had won on the day
    of the look, and as of its end (None: it has not ended)."""

    period: Days
    so_far: pd.DataFrame
    won: pd.DataFrame | None


class Course(NamedTuple):
    """What forecasts of periods like this one, so many days before their ends, are learnt from: the ended steps of such
    a period, each looked at as many days before its end as the first one that was not over then; the period of which
    each is that first one; and how many steps lay ahead."""

    looks: list[Look]
    wholes: list[Whole | None]
    ahead: int

    def each(self, changed: Callable[[pd.DataFrame], pd.DataFrame]) -> "Course":
        """The same with every frame that is of the scope (not those of the whole company) changed."""

        def of(frame: pd.DataFrame | None) -> pd.DataFrame | None:
            return None if frame is None else changed(frame)

        looks = [
            replace(look, standing=changed(look.standing), won_so_far=changed(look.won_so_far), won=of(look.won))
            for look in self.looks
        ]
        wholes = [whole and Whole(whole.period, changed(whole.so_far), of(whole.won)) for whole in self.wholes]
        return Course(looks, wholes, self.ahead)

    def split(self, by: str, keys: Sequence[str | None]) -> dict[str | None, "Course"]:
        """That of each of these keys (None: of none) alone, without the column that holds them. A frame is looked
        through once, however many keys there are."""
        split: dict[int, tuple[pd.DataFrame, np.ndarray, dict]] = {}

        def of(key: str | None, frame: pd.DataFrame) -> pd.DataFrame:
            if id(frame) not in split:
                codes, known = pd.factorize(frame[by])
                split[id(frame)] = frame.drop(columns=by), codes, {one: at for at, one in enumerate(known)} | {None: -1}
            rows, codes, code = split[id(frame)]
            return rows.take(np.flatnonzero(codes == code.get(key, len(code))))

        return {key: self.each(partial(of, key)) for key in keys}


@dataclass(frozen=True)
class Forecast:
    """What one period is expected to bring, in units of the base currency.

    won         so far; None: no data
    expected    the forecast for the whole period: won so far and all that is still expected; None: refused
    low, high   its 80 % band
    refused     why there is no forecast: periods, wins, amounts or rates; None: there is one
    periods, wins    what it was learnt from: ended periods, of a long period steps of it
    ahead       the steps that are not over, each to be learnt apart; 1 unless the period is a long one
    open_expected, new_expected    the two parts of what is still expected: from open deals, and from deals to come
    parts       what is still expected of each of these steps, the running one first (a period over: 0)
    is_long     whether it is a long one
    is_wide     whether the past holds too few horizons so long, so that the band only adds up those of the steps
    """

    won: float | None
    refused: str | None
    periods: int
    wins: int
    ahead: int = 1
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    open_expected: float | None = None
    new_expected: float | None = None
    parts: tuple[float, ...] = ()
    is_long: bool = False
    is_wide: bool = False

    @property
    def fewest_periods(self) -> int:
        """How many ended periods it needs: the last step ahead too must have been seen from as far once."""
        return max(FEWEST_PERIODS, self.ahead)

    @property
    def is_settled(self) -> bool:
        """Whether its band leaves nothing open: the period has ended."""
        return self.low is not None and self.low == self.high

    def makes(self, target: float) -> bool | None:
        """Whether the target is made, by the whole band; None: it lies inside, or there is no forecast."""
        if self.low is None or self.high is None or self.low < target <= self.high:
            return None
        return self.low >= target


class Rest(NamedTuple):
    """What is still expected, per step ahead: from open deals, and from deals to come; the variance of each, and of
    all of them together, if deals won and came independently of each other."""

    of_open: np.ndarray
    of_new: np.ndarray
    variances: np.ndarray
    variance: float

    @property
    def amounts(self) -> np.ndarray:
        return self.of_open + self.of_new

    @property
    def amount(self) -> float:
        return float(self.amounts.sum())


class Table:
    """Looks side by side: rows are steps, one after the other, the latest last; columns are the places where deals
    stand. What a look sees of a step `ahead` of its own stands before the rows."""

    def __init__(self, looks: Sequence[Look], ahead: int = 1):
        self.looks, self.ahead = list(looks), ahead
        standing = _stacked([look.standing for look in looks])
        company = _stacked([look.company for look in looks])
        where = pd.concat([standing[STAGE], company[STAGE]]).fillna("")
        code = where.groupby(STAGE, sort=False).ngroup().to_numpy()
        self.places = where.drop_duplicates(ignore_index=True)
        shape = len(self.looks), len(self.places)

        def matrix(rows: pd.DataFrame, codes: np.ndarray, column: str) -> np.ndarray:
            found = np.zeros(shape)
            if column in rows:  # no step so far ahead has ended
                np.add.at(found, (rows["look"], codes), rows[column].fillna(0).to_numpy(dtype=float))
            return found

        own, whole = code[: len(standing)], code[len(standing) :]
        steps = range(ahead)
        self.deals, self.company_deals = matrix(standing, own, "deals"), matrix(company, whole, "deals")
        self.won = np.array([matrix(standing, own, f"won_{step + 1}") for step in steps])
        self.company_won = np.array([matrix(company, whole, f"won_{step + 1}") for step in steps])
        self.amount = matrix(standing, own, "amount") / MINOR_UNITS
        self.squares = matrix(standing, own, "squares")
        late = [[self._late(row, step) for row in range(len(self.looks))] for step in steps]
        self.new = np.array([[frame["amount"].sum() / MINOR_UNITS for frame in one] for one in late], dtype=float)
        self.new_squares = np.array([[frame["squares"].sum() for frame in one] for one in late], dtype=float)
        won, so_far = (
            np.array([_amount(one) for one in frames], dtype=float)
            for frames in ([look.won for look in looks], [look.won_so_far for look in looks])
        )
        padded = np.concatenate([won, np.full(ahead, np.nan)])
        self.rest = np.array([padded[step : step + len(won)] for step in steps])
        self.rest[0] -= so_far

    def _late(self, row: int, step: int) -> pd.DataFrame:
        """The wins of a step ahead of a look, of deals created after it."""
        look, after = self.looks[row], self.looks[row + step : row + step + 1]
        return won_late(after[0], look.day) if after else look.won_so_far.iloc[:0]

    def ended_by(self, day: date) -> np.ndarray:
        """The steps that had ended on a day."""
        return np.array(
            [row for row, look in enumerate(self.looks) if look.won is not None and look.period[1] <= day], dtype=int
        )

    def learnt(self, ended: np.ndarray, step: int) -> np.ndarray:
        """The looks that teach what comes so many steps ahead: at the last of the steps that had ended."""
        rows = ended[-LEARNT_FROM:] - step
        return rows[rows >= 0]

    def chances(self, ended: np.ndarray) -> np.ndarray:
        """Per step ahead, the chance of each place: the share won there, with the pseudo-deals at the whole company's.
        A deal is won once: what the nearer steps take is not left for the farther ones."""
        found = np.zeros((self.ahead, len(self.places)))
        for step in range(self.ahead):
            rows = self.learnt(ended, step)
            deals, won = self.company_deals[rows].sum(axis=0), self.company_won[step, rows].sum(axis=0)
            whole = won.sum() / max(deals.sum(), 1)  # a place where nobody ever stood: as all places together
            overall = np.divide(won, deals, out=np.full(len(deals), whole), where=deals > 0)
            share = self.won[step, rows].sum(axis=0) + PSEUDO_DEALS * overall
            found[step] = np.minimum(share / (self.deals[rows].sum(axis=0) + PSEUDO_DEALS), 1 - found.sum(axis=0))
        return found

    def rest_of(self, row: int, ended: np.ndarray) -> Rest:
        """What is still expected of a look's steps, learnt from the steps that had ended."""
        chance = self.chances(ended)
        learnt = [self.learnt(ended, step) for step in range(self.ahead)]
        new = np.array([self.new[step, rows].mean() for step, rows in enumerate(learnt)])
        luck = np.array([self.new_squares[step, rows].mean() for step, rows in enumerate(learnt)])
        won = chance.sum(axis=0)
        return Rest(
            chance @ self.amount[row],
            new,
            (chance * (1 - chance)) @ self.squares[row] + luck,
            (won * (1 - won)) @ self.squares[row] + luck.sum(),
        )

    def band(self, row: int, ended: np.ndarray) -> tuple[float, float, bool]:
        """The 80 % band of what is still expected, and whether it only adds up those of the steps.

        Each edge is one of luck, as large as if deals were independent, times how much further past looks missed over
        as many steps, each forecast from steps that are not its own; the fewer they are, the less sure is that too.
        """
        rest = self.rest_of(row, ended)
        pool = ended[-(LEARNT_FROM + self.ahead - 1) :]
        whole = pool[: len(pool) - self.ahead + 1]
        is_wide = self.ahead > 1 and len(whole) < FEWEST_LOOKS
        if is_wide:
            half = self._half_of_steps(rest, ended)
        else:
            past = [self.rest_of(one, np.setdiff1d(pool, one + np.arange(self.ahead))) for one in whole]
            missed = self.rest[:, whole].sum(axis=0) - [one.amount for one in past]
            half = _half(missed, np.array([one.variance for one in past]), rest.variance, len(whole))
        return max(rest.amount - half, 0.0), rest.amount + half, is_wide

    def _half_of_steps(self, rest: Rest, ended: np.ndarray) -> float:
        """Half the band where too few looks saw so far: the steps' own, as if all missed to the same side. How far they
        miss is learnt from near and far ones together: the farthest were seen too seldom."""
        missed, variances = [], []
        for step in range(self.ahead):
            for row in self.learnt(ended, step):
                others = np.setdiff1d(ended, [row + step])
                if all(self.learnt(others, one).size for one in range(self.ahead)):
                    past = self.rest_of(row, others)
                    missed.append(self.rest[step, row] - past.amounts[step])
                    variances.append(past.variances[step])
        degrees = self.learnt(ended, 0).size
        return sum(_half(np.array(missed), np.array(variances), one, degrees) for one in rest.variances)


def _half(missed: np.ndarray, variances: np.ndarray, variance: float, degrees: int) -> float:
    """Half an 80 % band of Student's t, from misses and what their variances would have been of independent deals."""
    least = _LEAST_VARIANCE * variances.mean()
    if least == 0:  # nothing was ever open, or came, so late in a period
        return 0.0
    from scipy.special import stdtrit  # half a second, for who asks

    stretch = (missed**2 / np.maximum(variances, least)).mean()
    return float(stdtrit(degrees, (1 + INSIDE) / 2) * np.sqrt(stretch * max(variance, least)))


def forecast(table: Table, row: int = -1, whole: Whole | None = None) -> Forecast:
    """The forecast for one period of the table (the last), from the steps that had ended on the day of its look. Of a
    period of one step the look says it whole."""
    now, ended = table.looks[row], table.ended_by(table.looks[row].day)
    whole = whole or Whole(now.period, now.won_so_far, now.won)
    past = [table.looks[one] for one in ended[-LEARNT_FROM:]]
    won, wins = total(whole.so_far), int(sum(look.won["deals"].sum() for look in past))
    found = Forecast(won, None, len(past), wins, table.ahead)
    refused = _refusal(found, past, now, whole)
    if refused or won is None:
        return replace(found, refused=refused)
    if now.day >= whole.period[1]:
        return replace(found, expected=won, low=won, high=won, open_expected=0.0, new_expected=0.0, parts=(0.0,))
    rest, (low, high, is_wide) = table.rest_of(row, ended), table.band(row, ended)
    expected, low, high = (round(float(won + part), 2) for part in (rest.amount, low, high))
    return replace(
        found,
        expected=expected,
        low=low,
        high=high,
        open_expected=float(rest.of_open.sum()),
        new_expected=float(rest.of_new.sum()),
        parts=tuple(float(part) for part in rest.amounts),
        is_wide=is_wide,
    )


def chances(table: Table, row: int = -1) -> pd.DataFrame:
    """One row per place where deals stand in one look of the table: pipeline, track, stage (empty: in no known one),
    chance (to be won in any step ahead), deals, amount, and won (of an ended period), as its forecast has them."""
    ended = table.ended_by(table.looks[row].day)
    found = table.places.assign(
        chance=table.chances(ended).sum(axis=0),
        deals=table.deals[row],
        amount=table.amount[row],
        won=table.won[:, row].sum(axis=0),
    )
    return found[found["deals"] > 0].astype({"deals": int, "won": int}).reset_index(drop=True)


def _refusal(found: Forecast, past: Sequence[Look], now: Look, whole: Whole) -> str | None:
    if found.periods < found.fewest_periods:
        return "periods"
    if found.wins < FEWEST_WINS:
        return "wins"
    needed = [now.standing, whole.so_far, *(frame for look in past for frame in (look.standing, look.won))]
    if any(frame["lacks_rate"].sum() for frame in needed):
        return "rates"
    if any(total(known) is None for known in (whole.so_far, now.standing, pd.concat([look.won for look in past]))):
        return "amounts"
    return None


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames (one at least) under each other, with the place of each in `look`."""
    return pd.concat([frame.assign(look=place) for place, frame in enumerate(frames)], ignore_index=True)


def won_late(look: Look, day: date) -> pd.DataFrame:
    """The wins of a step of deals created after a day."""
    if look.won is None:
        return look.won_so_far.iloc[:0]
    return look.won[look.won["created_day"].gt(day.toordinal()).fillna(False).astype(bool)]


def _amount(won: pd.DataFrame | None) -> float:
    return np.nan if won is None else float(won["amount"].sum()) / MINOR_UNITS


def tested(wholes: Sequence[Whole | None]) -> list[tuple[int, Whole]]:
    """The rows of the last ended periods (at most LEARNT_FROM), each with its period."""
    return [(row, whole) for row, whole in enumerate(wholes) if whole is not None][-LEARNT_FROM:]


def back_test(course: Course) -> pd.DataFrame:
    """The last of ended periods (at most LEARNT_FROM) forecast on the days of their looks, each from what was known
    then: one row per period that could be, the latest last.

    start, end, day, won (so far then), expected, low, high, actual, error (expected − actual), is_inside, is_wide
    """
    columns = ["start", "end", "day", "won", "expected", "low", "high", "actual", "error", "is_inside", "is_wide"]
    if not course.looks:
        return pd.DataFrame(columns=columns)
    table, rows = Table(course.looks, course.ahead), []
    for row, whole in tested(course.wholes):
        made, actual = forecast(table, row, whole), total(whole.won)
        if actual is None or made.expected is None or made.low is None or made.high is None:  # refused
            continue
        rows.append(
            {
                "start": pd.Timestamp(whole.period[0]),
                "end": pd.Timestamp(whole.period[1]),
                "day": pd.Timestamp(course.looks[row].day),
                "won": made.won,
                "expected": made.expected,
                "low": made.low,
                "high": made.high,
                "actual": actual,
                "error": made.expected - actual,
                "is_inside": made.low <= actual <= made.high,
                "is_wide": made.is_wide,
            }
        )
    return pd.DataFrame(rows, columns=columns)


def errors(tested: pd.DataFrame) -> dict[str, float | int | None]:
    """periods, and over them: mean_abs_error_share (Σ |expected − actual| ÷ Σ actual), bias_share (Σ (expected −
    actual) ÷ Σ actual; above 0: forecast too high), inside_band_share."""
    actual = float(tested["actual"].sum())
    return {
        "periods": len(tested),
        "mean_abs_error_share": ratio(float(tested["error"].abs().sum()), actual),
        "bias_share": ratio(float(tested["error"].sum()), actual),
        "inside_band_share": ratio(int(tested["is_inside"].sum()), len(tested)),
    }
