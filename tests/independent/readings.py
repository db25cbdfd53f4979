"""`report overview`, straight from the words: counts, money, rates, cycles, target and coverage."""

import statistics
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from .deals import Deal, replay
from .facts import MISSING_RATE, Facts, to_cent, total
from .scopes import Asked, View, view

TRACKS = ("large", "fast", "none")
PER_TRACK = (
    "win_rate_count",
    "win_rate_amount",
    "created_win_rate",
    "mean_cycle_days",
    "median_cycle_days",
    "velocity_per_day",
)


def ratio(part, whole) -> float | None:
    """An empty denominator, or a part nobody knows, is no data."""
    return None if part is None or not whole else float(part) / float(whole)


def overview(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    return overview_of(seen, deals)


def overview_of(seen: View, deals: list[Deal]) -> dict:
    creation_known = any(deal.created for deal in deals)  # of any deal of the organisation, in scope or not
    values = _values(seen, deals, creation_known)
    groups = [track for track in TRACKS if _counted(seen, [d for d in deals if d.track == track])]
    by_track = {}
    for track in groups:
        own = _values(seen, [deal for deal in deals if deal.track == track], creation_known)
        by_track[track] = {key: own[key] for key in PER_TRACK}
    if len(groups) > 1:
        values |= dict.fromkeys(PER_TRACK)
    return {
        "report": "overview",
        "scope": scope_of(seen),
        "values": values,
        "by_track": by_track,
    }


def scope_of(seen: View) -> dict:
    return {
        "from": str(seen.start),
        "to": str(seen.end),
        "as_of": str(seen.as_of),
        "regions": list(seen.asked.regions),
    }


# --- which deals ------------------------------------------------------------------------------------------


def _closed(seen: View, deals: list[Deal], outcome: str) -> list[Deal]:
    """Deals whose closing, as it stands on the as-of date, lies in the period; credited on that day."""
    found = []
    for deal in deals:
        closed_on = deal.closed_on(seen.as_of)
        if deal.outcome_on(seen.as_of) != outcome or not seen.in_flow(closed_on):
            continue
        if seen.has_on(deal, closed_on) and not seen.leaves_out(deal):
            found.append(deal)
    return found


def _created(seen: View, deals: list[Deal]) -> list[Deal]:
    """Deals created in the period, the left-out ones too."""
    return [deal for deal in deals if seen.in_flow(deal.created) and seen.has_on(deal, deal.created)]


def created_as_counted(seen: View, deals: list[Deal]) -> list[Deal]:
    return [deal for deal in _created(seen, deals) if not seen.leaves_out(deal)]


def _open(seen: View, deals: list[Deal]) -> list[Deal]:
    return [deal for deal in deals if deal.outcome_on(seen.as_of) == "open" and seen.has_on(deal, seen.as_of)]


def _counted(seen: View, deals: list[Deal]) -> bool:
    """Whether any of the deals is in scope: created, as counted, or closed in the period, or open."""
    return bool(
        created_as_counted(seen, deals)
        or _closed(seen, deals, "won")
        or _closed(seen, deals, "lost")
        or _open(seen, deals)
    )


# --- amounts ----------------------------------------------------------------------------------------------


def _closed_amounts(seen: View, deals: list[Deal]) -> list:
    """The amount known on the as-of date, at the closing day's rate."""
    return [seen.facts.in_base(deal.on(seen.as_of).amount, deal.currency, deal.closed_on(seen.as_of)) for deal in deals]


def _open_amount(seen: View, deal: Deal):
    return seen.facts.in_base(deal.on(seen.as_of).amount, deal.currency, seen.as_of)


def _weighted(seen: View, deals: list[Deal]) -> Decimal | None:
    """Each amount × the probability of its stage; None where an amount has no probability to weigh it."""
    weighted = []
    for deal in deals:
        amount = _open_amount(seen, deal)
        if amount is None or amount == MISSING_RATE:
            weighted.append(amount)
            continue
        stage = deal.stage_on(seen.as_of, seen.facts.last_day)
        probability = seen.facts.stages[deal.pipeline, stage].probability if stage else None
        if probability is None:
            return None
        weighted.append(to_cent(amount * probability))
    return total(weighted)


def target(seen: View) -> Decimal | None:
    """The target of the people, regions and months asked about; None where there is none."""
    asked = seen.asked
    if asked.asks_beyond_people_regions_months:
        return None
    rows = [
        amount
        for rep, region, amount in seen.facts.targets(seen.start, seen.end)
        if asked.owner in (None, rep) and seen.sees_region(region)
    ]
    return sum(rows, Decimal(0)) if rows else None


def _coverage(seen: View, open_deals: list[Deal], target: Decimal | None, won: Decimal | None):
    first = max(seen.as_of + timedelta(days=1), seen.start)
    if target is None or won is None or target - won <= 0 or first > seen.end:
        return None
    expected = []
    for deal in open_deals:
        closes = deal.on(seen.as_of).expected_close
        if closes is not None and first <= closes <= seen.end:
            expected.append(_open_amount(seen, deal))
    return ratio(total(expected), target - won)


# --- the values -------------------------------------------------------------------------------------------


def _values(seen: View, deals: list[Deal], creation_known: bool) -> dict:
    won, lost, still_open = _closed(seen, deals, "won"), _closed(seen, deals, "lost"), _open(seen, deals)
    created = created_as_counted(seen, deals)
    amounts = _closed_amounts(seen, won)
    won_amount = total(amounts)
    known = [amount for amount in amounts if amount is not None]
    is_known = bool(known) and MISSING_RATE not in known
    mean_won = float(sum(known) / len(known)) if is_known else None
    cycles = [(deal.closed_on(seen.as_of) - deal.created).days for deal in won if deal.created]
    mean_cycle = statistics.mean(cycles) if cycles else None
    win_rate = ratio(len(won), len(won) + len(lost))
    due = target(seen)
    return {
        "won_count": len(won),
        "won_amount": won_amount,
        "lost_count": len(lost),
        "win_rate_count": win_rate,
        "win_rate_amount": _win_rate_by_value(won_amount, _closed_amounts(seen, lost)),
        "created_count": len(created) if creation_known else None,
        "created_win_rate": ratio(sum(deal.outcome_on(seen.as_of) == "won" for deal in created), len(created)),
        "mean_won_amount": mean_won,
        "median_won_amount": float(statistics.median(known)) if is_known else None,
        "mean_cycle_days": mean_cycle,
        "median_cycle_days": statistics.median(cycles) if cycles else None,
        "open_count": len(still_open),
        "open_amount": total([_open_amount(seen, deal) for deal in still_open]),
        "weighted_amount": _weighted(seen, still_open),
        "pipeline_created_amount": total(
            [
                seen.facts.in_base(deal.steps[0].after.amount, deal.currency, deal.created)
                for deal in _created(seen, deals)
            ]
        )
        if creation_known
        else None,
        "target_amount": due,
        "attainment": ratio(won_amount, due),
        "coverage": _coverage(seen, still_open, due, won_amount),
        "velocity_per_day": _velocity(len(still_open), win_rate, mean_won, mean_cycle),
    }


def _win_rate_by_value(won_amount: Decimal | None, lost_amounts: list) -> float | None:
    lost_amount = total(lost_amounts)
    if won_amount is None or lost_amount is None or not lost_amounts:
        return None
    return ratio(won_amount, won_amount + lost_amount)


def _velocity(open_count: int, win_rate, mean_won, mean_cycle) -> float | None:
    if win_rate is None or mean_won is None or not mean_cycle:
        return None
    return open_count * win_rate * mean_won / mean_cycle
