"""`report funnel`: the five readings of the deals created in the period, and the days in each stage."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from .deals import Deal, replay
from .facts import Facts, Stage
from .readings import created_as_counted, scope_of
from .scopes import Asked, View, view


@dataclass(frozen=True)
class Stay:
    """One stay in a stage, by its rank (None: lost, or no known stage); left is None while it lasts."""

    rank: int | None
    stage: str | None
    entered: date
    left: date | None


def funnel(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    population = created_as_counted(seen, deals)
    rows = []
    for pipeline, track in sorted({(deal.pipeline, deal.track) for deal in population}):
        own = [deal for deal in population if (deal.pipeline, deal.track) == (pipeline, track)]
        rows += [_row(seen, stage, track, own) for stage in facts.open_and_won(pipeline)]
    return {"report": "funnel", "scope": scope_of(seen), "rows": rows}


def _row(seen: View, stage: Stage, track: str, deals: list[Deal]) -> dict:
    is_open = stage.kind == "open"
    return {
        "pipeline": stage.pipeline,
        "track": track,
        "stage": stage.name,
        "position": stage.position,
        "in_stage_now": sum(deal.stage_on(seen.as_of, seen.facts.last_day) == stage.name for deal in deals),
        "visited": sum(stage.rank in _entries(seen, deal) for deal in deals),
        "strict_path": sum(_is_strict(_entries(seen, deal), stage.rank) for deal in deals),
        "reached_at_least": sum(_furthest(seen, deal) >= stage.rank for deal in deals),
        "step_entered": sum(_entered(seen, deal, stage) for deal in deals) if is_open else None,
        "step_advanced": sum(_advanced(seen, deal, stage) for deal in deals) if is_open else None,
        "step_undecided": sum(_undecided(seen, deal, stage) for deal in deals) if is_open else None,
        "median_days_in_stage": _median_days(seen, deals, stage) if is_open else None,
    }


def stays_of(seen: View, deal: Deal) -> list[Stay]:
    """The stages a deal with history stood in by the as-of date, in the order of its rows."""
    stays: list[Stay] = []
    for step in deal.steps:
        if step.day > seen.as_of or (stays and step.after.stage == stays[-1].stage):
            continue
        if stays:
            stays[-1] = Stay(stays[-1].rank, stays[-1].stage, stays[-1].entered, step.day)
        name = step.after.stage
        rank = seen.facts.stages[deal.pipeline, name].rank if name else None
        stays.append(Stay(rank, name, step.day, None))
    return stays


def _entries(seen: View, deal: Deal) -> list[int]:
    """The ranks entered, in order; of a deal without history the present one only."""
    if not deal.has_history:
        stage = deal.stage_on(seen.as_of, seen.facts.last_day)
        rank = seen.facts.stages[deal.pipeline, stage].rank if stage else None
        return [rank] if rank else []
    return [stay.rank for stay in stays_of(seen, deal) if stay.rank]


def _is_strict(entries: list[int], rank: int) -> bool:
    """Entered this stage and every earlier one, first entries in order."""
    wanted = list(range(1, rank + 1))
    return all(r in entries for r in wanted) and [entries.index(r) for r in wanted] == sorted(
        entries.index(r) for r in wanted
    )


def _furthest(seen: View, deal: Deal) -> int:
    """A won deal without history ranks K + 1 too: it has passed every stage."""
    return max(_entries(seen, deal), default=0)


def _entered(seen: View, deal: Deal, stage: Stage) -> bool:
    return deal.has_history and stage.rank in _entries(seen, deal)


def _advanced(seen: View, deal: Deal, stage: Stage) -> bool:
    if not _entered(seen, deal, stage):
        return False
    entries = _entries(seen, deal)
    return max(entries[entries.index(stage.rank) :]) > stage.rank


def _undecided(seen: View, deal: Deal, stage: Stage) -> bool:
    if not _entered(seen, deal, stage) or _advanced(seen, deal, stage):
        return False
    return deal.outcome_on(seen.as_of) == "open" and stays_of(seen, deal)[-1].rank <= stage.rank


def _median_days(seen: View, deals: list[Deal], stage: Stage) -> int | None:
    """Kaplan–Meier median of the days each deal spent in the stage, summed over its stays."""
    ended, cut = [], []
    for deal in deals:
        stays = [stay for stay in stays_of(seen, deal) if deal.has_history and stay.rank == stage.rank]
        if stays:
            days = sum(((stay.left or seen.as_of) - stay.entered).days for stay in stays)
            (ended if stays[-1].left else cut).append(days)
    share = Fraction(1)
    for day in sorted(set(ended)):
        at_risk = sum(days >= day for days in ended + cut)  # on one day an end precedes a cut
        share *= 1 - Fraction(ended.count(day), at_risk)
        if share <= Fraction(1, 2):
            return day
    return None
