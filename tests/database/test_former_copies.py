"""While a newer copy is made, pages are of the last complete one, whole, with what people enter as it is."""

import fcntl
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.unmoved import LISTS
from dashboard import database as pages
from dashboard.__main__ import REPORTS
from dashboard.ask import ask, write
from dashboard.reports import as_text, contents
from dashboard.server import copying
from data_access import engine as door, entries, imports, organisation
from data_access.copies import making, serving, worth
from data_access.copies.files import FOLDER_VARIABLE, folder_of
from data_access.database.versions import fact_stamps, raise_version
from data_access.engine import DATABASE_VARIABLE, for_pages, writing
from data_access.errors import DatabaseUnusable
from data_access.opportunities import openings
from data_access.reps.activities import activity_list
from data_access.schema import FACTS
from data_access.scope import Period, Person, Scope
from tests.database.test_copies import AT, asked_both, enter_some
from tests.folders import write_folder
from tests.independent.product import TODAY, load
from tests.independent.random import organisations
from tests.pages import opened, said

ANYBODY = Person("director", name="Dora")
SCOPE = Scope(ANYBODY, Period(date(2025, 1, 1), TODAY), TODAY, TODAY)


@pytest.fixture(autouse=True)
def copies(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))


def fill_by_hand(database: sa.Engine, folder: Path) -> None:
    load(database, write_folder(folder / "files"))


@pytest.fixture
def database(database_after, monkeypatch) -> sa.Engine:
    found = database_after(fill_by_hand)
    monkeypatch.setenv(DATABASE_VARIABLE, found.url.render_as_string(hide_password=False))
    return found


@contextmanager
def nobody_finishes_one(database: sa.Engine):
    """Whoever makes a copy meanwhile waits."""
    with open(folder_of(database.url) / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def load_activities(database: sa.Engine, folder: Path) -> None:
    """Newer facts: two activities more, on a day after all others."""
    folder.mkdir()
    rows = "a2,r1,d1,call,true,2025-05-01,2025-05-01T09:30\na3,r2,d2,visit,true,2025-05-02,2025-05-02T09:30\n"
    header = "activity_id,rep_id,opportunity_id,kind,two_way,planned_on,completed_at\n"
    (folder / "activity.csv").write_text(header + rows)
    imports.load(database, folder / "activity.csv", today=TODAY)


def activities() -> list[str]:
    return sorted(ask(activity_list, SCOPE)["activity_id"])


def positions(entered: dict[str, str], at: datetime = AT) -> dict[str, str]:
    """What `openings.of_open_deals`, which joins deals and openings, says of each after these are entered."""
    for deal, position in entered.items():
        row = {"position": position, "territory": "theirs", "what_changed": "Their CIO", "assessed_on": AT.date()}
        write(entries.enter, SCOPE, "opening", deal, [row], at=at)
    found = ask(openings.of_open_deals, SCOPE)
    return dict(zip(found["opportunity_id"], found["position"], strict=True))


@contextmanager
def recorded(database: sa.Engine):
    """The tables of facts that the database is asked for in what follows."""
    asked: set[str] = set()

    def note(_connection, _cursor, _statement, _parameters, context, _many) -> None:
        if context is not None and context.compiled is not None:
            asked.update(door._tables_of(context.compiled.statement) & FACTS.keys())

    sa.event.listen(database, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(database, "before_cursor_execute", note)


@pytest.mark.postgresql("long")
def test_pages_are_of_the_last_complete_copy_while_a_newer_one_is_made(database, tmp_path, monkeypatch):
    pages.version()
    assert serving.copy_of(pages.engine()) is None, "so few facts are answered by the database"
    monkeypatch.setattr(worth, "_WORTHWHILE", 1)
    before = making.make(database.url)
    assert pages.version().is_newest and serving.copy_of(pages.engine()).facts == before.facts
    first = pages.state()
    with nobody_finishes_one(database):
        load_activities(database, tmp_path / "later")
        shown = pages.version()
        assert (shown.is_newest, shown.state.facts, shown.state.loaded) == (False, before.facts, first.loaded)
        assert shown.newest.loaded > first.loaded and shown.state.last_day == first.last_day
        with pages.one_version(), recorded(for_pages(database.url.render_as_string(hide_password=False))) as asked:
            assert activities() == ["a1"]
            assert ask(organisation.calendar, None).first_day == first.first_day
            assert ask(openings.of_open_deals, SCOPE)["position"].isna().all()
        assert asked <= {"setting"}, "the database knows other facts"
        with pages.one_version():
            for minute, position in enumerate(("behind", "ahead")):
                assert positions({"d2": position}, AT.replace(minute=minute)) == {"d2": position}, "it is there at once"
                assert not pages.version().is_newest and activities() == ["a1"]
        assert pages.state().last_day == AT.date(), "an assessment moves the last day on"
        assert pages.state().stamp not in (first.stamp, pages.version().newest.stamp)
        with pages.one_version():
            held = pages.engine()
    until = time.monotonic() + 120
    while not pages.version().is_newest:
        assert time.monotonic() < until, "nobody finished the newer one"
        time.sleep(0.2)
    assert serving.copy_of(pages.engine()).facts == pages.version().newest.facts
    assert activities() == ["a1", "a2", "a3"] and positions({}) == {"d2": "ahead"}
    assert len(activity_list(held, SCOPE)) == 1, "what was begun with the former ends with it"


@pytest.mark.long
def test_a_copy_that_is_not_being_replaced_is_not_read_on(database, tmp_path, monkeypatch):
    """Its making failed, or was not worth it; or it is of another database at the same place."""
    monkeypatch.setattr(copying, "ROOT", tmp_path)  # where there is no program to run
    monkeypatch.setattr(worth, "_WORTHWHILE", 1)
    making.make(database.url)
    assert pages.version().is_newest
    load_activities(database, tmp_path / "later")
    until = time.monotonic() + 60
    while not pages.version().is_newest:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert serving.copy_of(pages.engine()) is None and activities() == ["a1", "a2", "a3"]
    assert serving.reading_former(database, fact_stamps(database), "e") is not None
    with writing(database) as connection:
        raise_version(connection, FACTS)
    assert serving.reading_former(database, fact_stamps(database), "e") is None, "no table is as it was then"


@pytest.mark.long
def test_a_former_copy_that_fails_is_replaced_by_nothing(database, tmp_path):
    """The database would answer of other facts than the rest of the page."""
    making.make(database.url)
    assert serving.reading_copy(database, organisation.state(database).facts) is not None
    load_activities(database, tmp_path / "later")
    former = serving.reading_former(database, fact_stamps(database), "e")
    serving.copy_of(former).root.execute('DROP VIEW "activity_day"')
    for _once_and_again in range(2):
        with pytest.raises(DatabaseUnusable, match="reading copy failed"):
            activity_list(former, SCOPE)
    assert serving.reading_former(database, fact_stamps(database), "e") is None


def fill(database: sa.Engine, folder: Path, seed: int) -> None:
    tables = organisations.organisation(seed)
    files = organisations.write(organisations.earlier(tables, seed), folder / "files")
    load(database, files, may_reject=tuple(organisations.HEADERS))


_FILLED = {seed: partial(fill, seed=seed) for seed in (4,)}


@pytest.mark.long
@pytest.mark.parametrize("seed", list(_FILLED))
def test_every_report_is_of_the_former_facts_with_the_present_entries(seed, database_after, tmp_path):
    database = database_after(_FILLED[seed])
    made = making.make(database.url)
    enter_some(database)
    before: dict[tuple, object] = {}
    _ask_everything(partial(_asked_once, before, database))
    newer = organisations.organisation(seed)
    files = {name: rows for name, rows in newer.items() if name not in entries.TABLES}
    load(database, organisations.write(files, tmp_path / "newer"), may_reject=tuple(organisations.HEADERS))
    state = organisation.state(database)
    former = serving.reading_former(database, fact_stamps(database), state.stamp)
    assert former is not None and serving.copy_of(former).facts == made.facts != state.facts
    known: dict[tuple, object] = {}
    with recorded(database) as asked:
        _ask_everything(partial(_asked_once, known, former))
    assert asked <= {"setting"}, "the database knows other facts"
    assert known.keys() == before.keys() and len(known) > 100
    for key, found in known.items():
        asked_both(before[key], found, lambda answer, _scope: answer, None)


def _asked_once(known: dict, database: sa.Engine, question, scope, *arguments, **named):
    key = question, repr(scope), repr(arguments), repr(named)
    if key not in known:
        known[key] = question(database, scope, *arguments, **named)
        if question is organisation.state:
            known[key] = replace(known[key], version=0, stamp="")
    return known[key]


def _ask_everything(asked) -> None:
    for name in REPORTS:
        scope = as_text.everything(asked)
        for what in LISTS if name == "deals" else ("open",):
            contents.answer(asked, scope, name, contents.Wishes(what))


@pytest.mark.long
def test_a_page_says_of_when_its_data_are_and_that_newer_ones_are_prepared(sqlite, tmp_path, monkeypatch):
    words = {"en": "are being prepared", "zh": "正在准备中"}
    fill_by_hand(sqlite, tmp_path)
    monkeypatch.setenv(DATABASE_VARIABLE, str(sqlite.url))
    monkeypatch.setattr(worth, "_WORTHWHILE", 1)
    making.make(sqlite.url)
    assert words["en"] not in said(opened(language="en"))
    with nobody_finishes_one(sqlite):
        load_activities(sqlite, tmp_path / "later")
        shown = {language: opened(language=language) for language in words}
        assert all(words[language] in said(page) for language, page in shown.items())
    until = time.monotonic() + 120
    for language, page in shown.items():
        while words[language] in said(page):
            assert time.monotonic() < until
            page.run()
            assert not page.exception
