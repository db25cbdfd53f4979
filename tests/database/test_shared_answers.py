"""What one process has found is found by the others of the machine, of the same data and by the same program alone."""

import json
import os
import pickle
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
import streamlit as st

from dashboard import database as pages
from dashboard.answers.overview import numbers
from dashboard.ask import answer_of
from dashboard.server import ahead, shared
from data_access import imports, organisation
from data_access.copies import making, serving
from data_access.copies.files import FOLDER_VARIABLE, answers_of, folder_of
from data_access.engine import DATABASE_VARIABLE
from data_access.lists import deal_list
from tests.database.test_copies import copied_statements
from tests.database.test_former_copies import AT, SCOPE, fill_by_hand, positions
from tests.independent.product import TODAY
from tests.pages import opened
from tests.test_layers import ROOT


@pytest.fixture(autouse=True)
def copies(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))


@pytest.fixture
def database(database_after, monkeypatch) -> sa.Engine:
    """With a copy, from which the pages answer."""
    found = database_after(fill_by_hand)
    monkeypatch.setenv(DATABASE_VARIABLE, found.url.render_as_string(hide_password=False))
    making.make(found.url)
    return found


def kept(database: sa.Engine) -> Path:
    return answers_of(folder_of(database.url), pages.version().state.facts)


def anew() -> tuple[pd.DataFrame, int]:
    """An answer as a process that has just begun finds it, and how many questions of the copy that took."""
    st.cache_data.clear()
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    engine = serving.copy_of(pages.engine()).engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        return answer_of(numbers.by_month, SCOPE), len(asked)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _change(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _let_others_write(file: Path) -> None:
    _put_another(file)
    file.chmod(0o622)


def _let_others_in(file: Path) -> None:
    _put_another(file)
    file.parent.chmod(0o770)


def _link(file: Path) -> None:
    _put_another(file)
    file.rename(file.parent.parent / file.name)
    file.symlink_to(file.parent.parent / file.name)


def _put_another(file: Path) -> None:
    content = pickle.dumps("of somebody else")
    file.write_bytes(sha256(content).digest() + content)


_HARMS = [
    _cut,
    *(pytest.param(harm, marks=pytest.mark.long) for harm in (_change, _let_others_write, _let_others_in, _link)),
]


@pytest.mark.parametrize("harm", _HARMS)
def test_what_is_damaged_or_may_be_of_others_is_not_read(harm, database):
    first, questions = anew()
    assert questions > 3
    again, none = anew()
    assert none == 0 and again.equals(first)
    files = list(kept(database).iterdir())
    assert len(files) > 3 and {file.stat().st_mode & 0o777 for file in [*files, kept(database)]} == {0o600, 0o700}
    for file in files:
        harm(file)
    again, questions_then = anew()
    assert questions_then == questions and again.equals(first)


@pytest.mark.long
def test_what_somebody_else_owns_is_not_read(database):
    if os.geteuid():
        pytest.skip("only root may give a file away")
    first, questions = anew()
    for file in kept(database).iterdir():
        _put_another(file)
        os.chown(file, 65_534, 65_534)
    again, questions_then = anew()
    assert questions_then == questions and again.equals(first)


@pytest.mark.long
def test_an_entry_is_in_the_next_answer_and_what_it_does_not_change_stays(database):
    first, _ = anew()
    for minute, position in enumerate(("behind", "ahead")):
        assert positions({"d2": position}, AT.replace(minute=minute)) == {"d2": position}
        st.cache_data.clear()
        assert positions({}) == {"d2": position}
        again, questions = anew()
        assert questions == 0 and again.equals(first)


@pytest.mark.long
def test_they_go_with_their_facts(database, tmp_path):
    anew()
    former = kept(database)
    payment = tmp_path / "payment.csv"
    payment.write_text("opportunity_id,received_on,amount\nd1,2025-04-02,50\n")
    imports.load(database, payment, today=TODAY)
    making.make(database.url)
    assert not former.exists()
    _, questions = anew()
    assert questions > 3 and kept(database) != former


def test_the_oldest_go_where_room_is_short(tmp_path):
    for number in range(10):
        (tmp_path / str(number)).write_bytes(bytes(100))
        os.utime(tmp_path / str(number), (number, number))
    shared.make_room(tmp_path, 1_000)
    assert len(list(tmp_path.iterdir())) == 10
    shared.make_room(tmp_path, 900)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["4", "5", "6", "7", "8", "9"]


def test_only_what_its_words_say_whole_has_a_place(database):
    copy = serving.copy_of(pages.engine())

    def place(*arguments, about="", **named) -> shared.Place:
        return shared.place(copy, "question", about, arguments, named)

    assert place(pd.DataFrame()).folder is None and place({"a", "b"}).folder is None
    assert shared.place(None, "question", "", (), {}).folder is None
    told = [(1,), ("1",), ((1,),), (SCOPE,), (TODAY,), (None,)]
    assert len({place(*arguments).name for arguments in told}) == len(told)
    assert len({place().name, place(about="x").name, place(a="x").name, place("a", "x").name}) == 4
    assert place(deal_list).folder is None


_ANOTHER_PROCESS = """
import json
from tests.database.test_shared_answers import anew
found, questions = anew()
print(json.dumps([questions, found.to_csv()]))
"""


@pytest.mark.long
def test_a_second_process_asks_no_question(database):
    """Nor one of another program: what lies there is not for it."""
    first, second = [_in_another_process() for _ in range(2)]
    assert first[0] > 3 and second == [0, first[1]]


def _in_another_process() -> list:
    done = subprocess.run(
        [sys.executable, "-c", _ANOTHER_PROCESS], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_company_is_worked_out_first_then_what_managers_open(database):
    opened_ = list(ahead.asked_first(database, organisation.state(database)))
    assert opened_[:3] == [("overview", {}), ("overview", {"role": "manager:g"}), ("overview", {"role": "manager:n"})]
    assert ("overview", {"period": "this_month"}) in opened_ and ("reps", {"region": "s"}) in opened_
    assert {page for page, _ in opened_} < {page.stem for page in (ROOT / "pages").glob("*.py")}
    assert len({repr(one) for one in opened_}) == len(opened_)


@pytest.mark.long
def test_what_was_worked_out_ahead_is_there_for_who_opens_the_page(database, monkeypatch):
    url, said_ = os.environ[DATABASE_VARIABLE], []
    monkeypatch.setattr(ahead, "_PAGES", ("overview",))
    monkeypatch.setattr(ahead, "_PERIODS", ())
    monkeypatch.setattr(ahead, "_REGIONS", 1)
    assert ahead.work_out(url, said_.append) == len(said_) == 3
    copied = pages.engine()
    with copied_statements(copied) as run:
        opened("overview.py", region="g")
    assert run == [] and serving.copy_of(pages.engine()) is serving.copy_of(copied)
    assert ahead.work_out(url, said_.append) == 0, "it is done"


@pytest.mark.long
def test_it_is_given_up_when_newer_facts_come(database, tmp_path, monkeypatch):
    payment = tmp_path / "payment.csv"
    payment.write_text("opportunity_id,received_on,amount\nd1,2025-04-02,50\n")
    monkeypatch.setattr(ahead, "_PAGES", ("leads",))
    assert ahead.work_out(os.environ[DATABASE_VARIABLE], lambda _: imports.load(database, payment, today=TODAY)) == 1
    assert ahead.work_out(os.environ[DATABASE_VARIABLE], print) == 0, "there is no copy of these"
