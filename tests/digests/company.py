"""A company of two regions, written by hand: what a digest tells of it is worked out here in plain Python."""

from pathlib import Path

import sqlalchemy as sa

from data_access.people import digests, known
from data_access.scope import Person
from tests.independent.product import load
from tests.independent.random.organisations import write

ADDRESS = "https://cockpit.example.com"
WEEK = "2026-08-10", "2026-08-16"  # Monday to Sunday; the last thing in the data happened on the day after
_STAGES = [("Lead", "open"), ("Offer", "open"), ("Won", "won"), ("Lost", "lost")]
# id, region, owner, kind, amount, stage, closed on (open: empty)
_DEALS = [
    ("n-new", "north", "nora", "new", "1000.25", "Won", "2026-08-11"),
    ("n-up", "north", "nora", "upsell", "200.50", "Won", "2026-08-16"),
    ("n-before", "north", "nora", "renewal", "700", "Won", "2026-08-05"),
    ("n-left", "north", "nora", "renewal", "90.10", "Lost", "2026-08-12"),
    ("n-stuck", "north", "nora", "new", "5000", "Offer", ""),
    ("s-cross", "south", "sven", "cross_sell", "40000.40", "Won", "2026-08-12"),
    ("s-after", "south", "sven", "new", "1", "Won", "2026-08-17"),
    ("s-lost", "south", "sven", "new", "300", "Lost", "2026-08-13"),
    ("s-stuck", "south", "sven", "new", "60000", "Offer", ""),
]
PEOPLE = {
    one.email: one
    for one in (
        Person("executive", name="Boss", email="boss@example.com"),
        Person("director", name="Dora", email="dora@example.com"),
        Person("manager", ("north",), name="Nils", email="nils@example.com"),
    )
}


def seen_by(person: Person) -> list[tuple]:
    """The deals that somebody may see."""
    return [deal for deal in _DEALS if person.regions is None or deal[1] in person.regions]


def won(person: Person, first: str, last: str) -> list[tuple]:
    return [deal for deal in seen_by(person) if deal[5] == "Won" and first <= deal[6] <= last]


def amount(deals: list[tuple]) -> float:
    return sum(round(float(deal[4]) * 100) for deal in deals) / 100


def make(database: sa.Engine, folder: Path) -> None:
    """Loads it, with its three persons on file, who get a digest every week: one of them in Chinese."""
    tables = {
        "region": [{"region_id": "north", "name": "Northland"}, {"region_id": "south", "name": "Southland"}],
        "rep": [
            {"rep_id": "nora", "name": "Nora <b>", "region_id": "north"},
            {"rep_id": "sven", "name": "Sven [x](http://evil)", "region_id": "south"},
        ],
        "stage": [
            {"pipeline": "p", "stage": name, "position": place, "kind": kind}
            for place, (name, kind) in enumerate(_STAGES, 1)
        ],
        "account": [
            {"account_id": f"a-{one}", "name": f"Account {one}", "region_id": one, "owner_id": owner}
            for one, owner in (("north", "nora"), ("south", "sven"))
        ],
        "opportunity": [
            {
                "opportunity_id": key,
                "name": f"Deal {key}",
                "account_id": f"a-{place}",
                "owner_id": owner,
                "region_id": place,
                "pipeline": "p",
                "stage": stage,
                "kind": kind,
                "amount": money,
                "created_on": "2026-03-02",
                "closed_on": closed,
                "expected_close_on": "2026-05-01",
            }
            for key, place, owner, kind, money, stage, closed in _DEALS
        ],
        "activity": [
            {
                "activity_id": f"{rep}-{n}",
                "rep_id": rep,
                "account_id": account,
                "kind": "call",
                "created_on": f"2026-08-{10 + n}",
                "completed_at": f"2026-08-{12 + n}T10:00:00",
            }
            for rep, account, count in (("nora", "a-north", 3), ("sven", "a-south", 5))
            for n in range(count)
        ],
    }
    load(database, write(tables, folder / "company"))
    for email, person in PEOPLE.items():
        known.put(database, email, person, by="me")
        digests.put(database, email, "weekly", "zh_CN" if email.startswith("dora") else "en", robot="", by="me")
