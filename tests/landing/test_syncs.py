"""Syncs of landed tables: what is read of them, in which form, from where on; what is refused, and who cannot write.

The tables lie in an SQLite file; `test_syncs_from_dlt.py` lets the real dlt land some in PostgreSQL.
"""

import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access import landing
from data_access.errors import ImportRefused
from data_access.imports.mapping import read_mapping
from data_access.landing.source import find, imprint, read, snapshot, written
from data_access.landing.tables import Landed, mapping_file
from data_access.schema import opportunity, opportunity_history, stage, sync_mark
from tests import faults
from tests.folders import dump

TODAY = date(2026, 6, 30)
TABLES = """
    create table deals (id integer, title text, phase text, worth numeric, closed text, changed text, _dlt_id text);
    create table phases (name text, place integer, kind text);
    create table moves (deal integer, at text, phase text, changed text);
    insert into phases values ('Open', 1, 'open'), ('Won', 2, 'won'), ('Lost', 3, 'lost');
    insert into deals values
      (1, 'Pump', 'Open', 100.5, '', '2026-02-01', 'x'), (2, 'Valve', 'Won', 200, '2026-03-01', '2026-03-02', 'y');
    insert into moves values
      (1, '2026-01-05 10:00:00', 'Open', '2026-01-05'), (2, '2026-01-06 09:00:00', 'Open', '2026-01-06'),
      (2, '2026-03-01 12:00:00', 'Won', '2026-03-02');
"""
MAPPING = """
[from."deals"]
table = "deals"
cursor = "changed"

[from."moves"]
select = "SELECT * FROM moves"
cursor = "changed"
belongs_to = { file = "deals", on = { deal = "id" } }

[from."phases"]
select = "SELECT name, place, kind FROM phases"

[[table]]
name = "stage"
file = "phases"
columns = { pipeline = { always = "Sales" }, stage = "name", position = "place", kind = "kind" }

[[table]]
name = "opportunity"
file = "deals"
properties = "rest"

[table.columns]
opportunity_id = "id"
name = "title"
pipeline = { always = "Sales" }
stage = "phase"
amount = "worth"
closed_on = "closed"

[[table]]
name = "opportunity_history"
file = "moves"
columns = { opportunity_id = "deal", changed_at = "at", stage = "phase" }
"""


@pytest.fixture
def source(tmp_path, monkeypatch) -> Path:
    """The file of a database with landed tables; `mine.toml` beside it reads them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MAPPING, encoding="utf-8")
    _write(tmp_path / "landed.db", TABLES)
    return tmp_path / "landed.db"


def _write(file: Path, statements: str) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(statements)
    connection.close()


def _prepared(source: Path, mapping: str = "mine.toml") -> landing.Landing:
    return landing.prepare(f"sqlite:///{source}", mapping)


def _synced(database, source: Path, **more):
    return landing.load(database, Path("sync-mine"), landing=_prepared(source), today=TODAY, **more)


def _rows(database, *columns) -> list[tuple]:
    with database.connect() as connection:
        return list(map(tuple, connection.execute(sa.select(*columns).order_by(*columns))))


def test_a_second_sync_reads_from_the_greatest_cursor_on_and_all_that_belongs_together(database, source):
    first = _synced(database, source)
    assert "Rows read: deals 2, moves 3, phases 3. All there are." in first.warnings
    assert [first.tables[name].added for name in ("stage", "opportunity", "opportunity_history")] == [3, 2, 3]
    with database.connect() as connection:
        [kept] = connection.execute(sa.select(opportunity.c.properties).where(opportunity.c.opportunity_id == "1"))
    assert kept == ({"changed": "2026-02-01"},)  # and not the books of who landed it
    assert not landing.has_news(database, _prepared(source))

    # A stamp equal to the greatest is no reason to be missed; a new move brings its deal and all its moves.
    _write(source, "insert into deals values (3, 'Pipe', 'Open', null, null, '2026-03-02', 'z')")
    _write(source, "insert into moves values (1, '2026-04-01 08:00:00', 'Open', '2026-04-01')")
    assert landing.has_news(database, _prepared(source))
    second = _synced(database, source)
    assert (second.tables["opportunity"].read, second.tables["opportunity"].added) == (3, 1)
    assert (second.tables["opportunity_history"].read, second.tables["opportunity_history"].added) == (4, 1)
    assert not landing.has_news(database, _prepared(source))

    _write(source, "update deals set title = 'Big pump', changed = '2026-05-01' where id = 1")
    third = _synced(database, source)
    assert (third.tables["opportunity"].read, third.tables["opportunity_history"].read) == (3, 4)
    _write(source, "insert into deals values (5, 'Tap', 'Open', 1, null, '2026-06-01', 'z')")
    fourth = _synced(database, source)  # the greatest stamp has left those of March behind
    assert (fourth.tables["opportunity"].read, fourth.tables["opportunity_history"].read) == (2, 2)
    assert _rows(database, opportunity.c.opportunity_id, opportunity.c.name) == [
        ("1", "Big pump"), ("2", "Valve"), ("3", "Pipe"), ("5", "Tap"),
    ]  # fmt: skip
    assert _synced(database, source, full=True).tables["opportunity"].read == 4


PEOPLE = """
    create table people (deal integer, person text, changed text);
    insert into people values (1, 'Ann', '2026-01-01'), (2, 'Bo', '2026-01-01');
"""
JOINED = """
[from."people"]
select = "SELECT deal, person, changed FROM people"
cursor = "changed"

"""


def test_what_others_are_joined_with_is_read_whole(sqlite, source):
    _write(source, PEOPLE)
    by = 'file = "deals"\njoin = [{ file = "people", on = { id = "deal" } }]\n'
    columns = '[table.columns]\nproduct = "people: person"\n'
    mapping = JOINED + MAPPING.replace('file = "deals"\n', by, 1).replace("[table.columns]\n", columns, 1)
    (source.parent / "mine.toml").write_text(mapping, encoding="utf-8")
    _synced(sqlite, source)
    _write(source, "update deals set title = 'Big pump', changed = '2026-05-01' where id = 1")
    _synced(sqlite, source)
    names = opportunity.c.name, opportunity.c.product
    assert _rows(sqlite, *names) == [("Big pump", "Ann"), ("Valve", "Bo")]
    _write(source, "update people set person = 'Cy', changed = '2026-06-01' where deal = 2")
    _synced(sqlite, source)
    assert _rows(sqlite, *names) == [("Big pump", "Ann"), ("Valve", "Cy")]


def test_a_new_move_of_a_deal_without_a_cursor_brings_all_its_moves(sqlite, source):
    (source.parent / "mine.toml").write_text(
        MAPPING.replace('table = "deals"\ncursor = "changed"', 'table = "deals"', 1), encoding="utf-8"
    )
    _synced(sqlite, source)
    _write(source, "insert into moves values (2, '2026-02-01 12:00:00', 'Open', '2026-05-01')")
    second = _synced(sqlite, source)
    assert second.tables["opportunity_history"].read == 3  # of deal 2


def test_a_change_that_keeps_its_stamp_and_a_change_of_a_table_without_cursor_are_news(sqlite, source):
    _synced(sqlite, source)
    _write(source, "update deals set worth = 300 where id = 2")
    assert landing.has_news(sqlite, _prepared(source))
    assert _synced(sqlite, source).tables["opportunity"].changed == 1
    _write(source, "insert into phases values ('Offer', 4, 'open')")
    assert landing.has_news(sqlite, _prepared(source))
    # What others take from it is another, too: all is read.
    assert _synced(sqlite, source).tables["opportunity"].read == 2
    assert len(_rows(sqlite, stage.c.stage)) == 4
    Path("mine.toml").write_text(MAPPING + "# changed", encoding="utf-8")
    assert landing.has_news(sqlite, _prepared(source))


def test_a_refused_sync_changes_nothing_and_reads_the_same_again(sqlite, source):
    _synced(sqlite, source)
    before = dump(sqlite)
    _write(source, "insert into deals values (4, 'Bad', 'Nowhere', 1, null, '2026-05-01', 'z')")
    for _ in range(2):
        with pytest.raises(ImportRefused, match="1 of 2 rows of `opportunity` break a rule.* deals 4: stage is not"):
            _synced(sqlite, source)
        assert dump(sqlite) == before
    first, second = sorted(Path().glob("sync-mine-*.rejected.csv"))  # one for each, for the next reads others
    table = second.read_text(encoding="utf-8-sig").splitlines()
    assert table[0] == "table,key,reason,column,value,row"
    assert table[1].startswith("deals,4,")


def test_the_last_files_of_rejected_rows_are_kept_and_no_other_is_touched(sqlite, source):
    rejected = "table,key,reason,column,value,row\n"
    names = [f"sync-mine-20260101-0000{n:02}-000000.rejected.csv" for n in range(25)]
    for name in (*names, "sync-mine-first.rejected.csv", "sync-mine-2-20260101-000000-000000.rejected.csv"):
        Path(name).write_text(rejected, encoding="utf-8-sig")
    Path(names[1]).write_text("mine\n", encoding="utf-8")
    _write(source, "insert into deals values (4, 'Bad', 'Nowhere', 1, null, '2026-05-01', 'z')")
    _synced(sqlite, source, max_bad=1)
    there = sorted(one.name for one in Path().glob("*.rejected.csv"))
    [new] = {*there} - {*names, "sync-mine-first.rejected.csv", "sync-mine-2-20260101-000000-000000.rejected.csv"}
    assert there == sorted([names[1], *names[6:], new, "sync-mine-first.rejected.csv",
                            "sync-mine-2-20260101-000000-000000.rejected.csv"])  # fmt: skip
    assert "Nowhere" in Path(new).read_text(encoding="utf-8-sig")


def test_what_is_landed_after_what_refers_to_it_is_found_by_the_next_sync(sqlite, source):
    _write(source, "create table firms (id integer, name text, changed text)")
    firms = """
[from."firms"]
table = "firms"
cursor = "changed"

[[table]]
name = "account"
file = "firms"
columns = { account_id = "id", name = "name" }

"""
    columns = '[table.columns]\naccount_id = { column = "firm", unknown = "empty" }\n'
    text = firms.split("\n\n")[0] + MAPPING.replace("[table.columns]\n", columns, 1) + firms.split("\n\n", 1)[1]
    (source.parent / "mine.toml").write_text(text, encoding="utf-8")
    _write(source, "alter table deals add firm integer; update deals set firm = id + 10;")
    _write(source, "insert into firms values (12, 'Coal', '2026-01-01')")
    _synced(sqlite, source)
    deals = opportunity.c.opportunity_id, opportunity.c.account_id
    assert _rows(sqlite, *deals) == [("1", None), ("2", "12")]
    _write(source, "insert into firms values (11, 'Iron', '2026-02-01')")
    second = _synced(sqlite, source)
    assert _rows(sqlite, *deals) == [("1", "11"), ("2", "12")]
    assert second.tables["opportunity_history"].read == 3  # with all that belongs to the deal
    assert not landing.has_news(sqlite, _prepared(source))


def test_moves_of_one_moment_come_in_the_order_that_the_mapping_names(sqlite, source):
    text = MAPPING.replace('select = "SELECT * FROM moves"', 'select = "SELECT * FROM moves"\norder_by = ["at", "nr"]')
    text = text.replace('changed_at = "at",', 'changed_at = "at", sequence = { number = true },')
    (source.parent / "mine.toml").write_text(text, encoding="utf-8")
    _write(source, """
        alter table moves add nr integer; update moves set nr = rowid; insert into phases values ('Offer', 4, 'open');
        insert into moves values (1, '2026-02-05 10:00:00', 'Offer', '2026-02-05', 9),
          (1, '2026-02-05 10:00:00', 'Open', '2026-02-05', 8), (1, '2026-02-05 10:00:00', 'Won', '2026-02-05', 10);
    """)  # fmt: skip
    _synced(sqlite, source)
    moves = (opportunity_history.c[name] for name in ("opportunity_id", "changed_at", "sequence", "stage"))
    assert [row[2:] for row in _rows(sqlite, *moves)][1:4] == [(0, "Open"), (1, "Offer"), (2, "Won")]
    Path("mine.toml").write_text(text.replace('"nr"', '"nummer"'), encoding="utf-8")
    with pytest.raises(ImportRefused, match="it has no column 'nummer'"):
        _synced(sqlite, source)


def test_one_bad_row_among_few_new_ones_is_a_share_of_the_whole_table(sqlite, source):
    many = ", ".join(f"({n}, 'Deal', 'Open', 1, null, '2026-01-01', 'z')" for n in range(10, 50))
    _write(source, f"insert into deals values {many}")
    _synced(sqlite, source)
    _write(source, "insert into deals values (4, 'Bad', 'Nowhere', 1, null, '2026-05-01', 'z')")
    assert _synced(sqlite, source).tables["opportunity"].rejected == 1


def test_a_dry_sync_keeps_nothing(sqlite, source):
    before = dump(sqlite)
    assert _synced(sqlite, source, dry_run=True).tables["opportunity"].added == 2
    assert dump(sqlite) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('table = "deals"', 'table = "deal"', "there is no table 'deal'. Did you mean 'deals'?"),
        ("FROM moves", "FROM mvoes", "no such table: mvoes. Did you mean 'moves'?"),
        ("SELECT name", "SELECT nmae", "no such column: nmae. Did you mean 'name'?"),
        ('cursor = "changed"', 'cursor = "changd"', "it has no column 'changd'. Did you mean 'changed'?"),
        ('amount = "worth"', 'amount = "worths"', "has no column 'worths'. Did you mean 'worth'?"),
        ("FROM moves", "FROM moves; DROP TABLE moves", "must be one statement"),
        ("SELECT * FROM moves", "DELETE FROM moves", "must be one statement that begins with SELECT"),
        ("SELECT * FROM moves", "WITH x AS (SELECT 1) DELETE FROM moves", "its select fails"),
        ('cursor = "changed"', 'curser = "changed"', "a key 'curser' in [from.\"deals\"]. Did you mean 'cursor'?"),
        ('file = "deals", on', 'file = "dealz", on', "'dealz', which is no section of [from]. Did you mean 'deals'?"),
        ('[[table]]\nname = "stage"', '[read.deals]\nsheet = "x"\n[[table]]\nname = "stage"', "'sheet'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(sqlite, source, old, new, said):
    Path("mine.toml").write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    content = source.read_bytes()
    with pytest.raises(ImportRefused) as refused:
        _synced(sqlite, source)
    assert said in str(refused.value)
    assert source.read_bytes() == content
    assert _rows(sqlite, opportunity.c.opportunity_id) == []


def test_the_source_cannot_be_written(source):
    with snapshot(_prepared(source).source, "") as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.exec_driver_sql("delete from deals")


@pytest.mark.postgresql
def test_postgresql_is_read_in_one_state_that_nobody_can_write_and_types_become_text(kind, database_url, database):
    if kind == "sqlite":
        pytest.skip("its types are text, numbers and nothing")
    select = """SELECT 1 AS whole, 1200.500::numeric(38,9) AS money, 'a: b'::text AS said, '' AS nothing, true AS yes,
        '2026-03-31 23:30:00.5+02'::timestamptz AS moment, '{"a": [1, "ü"]}'::jsonb AS json, null AS gone"""
    landed = Landed(select=select)
    with snapshot(database, "") as connection:
        found = find(connection, "m.toml", "x", landed)
        assert read(connection, found, sa.true()) == {
            "whole": ["1"], "money": ["1200.5"], "said": ["a: b"], "nothing": [None], "yes": ["true"],
            "moment": ["2026-03-31 21:30:00.500000+00:00"], "json": ['{"a": [1, "ü"]}'], "gone": [None],
        }  # fmt: skip
        assert imprint(connection, found, sa.true()).startswith("1:")
        with pytest.raises(ImportRefused, match="has the column a twice"):
            find(connection, "m.toml", "x", Landed(select="SELECT 1 AS a, 2 AS a"))
        with pytest.raises(sa.exc.InternalError, match="read-only"):
            connection.exec_driver_sql("create table mine (x int)")
    with pytest.raises(ImportRefused, match="no schema 'pulic'. Did you mean 'public'"), snapshot(database, "pulic"):
        pass


def test_values_become_the_text_that_files_have():
    values = [2.50, 1e-7, Decimal("3E+2"), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), date(2026, 1, 2), b"\x01"]
    told = ["2.5", "0.0000001", "300", "2026-01-02 03:04:00+00:00", "2026-01-02", "01"]
    assert list(map(written, values)) == told


def test_the_command_says_what_it_did_and_never_a_password(sqlite, source, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(sqlite.url))

    def command(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["sync", *arguments])
        return done.exit_code, done.output

    assert "in the environment's DASHBOARD_SYNC_URL" in command("--mapping", "mine.toml")[1]
    code, said = command("--mapping", "mine.toml", "--from", "secret")
    assert code == 1 and "secret" not in said and "--from or DASHBOARD_SYNC_URL" in said
    code, said = command("--mapping", "mine.toml", "--from", "postgresql://me:secret@127.0.0.1:1/crm")
    assert code == 1 and "secret" not in said and "127.0.0.1" in said and said.endswith("Nothing was changed.\n")
    monkeypatch.setenv("DASHBOARD_SYNC_URL", f"sqlite:///{source}")
    code, said = command("--mapping", "mine.toml")
    assert code == 0 and "Loaded: data version 1." in said
    assert command("--mapping", "mine.toml") == (0, "Nothing is new by mine. Nothing was changed.\n")
    assert command("--mapping", "dlt-hubspt")[1].startswith("There is no mapping of landed tables named 'dlt-hubspt'")
    assert (
        "reads tables of a database"
        in CliRunner().invoke(cli, ["import", str(source), "--mapping", "mine.toml"]).output
    )


@pytest.mark.parametrize("name", landing.shipped())
def test_a_shipped_mapping_of_landed_tables_reads(name):
    rules = read_mapping(mapping_file(name))
    assert rules.about and {*rules.files} == {*rules.landed}


@pytest.mark.parametrize("fault", ["kill", pytest.param("interrupt", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "from_last", [1, pytest.param(0, marks=pytest.mark.long), pytest.param(9, marks=pytest.mark.long)]
)
def test_struck_anywhere_it_is_as_before_or_as_after_and_syncs_again(sqlite, source, monkeypatch, fault, from_last):
    _synced(sqlite, source)
    _write(source, "insert into deals values (3, 'Pipe', 'Open', 5, null, '2026-05-01', 'z')")
    monkeypatch.setenv("DASHBOARD_SYNC_URL", f"sqlite:///{source}")
    arguments = ("sync", "--mapping", str(Path("mine.toml").resolve()))
    before = _rows(sqlite, opportunity.c.opportunity_id), _rows(sqlite, *sync_mark.c)
    moments = _MOMENTS.get("sync") or faults.moments(_copied(sqlite), *arguments)
    _MOMENTS["sync"] = moments
    faults.struck(str(sqlite.url), fault, moments - from_last, *arguments)
    now = _rows(sqlite, opportunity.c.opportunity_id), _rows(sqlite, *sync_mark.c)
    loaded = now[0] == [("1",), ("2",), ("3",)]
    assert loaded == (now[1] != before[1])  # how far it came is kept with what came, or not at all
    assert loaded or now == before
    if not loaded:
        assert landing.has_news(sqlite, _prepared(source))
        _synced(sqlite, source)
    assert not landing.has_news(sqlite, _prepared(source))


_MOMENTS: dict[str, int] = {}


def _copied(database: sa.Engine) -> str:
    file = Path(database.url.database)
    copy = file.with_name("copy.db")
    with sqlite3.connect(file) as one, sqlite3.connect(copy) as other:
        one.backup(other)
    return f"sqlite:///{copy}"
