"""Sources to lots: the text of files, sorted into the contract's tables and written the contract's way."""

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data_access.database.limits import LONGEST_NAME, unfit
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .forms import PLAIN_MOMENT, currency_code, currency_in, date_pattern, found, in_iso, mapped, plain_number, typed
from .mapping import MERGEABLE, MERGED, REMOVED, Cell, Joined, TableRule
from .readers import Reading, Source

_LOOKS_LIKE_A_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([T ].*)?")
_NUMBERS = ("money", "share", "rate", "number", "integer")
_NAMED = 3  # lines named per form in a refusal
_KEY_SIGNS = 16  # of a key made of a row: enough for a billion of them


@dataclass(frozen=True)
class Lot:
    """The rows of one contract table on their way in, as text; all frames share one index from 0 on.

    cells    the contract's columns that the files have
    extra    the other columns, kept as custom properties
    origin   file, line
    emptied  columns whose references to nothing are dropped rather than rejected
    positive columns in which a mapping refuses what is negative
    notes    sentences on what was read
    """

    table: str
    cells: pd.DataFrame
    extra: pd.DataFrame
    origin: pd.DataFrame
    emptied: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def columns_of(table: str) -> dict[str, str]:
    """{column: form} of what a file may hold for this table."""
    return {
        column.name: column.info["form"]
        for column in CONTRACT[table].columns
        if column.info["form"] not in ("properties", "entry")
    }


def columns_in_files(table: str) -> dict[str, str]:
    """The same with those that no table keeps."""
    flags = (REMOVED,) if "removed_on" in CONTRACT[table].c else ()
    return columns_of(table) | dict.fromkeys((*flags, *(MERGED if table in MERGEABLE else ())), "text")


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
    known = columns_in_files(table)
    _refuse_twice(source, source.twice)
    source = replace(source, cells=_with_known_names(source, known))
    dates = [name for name in source.cells if known.get(name) in ("date", "moment")]
    forms: tuple[str, ...] = ("YYYY-MM-DD", "ISO") if "moment" in known.values() else ("YYYY-MM-DD",)
    if reading is not None and reading.date_forms != Reading().date_forms:
        forms = reading.date_forms
    written = date_forms(source, dict.fromkeys(dates, forms))
    own = [name for name in source.cells if name in known]
    _refuse_missing(source.file, table, own, found=list(source.cells))
    cells = source.cells
    if reading is not None:
        taken = {name: _cells(Cell(column=name), known[name], source, reading, written, zone) for name in own}
        cells = cells.assign(**taken)
    told, notes = _with_currency(table, cells[own], {name: source.cells[name] for name in own}, source)
    extra = cells[[name for name in cells if name not in known]].reset_index(drop=True)
    _refuse_unfit_names(source, extra)
    return Lot(table, told.reset_index(drop=True), extra, origin(source.file, source.cells.index), notes=notes)


def _refuse_twice(source: Source, names: Iterable[str]) -> None:
    named = ", ".join(sorted(names))
    if named:
        raise ImportRefused(f"{source.file} has the column {named} twice. Rename or delete one of them.")


def _with_known_names(source: Source, known: Iterable[str]) -> pd.DataFrame:
    folded = {name: name.casefold() for name in source.cells}
    names = [folded[name] if folded[name] in known else name for name in source.cells]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImportRefused(f"{source.file} has the column {', '.join(twice)} twice. Rename or delete one of them.")
    return source.cells.set_axis(names, axis=1)


def _refuse_missing(file: str, table: str, given: Iterable[str], found: list[str]) -> None:
    missing = [name for name in columns_required(table) if name not in set(given)]
    if missing:
        raise ImportRefused(
            f"{file} lacks the column {', '.join(missing)}, which `{table}` needs. "
            f"Found: {', '.join(found)}. Add it, or rename the one that holds it, or use a mapping."
        )


def columns_required(table: str) -> list[str]:
    """The columns without which no row of a table can be."""
    return [column.name for column in CONTRACT[table].columns if _must_be_in_file(column)]


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
    rule = within(rule, source.cells)
    _refuse_absent_columns(rule, source)
    source = replace(source, cells=rows_of(rule, source))
    whole = _one_each(rule, source)
    known, forms = columns_in_files(rule.name), dict[str, tuple[str, ...]]()
    one_by = rule.last_by or rule.first_by
    forms |= {one_by: reading.date_forms} if one_by else {}
    for name, cell in ((name, cell) for one in whole for name, cell in one.columns.items()):
        if known[name] in ("date", "moment"):
            own = (cell.date_form,) if cell.date_form else reading.date_forms
            forms |= dict.fromkeys(filter(None, (cell.column, cell.otherwise)), own)
    written = date_forms(source, forms)
    if one_by:
        source = replace(source, cells=_one_of_key(rule, source, reading, written, zone))
    return together([_part(one, source, reading, written, zone) for one in whole])


def within(rule: TableRule, columns: Iterable[str]) -> TableRule:
    """The rule without what is optional in it and a file with these columns does not have."""
    cells = {name: cell.within(columns) for name, cell in rule.columns.items()}
    return replace(rule, columns={name: cell for name, cell in cells.items() if cell is not None})


def is_within(rule: TableRule, source: Source) -> bool:
    """Whether a file has what an optional rule needs."""
    has_columns = columns_needed(rule) <= set(source.cells)
    return has_columns and (rule.spread is None or bool(rule.spread.named(source.cells)))


def _one_of_key(rule: TableRule, source: Source, reading: Reading, written: Mapping[str, str], zone) -> pd.DataFrame:
    """Of the rows of one key the latest, or the earliest."""
    key, one_by = rule.columns[CONTRACT[rule.name].info["key"][0]], rule.last_by or rule.first_by
    keys = _cells(key, "text", source, reading, written, zone)
    at = _dated(source.cells[one_by], written.get(one_by), "moment", reading, zone)
    order = _in_order_of_time(keys, typed(at, "moment", zone).values)
    ordered = keys.iloc[order]
    return source.cells.loc[ordered.index[~ordered.duplicated(keep="last" if rule.last_by else "first")].sort_values()]


def _in_order_of_time(keys: pd.Series, at: pd.Series) -> np.ndarray:
    """The places of the rows from the earliest to the latest. Those of one moment come as the file has them, or the
    other way round where it has the newest of a key first."""
    place, frame = np.arange(len(keys)), pd.DataFrame({"key": keys.to_numpy(object), "at": at.to_numpy()})
    steps = frame.groupby("key", sort=False)["at"].diff()
    is_newest_first = (steps < pd.Timedelta(0)).sum() > (steps > pd.Timedelta(0)).sum()
    frame["place"] = -place if is_newest_first else place
    return frame.sort_values(["at", "place"], na_position="first").index.to_numpy()


def rows_of(rule: TableRule, source: Source) -> pd.DataFrame:
    """The rows of the file that are rows of the table."""
    is_in = holds(source, rule.only_where)
    if rule.except_where:
        is_in &= ~holds(source, rule.except_where)
    return source.cells[is_in]


def _one_each(rule: TableRule, source: Source) -> list[TableRule]:
    """The rule, or one for each of the columns that it is spread over, in their order in the file."""
    if rule.spread is None:
        return [rule]
    named = rule.spread.named(source.cells)
    if not named:
        headers = " or ".join(map(repr, rule.spread.header))
        raise ImportRefused(
            f"{source.file} has no column like {headers}, which `{rule.name}` is taken from. "
            f"Found: {', '.join(source.cells)}. Correct the file, or the mapping."
        )
    rules = []
    for place, (column, (name, beside)) in enumerate(named.items(), start=1):
        own = {rule.spread.name: Cell(always=name), rule.spread.cell: Cell(column=column)}
        if "sequence" in columns_of(rule.name):  # two that are entered at one moment come in the file's order
            own["sequence"] = Cell(always=str(place))
        only = {**rule.only_where, **{other: (text,) for other, text in beside.items()}}
        rules.append(replace(rule, columns={**rule.columns, **own}, only_where=only))
    return rules


def _part(rule: TableRule, source: Source, reading: Reading, written: Mapping[str, str], zone) -> Lot:
    known = columns_in_files(rule.name)
    if rule.spread is not None:
        source = replace(source, cells=rows_of(rule, source))  # those of the texts beside the name
        source = replace(source, cells=source.cells[source.cells[rule.columns[rule.spread.cell].column].notna()])
    cells = pd.DataFrame(
        {name: _cells(cell, known[name], source, reading, written, zone) for name, cell in rule.columns.items()},
        index=source.cells.index,
    )
    for name in (name for name, cell in rule.columns.items() if cell.number):
        cells[name] = _numbers(cells, rule.name, name, zone)
    _refuse_missing(source.file, rule.name, cells, found=list(source.cells))
    texts = {name: source.cells[cell.column] for name, cell in rule.columns.items() if cell.column}
    cells, notes = _with_currency(rule.name, cells, texts, source)
    used = _columns_read(rule, source) | _ignored(rule, source)
    rest = [name for name in source.cells if name not in used]
    kept = rest if rule.properties == "rest" else list(rule.properties)
    extra = source.cells[kept]
    _refuse_unfit_names(source, extra)
    if rule.distinct:
        first = ~pd.concat([cells, extra], axis=1).duplicated()
        cells, extra = cells[first], extra[first]
    emptied = tuple(name for name, cell in rule.columns.items() if cell.unknown == "empty")
    positive = tuple(name for name, cell in rule.columns.items() if cell.negative == "refuse")
    where = origin(source.file, cells.index)
    return Lot(rule.name, cells.reset_index(drop=True), extra.reset_index(drop=True), where, emptied, positive, notes)


def _numbers(cells: pd.DataFrame, table: str, name: str, zone: ZoneInfo | None) -> pd.Series:
    """0, 1 … for the rows that are alike in the other columns of their key, in the order of time."""
    key = [other for other in CONTRACT[table].info["key"] if other != name and other in cells]
    moments = [other for other in key if columns_of(table)[other] in ("date", "moment")]
    if not moments:
        return cells.groupby(key, dropna=False).cumcount().astype(str).astype(object)
    at = typed(cells[moments[0]], "moment", zone).values
    ordered = cells.iloc[_in_order_of_time(cells[key[0]], at)]
    return ordered.groupby(key, dropna=False, sort=False).cumcount().astype(str).astype(object).reindex(cells.index)


def together(lots: list[Lot], is_distinct: bool = False) -> Lot:
    """The rows of one table from several files, or several columns, as one lot.

    is_distinct   a row that says of a key what an earlier one has said, or less, is left out
    """
    if len(lots) == 1:
        return lots[0]
    cells, extra, where = (
        pd.concat([getattr(lot, part) for lot in lots], ignore_index=True) for part in ("cells", "extra", "origin")
    )
    cells, extra = (frame.astype(object).where(frame.notna(), None) for frame in (cells, extra))
    if is_distinct:
        key = [name for name in CONTRACT[lots[0].table].info["key"] if name in cells]
        told = cells.groupby(key, dropna=False).transform("first")
        again = cells.duplicated(key) & (cells[told.columns].isna() | (cells[told.columns] == told)).all(axis=1)
        cells, extra, where = (frame[~again].reset_index(drop=True) for frame in (cells, extra, where))
    emptied, positive, notes = (
        tuple(dict.fromkeys(one for lot in lots for one in getattr(lot, part)))
        for part in ("emptied", "positive", "notes")
    )
    return Lot(lots[0].table, cells, extra, where, emptied, positive, notes)


def joined(source: Source, others: Iterable[Joined], sources: Mapping[str, Source]) -> Source:
    """The file with the columns of others beside its own, as a mapping's rule joins them."""
    for other in (other for other in others if other.file in sources):
        beside, ((ours, theirs),) = sources[other.file], other.on.items()
        for file, column in ((source, ours), (beside, theirs)):
            if column not in file.cells:
                raise ImportRefused(
                    f"{file.file} lacks the column {column}, by which it is joined. "
                    f"Found: {', '.join(file.cells)}. Correct the file, or the mapping."
                )
        rows = beside.cells.dropna(subset=theirs)
        again = rows.index[rows[theirs].duplicated()]
        if len(again):
            raise ImportRefused(
                f"{beside.file}: line {again[0]} has {rows.at[again[0], theirs]!r} in {theirs} once more "
                f"({len(again)} such lines), so that nobody knows which row of it belongs to one of {source.file}."
            )
        rows = rows.set_index(theirs, drop=False).reindex(source.cells[ours]).set_axis(source.cells.index)
        rows = rows.astype(object).where(rows.notna(), None).add_prefix(f"{other.file}: ")
        source = replace(source, cells=pd.concat([source.cells, rows], axis=1))
    return source


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
        used |= _columns_read(rule, source) | _ignored(rule, source) | set(rule.properties)
    return [name for name in source.cells if name not in used]


def columns_named(rule: TableRule) -> set[str]:
    """The columns that a rule names: of its own file, and of those joined to it."""
    named = {*rule.only_where, *rule.except_where, *(ours for other in rule.join for ours in other.on)}
    named |= {rule.last_by, rule.first_by, *(rule.spread.beside if rule.spread else ())}
    for cell in rule.columns.values():
        named |= {*cell.needs, cell.otherwise}
    return named - {""}


def columns_needed(rule: TableRule) -> set[str]:
    """Those of them without which nothing of it can be read."""
    optional = replace(rule, columns={name: cell for name, cell in rule.columns.items() if not cell.optional})
    return columns_named(optional)


def _columns_read(rule: TableRule, source: Source) -> set[str]:
    """Those named, and all that it is spread over."""
    return columns_named(rule) | (rule.spread.covers(source.cells) if rule.spread else set())


def _ignored(rule: TableRule, source: Source) -> set[str]:
    """Those left out on purpose, by name or pattern."""
    return {name for name in source.cells if any(name == one or fnmatch.fnmatch(name, one) for one in rule.ignore)}


def _refuse_absent_columns(rule: TableRule, source: Source) -> None:
    wanted = columns_named(rule) | (set() if rule.properties == "rest" else set(rule.properties))
    _refuse_twice(source, wanted & {*source.twice} if rule.properties != "rest" else source.twice)
    absent = sorted(wanted - set(source.cells))
    if absent:
        raise ImportRefused(
            f"{source.file} lacks the column {', '.join(absent)}, which `{rule.name}` is taken from. "
            f"Found: {', '.join(source.cells)}. Correct the file, or the mapping."
        )


def _cells(cell: Cell, form: str, source: Source, reading: Reading, written: Mapping[str, str], zone) -> pd.Series:
    texts = _given(cell, source)
    if cell.only_where:
        texts = texts.where(holds(source, cell.only_where))
    if cell.empty_where:
        texts = texts.mask(holds(source, cell.empty_where))
    if cell.values:
        texts = _translated(texts, lambda text: cell.values.get(text, cell.values.get("*", text)))
    is_there = texts.notna() & (texts != "")
    instead = source.cells[cell.otherwise] if cell.otherwise else None
    if form in ("date", "moment"):
        texts = _dated(texts, written.get(cell.column), form, reading, zone)
        instead = None if instead is None else _dated(instead, written[cell.otherwise], form, reading, zone)
    if instead is not None:
        texts = texts.where(is_there, instead)
    if form in _NUMBERS:
        texts = _translated(texts, lambda text: plain_number(text, reading.number_form, cell.multiply))
    texts = texts.astype(object).where(texts.notna() & (texts != ""), None)
    return texts.fillna(cell.default) if cell.default else texts


def _given(cell: Cell, source: Source) -> pd.Series:
    if cell.always:
        return pd.Series(cell.always, index=source.cells.index, dtype=object)
    if cell.number:
        return pd.Series(None, index=source.cells.index, dtype=object)  # known when the rest of the key is
    if cell.row:  # the same for the same row in whatever file, so that loading it again adds nothing
        parts = source.cells[list(cell.row)] if isinstance(cell.row, tuple) else source.cells
        rows = parts.itertuples(index=False, name=None)
        keys = [sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_SIGNS] for row in rows]
        return pd.Series(keys, index=source.cells.index, dtype=object)
    if cell.columns:
        parts = source.cells[list(cell.columns)]
        return parts.agg("/".join, axis=1).where(parts.notna().all(axis=1), None) if len(parts) else parts.iloc[:, 0]
    return source.cells[cell.column]


def _with_currency(
    table: str, cells: pd.DataFrame, texts: Mapping[str, pd.Series], source: Source
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows with their currency by its code: that of its column, else the one that the amount is written with.

    texts   the columns as the file has them
    """
    known = columns_of(table)
    if "currency" not in known:
        return cells, ()
    codes = pd.Series(None, index=cells.index, dtype=object)
    for name in (name for name in texts if known.get(name) == "money"):
        written = mapped(texts[name], {text: currency_in(text) for text in texts[name].dropna().unique()})
        codes = codes.where(codes.notna(), written)
    if "currency" not in cells:
        return (cells.assign(currency=codes) if codes.notna().any() else cells), ()
    told = _translated(cells["currency"], currency_code)
    differs = told.notna() & codes.notna() & (told != codes)
    notes: tuple[str, ...] = ()
    if differs.any():
        line = differs.idxmax()
        notes = (
            f"{source.file}: {differs.sum():,} amounts are written in another currency than `currency` says (line "
            f"{line}: {codes[line]} beside {told[line]}); the column counts. Correct it, or leave it out.",
        )
    return cells.assign(currency=told.where(told.notna(), codes)), notes


def holds(source: Source, conditions: Mapping[str, tuple[str, ...]]) -> pd.Series:
    """The rows in which every named column has one of its texts; "" is an empty cell."""
    all_hold = pd.Series(True, index=source.cells.index)
    for column, texts in conditions.items():
        is_one = source.cells[column].isin(texts)
        all_hold &= is_one | source.cells[column].isna() if "" in texts else is_one
    return all_hold


def _translated(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    return mapped(texts, {text: change(text) for text in texts.dropna().unique()})


def _dated(texts: pd.Series, written: str | None, form: str, reading: Reading, zone: ZoneInfo | None) -> pd.Series:
    """Dates of their column's form, the contract's way; a text that is none stays, and is rejected by name."""

    def in_our_way(text: str) -> str:
        iso = in_iso(text, written or "ISO", reading.pivot) or text
        if form == "date" and len(iso) > len("2025-03-31"):
            moment = typed(pd.Series([iso], dtype=object), "moment", zone).values[0]
            return iso if pd.isna(moment) else moment.date().isoformat()
        return iso

    return _translated(texts, in_our_way)


def date_forms(source: Source, declared: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The form of each column's dates: the first that all columns have; else of each the first that it has, as long as
    no two of them take day and month for each other. Refuses a mixture within a column, naming lines.

    declared   of each column the forms it may have
    """
    every = tuple(dict.fromkeys(form for forms in declared.values() for form in forms))
    readable = {name: _readable(source.cells[name].dropna().unique(), every) for name in declared}
    alike = [tuple(form for form in every if order_of(form) in ("", order)) for order in ("MD", "DM")]
    for allowed in (*((form,) for form in every), *alike):
        found = {
            name: next((form for form in forms if form in allowed and _fits(readable[name], form)), None)
            for name, forms in declared.items()
        }
        if None not in found.values():
            taken = {name: form for name, form in found.items() if form}
            _refuse_either_order(source, taken, declared, readable)
            return taken
    mixed = [name for name, forms in declared.items() if not any(_fits(readable[name], form) for form in forms)][:1]
    return _refuse_mixture(source, mixed or list(declared), declared[mixed[0]] if mixed else every)


def _refuse_either_order(
    source: Source, taken: Mapping[str, str], declared: Mapping[str, tuple[str, ...]], readable: Mapping[str, list[str]]
) -> None:
    """Refuses dates of which the mapping allows both orders of day and month, where no date tells which it is."""
    ordered = {name: form for name, form in taken.items() if order_of(form)}
    other = {
        name: next(
            (one for one in declared[name] if order_of(one) not in ("", order_of(form)) and _fits(readable[name], one)),
            "",
        )
        for name, form in ordered.items()
    }
    if not all(other.values()):
        return
    for name, form in ordered.items():
        for text in readable[name]:
            if in_iso(text, form) != in_iso(text, other[name]):
                line = source.cells.index[source.cells[name] == text][0]
                raise ImportRefused(
                    f"{source.file}: its dates can be read as {form} and as {other[name]} (line {line} has {text!r} in "
                    f'{name}), and none tells which. Leave the right one in `date_forms` under [read."…"] in a copy of '
                    "the mapping, or export with dates as 2025-03-31."
                )


def _readable(texts: np.ndarray, forms: Iterable[str]) -> list[str]:
    """Texts that do not even look like a date do not count: their rows are rejected later, one by one."""
    patterns = [date_pattern(form) for form in forms]
    return [
        text
        for text in _unlike(texts)
        if _LOOKS_LIKE_A_DATE.fullmatch(text) or any(pattern.fullmatch(text) for pattern in patterns)
    ]


def _fits(texts: list[str], form: str) -> bool:
    return all(in_iso(text, form) or _no_such_day(text, form) for text in texts)


def order_of(form: str) -> str:
    """Whether day or month stands first where only the form tells them apart; "" where they cannot be confused."""
    day, month = form.find("D"), form.find("M")
    if form in ("ISO", "serial") or form.startswith("YYYY") or "MMM" in form:
        return ""
    return "MD" if month < day else "DM"


def _refuse_mixture(source: Source, columns: list[str], forms: tuple[str, ...]) -> NoReturn:
    patterns = {form: date_pattern(form) for form in forms}
    cells = source.cells[columns].stack().dropna()  # in the order of the lines, which are named
    readable = _readable(cells.unique(), forms)
    common = max(forms, key=lambda form: sum(bool(patterns[form].fullmatch(text)) for text in readable))
    others = cells[cells.isin([text for text in readable if not in_iso(text, common)])]
    shown = ", ".join(f"line {line} has {text!r} in {column}" for (line, column), text in list(others.items())[:_NAMED])
    _refuse_other_form(source.file, readable, others)
    raise ImportRefused(
        f"{source.file}: its dates are not all written as {common}: {shown} "
        f"({len(others)} of {len(cells)} dates). In a mixture, day and month cannot be told apart safely. "
        "Write all of a column in one form; another form than YYYY-MM-DD needs `date_forms` in a mapping."
    )


def _unlike(texts: np.ndarray) -> list[str]:
    """Of the moments written plainly one is enough, for they all fit a form or none does; and all other texts."""
    plain = found(texts, PLAIN_MOMENT)
    with_space = plain & found(texts, " ")
    return [*texts[~plain], *texts[plain & ~with_space][:1], *texts[with_space][:1]]


OTHER_FORMS = (
    "YYYY-MM-DD",
    "ISO",
    "M/D/YYYY",
    "D/M/YYYY",
    "D.M.YYYY",
    "M-D-YYYY",
    "D-M-YYYY",
    "YYYY/M/D",
    "YYYY.M.D",
    "M/D/YY",
    "D/M/YY",
    "D.M.YY",
    "M/D/YYYY h:mm",
    "M/D/YYYY h:mm AM",
    "D/M/YYYY h:mm",
    "D.M.YYYY h:mm",
)


def _refuse_other_form(file: str, readable: list[str], others: pd.Series) -> None:
    """Where all dates have one form, only another than declared: say which, or which ones it could be."""
    fitting = [form for form in OTHER_FORMS if all(in_iso(text, form) for text in readable)]
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
