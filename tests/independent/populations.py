"""What becomes of every row that somebody may see, in a number: counted, or why not; straight from the words."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.independent.deals import LEFT_OUT_REASONS, Deal, replay
from tests.independent.facts import day_of
from tests.independent.leads import outcomes
from tests.independent.product import TODAY
from tests.independent.reps.activities import Activity, activities
from tests.independent.scopes import Asked, View, view


def populations(looked: View) -> dict[str, Counter]:
    """By the name of a population its rows by step."""
    deals = replay(looked.facts)
    wide = view(looked.facts, deals, Asked(as_of=looked.as_of, manager_of=looked.asked.manager_of), TODAY)
    seen = replace(wide, start=looked.start, end=looked.end)  # the same days, and no filter

    def each(rows: Iterable, step: Callable) -> Counter:
        return Counter(filter(None, (step(row, looked, seen) for row in rows)))

    leads = [row for row in outcomes.asked_for(seen) if day_of(row["created_on"]) <= looked.as_of]
    chosen = {row["lead_id"] for row in outcomes.asked_for(looked)}
    by_key = {deal.key: deal for deal in deals}
    what = {
        "leads": lambda row: True,
        "leads_mql": lambda row: outcomes.by_then(looked, row["qualified_on"]),
        "leads_sql": lambda row: outcomes.by_then(looked, row["accepted_on"]),
        "leads_converted": lambda row: outcomes.by_then(looked, row["converted_on"]),
        "leads_won": lambda row: outcomes.is_won(looked, row, by_key),
        "leads_undecided": lambda row: outcomes.is_undecided(looked, row),
    }

    def lead_step(row: dict, name: str) -> str:
        if row["lead_id"] not in chosen:
            return "filtered"
        if not looked.in_flow(day_of(row["created_on"])):
            return "other_period"
        return "in" if what[name](row) else f"not_{name.removeprefix('leads_')}"

    return {
        **{name: each(deals, step) for name, step in _DEALS.items()},
        **{name: Counter(lead_step(row, name) for row in leads) for name in what},
        "completed": each(activities(looked.facts), _completed),
        "meetings": each(activities(looked.facts), _meeting),
    }


def _state_of(deal: Deal, looked: View, seen: View) -> tuple[str, bool] | None:
    """Outcome and whether it is in the filters; None where nobody may see it."""
    state = deal.on(looked.as_of)
    day = deal.closed_on(looked.as_of) or looked.as_of
    if state is None or not seen.has_on(deal, day):
        return None
    return state.outcome, looked.has_on(deal, day)


def _open(deal: Deal, looked: View, seen: View) -> str | None:
    found = _state_of(deal, looked, seen)
    if found is None:
        return None
    outcome, is_chosen = found
    return "filtered" if not is_chosen else "in" if outcome == "open" else outcome


def _coverage(deal: Deal, looked: View, seen: View) -> str | None:
    step = _open(deal, looked, seen)
    if step != "in":
        return step
    day = deal.on(looked.as_of).expected_close
    if day is None:
        return "no_close_day"
    if day <= looked.as_of or day < looked.start:
        return "close_earlier"
    return "close_later" if day > looked.end else "in"


def _closed(*wanted: str) -> Callable[[Deal, View, View], str | None]:
    def step(deal: Deal, looked: View, seen: View) -> str | None:
        found = _state_of(deal, looked, seen)
        if found is None:
            return None
        outcome, is_chosen = found
        if not is_chosen:
            return "filtered"
        if outcome == "open":
            return "open"
        if not looked.in_flow(deal.closed_on(looked.as_of)):
            return "other_period"
        if outcome == "lost" and deal.loss_reason in LEFT_OUT_REASONS and "lost" in wanted:
            return "left_out"
        return "in" if outcome in wanted else outcome

    return step


def _created(leaves_out: bool) -> Callable[[Deal, View, View], str | None]:
    def step(deal: Deal, looked: View, seen: View) -> str | None:
        if deal.created is None or deal.on(looked.as_of) is None or not seen.has_on(deal, deal.created):
            return None
        if not looked.has_on(deal, deal.created):
            return "filtered"
        if not looked.in_flow(deal.created):
            return "other_period"
        return "left_out" if leaves_out and looked.leaves_out(deal) else "in"

    return step


_DEALS = {
    "open": _open,
    "coverage": _coverage,
    "won": _closed("won"),
    "lost": _closed("lost"),
    "closed": _closed("won", "lost"),
    "created": _created(leaves_out=True),
    "pipeline_created": _created(leaves_out=False),
}


def _completed(one: Activity, looked: View, seen: View) -> str | None:
    is_done = one.done is not None and one.done <= looked.as_of
    is_known = is_done or one.entered is None or one.entered <= looked.as_of
    if not is_known or not seen.sees_region(one.region):
        return None
    if not looked.sees_region(one.region) or looked.asked.owner not in (None, one.rep):
        return "filtered"
    if not is_done:
        return "not_done"
    return "in" if looked.in_flow(one.done) else "other_period"


def _meeting(one: Activity, looked: View, seen: View) -> str | None:
    step = _completed(one, looked, seen)
    return "no_meeting" if step == "in" and one.kind != "meeting" else step
