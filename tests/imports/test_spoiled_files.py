"""Spoiled files: each is refused with what was asked, what was found and what to do, and the database is as it was."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.engine import engine, provide
from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.migrations import upgrade
from tests.folders import write_folder

TODAY = date(2025, 6, 30)
DEALS = "opportunity_id,pipeline,stage,amount,created_on,closed_on\n"
DEAL = "d1,Sales,Lead,5,2025-01-10,\n"
MOVES = "opportunity_id,changed_at,stage\n"
# What to do: each message has one of these.
_ADVICE = re.compile(
    "Export it again|Add it|Rename|Name it|delete one|Set |[Ss]ave |mend |declare|leave it empty|Remove|Correct"
    "|Leave one|Write all|must stand in quotation marks|Translate it"
)


def deal(row: str) -> dict[str, str | bytes]:
    return {"opportunity.csv": DEALS + row}


# {what is wrong: (files, what is said of it)}
SPOILED: dict[str, tuple[dict[str, str | bytes], str]] = {
    "empty file": (
        {"opportunity.csv": ""},
        "opportunity.csv is empty: there is not even a line of column names. Export it again, or leave",
    ),
    "blank lines only": (
        {"opportunity.csv": "\n\n\n"},
        "opportunity.csv is empty: there is not even a line of column names. Export it again, or leave",
    ),
    "names and no rows": (
        {"opportunity.csv": DEALS},
        "opportunity.csv has column names but no rows. Export it again",
    ),
    "no key column": (
        {"opportunity.csv": "name,pipeline,stage\nx,Sales,Lead\n"},
        "opportunity.csv lacks the column opportunity_id, which `opportunity` needs. Found: name,",
    ),
    "no stage column": (
        {"opportunity.csv": "opportunity_id,pipeline\nx,Sales\n"},
        "opportunity.csv lacks the column stage, which `opportunity` needs. Found: opportunity_id,",
    ),
    "column twice": (
        {"opportunity.csv": "opportunity_id,pipeline,stage,stage\nx,Sales,Lead,Lead\n"},
        "opportunity.csv has the column stage twice. Rename or delete one of them.",
    ),
    "column twice by case": (
        {"opportunity.csv": "opportunity_id,pipeline,stage,STAGE\nx,Sales,Lead,Lead\n"},
        "opportunity.csv has the column stage twice. Rename or delete one of them.",
    ),
    "column without name": (
        {"opportunity.csv": "opportunity_id,,pipeline,stage\nx,1,Sales,Lead\n"},
        "opportunity.csv: column 2 has no name. Name it or delete it.",
    ),
    "error as a name": (
        {"opportunity.csv": "opportunity_id,#REF!,pipeline,stage\nx,1,Sales,Lead\n"},
        "opportunity.csv: column 2 has the error #REF! as its name. Name it or delete it.",
    ),
    "semicolons": (
        {"opportunity.csv": (DEALS + DEAL).replace(",", ";")},
        "opportunity.csv: found one column 'opportunity_id;pipeline;stage;amount;created_on;closed_on';",
    ),
    "tabs": ({"opportunity.csv": (DEALS + DEAL).replace(",", "\t")}, "opportunity.csv: found one column"),
    "bars": (
        {"opportunity.csv": (DEALS + DEAL).replace(",", "|")},
        "opportunity.csv: found one column 'opportunity_id|pipeline|stage|amount|created_on|closed_on';",
    ),
    "too few cells": (
        deal("d1,Sales,Lead\n"),
        "opportunity.csv: 1 lines do not have 6 cells, as the line of column names has (line 2). Text",
    ),
    "too many cells": (
        deal("d1,Sales,Lead,5,2025-01-10,,more\n"),
        "opportunity.csv: 1 lines do not have 6 cells, as the line of column names has (line 2). Text",
    ),
    "open quotation mark": (
        deal('d1,Sales,"Lead,5,2025-01-10,\n'),
        "opportunity.csv cannot be read as CSV from line 2 on: unexpected end of data. A quotation mark",
    ),
    "text behind a quotation mark": (
        deal('d1,Sales,"Lead"x,5,2025-01-10,\n'),
        "opportunity.csv cannot be read as CSV from line 2 on: ',' expected after '\"'. A quotation mark",
    ),
    "NUL": (
        deal("d1,Sa\0les,Lead,5,2025-01-10,\n"),
        "opportunity.csv line 2: pipeline holds a character that no database keeps (NUL, or half of a pa",
    ),
    "UTF-16": (
        {"opportunity.csv": (DEALS + DEAL).encode("utf-16")},
        "opportunity.csv is not UTF-8: it begins like a UTF-16 file. Save it as 'CSV UTF-8', or set",
    ),
    "windows-1252": (
        {"opportunity.csv": (DEALS + "dé,Sales,Lead,5,2025-01-10,\n").encode("cp1252")},
        "opportunity.csv is not UTF-8: line 2 holds the byte 0xE9. Save it as 'CSV UTF-8', or set its",
    ),
    "GBK": (
        {"opportunity.csv": (DEALS + "交易一号,Sales,Lead,5,2025-01-10,\n").encode("gb18030")},
        "opportunity.csv is not UTF-8: line 2 holds the byte 0xBD. Save it as 'CSV UTF-8', or set its",
    ),
    "a workbook called csv": (
        {"opportunity.csv": b"PK\x03\x04\x14\0\x06\0" + bytes(range(128, 256)) * 9},
        "opportunity.csv is no CSV but a workbook, or another archive. Save it as .csv or as .xlsx.",
    ),
    "a web page": (
        {"opportunity.csv": "<!DOCTYPE html>\n<html><body>Log in</body></html>\n"},
        "opportunity.csv lacks the column opportunity_id, pipeline, stage, which `opportunity` needs.",
    ),
    "JSON": (
        {"opportunity.csv": '{"opportunity_id": "d1"}\n'},
        "opportunity.csv lacks the column opportunity_id, pipeline, stage, which `opportunity` needs.",
    ),
    "no workbook": (
        {"opportunity.xlsx": b"no archive"},
        "opportunity.xlsx cannot be read as an Excel workbook: File is not a zip file. Save it again as",
    ),
    "half a workbook": (
        {"opportunity.xlsx": b"PK\x03\x04" + b"\0" * 200},
        "opportunity.xlsx cannot be read as an Excel workbook: File is not a zip file. Save it again as",
    ),
    "old workbook": (
        {"opportunity.xls": b"\xd0\xcf\x11\xe0"},
        "Found: opportunity.xls (only .csv and .xlsx are read: save it as one of them). Rename the",
    ),
    "binary workbook": (
        {"opportunity.xlsb": b"PK"},
        "Found: opportunity.xlsb (only .csv and .xlsx are read: save it as one of them). Rename the",
    ),
    "OpenDocument": (
        {"opportunity.ods": b"PK"},
        "Found: opportunity.ods (only .csv and .xlsx are read: save it as one of them). Rename the",
    ),
    "another name": (
        {"deals.csv": DEALS + DEAL},
        "Found: deals.csv. Rename the files, or name a mapping with --mapping for another system's",
    ),
    "a name nearly": (
        {"oportunity.csv": DEALS + DEAL},
        "Found: oportunity.csv (did you mean opportunity.csv?). Rename the files, or name a mapping",
    ),
    "two files of one table": (
        {"opportunity.csv": DEALS + DEAL, "Opportunity.CSV": DEALS + DEAL},
        "holds two files for opportunity: Opportunity.CSV, opportunity.csv. Remove one of them.",
    ),
    "no file": ({}, "Found: no file at all. Rename the files, or name a mapping with --mapping for another system's"),
    "day of another form": (
        deal("d1,Sales,Lead,5,31.01.2025,\n"),
        "opportunity.csv: its dates look like D.M.YYYY (line 2 has '31.01.2025' in created_on): declare",
    ),
    "day or month": (
        deal("d1,Sales,Lead,5,03/04/2025,\n"),
        "opportunity.csv: its dates look like M/D/YYYY or D/M/YYYY (line 2 has '03/04/2025' in",
    ),
    "mixture of days": (
        deal("d1,Sales,Lead,5,2025-01-10,\nd2,Sales,Lead,5,31.01.2025,\n"),
        "opportunity.csv: its dates are not all written as YYYY-MM-DD: line 3 has '31.01.2025' in",
    ),
    "no such day": (
        deal("d1,Sales,Lead,5,2025-02-30,\n"),
        "opportunity.csv line 2: created_on is a day that no calendar has: '2025-02-30' (2025-02-30)",
    ),
    "day number": (deal("d1,Sales,Lead,5,45667,\n"), "opportunity.csv line 2: created_on is not a date"),
    "a year too early": (
        deal("d1,Sales,Lead,5,0025-01-10,\n"),
        "opportunity.csv line 2: created_on is not in the years 1900 to 2200",
    ),
    "created in the year 9999": (
        deal("d1,Sales,Lead,5,9999-01-10,\n"),
        "opportunity.csv line 2: created_on is not in the years 1900 to 2200",
    ),
    "closed in the future": (
        deal("d1,Sales,Won,5,2025-01-10,2031-01-01\n"),
        "opportunity.csv line 2: closed_on lies in the future (2031-01-01)",
    ),
    "text as amount": (
        deal("d1,Sales,Lead,much,2025-01-10,\n"),
        "opportunity.csv line 2: amount is not a number; write it as 1234.56, not 'much' (much)",
    ),
    "amount with thousands": (
        deal('d1,Sales,Lead,"1,234.50",2025-01-10,\n'),
        "opportunity.csv line 2: amount is not a number",
    ),
    "amount with a comma": (
        deal('d1,Sales,Lead,"1234,50",2025-01-10,\n'),
        "opportunity.csv line 2: amount is not a number",
    ),
    "amount in k": (
        deal("d1,Sales,Lead,45k,2025-01-10,\n"),
        "opportunity.csv line 2: amount is not a number; write it as 1234.56, not '45k' (45k)",
    ),
    "infinite amount": (
        deal("d1,Sales,Lead,inf,2025-01-10,\n"),
        "opportunity.csv line 2: amount is not a number; write it as 1234.56, not 'inf' (inf)",
    ),
    "amount beyond sense": (
        deal("d1,Sales,Lead,99999999999999999999,2025-01-10,\n"),
        "opportunity.csv line 2: amount is too large (99999999999999999999)",
    ),
    "amount that failed": (
        deal("d1,Sales,Lead,#DIV/0!,2025-01-10,\n"),
        "opportunity.csv line 2: amount is the error #DIV/0! of a spreadsheet: mend its formula, or decl",
    ),
    "no key": (deal(",Sales,Lead,5,2025-01-10,\n"), "opportunity.csv line 2: opportunity_id is required, and empty"),
    "no stage": (deal("d1,Sales,,5,2025-01-10,\n"), "opportunity.csv line 2: stage is required, and empty"),
    "unknown stage": (
        deal("d1,Sales,Leed,5,2025-01-10,\n"),
        "opportunity.csv line 2: stage is not a stage of the deal's pipeline 'Sales",
    ),
    "stage of another pipeline": (
        deal("d1,Service,Lead,5,2025-01-10,\n"),
        "opportunity.csv line 2: stage is not a stage of the deal's pipeline: there is no pipeline 'Serv",
    ),
    "one key, two rows": (
        deal("d1,Sales,Lead,5,2025-01-10,\nd1,Sales,Lead,6,2025-01-10,\n"),
        "opportunity.csv line 2: opportunity_id stands twice: line 3 has the same opportunity_id with ot",
    ),
    "a key too long": (
        deal("d" * 5000 + ",Sales,Lead,5,2025-01-10,\n"),
        "opportunity.csv line 2: opportunity_id has 5,000 characters, and 200 are the most (dddddddddddd",
    ),
    "won without a day": (
        deal("d1,Sales,Won,5,2025-01-10,\n"),
        "opportunity.csv line 2: closed_on is empty although the stage is won or lost, and no history te",
    ),
    "open with a closing": (
        deal("d1,Sales,Lead,5,2025-01-10,2025-02-01\n"),
        "opportunity.csv line 2: closed_on is filled although the stage is open (2025-02-01)",
    ),
    "history of nothing": (
        {"opportunity_history.csv": MOVES + "d9,2025-01-01,Lead\n"},
        "opportunity_history.csv line 2: opportunity_id is not a known opportunity (d9)",
    ),
    "history in the future": (
        {"opportunity.csv": DEALS + DEAL, "opportunity_history.csv": MOVES + "d1,2031-01-01,Offer\n"},
        "opportunity_history.csv line 2: changed_at lies in the future, and a history holds what has hap",
    ),
    "history without a time": (
        {"opportunity.csv": DEALS + DEAL, "opportunity_history.csv": MOVES + "d1,,Offer\n"},
        "opportunity_history.csv line 2: changed_at is required, and empty",
    ),
    "history twice": (
        {
            "opportunity.csv": DEALS + DEAL,
            "opportunity_history.csv": MOVES + "d1,2025-02-01,Offer\nd1,2025-02-01,Lead\n",
        },
        "opportunity_history.csv line 2: opportunity_id stands twice: line 3 has the same opportunity_id",
    ),
    "stage without a kind": (
        {"stage.csv": "pipeline,stage,position,kind\nSales,Lead,1,\n"},
        "stage.csv line 2: kind is required, and empty",
    ),
    "stage of a kind unknown": (
        {"stage.csv": "pipeline,stage,position,kind\nSales,Lead,1,opened\n"},
        "stage.csv line 2: kind is none of open, won, lost (opened)",
    ),
    "region in a circle": (
        {"region.csv": "region_id,name,parent_id\na,A,b\nb,B,a\n"},
        "region.csv line 2: parent_id leads back to the region itself (b), and 1 more like it",
    ),
    "rep in no region": (
        {"region.csv": "region_id,name\ng,G\n", "rep.csv": "rep_id,name,region_id\nr1,Ann,x\n"},
        "rep.csv line 2: region_id is not a known region (x)",
    ),
    "activity of a kind unknown": (
        {
            "rep.csv": "rep_id,name\nr1,Ann\n",
            "activity.csv": "activity_id,rep_id,kind,planned_on\na,r1,fax,2025-01-01\n",
        },
        "activity.csv line 2: kind is none of call, email, meeting, visit, demo, proposal, other (fax)",
    ),
    "probability above one": (
        {"stage.csv": "pipeline,stage,position,kind,probability\nSales,Lead,1,open,50\n"},
        "stage.csv line 2: probability is over 1 (50)",
    ),
    "target within a month": (
        {"rep.csv": "rep_id,name\nr1,Ann\n", "target.csv": "rep_id,month,amount\nr1,2025-01-15,5\n"},
        "target.csv line 2: month is not the first day of a month (2025-01-15)",
    ),
    "a deletion of perhaps": (
        {"opportunity.csv": "opportunity_id,pipeline,stage,removed\nd1,Sales,Lead,maybe\n"},
        "opportunity.csv line 2: `removed` is neither true nor false: 'maybe'. Nothing was loaded.",
    ),
    "merged in a circle": (
        {"opportunity.csv": "opportunity_id,pipeline,stage,merged_into\na,Sales,Lead,b\nb,Sales,Lead,a\n"},
        "opportunity: a → b → a are merged in a circle, so that none of them is left. Nothing was",
    ),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Iterator[tuple[sa.Engine, Callable[[], int]]]:
    """One database for all, and what asks for its number of changes by others: SQLite counts each commit."""
    folder = tmp_path_factory.mktemp("spoiled")
    url = f"sqlite:///{folder / 'cockpit.db'}"
    provide(url)
    database = engine(url)
    upgrade(database)
    load(database, write_folder(folder / "data", {"opportunity_history": MOVES}), today=TODAY)
    with closing(sqlite3.connect(folder / "cockpit.db")) as connection:
        yield database, lambda: connection.execute("PRAGMA data_version").fetchone()[0]


# What one cell may not hold is tried of each rule, too, in `test_data_access_imports_rules.py`.
@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param(*case, id=name, marks=[pytest.mark.long] if ".csv line " in case[1] else [])
        for name, case in SPOILED.items()
    ],
)
def test_a_spoiled_file_is_refused_and_changes_nothing(filled, tmp_path: Path, files, said):
    database, changes = filled
    before = changes()
    (tmp_path / "in").mkdir()
    for name, content in files.items():
        (tmp_path / "in" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImportRefused) as refused:
        load(database, tmp_path / "in", today=TODAY, max_bad=0)
    message = str(refused.value)
    assert said in message
    assert _ADVICE.search(message), message
    assert changes() == before
