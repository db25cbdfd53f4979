"""`report deciding` equals an independent computation on the demo organisation and random ones, and obeys its laws."""

from datetime import date, datetime, timedelta
from random import Random

import pandas as pd
import pytest

from dashboard.metrics.forecast import deciding as metrics
from data_access.engine import engine
from tests.independent import deciding as independent
from tests.independent.compare import differences
from tests.independent.product import TODAY, load, report, run
from tests.independent.random.histories import CURRENCIES, FIRST_DAY, LAST_DAY, deal_rows
from tests.independent.random.organisations import REGIONS, REPS, Tables, organisation, random_day, write
from tests.independent.scopes import Asked
from tests.rings import rings

QUARTER = {"start": date(2026, 10, 1), "end": date(2026, 12, 31)}
MONEY = ("won_amount", "expected", "target_amount", "gap", "amount", "amount_before", "weight")
SEEDS = (305, 301, 302, 303)  # the first has every kind of change, and a handful that closes
MIDDLE = date(2026, 6, 10)


def differs(ours: dict, told: dict) -> list[str]:
    """One line per value or key of a row that differs: money by more than a cent."""
    told = {"values": told["values"] | {"refused": bool(told["values"]["refused"])}, "rows": told["rows"]}
    return differences(_to_the_cent(ours, told), told)


def _to_the_cent(ours, told):
    """Ours, with the product's money in the place of ours where they differ by a cent of rounding at the most."""
    if isinstance(ours, dict) and isinstance(told, dict):
        return {
            key: told.get(key) if key in MONEY and _near(value, told.get(key)) else _to_the_cent(value, told.get(key))
            for key, value in ours.items()
        }
    if isinstance(ours, list) and isinstance(told, list) and len(ours) == len(told):
        return [_to_the_cent(one, other) for one, other in zip(ours, told, strict=True)]
    return ours


def _near(ours, told) -> bool:
    return ours is not None and told is not None and abs(float(ours) - told) <= 0.0101


QUESTIONS = {
    "running quarter": Asked(**QUARTER),
    "its manager": Asked(**QUARTER, manager_of="west"),
    "one track": Asked(**QUARTER, track="fast"),
    "a region": Asked(**QUARTER, regions=("west",)),
    "ended": Asked(date(2026, 7, 1), date(2026, 9, 30)),
    "as of an earlier day": Asked(date(2026, 7, 1), date(2026, 9, 30), as_of=date(2026, 8, 20)),
    "not begun": Asked(date(2027, 1, 1), date(2027, 3, 31)),
    "everything": Asked(),
}


@pytest.mark.parametrize("name", rings(QUESTIONS, short=2))
def test_equals_the_independent_computation_over_the_demo(demo, demo_folder, name):
    asked = _with_ids(QUESTIONS[name], demo_folder)
    told = report(demo, "deciding", asked.arguments())
    assert differs(independent.report(demo_folder, asked, "CNY", TODAY), told) == []


def _with_ids(asked: Asked, folder) -> Asked:
    """The region named west in place of its word."""
    regions = pd.read_csv(folder / "region.csv", dtype=str)
    west = regions.loc[regions["name"] == "华西", "region_id"].iloc[0]
    changes = {"regions": (west,)} if asked.regions else {"manager_of": west} if asked.manager_of else {}
    return Asked(**{**asked.__dict__, **changes})


def busy(seed: int) -> Tables:
    """A random organisation with enough deals for forecasts, many of which changed in the days before MIDDLE,
    as did the rates, with what was done and planned with them."""
    random = Random(seed + 90_000)
    tables = organisation(seed)
    made = [deal_rows(random, f"d{number:03}", REPS, tuple(REGIONS), 0.1) for number in range(700)]
    made = [_moved(random, *one) if random.random() < 0.4 else one for one in made]
    deals = [deal for deal, _ in made]
    rates = {
        (key, day): {"currency": key, "valid_from": day, "rate": rate}
        for key in CURRENCIES
        for day, rate in (("2024-01-01", "0.92"), (str(MIDDLE - timedelta(days=3)), "1.1"))
    } | {(row["currency"], row["valid_from"]): row for row in tables["exchange_rate"]}
    return tables | {
        "opportunity": deals,
        "opportunity_history": [row for _, rows in made for row in rows],
        "exchange_rate": list(rates.values()),
        "activity": [_activity(random, f"v{number:04}", deals) for number in range(3_000)],
    }


def _moved(random: Random, deal: dict, rows: list[dict]) -> tuple[dict, list[dict]]:
    """The deal with one of its changes in the days up to MIDDLE, where the others then still lie in the data; perhaps
    it came from overseas then."""
    if not rows:
        return deal, rows
    moments = [datetime.fromisoformat(str(row["changed_at"])) for row in rows]
    one = random.randrange(len(rows))
    later = MIDDLE - timedelta(days=random.randint(0, 8)) - moments[one].date()
    if moments[-1].date() + later > LAST_DAY:
        return deal, rows
    regions = [{"region_id": "overseas" if at < one else "south-1"} for at in range(len(rows))]
    if random.random() < 0.5:
        regions = [{}] * len(rows)
    days = {name: deal[name] + later for name in ("created_on", "closed_on") if deal[name]}
    return deal | days | regions[-1], [
        row | {"changed_at": (moment + later).isoformat()} | region
        for row, moment, region in zip(rows, moments, regions, strict=True)
    ]


def _activity(random: Random, key: str, deals: list[dict]) -> dict:
    first, last = random.choice(((FIRST_DAY, LAST_DAY), (MIDDLE - timedelta(days=3), MIDDLE + timedelta(days=3))))
    planned, done = random_day(random, first, last + timedelta(days=60)), random_day(random, first, last)
    ended = random.choice(("", "completed_at", "completed_at", "cancelled_on"))
    moment = random.choice(("", "T08:30:00", "T17:00:00"))
    return {
        "activity_id": key,
        "rep_id": random.choice(REPS),
        "opportunity_id": random.choice(deals)["opportunity_id"],
        "kind": random.choice(("call", "visit", "meeting", "demo")),
        "created_on": random.choice(("", "", random_day(random, first, last))),
        "planned_on": random.choice(("", planned)) if ended == "completed_at" else planned,
        ended or "minutes": f"{done}{moment if ended == 'completed_at' else ''}" if ended else "",
    }


def asked_of(seed: int) -> list[Asked]:
    """The quarter around MIDDLE by role and filter, and the month of the last day."""
    random = Random(seed)
    manager_of = random.choice(("north", "south", "north-1", "south-2"))
    narrower = ({}, {"manager_of": "group"}, {"manager_of": manager_of}, {"regions": ("group",)}, {"track": "large"},
                {"owner": random.choice(REPS)})  # fmt: skip
    quarter = [Asked(date(2026, 4, 1), date(2026, 6, 30), MIDDLE, **one) for one in narrower]
    return [*quarter, Asked(date(2026, 11, 1), date(2026, 11, 30))]


@pytest.mark.parametrize("seed", rings(SEEDS))
def test_equals_the_independent_computation_over_random_organisations(seed, database, tmp_path):
    folder = write(busy(seed), tmp_path / "files")
    load(database, folder)
    found = []
    for asked in asked_of(seed):
        ours, told = independent.report(folder, asked, "CNY", TODAY), report(database, "deciding", asked.arguments())
        found += [f"{asked}: {line}" for line in differs(ours, told)]
    assert found == []


def test_without_a_forecast_it_says_why_in_every_form(maven_url):
    made = engine(maven_url)
    told = report(made, "deciding", [])
    assert "learns from 4 ended ones" in told["values"]["refused"] and told["rows"] == []
    for form in ("table", "csv"):
        assert "learns from 4 ended ones" in run(made, "report", "deciding", "--format", form).stdout
    made.dispose()


def deals(*amounts_and_chances: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(amounts_and_chances, columns=["amount", "chance"])


def test_the_fewest_that_reach_what_is_left_close_the_gap():
    three = deals((100, 0.5), (80, 0.5), (60, 0.5))  # each adds its half
    assert metrics.closing(three, None) == metrics.Closing()
    assert metrics.closing(three, 0) == metrics.closing(three, -10) == metrics.Closing(0)
    assert metrics.closing(three, 50) == metrics.Closing(1, 0.5)
    assert metrics.closing(three, 50.01) == metrics.Closing(2, 0.25)
    assert metrics.closing(three, 120) == metrics.Closing(3, 0.125)
    assert metrics.closing(three, 120.01) == metrics.Closing()
    assert metrics.closing(three.iloc[:0], 1) == metrics.Closing()


def test_no_more_than_five_are_a_handful():
    seven = deals(*[(100, 0.5)] * 7)
    assert metrics.closing(seven, 250).deals == 5
    assert metrics.closing(seven, 250.01) == metrics.Closing()
