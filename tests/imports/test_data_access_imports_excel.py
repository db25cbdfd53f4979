"""A cell of a workbook whose formula failed is rejected with its line, like the same text in a CSV."""

import csv
import re
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.imports.readers import SPREADSHEET_ERRORS, Most, Reading, read_source
from tests.folders import write_folder

TODAY = date(2025, 6, 30)
HEADER = ("opportunity_id", "name", "pipeline", "stage", "amount", "created_on", "colour")
ROWS = [
    ("e1", "Pump", "Sales", "Lead", 5, "2025-01-10", "red"),
    ("e2", "#N/A", "Sales", "Lead", 5, "2025-01-10", "red"),
    ("e3", "Pump", "Sales", "#REF!", 5, "2025-01-10", "red"),
    ("e4", "Pump", "Sales", "Lead", "#DIV/0!", "2025-01-10", "red"),
    ("e5", "Pump", "Sales", "Lead", 5, "#VALUE!", "red"),
    ("#NAME?", "Pump", "Sales", "Lead", 5, "2025-01-10", "red"),
    ("e7", "Pump", "Sales", "Lead", 5, "2025-01-10", "#NUM!"),  # a custom property, kept as it came
]


def _workbook(path: Path, rows, *, first_row: int = 0, hidden: tuple[int, ...] = ()) -> Path:
    """A workbook of these rows in its second sheet; a text that is an error becomes a formula that ends in it."""
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("notes").write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet = workbook.add_worksheet("deals")
        for number, row in enumerate(rows, start=first_row):
            for column, cell in enumerate(row):
                if cell in SPREADSHEET_ERRORS:
                    sheet.write_formula(number, column, "=1+1", None, cell)
                else:
                    sheet.write(number, column, cell)
        for number in hidden:
            sheet.set_row(number, options={"hidden": True})
        sheet.merge_range(len(rows) + first_row + 5, 0, len(rows) + first_row + 6, 1, "")
    return path


def _rejected(database, folder: Path, mapping: Path | None, tmp_path: Path) -> list[tuple]:
    to = tmp_path / "rejected.csv"
    loaded = load(database, folder, mapping=mapping, today=TODAY, max_bad=1, rejected_to=to)
    assert (loaded.tables["opportunity"].added, loaded.tables["opportunity"].rejected) == (2, 5)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return [(int(row["line"]), row["column"], row["value"], row["reason"]) for row in csv.DictReader(file)]


def test_an_error_is_rejected_with_its_line_as_in_a_csv(database, tmp_path):
    told = {}
    for kind in ("csv", "xlsx"):
        folder = write_folder(tmp_path / kind)
        for name in ("opportunity", "opportunity_history", "payment", "activity"):
            (folder / f"{name}.csv").unlink()
        if kind == "csv":
            pd.DataFrame(ROWS, columns=HEADER).to_csv(folder / "opportunity.csv", index=False)
        else:
            _workbook(folder / "opportunity.xlsx", [HEADER, *ROWS], hidden=(2, 4))
        mapping = tmp_path / "second_sheet.toml"
        mapping.write_text('[read."opportunity.*"]\nsheet = "deals"\n', encoding="utf-8")
        told[kind] = _rejected(database, folder, mapping, tmp_path)
        with database.begin() as connection:
            connection.exec_driver_sql("delete from opportunity")
    lines = [(line, column, value) for line, column, value, _reason in told["csv"]]
    assert lines == [
        (3, "name", "#N/A"),
        (4, "stage", "#REF!"),
        (5, "amount", "#DIV/0!"),
        (6, "created_on", "#VALUE!"),
        (7, "opportunity_id", "#NAME?"),
    ]
    assert told["csv"][0][3] == (
        'name is the error #N/A of a spreadsheet: mend its formula, or declare empty = ["#N/A"] in a mapping'
    )
    assert told["xlsx"] == told["csv"]


def test_lines_count_from_the_top_of_the_sheet_and_declared_errors_are_empty(tmp_path):
    rows = [("a", "b"), ("#N/A", "x"), ("y", "#REF!")]
    book = _workbook(tmp_path / "t.xlsx", rows, first_row=3)
    read = read_source(book, Reading(sheet="deals", empty=("#N/A",))).cells
    assert read.index.tolist() == [5, 6]
    assert read.to_numpy().tolist() == [[None, "x"], ["y", "#REF!"]]


# As written by other programs than ours, each with the cells of its two rows.
WRITTEN = {
    "without places": "<row><c><v>1</v></c><c t='e'><v>#N/A</v></c></row><row><c t=\"e\"><v>#REF!</v></c></row>",
    "in another order": '<row r="1"><c t="e" s="3" r="B1"><f>1/0</f><v>#N/A</v></c><c r="A1"><v>1</v></c></row>'
    '<row r="2"><c r="A2"  t = "e" ><v>#REF!</v></c></row>',
    "that only look so": '<row r="1"><c r="A1" t="inlineStr"><is><t>1</t></is></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    '<row r="2"><c r="A2" t="str"><f>IF(t="e","")</f><v>#REF!</v></c></row>',
}
_FIRST, _SECOND = ["1", "#N/A"], ["#REF!", ""]


@pytest.mark.parametrize("cells", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_errors_are_found_however_a_cell_is_written(cells, prefix, tmp_path):
    book = _with_sheet(tmp_path, re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", cells), prefix)
    read = read_source(book, Reading()).cells
    assert read.columns.tolist() == ["h1", "h2"]
    assert read.fillna("").to_numpy().tolist() == [_FIRST, _SECOND]


def _with_sheet(tmp_path: Path, cells: str, prefix: str) -> Path:
    """A workbook whose only sheet has these rows below its header."""
    made = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(made) as workbook:
        workbook.add_worksheet("S")
    header = "".join(f'<{prefix}c t="str"><{prefix}v>h{n}</{prefix}v></{prefix}c>' for n in (1, 2))
    cells = re.sub(r' r="(\w?)(\d)"', lambda found: f' r="{found[1]}{int(found[2]) + 1}"', cells)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xmlns = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    rows = f"<{prefix}sheetData><{prefix}row>{header}</{prefix}row>{cells}</{prefix}sheetData>"
    sheet = f'<{prefix}worksheet {xmlns}="{namespace}">{rows}</{prefix}worksheet>'
    book = tmp_path / "t.xlsx"
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(book, "w") as rewritten:
        for name in archive.namelist():
            rewritten.writestr(name, sheet if name.endswith("sheet1.xml") else archive.read(name))
    return book


def test_a_cell_far_away_takes_no_memory(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as workbook:
        sheet = workbook.add_worksheet("deals")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        sheet.write(1_048_575, 16_383, "far")
    with pytest.raises(
        ImportRefused, match=r"'deals' reaches down to line 1,048,576 and right to column XFD, 17,179,869"
    ):
        read_source(tmp_path / "t.xlsx")
    with xlsxwriter.Workbook(tmp_path / "few.xlsx") as workbook:
        sheet = workbook.add_worksheet("deals")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(99, 0, [1, 2])
    assert read_source(tmp_path / "few.xlsx", most=Most(cells=200)).cells.index.tolist() == [100]
    with pytest.raises(ImportRefused, match="line 100 and right to column B, 200 cells, more than the 199"):
        read_source(tmp_path / "few.xlsx", most=Most(cells=199))
    with pytest.raises(ImportRefused, match="few.xlsx unpacks to .* bytes, more than the 1,000 that are read"):
        read_source(tmp_path / "few.xlsx", most=Most(unpacked=1_000))


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n"])
def test_a_line_without_an_end_takes_no_memory(tmp_path, sign):
    path = tmp_path / "t.csv"
    path.write_text(f"a,b{sign}1,2{sign}" + "x" * 3_000_000 + f",y{sign}", encoding="utf-8", newline="")
    with pytest.raises(ImportRefused, match="t.csv: line 3 is longer than 2,000,000 bytes.*Export it again"):
        read_source(path, most=Most(line=2_000_000))
    path.write_text(f"a,b{sign}" + f"1,{'2' * 90}{sign}" * 40_000, encoding="utf-8", newline="")
    assert len(read_source(path, most=Most(line=2_000_000)).cells) == 40_000


def test_what_excel_hides_is_named_and_said_to_be_read_or_not(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as workbook:
        sheets = [workbook.add_worksheet(name) for name in ("deals", "old & new", "more")]
        for number in range(9):
            sheets[0].write_row(number, 0, [f"a{number}", f"b{number}", f"c{number}"])
        sheets[0].set_column(1, 2, options={"hidden": True})
        for number in (2, *range(4, 9)):
            sheets[0].set_row(number, options={"hidden": True})
        sheets[1].write(0, 0, "x")
        sheets[1].hide()
        sheets[2].very_hidden()
    read = read_source(tmp_path / "t.xlsx")
    assert read.cells.shape == (8, 3)
    assert read.notes == (
        "t.xlsx: only the sheet 'deals' was read, not old & new (hidden), more (hidden): one workbook per table.",
        "t.xlsx: hidden in Excel, and read like all else: columns B, C; lines 3, 5, 6, 7, 8 … (6). What is no data, "
        "delete.",
    )
    hidden = read_source(tmp_path / "t.xlsx", Reading(sheet="old & new")).notes[1]
    assert "and read like all else: the sheet 'old & new'. What" in hidden


def test_a_column_named_by_an_error_is_refused(tmp_path):
    book = _workbook(tmp_path / "t.xlsx", [("a", "#REF!"), ("1", "2")])
    with pytest.raises(ImportRefused, match="t.xlsx: column 2 has the error #REF! as its name"):
        read_source(book, Reading(sheet="deals"))


@pytest.mark.parametrize("content", [b"", b"no archive", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000])
def test_what_is_no_workbook_is_refused(content, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(content)
    with pytest.raises(ImportRefused, match="t.xlsx cannot be read as an Excel workbook.*Save it again"):
        read_source(tmp_path / "t.xlsx")


def test_other_spreadsheets_are_left_aside_with_what_to_do(sqlite, tmp_path):
    folder = write_folder(tmp_path / "data")
    for suffix in ("xls", "ods", "xlsb"):
        (folder / f"account.{suffix}").write_bytes(b"x")
    told = load(sqlite, folder, today=TODAY).warnings
    how = r"account.{} \(only .csv and .xlsx are read: save it as one of them\)"
    assert any(re.search(", ".join(how.format(s) for s in ("ods", "xls", "xlsb")), one) for one in told)
    with pytest.raises(ImportRefused, match=how.format("ods")):
        load(sqlite, folder / "account.ods", today=TODAY)


def test_a_date_with_the_noise_of_a_float_is_a_date(tmp_path):
    path = tmp_path / "opportunity.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for row, text in enumerate(("day", 46_112 - 1e-8, 46_112 + 1e-8, 46_112.5)):
            sheet.write(row, 0, text, *[day][: row > 0])
    assert read_source(path).cells["day"].tolist() == ["2026-03-31", "2026-03-31", "2026-03-31 12:00:00"]
