"""The record of a deal: its stays and changes equal the replay of its rows, and nobody else's regions are shown."""

import random
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.answers.opportunities import one_deal as answers
from dashboard.metrics.opportunities.one_deal import changes
from data_access.engine import engine
from data_access.errors import NotFound, Refused
from data_access.opportunities import one_deal
from data_access.scope import Period, Person, Scope
from tests.independent.deals import replay
from tests.independent.facts import Facts

LAST = date(2026, 11, 21)


def scope(as_of: date = LAST, person: Person = Person("executive")) -> Scope:  # noqa: B008  (frozen)
    return Scope(person, Period(LAST - timedelta(days=90), LAST), as_of, LAST)


@pytest.fixture
def ask(demo_url):
    made = engine(demo_url)
    yield lambda question, scope, *arguments, **named: question(made, scope, *arguments, **named)
    made.dispose()


def day_of(cell) -> date | None:
    return None if pd.isna(cell) else cell.date()


def known(cell):
    return None if pd.isna(cell) else cell


def replayed_changes(deal, as_of: date, names: dict) -> list[tuple]:
    """The latest first: day, stage, amount, expected close, owner at the end of each day that changed one."""
    found = []
    for day in sorted({step.day for step in deal.steps if step.day <= as_of}):
        state = deal.on(day)
        shown = (state.stage, state.amount, state.expected_close, names.get(state.owner))
        if not found or found[-1][1:] != shown:
            found.append((day, *shown))
    return found[:0:-1]


def replayed_stays(deal, as_of: date) -> list[tuple]:
    """Day of entry, stage, day of leaving."""
    found = []
    for step in deal.steps:
        if step.day <= as_of and step.after.stage and (step.before is None or step.before.stage != step.after.stage):
            found.append((step.day, step.after.stage))
    ends = [day for day, _stage in found[1:]] + [None]
    return [(*entry, end) for entry, end in zip(found, ends, strict=True)]


@pytest.mark.parametrize("as_of", [LAST, date(2026, 6, 30)], ids=str)
def test_changes_and_stays_equal_the_replay_of_the_rows(as_of, ask, demo_folder):
    facts = Facts(demo_folder, "CNY")
    names = {row["rep_id"]: row["name"] for row in facts.rows("rep")}
    begun = [deal for deal in replay(facts) if deal.steps[0].day <= as_of]
    closed = [deal for deal in begun if deal.closed_on(as_of)]
    chosen = random.Random(7).sample(begun, 30) + random.Random(8).sample(closed, 5)
    assert sum(len(replayed_changes(deal, as_of, names)) for deal in chosen) > 60
    for deal in chosen:
        found = answers.deal(ask, scope(as_of), deal.key, {})
        changed = [
            (day_of(row.from_on), row.stage, known(row.amount), day_of(row.expected_close_on), row.owner)
            for row in found.changes.itertuples()
        ]
        assert changed == replayed_changes(deal, as_of, names), deal.key
        stays = [(day_of(row.entered_on), row.stage, day_of(row.left_on)) for row in found.stays.itertuples()]
        assert stays == replayed_stays(deal, as_of), deal.key
        days = [((left or as_of) - entered).days for entered, _stage, left in stays]
        assert list(found.stays["days"]) == days, deal.key
        assert (found.open is not None) == (deal.outcome_on(as_of) == "open"), deal.key


def test_before_it_was_created_there_is_no_record_and_others_regions_are_refused(ask, demo_folder):
    deals = [deal for deal in replay(Facts(demo_folder, "CNY")) if deal.on(LAST).region]
    deal = max(deals, key=lambda deal: deal.steps[0].day)
    assert answers.deal(ask, scope(deal.steps[0].day - timedelta(days=1)), deal.key, {}) is None
    with pytest.raises(Refused, match="There is no deal"):
        answers.deal(ask, scope(), "nobody", {})
    region = deal.on(LAST).region
    elsewhere = next(unit for unit in ("east", "south", "north", "west") if not region.startswith(unit))
    for question in (one_deal.facts, one_deal.stays, one_deal.stretches):
        with pytest.raises(NotFound):
            ask(question, scope(person=Person("manager", (elsewhere,))), deal.key)


def test_a_change_is_what_differs_from_the_stretch_before_unknown_from_unknown_included():
    rows = pd.DataFrame(
        {
            "from_on": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]),
            "stage": ["a", "a", "a", None],
            "amount": pd.array([None, None, 5, 5], dtype="Float64"),
            "expected_close_on": pd.to_datetime([None, None, None, None]),
            "owner": ["x", "x", "x", "x"],
        }
    )
    found = changes(rows)
    assert list(found["from_on"].dt.day) == [4, 3]
    assert found["stage_before"].tolist() == ["a", "a"] and pd.isna(found["stage"].iloc[0])
    assert pd.isna(found["amount_before"].iloc[1]) and found["amount"].iloc[1] == 5
    assert changes(rows.head(1)).empty and changes(rows.head(0)).empty
