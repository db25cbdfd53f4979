"""Lines of Attention put aside: until when they are hidden, taken back, by whom, and what the past shows."""

from datetime import date, datetime, timedelta

import pytest

from data_access import organisation
from data_access.attention import dismissals
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

NOW = datetime(2025, 5, 10, 9, 30)
TODAY = NOW.date()
DIRECTOR, MANAGER = Person("director", name="Dora"), Person("manager", ("n",), name="Mo")


def company(database, folder):
    load(database, write_folder(folder / "company"))


@pytest.fixture
def loaded(database_after):
    return database_after(company)


def dismiss(database, person=DIRECTOR, subject=("opportunity", "d2"), until=TODAY + timedelta(days=7), at=NOW, **more):
    return dismissals.dismiss(database, person, "stalled", *subject, more.get("reason", "Known"), until, at=at)


def hidden(database, as_of: date, last_day: date = TODAY) -> list[tuple]:
    scope = Scope(Person("executive"), Period(as_of, as_of), as_of, last_day)
    held = dismissals.holding(database, scope)
    return list(held[["subject_id", "reason", "dismissed_by"]].itertuples(index=False, name=None))


def test_hidden_up_to_and_including_its_day_and_no_longer(loaded):
    dismiss(loaded)
    for days, is_hidden in ((0, True), (7, True), (8, False)):
        day = TODAY + timedelta(days=days)
        assert bool(hidden(loaded, day, last_day=day)) is is_hidden
    assert hidden(loaded, TODAY) == [("d2", "Known", "Dora")]


def test_a_past_day_knows_what_was_dismissed_by_its_end_and_not_taken_back_by_then(loaded):
    made = dismiss(loaded, at=datetime(2025, 5, 10, 23, 59))
    dismissals.revert(loaded, DIRECTOR, made, at=datetime(2025, 5, 12))
    later = TODAY + timedelta(days=30)
    shown = {day: bool(hidden(loaded, date(2025, 5, day), last_day=later)) for day in (9, 10, 11, 12)}
    assert shown == {9: False, 10: True, 11: True, 12: False}


def test_as_of_the_last_day_the_present_counts(loaded):
    made = dismiss(loaded, at=NOW + timedelta(days=3), until=TODAY + timedelta(days=9))
    assert hidden(loaded, TODAY) and not hidden(loaded, TODAY, last_day=TODAY + timedelta(days=9))
    dismissals.revert(loaded, DIRECTOR, made, at=NOW + timedelta(days=4))
    assert not hidden(loaded, TODAY)


def test_taking_back_keeps_who_and_when_and_happens_once(loaded):
    made = dismiss(loaded)
    version = organisation.state(loaded).version
    dismissals.revert(loaded, DIRECTOR, made, at=NOW)
    assert organisation.state(loaded).version == version + 1
    dismissals.revert(loaded, DIRECTOR, made, at=NOW + timedelta(days=1))
    assert organisation.state(loaded).version == version + 1
    with loaded.connect() as connection:
        row = connection.execute(dismissals.attention_dismissal.select()).one()
    assert (row.dismissed_by, row.reverted_by, row.reverted_at, row.reason) == ("Dora", "Dora", NOW, "Known")
    with pytest.raises(Refused, match="no dismissal 99"):
        dismissals.revert(loaded, DIRECTOR, 99, at=NOW)


def test_of_several_the_latest_in_force_holds(loaded):
    dismiss(loaded, until=TODAY + timedelta(days=20), reason="long")
    second = dismiss(loaded, until=TODAY, reason="short")
    assert hidden(loaded, TODAY) == [("d2", "short", "Dora")]
    assert hidden(loaded, TODAY + timedelta(days=1), last_day=TODAY + timedelta(days=1)) == [("d2", "long", "Dora")]
    dismissals.revert(loaded, DIRECTOR, second, at=NOW)
    assert hidden(loaded, TODAY) == [("d2", "long", "Dora")]


def test_who_may(loaded):
    """d1 is in the north, by its owner; d2 and d3 are in the south."""
    made = dismiss(loaded, MANAGER, ("opportunity", "d1"))
    dismissals.revert(loaded, MANAGER, made, at=NOW)
    dismiss(loaded, MANAGER, ("region", "n"))
    for person, subject, why in (
        (MANAGER, ("opportunity", "d2"), "no deal 'd2' that you can see"),
        (MANAGER, ("region", "s"), "no region 's' that you can see"),
        (MANAGER, ("company", "no_region"), "for directors"),
        (Person("executive"), ("opportunity", "d1"), "cannot change attention dismissal"),
    ):
        with pytest.raises((NotAllowed, NotFound), match=why):
            dismiss(loaded, person, subject)
    theirs = dismiss(loaded, DIRECTOR, ("opportunity", "d2"))
    with pytest.raises(NotFound, match=f"^There is no dismissal {theirs}.$"):  # and not: no such deal
        dismissals.revert(loaded, MANAGER, theirs, at=NOW)
    dismiss(loaded, DIRECTOR, ("company", "no_region"))


def test_what_is_refused_in_words(loaded, subtests):
    for changed, why in (
        ({"reason": "  "}, "with a reason"),
        ({"reason": "x" * (LONGEST_TEXT + 1)}, "The reason has 2,001 characters, and 2,000 are the most"),
        ({"reason": "a\0b"}, "The reason holds a character"),
        ({"subject": ("opportunity", "d\0")}, "The key of a deal holds a character"),
        ({"until": TODAY - timedelta(days=1)}, "until 2025-05-10 at the earliest"),
        ({"until": TODAY + timedelta(days=367)}, "at the latest"),
        ({"subject": ("opportunity", "nobody")}, "no deal 'nobody'"),
    ):
        with subtests.test(why=why):
            with pytest.raises(Refused, match=why):
                dismiss(loaded, **changed)
            assert hidden(loaded, TODAY) == []


def test_until_today_and_for_a_year_are_the_edges(loaded):
    dismiss(loaded, until=TODAY)
    dismiss(loaded, until=TODAY + timedelta(days=366), subject=("opportunity", "d1"))
    assert len(hidden(loaded, TODAY)) == 2
