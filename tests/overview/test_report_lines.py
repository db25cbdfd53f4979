"""The lines of business of `report overview` equal the independent computation, in the demo and in a small company."""

from datetime import date

import pytest

from dashboard.answers.overview.collection import overdue
from data_access.scope import Period, Person, Scope
from tests.independent.compare import differences
from tests.independent.lines import lines
from tests.independent.product import TODAY, load, report
from tests.independent.random.collected import with_money
from tests.independent.random.organisations import organisation, questions, write
from tests.independent.scopes import Asked
from tests.rings import rings

QUARTER = {"start": date(2026, 10, 1), "end": date(2026, 12, 31)}
ASKED = {
    "quarter": Asked(**QUARTER),
    "manager": Asked(**QUARTER, manager_of="east"),
    "past": Asked(date(2026, 1, 1), date(2026, 6, 30), as_of=date(2026, 5, 5), regions=("south",)),
    "fast lane": Asked(**QUARTER, track="fast"),
}


@pytest.mark.parametrize("name", rings(["quarter", "manager", "past", "fast lane"]))
def test_the_demo_equals_the_independent_computation(name, demo, demo_folder):
    printed = report(demo, "overview", ASKED[name].arguments())
    ours = lines(demo_folder, ASKED[name], "CNY", TODAY)
    assert differences(ours, {part: printed[part] for part in ours}) == []
    assert printed["collection"]["overdue_count"] > 0
    assert printed["key_accounts"]["key_closeness_change"] and printed["support"]["needed_requests"]


@pytest.mark.parametrize("seed", rings(range(4)))
def test_what_is_collected_and_overdue_equals_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


@pytest.mark.parametrize("seed", rings([101, 102]))
def test_what_is_overdue_equals_it_on_each_database(seed, database, tmp_path):
    assert _differences(database, seed, tmp_path) == []


def _differences(database, seed, tmp_path) -> list[str]:
    folder = write(with_money(organisation(seed), seed), tmp_path / "organisation")
    load(database, folder)
    found = []
    for asked in questions(seed, 8):
        ours, printed = lines(folder, asked, "CNY", TODAY), report(database, "overview", asked.arguments())
        found += differences(ours, {part: printed[part] for part in ours})
    return found


STAGES = [{"pipeline": "p", "stage": kind, "position": 1, "kind": kind} for kind in ("open", "won", "lost")]
DEAL = {"pipeline": "p", "stage": "won", "created_on": "2026-01-01", "closed_on": "2026-02-01", "amount": 1000}
INVOICES = [("2026-03-01", 300), ("2026-04-01", 400), ("2026-05-01", 300)]


@pytest.mark.parametrize(
    ("received", "as_of", "left"),
    [
        ([], "2026-03-01", []),  # on its own day it is not late yet
        ([], "2026-03-02", [300]),
        ([("2026-03-05", 300)], "2026-03-04", [300]),  # money that comes later is not there yet
        ([("2026-03-05", 300)], "2026-03-05", []),
        ([("2026-03-05", 100), ("2026-03-20", 50)], "2026-03-31", [150]),  # in part
        ([("2026-03-05", 500)], "2026-04-15", [200]),  # the oldest first, and what is over pays the next
        ([("2026-02-05", 1000)], "2026-06-01", []),  # ahead
        ([("2026-03-05", 300), ("2026-04-10", -100)], "2026-04-15", [100, 400]),  # a refund opens it again
        ([("2026-04-10", -100)], "2026-04-15", [300, 400]),  # and makes none larger than it is
    ],
)
def test_receipts_pay_the_oldest_invoice_first(received, as_of, left, sqlite, tmp_path):
    tables = {
        "stage": STAGES,
        "opportunity": [DEAL | {"opportunity_id": "d"}],
        "invoice": [{"opportunity_id": "d", "due_on": day, "amount": amount} for day, amount in INVOICES],
        "payment": [{"opportunity_id": "d", "received_on": day, "amount": amount} for day, amount in received],
    }
    load(sqlite, write(tables, tmp_path / "company"))
    day = date.fromisoformat(as_of)
    scope = Scope(Person("executive"), Period(date(2026, 1, 1), day), day, date(2026, 6, 30))
    found = overdue(lambda question, asked, *more: question(sqlite, asked, *more), scope)
    assert found["unpaid"].tolist() == left
    assert (found["days_overdue"] > 0).all()
    printed = report(sqlite, "overview", ["--from", "2026-01-01", "--as-of", as_of])["collection"]
    so_far = sum(amount for on, amount in received if on <= as_of)
    assert printed["overdue_amount"] == sum(left) and printed["overdue_count"] == len(left)
    assert printed["received_amount"] == (so_far if received else None)


def test_what_no_table_tells_is_no_data(sqlite, tmp_path):
    tables = {"stage": STAGES, "opportunity": [DEAL | {"opportunity_id": "d"}]}
    load(sqlite, write(tables, tmp_path / "company"))
    printed = report(sqlite, "overview", [])
    assert set(printed["collection"].values()) == set(printed["key_accounts"].values()) == {None}
    assert printed["support"] == {"utilisation": None, "met_in_time_share": None, "needed_requests": 0}
