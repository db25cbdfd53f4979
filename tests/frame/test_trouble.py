"""What people read when the database cannot: on pages in both languages, at /health, and after it is well again."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from dashboard import database
from dashboard.ask import ask
from dashboard.frame import trouble
from dashboard.server import health
from data_access import organisation
from data_access.engine import DATABASE_VARIABLE, engine, for_pages, reading, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import region
from tests import faults
from tests.pages import opened, said
from tests.ui_fixtures import copied

pytestmark = pytest.mark.postgresql

ACCOUNT = "A00251"
AWAY = {"en": "The database does not answer", "zh": "数据库没有响应"}
BUSY = {"en": "Somebody else keeps the database busy", "zh": "数据库正被占用"}
AGAIN = {"en": "Try again", "zh": "重试"}
EMPTY = {"en": "No data yet", "zh": "暂无数据"}


@pytest.fixture
def served(database_url, monkeypatch) -> str:
    """An empty database of today's version, of both kinds, as the one the pages read; who waits does so briefly."""
    yield from _served(database_url, monkeypatch)


@pytest.fixture
def own(demo_url, tmp_path, monkeypatch) -> Iterator[str]:
    """A demo database of the test's own, likewise."""
    yield from _served(copied(demo_url, tmp_path), monkeypatch)


def _served(url: str, monkeypatch) -> Iterator[str]:
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    monkeypatch.setenv("DASHBOARD_LOCK_SECONDS", "0.3")
    yield url
    for_pages(url).dispose()


def path_of(url: str) -> Path:
    return Path(sa.make_url(url).database)


@contextmanager
def away(url: str) -> Iterator[None]:
    """Its file, or on PostgreSQL the database by its name, is somewhere else meanwhile; who uses it is cut off."""
    if url.startswith("sqlite"):
        file = path_of(url)
        elsewhere = file.rename(file.with_name("away.db"))
        yield
        assert not file.exists(), "something made another in its place"
        elsewhere.rename(file)
        return
    name = sa.make_url(url).database
    with administrator(url) as connection:
        end_all(connection, name)
        connection.execute(f'alter database "{name}" rename to "{name}_away"')
        try:
            yield
        finally:  # whoever made it drops it by its name
            connection.execute(f'alter database "{name}_away" rename to "{name}"')


def administrator(url: str) -> psycopg.Connection:
    parsed = sa.make_url(url)
    return psycopg.connect(host=parsed.query["host"], user=parsed.username, dbname="postgres", autocommit=True)


def end_all(connection: psycopg.Connection, name: str) -> None:
    end = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = %s"
    connection.execute(end, [name]).fetchall()


def again(app: AppTest, language: str = "en") -> AppTest:
    """The page after its reader has pressed the button."""
    next(button for button in app.button if button.label == AGAIN[language]).click()
    app.run()
    assert [error.message for error in app.exception] == []
    return app


def health_says() -> tuple[int, dict]:
    with ThreadPoolExecutor() as another:  # a browser that was here keeps a loop of its own in this thread
        answer = another.submit(asyncio.run, health.health(None)).result()
    return answer.status_code, json.loads(answer.body)


def test_a_page_without_its_database_says_so_and_goes_on_when_it_is_back(served):
    for language in ("en", "zh"):
        with away(served):
            app = opened(language=language)
            assert AWAY[language] in said(app) and sa.make_url(served).database not in said(app)
            assert (app.title == []) == (language == "en")  # the second has been asked for before, and stays
            assert health_says() == (503, {"status": "database away"})
        again(app, language)
        assert AWAY[language] not in said(app) and EMPTY[language] in said(app)
        assert health_says() == (200, {"status": "ok"})


def test_the_sentence_is_in_the_language_that_the_address_asks_for(served):
    with away(served):
        assert AWAY["zh"] in said(opened(lang="zh_CN"))


def test_a_page_that_was_open_keeps_its_answers_below_the_sentence(own):
    app = opened("key_accounts.py")
    before = set(said(app).splitlines())
    with away(own):
        app.run()
        assert AWAY["en"] in said(app) and "read before" in said(app)
        assert before <= set(said(app).splitlines())
        app.switch_page("../pages/support.py").run()  # never asked for
        assert [error.message for error in app.exception] == [] and AWAY["en"] in said(app)
    assert AWAY["en"] not in said(again(app))


def test_ended_connections_are_replaced_without_a_word(served):
    if served.startswith("sqlite"):
        pytest.skip("there is no server that could end them")
    app = opened()
    with administrator(served) as connection:
        end_all(connection, sa.make_url(served).database)
    app.run()
    assert EMPTY["en"] in said(app) and AWAY["en"] not in said(app)


def test_a_locked_page_says_so_after_a_while(served):
    if served.startswith("sqlite"):
        pytest.skip("nobody who reads waits there; for who writes see the form below")
    with writing(engine(served)) as connection:
        connection.execute(sa.text("lock table data_state in access exclusive mode"))
        apps = {language: opened(language=language) for language in ("en", "zh")}
        assert all(BUSY[language] in said(app) for language, app in apps.items())
    assert EMPTY["zh"] in said(again(apps["zh"], "zh"))


def test_another_database_at_the_same_version_shows_its_own_numbers(own, tmp_path):
    """Their version numbers are equal, and so were the keys of their answers."""
    other = tmp_path / "other"
    other.mkdir()
    theirs = engine(copied(own, other))
    for one, name in ((theirs, "Theirs"), (engine(own), "Ours")):
        organisation.set_setting(one, "organisation", name)
        one.dispose()
    assert organisation.state(theirs).version == organisation.state(engine(own)).version
    theirs.dispose()
    assert "Ours" in said(opened("key_accounts.py"))  # and kept now
    path_of(str(theirs.url)).rename(path_of(own))
    app = opened("key_accounts.py")
    assert "Theirs" in said(app) and "Ours" not in said(app)


def test_a_file_that_is_no_database_and_one_of_a_newer_version_are_said(own, tmp_path):
    file = path_of(own)
    good = shutil.copy(file, tmp_path / "good.db")
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("update alembic_version set version_num = '9999'")
        theirs.execute("update data_state set stamp = 'of the future'")
        theirs.commit()
    assert "A newer version of this cockpit" in said(opened())
    assert health_says() == (503, {"status": "database of a newer version"})
    file.write_text("Dear diary, " * 1_000)
    assert "is broken, or is none" in said(opened())
    assert health_says() == (503, {"status": "database broken"})
    Path(good).rename(file)
    assert opened("key_accounts.py").title and health_says() == (200, {"status": "ok"})


is_asked = threading.Event()


def blocked(database, _scope):
    is_asked.set()
    with reading(database) as connection:
        if connection.dialect.name == "postgresql":
            return connection.execute(sa.select(region)).all()
        counted = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 6000000)"
        return connection.scalar(sa.text(f"{counted} select count(*) from n"))


def other(_database, _scope):
    return 7


def test_a_blocked_question_delays_only_those_who_ask_it(served):
    """On PostgreSQL it waits for a lock, on SQLite, where no question does, it counts."""
    is_asked.clear()
    with writing(engine(served)) as holder, ThreadPoolExecutor(3) as sessions:
        if holder.dialect.name == "postgresql":
            holder.execute(sa.text("set local lock_timeout = 0"))
            holder.execute(sa.text("lock table region in access exclusive mode"))
        waiting = [sessions.submit(ask, blocked, None) for _ in range(2)]
        assert is_asked.wait(60)
        assert sessions.submit(ask, other, None).result(60) == 7
        assert database.state().last_day is None
        assert not any(one.done() for one in waiting)
        for one in waiting:
            if holder.dialect.name == "postgresql":
                with pytest.raises(DatabaseUnusable, match="in use by somebody else"):
                    one.result(20)
            else:
                assert one.result(60) == 6_000_000


def never_ends(url: str, table: str) -> None:
    """Makes of a table one that no question about it comes to the end of."""
    with closing(sqlite3.connect(path_of(url))) as theirs:
        theirs.execute(f"alter table {table} rename to former")
        counted = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
        theirs.execute(f"create view {table} as select * from former where ({counted}) > 0")


@pytest.mark.long
def test_what_takes_too_long_is_stopped_and_said_and_other_pages_go_on(own, monkeypatch):
    never_ends(own, "support_request")
    monkeypatch.setenv("DASHBOARD_QUESTION_SECONDS", "0.5")
    for language, told in (
        ("en", "longer than 0.5 seconds, and was stopped: Support resources · This quarter"),
        ("zh", "用时超过 0.5 秒，已中止：支撑资源 · 本季度"),
    ):
        app = opened("support.py", language=language)
        assert told in said(app) and AGAIN[language] in said(app), said(app)
    app.switch_page("../pages/key_accounts.py").run()
    assert app.title and "0.5" not in said(app)


def test_health_does_not_wait_for_a_database_that_does(monkeypatch):
    """As it does for a lock: who asks again meanwhile takes no second thread."""
    waiting = threading.Event()
    monkeypatch.setattr(health, "_LONGEST", 0.1)
    monkeypatch.setattr(database, "trouble_now", waiting.wait)
    try:
        assert [health_says() for _ in range(3)] == [(503, {"status": "database busy"})] * 3
    finally:
        waiting.set()


def test_every_kind_of_trouble_has_its_own_words():
    kinds = [line.split()[0] for line in DatabaseUnusable.__doc__.splitlines() if line.startswith("      ")]
    assert len(kinds) == 12
    told = {trouble.in_words(DatabaseUnusable("sqlite:////secret/path", kind)) for kind in kinds}
    assert len(told) == len(kinds) and not any("secret" in one for one in told)


def test_a_part_that_is_drawn_alone_says_it_in_its_place():
    """As the server's handler of errors, which no page without a browser has."""

    def part():
        from dashboard.app import say_and_log
        from data_access.errors import DatabaseUnusable, NotAllowed

        assert say_and_log(DatabaseUnusable("sqlite:////secret/path", "busy"))
        assert say_and_log(NotAllowed("That is for directors."))

    app = AppTest.from_function(part, default_timeout=60).run()
    assert [error.message for error in app.exception] == []
    told = said(app)
    assert BUSY["en"] in told and AGAIN["en"] in told and "That is for directors." in told
    assert "secret" not in told and "reference" not in told


class Form:
    """A score typed on the page of an account by a director."""

    field, save = f"closeness_score_score_{ACCOUNT}", f"closeness_score_save_{ACCOUNT}"

    def __init__(self):
        self.app = opened("account.py", account=ACCOUNT, role="director", tab="how")
        self.app.number_input(key=self.field).set_value(7.5)

    def sent(self) -> str:
        self.app.button(key=self.save).click()
        self.app.run()
        assert [error.message for error in self.app.exception] == []
        return said(self.app)

    def is_refused_for(self, why: str) -> None:
        found = self.sent()
        assert "Nothing was saved" in found and why in found
        assert self.app.number_input(key=self.field).value == 7.5

    def is_saved(self) -> None:
        assert "1 entry saved" in self.sent()
        assert self.app.number_input(key=f"{self.field}_1").value is None


def test_what_could_not_be_saved_stays_typed(own):
    form = Form()
    with closing(sqlite3.connect(path_of(own), isolation_level=None)) as other:
        other.execute("begin immediate")
        form.is_refused_for(BUSY["en"])
    with away(own):
        form.is_refused_for(AWAY["en"])
    form.is_saved()


@pytest.mark.long
def test_what_the_disk_refused_stays_typed(demo_url, monkeypatch):
    if os.getuid() != 0:
        pytest.skip("only root may mount a disk")
    with faults.small_disk(64) as disk:
        (disk / "data").mkdir()
        for url in _served(copied(demo_url, disk / "data"), monkeypatch):
            form = Form()
            with full(disk):
                form.is_refused_for("The disk of the database is full")
            for_pages(url).dispose()
            with full(disk):  # no room for the index of the log either
                form.is_refused_for("The disk of the database refused")
            for_pages(url).dispose()  # no disk is made so while somebody may write on it
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            form.is_refused_for("The database may only be read")
            for_pages(url).dispose()  # as it is when the server is started anew
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            form.is_saved()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    ballast.unlink()


def test_the_environment_names_the_database_of_these_pages(own, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{path_of(own).parent / 'mistyped.db'}")
    assert AWAY["en"] in said(opened())
    assert not (path_of(own).parent / "mistyped.db").exists()
