"""Totals of additive facts as numbers for people: base currency units, shares; undefined is None. Pure.

A total is a frame (or a part of one) with the columns deals, with_amount, amount (minor units) and lacks_rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

MINOR_UNITS = 100  # in one unit of currency
HOUR_PARTS = 1_000_000  # in one hour, as questions count hours
BILLIONTHS = 1_000_000_000  # in a share of 1, as questions count shares
_FACTS = ("deals", "with_amount", "amount", "lacks_rate")


@dataclass(frozen=True)
class Counted:
    """Of how many rows a number is made.

    n               all of them
    without_amount  of them, those that are in no sum
    without_rate    of them, those whose amount cannot be converted: no sum is known then
    """

    n: int
    without_amount: int = 0
    without_rate: int = 0


def units(minor: int) -> float:
    """Minor units as units of currency."""
    return int(minor) / MINOR_UNITS


def total(facts: pd.DataFrame, prefix: str = "") -> float | None:
    """The amount of some deals: 0 for no deals; None where none has an amount, or one has no rate."""
    return total_of(added_up(facts, prefix), prefix)


def added_up(facts: pd.DataFrame, prefix: str = "") -> dict[str, int]:
    """The sums of the four columns of a total."""
    return {name: int(facts[name].sum()) for name in (f"{prefix}{fact}" for fact in _FACTS)}


def total_of(sums: Mapping[str, int], prefix: str = "") -> float | None:
    """`total`, of facts added up already."""
    return _amount(*(sums[f"{prefix}{name}"] for name in _FACTS))


def _amount(deals: int, with_amount: int, amount: int, lacks_rate: int) -> float | None:
    return None if lacks_rate or (deals and not with_amount) else units(amount)


def each_total(facts: pd.DataFrame) -> pd.Series:
    """`total` of each row by itself; empty where that is None."""
    is_known = (facts["lacks_rate"] == 0) & ((facts["with_amount"] > 0) | (facts["deals"] == 0))
    return facts["amount"].astype("Float64").where(is_known) / MINOR_UNITS


def ratio(part: float | None, whole: float | None) -> float | None:
    """part ÷ whole; None where either is undefined or the whole is 0."""
    if part is None or whole is None or whole == 0:
        return None
    return part / whole


def quantile_of(values: pd.Series, counts: pd.Series, q: float) -> float | None:
    """The q-quantile of values that occur `counts` times; None of nothing."""
    repeated = np.repeat(values.to_numpy(dtype=float), counts.to_numpy(dtype=int))
    return float(np.quantile(repeated, q)) if repeated.size else None


def totals_by(facts: pd.DataFrame, key: str) -> dict[str, float | None]:
    """`total` of each value of `key`."""
    sums = facts.groupby(key)[list(_FACTS)].sum()
    facts_of = zip(*(sums[name].tolist() for name in _FACTS), strict=True)
    return {group: _amount(*map(int, row)) for group, row in zip(sums.index, facts_of, strict=True)}
