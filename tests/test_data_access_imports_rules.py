"""Bad input: each kind ends in a clear sentence and an unchanged database; single bad rows are named."""

import csv
from datetime import date

import pytest
import sqlalchemy as sa

from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.schema import CONTRACT, opportunity
from tests.folders import FOLDER, dump, write_folder

TODAY = date(2025, 6, 30)


def _with(table: str, *lines: str) -> dict[str, str]:
    """The table's file with further lines."""
    return {table: FOLDER[table] + "".join(f"{line}\n" for line in lines)}


REFUSED = {
    "wrong delimiter": (
        {"opportunity": FOLDER["opportunity"].replace(",", ";")},
        r"opportunity.csv: found one column 'opportunity_id;.*separated by ';'.*delimiter = \";\"",
    ),
    "tabs": (
        {"opportunity": FOLDER["opportunity"].replace(",", "\t")},
        r"separated by a tab.*delimiter = \"\\t\"",
    ),
    "mixed dates": (
        {"opportunity": FOLDER["opportunity"].replace("2025-02-01", "2/1/2025", 1)},
        r"opportunity.csv: its dates are not all written as YYYY-MM-DD: line 3 has '2/1/2025' in created_on",
    ),
    "unknown stage": (
        {"opportunity": FOLDER["opportunity"].replace("Sales,Offer", "Sales,Offre")},
        r"opportunity.csv line 3: stage is not a stage of the deal's pipeline 'Sales', which has Lead, Offer, Won, "
        r"Lost; did you mean 'Offer'\? \(Offre\)",
    ),
    "duplicate key": (
        _with("opportunity", "d3,Pipe,c1,r2,Sales,Lead,,,,2025-02-01,,"),
        r"2 of 4 rows of `opportunity`.*line 4: opportunity_id stands twice: line 5 has the same",
    ),
    "closing before creation": (
        {"opportunity": FOLDER["opportunity"].replace("2025-04-01", "2025-01-01")},
        r"opportunity.csv line 4: closed_on lies before created_on \(2025-01-01\)",
    ),
    "empty file": ({"opportunity": ""}, r"opportunity.csv is empty"),
    "missing column": (
        {"opportunity": FOLDER["opportunity"].replace(",stage,", ",step,")},
        r"opportunity.csv lacks the column stage.*Found: opportunity_id, name",
    ),
    "missing table": (
        {"stage": "pipeline,stage,position,kind\n", "opportunity_history": "opportunity_id,changed_at\n"},
        r"^There are no stages: add stage.csv \(pipeline, stage, position, kind\)",
    ),
    "ragged line": (_with("account", "c2,Steel, Iron,mining,r1"), r"1 lines do not have 4 cells.*line 3"),
    "column twice": ({"rep": "rep_id,name,name\nr1,Ann,Ann\n"}, r"rep.csv has the column name twice"),
    "open quotation": (
        _with("account", 'c2,"Steel,mining,r1'),
        r"account.csv cannot be read as CSV from line 3",
    ),
}


@pytest.mark.parametrize(("instead", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused_and_changes_nothing(database, tmp_path, instead, sentence):
    before = dump(database)
    folder = write_folder(tmp_path / "data", instead)
    with pytest.raises(ImportRefused, match=sentence):
        load(database, folder, today=TODAY)
    assert dump(database) == before


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "account.csv").write_bytes("account_id,name\nc1,Coal\nc2,Müller\n".encode("latin-1"))
    with pytest.raises(ImportRefused, match=r"account.csv is not UTF-8: line 3 holds the byte 0xFC"):
        load(database, folder, today=TODAY)
    (folder / "account.csv").write_bytes("account_id,name\nc1,Coal\n".encode("utf-16"))
    with pytest.raises(ImportRefused, match=r'begins like a UTF-16 file.*`encoding = "utf-16"`'):
        load(database, folder, today=TODAY)


def test_a_byte_order_mark_is_no_part_of_the_first_name(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "opportunity.csv").write_text(FOLDER["opportunity"], encoding="utf-8-sig")
    assert load(database, folder, today=TODAY).tables["opportunity"].added == 3


@pytest.mark.parametrize("name", ["nothing", "folder", "folder/notes.txt"])
def test_a_path_without_tables_is_refused(sqlite_template, tmp_path, name):
    from data_access.engine import engine

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(ImportRefused, match="(?i)nothing at"):
        load(engine(f"sqlite:///{sqlite_template}"), tmp_path / name, today=TODAY)


def test_columns_names_without_rows_load_nothing(database, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "opportunity.csv").write_text("opportunity_id,pipeline,stage\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="opportunity.csv has column names but no rows"):
        load(database, folder, today=TODAY)


def test_deals_without_stages_are_refused(database, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "stage.csv").unlink()
    with pytest.raises(ImportRefused):
        load(database, folder / "opportunity.csv", today=TODAY, max_bad=1)
    (folder / "opportunity.csv").unlink()
    (folder / "opportunity_history.csv").unlink()
    with pytest.raises(
        ImportRefused, match="no rows of `stage` and `opportunity`.*add stage.csv and opportunity.csv"
    ):
        load(database, folder, today=TODAY)


# Each: table, the row that breaks a rule, the column and the reason named for it. (d9 would else be fine.)
BROKEN = [
    ("opportunity", "d9,,,,Sales,Lead,,-5,,,,", "amount is negative"),
    ("opportunity", "d9,,,,Sales,Lead,,1.2.3,,,,", "amount is not a number"),
    ("opportunity", "d9,,,,Sales,Lead,,,,2025-02-30,,", "created_on is a day that no calendar has"),
    ("opportunity", "d9,,,,Sales,,,,,,,", "stage is required, and empty"),
    ("opportunity", "d9,,,,Sales,Won,,,,,,", "closed_on is empty although the stage is won or lost"),
    ("opportunity", "d9,,,,Sales,Won,,,,,2025-07-01,", "closed_on lies in the future"),
    ("opportunity", "d9,,,,Sales,Lead,,,,,2025-03-01,", "closed_on is filled although the stage is open"),
    ("opportunity", "d9,,,,Sales,Lost,bored,,,,2025-03-01,", "loss_reason is none of relationship"),
    ("opportunity", "d9,,c9,,Sales,Lead,,,,,,", "account_id is not a known account"),
    ("opportunity_history", "d9,2025-02-01,,Lead,", "opportunity_id is not a known opportunity"),
    ("opportunity_history", "d2,2025-07-01,,Offer,", "changed_at lies in the future"),
    ("opportunity_history", "d2,2025-02-01,,Offre,", "stage is not a stage of the deal's pipeline"),
    ("opportunity_history", "d2,2025-02-02,x,Offer,", "sequence is not a whole number"),
    ("activity", "a9,r1,,call,perhaps,,", "two_way is neither true nor false"),
    ("activity", "a8,r1,,sing,,,", "kind is none of call"),
    ("stage", "Sales,Late,5,open,1.1", "probability is over 1"),
]


def test_broken_rows_are_named_and_the_rest_loads(database, tmp_path):
    instead: dict[str, str] = {}
    expected = []
    for number, (table, line, reason) in enumerate(BROKEN):
        line = line.replace("d9", f"d9{number}", 1) if table == "opportunity" else line
        instead[table] = instead.get(table, FOLDER[table]) + line + "\n"
        expected.append((f"{table}.csv", len(instead[table].splitlines()), reason, line))
    folder = write_folder(tmp_path / "data", instead)
    loaded = load(database, folder, today=TODAY, max_bad=1, rejected_to=tmp_path / "rejected.csv")
    for table in instead:
        assert loaded.tables[table].added == len(FOLDER[table].splitlines()) - 1
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig") as file:
        named = {(row["file"], int(row["line"])): row for row in csv.DictReader(file)}
    assert named.keys() == {(file, line) for file, line, _, _ in expected}
    for file, line, reason, text in expected:
        assert named[file, line]["reason"].startswith(reason)
        assert named[file, line]["row"] == text


def test_what_refers_to_a_rejected_row_is_rejected_too(database, tmp_path):
    deals = FOLDER["opportunity"].replace("2025-04-01", "2025-01-01").replace("Won,,1000", "Won,,-1000")
    folder = write_folder(tmp_path / "data", {"opportunity": deals})
    loaded = load(database, folder, today=TODAY, max_bad=1, rejected_to=tmp_path / "rejected.csv")
    assert {name: counts.rejected for name, counts in loaded.tables.items() if counts.rejected} == {
        "opportunity": 2,
        "opportunity_history": 3,
        "activity": 1,
        "payment": 1,
    }
    reasons = [
        row["reason"] for row in csv.DictReader((tmp_path / "rejected.csv").open(encoding="utf-8-sig"))
    ]
    assert reasons.count("opportunity_id refers to a row of `opportunity` that is rejected") == 5


def test_regions_in_a_circle_are_rejected(database, tmp_path):
    folder = write_folder(tmp_path / "data", _with("region", "x,X,y", "y,Y,x", "z,Z,x"))
    loaded = load(database, folder, today=TODAY, max_bad=0.5, rejected_to=tmp_path / "rejected.csv")
    assert (loaded.tables["region"].added, loaded.tables["region"].rejected) == (3, 3)


def test_a_history_that_contradicts_the_present_is_rejected_with_its_deal(database, tmp_path):
    folder = write_folder(tmp_path / "data", _with("opportunity_history", "d2,2025-02-01,,Lead,"))
    loaded = load(database, folder, today=TODAY, max_bad=0.5, rejected_to=tmp_path / "rejected.csv")
    assert loaded.tables["opportunity"].rejected == loaded.tables["opportunity_history"].rejected == 1
    with database.connect() as connection:
        assert set(connection.scalars(sa.select(opportunity.c.opportunity_id))) == {"d1", "d3"}


def test_another_amount_than_the_historys_is_a_warning_with_its_count(database, tmp_path):
    folder = write_folder(
        tmp_path / "data", {"opportunity": FOLDER["opportunity"].replace("1000.005", "999")}
    )
    loaded = load(database, folder, today=TODAY)
    assert loaded.tables["opportunity"].rejected == 0
    assert any(warning.startswith("opportunity: 1 deals have another amount") for warning in loaded.warnings)


def test_a_mere_repetition_keeps_its_first_row(database, tmp_path):
    folder = write_folder(tmp_path / "data", _with("rep", "r2,Bob,s"))
    loaded = load(database, folder, today=TODAY, max_bad=0.5, rejected_to=tmp_path / "rejected.csv")
    assert (loaded.tables["rep"].added, loaded.tables["rep"].rejected) == (2, 1)
    assert loaded.tables["opportunity"].rejected == 0


def test_the_limit_is_a_share_of_each_file(database, tmp_path):
    lines = [f"e{n},,,,Sales,Lead,,,,,," for n in range(96)]  # with the folder's three: 99 good ones
    folder = write_folder(tmp_path / "data", _with("opportunity", *lines, "bad,,,,Sales,Lead,,-1,,,,"))
    with pytest.raises(ImportRefused, match=r"1 of 100 rows of `opportunity`.*rejected.csv"):
        load(database, folder, today=TODAY, max_bad=0.009)
    assert (tmp_path / "data.rejected.csv").exists()
    assert load(database, folder, today=TODAY, max_bad=0.01).tables["opportunity"].added == 99


def test_every_table_of_the_contract_takes_a_row(database, tmp_path):
    """A line with the required columns of each table: the forms and the key's defaults fit the tables."""
    examples = {
        "text": "x",
        "money": "1",
        "share": "0.5",
        "rate": "7.1",
        "number": "5",
        "integer": "1",
        "boolean": "true",
        "date": "2025-03-31",
        "moment": "2025-03-31 10:00",
    }
    special = {"month": "2025-03-01", "year": "2025", "pipeline": "Sales", "stage": "Won"}
    special |= {
        "rep_id": "r1",
        "region_id": "g",
        "account_id": "c1",
        "opportunity_id": "d1",
        "resource_id": "s1",
    }
    instead = {}
    for name in CONTRACT.keys() - FOLDER.keys():
        required = [c for c in CONTRACT[name].columns if not c.nullable and c.server_default is None]
        cells = {
            c.name: special.get(c.name) or (c.info.get("choices") or [examples[c.info["form"]]])[0]
            for c in required
        }
        instead[name] = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
    loaded = load(database, write_folder(tmp_path / "data", instead), today=TODAY)
    assert {name: counts.added for name, counts in loaded.tables.items() if name in instead} == dict.fromkeys(
        instead, 1
    )
