"""A mapping: how a foreign export becomes the contract's tables. Read from a TOML file, checked key by key.

The form of the file is described in `docs/mappings.md`, and at the top of each of `mappings/*.toml`.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping as Keyed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from data_access.errors import ImportRefused
from data_access.landing.tables import Landed, landed_of
from data_access.schema import CONTRACT

from .forms import NUMBER_FORMS, date_pattern
from .readers import Reading

_SHIPPED = Path(__file__).parent / "mappings"
CLOSING_DAYS = ("closed_on", "history")  # what may say when a deal closed; the first unless a mapping chooses
MERGEABLE = ("opportunity", "lead", "account")
MERGED = ("merged_into", "merged_from")  # columns of these that no table keeps: which ids are one, see `merging`

REMOVED = "removed"  # a column, kept by no table, of those with a day of removal: a flag that has no day, see `removal`


@dataclass(frozen=True)
class Cell:
    """Where the cells of one contract column come from, and what is done with them, in this order.

    column       the file's column; `columns` instead: several, their cells joined by "/", for a key of two columns;
                 `always` instead: one text for every row; `row` instead: a key made of the whole row, or of the columns
                 it lists; `number` instead: 0, 1 … for the rows of one key, in the order of time
    only_where   {column of the file: text or texts}: other rows get no cell
    empty_where  the opposite: rows in which all of these hold get no cell
    values       {text in the file: text in the contract}, before forms are read; "" for an empty cell, and "*" for all
                 other texts
    otherwise    another column of the file, for cells that are empty by then
    date_form    of this column, where the file's `date_forms` are others
    multiply     a factor for numbers, "0.01" for percent
    default      for cells still empty
    negative     "refuse": no row may have a number below 0; else one is a credit, where the contract allows it
    unknown      "empty": a reference to a row that does not exist is dropped, with a count
    of_kind      kinds of stages, as `Stages` tells them: deals in others get no cell
    optional     a file without the column is read without this one
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    always: str = ""
    row: bool | tuple[str, ...] = False
    number: bool = False
    values: Keyed[str, str] = field(default_factory=dict)
    otherwise: str = ""
    date_form: str = ""
    default: str = ""
    only_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    empty_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    multiply: str = "1"
    negative: str = "credit"
    unknown: str = "reject"
    of_kind: tuple[str, ...] = ()
    optional: bool = False

    @property
    def needs(self) -> set[str]:
        """The columns of the file without which there is no cell."""
        made_of = self.row if isinstance(self.row, tuple) else ()
        return {self.column, *self.columns, *made_of, *self.only_where, *self.empty_where} - {""}

    def within(self, columns: Iterable[str]) -> "Cell | None":
        """What a file with these columns has of it, where it is optional."""
        has = set(columns)
        instead = self.otherwise if self.otherwise in has else ""
        if not self.optional or self.needs <= has:
            return replace(self, otherwise=instead) if self.optional else self
        return (
            replace(self, column=instead, otherwise="", values={}, only_where={}, empty_where={}) if instead else None
        )


@dataclass(frozen=True)
class Spread:
    """Columns of a file that say one thing each: a row of the table for each of their cells that is not empty.

    header   of these columns, with {} where the name stands: 'Date entered "{}"'; several where they are written in
             several ways. {COLUMN} stands for what a row has in COLUMN: its cells are taken of that row only
    name     the contract column that takes the name, cell the one that takes the cell
    """

    header: tuple[str, ...]
    name: str
    cell: str

    @property
    def beside(self) -> tuple[str, ...]:
        """The columns whose texts stand in the headers."""
        return tuple(dict.fromkeys(name for header in self.header for name in _PLACE.findall(header) if name))

    def covers(self, columns: Iterable[str]) -> set[str]:
        """The columns of a file that are such ones, of whichever rows."""
        return {name for name in columns if any(self._pattern(header, {}).fullmatch(name) for header in self.header)}

    def named(self, cells: pd.DataFrame) -> dict[str, tuple[str, dict[str, str]]]:
        """{column of the file: the name in it, {other column: the text in it that its rows have}}."""
        texts = {name: cells[name].dropna().unique() for name in self.beside if name in cells}
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for header in self.header:
            pattern, names = self._pattern(header, texts), _PLACE.findall(header)
            for column in cells:
                match = pattern.fullmatch(column)
                if match and column not in found:
                    parts = dict(zip(names, match.groups(), strict=True))
                    found[column] = (parts.pop(""), parts)
        return {column: found[column] for column in cells if column in found}

    def _pattern(self, header: str, texts: Keyed[str, Iterable[str]]) -> re.Pattern:
        """Where the texts that may stand there are known, no other is taken: a name may have parentheses, too."""
        parts = _PLACE.split(header)
        for at in range(1, len(parts), 2):
            known = sorted(texts.get(parts[at], ()), key=len, reverse=True)
            parts[at] = f"({'|'.join(map(re.escape, known)) or '.+'})"
        parts[::2] = map(re.escape, parts[::2])
        return re.compile("".join(parts))


_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Joined:
    """Another file's columns beside those of a table's file, called "FILE: COLUMN".

    on   {column of the table's file: column of the other, by whose cells its rows are told apart}
    """

    file: str
    on: Keyed[str, str]


@dataclass(frozen=True)
class TableRule:
    """One contract table, or some of its rows: from a file's columns, or from `rows` given in the mapping itself.

    only_where   {column of the file: text or texts}: other rows of the file are none of the table
    except_where the opposite: rows in which all of these hold are none
    spread       see `Spread`
    join         see `Joined`
    properties  columns of the file kept as custom properties, or "rest": all that nothing else uses
    distinct    rows that come out alike are one row
    last_by     a column of moments: of the rows of one key only the latest is taken; `first_by`: only the earliest
    optional    a file without the columns it needs has none of these rows
    """

    name: str
    file: str = ""
    columns: Keyed[str, Cell] = field(default_factory=dict)
    only_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    except_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    spread: Spread | None = None
    join: tuple[Joined, ...] = ()
    properties: tuple[str, ...] | str = ()
    ignore: tuple[str, ...] = ()
    distinct: bool = False
    last_by: str = ""
    first_by: str = ""
    optional: bool = False
    rows: tuple[Keyed[str, str], ...] = ()


@dataclass(frozen=True)
class Stages:
    """How the stages are told from deals and their histories, where the mapping cannot know them.

    won, lost    patterns of the names of stages that close
    won_where    {column of the deals' file: text or texts}: most deals of a won stage have these; lost_where likewise.
                 They count before the names
    probability  the column of the deals' file by which open stages are put in order
    """

    won: tuple[str, ...]
    lost: tuple[str, ...]
    won_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    lost_where: Keyed[str, tuple[str, ...]] = field(default_factory=dict)
    probability: str = ""


@dataclass(frozen=True)
class Field:
    """What a change of one field means: the new value of a column, the creation, or a closing."""

    column: str = ""
    created: bool = False
    labelled: bool = False
    closes_as: str = ""
    values: Keyed[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeLog:
    """A file with one line per changed field of a deal; it becomes deals, their history and stages.

    stages      the open stages in their order
    labels_file holds, for each field, its choices as JSON: [{"id": …, "label": …}, …], in order.
    """

    file: str
    deal: str
    time: str
    field: str
    value: str
    pipeline: str
    won: str
    lost: str
    fields: Keyed[str, Field]
    stages: tuple[str, ...] = ()
    labels_file: str = ""
    labels_field: str = ""
    labels_options: str = ""


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file. `readings` is keyed by file name or pattern; `about` says what it is for and leaves out.

    Without tables and change log it only says how files of the contract's form are written, or which day is taken.
    stages       see `Stages`
    closing_day  the day on which a deal closed where its history has another one: "closed_on", or that of "history"
    landed       where its files are tables of a database: what each of them is
    full         whether its exports are whole, so that what one lacks is removed
    """

    name: str
    readings: Keyed[str, Reading]
    tables: tuple[TableRule, ...]
    change_log: ChangeLog | None = None
    stages: Stages | None = None
    closing_day: str = CLOSING_DAYS[0]
    full: bool = False
    about: str = ""
    landed: Keyed[str, Landed] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """The files it speaks of, each once."""
        log = [self.change_log.file, self.change_log.labels_file] if self.change_log else []
        joined = [other.file for rule in self.tables for other in rule.join]
        return tuple(dict.fromkeys(name for name in [*log, *(t.file for t in self.tables), *joined] if name))


def shipped() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in _SHIPPED.glob("*.toml"))


def read_mapping(given: str | Path) -> Mapping:
    """The mapping of this name, or in this file. Refuses keys, tables and forms that do not exist."""
    path = Path(given)
    if path.suffix != ".toml":
        path = _SHIPPED / f"{given}.toml"
        if str(given) not in shipped():
            raise ImportRefused(
                f"There is no mapping named {str(given)!r}. Shipped ones: {', '.join(shipped())}; "
                "or name a .toml file of your own."
            )
    if not path.is_file():
        raise ImportRefused(f"There is no mapping file {path}.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"The mapping {path.name} is not valid TOML: {error}.") from error
    return _mapping(path.name, content)


def _mapping(name: str, content: dict) -> Mapping:
    _only(name, "", content, ("about", "read", "from", "table", "change_log", "stages", "closing_day", "full"))
    _typed(name, "", content, {"full": bool})
    _known(name, "a `closing_day`", [content.get("closing_day", CLOSING_DAYS[0])], CLOSING_DAYS)
    read, tables = content.get("read", {}), content.get("table", [])
    if not isinstance(read, dict) or not isinstance(tables, list):
        raise ImportRefused(f'The mapping {name}: files stand as [read."FILE.csv"], tables as [[table]].')
    mapping = Mapping(
        name=name,
        readings={file: _reading(name, file, given) for file, given in read.items()},
        tables=tuple(_table(name, given) for given in tables),
        change_log=_change_log(name, content["change_log"]) if "change_log" in content else None,
        stages=_stages(name, content["stages"]) if "stages" in content else None,
        closing_day=content.get("closing_day", CLOSING_DAYS[0]),
        full=content.get("full", False),
        about=str(content.get("about", "")).strip(),
        landed=landed_of(name, content.get("from", {})),
    )
    if mapping.landed:
        _must_be_landed(mapping)
    if mapping.stages and (mapping.change_log or any(rule.name == "stage" for rule in mapping.tables)):
        raise ImportRefused(f"The mapping {name} gives its stages twice, under [stages] and otherwise: keep one.")
    if mapping.stages and not any(rule.name == "opportunity" and rule.file for rule in mapping.tables):
        raise ImportRefused(f"The mapping {name} has [stages], and no [[table]] opportunity to tell them from.")
    kinds = [kind for rule in mapping.tables for cell in rule.columns.values() for kind in cell.of_kind]
    if kinds and mapping.stages is None:
        raise ImportRefused(f"The mapping {name} uses `of_kind`, which needs the table [stages] with won and lost.")
    if mapping.files:
        _known(name, "a file under [read]", mapping.readings, mapping.files)
    elif mapping.tables or not (mapping.readings or {"closing_day", "full"} & content.keys()):
        raise ImportRefused(
            f"The mapping {name} names no file. Give a [[table]] a `file`, "
            'or only say under [read."opportunity.csv"] how a file of the contract is written.'
        )
    return mapping


def _must_be_landed(mapping: Mapping) -> None:
    """Refuses what stands beside tables of a database: files, and how something is written as a file."""
    _known(mapping.name, "a `file` that is no section of [from]", mapping.files, mapping.landed)
    _known(mapping.name, "a section of [from] that no `file` names", mapping.landed, mapping.files)
    for name, reading in mapping.readings.items():
        said = [key for key in _OF_FILES if getattr(reading, key) != getattr(Reading(), key)]
        _known(mapping.name, f'a key in [read."{name}"], which is a table,', said, _OF_TABLES)


_OF_TABLES = ("empty", "date_forms", "pivot", "number_form")
_OF_FILES = tuple(key for key in Reading.__dataclass_fields__ if key not in _OF_TABLES)


def _reading(name: str, file: str, given: dict) -> Reading:
    where = f' in [read."{file}"]'
    _only(name, where, given, Reading.__dataclass_fields__)
    lists: dict[str, type] = dict.fromkeys(("header", "footer", "empty", "date_forms"), list)
    _typed(name, where, given, {**lists, "optional": bool, "by_header": bool, "pivot": int})
    for form in given.get("date_forms", []):
        _date_form(name, where, form)
    _known(name, "a number form", [given.get("number_form", NUMBER_FORMS[0])], NUMBER_FORMS)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return Reading(**values)


def _date_form(name: str, where: str, form: str) -> None:
    try:
        date_pattern(form)
    except (ValueError, TypeError) as error:
        raise ImportRefused(
            f"The mapping {name} declares a date form {form!r}{where}, which it cannot be read by. "
            "Forms are made of YYYY YY MM M MMM DD D hh h mm ss AM, such as M/D/YYYY; or ISO, or serial."
        ) from error


def _table(name: str, given: dict) -> TableRule:
    where = f" in [[table]] {given.get('name', '')}".rstrip()
    _only(name, where, given, TableRule.__dataclass_fields__)
    kinds: dict[str, type] = {"columns": dict, "rows": list, "ignore": list, "distinct": bool, "join": list}
    kinds |= {"optional": bool, "last_by": str, "first_by": str}
    _typed(name, where, given, kinds | dict.fromkeys(("only_where", "except_where", "spread"), dict))
    if not isinstance(given.get("name"), str):
        raise ImportRefused(f"The mapping {name} has a [[table]] without a `name`. Name one of the contract's.")
    _known(name, "a table", [given["name"]], CONTRACT)
    if bool(given.get("file")) == bool(given.get("rows")):
        raise ImportRefused(f"The mapping {name} needs either `file` or `rows`{where}.")
    columns = given.get("columns", {})
    takes = [column.name for column in CONTRACT[given["name"]].c if column.info["form"] not in _NOT_IN_FILES]
    takes += [REMOVED] if "removed_on" in takes else []
    takes += MERGED if given["name"] in MERGEABLE else ()
    _known(name, f"a column{where}", [*columns, *(key for row in given.get("rows", []) for key in row)], takes)
    properties = given.get("properties", ())
    return TableRule(
        name=given["name"],
        file=given.get("file", ""),
        columns={column: _cell(name, f"{where}, column {column}", cell) for column, cell in columns.items()},
        only_where=_texts(given.get("only_where", {})),
        except_where=_texts(given.get("except_where", {})),
        spread=_spread(name, where, given["spread"], takes) if "spread" in given else None,
        join=tuple(_joined(name, where, other) for other in given.get("join", [])),
        properties=properties if properties == "rest" else tuple(properties),
        ignore=tuple(given.get("ignore", ())),
        distinct=given.get("distinct", False),
        last_by=given.get("last_by", ""),
        first_by=given.get("first_by", ""),
        optional=given.get("optional", False),
        rows=tuple({key: str(value) for key, value in row.items()} for row in given.get("rows", [])),
    )


_NOT_IN_FILES = ("properties", "entry")
_FLAGS = ("row", "number", "optional")
_FROM = ("column", "columns", "always", "row", "number")  # of a cell: where it comes from


def _spread(name: str, where: str, given: dict, takes: list[str]) -> Spread:
    _needs(name, f"`spread`{where}", given, Spread.__dataclass_fields__)
    _known(name, f"a column in `spread`{where}", [given["name"], given["cell"]], takes)
    headers = tuple(given["header"]) if isinstance(given["header"], list) else (given["header"],)
    if not headers or any(header.count("{}") != 1 for header in headers):
        raise ImportRefused(f"The mapping {name}: `header` in `spread`{where} needs one {{}}, where the name stands.")
    return Spread(**{**given, "header": headers})


def _stages(name: str, given: dict) -> Stages:
    where = " in [stages]"
    _only(name, where, given, Stages.__dataclass_fields__)
    _typed(name, where, given, {"won": list, "lost": list, "won_where": dict, "lost_where": dict, "probability": str})
    if not (given.get("won") and given.get("lost")):
        raise ImportRefused(f'The mapping {name} needs `won` and `lost`{where}: lists such as ["won", "closed won"].')
    return Stages(
        won=tuple(map(str, given["won"])),
        lost=tuple(map(str, given["lost"])),
        won_where=_texts(given.get("won_where", {})),
        lost_where=_texts(given.get("lost_where", {})),
        probability=given.get("probability", ""),
    )


def _joined(name: str, where: str, given: dict) -> Joined:
    _needs(name, f"`join`{where}", given, Joined.__dataclass_fields__)
    _typed(name, f" in `join`{where}", given, {"on": dict})
    if len(given["on"]) != 1:
        raise ImportRefused(f"The mapping {name}: `on` in `join`{where} names one column, and the other file's.")
    return Joined(**given)


def _needs(name: str, what: str, given: dict, keys) -> None:
    _only(name, f" in {what}", given, keys)
    missing = [key for key in keys if key not in given]
    if missing:
        raise ImportRefused(f"The mapping {name} lacks {', '.join(missing)} in {what}.")


def _cell(name: str, where: str, given: str | dict) -> Cell:
    if isinstance(given, str):
        return Cell(column=given)
    _only(name, where, given, Cell.__dataclass_fields__)
    _typed(name, where, given, {"values": dict, "only_where": dict, "empty_where": dict, "columns": list})
    _typed(name, where, given, {"number": bool, "optional": bool, "of_kind": list})
    if sum(bool(given.get(key)) for key in _FROM) != 1:
        raise ImportRefused(f"The mapping {name} needs one of `column`, `columns`, `always`, `row` or `number`{where}.")
    if "date_form" in given:
        _date_form(name, where, given["date_form"])
    _known(name, f"`negative`{where}", [given.get("negative", "credit")], ("credit", "refuse"))
    _known(name, f"`unknown`{where}", [given.get("unknown", "reject")], ("reject", "empty"))
    _known(name, f"a kind{where}", given.get("of_kind", []), ("open", "won", "lost"))
    if not isinstance(given.get("row", True), bool | list):
        raise ImportRefused(f"The mapping {name}: `row`{where} must be true, or a list of columns.")
    changed: dict[str, Any] = {key: str(value) for key, value in given.items() if key not in _FLAGS}
    changed |= {key: value for key, value in given.items() if key in _FLAGS}
    changed |= {key: tuple(map(str, given[key])) for key in ("row", "of_kind") if isinstance(given.get(key), list)}
    changed |= {"columns": tuple(map(str, given["columns"]))} if "columns" in given else {}
    changed |= {key: _texts(given[key]) for key in ("only_where", "empty_where") if key in given}
    if "values" in given:
        changed["values"] = {str(old): str(new) for old, new in given["values"].items()}
    return Cell(**changed)


def _change_log(name: str, given: dict) -> ChangeLog:
    where = " in [change_log]"
    _only(name, where, given, ChangeLog.__dataclass_fields__)
    missing = [
        key
        for key in ("file", "deal", "time", "field", "value", "pipeline", "won", "lost", "fields")
        if key not in given
    ]
    if missing:
        raise ImportRefused(f"The mapping {name} lacks {', '.join(missing)}{where}.")
    fields = {}
    for key, meaning in given["fields"].items():
        _only(name, f"{where}, field {key}", meaning, Field.__dataclass_fields__)
        _known(name, f"a column{where}, field {key}", [meaning.get("column", "")], _LOGGED)
        fields[key] = Field(**meaning)
    if not any(meaning.column == "stage" for meaning in fields.values()):
        raise ImportRefused(f"The mapping {name} names no field that changes the stage{where}.")
    _typed(name, where, given, {"stages": list})
    return ChangeLog(**{**given, "fields": fields, "stages": tuple(map(str, given.get("stages", ())))})


_LOGGED = (
    "",
    "stage",
    "owner_id",
    "amount",
    "expected_close_on",
    "region_id",
    "loss_reason",
    "name",
    "account_id",
    "product",
    "source",
    "currency",
    "competitor",
)


def _texts(conditions: dict) -> dict[str, tuple[str, ...]]:
    return {
        column: tuple(map(str, texts)) if isinstance(texts, list) else (str(texts),)
        for column, texts in conditions.items()
    }


def _only(name: str, where: str, given: object, allowed) -> None:
    if not isinstance(given, dict):
        raise ImportRefused(f"The mapping {name} needs a table of keys{where}, not {given!r}.")
    _known(name, f"a key{where}", given, allowed)


def _known(name: str, what: str, given, allowed) -> None:
    for one in given:
        if one not in allowed:
            near = difflib.get_close_matches(str(one), list(allowed), n=1)
            meant = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(filter(None, allowed))}."
            raise ImportRefused(f"The mapping {name} has {what} that does not exist: {one!r}.{meant}")


def _typed(name: str, where: str, given: dict, types: dict[str, type]) -> None:
    for key, expected in types.items():
        if key in given and not isinstance(given[key], expected):
            kinds = {list: "a list", dict: "a table", bool: "true or false", str: "a text", int: "a whole number"}
            raise ImportRefused(f"The mapping {name}: `{key}`{where} must be {kinds[expected]}.")
