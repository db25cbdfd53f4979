"""The executive's numbers, from additive facts. Pure: frames in, numbers out; None is undefined."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS, quantile_of, ratio, total, units

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

    def of(self, column: str, value) -> "Facts":
        """The part of every frame whose `column` has the value; no target, which knows no such column."""

        def part(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame[column] == value]

        return replace(
            self,
            closed=part(self.closed),
            won_amounts=part(self.won_amounts),
            won_cycles=part(self.won_cycles),
            created=part(self.created),
            opened=part(self.opened),
            target=None,
        )

    def in_month(self, month: int, opened: pd.DataFrame, has_rest: bool) -> "Facts":
        """The part of one month (its first day's ordinal) of facts per month, with the deals open at its end."""

        def part(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[frame["month"] == month]

        flows = {name: part(getattr(self, name)) for name in ("closed", "won_amounts", "won_cycles", "created")}
        target = None if self.target is None else part(self.target)
        return replace(self, **flows, opened=opened, target=target, has_rest=has_rest)


def tracks(facts: Facts) -> list[str]:
    """The tracks that occur among the deals in scope: created, as counted, or closed in it, or open."""
    created = facts.created[facts.created["counted"] > 0]
    found = {*facts.closed["track"], *created["track"], *facts.opened["track"]}
    return [track for track in TRACKS if track in found]


def overview(facts: Facts) -> dict[str, dict]:
    """`values` of everything in scope, and of each track that occurs `by_track`. Where several occur, PER_TRACK are
    None in values; targets are none of a track's."""
    occurring = tracks(facts)
    by_track = {track: values(facts.of("track", track)) for track in occurring}
    together = values(facts)
    if len(occurring) > 1:
        together |= dict.fromkeys(PER_TRACK)
    return {"values": together, "by_track": by_track}


def values(facts: Facts) -> dict[str, float | int | None]:
    """Every number of the overview, pooling whatever the facts hold."""
    won = facts.closed[facts.closed["outcome"] == "won"]
    lost = facts.closed[facts.closed["outcome"] == "lost"]
    won_count, lost_count = int(won["deals"].sum()), int(lost["deals"].sum())
    won_amount = total(won)
    created_count = int(facts.created["counted"].sum()) if facts.knows_creation else None
    target = target_of(facts.target)
    mean_won = None if won_amount is None else ratio(won_amount, int(won["with_amount"].sum()))
    medians = facts.won_amounts
    win_rate = ratio(won_count, won_count + lost_count)
    mean_cycle = ratio(float(won["cycle_days"].sum()), int(won["cycles"].sum()))
    open_count = int(facts.opened["deals"].sum())
    median_won = quantile_of(medians["amount"], medians["deals"], 0.5) if won_amount is not None else None
    return {
        "won_count": won_count,
        "won_amount": won_amount,
        "lost_count": lost_count,
        "closed_count": won_count + lost_count,
        "win_rate_count": win_rate,
        "win_rate_amount": win_rate_amount(won, lost),
        "created_count": created_count,
        "created_win_rate": ratio(int(facts.created["won"].sum()), created_count),
        "mean_won_amount": mean_won,
        "median_won_amount": None if median_won is None else median_won / MINOR_UNITS,
        "mean_cycle_days": mean_cycle,
        "median_cycle_days": quantile_of(facts.won_cycles["cycle_days"], facts.won_cycles["deals"], 0.5),
        "open_count": open_count,
        "open_amount": total(facts.opened),
        "weighted_amount": _weighted(facts.opened),
        "pipeline_created_amount": total(facts.created) if facts.knows_creation else None,
        "target_amount": target,
        "attainment": ratio(won_amount, target),
        "coverage": _coverage(facts, target, won_amount),
        "velocity_per_day": velocity(open_count, win_rate, mean_won, mean_cycle),
        "pipeline_created_count": int(facts.created["deals"].sum()) if facts.knows_creation else None,
        "closing_count": int(facts.opened["closing_deals"].sum()),
        "closing_amount": total(facts.opened, "closing_"),
        "cycle_p80_days": quantile_of(facts.won_cycles["cycle_days"], facts.won_cycles["deals"], 0.8),
        "n_won_with_amount": int(won["with_amount"].sum()),
        "n_cycles": int(won["cycles"].sum()),
        "gross_margin_amount": margin_of(won),
    }


def margin_of(won: pd.DataFrame) -> float | None:
    if not won["with_margin"].sum() or won["margin_lacks_rate"].sum():
        return None
    return units(won["gross_margin"].sum())


def target_of(target: pd.DataFrame | None) -> float | None:
    """The target of `targets.target_totals`; None where none applies, or there is no row."""
    if target is None or int(target["rows"].sum()) == 0:
        return None
    return units(target["amount"].sum())


def win_rate_amount(won_facts: pd.DataFrame, lost_facts: pd.DataFrame) -> float | None:
    """Won ÷ (won + lost), by value; no data while no lost deal has an amount."""
    won, lost = total(won_facts), total(lost_facts)
    if won is None or lost is None or int(lost_facts["with_amount"].sum()) == 0:
        return None
    return ratio(won, won + lost)


def _weighted(opened: pd.DataFrame) -> float | None:
    if total(opened) is None or int(opened["unweighted"].sum()):
        return None
    return units(opened["weighted"].sum())


def _coverage(facts: Facts, target: float | None, won: float | None) -> float | None:
    """Open pipeline closing in the rest of the period ÷ what is left to win. No rest or nothing left: no data."""
    if not facts.has_rest or target is None or won is None or target - won <= 0:
        return None
    return ratio(total(facts.opened, "closing_"), target - won)


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
