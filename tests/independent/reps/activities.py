"""Activities as read from the files: their days, whom they were with, where their rep was posted."""

from dataclasses import dataclass
from datetime import date

from tests.independent.facts import Facts, day_of


@dataclass(frozen=True)
class Activity:
    """One activity. account: its own, else its deal's, else its lead's; region: the rep's of the day it was done,
    else of the day for which it was first planned."""

    key: str
    rep: str
    kind: str
    origin: str
    has_result: bool
    two_way: bool
    tells: bool
    account: str
    deal: str
    lead: str
    done: date | None
    entered: date | None
    planned: date | None
    first_planned: date | None
    cancelled: date | None
    region: str | None


def activities(facts: Facts) -> list[Activity]:
    return facts.once(_activities)


def _activities(facts: Facts) -> list[Activity]:
    of_deal = {row["opportunity_id"]: row.get("account_id", "") for row in facts.rows("opportunity")}
    of_lead = {row["lead_id"]: row.get("account_id", "") for row in facts.rows("lead")}
    found = []
    for row in facts.rows("activity"):
        deal, lead = row.get("opportunity_id", ""), row.get("lead_id", "")
        done, planned = day_of(row.get("completed_at", "")), day_of(row.get("planned_on", ""))
        first_planned = day_of(row.get("first_planned_on", "")) or planned
        anchor = done or first_planned
        found.append(
            Activity(
                key=row["activity_id"],
                rep=row["rep_id"],
                kind=row["kind"],
                origin=row.get("origin", ""),
                has_result=bool(row.get("result")),
                two_way=row.get("two_way", "").lower() == "true",
                tells=bool(row.get("two_way")),
                account=row.get("account_id") or of_deal.get(deal) or of_lead.get(lead) or "",
                deal=deal,
                lead=lead,
                done=done,
                entered=day_of(row.get("created_on", "")),
                planned=planned,
                first_planned=first_planned,
                cancelled=day_of(row.get("cancelled_on", "")),
                region=facts.region_of_rep(row["rep_id"], anchor) if anchor else None,
            )
        )
    return found
