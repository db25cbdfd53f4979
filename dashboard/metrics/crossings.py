"""When a number crosses a threshold, and which lines are new. Pure."""

from collections.abc import Collection, Iterable
from typing import Literal


def is_across(value: float, side: Literal["below", "above"], threshold: float) -> bool:
    """Whether a number lies on that side of the threshold: on it, it does not."""
    return value < threshold if side == "below" else value > threshold


def crosses(before: float, now: float, side: Literal["below", "above"], threshold: float) -> bool:
    """Whether a number came to lie on that side since the look before."""
    return is_across(now, side, threshold) and not is_across(before, side, threshold)


def new_lines(before: Collection[str], now: Iterable[str]) -> tuple[str, ...]:
    """Those that were not there at the look before, in their order."""
    there = set(before)
    return tuple(line for line in now if line not in there)
