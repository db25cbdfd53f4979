"""What the Overview is told, on a company written by hand."""

from datetime import date

from dashboard.metrics import revenue
from data_access.pipeline.closing import closed_totals
from data_access.scope import Period, Person, Scope
from tests.independent.product import load
from tests.independent.random.organisations import write

DAY = date(2026, 1, 9)


def test_what_was_won_stands_under_the_kind_that_was_given(sqlite, tmp_path):
    stages = [{"pipeline": "p", "stage": kind, "position": 1, "kind": kind} for kind in ("open", "won", "lost")]
    won = [("new", 1), ("new", 10), ("upsell", 2), ("cross_sell", 4), ("renewal", 8), ("", 16)]
    deals = [
        {"opportunity_id": str(n), "pipeline": "p", "stage": "won", "closed_on": DAY, "kind": kind, "amount": amount}
        for n, (kind, amount) in enumerate(won)
    ]
    lost = {"pipeline": "p", "stage": "lost", "closed_on": DAY}
    deals.append({"opportunity_id": "lost", "kind": "new", **lost})
    deals.append({"opportunity_id": "left", "kind": "renewal", "amount": 3, **lost})
    load(sqlite, write({"stage": stages, "opportunity": deals}, tmp_path / "company"))
    scope = Scope(Person("executive"), Period(DAY, DAY), DAY, DAY)
    closed = closed_totals(sqlite, scope, ("kind",))
    assert revenue.by_kind(closed) == {
        "new": 11,
        "upsell": 2,
        "cross_sell": 4,
        "renewal": 8,
        "unknown": 16,
    }
    assert revenue.net_won(closed) == 41 - 3
