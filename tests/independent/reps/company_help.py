"""What the company gives each rep, straight from the words: leads, key accounts, help across units, win rates."""

from collections import Counter
from datetime import date

from tests.independent.facts import day_of
from tests.independent.reps.life_stage import Company, a_year_earlier


def leads(company: Company) -> Counter:
    """Leads assigned to own in the trailing 12 months, each once per rep; never assigned: the owner, at creation."""
    start, end = a_year_earlier(company.as_of), company.as_of
    assigned = [
        row
        for row in company.facts.rows("assignment")
        if row["subject_kind"] == "lead" and row["role"] == "owner" and row["rep_id"]
    ]
    ever = {row["subject_id"] for row in assigned}
    received = {(row["subject_id"], row["rep_id"]) for row in assigned if start < day_of(row["from_on"]) <= end}
    for row in company.facts.rows("lead"):
        if row["lead_id"] not in ever and row["owner_id"] and start < day_of(row["created_on"]) <= end:
            received.add((row["lead_id"], row["owner_id"]))
    return Counter(rep for _, rep in received)


def unit_of(company: Company, region: str | None) -> str | None:
    """The region directly below the root in which a region lies; none for the root and for no region."""
    parents = {row["region_id"]: row["parent_id"] for row in company.facts.rows("region")}
    while region and parents.get(region):
        if not parents[parents[region]]:
            return region
        region = parents[region]
    return None


def helped(company: Company) -> Counter:
    """Collaborations completed in the trailing 12 months on deals of another unit, as both were on the day."""
    deals = {deal.key: deal for deal in company.deals}
    found: Counter = Counter()
    for row in company.facts.rows("activity"):
        day = day_of(row["completed_at"])
        if row["origin"] != "collaboration" or day is None or not row["opportunity_id"]:
            continue
        state = deals[row["opportunity_id"]].on(day)
        if not a_year_earlier(company.as_of) < day <= company.as_of or state is None:
            continue
        region = state.region or (company.facts.region_of_rep(state.owner, day) if state.owner else None)
        theirs, own = unit_of(company, region), unit_of(company, company.facts.region_of_rep(row["rep_id"], day))
        found[row["rep_id"]] += bool(theirs and own and theirs != own)
    return found


def win_rates(company: Company, segment: str) -> dict[tuple[str, str], tuple[int, int]]:
    """(product, track) of one industry: won and decided, of everything closed by the day and not left out."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for deal in company.deals:
        outcome = deal.outcome_on(company.as_of)
        left_out = outcome == "lost" and deal.loss_reason in ("qualified_out", "duplicate")
        if deal.segment == segment and deal.product and outcome in ("won", "lost") and not left_out:
            won, decided = found.get((deal.product, deal.track), (0, 0))
            found[deal.product, deal.track] = won + (outcome == "won"), decided + 1
    return {key: counts for key, counts in found.items() if counts[1] >= 10}


def owners(company: Company) -> dict[str, str]:
    """Who has each account on the day: the latest owner assigned by then, else the account's own."""
    begun: dict[str, tuple[date, dict]] = {}
    for row in company.facts.rows("assignment"):
        is_owner = row["subject_kind"] == "account" and row["role"] == "owner"
        day = day_of(row["from_on"])
        if is_owner and day <= company.as_of and day >= begun.get(row["subject_id"], (date.min,))[0]:
            begun[row["subject_id"]] = day, row
    found = {}
    for row in company.facts.rows("account"):
        latest = begun.get(row["account_id"])
        if latest is None:
            found[row["account_id"]] = row["owner_id"]
        elif not latest[1]["to_on"] or day_of(latest[1]["to_on"]) > company.as_of:
            found[row["account_id"]] = latest[1]["rep_id"]
    return found
