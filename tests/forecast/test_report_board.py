"""`report board` equals an independent computation over the demo organisation, and obeys its laws: what is said adds
up, and a manager reads the row that the executive reads."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from dashboard.answers.forecast.board import NUMBERS
from dashboard.metrics.forecast import board as metrics
from data_access.forecast import commits
from data_access.scope import Period, Person
from tests.folders import write_folder
from tests.independent import board as independent
from tests.independent.product import TODAY, load, report
from tests.independent.scopes import Asked
from tests.rings import rings

pytestmark = pytest.mark.writes
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))
ASKED = {"start": QUARTER.start, "end": QUARTER.end}
BAND = ("low", "high")
REGIONS = ("east", "north", "south", "west")
SAID = {
    "east": ("30000000.10", "two large ones are signed"),
    "north-beijing": ("9000000", ""),
    "west-chengdu": ("8000000", ""),
    "west-chongqing": ("9000000.55", ""),
    "west": ("15000000", "one will slip"),
    "": ("70000000", "as told to the board"),
}
QUESTIONS = {
    "the company": (Asked(**ASKED), REGIONS),
    "a region of its manager": (Asked(**ASKED, manager_of="west"), ("west-chengdu", "west-chongqing")),
    "as of an earlier day": (Asked(**ASKED, as_of=date(2026, 11, 2)), REGIONS),
}


@pytest.fixture
def committed(demo):
    for place, (amount, note) in SAID.items():
        minor = int(Decimal(amount) * 100)
        whose = {"region_id": place or None, "note": note, "at": datetime(2026, 11, 21, 9)}
        commits.commit(demo, Person("executive", name="Eva"), QUARTER, minor, **whose)
    return demo


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.long
def test_equals_the_independent_computation(committed, demo_folder, name):
    asked, units = QUESTIONS[name]
    stands = asked.start == QUARTER.start and asked.as_of is None  # nothing was said by the earlier day
    said = {place: (Decimal(amount), note or None) for place, (amount, note) in SAID.items()} if stands else {}
    told = report(committed, "board", asked.arguments())
    ours = independent.report(demo_folder, asked, list(units), said, "CNY", TODAY)
    assert _differs(ours["values"], told["values"]) == []
    assert {row["key"] for row in told["rows"]} == set(units)
    for row in told["rows"]:
        assert _differs(ours["rows"][row["key"]], row) == [], row["label"]


def _differs(ours: dict, told: dict) -> list[str]:
    """The numbers that differ by more than a cent of rounding; an edge of the band: by more than its draws do."""
    width = 0.0 if told["low"] is None else told["high"] - told["low"]
    found = []
    for key in (*NUMBERS, "is_own", "note"):
        one, other = ours[key], told[key]
        if isinstance(one, (Decimal, float, int)) and not isinstance(one, bool) and other is not None:
            is_same = abs(float(one) - other) <= 0.0101 + (0.02 * width if key in BAND else 0)
        else:
            is_same = one == other
        found += [] if is_same else [f"{key}: ours {one}, printed {other}"]
    return found


def test_what_is_said_adds_up_and_the_difference_of_the_forecasts_is_told(committed):
    told = report(committed, "board", Asked(**ASKED).arguments())
    whole, rows = told["values"], told["rows"]
    for key in ("won_amount", "target_amount", "best_case_amount"):
        assert _cents(whole[key]) == sum(_cents(row[key]) for row in rows)
    parts = sum(_cents(row["commit_amount"] or 0) for row in rows)
    assert _cents(whole["commit_amount"]) == parts + _cents(whole["commit_adjustment"])
    parts = sum(_cents(row["expected"]) for row in rows)
    assert _cents(whole["forecast_difference"]) == _cents(whole["expected"]) - parts
    assert whole["missing"] == "华北; 华南"  # Tianjin said nothing, nor did anybody in the south
    assert {row["key"]: row["missing"] for row in rows}["north"] == "天津"


def _cents(amount: float) -> int:
    return round(amount * 100)


@pytest.mark.parametrize("region", rings(REGIONS))
def test_a_manager_reads_the_row_that_the_executive_reads(committed, region):
    rows = report(committed, "board", Asked(**ASKED).arguments())["rows"]
    seen = next(row for row in rows if row["key"] == region)
    own = report(committed, "board", Asked(**ASKED, manager_of=region).arguments())["values"]
    assert {key: own[key] for key in NUMBERS} == {key: seen[key] for key in NUMBERS}


@pytest.mark.long
def test_below_the_lowest_region_stand_its_reps(committed):
    whole = report(committed, "board", Asked(**ASKED, regions=("west-chengdu",)).arguments())
    rows = whole["rows"]
    assert len(rows) > 3 and all(row["key"].startswith("R") for row in rows)
    assert sum(_cents(row["target_amount"] or 0) for row in rows) == _cents(whole["values"]["target_amount"])
    assert whole["values"]["commit_amount"] == 8_000_000


def test_nobody_commits_for_a_product(committed):
    told = report(committed, "board", Asked(**ASKED, track="fast").arguments())
    assert told["rows"] == [] and set(told["values"].values()) == {None}


@pytest.mark.parametrize("role", [None, "g"])
def test_what_lies_in_no_region_or_in_the_whole_itself_is_nobodys_commit(sqlite, tmp_path, role):
    """Not the whole company's, nor that of the region it lies in, counted twice."""
    deals = "".join(f"d{at},D,Sales,Offer,{region},100,2026-01-10\n" for at, region in enumerate(("n", "s", "g", "")))
    nothing = {"opportunity_history": "opportunity_id,changed_at,stage\n", "activity": "activity_id,rep_id,kind\n"}
    text = {"opportunity": "opportunity_id,name,pipeline,stage,region_id,amount,created_on\n" + deals}
    load(sqlite, write_folder(tmp_path / "files", text | nothing | {"payment": "opportunity_id,received_on,amount\n"}))
    for region, amount in ((None, 10_000), ("g", 7_000), ("n", 3_000)):
        whose = {"region_id": region, "at": datetime(2026, 11, 21, 9)}
        commits.commit(sqlite, Person("executive"), QUARTER, amount, **whose)
    told = report(sqlite, "board", Asked(**ASKED, as_of=TODAY, manager_of=role).arguments())
    said = {row["key"]: row["commit_amount"] for row in told["rows"]}
    assert said == {"n": 30, "s": None, "g": None} | ({} if role else {None: None})
    assert told["values"]["commit_amount"] == (70 if role else 100) and told["values"]["missing"] == "South"


TREE = {
    metrics.COMPANY: [("n", None), ("s", None)],
    ("n", None): [("n1", None), ("n2", None)],
    ("n1", None): [(None, "r1"), (None, "r2")],
}


@pytest.mark.parametrize(
    ("own", "amount", "of_parts", "missing"),
    [
        ({}, None, None, {"n", "s"}),
        ({"s": 5}, 5, 5, {"n"}),
        ({"s": 5, "n1": 7}, 12, 12, {"n"}),  # n is not whole: n2 said nothing
        ({"s": 5, "n1": 7, "n2": 0}, 12, 12, set()),  # nothing is a word too
        ({"s": 5, "n": 10, "n1": 7}, 15, 15, set()),  # what n says holds for all of it
        ({"s": 5, "r1": 3}, 8, 8, {"n"}),
        ({"": 20, "s": 5}, 20, 5, {"n"}),
    ],
)
def test_a_commit_is_the_own_word_or_that_of_those_below(own, amount, of_parts, missing):
    units = {place: (None, place) if place.startswith("r") else (place or None, None) for place in own}
    found = metrics.commit_of(metrics.COMPANY, {units[place]: said for place, said in own.items()}, TREE)
    assert (found.amount, found.of_parts) == (amount, of_parts)
    assert {region for region, _ in found.missing} == missing
