"""What happens to a database under a running process: moved, exchanged, written over, locked, full, cut off.

Real files, a real PostgreSQL; whatever is done here, somebody has done to a server.
"""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.engine import engine, for_pages, read, reading, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import data_state, region

pytestmark = pytest.mark.postgresql

MANY = [f"r{number:04}{'x' * 300}" for number in range(3_000)]  # more than an empty database has room for


@pytest.fixture
def served(sqlite_template, tmp_path) -> Iterator[sa.Engine]:
    """An embedded database as pages ask it."""
    made = for_pages(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'cockpit.db')}")
    yield made
    made.dispose()


def path_of(database: sa.Engine) -> Path:
    return Path(database.url.database)


def log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def add(database: sa.Engine, *names: str) -> None:
    with writing(database) as connection:
        connection.execute(region.insert(), [{"region_id": name, "name": name} for name in names])


def names_in(database: sa.Engine) -> list[str]:
    return sorted(read(database, sa.select(region.c.region_id), {"region_id": "object"})["region_id"])


def names_of_file(file: Path) -> list[str]:
    """What another program finds in a file, without a log beside it."""
    alone = shutil.copy(file, file.with_name(f"{file.name}.alone"))
    with closing(sqlite3.connect(alone)) as other:
        assert other.execute("pragma integrity_check").fetchall() == [("ok",)]
        return sorted(name for [name] in other.execute("select region_id from region"))


def another(template: Path, folder: Path, *names: str) -> Path:
    """A database of somebody else, closed."""
    file = Path(shutil.copy(template, folder / "another.db"))
    made = engine(f"sqlite:///{file}")
    add(made, *names)
    made.dispose()
    return file


def kind_of(question, *arguments) -> str:
    with pytest.raises(DatabaseUnusable) as refused:
        question(*arguments)
    return refused.value.kind


# --- a file that is moved, exchanged, written over -----------------------------------------------------


def test_a_file_moved_away_is_said_and_used_again_once_it_is_back(served):
    file = path_of(served)
    add(served, "east")
    away = file.rename(file.with_name("away.db"))
    assert kind_of(names_in, served) == kind_of(add, served, "west") == "away"
    assert not file.exists()
    assert names_of_file(away) == ["east"]
    away.rename(file)
    add(served, "west")
    assert names_in(served) == names_of_file(file) == ["east", "west"]


def test_what_a_reader_kept_in_the_log_follows_with_the_next_question(served):
    file = path_of(served)
    with reading(served) as reader:
        reader.execute(sa.select(region)).all()  # the state before, as long as it lasts
        add(served, "east")
        assert log_of(file).stat().st_size > 0
    assert names_in(served) == names_of_file(file) == ["east"]
    assert log_of(file).stat().st_size == 0


def test_another_file_in_its_place_is_another_database(served, sqlite_template, tmp_path):
    file = path_of(served)
    add(served, "east")
    former = file.rename(file.with_name("former.db"))
    another(sqlite_template, tmp_path, "north").rename(file)
    assert names_in(served) == ["north"]
    add(served, "south")
    assert names_in(served) == names_of_file(file) == ["north", "south"]
    assert names_of_file(former) == ["east"]


def test_who_still_reads_the_former_file_reads_it_to_the_end(served, sqlite_template, tmp_path):
    file = path_of(served)
    add(served, *MANY)
    with reading(served) as reader:
        rows = iter(reader.execute(sa.select(region.c.region_id).execution_options(yield_per=10)))
        first = next(rows)
        file.rename(file.with_name("former.db"))
        another(sqlite_template, tmp_path, "north").rename(file)
        add(served, "south")
        assert len([first, *rows]) == len(MANY)
    assert names_in(served) == names_of_file(file) == ["north", "south"]


def test_what_is_being_written_during_an_exchange_is_written_nowhere(served, sqlite_template, tmp_path):
    file = path_of(served)

    def write_late():
        with writing(served) as connection:
            connection.execute(region.insert().values(region_id="late", name="late"))
            file.rename(file.with_name("former.db"))
            another(sqlite_template, tmp_path, "north").rename(file)
            assert names_in(served) == ["north"]  # others are served from the new one meanwhile

    assert kind_of(write_late) == "away"
    assert names_in(served) == names_of_file(file) == ["north"]
    assert names_of_file(file.with_name("former.db")) == []


def test_a_log_of_the_former_file_is_not_opened_with_another(served, sqlite_template, tmp_path):
    file = path_of(served)
    former = file.with_name("former.db")
    names_in(served)
    with closing(sqlite3.connect(file)) as other_program:
        reading_on = other_program.execute("select 1 from sqlite_master")
        reading_on.fetchone()
        add(served, "east")
        file.rename(former)
        another(sqlite_template, tmp_path, "north").rename(file)
        assert kind_of(names_in, served) == kind_of(add, served, "south") == "exchanged"
    assert kind_of(names_in, served) == "exchanged"
    log_of(file).rename(log_of(former))  # as the sentence says
    assert names_in(served) == names_of_file(file) == ["north"]
    assert names_in(engine(f"sqlite:///{former}")) == ["east"]


def test_a_log_that_a_reader_kept_from_the_file_follows_it_when_the_reader_ends(served, sqlite_template, tmp_path):
    file = path_of(served)
    former = file.with_name("former.db")
    with reading(served) as reader:
        reader.execute(sa.select(region)).all()
        add(served, "east")
        file.rename(former)
        another(sqlite_template, tmp_path, "north").rename(file)
        assert kind_of(names_in, served) == "exchanged"
    assert names_in(served) == ["north"] and names_of_file(former) == ["east"]


def test_a_file_that_was_written_over_is_read_anew(served, sqlite_template, tmp_path):
    """As `cp backup.db cockpit.db` does: the same file, another content, and pages of the former in memory."""
    add(served, "east")
    shutil.copyfile(another(sqlite_template, tmp_path, *MANY), path_of(served))
    assert names_in(served) == MANY
    add(served, "south")
    assert names_of_file(path_of(served)) == [*MANY, "south"]


def test_written_over_while_somebody_reads_it_is_whole_again_once_they_have_ended(served, sqlite_template, tmp_path):
    add(served, "east")
    with reading(served) as reader:
        reader.execute(sa.select(region)).all()
        shutil.copyfile(another(sqlite_template, tmp_path, *MANY), path_of(served))
        assert kind_of(names_in, served) == "no_database"
    assert names_in(served) == MANY


def test_a_file_that_is_no_database_is_said(tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("Dear diary, " * 1_000)
    assert kind_of(names_in, engine(f"sqlite:///{file}")) == "no_database"
    assert file.read_text() == "Dear diary, " * 1_000


# --- waiting ------------------------------------------------------------------------------------------


def counting(last: int | None) -> sa.TextClause:
    until = "" if last is None else f"where i < {last}"
    return sa.text(f"with recursive n(i) as (select 1 union all select i + 1 from n {until}) select count(*) from n")


def test_a_question_that_takes_too_long_is_given_up(database_url):
    made = engine(database_url, seconds=0.5)

    def ask():
        with reading(made) as connection:
            connection.execute(counting(None))

    begun = time.monotonic()
    assert kind_of(ask) == "slow"
    assert time.monotonic() - begun < 20
    assert names_in(made) == []
    made.dispose()


def test_a_command_takes_as_long_as_it_needs_and_a_page_does_not(database_url, monkeypatch):
    monkeypatch.setenv("DASHBOARD_QUESTION_SECONDS", "0.2")
    question = counting(3_000_000)
    with reading(engine(database_url)) as connection:
        assert connection.scalar(question) == 3_000_000
    made = for_pages(database_url)
    with pytest.raises(DatabaseUnusable, match="longer"), reading(made) as connection:
        connection.scalar(question)
    made.dispose()


def test_what_is_no_number_of_seconds_is_refused(monkeypatch, subtests):
    for said in ("0", "-1", "soon", "nan", "inf"):
        with subtests.test(said=said):
            monkeypatch.setenv("DASHBOARD_LOCK_SECONDS", said)
            with pytest.raises(DatabaseUnusable, match="DASHBOARD_LOCK_SECONDS is .* such as 10"):
                for_pages("sqlite:////nowhere.db")


def test_who_waits_for_a_lock_gives_up_and_keeps_nobody_else_waiting(database_url, database):
    made = engine(database_url, seconds=60, lock_seconds=1.5)
    add(database, "east")

    def raise_it():
        with writing(made) as connection:
            connection.execute(data_state.update().values(version=1))

    with ThreadPoolExecutor(20) as sessions:
        with writing(database) as holder:
            if database.dialect.name == "postgresql":
                holder.execute(sa.text("lock table data_state in access exclusive mode"))
            waiting = [sessions.submit(kind_of, raise_it) for _ in range(20)]
            time.sleep(0.3)
            assert names_in(made) == ["east"]
            assert not any(one.done() for one in waiting)
            assert {one.result(30) for one in waiting} == {"busy"}
        raise_it()
    made.dispose()


def test_more_questions_at_once_than_connections_are_told_so(database_url, monkeypatch):
    monkeypatch.setattr("data_access.engine._CONNECTIONS", {"pool_size": 1, "max_overflow": 1, "pool_timeout": 0.1})
    made = engine(database_url, seconds=61)
    with reading(made), reading(made):
        assert kind_of(names_in, made) == "busy"
    assert names_in(made) == []
    made.dispose()


# --- cut off, full ------------------------------------------------------------------------------------


def test_a_full_disk_loses_nothing_and_is_said(served):
    add(served, "east")

    @sa.event.listens_for(served, "checkout")
    def no_more(connection, _record, _proxy):
        [(pages,)] = connection.execute("pragma page_count").fetchall()
        connection.execute(f"pragma max_page_count = {pages}")

    assert kind_of(add, served, *MANY) == "full"
    assert names_in(served) == ["east"]


def test_what_may_only_be_read_is_read_and_a_write_is_said(database):
    add(database, "east")
    if database.dialect.name == "sqlite":
        sa.event.listen(database, "checkout", lambda connection, *_: connection.execute("pragma query_only = on"))
    else:
        with writing(database) as connection:
            connection.exec_driver_sql(
                f'alter database "{database.url.database}" set default_transaction_read_only = on'
            )
        database.dispose()  # it holds for who comes after it
    assert kind_of(add, database, "west") == "read_only"
    assert names_in(database) == ["east"]


def test_a_connection_that_was_ended_is_said_and_the_next_one_works(database):
    if database.dialect.name == "sqlite":
        pytest.skip("there is no server that could end it")

    def ask_on_a_dead_line():
        with reading(database) as connection:
            own = connection.scalar(sa.text("select pg_backend_pid()"))
            with reading(database) as other:
                other.execute(sa.text(f"select pg_terminate_backend({own})"))
            time.sleep(0.2)
            connection.execute(sa.select(region))

    assert kind_of(ask_on_a_dead_line) == "away"
    assert names_in(database) == []


def test_no_password_is_said(tmp_path):
    for url in ("postgresql://me:s3cret@127.0.0.1:1/sales", f"postgresql://me:s3cret@/sales?host={tmp_path}"):
        with pytest.raises(DatabaseUnusable) as refused:
            names_in(engine(url))
        assert refused.value.kind == "away" and "s3cret" not in str(refused.value)


# --- many seeds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_exchanged_under_writing_sessions_every_row_is_where_it_was_said_to_be(seed, sqlite_template, tmp_path):
    """Sessions write and read while two files take turns at one path. What was said to be saved is in exactly one of
    them, what was refused in none, and both are whole."""
    path, other = tmp_path / "cockpit.db", tmp_path / "resting.db"
    for file in (path, other):
        shutil.copy(sqlite_template, file)
    made, stop = engine(f"sqlite:///{path}"), threading.Event()
    saved: list[str] = []
    refused: list[str] = []

    def session(number: int) -> None:
        count = 0
        while not stop.is_set():
            name = f"s{number}-{count}"
            count += 1
            try:
                add(made, name)
                saved.append(name)
                names_in(made)
            except DatabaseUnusable as unusable:
                # The last where it was gone in the moment of opening, and back in the next.
                assert unusable.kind in ("away", "exchanged", "busy", "read_only"), unusable
                if name not in saved:
                    refused.append(name)

    with ThreadPoolExecutor(3) as sessions:
        running = [sessions.submit(session, number) for number in range(3)]
        for turn in range(12):
            time.sleep(0.02 * ((seed * 7 + turn) % 5 + 1))
            aside = path.rename(tmp_path / "aside.db")
            if turn % 3 == 0:
                time.sleep(0.03)
            if log_of(path).exists() and log_of(path).stat().st_size:
                aside.rename(path)  # as the rule is: not while the log holds more
                continue
            other.rename(path)
            aside.rename(other)
        stop.set()
        for one in running:
            one.result(60)
    add(made, "last")
    made.dispose()
    in_both = names_of_file(path) + names_of_file(other)
    assert len(in_both) == len(set(in_both))
    assert {*saved, "last"} == set(in_both) and not set(refused) & set(in_both)
    assert len(saved) > 10
