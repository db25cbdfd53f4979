"""What a period will bring: won so far, the expected wins of open deals, and what is still to be created. Pure.

A period is looked at so many days before its end, and so are the ended periods before it, which teach three things:
the chance of a deal by where it stands, what usually comes that is not there yet, and how far such forecasts miss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, ratio, total
from dashboard.metrics.periods import Days

LEARNT_FROM = 8  # the last ended periods
PSEUDO_DEALS = 10
FEWEST_PERIODS, FEWEST_WINS = 4, 30
STAGE = ["pipeline", "track", "stage"]
INSIDE = 0.8  # the share of periods that should end inside the band

# Enough that the band's edges, drawn anew, move by less than a hundredth of its width; the same draws for everybody.
_DRAWS, _SEED = 20_000, 1
# A forecast of nothing is not sure either: its spread is at least this share of the usual one's variance.
_LEAST_VARIANCE = 0.05


@dataclass(frozen=True)
class Look:
    """One period, looked at on one day. Frames of `data_access.forecast.looks`; amounts in minor units.

    standing, company    the deals open that day, in scope and in the whole company; of ended periods with their wins
    won_so_far, won      wins of the period as of the day, and as of its end (None: it has not ended)
    """

    period: Days
    day: date
    standing: pd.DataFrame
    company: pd.DataFrame
    won_so_far: pd.DataFrame
    won: pd.DataFrame | None


@dataclass(frozen=True)
class Forecast:
    """What one period is expected to bring, in units of the base currency.

    won         so far; None: no data
    expected    the forecast for the whole period: won so far and all that is still expected; None: refused
    low, high   its 80 % band
    refused     why there is no forecast: periods, wins, amounts or rates; None: there is one
    periods, wins    what it was learnt from
    open_expected, new_expected    the two parts of what is still expected: from open deals, and from deals to come
    """

    won: float | None
    refused: str | None
    periods: int
    wins: int
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    open_expected: float | None = None
    new_expected: float | None = None

    @property
    def is_settled(self) -> bool:
        """Whether its band leaves nothing open: the period has ended."""
        return self.low is not None and self.low == self.high

    def makes(self, target: float) -> bool | None:
        """Whether the target is made, by the whole band; None: it lies inside, or there is no forecast."""
        if self.low is None or self.high is None or self.low < target <= self.high:
            return None
        return self.low >= target


class Table:
    """Looks side by side: rows are periods, the latest last; columns are the places where deals stand."""

    def __init__(self, looks: Sequence[Look]):
        self.looks = list(looks)
        standing = _stacked([look.standing for look in looks])
        company = _stacked([look.company for look in looks])
        where = pd.concat([standing[STAGE], company[STAGE]]).fillna("")
        code = where.groupby(STAGE, sort=False).ngroup().to_numpy()
        self.places = where.drop_duplicates(ignore_index=True)
        shape = len(self.looks), len(self.places)

        def matrix(rows: pd.DataFrame, codes: np.ndarray, column: str) -> np.ndarray:
            found = np.zeros(shape)
            np.add.at(found, (rows["look"], codes), rows[column].to_numpy(dtype=float))
            return found

        own, whole = code[: len(standing)], code[len(standing) :]
        self.deals, self.won = matrix(standing, own, "deals"), matrix(standing, own, "won")
        self.company_deals, self.company_won = matrix(company, whole, "deals"), matrix(company, whole, "won")
        self.amount = matrix(standing, own, "amount") / MINOR_UNITS
        self.squares = matrix(standing, own, "squares")
        late = [won_late(look) for look in looks]
        self.new = np.array([frame["amount"].sum() / MINOR_UNITS for frame in late], dtype=float)
        self.new_squares = np.array([frame["squares"].sum() for frame in late], dtype=float)
        self.rest = np.array([_amount(look.won) - _amount(look.won_so_far) for look in looks], dtype=float)

    def ended_by(self, day: date) -> np.ndarray:
        """The rows a forecast of that day learns from: the last periods that had ended."""
        ended = [row for row, look in enumerate(self.looks) if look.won is not None and look.period[1] <= day]
        return np.array(ended[-LEARNT_FROM:], dtype=int)

    def chances(self, learnt: np.ndarray) -> np.ndarray:
        """The chance of each place: the share won there, with the pseudo-deals at the whole company's."""
        deals, won = self.company_deals[learnt].sum(axis=0), self.company_won[learnt].sum(axis=0)
        whole = won.sum() / max(deals.sum(), 1)  # a place where nobody ever stood: as all places together
        overall = np.divide(won, deals, out=np.full(len(deals), whole), where=deals > 0)
        return (self.won[learnt].sum(axis=0) + PSEUDO_DEALS * overall) / (self.deals[learnt].sum(axis=0) + PSEUDO_DEALS)

    def rest_of(self, row: int, learnt: np.ndarray) -> tuple[float, float, float]:
        """What is still expected of a period, from open deals and from deals to come; and the variance of the two
        together, if deals won and came independently of each other."""
        chance = self.chances(learnt)
        independent = (chance * (1 - chance)) @ self.squares[row] + self.new_squares[learnt].mean()
        return chance @ self.amount[row], self.new[learnt].mean(), independent

    def band(self, row: int, learnt: np.ndarray) -> tuple[float, float]:
        """The 80 % band of what is still expected, by simulation. Each draw is one of luck, as large as if deals were
        independent, times how much further the past periods missed, each forecast from the others; the fewer they
        are, the less sure is that too."""
        *parts, variance = self.rest_of(row, learnt)
        past = np.array([self.rest_of(one, learnt[learnt != one]) for one in learnt])
        least = _LEAST_VARIANCE * past[:, 2].mean()
        if least == 0:  # nothing was ever open, or came, so late in a period
            return sum(parts), sum(parts)
        missed = (self.rest[learnt] - past[:, 0] - past[:, 1]) ** 2 / np.maximum(past[:, 2], least)
        random = np.random.default_rng(_SEED)
        luck = random.standard_normal(_DRAWS)
        stretch = np.sqrt(missed.sum() / random.chisquare(len(learnt), _DRAWS))
        drawn = sum(parts) + luck * stretch * np.sqrt(max(variance, least))
        low, high = np.quantile(drawn, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
        return max(low, 0.0), high


def forecast(table: Table, row: int = -1) -> Forecast:
    """The forecast for one period of the table (the last), from those that had ended on the day of its look."""
    now, learnt = table.looks[row], table.ended_by(table.looks[row].day)
    past = [table.looks[one] for one in learnt]
    won, wins = total(now.won_so_far), int(sum(look.won["deals"].sum() for look in past))
    refused = _refusal(past, now, won, wins)
    if refused or won is None:
        return Forecast(won, refused, len(past), wins)
    if now.day >= now.period[1]:
        return Forecast(won, None, len(past), wins, won, won, won, 0.0, 0.0)
    of_open, of_new, _ = table.rest_of(row, learnt)
    low, high = table.band(row, learnt)
    expected, low, high = (round(float(won + part), 2) for part in (of_open + of_new, low, high))
    return Forecast(won, None, len(past), wins, expected, low, high, float(of_open), float(of_new))


def chances(table: Table, row: int = -1) -> pd.DataFrame:
    """One row per place where deals stand in one look of the table: pipeline, track, stage (empty: in no known one),
    chance, deals, amount, and won (of an ended period), as the forecast of that look has them."""
    learnt = table.ended_by(table.looks[row].day)
    found = table.places.assign(
        chance=table.chances(learnt), deals=table.deals[row], amount=table.amount[row], won=table.won[row]
    )
    return found[found["deals"] > 0].astype({"deals": int, "won": int}).reset_index(drop=True)


def _refusal(past: Sequence[Look], now: Look, won: float | None, wins: int) -> str | None:
    if len(past) < FEWEST_PERIODS:
        return "periods"
    if wins < FEWEST_WINS:
        return "wins"
    needed = [now.standing, now.won_so_far, *(frame for look in past for frame in (look.standing, look.won))]
    if any(frame["lacks_rate"].sum() for frame in needed):
        return "rates"
    if won is None or total(now.standing) is None or total(pd.concat([look.won for look in past])) is None:
        return "amounts"
    return None


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames (one at least) under each other, with the place of each in `look`."""
    return pd.concat([frame.assign(look=place) for place, frame in enumerate(frames)], ignore_index=True)


def won_late(look: Look) -> pd.DataFrame:
    """The wins of deals created after the day of the look."""
    if look.won is None:
        return look.won_so_far.iloc[:0]
    return look.won[look.won["created_day"].gt(look.day.toordinal()).fillna(False).astype(bool)]


def _amount(won: pd.DataFrame | None) -> float:
    return np.nan if won is None else float(won["amount"].sum()) / MINOR_UNITS


def back_test(looks: Sequence[Look], most: int = LEARNT_FROM) -> pd.DataFrame:
    """The last `most` of ended periods forecast on the days of their looks, each from what was known then: one row per
    period that could be, the latest last.

    start, end, day, won (so far then), expected, low, high, actual, error (expected − actual), is_inside
    """
    columns = ["start", "end", "day", "won", "expected", "low", "high", "actual", "error", "is_inside"]
    if not looks:
        return pd.DataFrame(columns=columns)
    table, rows = Table(looks), []
    for row in range(max(len(looks) - most, 0), len(looks)):
        look, made = looks[row], forecast(table, row)
        actual = total(look.won)
        if actual is None or made.expected is None or made.low is None or made.high is None:  # refused
            continue
        rows.append(
            {
                "start": pd.Timestamp(look.period[0]),
                "end": pd.Timestamp(look.period[1]),
                "day": pd.Timestamp(look.day),
                "won": made.won,
                "expected": made.expected,
                "low": made.low,
                "high": made.high,
                "actual": actual,
                "error": made.expected - actual,
                "is_inside": made.low <= actual <= made.high,
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
