"""Bad input: each kind ends in a clear sentence and an unchanged database; single bad rows are named."""

import csv
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from data_access.database.limits import (
    DEEPEST_TREE,
    FIRST_YEAR,
    LARGEST_AMOUNT,
    LARGEST_HOURLY_COST,
    LARGEST_HOURS,
    LARGEST_RATE,
    LAST_YEAR,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_NUMBER,
)
from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.schema import CONTRACT
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
    "conversion before creation": (
        {"lead": "lead_id,created_on,converted_on\nl1,2025-02-01,2025-02-01\nl2,2025-02-01,2025-01-31\n"},
        r"1 of 2 rows of `lead`.*lead.csv line 3: converted_on lies before created_on \(2025-01-31\)",
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


WRITTEN = {
    "gb18030": "customer_id,name\nc1,北京公司\nc2,上海贸易公司\n",
    "windows-1252": "account_id,name\nc1,Coal\nc2,Müller und Söhne\nc3,Köln Straßenbau\n",
    "windows-1251": "account_id,name\nc1,Москва Строй\nc2,Казань и сыновья\n",
}


@pytest.mark.parametrize("encoding", WRITTEN)
def test_the_encoding_suggested_is_one_in_which_the_text_reads(encoding, sqlite, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "account.csv").write_bytes(WRITTEN[encoding].encode(encoding))
    with pytest.raises(ImportRefused, match=f'such as `encoding = "{encoding}"`: so it reads'):
        load(sqlite, folder, today=TODAY)


def test_a_refused_load_says_the_commonest_reasons_and_how_many_rows_have_each(sqlite, tmp_path):
    rows = [
        "e1,,,,Sales,Lead,,x,,,,",
        "e2,,,,Sales,Nowhere,,,,,,",
        "e3,,,,Sales,Lead,,y,,,,",
        "e4,,,,Sales,Lead,,z,,,,",
    ]
    folder = write_folder(tmp_path / "data", _with("opportunity", *rows))
    with pytest.raises(ImportRefused) as refused:
        load(sqlite, folder, today=TODAY)
    said = str(refused.value)
    assert re.search(
        r"line 5: amount is not a number.*?\(x\), and 2 more like it; .*line 6: stage is not a stage", said
    )


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
    with pytest.raises(ImportRefused, match="no rows of `stage` and `opportunity`.*add stage.csv and opportunity.csv"):
        load(database, folder, today=TODAY)


# Each: table, the row that breaks a rule, the column and the reason named for it. (d9 would else be fine.)
BROKEN = [
    ("stage", "Sales,Later,6,open,-0.1", "probability is negative"),
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
    ("opportunity", f"d9,{'x' * 256},,,Sales,Lead,,,,,,", "name has 256 characters, and 255 are the most"),
    ("opportunity", "d9,a\0b,,,Sales,Lead,,,,,,", "name holds a character that no database keeps"),
    ("opportunity", "d9,,,,Sales,Lead,,100000000000000.01,,,,", "amount is over 100,000,000,000,000"),
    ("opportunity", "d9,,,,Sales,Lead,,,-100000000000000.01,,,", "gross_margin is under -100,000,000,000,000"),
    ("opportunity", "d9,,,,Sales,Lead,,,,1899-12-31,,", "created_on is not in the years 1900 to 2200"),
    ("opportunity", "d9,#N/A,,,Sales,Lead,,,,,,", "name is the error #N/A of a spreadsheet"),
    ("activity", "a7,r1,,call,,9999-12-31,", "planned_on is not in the years 1900 to 2200; where it stands for always"),
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
    deals = FOLDER["opportunity"].replace("2025-04-01", "2025-07-01").replace("Won,,1000", "Won,,x")
    folder = write_folder(tmp_path / "data", {"opportunity": deals})
    loaded = load(database, folder, today=TODAY, max_bad=1, rejected_to=tmp_path / "rejected.csv")
    assert {name: counts.rejected for name, counts in loaded.tables.items() if counts.rejected} == {
        "opportunity": 2,
        "opportunity_history": 3,
        "activity": 1,
        "payment": 1,
    }
    reasons = [row["reason"] for row in csv.DictReader((tmp_path / "rejected.csv").open(encoding="utf-8-sig"))]
    assert reasons.count("opportunity_id refers to a row of `opportunity` that is rejected") == 5


def test_regions_in_a_circle_are_rejected(database, tmp_path):
    folder = write_folder(tmp_path / "data", _with("region", "x,X,y", "y,Y,x", "z,Z,x"))
    loaded = load(database, folder, today=TODAY, max_bad=0.5, rejected_to=tmp_path / "rejected.csv")
    assert (loaded.tables["region"].added, loaded.tables["region"].rejected) == (3, 3)


def _chain(start: str, levels: int, below: str = "") -> str:
    """The lines of so many regions, each below the one before."""
    ids = [f"{start}{n}" for n in range(levels)]
    return "".join(f"{one},{one},{above}\n" for one, above in zip(ids, [below, *ids[:-1]], strict=True))


def test_a_tree_that_is_too_deep_is_rejected_from_there_on(database, tmp_path):
    tree = FOLDER["region"] + _chain("a", DEEPEST_TREE) + _chain("b", DEEPEST_TREE - 1)
    rejected = tmp_path / "rejected.csv"
    folder = write_folder(tmp_path / "data", {"region": tree + "c,c,a29\nd,d,c\n"})
    loaded = load(database, folder, today=TODAY, rejected_to=rejected)
    assert loaded.tables["region"].rejected == 2
    assert "parent_id makes the tree of regions deeper than 30 levels" in rejected.read_text(encoding="utf-8-sig")

    def alone(lines: str):
        (tmp_path / "region.csv").write_text(f"region_id,name,parent_id\n{lines}", encoding="utf-8")
        return load(database, tmp_path / "region.csv", today=TODAY, max_bad=1, rejected_to=rejected).tables["region"]

    assert alone("b0,b0,g\n").changed == 1
    assert alone("b0,b0,n\n").rejected == 1  # a row that would push others, which are there already, too deep
    assert alone(_chain("e", 1_100)).rejected == 1_100 - DEEPEST_TREE
    circle = _chain("f", 40, below="f39")
    assert alone(circle).rejected == 40


def test_names_of_columns_that_cannot_be_kept_refuse_the_file(sqlite, tmp_path):
    for name, reason in (("x" * (LONGEST_NAME + 1), "has 256 characters"), ("a\0b", "holds a character")):
        folder = write_folder(tmp_path / reason.split()[0], {"region": f"region_id,name,{name}\ng,Group,1\n"})
        with pytest.raises(ImportRefused, match=f"region.csv: the name of column 3 {reason}.*Rename or delete"):
            load(sqlite, folder, today=TODAY)


def test_halves_of_surrogate_pairs_refuse_the_file(sqlite, tmp_path):
    folder = write_folder(tmp_path / "data")
    (folder / "account.csv").write_text("account_id,name\nc1,Coal\nc2,+2AA-\n", encoding="ascii")
    mapping = tmp_path / "utf_7.toml"  # of the encodings one that has them
    mapping.write_text('[read."account.csv"]\nencoding = "utf-7"\n', encoding="utf-8")
    with pytest.raises(ImportRefused, match="account.csv: line 3 holds half of a surrogate pair"):
        load(sqlite, folder, mapping=mapping, today=TODAY)
    (folder / "account.csv").write_bytes("account_id,name\nc1,\ud800\n".encode(errors="surrogatepass"))
    with pytest.raises(ImportRefused, match="account.csv is not UTF-8: line 2"):
        load(sqlite, folder, today=TODAY)


TOO_MUCH = {
    "many amounts at the limit": (
        {"payment": "".join(f"d1,2025-03-20,{n},{LARGEST_AMOUNT}\n" for n in range(91))},
        r"The receipts \(payment\) add up to some 9.1e\+15",
    ),
    "many invoices at the limit": (
        {"invoice": "".join(f"d1,2025-03-20,{n},{LARGEST_AMOUNT}\n" for n in range(91))},
        r"The invoices \(invoice\) add up to some 9.1e\+15",
    ),
    "a rate beyond all sense": (
        {"exchange_rate": f"XXX,2020-01-01,{LARGEST_RATE}\n", "opportunity": f"d9,Sales,Lead,{LARGEST_AMOUNT},XXX\n"},
        r"The amounts of deals .* add up to some 1.0e\+23",
    ),
    "costs of hours": (
        {
            "support_person": f"s1,Sue,expert,40,{LARGEST_HOURLY_COST}\n",
            "support_booking": "".join(f"s1,d1,2025-03-03,{n},{LARGEST_HOURS}\n" for n in range(10)),
            "support_request": "".join(f"{n},d1,expert,1,2025-03-03\n" for n in range(10)),
        },
        r"The costs of support .* add up to some 1.0e\+16",
    ),
}
HEADERS = {
    "invoice": "opportunity_id,due_on,sequence,amount\n",
    "payment": "opportunity_id,received_on,sequence,amount\n",
    "exchange_rate": "currency,valid_from,rate\n",
    "opportunity": "opportunity_id,pipeline,stage,amount,currency\n",
    "support_person": "resource_id,name,kind,weekly_hours,hourly_cost\n",
    "support_booking": "resource_id,opportunity_id,week,request_id,hours\n",
    "support_request": "request_id,opportunity_id,kind,hours,requested_on\n",
}


@pytest.mark.parametrize(("more", "sentence"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_does_not_add_up_in_64_bits_refuses_the_load(database, tmp_path, more, sentence):
    load(database, write_folder(tmp_path / "before"), today=TODAY)
    before = dump(database)
    folder = tmp_path / "data"
    folder.mkdir()
    for table, lines in more.items():
        (folder / f"{table}.csv").write_text(HEADERS[table] + lines, encoding="utf-8")
    with pytest.raises(ImportRefused, match=f"{sentence}.*Nothing was loaded"):
        load(database, folder, today=TODAY)
    assert dump(database) == before


def test_a_history_that_contradicts_the_present_is_ended_by_it(database, tmp_path):
    folder = write_folder(tmp_path / "data", _with("opportunity_history", "d2,2025-02-01,,Lead,"))
    loaded = load(database, folder, today=TODAY)
    assert loaded.tables["opportunity"].rejected == loaded.tables["opportunity_history"].rejected == 0
    assert loaded.tables["opportunity_history"].added == 5
    assert any("the histories of 1 of 3 deals end in another stage" in warning for warning in loaded.warnings)


def test_another_amount_than_the_historys_is_a_warning_with_its_count(database, tmp_path):
    folder = write_folder(tmp_path / "data", {"opportunity": FOLDER["opportunity"].replace("1000.005", "999")})
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
    folder = write_folder(tmp_path / "data", _with("opportunity", *lines, "bad,,,,Sales,Lead,,x,,,,"))
    with pytest.raises(ImportRefused, match=r"1 of 100 rows of `opportunity`.*rejected.csv"):
        load(database, folder, today=TODAY, max_bad=0.009)
    assert (tmp_path / "data.rejected.csv").exists()
    assert load(database, folder, today=TODAY, max_bad=0.01).tables["opportunity"].added == 99


EXAMPLES = {
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
SPECIAL = {"month": "2025-03-01", "year": "2025", "pipeline": "Sales", "stage": "Won"}
SPECIAL |= {"rep_id": "r1", "region_id": "g", "account_id": "c1", "opportunity_id": "d1", "resource_id": "s1"}


def _least_row(table: str) -> dict[str, str]:
    """The required cells of a row that loads."""
    required = [c for c in CONTRACT[table].columns if not c.nullable and c.server_default is None]
    return {c.name: SPECIAL.get(c.name) or (c.info.get("choices") or [EXAMPLES[c.info["form"]]])[0] for c in required}


def test_every_table_of_the_contract_takes_a_row(database, tmp_path):
    """A line with the required columns of each table: the forms and the key's defaults fit the tables."""
    instead = {}
    for name in CONTRACT.keys() - FOLDER.keys():
        cells = _least_row(name)
        instead[name] = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
    loaded = load(database, write_folder(tmp_path / "data", instead), today=TODAY)
    assert {name: counts.added for name, counts in loaded.tables.items() if name in instead} == dict.fromkeys(
        instead, 1
    )


def _over(info: dict) -> list[str]:
    """Texts just over the limits of a column, and one that no database keeps."""
    form = info["form"]
    if form == "text":
        return ["x" * (info["longest"] + 1), "a\0b"]
    if form in ("date", "moment"):
        return [f"{FIRST_YEAR - 1}-12-31", f"{LAST_YEAR + 1}-01-01", "9999-12-31"]
    if form == "boolean":
        return ["y" * (LONGEST_NUMBER + 1)]
    smallest = "1" if form == "integer" else "0.01"
    beyond = [Decimal(info["least"]) - Decimal(smallest), Decimal(info["most"]) + Decimal(smallest)]
    return [*map(str, beyond), "9" * 19, "0" * LONGEST_NUMBER + "1", "1" * 10_000]


def test_what_is_over_a_limit_is_rejected_with_its_line(sqlite, tmp_path, subtests):
    folder, rejected, expected = write_folder(tmp_path / "data"), tmp_path / "rejected.csv", {}
    for table in CONTRACT:
        columns = {c.name: c.info for c in CONTRACT[table].c if c.info["form"] not in ("entry", "properties")}
        over = [(name, text) for name, info in columns.items() for text in _over(info)]
        over += [("more", "x" * (LONGEST_NOTE + 1)), ("more", "\0")]
        rows = [_least_row(table) | {name: text} for name, text in over]
        pd.DataFrame(rows, columns=[*columns, "more"]).to_csv(folder / f"{table}.csv", index=False)
        expected[table] = {(line, name) for line, (name, _text) in enumerate(over, start=2)}
    with suppress(ImportRefused):  # nothing is left to load
        load(sqlite, folder, today=TODAY, max_bad=1, rejected_to=rejected)
    told = pd.read_csv(rejected, dtype=str, encoding="utf-8-sig", keep_default_na=False).astype({"line": int})
    assert (told["value"].str.len() <= 101).all() and (told["reason"].str.len() < 300).all()
    for table in CONTRACT:
        with subtests.test(table=table):
            of_table = told[told["file"] == f"{table}.csv"]
            assert expected[table] - set(zip(of_table["line"], of_table["column"], strict=True)) == set()
