"""Lines of Attention given to somebody: who may, to whom, until when; what holds on which day, and who sees it."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from data_access import organisation
from data_access.attention import handovers
from data_access.database.limits import LARGEST_SUM, LONGEST_TEXT
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

NOW = datetime(2025, 5, 10, 9, 30)
TODAY = NOW.date()
WEEK = timedelta(days=7)
DIRECTOR, MANAGER = Person("director", name="Dora"), Person("manager", ("n",), name="Mo")
REPS = "rep_id,name,region_id,left_on\nr1,Ann,n,\nr2,Bob,s,\nr3,Cy,n,2025-05-10\nr4,Di,n,2025-05-11\n"


def company(database, folder):
    load(database, write_folder(folder / "company", {"rep": REPS}))


@pytest.fixture
def loaded(database_after):
    return database_after(company)


def give(database, person=DIRECTOR, subject=("opportunity", "d2"), to="r1", due=TODAY + WEEK, at=NOW, **changed):
    seen = {"rules": ("stalled", "pushed"), "value_at_risk": 12_345, "seen_on": TODAY} | changed
    return handovers.give(database, person, *subject, to, due, seen.pop("note", "Call them"), **seen, at=at)


def scope(person=DIRECTOR, as_of: date = TODAY, last_day: date = TODAY, **filters) -> Scope:
    return Scope(person, Period(as_of, as_of), as_of, last_day, **filters)


def held(database, *asked, **filters) -> list[tuple]:
    found = handovers.holding(database, scope(*asked, **filters))
    return list(found[["subject_id", "given_to", "note"]].itertuples(index=False, name=None))


def test_what_was_seen_is_kept_and_the_subject_is_named(loaded):
    give(loaded, note="  ")
    give(loaded, subject=("account", "c1"), to="r2", value_at_risk=None)
    found = handovers.holding(loaded, scope()).astype(object)
    keys = ["subject_kind", "subject", "rules", "value_at_risk", "receiver", "given_by"]
    assert found.loc[0, keys].tolist() == ["opportunity", "Valve", "stalled pushed", 12_345, "Ann", "Dora"]
    assert found.loc[1, "subject"] == "Coal & Co" and found["value_at_risk"].isna().tolist() == [False, True]
    assert found["note"].isna().tolist() == [True, False]
    assert [day.date() for day in found["due_on"]] == [TODAY + WEEK] * 2


def test_the_newest_hand_over_of_a_line_holds_and_taken_back_the_one_before(loaded):
    first = give(loaded)
    second = give(loaded, to="r2", note="Visit them")
    assert held(loaded) == [("d2", "r2", "Visit them")]
    version = organisation.state(loaded).version
    handovers.withdraw(loaded, DIRECTOR, second, at=NOW)
    assert held(loaded) == [("d2", "r1", "Call them")] and organisation.state(loaded).version == version + 1
    handovers.withdraw(loaded, DIRECTOR, second, at=NOW + WEEK)
    assert organisation.state(loaded).version == version + 1
    handovers.withdraw(loaded, DIRECTOR, first, at=NOW)
    assert held(loaded) == []
    with loaded.connect() as connection:
        rows = connection.execute(sa.select(handovers.attention_handover)).all()
    assert sorted((row.given_to, row.withdrawn_by, row.withdrawn_at) for row in rows) == [
        ("r1", "Dora", NOW),
        ("r2", "Dora", NOW),
    ]
    with pytest.raises(Refused, match="no handover 99"):
        handovers.withdraw(loaded, DIRECTOR, 99, at=NOW)


def test_a_past_day_knows_what_was_given_by_its_end_and_not_taken_back_by_then(loaded):
    made = give(loaded, at=datetime(2025, 5, 10, 23, 59))
    handovers.withdraw(loaded, DIRECTOR, made, at=datetime(2025, 5, 12))
    later = TODAY + timedelta(days=30)
    shown = {day: bool(held(loaded, DIRECTOR, date(2025, 5, day), later)) for day in (9, 10, 11, 12)}
    assert shown == {9: False, 10: True, 11: True, 12: False}


def test_who_sees_what_was_given(loaded):
    """d1 is in the north, by its owner; d2 in the south, c1 in no region."""
    for subject in (
        ("opportunity", "d1"),
        ("opportunity", "d2"),
        ("region", "n"),
        ("source", "web"),
        ("account", "c1"),
    ):
        give(loaded, subject=subject)
    assert {one[0] for one in held(loaded)} == {"d1", "d2", "n", "web", "c1"}
    assert {one[0] for one in held(loaded, MANAGER)} == {"d1", "n"}
    assert {one[0] for one in held(loaded, regions=("s",))} == {"d2"}
    assert {one[0] for one in held(loaded, owner="r1", pipeline="Sales")} == {"d1"}
    assert {one[0] for one in held(loaded, pipeline="Sales")} == {"d1", "d2"}
    assert held(loaded, pipeline="Other") == []


def test_who_may_give_what_to_whom(loaded):
    made = give(loaded, MANAGER, ("opportunity", "d1"))
    handovers.withdraw(loaded, MANAGER, made, at=NOW)
    give(loaded, MANAGER, ("region", "n"), to="r4")
    for person, changed, why in (
        (MANAGER, {"subject": ("opportunity", "d2")}, "no deal 'd2' that you can see"),
        (MANAGER, {"subject": ("opportunity", "d1"), "to": "r2"}, "no rep 'r2' that you can see"),
        (MANAGER, {"subject": ("company", "no_region")}, "for directors"),
        (Person("executive"), {}, "cannot change attention handover"),
    ):
        with pytest.raises((NotAllowed, NotFound), match=why):
            give(loaded, person, **changed)
    theirs = give(loaded)
    with pytest.raises(NotFound, match=f"^There is no handover {theirs}.$"):  # and not: no such deal
        handovers.withdraw(loaded, MANAGER, theirs, at=NOW)
    give(loaded, subject=("company", "no_region"))


def test_what_is_refused_in_words_leaves_what_held(loaded, subtests):
    give(loaded)
    version = organisation.state(loaded).version
    for changed, why in (
        ({"note": "x" * (LONGEST_TEXT + 1)}, "The note has 2,001 characters, and 2,000 are the most"),
        ({"note": "a\0b"}, "The note holds a character"),
        ({"subject": ("opportunity", "d\0")}, "The key of a deal holds a character"),
        ({"subject": ("opportunity", "nobody")}, "no deal 'nobody'"),
        ({"subject": ("k" * 201, "d2")}, "The kind of a line has 201 characters"),
        ({"to": "nobody"}, "no rep 'nobody'"),
        ({"to": "r3"}, "Rep 'r3' left on 2025-05-10"),
        ({"due": TODAY - timedelta(days=1)}, "due on 2025-05-10 at the earliest"),
        ({"due": TODAY + timedelta(days=367)}, "at the latest"),
        ({"rules": ()}, "has a reason"),
        ({"rules": ("x" * (LONGEST_TEXT + 1),)}, "The reasons of a line has 2,001 characters"),
        ({"value_at_risk": -1}, "an amount from 0 on"),
        ({"value_at_risk": LARGEST_SUM + 1}, "not that large"),
    ):
        with subtests.test(why=why):
            with pytest.raises(Refused, match=why):
                give(loaded, **changed)
            assert held(loaded) == [("d2", "r1", "Call them")]
            assert organisation.state(loaded).version == version


def test_due_today_and_within_a_year_are_the_edges(loaded):
    give(loaded, due=TODAY)
    give(loaded, due=TODAY + timedelta(days=366), subject=("opportunity", "d1"), value_at_risk=LARGEST_SUM)
    assert len(held(loaded)) == 2


def test_a_line_is_offered_to_who_is_there(loaded):
    def names(**asked) -> list[str]:
        return handovers.receivers(loaded, scope(**asked))["name"].tolist()

    assert names() == ["Ann", "Bob", "Di"]
    assert names(person=MANAGER) == ["Ann", "Di"]


def test_what_became_of_deals_is_told_of_those_in_sight(loaded):
    def told(person=DIRECTOR, since=date(2025, 3, 1)) -> dict:
        found = handovers.outcomes(loaded, scope(person).but(period=Period(since, TODAY)))
        return dict(found.itertuples(index=False, name=None))

    assert told() == {"d1": "won", "d2": "open", "d3": "lost"}
    assert told(since=date(2025, 3, 2)) == {"d2": "open", "d3": "lost"}
    assert told(MANAGER) == {"d1": "won"}
    with loaded.begin() as connection:
        connection.execute(sa.text("update opportunity set loss_reason = 'duplicate' where opportunity_id = 'd3'"))
    assert told()["d3"] == "left_out"
