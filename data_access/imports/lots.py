"""Sources to lots: the text of files, sorted into the contract's tables and written the contract's way."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data_access.database.limits import LONGEST_NAME, unfit
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .forms import PLAIN_MOMENT, date_pattern, found, in_iso, mapped, plain_number, typed
from .mapping import Cell, TableRule
from .readers import Reading, Source

_LOOKS_LIKE_A_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([T ].*)?")
_NUMBERS = ("money", "share", "rate", "number", "integer")
_NAMED = 3  # lines named per form in a refusal


@dataclass(frozen=True)
class Lot:
    """The rows of one contract table on their way in, as text; all frames share one index from 0 on.

    cells    the contract's columns that the files have
    extra    the other columns, kept as custom properties
    origin   file, line
    emptied  columns whose references to nothing are dropped rather than rejected
    """

    table: str
    cells: pd.DataFrame
    extra: pd.DataFrame
    origin: pd.DataFrame
    emptied: tuple[str, ...] = ()


def columns_of(table: str) -> dict[str, str]:
    """{column: form} of what a file may hold for this table."""
    return {
        column.name: column.info["form"]
        for column in CONTRACT[table].columns
        if column.info["form"] not in ("properties", "entry")
    }


def origin(file: str, lines: Iterable[int]) -> pd.DataFrame:
    line = pd.Series(list(lines), dtype="int64")
    return pd.DataFrame({"file": pd.Series([file] * len(line), dtype=object), "line": line})


def table_of(file: str) -> str:
    """The table that a file of the contract's form is named like, regardless of case."""
    return Path(file).stem.lower()


def contract_lot(source: Source, reading: Reading | None, zone: ZoneInfo | None) -> Lot:
    """A file that is named as the contract says, and written so, or as a mapping's `reading` declares.

    Columns are known regardless of case; those that the contract does not know become properties.
    """
    table = table_of(source.file)
    known = columns_of(table)
    source = replace(source, cells=_with_known_names(source, known))
    dates = [name for name in source.cells if known.get(name) in ("date", "moment")]
    forms: tuple[str, ...] = ("YYYY-MM-DD", "ISO") if "moment" in known.values() else ("YYYY-MM-DD",)
    if reading is not None and reading.date_forms != Reading().date_forms:
        forms = reading.date_forms
    form = one_date_form(source, dates, forms)
    own = [name for name in source.cells if name in known]
    _refuse_missing(source.file, table, own, found=list(source.cells))
    cells = source.cells
    if reading is not None:
        taken = {name: _cells(Cell(column=name), known[name], source, reading, form, zone) for name in own}
        cells = cells.assign(**taken)
    cells = cells.reset_index(drop=True)
    extra = cells[[name for name in cells if name not in known]]
    _refuse_unfit_names(source, extra)
    return Lot(table, cells[own], extra, origin(source.file, source.cells.index))


def _with_known_names(source: Source, known: Iterable[str]) -> pd.DataFrame:
    folded = {name: name.casefold() for name in source.cells}
    names = [folded[name] if folded[name] in known else name for name in source.cells]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImportRefused(f"{source.file} has the column {', '.join(twice)} twice. Rename or delete one of them.")
    return source.cells.set_axis(names, axis=1)


def _refuse_missing(file: str, table: str, given: Iterable[str], found: list[str]) -> None:
    required = [column.name for column in CONTRACT[table].columns if _must_be_in_file(column)]
    missing = [name for name in required if name not in set(given)]
    if missing:
        raise ImportRefused(
            f"{file} lacks the column {', '.join(missing)}, which `{table}` needs. "
            f"Found: {', '.join(found)}. Add it, or rename the one that holds it, or use a mapping."
        )


def _refuse_unfit_names(source: Source, extra: pd.DataFrame) -> None:
    """The names of columns that become custom properties are kept with every row."""
    for name in extra:
        reason = unfit(name, LONGEST_NAME)
        if reason:
            place = source.cells.columns.get_loc(name) + 1
            raise ImportRefused(f"{source.file}: the name of column {place} {reason}. Rename or delete the column.")


def _must_be_in_file(column) -> bool:
    return bool(not column.nullable and column.server_default is None)


def mapped_lot(rule: TableRule, source: Source, reading: Reading, zone: ZoneInfo | None) -> Lot:
    """The rows a mapping makes of a file for one table."""
    known = columns_of(rule.name)
    _refuse_absent_columns(rule, source)
    dated = [c.column for name, c in rule.columns.items() if c.column and known[name] in ("date", "moment")]
    form = one_date_form(source, list(dict.fromkeys(dated)), reading.date_forms)
    cells = pd.DataFrame(
        {name: _cells(cell, known[name], source, reading, form, zone) for name, cell in rule.columns.items()},
        index=source.cells.index,
    )
    _refuse_missing(source.file, rule.name, cells, found=list(source.cells))
    used = _columns_read(rule) | set(rule.ignore)
    rest = [name for name in source.cells if name not in used]
    kept = rest if rule.properties == "rest" else list(rule.properties)
    extra = source.cells[kept]
    _refuse_unfit_names(source, extra)
    if rule.distinct:
        first = ~pd.concat([cells, extra], axis=1).duplicated()
        cells, extra = cells[first], extra[first]
    emptied = tuple(name for name, cell in rule.columns.items() if cell.unknown == "empty")
    where = origin(source.file, cells.index)
    return Lot(rule.name, cells.reset_index(drop=True), extra.reset_index(drop=True), where, emptied)


def inline_lot(rule: TableRule, mapping: str) -> Lot:
    """The rows of a table that a mapping gives itself; they count as lines 1, 2, … of the mapping."""
    cells = pd.DataFrame(list(rule.rows), dtype=object).replace({"": None})
    _refuse_missing(mapping, rule.name, cells, found=list(cells))
    return Lot(rule.name, cells, cells[[]], origin(mapping, range(1, len(cells) + 1)))


def left_out(rules: Iterable[TableRule], source: Source) -> list[str]:
    """The columns of a file that no rule of a mapping uses, keeps or ignores."""
    used: set[str] = set()
    for rule in rules:
        if rule.properties == "rest":
            return []
        used |= _columns_read(rule) | set(rule.ignore) | set(rule.properties)
    return [name for name in source.cells if name not in used]


def _columns_read(rule: TableRule) -> set[str]:
    return {
        name for cell in rule.columns.values() for name in (cell.column, *cell.only_where, *cell.empty_where) if name
    }


def _refuse_absent_columns(rule: TableRule, source: Source) -> None:
    wanted = _columns_read(rule) | (set() if rule.properties == "rest" else set(rule.properties))
    absent = sorted(wanted - set(source.cells))
    if absent:
        raise ImportRefused(
            f"{source.file} lacks the column {', '.join(absent)}, which `{rule.name}` is taken from. "
            f"Found: {', '.join(source.cells)}. Correct the file, or the mapping."
        )


def _cells(cell: Cell, form: str, source: Source, reading: Reading, date_form: str, zone) -> pd.Series:
    if cell.always:
        return pd.Series(cell.always, index=source.cells.index, dtype=object)
    texts = source.cells[cell.column]
    if cell.only_where:
        texts = texts.where(_holds(source, cell.only_where))
    if cell.empty_where:
        texts = texts.mask(_holds(source, cell.empty_where))
    if cell.values:
        texts = _translated(texts, lambda text: cell.values.get(text, text))
    if form in ("date", "moment"):
        texts = _translated(texts, lambda text: _dated(text, date_form, form, zone))
    if form in _NUMBERS:
        texts = _translated(texts, lambda text: plain_number(text, reading.number_form, cell.multiply))
    texts = texts.astype(object).where(texts.notna() & (texts != ""), None)
    return texts.fillna(cell.default) if cell.default else texts


def _holds(source: Source, conditions: Mapping[str, tuple[str, ...]]) -> pd.Series:
    """The rows in which every named column has one of its texts."""
    holds = pd.Series(True, index=source.cells.index)
    for column, texts in conditions.items():
        holds &= source.cells[column].isin(texts)
    return holds


def _translated(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    return mapped(texts, {text: change(text) for text in texts.dropna().unique()})


def _dated(text: str, date_form: str, form: str, zone: ZoneInfo | None) -> str:
    """A date of the file's form, the contract's way; a text that is none stays, and is rejected by name."""
    iso = in_iso(text, date_form) or text
    if form == "date" and len(iso) > len("2025-03-31"):
        moment = typed(pd.Series([iso], dtype=object), "moment", zone).values[0]
        return iso if pd.isna(moment) else moment.date().isoformat()
    return iso


def one_date_form(source: Source, columns: list[str], forms: tuple[str, ...]) -> str:
    """The first of the declared forms that all dates of a file have. Refuses a mixture, naming lines.

    Texts that do not even look like a date do not count: their rows are rejected later, one by one.
    """
    every = [source.cells[name].dropna().unique() for name in columns]
    texts = dict.fromkeys(text for of_column in every for text in _unlike(of_column))
    patterns = {form: date_pattern(form) for form in forms}

    def looks_like_a_date(text: str) -> bool:
        return bool(_LOOKS_LIKE_A_DATE.fullmatch(text)) or any(p.fullmatch(text) for p in patterns.values())

    readable = list(filter(looks_like_a_date, texts))
    for form, pattern in patterns.items():
        if all(pattern.fullmatch(text) and in_iso(text, form) or _no_such_day(text, form) for text in readable):
            return form
    cells = source.cells[columns].stack().dropna()  # in the order of the lines, which are named
    readable = list(filter(looks_like_a_date, cells.unique()))
    common = max(forms, key=lambda form: sum(bool(patterns[form].fullmatch(text)) for text in readable))
    others = cells[cells.isin([text for text in readable if not in_iso(text, common)])]
    shown = ", ".join(f"line {line} has {text!r} in {column}" for (line, column), text in list(others.items())[:_NAMED])
    _refuse_other_form(source.file, readable, others)
    raise ImportRefused(
        f"{source.file}: its dates are not all written as {common}: {shown} "
        f"({len(others)} of {len(cells)} dates). In a mixture, day and month cannot be told apart safely. "
        "Write all of them in one form; another form than YYYY-MM-DD needs `date_forms` in a mapping."
    )


def _unlike(texts: np.ndarray) -> list[str]:
    """Of the moments written plainly one is enough, for they all fit a form or none does; and all other texts."""
    plain = found(texts, PLAIN_MOMENT)
    with_space = plain & found(texts, " ")
    return [*texts[~plain], *texts[plain & ~with_space][:1], *texts[with_space][:1]]


_OTHER_FORMS = (
    "YYYY-MM-DD",
    "ISO",
    "M/D/YYYY",
    "D/M/YYYY",
    "D.M.YYYY",
    "M-D-YYYY",
    "D-M-YYYY",
    "YYYY/M/D",
    "YYYY.M.D",
    "M/D/YYYY h:mm",
    "M/D/YYYY h:mm AM",
    "D/M/YYYY h:mm",
    "D.M.YYYY h:mm",
)


def _refuse_other_form(file: str, readable: list[str], others: pd.Series) -> None:
    """Where all dates have one form, only another than declared: say which, or which ones it could be."""
    fitting = [form for form in _OTHER_FORMS if all(in_iso(text, form) for text in readable)]
    if not fitting:
        return
    (line, column), text = next(iter(others.items()))
    declared = " or ".join(f'date_forms = ["{form}"]' for form in fitting)
    which = " Day and month could be taken for each other: declare the right one." if len(fitting) > 1 else ""
    raise ImportRefused(
        f"{file}: its dates look like {' or '.join(fitting)} (line {line} has {text!r} in {column}): "
        f'declare {declared} under [read."{file}"] in a mapping, or write them as 2025-03-31.{which}'
    )


def _no_such_day(text: str, form: str) -> bool:
    """Written in the form, but a day no calendar has, such as 2017-02-30: one bad row, not another form.

    Only where the form fixes which number is the month; in M/D/YYYY 14/3/2017 is another form.
    """
    return form.startswith("YYYY") and bool(date_pattern(form).fullmatch(text))
