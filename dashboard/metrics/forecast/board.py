"""What the commits of a period add up to, from reps through regions to the whole company; and what each unit of a board
still needs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Unit = tuple[str | None, str | None]
"""A region (its id, None), a rep (None, its id), or the whole company (None, None)."""

COMPANY: Unit = (None, None)


@dataclass(frozen=True)
class Commit:
    """What one unit commits to, in minor units.

    amount       what it said itself; else of_parts; None: nobody did
    is_own       whether it said so itself
    of_parts     what those right below it committed to together; None: none of them did
    missing      those right below it that have no commit, or not of all below them: what is missing counts as none
    """

    amount: int | None
    is_own: bool
    of_parts: int | None
    missing: tuple[Unit, ...]

    @property
    def adjustment(self) -> int | None:
        """How much more it said than those right below it; None: it said nothing, or they did not."""
        return None if not self.is_own or self.amount is None or self.of_parts is None else self.amount - self.of_parts


def commit_of(unit: Unit, own: Mapping[Unit, int], below: Mapping[Unit, Sequence[Unit]]) -> Commit:
    """The commit of a unit, from what units said themselves and the units right below each."""
    parts = {part: commit_of(part, own, below) for part in below.get(unit, ())}
    known = [found.amount for found in parts.values() if found.amount is not None]
    of_parts = sum(known) if known else None
    missing = [part for part, found in parts.items() if not found.is_own and (found.amount is None or found.missing)]
    return Commit(own.get(unit, of_parts), unit in own, of_parts, tuple(missing))


def gap(target: float | None, expected: float | None) -> float | None:
    """Target − forecast; below 0 the forecast is the higher."""
    return None if target is None or expected is None else round(target - expected, 2)


def needed_per_week(target: float | None, won: float | None, as_of: date, end: date) -> float | None:
    """What has to be won in each week that is left to make the target: 0 where it is made; None: the period is over."""
    weeks = (end - as_of).days / 7
    if target is None or won is None or weeks <= 0:
        return None
    return round(max(target - won, 0.0) / weeks, 2)
