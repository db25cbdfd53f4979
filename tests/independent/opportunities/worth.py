"""`report opportunities`, and the grid behind the page, straight from the words: values, quadrants, openings."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from tests.independent.deals import Deal, replay
from tests.independent.facts import Facts, day_of, total
from tests.independent.readings import ratio
from tests.independent.scopes import Asked, View, view

SHORT, LONG = ("one_off_revenue", "quota_effect"), ("follow_on", "brand", "morale")
TILES = {
    ("ours", "ahead"): "normal", ("ours", "even"): "problem", ("ours", "behind"): "abnormal",
    ("neutral", "ahead"): "normal", ("neutral", "even"): "normal", ("neutral", "behind"): "normal",
    ("theirs", "ahead"): "abnormal", ("theirs", "even"): "problem", ("theirs", "behind"): "normal",
}  # fmt: skip
CUT = Fraction(5)


def _by(facts: Facts, table: str, column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in facts.rows(table):
        found.setdefault(row[column], []).append(row)
    return found


class Judged:
    """What people judged about the deals of a folder, and what their accounts bought."""

    def __init__(self, facts: Facts):
        self.scores = _by(facts, "opportunity_score", "opportunity_id")
        self.openings = facts.rows("opening")
        self.purchases = _by(facts, "purchase", "account_id")
        self.category = {row["product"]: row["category"] for row in facts.rows("product")}
        self.deals = {row["opportunity_id"]: row for row in facts.rows("opportunity")}

    def value(self, key: str, questions: tuple[str, ...], as_of: date) -> Fraction | None:
        """The mean of the latest answers; None unless all are there."""
        answers = []
        for question in questions:
            days = {
                day_of(row["assessed_on"]): Fraction(row["score"])
                for row in self.scores.get(key, ())
                if row["question"] == question
            }
            known = [day for day in days if day <= as_of]
            if not known:
                return None
            answers.append(days[max(known)])
        return sum(answers) / len(answers)

    def opening(self, key: str, until: date, counted_on: date) -> tuple[str | None, str | None, str | None]:
        """Territory, position and class of the latest opening judged by a day; the territory, where nobody judged it,
        by the purchases of the three calendar years before that of `counted_on`."""
        rows = [row for row in self.openings if row["opportunity_id"] == key and day_of(row["assessed_on"]) <= until]
        latest = max(rows, key=lambda row: day_of(row["assessed_on"]), default={})
        territory = latest.get("territory") or self._bought(key, counted_on.year)
        position = latest.get("position")
        return territory, position, TILES.get((territory, position))

    def what_changed(self, key: str, until: date) -> str:
        rows = [row for row in self.openings if row["opportunity_id"] == key and day_of(row["assessed_on"]) <= until]
        return max(rows, key=lambda row: day_of(row["assessed_on"]), default={}).get("what_changed", "")

    def _bought(self, key: str, year: int) -> str | None:
        deal = self.deals[key]
        category = self.category.get(deal["product"])
        rows = [
            row
            for row in self.purchases.get(deal["account_id"], ())
            if row["account_id"] != "" and row["category"] == category
            and int(row["year"]) in (year - 3, year - 2, year - 1)
        ]  # fmt: skip
        whole = sum(Fraction(row["amount"]) for row in rows)
        if not whole:
            return None
        share = sum(Fraction(row["amount"]) for row in rows if row["supplier"] == "us") / whole
        return "ours" if share >= Fraction(60, 100) else "theirs" if share <= Fraction(40, 100) else "neutral"


def opportunities(folder: Path, asked: Asked, base_currency: str, today: date, cuts=(CUT, CUT)) -> list[dict]:
    """The rows of the report, by deal."""
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen, judged = view(facts, deals, asked, today), Judged(facts)
    rows = []
    for deal in sorted(_open(seen, deals), key=lambda deal: deal.key):
        short, long = (judged.value(deal.key, questions, seen.as_of) for questions in (SHORT, LONG))
        territory, position, its_class = judged.opening(deal.key, seen.as_of, seen.as_of)
        rows.append(
            {
                "opportunity_id": deal.key,
                "short_term": None if short is None else float(short),
                "long_term": None if long is None else float(long),
                "quadrant": _quadrant(short, long, cuts),
                "territory": territory,
                "position": position,
                "opening": its_class,
            }
        )
    return rows


def _open(seen: View, deals: list[Deal]) -> list[Deal]:
    return [deal for deal in deals if deal.outcome_on(seen.as_of) == "open" and seen.has_on(deal, seen.as_of)]


def _quadrant(short: Fraction | None, long: Fraction | None, cuts: tuple[Fraction, Fraction]) -> str | None:
    if short is None or long is None:
        return None
    names = {(True, True): "both", (True, False): "short", (False, True): "long", (False, False): "neither"}
    return names[short >= cuts[0], long >= cuts[1]]


def grid(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[tuple[str, str], dict]:
    """Per cell the open deals, and of all deals closed by the as-of date those that were in it the day before."""
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen, judged = view(facts, deals, asked, today), Judged(facts)
    cells = {cell: {"deals": 0, "n": 0, "won": 0} for cell in TILES}
    for deal in _open(seen, deals):
        cell = judged.opening(deal.key, seen.as_of, seen.as_of)[:2]
        if cell in cells:
            cells[cell]["deals"] += 1
    for deal in deals:
        closed_on = deal.closed_on(seen.as_of)
        if closed_on is None or not seen.has_on(deal, closed_on) or seen.leaves_out(deal):
            continue
        cell = judged.opening(deal.key, closed_on - timedelta(days=1), closed_on)[:2]
        if cell in cells:
            cells[cell]["n"] += 1
            cells[cell]["won"] += deal.outcome_on(seen.as_of) == "won"
    return {cell: {**row, "win_rate": ratio(row["won"], row["n"])} for cell, row in cells.items()}


# --- lost, given up, and key actions ----------------------------------------------------------------------


def _closed(seen: View, deals: list[Deal]) -> list[Deal]:
    """Deals closed in the period, the qualified-out and duplicate ones too."""
    days = {deal.key: deal.closed_on(seen.as_of) for deal in deals}
    return [deal for deal in deals if seen.in_flow(days[deal.key]) and seen.has_on(deal, days[deal.key])]


def losses(folder: Path, asked: Asked, base_currency: str, today: date) -> dict:
    """Lost deals by reason (count, amount), by compared region and reason, by competitor and reason; what was
    qualified out (count, amount, hours per deal) and the hours per lost deal."""
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    rows = {row["opportunity_id"]: row for row in facts.rows("opportunity")}
    lost = [deal for deal in _closed(seen, deals) if deal.outcome_on(seen.as_of) == "lost"]
    counted = [deal for deal in lost if deal.loss_reason not in ("qualified_out", "duplicate")]
    out = [deal for deal in lost if deal.loss_reason == "qualified_out"]
    hours = Counter()
    for row in facts.bookings(seen.as_of):
        if day_of(row["week"]) <= seen.as_of:
            hours[row["opportunity_id"]] += Fraction(row["hours"])

    def amount(some: list[Deal]):
        return total(
            [facts.in_base(deal.on(seen.as_of).amount, deal.currency, deal.closed_on(seen.as_of)) for deal in some]
        )

    def place(deal: Deal) -> str | None:
        return _below_the_top(facts, seen.region_of(deal.on(seen.as_of), deal.closed_on(seen.as_of)))

    reasons = {deal.loss_reason for deal in counted}
    return {
        "reasons": {
            reason: {"deals": len(some), "amount": amount(some)}
            for reason in reasons
            for some in [[deal for deal in counted if deal.loss_reason == reason]]
        },
        "by_region": Counter((place(deal), deal.loss_reason) for deal in counted),
        "by_competitor": Counter((rows[deal.key]["competitor"] or None, deal.loss_reason) for deal in counted),
        "out": {"deals": len(out), "amount": amount(out), "hours": _mean_hours(hours, out)},
        "lost_hours": _mean_hours(hours, counted),
    }


def _mean_hours(hours: Counter, deals: list[Deal]) -> float | None:
    return ratio(sum(hours[deal.key] for deal in deals), len(deals))


def _below_the_top(facts: Facts, region: str | None) -> str | None:
    """The region right below the only top one that a region lies in."""
    parents = {row["region_id"]: row["parent_id"] for row in facts.rows("region")}
    while region and parents[region] and parents[parents[region]]:
        region = parents[region]
    return region


def key_actions_done(folder: Path, asked: Asked, base_currency: str, today: date) -> dict[tuple[str, str], list[int]]:
    """Per stage and key action: [open deals in the stage, of them with the action done by the date]."""
    facts = Facts(folder, base_currency)
    deals = replay(facts)
    seen = view(facts, deals, asked, today)
    done = _done(facts)
    found = {}
    for action in facts.rows("key_action"):
        here = [
            deal
            for deal in _open(seen, deals)
            if deal.pipeline == action["pipeline"] and deal.stage_on(seen.as_of, facts.last_day) == action["stage"]
        ]
        days = [done.get((deal.key, action["key_action"]), date.max) for deal in here]
        if here:
            found[action["stage"], action["key_action"]] = [len(here), sum(day <= seen.as_of for day in days)]
    return found


def _done(facts: Facts) -> dict[tuple[str, str], date]:
    """The first day on which each key action was completed for each deal."""
    days: dict[tuple[str, str], date] = {}
    for row in facts.rows("activity"):
        if row["key_action"] and row["opportunity_id"] and row["completed_at"]:
            key, day = (row["opportunity_id"], row["key_action"]), day_of(row["completed_at"])
            days[key] = min(day, days.get(key, day))
    return days
