"""What a database lacks to answer the questions: tables, columns, types. For warehouses with views."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from data_access.engine import reading
from data_access.migrations import is_current
from data_access.schema import CONTRACT, DERIVED, OWN

_REQUIRED = ("stage", "opportunity")

# What a database may call each of our types; a view's types are seldom exactly a table's.
_ACCEPTED = {
    "text": (sa.String,),
    "money": (sa.Integer,),
    "share": (sa.Integer,),
    "rate": (sa.Integer,),
    "integer": (sa.Integer,),
    "number": (sa.Float, sa.Numeric, sa.Integer),
    "boolean": (sa.Boolean,),
    "date": (sa.Date,),
    "moment": (sa.DateTime,),
    "properties": (sa.JSON,),
}
_WANTED = {
    "text": "text",
    "money": "a whole number of cents (bigint)",
    "share": "a whole number of billionths (bigint)",
    "rate": "a whole number of billionths (bigint)",
    "integer": "a whole number (integer)",
    "number": "a number (double precision)",
    "boolean": "true or false (boolean)",
    "date": "a date (date)",
    "moment": "a time without zone (timestamp)",
    "properties": "JSON (json)",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the contract has it. An `error` stops questions, a `note` leaves gaps."""

    severity: Literal["error", "note"]
    table: str
    column: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def check(database: sa.Engine) -> list[Finding]:
    """Every table and view of the contract against what is there. An empty list: all is well."""
    with reading(database) as connection:
        return _findings(sa.inspect(connection), is_current(database))


def _findings(inspector: sa.Inspector, current: bool) -> list[Finding]:
    there = {*inspector.get_table_names(), *inspector.get_view_names()}
    findings = [] if current else [_not_current(there)]
    for name, table in CONTRACT.items():
        if name not in there:
            findings.append(_absent(name))
        else:
            found = {column["name"]: column["type"] for column in inspector.get_columns(name)}
            findings += _of_columns(name, table, found)
    missing = sorted({*DERIVED, *OWN} - there)
    if missing:
        findings.append(
            Finding(
                "error",
                "",
                "",
                f"The product's own tables {', '.join(missing)} are missing. "
                "Run `python -m dashboard migrate`, which makes them and keeps every row imported or entered.",
            )
        )
    return findings


def _not_current(there: set[str]) -> Finding:
    state = "of another version" if "alembic_version" in there else "new to this product"
    return Finding(
        "error",
        "",
        "",
        f"The database is {state}. Run `python -m dashboard migrate` to bring it to today's tables.",
    )


def _absent(table: str) -> Finding:
    what = CONTRACT[table].comment
    if table in _REQUIRED:
        sentence = f"`{table}` ({what}) is missing, and every number rests on it. Provide it."
        return Finding("error", table, "", sentence)
    sentence = f"`{table}` ({what}) is missing. What rests on it would be no data; an empty view is enough."
    return Finding("error", table, "", sentence)


def _of_columns(name: str, table: sa.Table, found: dict[str, sa.types.TypeEngine]) -> list[Finding]:
    findings = []
    for column in table.columns:
        form = column.info["form"]
        if column.name not in found:
            needed = "is part of its key or required" if not column.nullable else "may be empty, but must be there"
            findings.append(
                Finding(
                    "error",
                    name,
                    column.name,
                    f"`{name}` lacks the column `{column.name}`, which {needed}: {_wanted(column)}.",
                )
            )
        # SQLite knows no type of a view's computed column: nothing to compare with.
        elif isinstance(found[column.name], sa.types.NullType):
            continue
        elif form in _ACCEPTED and not isinstance(found[column.name], _ACCEPTED[form]):
            findings.append(
                Finding(
                    "error",
                    name,
                    column.name,
                    f"`{name}.{column.name}` is {str(found[column.name]).lower()}, and should be {_wanted(column)}.",
                )
            )
    strange = sorted(set(found) - set(table.columns.keys()))
    if strange:
        findings.append(
            Finding(
                "note",
                name,
                strange[0],
                f"`{name}` has the columns {', '.join(strange)}, which no question reads. "
                "To filter and group by them, put them into `properties`.",
            )
        )
    return findings


def _wanted(column: sa.Column) -> str:
    form = column.info["form"]
    if form == "entry":
        return "text, '' for rows that do not come from a page" if column.name == "entry_id" else "empty is enough"
    return _WANTED[form]
