"""What is found by a part of its name: by hand, in both databases and their copy, and only what the person may see."""

import sqlite3
from pathlib import Path
from string import ascii_letters

import duckdb
import pyarrow as pa
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from data_access import permitted, search
from data_access.copies.dialect import Dialect
from data_access.copies.files import FOLDER_VARIABLE
from data_access.engine import reading
from data_access.errors import Refused
from data_access.names import folded
from data_access.scope import Person
from tests.database.test_copies import _EVERYTHING, asked_both, copied_statements, fill, with_copy
from tests.folders import write_folder
from tests.independent.product import load

NAMES = {
    "a1": "Acme",
    "a2": "ACME Holding",
    "a3": "Old acme works",
    "a4": "Écoles du Nord",
    "a5": "Les éCOLES",
    "a6": "İstanbul A.Ş.",
    "a7": "Büro_1 100%",
    "a8": "a/b\\c",
    "a9": "杭州大华",
    "a10": "大华",
    "a11": "STRASSE",
    "a12": "Straße",
}
SOUTH = ("a2", "a9")
# Hits in their order: whose name begins with the text, the shorter first; then whose name has it elsewhere.
FOUND = {
    "acme": ["a1", "a2", "a3"],
    "ACME": ["a1", "a2", "a3"],
    "works OLD": ["a3"],
    "école": ["a4", "a5"],
    "ÉCOLE": ["a4", "a5"],
    "istan": [],  # whose capital has a dot, and no ASCII letter of its own
    "İstan": ["a6"],  # but itself
    "stanbul a": ["a6"],
    "ş": ["a6"],
    "%": ["a7"],
    "_1": ["a7"],
    "/b\\": ["a8"],
    "大华": ["a10", "a9"],
    "straß": ["a12"],
    "strass": ["a11"],
    "A1": ["a1"],  # a key
    "": [],
    "  ": [],
    "nobody": [],
}


def fill_with_names(database: sa.Engine, folder: Path) -> None:
    regions = {key: "s" if key in SOUTH else "n" for key in NAMES}
    rows = "".join(f'{key},"{name}",mining,r1,{regions[key]}\n' for key, name in NAMES.items())
    accounts = "account_id,name,industry,owner_id,region_id\nc1,Coal & Co,mining,r1,n\n" + rows
    load(database, write_folder(folder / "files", {"account": accounts}))


@pytest.fixture
def database(database_after, tmp_path, monkeypatch) -> sa.Engine:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))
    return database_after(fill_with_names)


def keys(database, copied, scope, kind, text, most=9) -> list[str]:
    return asked_both(database, copied, search.hits, scope, kind, text, most)["key"].tolist()


@pytest.mark.postgresql
def test_names_are_found_by_their_parts_alike_in_the_database_and_its_copy(database):
    copied = with_copy(database)
    with copied_statements(copied) as run:
        assert {text: keys(database, copied, _EVERYTHING, "account", text) for text in FOUND} == FOUND
        assert keys(database, copied, _EVERYTHING, "account", "a", 3) == ["a1", "a8", "a2"]
        assert keys(database, copied, _EVERYTHING, "rep", "B") == ["r2"]
        assert keys(database, copied, _EVERYTHING, "deal", "p") == ["d3", "d1"]
    assert len(run) > len(FOUND)
    [hit] = search.hits(database, _EVERYTHING, "deal", "PUMP", 9).itertuples(index=False)
    assert tuple(hit) == ("d1", "Pump, large", "Coal & Co")
    [hit] = search.hits(database, _EVERYTHING, "rep", "ann", 9).itertuples(index=False)
    assert tuple(hit) == ("r1", "Ann", "North")


@pytest.mark.postgresql
def test_a_manager_finds_what_is_of_the_region_today_and_nothing_else(database):
    copied = with_copy(database)
    south = _EVERYTHING.but(person=Person("manager", ("s",)))
    assert keys(database, copied, south, "account", "acme") == ["a2"]
    assert keys(database, copied, south, "account", "大华") == ["a9"]
    assert keys(database, copied, south, "rep", "n") == [] and keys(database, copied, south, "rep", "o") == ["r2"]
    assert keys(database, copied, south, "deal", "p") == ["d3"]
    narrowed = _EVERYTHING.but(regions=("s",), owner="r2", segments=("none",))
    assert keys(database, copied, narrowed, "account", "acme") == FOUND["acme"], "filters hide nothing from a search"


def test_whatever_is_found_may_be_opened_and_nothing_that_may_be_is_missed(database_after, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))
    database = database_after(fill)
    region = "x"
    with reading(database) as connection:
        region = connection.scalar(sa.text("select max(region_id) from region where parent_id is not null"))
    for person in (Person("executive"), Person("manager", (region,))):
        scope = _EVERYTHING.but(person=person)
        for kind, one in search._KINDS.items():
            with reading(database) as connection:
                everything = connection.scalars(sa.select(one.key)).all()
                allowed = [key for key in everything if _may_open(connection, person, one.permitted, key)]
            found = {found for key in everything for found in _all(database, scope, kind, key)}
            assert found == set(allowed) and (person.sees_everything or len(allowed) < len(everything)), kind


def _all(database, scope, kind, text) -> list[str]:
    return search.hits(database, scope, kind, text, 10_000)["key"].tolist()


def _may_open(connection, person, column, key) -> bool:
    try:
        permitted.must_see(connection, person, column, key)
    except Refused:
        return False
    return True


def test_what_cannot_be_searched_for_is_refused_in_words(database):
    for kind, text in (("lead", "x"), ("deal", "x" * 300), ("deal", "\0")):
        with pytest.raises(Refused):
            search.hits(database, _EVERYTHING, kind, text, 9)


def test_every_letter_is_found_alike_in_the_copy_and_in_sqlite():
    """Each letter with a case, as a text, among names that are one letter each."""
    every = [chr(number) for number in range(0x80, 0x110000) if not 0xD800 <= number <= 0xDFFF]
    names = [*ascii_letters, *(one for one in every if one.lower() != one or one.upper() != one), "大"]
    column, table = sa.column("name"), sa.text("names")
    with duckdb.connect() as copy, sqlite3.connect(":memory:") as plain:
        copy.register("names", pa.table({"name": names, "name_folded": [*map(folded, names)]}))
        plain.execute("create table names (name text)")
        plain.executemany("insert into names values (?)", [(name,) for name in names])
        for text in [*names[::20], *"KİıſßẞkiςσΣµμǆ大"]:
            is_named = search.named(column, column, search.fold(text).split(), text)
            statement = sa.select(column).select_from(table).where(is_named)
            found = [
                sorted(name for (name,) in one.execute(_written(statement, dialect)).fetchall())
                for one, dialect in ((copy, Dialect("CNY")), (plain, sqlite.dialect()))
            ]
            assert found[0] == found[1] != [], text


def _written(statement, dialect) -> str:
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).replace("%%", "%")
