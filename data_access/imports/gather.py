"""From a path to lots: which files there are, what they are read as, and what was left aside."""

import fnmatch
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .change_log import read_change_log
from .lots import Lot, contract_lot, inline_lot, left_out, mapped_lot
from .mapping import Mapping, read_mapping
from .readers import SUFFIXES, Reading, Source, read_source


@dataclass(frozen=True)
class Gathered:
    """All lots of one import, in the contract's order; the files they come from; sentences on the way."""

    lots: tuple[Lot, ...]
    sources: dict[str, Source]
    notes: tuple[str, ...]


def gather(path: Path, mapping: str | Path | None, zone: ZoneInfo | None, progress) -> Gathered:
    """Everything at `path`, as text in the contract's form."""
    if not path.exists():
        raise ImportRefused(f"There is nothing at {path}. Name a folder, a .csv or a .xlsx file.")
    gathered = _mapped(path, read_mapping(mapping), zone, progress) if mapping else _contract(path, progress)
    empty = [f"{file} has column names but no rows." for file, s in gathered.sources.items() if s.cells.empty]
    if len(empty) == len(gathered.sources):
        raise ImportRefused(
            f"There is nothing to load at {path}: {' '.join(empty)} Export it again with its rows."
        )
    order = list(CONTRACT)
    lots = tuple(sorted(gathered.lots, key=lambda lot: order.index(lot.table)))
    return Gathered(lots, gathered.sources, (*gathered.notes, *empty))


def _files(path: Path) -> list[Path]:
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    # Excel keeps a "~$name.xlsx" beside an open workbook; our own rejected rows may lie there, too.
    passed_over = ("~$", ".")
    return [
        file
        for file in found
        if file.is_file() and not file.name.startswith(passed_over) and ".rejected." not in file.name
    ]


def _contract(path: Path, progress) -> Gathered:
    files = _files(path)
    ours = [file for file in files if file.suffix.lower() in SUFFIXES and file.stem in CONTRACT]
    if not ours:
        found = ", ".join(file.name for file in files) or "no file at all"
        raise ImportRefused(
            f"Nothing at {path} is named like a table of the contract (opportunity.csv, stage.csv, …). "
            f"Found: {found}. Rename the files, or name a mapping with --mapping for another system's export."
        )
    stems = [file.stem for file in ours]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise ImportRefused(
            f"{path} holds both a CSV and an XLSX for {', '.join(twice)}. Remove one of them."
        )
    strange = [file.name for file in files if file not in ours]
    notes = [f"Left aside, as no table has such a name: {', '.join(strange)}."] if strange else []
    sources, lots = {}, []
    for done, file in enumerate(ours):
        progress("read", done, len(ours))
        source = read_source(file)
        sources[file.name] = source
        notes += source.notes
        lots.append(contract_lot(source))
    return Gathered(tuple(lots), sources, tuple(notes))


def _mapped(path: Path, mapping: Mapping, zone: ZoneInfo | None, progress) -> Gathered:
    files = _files(path)
    sources, notes = {}, []
    for done, name in enumerate(mapping.files):
        progress("read", done, len(mapping.files))
        reading = _reading(mapping, name)
        file = _file_named(name, files, reading, mapping, path)
        if file is not None:
            sources[name] = read_source(file, reading)
            notes += sources[name].notes
    lots = _lots_of_log(mapping, sources, notes)
    for rule in mapping.tables:
        if rule.rows:
            lots.append(inline_lot(rule, mapping.name))
        elif rule.file in sources:
            lots.append(mapped_lot(rule, sources[rule.file], _reading(mapping, rule.file), zone))
    tables = [lot.table for lot in lots]
    twice = sorted({table for table in tables if tables.count(table) > 1})
    if twice:
        raise ImportRefused(
            f"The mapping {mapping.name} fills {', '.join(twice)} twice. Keep one [[table]] of it."
        )
    for name, source in sources.items():
        rules = [rule for rule in mapping.tables if rule.file == name]
        unused = left_out(rules, source) if rules else []
        if unused:
            notes.append(f"{source.file}: the mapping leaves out {', '.join(unused)}.")
    return Gathered(tuple(lots), {s.file: s for s in sources.values()}, tuple(notes))


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
