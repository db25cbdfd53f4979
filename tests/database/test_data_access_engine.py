"""The way to the database: one file wherever the process stands, and frames that keep their promise."""

import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from data_access.engine import engine, provide, read, reading, shown, writing
from data_access.errors import DatabaseUnusable
from data_access.schema import region

pytestmark = pytest.mark.postgresql


def test_a_relative_file_stays_where_it_was_named(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    made = provide("sqlite:///relative-of-this-test.db")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with made.connect():
        pass
    assert (tmp_path / "relative-of-this-test.db").exists()


def test_a_file_that_is_not_there_is_said_and_not_made(tmp_path):
    missing = tmp_path / "mistyped.db"
    with pytest.raises(DatabaseUnusable, match="mistyped.db"), reading(engine(f"sqlite:///{missing}")):
        pass
    assert not missing.exists()


def test_tables_made_half_way_are_not_made(database):
    def make_two_and_fail():
        with writing(database) as connection:
            connection.execute(sa.text("create table half_made (a integer)"))
            connection.execute(region.insert().values(region_id="east", name="East"))
            raise KeyboardInterrupt

    pytest.raises(KeyboardInterrupt, make_two_and_fail)
    assert "half_made" not in sa.inspect(database).get_table_names()
    assert read(database, sa.select(region.c.region_id), {"region_id": "object"}).empty


def test_of_two_who_read_and_then_write_the_second_waits(database):
    """SQLite would refuse the second at once, had it begun by reading: its transaction takes the lock first."""
    begun = threading.Event()

    def rename(name: str) -> str:
        with writing(database) as connection:
            before = connection.scalar(sa.select(region.c.name).with_for_update())
            begun.set()
            time.sleep(0.2)
            connection.execute(region.update().values(name=name))
        return before

    with writing(database) as connection:
        connection.execute(region.insert().values(region_id="east", name="East"))
    with ThreadPoolExecutor() as two:
        first = two.submit(rename, "Near East")
        assert begun.wait(10)
        second = two.submit(rename, "Far East")
    assert (first.result(), second.result()) == ("East", "Near East")


def test_what_is_no_database_of_ours_is_refused_in_words(subtests):
    for url in ("sqlite://", "mysql://host/name", "nonsense"):
        with subtests.test(url=url), pytest.raises(DatabaseUnusable, match="sqlite:///FILE|must be a file"):
            engine(url)


def test_no_rows_have_the_columns_and_types_of_some(database):
    statement = sa.select(region.c.region_id, sa.literal(1).label("n"), sa.literal(739_000).label("day")).order_by(
        region.c.region_id
    )
    empty = read(database, statement, {"day": "day"})
    with database.begin() as connection:
        connection.execute(region.insert().values(region_id="east", name="East"))
    some = read(database, statement, {"day": "day"})
    assert list(some.dtypes.astype(str)) == ["object", "Int64", "datetime64[s]"]
    assert list(empty.columns) == list(some.columns) and (empty.dtypes == some.dtypes).all()
    assert (len(empty), len(some)) == (0, 1)
    assert some["day"].iloc[0].toordinal() == 739_000


def test_a_column_is_read_by_its_name_and_as_its_type_or_not_at_all(database):
    with database.begin() as connection:
        connection.execute(region.insert().values(region_id="east", name="East"))
    exchanged = read(database, sa.select(region.c.name, region.c.region_id), {"region_id": "object", "name": "object"})
    assert exchanged.to_dict("records") == [{"name": "East", "region_id": "east"}]
    with pytest.raises(ValueError, match=r"no columns \['nmae'\]"):
        read(database, sa.select(region.c.name), {"nmae": "object"})
    with pytest.raises(ValueError, match="column other of the select has no type"):
        read(database, sa.select(sa.func.nullif(region.c.name, "").label("other")))


def test_more_rows_than_a_page_can_hold_are_not_taken(database, monkeypatch):
    with writing(database) as connection:
        connection.execute(region.insert(), [{"region_id": one, "name": one} for one in ("east", "south", "west")])
    statement = sa.select(region.c.region_id).order_by(region.c.region_id)
    monkeypatch.setattr("data_access.engine.MOST_ROWS", 3)
    assert len(read(database, statement)) == 3
    monkeypatch.setattr("data_access.engine.MOST_ROWS", 2)
    with pytest.raises(DatabaseUnusable, match="More than 2 rows .* shorter period") as refused:
        read(database, statement)
    assert refused.value.kind == "many"


def test_a_database_without_tables_says_what_to_run(tmp_path):
    bare = provide(f"sqlite:///{tmp_path / 'bare.db'}")
    with pytest.raises(DatabaseUnusable, match="python -m dashboard migrate"):
        read(bare, sa.select(region.c.region_id), {"region_id": "object"})


def test_no_password_is_ever_said(subtests):
    for url in (
        "postgres//me:Tr0ub4dor@host/db",
        "postgres:/me:Tr0ub4dor@host/db",
        "me:Tr0ub4dor@host/db",
        "postgresql:me:Tr0ub4dor",
        "mysql://me:Tr0ub4dor@host/db",
        "Postgres://me:Tr0ub4dor@host/db",
        "postgresql+psycopg2://me:Tr0ub4dor@host/db",
        "postgresql://me:Tr0ub4dor@host:port/db",
        "postgresql://me@host:Tr0ub4dor/db",
        "postgresql://me:Tr0ub4dor/db",
        "postgresql://me:x@Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me/Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me%3ATr0ub4dor@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/postgresql://me:Tr0ub4dor@host/db",
        "postgresql://me%3ATr0ub4dor%40127.0.0.1:1/db",
        "postgresql://me:Tr0ub4dor@127.0.0.1:1/db",
        "postgres://me:Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me:one Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me:one%20Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me:%54r0ub4dor@127.0.0.1:1/db",
        "postgresql://me:Tr0ub4dor%00@127.0.0.1:1/db",
        "postgresql://me:Tr0ub4dor\udcff@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?user=me&password=Tr0ub4dor",
        "postgresql://127.0.0.1:1/db?sslpassword=Tr0ub4dor",
        "postgresql://127.0.0.1:1/db?passwort=Tr0ub4dor",
        "postgresql://me;Tr0ub4dor@127.0.0.1:1/db",
        "postgresql://me@127.0.0.1:1/db:Tr0ub4dor",
        "sqlite://me:Tr0ub4dor@host/db",
        "sqlite:///postgresql://me:Tr0ub4dor@host/db",
        "sqlite:///me:Tr0ub4dor@host/db",
        "host=127.0.0.1 port=1 user=me password=Tr0ub4dor",
        "me/Tr0ub4dor",
        "Tr0ub4dor",
    ):
        with subtests.test(url=url):
            with pytest.raises(DatabaseUnusable) as refusal, reading(engine(url)):
                pass
            trace = "".join(traceback.format_exception(refusal.value))
            assert "Tr0ub4dor" not in trace, trace


def test_a_password_of_digits_is_not_said_as_a_port():
    with pytest.raises(DatabaseUnusable) as refusal:
        engine("postgresql://me:48392048/db")
    assert "48392048" not in str(refusal.value)


def test_a_url_is_said_without_its_password(tmp_path):
    assert shown(engine(f"sqlite:///{tmp_path / 'x.db'}")) == f"sqlite:///{tmp_path / 'x.db'}"
    assert (
        shown(engine("postgresql://me:x@/sales?host=/run/pg")) == "postgresql+psycopg://me:***@/sales?host=%2Frun%2Fpg"
    )
