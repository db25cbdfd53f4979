"""The public and the private pool, straight from the words."""

from collections import defaultdict
from dataclasses import replace
from statistics import median

from tests.independent.deals import Deal
from tests.independent.facts import day_of
from tests.independent.leads.outcomes import asked_for, is_undecided
from tests.independent.scopes import View


def pools(view: View, deals: list[Deal]) -> dict[str, dict]:
    """Per kind (lead, account): held privately and publicly, recycled, claimed, medians of days, yield."""
    asked = view.asked
    anybody = View(view.facts, replace(asked, owner=None), view.start, view.end, view.as_of, view.visible)
    leads = {row["lead_id"]: row for row in asked_for(anybody)}
    accounts = {
        row["account_id"]: row
        for row in view.facts.rows("account")
        if view.sees_region(row["region_id"] or None)
        and asked.segment in (None, row["industry"] or row["customer_class"] or None)
    }
    of_deal = {row["opportunity_id"]: row["account_id"] for row in view.facts.rows("opportunity")}
    born = defaultdict(list)
    for deal in deals:
        if deal.created:
            born[of_deal[deal.key]].append(deal.created)
    spells = defaultdict(list)
    for row in view.facts.rows("assignment"):
        if row["role"] == "owner":
            spell = (day_of(row["from_on"]), day_of(row["to_on"]), row["rep_id"])
            spells[row["subject_kind"], row["subject_id"]].append(spell)

    found = {}
    for kind, subjects in (("lead", leads), ("account", accounts)):
        held, recycled, claimed, yielded = [], [], [], 0
        for key, subject in subjects.items():
            own = sorted(spells[kind, key])
            now = [rep for start, end, rep in own if start <= view.as_of and (end is None or end > view.as_of)]
            if now and (kind == "account" or is_undecided(view, subject)) and asked.owner in (None, now[-1]):
                held.append(now[-1])
            for (since, _, before), (day, _, after) in zip(own, own[1:], strict=False):
                if not view.in_flow(day) or bool(before) == bool(after):
                    continue
                if asked.owner and asked.owner not in (before, after):
                    continue
                (claimed if after else recycled).append((day - since).days)
                days = [day_of(subject["converted_on"])] if kind == "lead" else born[key]
                yielded += bool(after) and any(other and day <= other <= view.as_of for other in days)
        if held or recycled or claimed:
            found[kind] = {
                "private": len([rep for rep in held if rep]),
                "public": len([rep for rep in held if not rep]),
                "recycled": len(recycled),
                "claimed": len(claimed),
                "days_held": _median(recycled),
                "days_in_pool": _median(claimed),
                "yielded": yielded,
                "pool_yield": yielded / len(claimed) if claimed else None,
            }
    return found


def _median(days: list[int]) -> float | None:
    return float(median(days)) if days else None
