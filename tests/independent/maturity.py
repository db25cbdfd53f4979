"""How old deals and leads must be before their conversions are in, case by case from the words."""

from datetime import date, timedelta

from .deals import LEFT_OUT_REASONS, Deal
from .facts import Facts, day_of

WATCHED, CONVERTED, NEARLY_ALL = 100, 30, 0.95


def of_deals(deals: list[Deal], as_of: date) -> dict[tuple[str, str], int | None]:
    """By pipeline and track of the deals created in the last three years."""
    found = {}
    for key in {(deal.pipeline, deal.track) for deal in deals}:
        own = [deal for deal in deals if (deal.pipeline, deal.track) == key and _is_recent(deal.created, as_of)]
        cases = [
            (deal.created, fate, deal.closed_on(as_of))
            for deal in own
            if (fate := {"won": "converted", "lost": "gone"}.get(deal.outcome_on(as_of), "open"))
            and not (fate == "gone" and deal.loss_reason in LEFT_OUT_REASONS)
        ]
        if cases:
            found[key] = _age(cases, as_of)
    return found


def of_leads(facts: Facts, as_of: date) -> int | None:
    """Of the leads created in the last three years."""
    cases = []
    for row in facts.rows("lead"):
        created = day_of(row["created_on"])
        converted, gone = (day_of(row[name]) for name in ("converted_on", "disqualified_on"))
        if _is_recent(created, as_of):
            if converted and converted <= as_of:
                cases.append((created, "converted", converted))
            elif gone and gone <= as_of:
                cases.append((created, "gone", gone))
            else:
                cases.append((created, "open", None))
    return _age(cases, as_of)


def _is_recent(created: date | None, as_of: date) -> bool:
    if created is None:
        return False
    is_leap_day = (as_of.month, as_of.day) == (2, 29)
    first = as_of.replace(year=as_of.year - 3, day=28 if is_leap_day else as_of.day) + timedelta(days=1)
    return first <= created <= as_of


def _age(cases: list[tuple[date, str, date | None]], as_of: date) -> int | None:
    """The first day of age with nearly the incidence that is reached at the longest age enough were watched to."""
    watched = sorted(((as_of - created).days for created, _, _ in cases), reverse=True)
    if len(watched) < WATCHED:
        return None
    longest = watched[WATCHED - 1]
    days = [(((end or as_of) - created).days, fate) for created, fate, end in cases]
    if sum(fate == "converted" and day <= longest for day, fate in days) < CONVERTED:
        return None
    undecided, incidence, by_day = 1.0, 0.0, {}
    for day in sorted({day for day, _ in days if day <= longest}):
        there = sum(other >= day for other, _ in days)
        converts, goes = (sum(other == (day, fate) for other in days) for fate in ("converted", "gone"))
        incidence += undecided * converts / there
        undecided *= 1 - (converts + goes) / there
        by_day[day] = incidence
    return next(day for day, share in by_day.items() if share >= NEARLY_ALL * incidence - 1e-9)
