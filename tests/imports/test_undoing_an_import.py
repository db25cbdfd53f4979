"""The last import is taken back: the rows of all tables before and after are the same, and so is what is derived."""

import shutil
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from dashboard.answers.accounts.key_accounts import KIND
from dashboard.first_entries import publish_first_profile
from dashboard.reports import as_text
from data_access import entries, organisation, profiles
from data_access.errors import Refused
from data_access.imports import last_import, load, undo
from data_access.schema import audit_event, import_batch, import_undo
from data_access.scope import Person
from tests.folders import FOLDER, dump, write_folder

pytestmark = pytest.mark.postgresql

TODAY = date(2025, 6, 30)
NOW = datetime(2025, 6, 30, 12)
DIRECTOR = Person("director", name="Dora")
LATER = {
    "account": FOLDER["account"] + "c2,New & Co,steel,r2\n",
    "opportunity": FOLDER["opportunity"].replace("1000.005", "2000").replace("red", "green")
    + "d4,Late,c2,r2,Sales,Offer,,7.5,,2025-05-02,,\n",
    "opportunity_history": FOLDER["opportunity_history"] + "d4,2025-05-02 09:00:00,,Lead,7\nd4,2025-05-03,,Offer,7.5\n",
    "activity": FOLDER["activity"].replace("true", "false") + "a2,r2,d4,visit,,2025-07-01,\n",
    "lead": "lead_id,created_on,opportunity_id\nl1,2025-05-01,d4\n",
    "account_score": "account_id,factor,score,assessed_on\nc1,potential,7.25,2025-05-05\n",
    "rep_history": "rep_id,from_on,region_id\nr1,2025-02-15,s\n",
}  # fmt: skip
# What no undoing takes back: that there was something.
_COUNTED = ("data_state", "fact_version", "audit_event")


def _facts(database) -> dict[str, list]:
    return {name: rows for name, rows in dump(database).items() if name not in _COUNTED}


def _days(database):
    state = organisation.state(database)
    return state.first_day, state.last_day, state.loaded


def _undone(database, by="Ann"):
    return undo(database, last_import(database), by=by)


def _kept(database) -> int:
    with database.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(import_undo))


@pytest.fixture
def loaded(database, tmp_path):
    load(database, write_folder(tmp_path / "first"), today=TODAY)
    return database


@pytest.mark.parametrize(
    "instead",
    [
        LATER,
        {name: LATER[name] for name in ("opportunity", "account")},  # what is derived of few deals
        {"target": "rep_id,month,amount\nr1,2025-05-01,9\n"},
    ],
)
def test_all_rows_are_as_before_and_what_rests_on_them(loaded, tmp_path, instead):
    before, days = _facts(loaded), _days(loaded)
    done = load(loaded, write_folder(tmp_path / "later", instead), today=TODAY)
    assert _facts(loaded) != before
    assert _undone(loaded) == done.version + 1
    assert (_facts(loaded), _days(loaded), _kept(loaded)) == (before, days, 0)
    again = load(loaded, tmp_path / "later", today=TODAY)
    assert again.tables == done.tables


def test_a_first_load_leaves_an_empty_database_and_kept_no_row_for_it(database, tmp_path):
    before = _facts(database)
    load(database, write_folder(tmp_path / "first"), today=TODAY)
    with database.connect() as connection:
        assert set(connection.scalars(sa.select(import_undo.c.content))) == {None}
    _undone(database)
    assert _facts(database) == before
    assert _days(database) == (None, None, None)


def test_what_people_entered_about_what_was_there_stays(loaded, tmp_path):
    load(loaded, write_folder(tmp_path / "later", LATER), today=TODAY)
    score = {"factor": "potential", "score": 3, "assessed_on": TODAY}
    [entry] = entries.enter(loaded, DIRECTOR, "account_score", "c1", [score], at=NOW)
    _undone(loaded)
    assert [entry in row for row in dump(loaded)["account_score"]] == [True]


@pytest.mark.parametrize("instead", [None, LATER])
def test_what_people_entered_about_what_would_go_stands_in_the_way(database, tmp_path, instead):
    if instead is not None:
        load(database, write_folder(tmp_path / "first"), today=TODAY)
    load(database, write_folder(tmp_path / "later", LATER), today=TODAY)
    entries.enter(database, DIRECTOR, "account_goal", "c2", [{"goal": "Grow", "due_on": TODAY}], at=NOW)
    before = dump(database)
    with pytest.raises(Refused, match="about what it added: account_goal about account c2. Nothing was undone"):
        _undone(database)
    assert dump(database) == before
    assert _kept(database) > 0


def test_a_profile_published_on_the_first_one_stands_in_the_way(database, tmp_path):
    revenue = {"purchase": "account_id,year,category,supplier,amount\nc1,2024,x,us,9\n"}
    load(database, write_folder(tmp_path / "first", revenue), today=TODAY, before_commit=publish_first_profile)
    payload = profiles.published(database, None, KIND)["payload"].iloc[0]
    profiles.publish(database, DIRECTOR, KIND, payload, "As it was", based_on=1, at=NOW)
    before = dump(database)
    with pytest.raises(Refused, match="about what it added: version 2 of the key_account profile. Nothing was undone"):
        _undone(database)
    assert dump(database) == before


def test_only_the_last_one_and_only_once(loaded, tmp_path):
    load(loaded, write_folder(tmp_path / "later", LATER), today=TODAY)
    load(loaded, tmp_path / "later", today=TODAY)  # it changes nothing, so the one before is still the last
    last = last_import(loaded)
    assert last.tables["opportunity"] == (1, 1)
    assert set(last.files) == {f"{name}.csv" for name in FOLDER | LATER}
    undo(loaded, last, by="Ann")
    with pytest.raises(Refused, match="was undone already, by Ann on .* Only the last one can be undone"):
        last_import(loaded)
    with pytest.raises(Refused, match="was undone already"):
        undo(loaded, last, by="Ann")
    with loaded.connect() as connection:
        said = connection.execute(sa.select(audit_event).where(audit_event.c.action == "undo_import")).one()
        assert (said.by, said.detail["tables"]["opportunity"]) == ("Ann", [1, 1])
        assert connection.scalar(sa.select(sa.func.count()).where(import_batch.c.undone_by == "Ann")) == len(
            FOLDER | LATER
        )


def test_what_changed_nothing_since_is_named_and_stays(loaded, tmp_path):
    load(loaded, write_folder(tmp_path / "later", LATER), today=TODAY)
    said = as_text.last_import(last_import(loaded))
    assert said.startswith("The last import: ")
    load(loaded, tmp_path / "later" / "stage.csv", today=TODAY)
    load(loaded, tmp_path / "first" / "rep.csv", today=TODAY)
    last = last_import(loaded)
    again = as_text.last_import(last)
    assert again.startswith(said.splitlines()[0].replace("The last import:", "The last import that changed anything:"))
    assert "\nImported since, without a change: stage.csv; rep.csv.\n" in again
    undo(loaded, last, by="Ann")
    b = import_batch.c
    with loaded.connect() as connection:
        assert connection.scalars(sa.select(b.file).where(b.undone_at.is_(None)).order_by(b.batch_id)).all()[-2:] == [
            "stage.csv", "rep.csv",
        ]  # fmt: skip


def test_nothing_to_undo_is_said(database, tmp_path):
    with pytest.raises(Refused, match="Nothing was ever imported"):
        last_import(database)
    load(database, write_folder(tmp_path / "first"), today=TODAY)
    with database.begin() as connection:
        connection.execute(import_undo.delete())
    with pytest.raises(Refused, match="by an earlier version of this product, which kept nothing"):
        last_import(database)


def test_another_import_meanwhile_is_not_taken_back(loaded, tmp_path):
    last = last_import(loaded)
    load(loaded, write_folder(tmp_path / "later", LATER), today=TODAY)
    before = dump(loaded)
    with pytest.raises(Refused, match="Meanwhile something else was imported. Nothing was undone"):
        undo(loaded, last, by="")
    assert dump(loaded) == before


def test_a_table_that_others_changed_is_left_alone(loaded, tmp_path):
    load(loaded, write_folder(tmp_path / "later", LATER), today=TODAY)
    with loaded.begin() as connection:
        connection.exec_driver_sql("DELETE FROM opportunity WHERE opportunity_id = 'd4'")
    before = dump(loaded)
    with pytest.raises(Refused, match="0 of 1 rows of `opportunity` are still there"):
        _undone(loaded)
    assert dump(loaded) == before


def test_the_command_says_what_it_would_take_back_and_asks(database_url, database, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("USER", "Ann")

    def run(*arguments):
        return CliRunner().invoke(cli, ["import", *arguments])

    assert "Nothing was ever imported" in run("--undo").output
    empty = _facts(database)
    folder = write_folder(
        tmp_path / "first", {"purchase": "account_id,year,category,supplier,amount\nc1,2024,x,us,9\n"}
    )
    assert run(str(folder)).exit_code == 0  # with the first profile of key accounts, which goes with it
    assert dump(database)["scoring_profile"]
    asked = run("--undo")
    assert asked.exit_code == 1
    assert "opportunity.csv" in asked.output and "by Ann on" in asked.output
    assert "import --undo --yes" in asked.output
    done = run("--undo", "--yes")
    assert done.exit_code == 0, done.output
    assert "Undone: data version" in done.output
    assert _facts(database) == empty
    assert run("--undo", "--yes").exit_code == 1
    shutil.rmtree(folder)
    assert run(str(folder), "--undo").exit_code == 2
    assert run().exit_code == run(str(folder), "--yes").exit_code == 2
