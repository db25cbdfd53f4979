"""Published profiles: append-only, with a reason, by directors, and never over another's head."""

import threading
from contextlib import suppress
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from dashboard.answers.accounts import key_accounts
from data_access import profiles
from data_access.errors import NotAllowed, Refused
from data_access.schema import audit_event, data_state, scoring_profile
from data_access.scope import Period, Person, Scope

KIND = key_accounts.KIND
DIRECTOR = Person("director", name="Dora")
AT = datetime(2026, 3, 1, 9, 30)


def payload(top: float = 0.2) -> dict:
    return {
        "weights": {"past_revenue": 0.5, "potential": 0.5},
        "cut_points": [float(point) for point in range(1, 11)],
        "top": top,
        "floor": 0.0,
        "tops": {"mining": 0.5},
        "floors": {},
    }


def publish(database, top=0.2, *, person=DIRECTOR, reason="Potential counts more.", based_on=0, at=AT, kind=KIND):
    return profiles.publish(database, person, kind, payload(top), reason, based_on=based_on, at=at)


def counted(database) -> tuple[int, int, int]:
    """Published versions, audit events, and the version of the data."""
    with database.connect() as connection:
        tables = (scoring_profile, audit_event)
        counts = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
        return *counts, connection.scalar(sa.select(data_state.c.version))


def test_versions_append_with_who_when_and_why(database):
    assert publish(database, 0.1) == 1
    assert publish(database, 0.3, person=Person("director"), reason=" Fewer. ", based_on=1) == 2
    found = profiles.published(database, None, KIND)
    assert found["version"].tolist() == [1, 2]
    assert found["payload"].tolist() == [payload(0.1), payload(0.3)]
    assert found["published_by"].tolist() == ["Dora", "director"]
    assert found["reason"].tolist() == ["Potential counts more.", "Fewer."]
    assert found["published_at"].tolist() == [AT, AT]


def test_publishing_an_old_version_again_is_a_new_version(database):
    publish(database, 0.1)
    publish(database, 0.3, based_on=1)
    old = profiles.published(database, None, KIND)["payload"][0]
    assert profiles.publish(database, DIRECTOR, KIND, old, "Back to 1.", based_on=2, at=AT) == 3
    assert profiles.published(database, None, KIND)["payload"].tolist() == [payload(0.1), payload(0.3), payload(0.1)]


def test_kinds_have_versions_of_their_own(database):
    publish(database, 0.1)
    assert publish(database, 0.3, kind="life_stage") == 1
    assert profiles.published(database, None, KIND)["payload"].tolist() == [payload(0.1)]


def test_publishing_is_audited_and_makes_the_data_new(database):
    with database.begin() as connection:  # as after an import
        connection.execute(data_state.insert().values(id=1, version=7))
    before = counted(database)
    publish(database)
    assert counted(database) == tuple(count + 1 for count in before)
    with database.connect() as connection:
        event = connection.execute(sa.select(audit_event)).one()
    assert (event.by, event.action, event.subject) == ("Dora", "publish", "key_account 1")
    assert event.detail == payload()


def test_without_a_reason_nothing_is_published(database, subtests):
    for reason, why in (
        ("", "with a reason"),
        ("  \n", "with a reason"),
        ("x" * 2_001, "has 2,001 characters"),
        ("\ud800", "holds a"),
    ):
        with subtests.test(why=why):
            before = counted(database)
            with pytest.raises(Refused, match=why):
                publish(database, reason=reason)
            assert counted(database) == before


def test_only_a_director_may_and_the_refusal_says_so(database, subtests):
    for person in (Person("executive"), Person("manager", ("n",), "Mia")):
        with subtests.test(person=person):
            before = counted(database)
            with pytest.raises(
                NotAllowed, match=f"A {person.role} cannot change scoring profile. That is for: director"
            ):
                publish(database, person=person)
            assert counted(database) == before


def test_who_worked_from_an_older_version_is_told_who_was_first(database):
    publish(database, 0.1)
    publish(database, 0.3, based_on=1, person=Person("director", name="Eve"))
    before = counted(database)
    with pytest.raises(Refused, match="Eve published version 2 while you were working from version 1"):
        publish(database, 0.5, based_on=1)
    assert counted(database) == before


# --- two at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("already", [0, 1])
def test_of_two_at_once_one_publishes_and_the_other_is_told(already, database):
    """Both have read the newest version before either writes."""
    for version in range(already):
        publish(database, based_on=version)
    both_have_read = threading.Barrier(2)

    def wait_for_the_other(_connection, _cursor, statement, *_):
        if statement.lstrip().startswith("SELECT"):
            with suppress(threading.BrokenBarrierError):  # a database that lets one wait already decides here
                both_have_read.wait(timeout=2)

    sa.event.listen(database, "after_cursor_execute", wait_for_the_other)
    outcomes = _at_once(database, 2, based_on=already)
    sa.event.remove(database, "after_cursor_execute", wait_for_the_other)
    _one_won(database, outcomes, already)


def test_of_many_at_once_one_publishes_in_each_round(database):
    """Six sessions, started together, four rounds: nothing is overwritten or published twice."""
    for round_ in range(4):
        _one_won(database, _at_once(database, 6, based_on=round_), round_)
    assert profiles.published(database, None, KIND)["version"].tolist() == [1, 2, 3, 4]


def _at_once(database, sessions: int, based_on: int) -> list[tuple[float, int | Exception]]:
    """What each session wanted as its top share, and the version it published, or its error."""
    start, outcomes = threading.Barrier(sessions), []

    def session(number: int):
        top = (based_on * sessions + number) / 100
        start.wait()
        try:
            outcomes.append((top, publish(database, top, based_on=based_on)))
        except Exception as error:
            outcomes.append((top, error))

    threads = [threading.Thread(target=session, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _one_won(database, outcomes: list, based_on: int) -> None:
    winners = [(top, version) for top, version in outcomes if not isinstance(version, Exception)]
    told = [error for _, error in outcomes if isinstance(error, Exception)]
    assert [version for _, version in winners] == [based_on + 1]
    assert all(type(error) is Refused and "Nothing of yours was written" in str(error) for error in told), told
    found = profiles.published(database, None, KIND)
    assert found["version"].tolist() == list(range(1, based_on + 2))
    assert found["payload"].iloc[-1] == payload(winners[0][0])


# --- the past -----------------------------------------------------------------------------------------


PUBLISHED = {0.1: datetime(2026, 1, 10, 9), 0.2: datetime(2026, 3, 1, 23, 59, 59), 0.3: datetime(2026, 3, 2)}


def valid(database, as_of: date, version: int | None = None):
    """The profile valid as of a day; the data ends on 30 June."""

    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    scope = Scope(Person("executive"), Period(date(2026, 1, 1), as_of), as_of, last_day=date(2026, 6, 30))
    return key_accounts.profile(ask, scope, version)


@pytest.mark.parametrize(
    ("as_of", "top"),
    [
        (date(2026, 1, 10), 0.1),
        (date(2026, 2, 28), 0.1),
        (date(2026, 3, 1), 0.2),  # the end of the day counts
        (date(2026, 3, 2), 0.3),
        (date(2026, 1, 9), 0.1),  # before any: the first
    ],
)
def test_a_past_day_has_the_profile_published_by_then(as_of, top, database):
    for based_on, (its_top, at) in enumerate(PUBLISHED.items()):
        publish(database, its_top, based_on=based_on, at=at)
    found = valid(database, as_of)
    assert (found.top, found.version) == (top, round(10 * top))
    assert found.top_of("mining") == 0.5 and found.cut_points == tuple(range(1, 11))


def test_a_profile_published_after_the_last_day_of_the_data_holds_as_of_that_day(database):
    publish(database, 0.1)
    publish(database, 0.4, based_on=1, at=datetime(2026, 8, 1))
    assert valid(database, date(2026, 6, 30)).top == 0.4
    assert valid(database, date(2026, 6, 29)).top == 0.1


def test_any_published_version_can_be_asked_for_and_no_other(database):
    publish(database, 0.1)
    publish(database, 0.4, based_on=1)
    assert valid(database, date(2026, 6, 30), version=1).top == 0.1
    with pytest.raises(Refused, match="no profile 3. Published versions: 1, 2"):
        valid(database, date(2026, 6, 30), version=3)


def test_before_anything_is_published_profile_1_is_the_default(database):
    found = valid(database, date(2026, 6, 30))
    assert (found.version, found.top, found.floor) == (1, 0.2, 0)
    assert found.shares.tolist() == [0.25] * 4
    with pytest.raises(Refused, match="no profile 2. Nothing has been published"):
        valid(database, date(2026, 6, 30), version=2)
