"""The reading copy: the same rows as the facts, of one version, made and replaced whole, and never missed."""

import gc
import json
import logging
import os
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial, reduce
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from benchmarks.unmoved import LISTS
from dashboard.__main__ import REPORTS, cli
from dashboard.reports import as_text, contents
from data_access import entries, imports, organisation
from data_access.accounts import key_accounts
from data_access.copies import making, serving, worth
from data_access.copies.files import COPIED, FOLDER_VARIABLE, IMPORTED, columns_of, folder_of
from data_access.database.versions import raise_version
from data_access.engine import DATABASE_VARIABLE, entered_was_read, read, rows_of, writing
from data_access.entries import TABLES
from data_access.errors import DatabaseUnusable
from data_access.lists import deal_list
from data_access.schema import FACTS, deal_span, metadata, opportunity, opportunity_score
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import TODAY, load
from tests.independent.random import organisations
from tests.rings import rings
from tests.test_layers import ROOT

AT = datetime(2026, 11, 21, 10, 30)
_EVERYTHING = Scope(Person("executive"), Period(TODAY, TODAY), TODAY, TODAY)


@pytest.fixture(autouse=True)
def copies(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))
    return tmp_path / "copies"


def fill(database: sa.Engine, folder: Path, seed: int = 1) -> None:
    files = organisations.write(organisations.organisation(seed), folder / "files")
    load(database, files, may_reject=tuple(organisations.HEADERS))


def fill_by_hand(database: sa.Engine, folder: Path) -> None:
    load(database, write_folder(folder / "files"))


@pytest.fixture
def database(database_after) -> sa.Engine:
    return database_after(fill_by_hand)


def with_copy(database: sa.Engine, seconds: float = 100.0) -> sa.Engine:
    """Another engine of the same database, that reads from the copy, made now."""
    made = making.make(database.url)
    copied = serving.reading_copy(database, made.facts, seconds, entries=organisation.state(database).stamp)
    assert copied is not None
    return copied


def asked_both(database: sa.Engine, copied: sa.Engine, question, scope, *arguments, **named):
    """A question asked of the facts and of the copy; the answers are the same, in whatever order of rows."""
    answers = [question(one, scope, *arguments, **named) for one in (database, copied)]
    ordered = [_in_order(found) if isinstance(found, pd.DataFrame) else found for found in answers]
    if isinstance(ordered[0], pd.DataFrame):
        pd.testing.assert_frame_equal(*ordered, rtol=1e-12, atol=0)
    else:
        assert repr(ordered[0]) == repr(ordered[1])
    return answers[0]


def unkept(database: sa.Engine, question, scope, *arguments, **named):
    return question(database, scope, *arguments, **named)


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Where rows are equal in what a question orders by, the databases differ, and in where they put what is empty."""
    return frame.sort_values(list(frame), key=lambda column: column.astype(str), ignore_index=True)


def test_more_rows_than_a_page_can_hold_are_not_taken_from_a_copy_either(database, monkeypatch):
    copied = with_copy(database)
    monkeypatch.setattr("data_access.engine.MOST_ROWS", 1)
    with pytest.raises(DatabaseUnusable) as refused:
        read(copied, sa.select(opportunity.c.opportunity_id).order_by(opportunity.c.opportunity_id))
    assert refused.value.kind == "many" and not serving.copy_of(copied).has_failed, "it answered, and goes on to"


_FEW = ("overview", "support", "opportunities")


@pytest.mark.parametrize(("names", "seed"), rings([(_FEW, 1), (REPORTS, 4)]))
def test_every_question_of_a_report_is_answered_alike(names, seed, database_after):
    database = database_after(_FILLED[seed])
    enter_some(database, as_imported=True)
    copied = with_copy(database)
    enter_some(database)
    known: dict[tuple, object] = {}

    def asked(question, scope, *arguments, **named):
        key = question, scope, repr(arguments), repr(named)
        if key not in known:
            known[key] = asked_both(database, copied, question, scope, *arguments, **named)
        return known[key]

    with copied_statements(copied) as run:
        for name in names:
            scope = as_text.everything(asked)
            for what in LISTS if name == "deals" else ("open",):
                contents.answer(asked, scope, name, contents.Wishes(what))
    assert len(set(run)) > 5 * len(names), "hardly anything was asked of the copy"
    assert not serving.copy_of(copied).has_failed


_FILLED = {seed: partial(fill, seed=seed) for seed in (1, 4)}


@pytest.mark.postgresql
def test_the_copy_holds_the_facts_cell_by_cell(database_after):
    database = database_after(_FILLED[1])
    assert rows_alike(database, with_copy(database)) > 1_000


def rows_alike(database: sa.Engine, copied: sa.Engine) -> int:
    """How many rows the copy holds, each of which the database has, and no other."""
    rows = 0
    for table in COPIED.values():
        statement = sa.select(*columns_of(table))
        with serving.copy_of(copied).engine.connect() as connection:
            found = connection.execute(statement).all()
        assert sorted(map(str, found)) == sorted(map(str, rows_of(database, statement))), table.name
        rows += len(found)
    return rows


def test_nothing_that_people_enter_is_copied(database):
    assert not set(TABLES) & set(FACTS)
    copied = with_copy(database)
    before = entered_was_read()
    assert rows_of(copied, sa.select(sa.func.count()).select_from(opportunity)) == [(3,)]
    assert entered_was_read() == before
    both = sa.select(opportunity_score.c.score).join(
        opportunity, opportunity.c.opportunity_id == opportunity_score.c.opportunity_id
    )
    assert rows_of(copied, both) == []
    assert entered_was_read() == before + 1


def enter_some(database: sa.Engine, *, as_imported: bool = False) -> None:
    """The same in any database: of deals, accounts and reps, of some that it does not know too."""
    rows = {
        "opportunity_score": {"opportunity_id": "{}", "question": "brand", "score": 7.0},
        "opening": {"opportunity_id": "{}", "position": "ahead", "territory": "ours", "what_changed": "x"},
        "account_score": {"account_id": "{}", "factor": "potential", "score": 9.0},
        "closeness_score": {"account_id": "{}", "score": 5.0},
        "rep_score": {"rep_id": "{}", "metric": "collaboration", "score": 4.0},
    }
    keys = {"opportunity_id": ["d1", "d2", "d3", "unknown"], "account_id": ["a1", "a2", "c1"], "rep_id": ["r1", "r2"]}
    with writing(database) as connection:
        for table, row in rows.items():
            column = next(iter(row))
            for key in keys[column]:
                entry = {"entry_id": ""} if as_imported else {"entry_id": f"{table} {key}", "entered_at": AT}
                score = {"score": row["score"] - 1} if as_imported and "score" in row else {}
                values = row | {column: key, "assessed_on": date(2025, 6, 30)} | entry | score
                connection.execute(entries.TABLES[table].insert().values(values))
        raise_version(connection, *((["opportunity"], rows) if as_imported else ()))


def test_what_people_enter_stands_beside_what_was_imported_of_the_same_table(database):
    """Each in the next question, the copy being as it was."""
    enter_some(database, as_imported=True)
    facts = making.make(database.url).facts
    found = []
    for entering in (None, enter_some, _take_one_back):
        if entering is not None:
            entering(database)
        copied = with_copy(database)
        with copied_statements(copied) as run:
            found.append(asked_both(database, copied, key_accounts.latest_scores, _EVERYTHING)["score"].tolist())
        assert len(run) == 1 and serving.copy_of(copied).facts == facts and not serving.copy_of(copied).has_failed
    assert found == [[8.0] * 3, [9.0] * 3, [9.0, 9.0, 8.0]]


def _take_one_back(database: sa.Engine) -> None:
    entries.withdraw(database, Person("director"), "account_score", "c1", ["account_score c1"], at=AT)


@contextmanager
def copied_statements(copied: sa.Engine):
    """What the copy is asked in what follows."""
    run: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        run.append(statement)

    engine = serving.copy_of(copied).engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_copy_is_of_one_version_and_only_what_changed_is_copied_anew(database, copies, tmp_path):
    with_copy(database)
    folder = folder_of(database.url)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = {path.name for path in folder.glob("*.duckdb")}
    payment = "opportunity_id,received_on,amount\nd1,2025-03-20,400\nd1,2025-04-02,50\n"
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "payment.csv").write_text(payment)
    imports.load(database, tmp_path / "later" / "payment.csv", today=TODAY)
    facts = organisation.state(database).facts
    assert serving.reading_copy(database, facts) is None, "there is none of these facts yet"
    paid = sa.select(sa.func.count()).select_from(metadata.tables["payment"])
    assert rows_of(database, paid) == [(2,)]
    making.make(database.url)
    after = {path.name for path in folder.glob("*.duckdb")}
    changed = {name.partition("-")[0] for name in after - before}
    assert "payment" in changed and not {"account", "opportunity", "activity"} & changed
    assert len(after) == len(COPIED) + len(IMPORTED), "the former files are gone"
    assert rows_of(with_copy(database), paid) == [(2,)]


def test_the_room_of_a_former_copy_is_free_once_the_next_is_read(database):
    """Who has a file open keeps its room, though it has no name any more."""
    copied = with_copy(database)
    assert rows_of(copied, sa.select(sa.func.count()).select_from(opportunity)) == [(3,)]
    organisation.set_setting(database, "organisation", "Acme")
    facts = making.make(database.url).facts
    copied = serving.reading_copy(database, facts, 100.0)
    gc.collect()
    folder = str(folder_of(database.url))
    held = [path for path in map(os.readlink, _open_files()) if path.startswith(folder)]
    assert len(held) == len(COPIED) + len(IMPORTED) and not [path for path in held if path.endswith("(deleted)")]


def _open_files() -> list[Path]:
    return [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]


def test_an_entry_leaves_the_copy_as_it_is_and_a_setting_makes_another(database):
    made = making.make(database.url)
    with writing(database) as connection:
        raise_version(connection)
    assert making.make(database.url) == made
    organisation.set_setting(database, "organisation", "Acme")  # a setting is a fact: currencies are
    assert making.make(database.url).facts != made.facts


def test_money_is_converted_to_the_currency_of_the_copy(database):
    for currency in ("EUR", "USD"):
        organisation.set_setting(database, "base_currency", currency)
        asked_both(database, with_copy(database), deal_list, as_text.everything(partial(unkept, database)), "won")


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_of_a_damaged_copy_nothing_is_read_and_the_next_is_made_anew(harm, database, caplog):
    manifest = making.make(database.url)
    file = folder_of(database.url) / manifest.files["deal_span"]
    file.unlink() if harm == "gone" else file.write_bytes(file.read_bytes()[:100])
    with caplog.at_level(logging.WARNING):
        assert serving.reading_copy(database, manifest.facts) is None
    assert "cannot be read, so the database answers" in caplog.text
    assert rows_alike(database, with_copy(database)) > 10


def test_a_question_of_the_copy_has_an_end(database_after):
    copied = with_copy(database_after(_FILLED[1]), seconds=0.3)
    tables = [deal_span.alias(name) for name in ("one", "two", "three", "four")]
    one, two, three, four = (table.c for table in tables)
    sums = one.from_day * two.to_day % (three.from_day + four.pushes + 1)
    each = reduce(lambda left, right: left.join(right, sa.true()), tables)
    endless = sa.select(sa.func.max(sums).label("s")).select_from(each)
    started = time.monotonic()
    with pytest.raises(DatabaseUnusable, match="took longer to answer") as refused:
        read(copied, endless, {"s": "Int64"})
    assert refused.value.kind == "slow" and time.monotonic() - started < 20
    assert not serving.copy_of(copied).has_failed, "it is asked other questions still"
    assert rows_of(copied, sa.select(sa.func.count()).select_from(opportunity))[0][0] > 3


def test_the_command_says_of_which_version_it_made_one_or_why_not(database, monkeypatch):
    runner = CliRunner(env={DATABASE_VARIABLE: database.url.render_as_string(hide_password=False)})
    found = runner.invoke(cli, ["copy"])
    assert found.exit_code == 0, found.output
    assert organisation.state(database).facts[:8] in found.output
    manifest = json.loads(next(folder_of(database.url).glob("*.json")).read_text())
    assert set(manifest["files"]) == {*COPIED, *IMPORTED}
    monkeypatch.setenv(FOLDER_VARIABLE, "/dev/null/copies")
    refused = runner.invoke(cli, ["copy"])
    assert refused.exit_code == 1 and "could not be made in /dev/null/copies" in refused.stderr


def test_an_import_is_loaded_though_its_copy_cannot_be_made(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(worth, "_WORTHWHILE", 1)
    monkeypatch.setenv(FOLDER_VARIABLE, "/dev/null/copies")
    folder = write_folder(tmp_path / "files")
    loaded = CliRunner(env={DATABASE_VARIABLE: str(sqlite.url)}).invoke(cli, ["import", str(folder)])
    assert loaded.exit_code == 0 and "Loaded: data version" in loaded.stdout
    assert "The database answers without it" in loaded.stderr
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "copies"))
    CliRunner(env={DATABASE_VARIABLE: str(sqlite.url)}).invoke(cli, ["setting", "organisation", "Acme"])
    monkeypatch.setenv(serving.MEMORY_VARIABLE, "much")
    with pytest.raises(DatabaseUnusable, match="DASHBOARD_COPY_MEMORY is 'much'"):
        with_copy(sqlite)


def test_without_facts_there_is_nothing_to_copy(sqlite):
    with pytest.raises(DatabaseUnusable, match="no facts yet"):
        making.make(sqlite.url)


@pytest.mark.long
@pytest.mark.parametrize("after", [0.5, 1.0, 1.5])
def test_who_is_killed_while_making_one_leaves_none_and_the_next_makes_it(after, database_after):
    database = database_after(_FILLED[1])
    url = database.url.render_as_string(hide_password=False)
    maker = subprocess.Popen([sys.executable, "-m", "dashboard", "--database", url, "copy"], cwd=ROOT)
    time.sleep(after)
    maker.kill()
    maker.wait()
    copied = serving.reading_copy(database, organisation.state(database).facts)
    if copied is not None:
        assert rows_alike(database, copied) > 1_000
    assert rows_alike(database, with_copy(database)) > 1_000


def test_a_last_row_of_another_type_than_the_first_thousands_is_copied(sqlite, tmp_path):
    """The driver that reads SQLite by columns takes the types of the first rows."""
    folder = write_folder(tmp_path / "files")
    deals = [f"e{number},Deal {number},,r1,Sales,Offer,,,,2025-01-01,," for number in range(1_500)]
    deals.append("z,Last,,r1,Sales,Lost,price,12.5,1.5,2025-01-01,2025-02-01,red")
    file = folder / "opportunity.csv"
    file.write_text("\n".join([file.read_text().rstrip("\n"), *deals]) + "\n")
    load(sqlite, folder)
    copied = with_copy(sqlite)
    last = sa.select(opportunity.c.loss_reason, opportunity.c.amount).where(opportunity.c.opportunity_id == "z")
    assert rows_of(copied, last) == rows_of(sqlite, last) == [("price", 1250)]
