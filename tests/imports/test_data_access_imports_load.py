"""A folder of the contract's form, on both databases: in, again, changed, extended."""

from datetime import date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa
import xlsxwriter

from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.imports.gather import gather
from data_access.imports.judge import known_to
from data_access.imports.staging import connection_to_look
from data_access.schema import (
    account_score,
    activity,
    data_state,
    opportunity,
    opportunity_history,
    payment,
    setting,
    stage_entry,
)
from tests.folders import FOLDER, dump, write_folder

TODAY = date(2025, 6, 30)


def _load(database, folder, **options):
    return load(database, folder, today=TODAY, **options)


def _row(database, table, **key):
    with database.connect() as connection:
        wanted = sa.select(table).where(*(table.c[name] == value for name, value in key.items()))
        return connection.execute(wanted).mappings().one()


@pytest.mark.postgresql
def test_every_form_arrives_exactly(database, tmp_path):
    loaded = _load(database, write_folder(tmp_path / "data"))
    assert loaded.rejected_file is None
    assert {name: counts.added for name, counts in loaded.tables.items()} == {
        name: len(text.strip().splitlines()) - 1 for name, text in FOLDER.items()
    }
    deal = _row(database, opportunity, opportunity_id="d1")
    assert deal["amount"] == 100_001  # 1000.005, rounded half up to the cent
    assert deal["gross_margin"] == -2_050
    assert deal["created_on"] == date(2025, 1, 10)
    assert deal["name"] == "Pump, large"
    assert _row(database, opportunity, opportunity_id="d2")["amount"] is None
    done = _row(database, activity, activity_id="a1")
    assert done["completed_at"] == datetime(2025, 2, 1, 9, 30)
    assert done["two_way"] is True
    assert _row(database, payment, opportunity_id="d1")["sequence"] == 0


def test_the_second_load_changes_nothing(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    first = _load(database, folder)
    before = dump(database)
    second = _load(database, folder)
    assert dump(database) == before
    assert second.version == first.version == 1
    assert all(counts.unchanged == counts.read for counts in second.tables.values())


@pytest.mark.postgresql
def test_only_what_differs_is_changed(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    _load(database, folder)
    changed = FOLDER["opportunity"].replace("1000.005", "1500").replace("Lost,,,", "Lost,,77,")
    (folder / "opportunity.csv").write_text(changed, encoding="utf-8")
    loaded = _load(database, folder / "opportunity.csv")
    assert loaded.version == 2
    counts = loaded.tables["opportunity"]
    assert (counts.added, counts.changed, counts.unchanged) == (0, 2, 1)
    assert _row(database, opportunity, opportunity_id="d1")["amount"] == 150_000


def test_columns_a_file_does_not_have_stay(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    _load(database, folder)
    (folder / "opportunity.csv").write_text(
        "opportunity_id,pipeline,stage,closed_on,name\nd1,Sales,Won,2025-03-01,Renamed\n", encoding="utf-8"
    )
    _load(database, folder / "opportunity.csv")
    deal = _row(database, opportunity, opportunity_id="d1")
    assert (deal["name"], deal["amount"], deal["properties"]) == ("Renamed", 100_001, {"colour": "red"})


def test_unknown_columns_are_kept_as_properties(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "notes.txt").write_text("not ours", encoding="utf-8")
    loaded = _load(database, folder)
    assert _row(database, opportunity, opportunity_id="d1")["properties"] == {"colour": "red"}
    assert _row(database, opportunity, opportunity_id="d2")["properties"] == {}
    assert any("notes.txt" in warning for warning in loaded.warnings)


@pytest.mark.postgresql
def test_a_dry_run_counts_and_changes_nothing(database, tmp_path):
    before = dump(database)
    loaded = _load(database, write_folder(tmp_path / "data"), dry_run=True)
    assert loaded.dry_run
    assert loaded.tables["opportunity"].added == 3
    assert dump(database) == before


def test_excel_loads_like_csv(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    _load(database, folder)
    before = dump(database)
    (folder / "opportunity.csv").unlink()
    deals = pd.read_csv(write_folder(tmp_path / "again") / "opportunity.csv")
    with xlsxwriter.Workbook(folder / "opportunity.xlsx") as workbook:
        day, sheet = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_worksheet()
        sheet.write_row(0, 0, deals.columns)
        for place, deal in deals.iterrows():
            for column, (name, value) in enumerate(deal.items()):
                if pd.isna(value):
                    continue
                if name.endswith("_on"):
                    sheet.write_datetime(place + 1, column, datetime.fromisoformat(value), day)
                else:
                    sheet.write(place + 1, column, value)
    loaded = _load(database, folder)
    assert loaded.tables["opportunity"].unchanged == 3
    assert dump(database) == before


def test_a_zone_offset_is_converted_to_the_organisations_time(database, tmp_path):
    with database.begin() as connection:
        connection.execute(setting.delete().where(setting.c.name == "time_zone"))
        connection.execute(setting.insert().values(name="time_zone", value="Asia/Shanghai"))
    folder = write_folder(tmp_path / "data")
    (folder / "activity.csv").write_text(
        "activity_id,rep_id,kind,completed_at\na1,r1,call,2025-02-01T20:30:00+00:00\n", encoding="utf-8"
    )
    _load(database, folder)
    assert _row(database, activity, activity_id="a1")["completed_at"] == datetime(2025, 2, 2, 4, 30)


def test_what_was_entered_on_a_page_is_never_touched(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    _load(database, folder)
    entered = {
        "account_id": "c1",
        "factor": "potential",
        "score": 3.0,
        "assessed_on": date(2025, 2, 1),
        "assessed_by": "x",
        "entry_id": "e1",
        "entered_by": "x",
        "entered_at": datetime(2025, 2, 1),
    }
    with database.begin() as connection:
        connection.execute(account_score.insert().values(entered))
    (folder / "account_score.csv").write_text(
        "account_id,factor,score,assessed_on\nc1,potential,9,2025-02-01\n", encoding="utf-8"
    )
    _load(database, folder / "account_score.csv")
    assert _row(database, account_score, entry_id="e1")["score"] == 3.0
    assert _row(database, account_score, entry_id="")["score"] == 9.0


@pytest.mark.postgresql
def test_two_imports_at_once_are_refused(database, tmp_path):
    folder, refusals = write_folder(tmp_path / "data"), []

    def load_again(step, done, total):
        if step == "move" and not refusals:
            with pytest.raises(ImportRefused, match="Another import") as refusal:
                _load(database, folder)
            refusals.append(refusal)

    _load(database, folder, progress=load_again)
    assert refusals


def test_the_version_follows_changes_only(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    _load(database, folder)
    (folder / "payment.csv").write_text("opportunity_id,received_on,amount\nd1,2025-04-01,5\n", encoding="utf-8")
    assert _load(database, folder).version == 2
    with database.connect() as connection:
        assert connection.scalar(sa.select(data_state.c.version)) == 2


def test_a_history_of_deals_that_never_came_keeps_no_other_from_its_deal(database, tmp_path):
    """A file of histories may come first, before there is any deal to check it against."""
    early = tmp_path / "opportunity_history.csv"
    early.write_text("opportunity_id,changed_at,stage\nd0,2025-01-05,Lead\n", encoding="utf-8")
    _load(database, early)
    _load(database, write_folder(tmp_path / "folder"))
    with database.connect() as connection:
        assert "d0" in set(connection.scalars(sa.select(opportunity_history.c.opportunity_id)))
        entered = connection.execute(
            sa.select(stage_entry.c.opportunity_id, stage_entry.c.stage).order_by(stage_entry.c.entered_day)
        ).all()
    assert entered == [("d1", "Lead"), ("d1", "Offer"), ("d1", "Won")]


def test_no_question_of_an_import_looks_for_each_row_in_what_is_staged(sqlite, tmp_path):
    """What is staged has no index: twenty thousand deals took fifteen seconds, a hundred thousand six minutes."""
    folder = write_folder(tmp_path / "data")
    _load(sqlite, folder)
    plans = {}

    def explain(connection, _cursor, statement, parameters, context, _many) -> None:
        if statement.startswith("SELECT") and "staging_" in statement:
            plan = context.root_connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans[statement] = plan.fetchall()

    sa.event.listen(sqlite, "before_cursor_execute", explain)
    try:
        _load(sqlite, folder)
    finally:
        sa.event.remove(sqlite, "before_cursor_execute", explain)
    again = []
    for statement, steps in plans.items():
        each_time = {step[0] for step in steps if "CORRELATED" in step[3]}
        again += [statement for step in steps if step[1] in each_time and step[3].startswith("SCAN")]
    assert len(plans) > 10 and again == []


@pytest.mark.postgresql
def test_of_what_is_there_an_import_asks_only_what_it_names(database, tmp_path):
    _load(database, write_folder(tmp_path / "data"))
    file = tmp_path / "opportunity_history.csv"
    rows = ["d1,2025-06-29,7000", "nowhere,2025-06-29,1", "d\0,2025-06-29,1"]  # no database can be asked for the last
    file.write_text("\n".join(["opportunity_id,changed_at,amount", *rows]), encoding="utf-8")
    with connection_to_look(database) as connection, connection.begin():
        known = known_to(connection, gather(file, None, None, lambda *step: None).lots)
    assert {name: list(keys) for name, keys in known.keys.items() if len(keys)} == {"opportunity": ["d1"]}
    assert known.pipelines.to_dict() == {"d1": "Sales"} and list(known.with_history) == ["d1"]
    assert {"account", "opportunity", "rep"} <= known.filled
    loaded = _load(database, file, max_bad=1)
    assert (loaded.tables["opportunity_history"].added, loaded.tables["opportunity_history"].rejected) == (1, 2)
