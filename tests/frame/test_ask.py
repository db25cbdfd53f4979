"""The door to the data: what it keeps, for how long, and that nothing is given the answer of something else."""

from datetime import date
from functools import partial
from types import ModuleType

import pandas as pd
import pytest

from dashboard.ask import answer_of, ask, write
from data_access import profiles
from data_access.database.versions import raise_version
from data_access.engine import DATABASE_VARIABLE, engine, writing
from data_access.scope import Period, Person, Scope
from tests.test_layers import ROOT

asked: list[str] = []


@pytest.fixture(autouse=True)
def served(database_url, monkeypatch) -> str:
    monkeypatch.setenv(DATABASE_VARIABLE, database_url)
    asked.clear()
    return database_url


@pytest.fixture
def scope() -> Scope:
    day = date(2026, 3, 31)
    return Scope(Person("executive"), Period(day, day), day, day)


def question(_database, scope, *words, **named) -> pd.DataFrame:
    asked.append("question")
    return pd.DataFrame({"as_of": [scope.as_of], "said": [repr((words, named))]})


def composed(ask, scope, *words) -> str:
    asked.append("answer")
    return ask(question, scope, *words)["said"].iloc[0]


def of_entries(ask, scope) -> int:
    asked.append("answer of entries")
    ask(question, scope)
    return len(ask(profiles.published, None, "attention"))


def entered(_database, person, what, *, at) -> tuple:
    return person, what, at


def test_what_was_asked_before_is_kept_until_the_data_change(served, scope):
    for _ in range(2):
        assert answer_of(composed, scope, "a") == "(('a',), {})"
        assert ask(question, scope, "a")["as_of"].tolist() == [scope.as_of]
    assert asked == ["answer", "question"]
    with writing(engine(served)) as connection:
        raise_version(connection, ["opportunity"])
    assert answer_of(composed, scope, "a") == "(('a',), {})"
    assert asked == ["answer", "question"] * 2


@pytest.mark.parametrize("is_asked_before", [False, True])
def test_what_rests_on_facts_alone_outlives_an_entry(database, served, scope, is_asked_before):
    for renewed in (["answer of entries", "answer", "question"], ["answer of entries"]):
        if is_asked_before:  # what an answer finds kept is no less read
            ask(profiles.published, None, "attention")
        for _ in range(2):
            assert answer_of(of_entries, scope) == 0
            assert answer_of(composed, scope) == "((), {})"
        assert asked == renewed[:1] + renewed[2:] + renewed[1:2]
        asked.clear()
        with writing(engine(served)) as connection:
            raise_version(connection)


def test_each_argument_and_scope_has_an_answer_of_its_own(scope):
    later = scope.but(as_of=scope.as_of.replace(year=2027), last_day=scope.as_of.replace(year=2027))
    manager = scope.but(person=Person("manager", ("north",)))
    others = [scope, later, manager, scope.but(owner="'"), scope.but(owner="\\'"), scope.but(segments=("a", "b"))]
    others.append(scope.but(segments=("a', 'b",)))
    assert len({ask(question, one)["as_of"].iloc[0] for one in others}) == 2
    assert asked == ["question"] * len(others)
    for words, named in (((), {"what": "1"}), (("1",), {}), ((1,), {}), (("1", None), {}), ((("1",),), {})):
        assert ask(question, scope, *words, **named)["said"].tolist() == [repr((words, named))]


def test_who_changes_an_answer_changes_nobody_elses(scope):
    found = ask(question, scope)
    found.loc[0, "said"] = "changed"
    assert ask(question, scope)["said"].tolist() == ["((), {})"]


def test_nothing_is_asked_by_a_name_that_is_not_its_own(scope):
    """It would be given the answers of whatever has this name."""
    ask(question, scope)
    namesake = ModuleType("namesake")
    exec("def question(database, scope): return 'of another'", namesake.__dict__)
    namesake.question.__module__ = __name__
    nameless = [lambda _database, _scope: 1, partial(question), namesake.question, question.__get__(1)]
    for one in nameless:
        with pytest.raises(ValueError, match="Ask by a function of a module"):
            ask(one, scope)
        with pytest.raises(ValueError, match="Ask by a function of a module"):
            answer_of(one, scope)


def test_two_questions_of_one_name_are_two(scope):
    """`commits.commits` and `leads.totals` have namesakes in other modules."""
    from tests.frame import test_trouble

    assert ask(test_trouble.other, scope) == 7
    assert ask(other, scope) == 8


def other(_database, _scope) -> int:
    return 8


def test_a_write_is_by_the_person_of_the_scope(scope):
    assert write(entered, scope, "what", at=scope.as_of) == (scope.person, "what", scope.as_of)


def test_no_answer_asks_what_answers_are_kept_by():
    """It changes with every entry, unseen; of what no entry changes there is the calendar."""
    answers = (ROOT / "dashboard" / "answers").rglob("*.py")
    assert [path.name for path in answers if "organisation.state" in path.read_text(encoding="utf-8")] == []


def test_nothing_else_keeps_what_was_asked():
    keepers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("dashboard", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if "@st.cache_" in path.read_text(encoding="utf-8")
    }
    assert keepers == {"dashboard/ask.py", "dashboard/sections/accounts/ranking.py"}
