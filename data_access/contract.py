"""`docs/contract.md`, written from the tables themselves (`make docs`); a test holds the file against it."""

from .schema import CONTRACT

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
        "`stage` and `opportunity` are needed; every other table may be missing, and what rests on it is then no data.",
        "Columns in **bold** may not be empty. The key makes a row unique: loading it again updates it. Columns that",
        "the contract does not know are kept as custom properties.",
    ]
    for name, table in CONTRACT.items():
        columns = [column for column in table.columns if column.info["form"] in _FORMS]
        known = {column.name for column in columns}
        key = ", ".join(f"`{part}`" for part in table.info["key"] if part in known)
        lines += ["", f"## {name}", f"{table.comment}. Key: {key}.", "", "| column | form |", "|---|---|"]
        lines += [f"| {_name(column)} | {_form(column)} |" for column in columns]
    return "\n".join(lines) + "\n"


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
    if info["form"] in ("number", "integer") and info.get("most") is not None:
        said.append(f"{info['least']} to {info['most']}")
    return "; ".join(said)


if __name__ == "__main__":
    print(as_markdown(), end="")
