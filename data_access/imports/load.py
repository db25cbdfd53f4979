"""An import from end to end: gather, judge, stage, and one transaction that moves everything or nothing."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import sqlalchemy as sa

from data_access.data import attempts
from data_access.derive import ALL, derive
from data_access.engine import writing
from data_access.errors import DatabaseUnusable, ImportRefused, Refused
from data_access.migrations import is_current
from data_access.schema import CONTRACT, DERIVED, data_state, fact_version, import_batch, setting

from . import undoing
from .cautions import gone, only_following
from .gather import Gathered, gather
from .going.merging import Merges, Merging, let_refer, merge, prepared, settled
from .going.removal import as_they_were, with_the_absent, without_flags
from .judge import Judged, Known, judge, known_to
from .rejected import place, rejected_path, remove_rejected, with_lines, write_rejected
from .staging import Staged, absent, connection_to_load, connection_to_look, counts, move, stage_rows, touched_keys
from .sums import must_add_up
from .touched import CONCERNS_ALL, TOUCHES, raise_facts, to_derive
from .trial import tried

Progress = Callable[[str, int, int], None]
Gather = Callable[[sa.Connection, ZoneInfo | None, Progress], Gathered]

_REASONS_SHOWN = 3


@dataclass(frozen=True)
class Counts:
    """Rows of one table: read = added + changed + unchanged + rejected. Read are those, too, that the import adds where
    a history ends before its deal; removed are those that were not read, of a whole export."""

    read: int
    added: int
    changed: int
    unchanged: int
    rejected: int
    removed: int = 0


@dataclass(frozen=True)
class Loaded:
    """What an import did (or, dry, would do): counts per table, sentences worth reading, rejected rows."""

    tables: dict[str, Counts]
    warnings: tuple[str, ...]
    rejected_file: Path | None
    version: int
    dry_run: bool


@dataclass(frozen=True)
class _Moved:
    """What the transaction holds: (added, changed) per table, the data version, its last row in the log of imports."""

    found: dict[str, tuple[int, int]]
    version: int
    batch: int


def load(
    database: sa.Engine,
    path: Path,
    *,
    mapping: str | Path | None = None,
    dry_run: bool = False,
    max_bad: float = 0.05,
    today: date,
    by: str = "",
    progress: Progress | None = None,
    before_commit: Callable[[sa.Connection], None] | None = None,
    rejected_to: Path | None = None,
    gathered_by: Gather | None = None,
    look: Callable[[sa.Connection], object] | None = None,
    full: bool = False,
    max_removed: float = 0.5,
) -> Loaded:
    """Load a folder or file of the contract's form, or with a mapping another system's export.

    Rows are matched by key: new ones are added, differing ones updated, equal ones left alone; columns a
    file does not have stay as they are. A row that breaks a rule goes to the file of rejected rows, and so
    does what refers to it; when more than `max_bad` of a file's rows break a rule themselves, nothing loads.
    A `full` export is whole, as a mapping may say, too: deals, leads and activities that it lacks are removed as of
    today, and nothing loads where these are more than `max_removed` of those there.
    A dry run says what would happen, and needs no more of the database than to be asked.

    `progress(step, done, total)` is called with the steps read, check, stage, move and derive;
    `before_commit(connection)` writes what belongs to the same transaction;
    `look(connection)` is called twice by a dry run, the second time with all as it would be;
    `gathered_by(connection, zone, progress)` gathers from elsewhere than `path`, which then only names the load and its
    file of rejected rows.
    Raises ImportRefused or DatabaseUnusable when nothing loads; the database is then as it was. What fails after
    the commit is a warning.
    """
    progress = progress or (lambda step, done, total: None)
    path = Path(path)
    if not 0 <= max_bad <= 1:
        raise ImportRefused(f"--max-bad is a share between 0 and 1, such as 0.05; found {max_bad}.")
    if not is_current(database):
        raise DatabaseUnusable("The database lacks today's tables. Run `python -m dashboard migrate` first.")
    moved = None
    try:
        with (connection_to_look if dry_run else connection_to_load)(database) as connection:
            with connection.begin():
                newest, zone = _newest_batch(connection), _time_zone(connection)
            gathered = (
                gather(path, mapping, zone, progress)
                if gathered_by is None
                else gathered_by(connection, zone, progress)
            )
            with connection.begin():
                lots, merges, said = settled(connection, gathered.lots, zone)
                lots, marked, dated = without_flags(connection, lots, today)
                gathered = replace(gathered, lots=lots, notes=(*gathered.notes, *said, *dated))
                known = known_to(connection, gathered.lots)
            judged = judge(gathered.lots, known, today, zone, progress, gathered.closing_day)
            gathered = replace(gathered, lots=judged.lots)
            with connection.begin():
                beside = _loaded_beside(connection, gathered)
            rejected_file, warnings = _write_rejected(gathered, judged, path, rejected_to, max_bad, beside)
            _refuse_without_deals(path, gathered, judged, known)
            is_whole = (full or gathered.full) and not gathered.is_part
            staged = _stage(connection, gathered, judged, progress, is_whole)
            with connection.begin():
                as_they_were(connection, staged, marked)
                merging = prepared(connection, merges, staged)
                if is_whole:
                    staged, told = _without_the_absent(connection, gathered, judged, staged, today, max_removed, merges)
                    let_refer(connection, merging, staged)
                else:
                    told = _gone(connection, staged) if gathered_by is None else []
            warnings += told
            if dry_run:
                moved = _looked(connection, staged, merging, newest, progress, look)
            else:
                with writing(connection):
                    moved = _move(connection, gathered, judged, staged, merging, newest, by, progress, before_commit)
                    way: attempts.Way = "import" if gathered_by is None else "sync"
                    attempts.ended_well(
                        connection, way, gathered.mapping, by, asked=str(mapping or ""), has_loaded=True
                    )
            warnings += merging.told
    except DatabaseUnusable:
        if moved is None or dry_run or not _is_committed(database, moved):
            raise
    # Of a part of the rows none is bad: those that were before may be still.
    if rejected_file is None and rejected_to is None and not dry_run and not warnings and not gathered.is_part:
        warnings += _remove_rejected(path)
    tables = {
        lot.table: _counted(len(lot.cells), len(judged.accepted[lot.table]), *moved.found[lot.table], one.removed)
        for lot, one in zip(gathered.lots, staged, strict=True)
    }
    return Loaded(tables, (*gathered.notes, *judged.cautions, *warnings), rejected_file, moved.version, dry_run)


def _gone(connection: sa.Connection, staged: list[Staged]) -> list[str]:
    of_wholes = (one for one in staged if one.table in ("opportunity", "lead"))
    return [sentence for one in of_wholes for sentence in gone(one.table, *absent(connection, one))]


def _without_the_absent(
    connection: sa.Connection,
    gathered: Gathered,
    judged: Judged,
    staged: list[Staged],
    today: date,
    most: float,
    merges: Merges,
) -> tuple[list[Staged], list[str]]:
    found, told = [], []
    for lot, one in zip(gathered.lots, staged, strict=True):
        key = CONTRACT[lot.table].info["key"][0]
        rejected = set(lot.cells[key].drop(judged.accepted[lot.table].index).dropna())
        more, sentences = with_the_absent(connection, one, rejected.union(merges.get(lot.table, ())), today, most)
        found.append(more)
        told += sentences
    return found, told


def _newest_batch(connection: sa.Connection) -> int | None:
    """Of those that hold: undoing one is noticed as another one is."""
    return connection.scalar(sa.select(sa.func.max(import_batch.c.batch_id)).where(import_batch.c.undone_at.is_(None)))


def _refuse_after_another(connection: sa.Connection, newest: int | None) -> None:
    """The last wall, should the lock of imports have been lost: what was judged against must still hold."""
    if _newest_batch(connection) != newest:
        raise ImportRefused(
            "Another import was loaded while this one was being checked, or the last one undone, so that what it was "
            "checked against no longer holds. Nothing of this one was loaded. Load it again."
        )


def _is_committed(database: sa.Engine, moved: _Moved) -> bool:
    """Whether the transaction holds although its connection was lost: the answer to a commit can get lost."""
    try:
        with connection_to_load(database) as connection:  # once the lost connection has let go of the lock
            found = sa.select(import_batch.c.batch_id).where(import_batch.c.batch_id == moved.batch)
            return connection.scalar(found) is not None
    except Refused as refused:
        raise DatabaseUnusable(
            "The connection was lost while the import was being completed, and whether it is loaded cannot be asked "
            f"now. Load it again later: what is there already is left alone. {refused}"
        ) from refused


def _remove_rejected(path: Path) -> list[str]:
    try:
        remove_rejected(path)
    except OSError as error:
        return [f"The rejected rows of an earlier load could not be removed ({error}). They no longer hold."]
    return []


def _counted(read: int, accepted: int, added: int, moved: int, removed: int) -> Counts:
    changed = moved - removed
    return Counts(read, added, changed, accepted - added - changed, read - accepted, removed)


def _time_zone(connection: sa.Connection) -> ZoneInfo | None:
    name = connection.scalar(sa.select(setting.c.value).where(setting.c.name == "time_zone"))
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImportRefused(f"The setting time_zone is {name!r}, which is no time zone. Correct it.") from error


def _loaded_beside(connection: sa.Connection, gathered: Gathered) -> dict[str, int]:
    """Per table how many rows count beside the load's own when it is asked whether too many are bad: of a part of a
    table, such as the two deals of a quarter of an hour, one bad row is no sign that the whole is read wrongly."""
    if not gathered.is_part:
        return {}
    tables = [lot.table for lot in gathered.lots]
    return {name: connection.scalar(sa.select(sa.func.count()).select_from(CONTRACT[name])) or 0 for name in tables}


def _write_rejected(
    gathered: Gathered, judged: Judged, path: Path, asked: Path | None, max_bad: float, beside: Mapping[str, int]
) -> tuple[Path | None, list[str]]:
    """Write the rejected rows, or warn that they cannot be; refuse the whole load where a file has too many of them."""
    if judged.found.empty:
        return None, []
    told = with_lines(gathered.lots, judged.found)
    target, warnings = None, []
    try:
        target = rejected_path(path, asked)
        write_rejected(told, gathered.sources, target)
        where = f"All of them stand in {target}"
    except OSError as error:
        where = f"They could not be written to {target or 'a file'} ({error.strerror})"
        warnings = [f"{len(told):,} rejected: {_commonest(told)}. {where}."]
        target = None
    follows = only_following(judged.found)
    causes = told.merge(follows, on=["table", "row"], how="left", indicator=True)
    causes = causes[causes["_merge"] == "left_only"]
    for lot in gathered.lots:
        total, broken = len(lot.cells), causes[causes["table"] == lot.table]
        if broken["row"].nunique() > max_bad * (total + beside.get(lot.table, 0)):
            _refuse_too_many(broken, total, len(follows), max_bad, where)
    return target, warnings


def _refuse_too_many(broken: pd.DataFrame, total: int, followers: int, max_bad: float, where: str) -> None:
    """`broken`: the findings on one table's rows; `followers`: rejected rows that only refer to such ones."""
    rows = "row that refers" if followers == 1 else "rows that refer"
    more = f", and {followers:,} {rows} to what is rejected" if followers else ""
    raise ImportRefused(
        f"{broken['row'].nunique():,} of {total:,} rows of `{broken['table'].iloc[0]}` break a rule, "
        f"more than the {max_bad:.1%} that may: {_commonest(broken)}{more}. "
        f"Nothing was loaded. {where}; mend them, or allow more with --max-bad."
    )


def _commonest(broken: pd.DataFrame) -> str:
    """The commonest reasons, each with its first row and how many more there are. What stands in quotation marks is the
    cell's own and no other reason."""
    kind = broken["reason"].str.replace(r"'[^']*'", "", regex=True)
    count = kind.map(kind.value_counts())
    first = broken.assign(times=count)[~kind.duplicated()].sort_values("times", ascending=False, kind="stable")
    shown = "; ".join(
        f"{place(one)}: {one.reason}"
        + (f" ({one.value})" if one.value else "")
        + (f", and {one.times - 1:,} more like it" if one.times > 1 else "")
        for one in first.head(_REASONS_SHOWN).itertuples()
    )
    return shown + (" …" if len(first) > _REASONS_SHOWN else "")


def _refuse_without_deals(path: Path, gathered: Gathered, judged: Judged, known: Known) -> None:
    """`stage` and `opportunity` are what everything about deals rests on. One file alone may come before them, and
    leads without any deal are something by themselves."""
    there = {"stage": len(known.stages), "opportunity": "opportunity" in known.filled}
    missing = [name for name in there if not there[name] and not len(judged.accepted.get(name, ()))]
    of_deals = {"stage", "opportunity", "opportunity_history"}
    is_of_leads = len(judged.accepted.get("lead", ())) and of_deals.isdisjoint(judged.accepted)
    if missing and not is_of_leads and (path.is_dir() or "opportunity" in judged.accepted):
        tables, files = (" and ".join(form.format(name) for name in missing) for form in ("`{}`", "{}.csv"))
        if set(missing) <= set(judged.found["table"]):
            raise ImportRefused(f"All rows of {tables} at {path} are rejected, and the database has none. Mend them.")
        hints = [note for note in gathered.notes if "Left aside" in note or "no rows" in note]
        raise ImportRefused(
            f"There are no rows of {tables}, neither at {path} nor in the database. "
            f"Every number rests on them: {' '.join([f'add {files}.', *hints])}"
        )


def _stage(
    connection: sa.Connection, gathered: Gathered, judged: Judged, progress: Progress, is_whole: bool
) -> list[Staged]:
    total = sum(len(rows) for rows in judged.accepted.values())
    staged, before = [], 0
    for lot in gathered.lots:
        rows = judged.accepted[lot.table]

        def told(done: int, before: int = before) -> None:
            progress("stage", before + done, total)

        staged.append(stage_rows(connection, lot, rows, told, is_whole))
        before += len(rows)
    return staged


def _looked(
    connection: sa.Connection,
    staged: list[Staged],
    merging: Merging,
    newest: int | None,
    progress: Progress,
    look: Callable[[sa.Connection], object] | None,
) -> _Moved:
    """What `_move` would do."""
    with connection.begin():
        _refuse_after_another(connection, newest)
        found = {one.table: counts(connection, one) for one in staged}
        version = connection.scalar(sa.select(data_state.c.version)) or 0
        if look is not None:
            look(connection)
    if look is not None:
        # What is derived rests on all that they do: on tables of settings, too, which no import changes.
        changed = [CONTRACT[name] for name in _changed(found).union(merging.tables)]
        with tried(connection, [*changed, *DERIVED.values(), data_state, fact_version]):
            _refuse_after_another(connection, newest)  # a dry run holds no lock
            merge(connection, merging, None)
            found = {one.table: counts(connection, one) for one in staged}
            _move_rows(connection, staged, merging, found, progress)
            look(connection)
    return _Moved(found, version, newest or 0)


def _move(
    connection: sa.Connection,
    gathered: Gathered,
    judged: Judged,
    staged: list[Staged],
    merging: Merging,
    newest: int | None,
    by: str,
    progress: Progress,
    before_commit: Callable[[sa.Connection], None] | None,
) -> _Moved:
    """The one transaction: the facts, what is derived from them, the log of imports, the data version."""
    # Writing first takes the lock, so that nothing changes between counting and moving.
    if connection.execute(data_state.update().values(version=data_state.c.version)).rowcount == 0:
        connection.execute(data_state.insert().values(id=1, version=0))
    _refuse_after_another(connection, newest)
    progress("move", 0, len(staged))
    if merging.tables:
        undoing.begin(connection)
        merge(connection, merging, partial(undoing.keep_merged, connection))
    found = {one.table: counts(connection, one) for one in staged}
    batch = _log(connection, gathered, judged, found, {one.table: one.removed for one in staged}, by)
    changed = _changed(found).union(merging.tables)
    if merging.tables:
        undoing.name(connection, batch)
    elif changed:
        undoing.begin(connection)
    _move_rows(connection, staged, merging, found, progress, kept=partial(undoing.keep, connection, batch))
    if before_commit is not None:
        with undoing.keeping_what_comes_with_it(connection, batch) if changed else nullcontext():
            before_commit(connection)
    return _Moved(found, connection.scalar(sa.select(data_state.c.version)) or 0, batch)


def _changed(found: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name, changes in found.items() if any(changes)}


def _move_rows(
    connection: sa.Connection,
    staged: list[Staged],
    merging: Merging,
    found: dict[str, tuple[int, int]],
    progress: Progress,
    kept: Callable[[Staged, int, int], None] | None = None,
) -> None:
    """The facts, what is derived from them, the data version. `kept` is called before each table is changed."""
    changed = _changed(found)
    concerns_all = not changed.isdisjoint(CONCERNS_ALL) or bool(merging.tables)
    touched: dict[str, set] = {column: set() for column in TOUCHES.values()}
    for done, one in enumerate(staged):
        progress("move", done, len(staged))
        if one.table in TOUCHES and not concerns_all:
            column = TOUCHES[one.table]
            touched[column] |= touched_keys(connection, one, column)
        if one.table in changed:
            if kept is not None:
                kept(one, *found[one.table])
            move(connection, one, sum(found[one.table]))
    changed = changed.union(merging.tables)
    if changed:
        progress("derive", 0, 1)
        derive(connection, ALL if concerns_all else to_derive(connection, changed, touched))
        must_add_up(connection)
        raise_facts(connection, changed)


def _log(
    connection: sa.Connection, gathered: Gathered, judged: Judged, found: dict, removed: dict[str, int], by: str
) -> int:
    """The import's last row in the log."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        {
            "file": lot.origin["file"].iloc[0] if len(lot.origin) else lot.table,
            "table_name": CONTRACT[lot.table].name,
            "rows_read": len(lot.cells),
            "rows_changed": sum(found[lot.table]),
            "rows_rejected": len(lot.cells) - len(judged.accepted[lot.table]),
            "rows_added": found[lot.table][0],
            "rows_removed": removed[lot.table],
            "newest_on": _newest_on(CONTRACT[lot.table], judged.accepted[lot.table], now),
            "mapping": attempts.named(gathered.mapping),
            "imported_at": now,
            "imported_by": by,
        }
        for lot in gathered.lots
    ]
    if rows:
        connection.execute(import_batch.insert(), rows)
    return _newest_batch(connection) or 0


def _newest_on(table: sa.Table, rows: pd.DataFrame, now: datetime) -> date | None:
    """The last day up to now on which anything in these rows happened; None where nothing in them did."""
    days = [pd.to_datetime(rows[one.name]) for one in table.c if one.info.get("happened") and one.name in rows]
    past = [newest for day in days if not pd.isna(newest := day[day <= now].max())]
    return max(past).date() if past else None
