"""Do key actions help? Straight from the words: deals compared at the median day of their first stay in a stage."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import comb
from pathlib import Path
from typing import NamedTuple

from tests.independent.deals import Deal, replay
from tests.independent.facts import Facts, day_of
from tests.independent.funnel import Stay, stays_of
from tests.independent.leads.outcomes import kaplan_meier
from tests.independent.scopes import Asked, View, view

Action = tuple[str, str, str, str]  # pipeline, track, stage, action


class Case(NamedTuple):
    """A deal closed by the day that stayed in the stage beyond its median day."""

    deal: str
    entered: date
    median: int
    is_won: bool


def cases(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[Action, list[Case]]:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    found: dict[Action, list[Case]] = {}
    for pipeline, track in {(deal.pipeline, deal.track) for deal in deals}:
        own = [deal for deal in _closed_or_open(seen, deals) if (deal.pipeline, deal.track) == (pipeline, track)]
        first = {deal.key: _first_stays(seen, deal) for deal in own}
        for row in facts.rows("key_action"):
            stage = row["stage"]
            stays = [first[deal.key][stage] for deal in own if stage in first[deal.key]]
            ended = [(stay.left - stay.entered).days for stay in stays if stay.left]
            median = kaplan_meier(ended, [(seen.as_of - stay.entered).days for stay in stays if not stay.left])
            if row["pipeline"] != pipeline or median is None:
                continue
            for deal in own:
                stay = first[deal.key].get(stage)
                outcome = deal.outcome_on(seen.as_of)
                if stay and outcome != "open" and (stay.left - stay.entered).days > median:
                    case = Case(deal.key, stay.entered, int(median), outcome == "won")
                    found.setdefault((pipeline, track, stage, row["key_action"]), []).append(case)
    return found


def _closed_or_open(seen: View, deals: list[Deal]) -> Iterator[Deal]:
    for deal in deals:
        outcome = deal.outcome_on(seen.as_of)
        if outcome is not None and not seen.leaves_out(deal):
            day = seen.as_of if outcome == "open" else deal.closed_on(seen.as_of)
            if seen.has(deal, deal.on(day), day):
                yield deal


def _first_stays(seen: View, deal: Deal) -> dict[str, Stay]:
    found: dict[str, Stay] = {}
    for stay in stays_of(seen, deal) if deal.has_history else []:
        found.setdefault(stay.stage, stay)
    return found


def rates(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[Action, list]:
    """Done, won of them, not done, won of them, and what is found: all actions together."""
    done: dict[tuple[str, str], list[date]] = {}
    for row in Facts(folder, base_currency).rows("activity"):
        if row["key_action"] and row["completed_at"]:
            done.setdefault((row["opportunity_id"], row["key_action"]), []).append(day_of(row["completed_at"]))
    found = {}
    for action, some in cases(folder, asked, base_currency, today).items():
        counts = [0, 0, 0, 0]
        for case in some:
            until = case.entered + timedelta(days=case.median)
            days = done.get((case.deal, action[3]), [])
            at = 0 if any(case.entered <= day <= until for day in days) else 2
            counts[at] += 1
            counts[at + 1] += case.is_won
        found[action] = counts
    named = _named({action: counts for action, counts in found.items() if min(counts[0], counts[2]) >= 10})
    return {action: [*counts, named.get(action, "too_few")] for action, counts in found.items()}


def _named(enough: dict[Action, list[int]]) -> dict[Action, str]:
    """Benjamini and Hochberg: the most findings of which no more than a tenth is expected to be chance."""
    ranked = sorted(enough, key=lambda action: _chance(*enough[action]))
    passing = [at for at, action in enumerate(ranked, 1) if _chance(*enough[action]) <= 0.1 * at / len(ranked)]
    shown = ranked[: max(passing, default=0)]
    return {
        action: "none" if action not in shown else "helps" if won * without > other * of else "hurts"
        for action, (of, won, without, other) in enough.items()
    }


def _chance(done: int, won: int, not_done: int, other: int) -> float:
    """Fisher's exact test: the tables with the same margins that are no likelier than this one."""
    everybody, successes = done + not_done, won + other
    ways = [
        comb(done, of_done) * comb(not_done, successes - of_done) if 0 <= successes - of_done <= not_done else 0
        for of_done in range(done + 1)
    ]
    return sum(way for way in ways if way <= ways[won] * (1 + 1e-7)) / comb(everybody, successes)
