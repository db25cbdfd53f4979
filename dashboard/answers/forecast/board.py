"""The commit board: what is won, committed to and expected, of the units right below the one looked at and of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.forecast import bias, outlook
from dashboard.answers.forecast.review import held_commits, subject
from dashboard.answers.overview import numbers
from dashboard.answers.overview.compared import compared
from dashboard.answers.regions import Level, level
from dashboard.metrics.amounts import total, units
from dashboard.metrics.forecast import board as metrics
from dashboard.metrics.forecast.bias import Bias
from dashboard.metrics.forecast.board import COMPANY, Unit
from dashboard.metrics.forecast.outlook import Forecast
from data_access import organisation
from data_access.forecast import looks as stands
from data_access.reps import people
from data_access.scope import Scope

NUMBERS = ("won_amount", "target_amount", "commit_amount", "commit_adjustment", "expected", "low", "high",
           "forecast_gap", "best_case_amount", "needed_per_week", "bias_share", "bias_shrunk", "corrected")  # fmt: skip
COLUMNS = ("key", "label", *NUMBERS, "is_own", "note", "missing")

_Placed = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Board:
    """The units right below the one looked at, and that one itself: COLUMNS.

    by            what the rows are: region or owner
    rows          key (empty: deals of none) and label; money in units, empty where it is not known. commit_amount: what
                  the unit said itself (is_own, with its note), else what those below it said together;
                  commit_adjustment: how much more it said than they did, where both are known; missing: the names of
                  those right below it who have committed to nothing, or not all of them; bias_share, bias_shrunk,
                  corrected: where a bias of its past forecasts is shown (`metrics.forecast.bias`), else empty
    biases        what is known of the bias of each row, in their order
    whole_bias    that of the one looked at
    whole         the one looked at: won, target, best case and commit, less its adjustment, are those of the rows
                  together
    difference    its forecast − those of the rows together, for each learns from its own past; None: one is not known
    """

    by: str
    rows: pd.DataFrame
    biases: list[Bias]
    whole: dict[str, Any]
    whole_bias: Bias
    difference: float | None


def board(ask: Ask, scope: Scope) -> Board | None:
    """None where what is looked at is neither a region nor the whole company: nobody commits for anything else."""
    looked_at = subject(scope)
    if looked_at is None or looked_at[1] is not None:
        return None
    tree = _Tree(ask, scope)
    by = "owner" if tree.is_leaf(looked_at) else "region"
    sums = compared(ask, scope, by)[["key", "label", "won_amount", "target_amount"]].to_dict("records")
    regions = level(ask, scope)
    placed = partial(_placed, regions) if by == "region" else _as_it_is
    keys = [row["key"] for row in sums]
    best, made = _best_cases(ask, scope, by, placed), _forecasts(ask, scope, by, placed, keys)
    biases, whole_bias = _biases(ask, scope, by, placed, keys)
    of_rows = [_unit(row["key"], by, regions.whole) for row in sums]
    rows = [
        _numbers(scope, row["won_amount"], row["target_amount"], best.get(row["key"], 0.0), made.get(row["key"]))
        | _biased(biases[row["key"]], made[row["key"]])
        | {"key": row["key"], "label": row["label"]}
        | tree.committed(unit)
        for row, unit in zip(sums, of_rows, strict=True)
    ]
    parts = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(NUMBERS, float))
    whole = _whole(ask, scope, whole_bias, tree.committed(looked_at), parts, of_rows)
    expected = parts["expected"].sum(skipna=False) if len(parts) else float("nan")
    is_known = whole["expected"] is not None and not pd.isna(expected)
    difference = round(whole["expected"] - expected, 2) if is_known else None
    return Board(by, parts, list(biases.values()), whole, whole_bias, difference)


def report(ask: Ask, scope: Scope) -> dict:
    """values: the whole, and forecast_difference; rows. missing: the names, joined by `; `. All None, and no rows,
    where nobody could commit."""
    found = board(ask, scope)
    if found is None:
        return {"values": dict.fromkeys((*NUMBERS, "is_own", "note", "missing", "forecast_difference")), "rows": []}
    more = {"missing": _joined(found.whole["missing"]), "forecast_difference": found.difference}
    return {
        "values": found.whole | more,
        "rows": found.rows.assign(missing=found.rows["missing"].map(_joined)),
    }


def _unit(key: str | None, by: str, whole_of: str | None) -> Unit | None:
    """Whose commit stands in a row; None: nobody's, as for what lies in no region, or in none of the compared ones."""
    if key is None or pd.isna(key) or (by == "region" and key == whole_of):
        return None
    return (key, None) if by == "region" else (None, key)


def _joined(names: Sequence[str]) -> str:
    return "; ".join(names)


def _numbers(scope: Scope, won, target, best_case, made: Forecast | None) -> dict:
    """The numbers of a unit that nobody said."""
    expected, low, high = (None, None, None) if made is None else (made.expected, made.low, made.high)
    known_won, known_target = (None if pd.isna(one) else float(one) for one in (won, target))
    return {
        "won_amount": known_won,
        "target_amount": known_target,
        "expected": expected,
        "low": low,
        "high": high,
        "forecast_gap": metrics.gap(known_target, expected),
        "best_case_amount": None if known_won is None or best_case is None else round(known_won + best_case, 2),
        "needed_per_week": metrics.needed_per_week(known_target, known_won, scope.as_of, scope.period.end),
    }


def _biased(found: Bias, made: Forecast) -> dict:
    """What is said of a bias: nothing, unless it is shown to be one."""
    is_offered = found.corrected(made) is not None
    return {
        "bias_share": found.share if is_offered else None,
        "bias_shrunk": found.shrunk if is_offered else None,
        "corrected": found.corrected(made),
    }


def _whole(
    ask: Ask, scope: Scope, whole_bias: Bias, committed: dict, parts: pd.DataFrame, of_rows: list[Unit | None]
) -> dict[str, Any]:
    """The row of the unit looked at, its commit beside what the parts committed to."""
    values = numbers.overview(ask, scope)["values"]
    best_case = total(ask(stands.closing_in_period, scope))
    made = outlook.forecast(ask, scope)
    found = _numbers(scope, values["won_amount"], values["target_amount"], best_case, made) | _biased(whole_bias, made)
    of_parts = parts["commit_amount"].sum(min_count=1)
    missing = [
        row.label
        for row, unit in zip(parts.itertuples(), of_rows, strict=True)
        if unit is not None and not row.is_own and (pd.isna(row.commit_amount) or row.missing)
    ]
    is_adjusted = committed["is_own"] and not pd.isna(of_parts)
    adjustment = round(committed["commit_amount"] - of_parts, 2) if is_adjusted else None
    return found | committed | {"commit_adjustment": adjustment, "missing": missing}


def _best_cases(ask: Ask, scope: Scope, by: str, placed: _Placed) -> Mapping[str | None, float | None]:
    """The amounts of each part's open deals that are expected to close in the period."""
    found = placed(ask(stands.closing_in_period, scope, (by,)))
    return {None if pd.isna(key) else key: total(rows) for key, rows in found.groupby(by, dropna=False)}


def _forecasts(ask: Ask, scope: Scope, by: str, placed: _Placed, keys: list[str | None]) -> dict[str | None, Forecast]:
    """The forecast of each part, from its own past, as if it alone were looked at."""
    parts = outlook.present(ask, scope, (by,)).each(placed).split(by, keys)
    return {key: outlook.of_course(scope, course) for key, course in parts.items()}


def _biases(
    ask: Ask, scope: Scope, by: str, placed: _Placed, keys: list[str | None]
) -> tuple[dict[str | None, Bias], Bias]:
    """The bias of each part's own forecasts, and of those of all together."""
    past = bias.past(ask, scope, (by,))
    if past is None:
        return dict.fromkeys(keys, bias.of_course(None)), bias.of_course(None)
    of_parts = {key: bias.of_course(course) for key, course in past.each(placed).split(by, keys).items()}
    return of_parts, bias.of_course(past.each(lambda frame: frame.drop(columns=by)))


def _placed(regions: Level, frame: pd.DataFrame) -> pd.DataFrame:
    """The compared regions in place of the offices in them."""
    return frame.assign(region=regions.of(frame["region"]))


def _as_it_is(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


class _Tree:
    """Who stands below whom on the as-of date, and what each committed to for the period."""

    def __init__(self, ask: Ask, scope: Scope):
        regions = ask(organisation.regions, scope.everything)
        posted = ask(people.roster, scope)
        posted = posted[(posted["is_here"] == 1) & posted["left_on"].isna()]
        self.held = held_commits(ask, scope)
        self.names: dict[Unit, str] = {(row.region_id, None): row.name for row in regions.itertuples(index=False)}
        self.names |= {(None, row.rep_id): row.rep for row in posted.itertuples(index=False)}
        known = set(regions["region_id"])
        self.below: dict[Unit, list[Unit]] = {}
        for row in regions.itertuples(index=False):
            above = (row.parent_id, None) if row.parent_id in known else COMPANY
            self.below.setdefault(above, []).append((row.region_id, None))
        for row in posted.itertuples(index=False):
            above = (row.region_id, None)
            if self.is_leaf(above):  # who is posted further up leads those below: that commit is the region's
                self.below.setdefault(above, []).append((None, row.rep_id))

    def is_leaf(self, unit: Unit) -> bool:
        """Whether nothing but reps stands below it."""
        return not any(region for region, _ in self.below.get(unit, ()))

    def committed(self, unit: Unit | None) -> dict:
        """commit_amount, commit_adjustment, is_own, note, missing of a unit: see Board."""
        if unit is None:
            return {"commit_amount": None, "commit_adjustment": None, "is_own": False, "note": None, "missing": []}
        own = {one: int(row["amount"]) for one, row in self.held.items()}
        found = metrics.commit_of(unit, own, self.below)
        return {
            "commit_amount": None if found.amount is None else units(found.amount),
            "commit_adjustment": None if found.adjustment is None else units(found.adjustment),
            "is_own": found.is_own,
            "note": self.held[unit]["note"] if found.is_own else None,
            "missing": [self.names.get(one, one[0] or one[1]) for one in found.missing],
        }
