"""From a path to lots: which files there are, what they are read as, and what was left aside."""

import fnmatch
from collections.abc import Iterable, Mapping as Keyed
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from .cautions import kept_as_properties, maybe_thousands
from .change_log import read_change_log
from .foreign.recognise import Bound, Recognised, bound, has_contract_form, needed_in, recognised
from .lots import Lot, contract_lot, inline_lot, is_within, joined, left_out, mapped_lot, table_of, together
from .mapping import CLOSING_DAYS, Mapping, read_mapping
from .readers import SUFFIXES, Reading, Source, read_source
from .rules import nearest
from .stages import Part, told


@dataclass(frozen=True)
class Gathered:
    """All lots of one import, in the contract's order; the files they come from; sentences on the way; whose closing
    day counts, by the mapping; whether these rows are a part of what the tables have, as of a sync by cursors; whether
    they are a whole export, by the mapping; and by which mapping they came ("": they have the contract's form)."""

    lots: tuple[Lot, ...]
    sources: dict[str, Source]
    notes: tuple[str, ...]
    closing_day: str = CLOSING_DAYS[0]
    is_part: bool = False
    full: bool = False
    mapping: str = ""


def gather(path: Path, mapping: str | Path | None, zone: ZoneInfo | None, progress) -> Gathered:
    """Everything at `path`, as text in the contract's form."""
    if not path.exists():
        raise ImportRefused(f"There is nothing at {path}. Name a folder, a .csv or a .xlsx file.")
    rules = read_mapping(mapping) if mapping else None
    if rules is not None and rules.landed:
        raise ImportRefused(
            f"The mapping {rules.name} reads tables of a database, not files. Use "
            f"`python -m dashboard sync --mapping {mapping}`."
        )
    if rules is not None and rules.files:
        gathered = _mapped(bound(rules, _files(path), path), zone, progress)
    else:
        found = None if rules is not None or has_contract_form(_files(path)) else recognised(_files(path))
        if isinstance(found, Recognised):
            rules, gathered = found.bound.mapping, _mapped(found.bound, zone, progress)
            taken = {one.path for one in found.bound.files.values()}
            strange = [file.name for file in _files(path) if file not in taken]
            aside = [f"Left aside, as that form has no such files: {', '.join(strange)}."] if strange else []
            gathered = replace(gathered, notes=(found.why, *aside, *gathered.notes))
        else:
            gathered = _contract(path, rules, zone, progress, nearest_form=found or "")
    empty = [f"{file} has column names but no rows." for file, s in gathered.sources.items() if s.cells.empty]
    if len(empty) == len(gathered.sources):
        raise ImportRefused(f"There is nothing to load at {path}: {' '.join(empty)} Export it again with its rows.")
    whole = Gathered(in_order(gathered.lots), gathered.sources, (*gathered.notes, *empty))
    if rules is None:
        return whole
    return replace(whole, closing_day=rules.closing_day, full=rules.full, mapping=rules.name)


def in_order(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """The lots in the contract's order, in which each stands behind those that it refers to."""
    order = list(CONTRACT)
    return tuple(sorted(lots, key=lambda lot: order.index(lot.table)))


def _files(path: Path) -> list[Path]:
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    # Excel keeps a "~$name.xlsx" beside an open workbook; our own rejected rows may lie there, too.
    passed_over = ("~$", ".")
    return [
        file
        for file in found
        if file.is_file() and not file.name.startswith(passed_over) and ".rejected." not in file.name
    ]


def _contract(path: Path, mapping: Mapping | None, zone: ZoneInfo | None, progress, nearest_form: str = "") -> Gathered:
    """nearest_form: what is said of other systems' exports where no file is one of ours."""
    files = _files(path)
    ours = [file for file in files if file.suffix.lower() in SUFFIXES and table_of(file.name) in CONTRACT]
    if not ours:
        _refuse_without_tables(path, files, nearest_form)
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


def _refuse_without_tables(path: Path, files: list[Path], nearest_form: str) -> None:
    found = ", ".join(_perhaps(file.name) for file in files) or "no file at all"
    workbook = " Of Excel, one workbook per table." if any(f.suffix.lower() == ".xlsx" for f in files) else ""
    raise ImportRefused(
        f"Nothing at {path} is named like a table of the contract (opportunity.csv, stage.csv, …). Found: {found}. "
        f"Rename the files, or name a mapping with --mapping for another system's export.{workbook}"
        f"{' ' if nearest_form else ''}{nearest_form}"
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


def _mapped(found: Bound, zone: ZoneInfo | None, progress) -> Gathered:
    mapping = found.mapping
    sources: dict[str, Source] = {}
    notes: list[str] = []
    for done, name in enumerate(found.files):
        progress("read", done, len(found.files))
        reading = found.readings[name]
        names = reading.header or tuple(sorted(needed_in(name, mapping)))
        sources[name] = read_source(found.files[name].path, replace(reading, header=names))
        notes += sources[name].notes
    lots, said = lots_of(mapping, sources, found.readings, zone)
    notes += said
    for name, source in sources.items():
        rules = [rule for rule in mapping.tables if rule.file == name]
        unused = left_out(rules, source) if rules else []
        if unused:
            notes.append(f"{source.file}: the mapping leaves out {', '.join(unused)}.")
    return Gathered(tuple(lots), {s.file: s for s in sources.values()}, tuple(notes))


def lots_of(
    mapping: Mapping, sources: Keyed[str, Source], readings: Keyed[str, Reading], zone: ZoneInfo | None
) -> tuple[list[Lot], list[str]]:
    """What a mapping makes of its files, each by the mapping's name for it; and sentences on it."""
    notes: list[str] = []
    lots = _lots_of_log(mapping, sources, readings, notes)
    of_log = {lot.table for lot in lots}
    twice = sorted({rule.name for rule in mapping.tables if rule.name in of_log})
    if twice:
        raise ImportRefused(
            f"The mapping {mapping.name} fills {', '.join(twice)} from its change log and by a [[table]]: keep one."
        )
    of_table: dict[str, list[Lot]] = {}
    parts: list[Part] = []
    for rule in mapping.tables:
        if rule.rows:
            of_table.setdefault(rule.name, []).append(inline_lot(rule, mapping.name))
        elif rule.file in sources:
            reading, source = readings[rule.file], joined(sources[rule.file], rule.join, sources)
            if not rule.optional or is_within(rule, source):
                lot = mapped_lot(rule, source, reading, zone)
                notes += [*lot.notes, *maybe_thousands(lot, source, reading)]
                parts.append(Part(rule, source, lot))
    if mapping.stages is not None and any(part.rule.name == "opportunity" for part in parts):
        stages = told(mapping.stages, parts)
        parts, of_table["stage"], notes = list(stages.parts), [stages.stages], [*notes, *stages.notes]
    for part in parts:
        of_table.setdefault(part.rule.name, []).append(part.lot)
    distinct = {rule.name for rule in mapping.tables if rule.distinct}
    lots += [together(parts, table in distinct) for table, parts in of_table.items()]
    return lots, notes


def _lots_of_log(
    mapping: Mapping, sources: Keyed[str, Source], readings: Keyed[str, Reading], notes: list[str]
) -> list[Lot]:
    log = mapping.change_log
    if log is None or log.file not in sources:
        return []
    read = read_change_log(log, sources[log.file], sources.get(log.labels_file), readings[log.file])
    notes += read.notes
    return list(read.lots)
