"""The executive's numbers, from additive facts. Pure: frames in, numbers out; None is undefined."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, Counted, added_up, quantile_of, ratio, total_of, units

PER_TRACK = (
    "win_rate_count",
    "win_rate_amount",
    "created_win_rate",
    "mean_cycle_days",
    "median_cycle_days",
    "cycle_p80_days",
    "velocity_per_day",
)
"""Never pooled over tracks: large projects and the fast lane have their own norms."""

TRACKS = ("large", "fast", "none")


@dataclass(frozen=True)
class Facts:
    """What the database counted, each frame with a row per track (and more), see `data_access`.

    closed: closing.closed_totals · won_amounts, won_cycles: distributions · created: closing.created_totals
    opened: pipeline.open_totals · target: targets.target_totals, or None where no target applies
    """

    closed: pd.DataFrame
    won_amounts: pd.DataFrame
    won_cycles: pd.DataFrame
    created: pd.DataFrame
    opened: pd.DataFrame
    target: pd.DataFrame | None
    has_rest: bool  # whether the period goes on after the as-of date
    knows_creation: bool  # whether any deal of the organisation has a creation day

    def in_month(self, month: int, opened: pd.DataFrame, has_rest: bool) -> "Facts":
        """The part of one month (its first day's ordinal) of facts per month, with the deals open at its end."""

        def part(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame["month"] == month]

        flows = {name: part(getattr(self, name)) for name in ("closed", "won_amounts", "won_cycles", "created")}
        target = None if self.target is None else part(self.target)
        return replace(self, **flows, opened=opened, target=target, has_rest=has_rest)


def counted(totals: pd.DataFrame, of: str = "", by_amount: bool = True) -> Counted:
    """Of how many deals these sums are. by_amount: whether what has none, or no rate, is not in the number."""
    deals, priced, lacks_rate = (int(totals[of + name].sum()) for name in ("deals", "with_amount", "lacks_rate"))
    return Counted(deals, deals - priced, lacks_rate) if by_amount else Counted(deals)


def overview(facts: Facts) -> dict[str, dict]:
    """`values` of everything in scope, and of each track that occurs `by_track`. Where several occur, PER_TRACK are
    None in values; targets are none of a track's."""
    sums = _Sums(
        closed=_added_up(facts.closed, ("outcome", "track")),
        created=_added_up(facts.created, ("track",)),
        opened=_added_up(facts.opened, ("track",)),
    )
    occurring = sums.tracks()
    together = _values(facts, sums, None)
    if len(occurring) > 1:
        together |= dict.fromkeys(PER_TRACK)
    return {"values": together, "by_track": {track: _values(facts, sums, track) for track in occurring}}


@dataclass(frozen=True)
class _Sums:
    """Frames of `Facts`, each fact of theirs added up: per outcome and track, or per track."""

    closed: dict[tuple, Counter]
    created: dict[tuple, Counter]
    opened: dict[tuple, Counter]

    def tracks(self) -> list[str]:
        """Those that occur among the deals in scope: created, as counted, or closed in it, or open."""
        created = {group for group, sums in self.created.items() if sums["counted"]}
        found = {group[-1] for group in (*self.closed, *created, *self.opened)}
        return [track for track in TRACKS if track in found]


def _added_up(frame: pd.DataFrame, by: tuple[str, ...]) -> dict[tuple, Counter]:
    """The sums of the columns of numbers, by the group, which has an entry where it has a row. Few rows, and many
    times: pandas would take most of the time of a page."""
    numbers = [name for name, dtype in frame.dtypes.items() if dtype == "Int64"]
    groups = zip(*(frame[name].tolist() for name in by), strict=True)
    rows = zip(*(frame[name].tolist() for name in numbers), strict=True)
    found: dict[tuple, Counter] = {}
    for group, row in zip(groups, rows, strict=True):
        sums = found.setdefault(group, Counter())
        for name, number in zip(numbers, row, strict=True):
            sums[name] += 0 if number is pd.NA else number
    return found


def _values(facts: Facts, sums: _Sums, track: str | None) -> dict[str, float | int | None]:
    """Every number of the overview of a track; of None pooled over them, as only that knows a target."""

    def together(found: dict[tuple, Counter], *group: str) -> Counter:
        summed: Counter = Counter()
        for key, sums_of_it in found.items():
            if key[:-1] == group and track in (None, key[-1]):
                summed.update(sums_of_it)
        return summed

    def occurring(frame: pd.DataFrame) -> pd.DataFrame:
        return frame if track is None else frame[frame["track"] == track]

    won, lost = together(sums.closed, "won"), together(sums.closed, "lost")
    created, opened = together(sums.created), together(sums.opened)
    won_amounts, won_cycles = occurring(facts.won_amounts), occurring(facts.won_cycles)
    won_count, lost_count = won["deals"], lost["deals"]
    won_amount = total_of(won)
    created_count = created["counted"] if facts.knows_creation else None
    target = target_of(facts.target) if track is None else None
    mean_won = None if won_amount is None else ratio(won_amount, won["with_amount"])
    win_rate = ratio(won_count, won_count + lost_count)
    mean_cycle = ratio(float(won["cycle_days"]), won["cycles"])
    median_won = quantile_of(won_amounts["amount"], won_amounts["deals"], 0.5) if won_amount is not None else None
    return {
        "won_count": won_count,
        "won_amount": won_amount,
        "lost_count": lost_count,
        "closed_count": won_count + lost_count,
        "win_rate_count": win_rate,
        "win_rate_amount": _win_rate_amount(won, lost),
        "created_count": created_count,
        "created_win_rate": ratio(created["won"], created_count),
        "mean_won_amount": mean_won,
        "median_won_amount": None if median_won is None else median_won / MINOR_UNITS,
        "mean_cycle_days": mean_cycle,
        "median_cycle_days": quantile_of(won_cycles["cycle_days"], won_cycles["deals"], 0.5),
        "open_count": opened["deals"],
        "open_amount": total_of(opened),
        "weighted_amount": _weighted(opened),
        "pipeline_created_amount": total_of(created) if facts.knows_creation else None,
        "target_amount": target,
        "attainment": ratio(won_amount, target),
        "coverage": _coverage(facts.has_rest, opened, target, won_amount),
        "velocity_per_day": velocity(opened["deals"], win_rate, mean_won, mean_cycle),
        "pipeline_created_count": created["deals"] if facts.knows_creation else None,
        "closing_count": opened["closing_deals"],
        "closing_amount": total_of(opened, "closing_"),
        "cycle_p80_days": quantile_of(won_cycles["cycle_days"], won_cycles["deals"], 0.8),
        "n_won_with_amount": won["with_amount"],
        "n_cycles": won["cycles"],
        "gross_margin_amount": _margin(won),
    }


def margin_of(won: pd.DataFrame) -> float | None:
    """The gross margin of won deals, rows of closing.closed_totals; None where none has one, or one lacks a rate."""
    return _margin({name: int(won[name].sum()) for name in ("with_margin", "margin_lacks_rate", "gross_margin")})


def _margin(won: Mapping[str, int]) -> float | None:
    return None if not won["with_margin"] or won["margin_lacks_rate"] else units(won["gross_margin"])


def target_of(target: pd.DataFrame | None) -> float | None:
    """The target of `targets.target_totals`; None where none applies, or there is no row."""
    if target is None or int(target["rows"].sum()) == 0:
        return None
    return units(target["amount"].sum())


def win_rate_amount(won_facts: pd.DataFrame, lost_facts: pd.DataFrame) -> float | None:
    """Won ÷ (won + lost), by value; no data while no lost deal has an amount."""
    return _win_rate_amount(added_up(won_facts), added_up(lost_facts))


def _win_rate_amount(won_sums: Mapping[str, int], lost_sums: Mapping[str, int]) -> float | None:
    won, lost = total_of(won_sums), total_of(lost_sums)
    if won is None or lost is None or lost_sums["with_amount"] == 0:
        return None
    return ratio(won, won + lost)


def _weighted(opened: Mapping[str, int]) -> float | None:
    return None if total_of(opened) is None or opened["unweighted"] else units(opened["weighted"])


def _coverage(has_rest: bool, opened: Mapping[str, int], target: float | None, won: float | None) -> float | None:
    """Open pipeline closing in the rest of the period ÷ what is left to win. No rest or nothing left: no data."""
    if not has_rest or target is None or won is None or target - won <= 0:
        return None
    return ratio(total_of(opened, "closing_"), target - won)


def velocity(open_count, win_rate, mean_won, mean_cycle) -> float | None:
    """Sales velocity in money per day, from the four causes of one segment."""
    if None in (open_count, win_rate, mean_won, mean_cycle) or mean_cycle == 0:
        return None
    return open_count * win_rate * mean_won / mean_cycle


def needed_coverage(win_rate_amount: float | None) -> float | None:
    """1 ÷ win rate by value."""
    return ratio(1, win_rate_amount)


def pacing(
    attainment: float | None, by_day: pd.DataFrame, periods: list[tuple[date, date]], days_gone: int, length: int
) -> tuple[float | None, str]:
    """Attainment ÷ the share usually won by this day, and whether that comes from `history` or the `calendar`.

    by_day: closing.won_by_day over the earlier `periods` (first and last day of each, all ended);
    days_gone: how many days of the present period have passed; length: its days in all.
    The usual share is a ratio of sums over the earlier periods; with fewer than two that won anything, the
    calendar's: days gone ÷ days in all. At the end of the period everything is in, however long an earlier one
    was; an earlier one with an amount that lacks a rate says nothing.
    """
    by_now = whole = 0
    useful = 0
    days = by_day["day"].dt.date
    for start, end in periods:
        inside = by_day[(days >= start) & (days <= end)]
        amount = int(inside["amount"].sum())
        if amount > 0 and not inside["lacks_rate"].sum():
            useful += 1
            whole += amount
            gone = (days[inside.index].map(lambda day, start=start: (day - start).days)) < days_gone
            by_now += amount if days_gone >= length else int(inside.loc[gone, "amount"].sum())
    if useful >= 2 and by_now > 0:
        return ratio(attainment, by_now / whole), "history"
    return ratio(attainment, min(days_gone / length, 1.0)), "calendar"
