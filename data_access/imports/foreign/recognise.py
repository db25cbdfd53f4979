"""Which file is which: by the line of column names, whatever the files are called."""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from ..lots import columns_named, columns_needed, columns_required, table_of
from ..mapping import Mapping, read_mapping, shipped
from ..readers import SUFFIXES, Reading, beginnings

_MOST_NAMED = 8  # columns named in a refusal


@dataclass(frozen=True)
class Beginning:
    """The first lines of a file, in each way it may be written."""

    path: Path

    @cached_property
    def ways(self) -> list[tuple[Reading, list[set[str]]]]:
        return [(reading, [{cell.strip() for cell in row} for row in rows]) for reading, rows in beginnings(self.path)]

    def lacks(self, columns: set[str]) -> set[str]:
        """Which of the columns the line that has most of them does not have."""
        return min((columns - line for _, lines in self.ways for line in lines), key=len, default=columns)

    def reading(self, columns: set[str], given: Reading) -> Reading:
        """How it is to be read for a line to have the columns."""
        for way, lines in self.ways:
            if any(columns <= line for line in lines):
                plain = Reading()  # what the mapping declares counts
                return replace(
                    given,
                    delimiter=way.delimiter if given.delimiter == plain.delimiter else given.delimiter,
                    encoding=way.encoding if given.encoding == plain.encoding else given.encoding,
                )
        return given

    def has(self, columns: set[str]) -> set[str]:
        """Which of the columns the line that has most of them has."""
        return columns - self.lacks(columns)


@dataclass(frozen=True)
class Bound:
    """The files of a mapping: of each the one that is it, and how it is written."""

    mapping: Mapping
    files: dict[str, Beginning]
    readings: dict[str, Reading]


@dataclass(frozen=True)
class Recognised:
    """The mapping that files are in the form of, and the sentence that says why."""

    bound: Bound
    why: str


def has_contract_form(files: Iterable[Path]) -> bool:
    """Whether one of the files is named like a table of the contract, and has the columns that it needs. Salesforce
    calls an export Opportunity.csv, too."""
    return any(
        file.suffix.lower() in SUFFIXES
        and table_of(file.name) in CONTRACT
        and any(
            set(columns_required(table_of(file.name))) <= {name.casefold() for name in line}
            for _, lines in Beginning(file).ways
            for line in lines[:1]
        )
        for file in files
    )


def recognised(files: Iterable[Path]) -> Recognised | str:
    """The one shipped mapping whose columns are in the headers of the files; else which is the nearest. Refuses where
    several fit."""
    begin = [Beginning(file) for file in files if file.suffix.lower() in SUFFIXES]
    mappings = [read_mapping(name) for name in shipped()]
    fitting = [bound for mapping in mappings if (bound := _by_header(mapping, begin)) is not None]
    if len(fitting) > 1:
        names = " or ".join(Path(bound.mapping.name).stem for bound in fitting)
        why = "; ".join(_has(bound) for bound in fitting)
        raise ImportRefused(f"The files could be {names}: {why}. Say which with --mapping, or leave only its files.")
    if not fitting:
        return _nearest(mappings, begin)
    (bound,) = fitting
    name = Path(bound.mapping.name).stem
    return Recognised(bound, f"{_has(bound)}: recognised as {name}. Another mapping is chosen by --mapping.")


def _by_header(mapping: Mapping, begin: list[Beginning]) -> Bound | None:
    """The mapping's files among these, each by its columns; None where a needed one is not there once."""
    found: dict[str, Beginning] = {}
    for name in sorted(mapping.files, key=lambda name: _reading(mapping, name).optional):  # the needed ones first
        needed = needed_in(name, mapping)
        fitting = [one for one in begin if one not in found.values() and needed and not one.lacks(needed)]
        if len(fitting) > 1:
            fitting = [one for one in fitting if fnmatch.fnmatch(one.path.name, name)]
        if len(fitting) == 1:
            found[name] = fitting[0]
        elif not _reading(mapping, name).optional:
            return None
    return Bound(mapping, found, {name: _written(mapping, name, one) for name, one in found.items()})


def bound(mapping: Mapping, files: list[Path], path: Path) -> Bound:
    """The mapping's files among these: by their columns where it says so, else by their names."""
    begin = [Beginning(file) for file in files if file.suffix.lower() in SUFFIXES]
    found: dict[str, Beginning] = {}
    readings: dict[str, Reading] = {}
    for name in sorted(mapping.files, key=lambda name: _reading(mapping, name).optional):
        if _reading(mapping, name).by_header:
            one = _file_with(name, mapping, [one for one in begin if one not in found.values()], path)
        else:
            file = _file_named(name, files, mapping, path)
            one = None if file is None else Beginning(file)
        if one is not None:
            found[name], readings[name] = one, _written(mapping, name, one)
    return Bound(mapping, found, readings)


def _written(mapping: Mapping, name: str, one: Beginning) -> Reading:
    """How the file is read: where it is told by its columns, the delimiter and encoding are those it has them by."""
    reading = _reading(mapping, name)
    return one.reading(needed_in(name, mapping), reading) if reading.by_header else reading


def _file_with(name: str, mapping: Mapping, begin: list[Beginning], path: Path) -> Beginning | None:
    needed = needed_in(name, mapping)
    fitting = [one for one in begin if not one.lacks(needed)]
    if len(fitting) > 1:
        raise ImportRefused(
            f"{len(fitting)} files at {path} have the columns of {name!r} of the mapping {mapping.name}: "
            f"{', '.join(one.path.name for one in fitting)}. Leave the one to load."
        )
    if not fitting and not _reading(mapping, name).optional:
        nearest = min(begin, key=lambda one: len(one.lacks(needed)), default=None)
        found = "There is no .csv or .xlsx file." if nearest is None else _lacking(nearest, needed)
        raise ImportRefused(
            f"No file at {path} has the columns that the mapping {mapping.name} reads of {name!r}. {found} "
            "Export them, too, or correct their names in a copy of the mapping."
        )
    return fitting[0] if fitting else None


def _file_named(name: str, files: list[Path], mapping: Mapping, path: Path) -> Path | None:
    fitting = [file for file in files if fnmatch.fnmatch(file.name, name)]
    if len(fitting) > 1:
        raise ImportRefused(
            f"{len(fitting)} files at {path} fit {name!r} of the mapping {mapping.name}: "
            f"{', '.join(file.name for file in fitting)}. Leave the one to load."
        )
    if not fitting and not _reading(mapping, name).optional:
        found = ", ".join(file.name for file in files) or "no file at all"
        raise ImportRefused(
            f"The mapping {mapping.name} reads {name!r}, which is not at {path}. Found: {found}. "
            f'Add the file, or set `optional = true` under [read."{name}"] in a copy of the mapping.'
        )
    return fitting[0] if fitting else None


def needed_in(name: str, mapping: Mapping) -> set[str]:
    """The columns that a file must have for the mapping: its line of column names is the first that has them all."""
    return _columns(name, mapping, columns_needed)


def _columns(name: str, mapping: Mapping, columns_of_rule) -> set[str]:
    found = set()
    if (log := mapping.change_log) is not None:
        found |= {log.deal, log.time, log.field, log.value} if log.file == name else set()
        found |= {log.labels_field, log.labels_options} - {""} if log.labels_file == name else set()
    for rule in mapping.tables:
        if rule.optional and columns_of_rule is columns_needed:
            continue
        named, beside = columns_of_rule(rule), {other.file: f"{other.file}: " for other in rule.join}
        if rule.file == name:
            found |= {column for column in named if not column.startswith(tuple(beside.values()) or ("\0",))}
        if name in beside:
            found |= {column.removeprefix(beside[name]) for column in named if column.startswith(beside[name])}
            found |= {theirs for other in rule.join if other.file == name for theirs in other.on.values()}
    return found


def _reading(mapping: Mapping, name: str) -> Reading:
    return mapping.readings.get(name, Reading())


def _has(bound: Bound) -> str:
    """Which file has how many of the columns that are read of it."""
    form = Path(bound.mapping.name).stem
    said = []
    for name, one in bound.files.items():
        read, needed = _columns(name, bound.mapping, columns_named), needed_in(name, bound.mapping)
        of = f" of {name}" if len(bound.files) > 1 and one.path.name != name else ""
        more = f" and {len(one.has(read))} of the {len(read)} that it reads" if len(read) > len(needed) else ""
        said.append(f"{one.path.name} has all {len(needed)} columns that {form} needs{of}{more}")
    return "; ".join(said)


def _nearest(mappings: list[Mapping], begin: list[Beginning]) -> str:
    """The form that files have most of, and what is missing for it."""
    if not begin:
        return ""
    hint = "Name a mapping with --mapping, or begin one with `python -m dashboard mapping new FILE`."
    near = []
    for mapping in mappings:
        roles = [name for name in mapping.files if not _reading(mapping, name).optional]
        for name in roles:
            needed = needed_in(name, mapping)
            for one in begin:
                share = len(one.has(needed)) / len(needed)
                near.append((share, -len(roles), Path(mapping.name).stem, name, one, needed, roles))
    near.sort(key=lambda found: found[:3], reverse=True)
    if not near or near[0][0] == 0:
        return f"None of the files has columns of a form that is known ({', '.join(shipped())}). {hint}"
    share, _, form, name, one, needed, roles = near[0]
    if share == 1:
        others = [other for other in begin if not other.lacks(needed)]
        if len(others) > 1:
            named = ", ".join(other.path.name for other in others)
            return f"{len(others)} files have the columns of {form}: {named}. Leave the one to load. {hint}"
        missing = ", ".join(role for role in roles if role != name)
        return f"{one.path.name} is {name} of {form}, which needs {missing}, too. Add what is missing. {hint}"
    return f"The files are in no form that is known. The nearest is {form}: {_lacking(one, needed)} {hint}"


def _lacking(one: Beginning, needed: set[str]) -> str:
    lacks = sorted(one.lacks(needed))
    named = ", ".join(lacks[:_MOST_NAMED]) + (" …" if len(lacks) > _MOST_NAMED else "")
    return f"{one.path.name} lacks {named} of its {len(needed)} needed columns."
