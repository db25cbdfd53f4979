"""`docs/contract.md`, written from the tables and rules themselves (`make docs`); a test holds the file against it."""

from data_access.database.limits import (
    DEEPEST_TREE,
    FIRST_YEAR,
    LARGEST_AMOUNT,
    LARGEST_INTEGER,
    LARGEST_RATE,
    LARGEST_SUM,
    LAST_YEAR,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_NUMBER,
    written,
)

from .imports.rules import RULES
from .schema import CONTRACT, MONEY_SCALE, OWN

_FIRST = ("stage", "opportunity", "opportunity_history")  # what a reader begins with

_ENTERED = (
    "scoring_profile", "forecast_commit", "deal_judgement", "attention_dismissal", "attention_handover",
    "allocation_plan",
)  # fmt: skip

EXAMPLE = {  # the least that loads and says something
    "stage.csv": (
        "pipeline,stage,position,kind\nSales,Lead,1,open\nSales,Offer,2,open\nSales,Won,3,won\nSales,Lost,4,lost\n"
    ),
    "opportunity.csv": (
        "opportunity_id,pipeline,stage,amount,created_on,closed_on\n"
        "d1,Sales,Won,1200.50,2025-01-10,2025-03-01\n"
        "d2,Sales,Offer,800,2025-02-03,\n"
        "d3,Sales,Lost,,2025-02-05,2025-04-01\n"
    ),
}

_FORMS = {
    "text": "text",
    "money": "money, e.g. 1234.50",
    "share": "share 0–1",
    "rate": "rate",
    "number": "number",
    "integer": "whole number",
    "boolean": "true/false",
    "date": "date, 2026-11-21",
    "moment": "time, 2026-11-21 14:30",
}


def as_markdown() -> str:
    """Every table of the contract with its columns, as a page."""
    lines = [
        "# The data contract",
        "",
        "Generated from `data_access/schema.py` by `make docs`. A folder of CSV (or XLSX) files with these names and",
        "columns loads as it is; a warehouse may provide views of these names (`python -m dashboard check` says",
        "what is missing; money is then in minor units, shares and rates in billionths, as integers).",
        "",
        "`stage` and `opportunity` are needed, but for leads alone; every other table may be missing, and what rests",
        "on it is then no data.",
        "Columns in **bold** may not be empty. The key makes a row unique: loading it again updates it. Columns that",
        "the contract does not know are kept as custom properties, and an import names them.",
        *_files(),
        *_example(),
        *_limits(),
        *_rules(),
        *_entered(),
    ]
    for name in (*_FIRST, *(name for name in CONTRACT if name not in _FIRST)):
        table = CONTRACT[name]
        columns = [column for column in table.columns if column.info["form"] in _FORMS]
        known = {column.name for column in columns}
        key = ", ".join(f"`{part}`" for part in table.info["key"] if part in known)
        lines += ["", f"## {name}", f"{table.comment}. Key: {key}.", "", "| column | form |", "|---|---|"]
        lines += [f"| {_name(column)} | {_form(column)} |" for column in columns]
    return "\n".join(lines) + "\n"


def _files() -> list[str]:
    return [
        "",
        "## The files",
        "",
        "- One file per table, named like it in lower case: `opportunity.csv` or `opportunity.xlsx`. Other files in",
        "  the folder are left aside, and named.",
        "- CSV is UTF-8 and separated by commas; its first line holds the column names, in lower case and any order.",
        "  (Capitals in names of files and columns do no harm.)",
        "- Of Excel, one workbook per table: only its first sheet is read. `.xls`, `.xlsb` and `.ods` are not read:",
        "  save them as `.xlsx` or CSV. What Excel hides (sheets, rows, columns) is named by the import;",
        "  hidden rows and columns are read.",
        "- A cell with the error of a spreadsheet (`#N/A`, `#REF!` …) rejects its row, in a workbook as in a CSV; in a",
        '  custom property it is kept as it came. `empty = ["#N/A"]` in a mapping makes it an empty cell.',
        "- Dates are written 2026-11-21, numbers 1234.50, without thousands separators and currency signs.",
        "- `opportunity`, `lead` and `account` may say which ids were merged: `merged_into` with an old row,",
        "  `merged_from` with the one that is left (see [mappings.md](mappings.md)).",
        "- Files that are written another way, but have these names, load with a mapping that only says how:",
        '  `[read."opportunity.csv"]` with `delimiter`, `encoding`, `date_forms`, `number_form` … (see',
        "  [mappings.md](mappings.md), also for exports with other names).",
    ]


def _example() -> list[str]:
    lines = ["", "## The least that loads"]
    for file, text in EXAMPLE.items():
        lines += ["", f"`{file}`", "", "```csv", *text.splitlines(), "```"]
    return lines


def _limits() -> list[str]:
    return [
        "",
        "## How much fits",
        "",
        "A row with more is rejected, with its line and reason; pages refuse it, too. Why each limit is what it is,",
        "stands in `data_access/database/limits.py`; where a column has another one, its table below says so.",
        "",
        "| form | limit |",
        "|---|---|",
        f"| text | {LONGEST_KEY:,} characters; none of them NUL or half of a surrogate pair |",
        f"| money | {LARGEST_AMOUNT:,} units of currency; below 0 in some columns |",
        f"| rate | 0 to {LARGEST_RATE:,} |",
        f"| whole number | {-LARGEST_INTEGER:,} to {LARGEST_INTEGER:,} |",
        f"| date, time | the years {FIRST_YEAR} to {LAST_YEAR} |",
        f"| any number, date, time or true/false as text | {LONGEST_NUMBER} characters |",
        f"| custom property | {LONGEST_NOTE:,} characters, its name {LONGEST_NAME} |",
        f"| regions | {DEEPEST_TREE} levels below each other |",
        "",
        "All amounts of one kind (of deals, at their highest rates; targets; costs …) may add up to",
        f"{LARGEST_SUM // MONEY_SCALE:,} units. More would refuse the whole load: sums are exact, in 64 bits.",
    ]


def _rules() -> list[str]:
    return [
        "",
        "## Rules across columns and rows",
        "",
        "A row is rejected, with its line and reason, where",
        "",
        *(f"- `{rule.table}`: `{rule.column}` {rule.reason};" for rule in RULES),
        "- its key stands in the file twice (a mere repetition keeps its first row; of differing ones none is taken);",
        "- it refers to a row that is neither in the load nor in the database. A table without any row is not checked",
        "  against: its keys then show as they are.",
        "",
        "What refers to a rejected row is rejected with it, and does not count towards `--max-bad`.",
    ]


def _name(column) -> str:
    is_needed = not column.nullable and column.server_default is None
    return f"**`{column.name}`**" if is_needed else f"`{column.name}`"


def _form(column) -> str:
    info = column.info
    said = [_FORMS[info["form"]]]
    if "choices" in info:
        said = [" / ".join(info["choices"])]
    if info.get("month"):
        said.append("the first of a month")
    if info.get("monday"):
        said.append("a Monday")
    if "refers" in info:
        said.append(f"a key of `{info['refers']}`")
    if info.get("longest", LONGEST_KEY) != LONGEST_KEY:
        said.append(f"up to {info['longest']:,} characters")
    if info["form"] in ("number", "integer") and info["most"] != LARGEST_INTEGER:
        said.append(f"{written(info['least'])} to {written(info['most'])}")
    if info["form"] == "money" and info["least"] < 0:
        said.append("may be negative")
    if info["form"] == "money" and info["most"] != LARGEST_AMOUNT:
        said.append(f"up to {info['most']:,}")
    return "; ".join(said)


def _entered() -> list[str]:
    return [
        "",
        "## Entered, not imported",
        "",
        "What people enter and publish on the pages stands in tables of the product's own, beside these. There is no",
        "file for them, and no import touches them:",
        "",
        *(f"- `{name}`: {OWN[name].comment};" for name in _ENTERED[:-1]),
        f"- `{_ENTERED[-1]}`: {OWN[_ENTERED[-1]].comment}.",
    ]


if __name__ == "__main__":
    print(as_markdown(), end="")
