"""From a path to lots: which files there are, what they are read as, and what was left aside."""

import fnmatch
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .cautions import kept_as_properties, maybe_thousands
from .change_log import read_change_log
from .lots import Lot, columns_named, contract_lot, inline_lot, joined, left_out, mapped_lot, table_of, together
from .mapping import CLOSING_DAYS, Mapping, read_mapping
from .readers import SUFFIXES, Reading, Source, read_source
from .rules import nearest


@dataclass(frozen=True)
class Gathered:
    """All lots of one import, in the contract's order; the files they come from; sentences on the way; whose closing
    day counts, by the mapping."""

    lots: tuple[Lot, ...]
    sources: dict[str, Source]
    notes: tuple[str, ...]
    closing_day: str = CLOSING_DAYS[0]


def gather(path: Path, mapping: str | Path | None, zone: ZoneInfo | None, progress) -> Gathered:
    """Everything at `path`, as text in the contract's form."""
    if not path.exists():
        raise ImportRefused(f"There is nothing at {path}. Name a folder, a .csv or a .xlsx file.")
    rules = read_mapping(mapping) if mapping else None
    if rules is not None and rules.files:
        gathered = _mapped(path, rules, zone, progress)
    else:
        gathered = _contract(path, rules, zone, progress)
    empty = [f"{file} has column names but no rows." for file, s in gathered.sources.items() if s.cells.empty]
    if len(empty) == len(gathered.sources):
        raise ImportRefused(f"There is nothing to load at {path}: {' '.join(empty)} Export it again with its rows.")
    order = list(CONTRACT)
    lots = tuple(sorted(gathered.lots, key=lambda lot: order.index(lot.table)))
    closing_day = rules.closing_day if rules is not None else CLOSING_DAYS[0]
    return Gathered(lots, gathered.sources, (*gathered.notes, *empty), closing_day)


def _files(path: Path) -> list[Path]:
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    # Excel keeps a "~$name.xlsx" beside an open workbook; our own rejected rows may lie there, too.
    passed_over = ("~$", ".")
    return [
        file
        for file in found
        if file.is_file() and not file.name.startswith(passed_over) and ".rejected." not in file.name
    ]


def _contract(path: Path, mapping: Mapping | None, zone: ZoneInfo | None, progress) -> Gathered:
    files = _files(path)
    ours = [file for file in files if file.suffix.lower() in SUFFIXES and table_of(file.name) in CONTRACT]
    if not ours:
        _refuse_without_tables(path, files)
    tables = [table_of(file.name) for file in ours]
    twice = sorted({table for table in tables if tables.count(table) > 1})
    if twice:
        named = ", ".join(file.name for file in ours if table_of(file.name) in twice)
        raise ImportRefused(f"{path} holds two files for {', '.join(twice)}: {named}. Remove one of them.")
    strange = [file.name for file in files if file not in ours]
    notes = [f"Left aside, as they are no tables: {', '.join(map(_perhaps, strange))}."] if strange else []
    readings = _readings_of(ours, mapping) if mapping else {}
    sources, lots = {}, []
    for done, file in enumerate(ours):
        progress("read", done, len(ours))
        reading = readings.get(file.name)
        source = read_source(file, reading)
        sources[file.name] = source
        lots.append(contract_lot(source, reading, zone))
        notes += [
            *source.notes,
            *lots[-1].notes,
            *kept_as_properties(lots[-1], source),
            *maybe_thousands(lots[-1], source, reading or Reading()),
        ]
    return Gathered(tuple(lots), sources, tuple(notes))


def _refuse_without_tables(path: Path, files: list[Path]) -> None:
    found = ", ".join(_perhaps(file.name) for file in files) or "no file at all"
    workbook = " Of Excel, one workbook per table." if any(f.suffix.lower() == ".xlsx" for f in files) else ""
    raise ImportRefused(
        f"Nothing at {path} is named like a table of the contract (opportunity.csv, stage.csv, …). Found: {found}. "
        f"Rename the files, or name a mapping with --mapping for another system's export.{workbook}"
    )


def _perhaps(file: str) -> str:
    """The file's name, and the one that may be meant by it, or how it is to be saved."""
    table = table_of(file)
    if table in CONTRACT:
        return f"{file} (only .csv and .xlsx are read: save it as one of them)"
    near = nearest(table, CONTRACT)
    return f"{file} (did you mean {near}{Path(file).suffix}?)" if near else file


def _readings_of(files: list[Path], mapping: Mapping) -> dict[str, Reading]:
    """{file name: how it is read}, for a mapping that says nothing else."""
    readings: dict[str, Reading] = {}
    for pattern, reading in mapping.readings.items():
        fitting = [file.name for file in files if fnmatch.fnmatch(file.name.lower(), pattern.lower())]
        if not fitting and not reading.optional:
            raise ImportRefused(
                f"The mapping {mapping.name} says how {pattern!r} is written, and there is no such file. "
                f"Found: {', '.join(file.name for file in files)}. Correct its name under [read]."
            )
        readings |= dict.fromkeys(fitting, reading)
    return readings


def _mapped(path: Path, mapping: Mapping, zone: ZoneInfo | None, progress) -> Gathered:
    files = _files(path)
    sources: dict[str, Source] = {}
    notes: list[str] = []
    for done, name in enumerate(mapping.files):
        progress("read", done, len(mapping.files))
        reading = _reading(mapping, name)
        file = _file_named(name, files, reading, mapping, path)
        if file is not None:
            names = reading.header or tuple(sorted(_columns_in(name, mapping)))
            sources[name] = read_source(file, replace(reading, header=names))
            notes += sources[name].notes
    lots = _lots_of_log(mapping, sources, notes)
    of_log = {lot.table for lot in lots}
    twice = sorted({rule.name for rule in mapping.tables if rule.name in of_log})
    if twice:
        raise ImportRefused(
            f"The mapping {mapping.name} fills {', '.join(twice)} from its change log and by a [[table]]: keep one."
        )
    of_table: dict[str, list[Lot]] = {}
    for rule in mapping.tables:
        if rule.rows:
            of_table.setdefault(rule.name, []).append(inline_lot(rule, mapping.name))
        elif rule.file in sources:
            reading, source = _reading(mapping, rule.file), joined(sources[rule.file], rule.join, sources)
            lot = mapped_lot(rule, source, reading, zone)
            notes += [*lot.notes, *maybe_thousands(lot, source, reading)]
            of_table.setdefault(rule.name, []).append(lot)
    distinct = {rule.name for rule in mapping.tables if rule.distinct}
    lots += [together(parts, table in distinct) for table, parts in of_table.items()]
    for name, source in sources.items():
        rules = [rule for rule in mapping.tables if rule.file == name]
        unused = left_out(rules, source) if rules else []
        if unused:
            notes.append(f"{source.file}: the mapping leaves out {', '.join(unused)}.")
    return Gathered(tuple(lots), {s.file: s for s in sources.values()}, tuple(notes))


def _columns_in(name: str, mapping: Mapping) -> set[str]:
    """The columns that a mapping reads of a file: its line of column names is the first that has them all."""
    log = mapping.change_log
    found = {log.deal, log.time, log.field, log.value} if log is not None and log.file == name else set()
    for rule in mapping.tables:
        named, beside = columns_named(rule), {other.file: f"{other.file}: " for other in rule.join}
        if rule.file == name:
            found |= {column for column in named if not column.startswith(tuple(beside.values()) or ("\0",))}
        if name in beside:
            found |= {column.removeprefix(beside[name]) for column in named if column.startswith(beside[name])}
    return found


def _reading(mapping: Mapping, name: str) -> Reading:
    return mapping.readings.get(name, Reading())


def _file_named(name: str, files: list[Path], reading: Reading, mapping: Mapping, path: Path) -> Path | None:
    fitting = [file for file in files if fnmatch.fnmatch(file.name, name)]
    if len(fitting) > 1:
        raise ImportRefused(
            f"{len(fitting)} files at {path} fit {name!r} of the mapping {mapping.name}: "
            f"{', '.join(file.name for file in fitting)}. Leave the one to load."
        )
    if not fitting and not reading.optional:
        found = ", ".join(file.name for file in files) or "no file at all"
        raise ImportRefused(
            f"The mapping {mapping.name} reads {name!r}, which is not at {path}. Found: {found}. "
            f'Add the file, or set `optional = true` under [read."{name}"] in a copy of the mapping.'
        )
    return fitting[0] if fitting else None


def _lots_of_log(mapping: Mapping, sources: dict[str, Source], notes: list[str]) -> list[Lot]:
    log = mapping.change_log
    if log is None or log.file not in sources:
        return []
    read = read_change_log(log, sources[log.file], sources.get(log.labels_file), _reading(mapping, log.file))
    notes += read.notes
    return list(read.lots)
