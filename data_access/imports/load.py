"""An import from end to end: gather, judge, stage, and one transaction that moves everything or nothing."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import sqlalchemy as sa

from data_access.derive import ALL, Touched, derive
from data_access.engine import reading, writing
from data_access.errors import DatabaseUnusable, ImportRefused
from data_access.migrations import is_current
from data_access.schema import CONTRACT, activity, data_state, import_batch, setting
from data_access.versions import raise_version

from .cautions import only_following
from .gather import Gathered, gather
from .judge import Judged, Known, judge, known_to
from .rejected import rejected_path, remove_rejected, with_lines, write_rejected
from .staging import Staged, clear, counts, move, one_import_at_a_time, stage_rows, touched_keys

Progress = Callable[[str, int, int], None]

# What the derived tables of every deal, or of every activity, rest on.
_CONCERNS_ALL = ("stage", "rep", "rep_history", "region")
# From this many deals, or share of the activities, deriving all anew is faster than looking the touched ones up.
_MANY_DEALS = 20_000
_MANY_ACTIVITIES = 1 / 3
# Whose changes touch which keys.
_TOUCHES = {
    "opportunity": "opportunity_id",
    "opportunity_history": "opportunity_id",
    "lead": "lead_id",
    "activity": "activity_id",
}
_REASONS_SHOWN = 3


@dataclass(frozen=True)
class Counts:
    """Rows of one table: read = added + changed + unchanged + rejected."""

    read: int
    added: int
    changed: int
    unchanged: int
    rejected: int


@dataclass(frozen=True)
class Loaded:
    """What an import did (or, dry, would do): counts per table, sentences worth reading, rejected rows."""

    tables: dict[str, Counts]
    warnings: tuple[str, ...]
    rejected_file: Path | None
    version: int
    dry_run: bool


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
    rejected_to: Path | None = None,
) -> Loaded:
    """Load a folder or file of the contract's form, or with a mapping another system's export.

    Rows are matched by key: new ones are added, differing ones updated, equal ones left alone; columns a
    file does not have stay as they are. A row that breaks a rule goes to the file of rejected rows, and so
    does what refers to it; when more than `max_bad` of a file's rows break a rule themselves, nothing loads.
    A dry run says what would happen.

    `progress(step, done, total)` is called with the steps read, check, stage, move and derive.
    Raises ImportRefused when nothing loads; the database is then as it was.
    """
    progress = progress or (lambda step, done, total: None)
    path = Path(path)
    if not 0 <= max_bad <= 1:
        raise ImportRefused(f"--max-bad is a share between 0 and 1, such as 0.05; found {max_bad}.")
    if not is_current(database):
        raise DatabaseUnusable("The database lacks today's tables. Run `python -m dashboard migrate` first.")
    with one_import_at_a_time(database):
        with reading(database) as connection:
            zone, known = _time_zone(connection), known_to(connection)
        gathered = gather(path, mapping, zone, progress)
        judged = judge(gathered.lots, known, today, zone, progress)
        rejected_file = _write_rejected(gathered, judged, path, rejected_to, max_bad)
        _refuse_without_deals(path, gathered, judged, known)
        clear(database)
        load_id = uuid.uuid4().hex
        try:
            staged = _stage(database, gathered, judged, load_id, progress)
            if dry_run:
                with reading(database) as connection:
                    found = {one.table: counts(connection, one, load_id) for one in staged}
                    version = connection.scalar(sa.select(data_state.c.version)) or 0
            else:
                with writing(database) as connection:
                    found, version = _move(connection, gathered, judged, staged, load_id, by, progress)
        finally:
            clear(database)
    if rejected_file is None and rejected_to is None and not dry_run:
        remove_rejected(path)
    tables = {
        lot.table: _counted(len(lot.cells), len(judged.accepted[lot.table]), *found[lot.table])
        for lot in gathered.lots
    }
    return Loaded(tables, (*gathered.notes, *judged.cautions), rejected_file, version, dry_run)


def _counted(read: int, accepted: int, added: int, changed: int) -> Counts:
    return Counts(read, added, changed, accepted - added - changed, read - accepted)


def _time_zone(connection: sa.Connection) -> ZoneInfo | None:
    name = connection.scalar(sa.select(setting.c.value).where(setting.c.name == "time_zone"))
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImportRefused(
            f"The setting time_zone is {name!r}, which is no time zone. Correct it."
        ) from error


def _write_rejected(
    gathered: Gathered, judged: Judged, path: Path, asked: Path | None, max_bad: float
) -> Path | None:
    """Write the rejected rows; refuse the whole load where a file has too many of them."""
    if judged.found.empty:
        return None
    told = with_lines(gathered.lots, judged.found)
    target = rejected_path(path, asked)
    write_rejected(told, gathered.sources, target)
    follows = only_following(judged.found)
    causes = told.merge(follows, on=["table", "row"], how="left", indicator=True)
    causes = causes[causes["_merge"] == "left_only"]
    for lot in gathered.lots:
        total, broken = len(lot.cells), causes[causes["table"] == lot.table]
        if broken["row"].nunique() > max_bad * total:
            _refuse_too_many(broken, total, len(follows), max_bad, target)
    return target


def _refuse_too_many(broken: pd.DataFrame, total: int, followers: int, max_bad: float, target: Path) -> None:
    """`broken`: the findings on one table's rows; `followers`: rejected rows that only refer to such ones."""
    first = broken.head(_REASONS_SHOWN)
    shown = "; ".join(
        f"{one.file} line {one.line}: {one.reason}" + (f" ({one.value})" if one.value else "")
        for one in first.itertuples()
    )
    more = " …" if len(broken) > len(first) else ""
    rows = "row that refers" if followers == 1 else "rows that refer"
    more += f", and {followers:,} {rows} to what is rejected" if followers else ""
    raise ImportRefused(
        f"{broken['row'].nunique():,} of {total:,} rows of `{broken['table'].iloc[0]}` break a rule, "
        f"more than the {max_bad:.1%} that may: {shown}{more}. "
        f"Nothing was loaded. All of them stand in {target}; mend them, or allow more with --max-bad."
    )


def _refuse_without_deals(path: Path, gathered: Gathered, judged: Judged, known: Known) -> None:
    """`stage` and `opportunity` are what everything rests on. One file alone may come before them."""
    there = {"stage": len(known.stages), "opportunity": len(known.pipelines)}
    missing = [name for name in there if not there[name] and not len(judged.accepted.get(name, ()))]
    if missing and (path.is_dir() or "opportunity" in judged.accepted):
        tables, files = (" and ".join(form.format(name) for name in missing) for form in ("`{}`", "{}.csv"))
        if set(missing) <= set(judged.found["table"]):
            raise ImportRefused(f"All rows of {tables} at {path} are rejected, and the database has none. Mend them.")
        hints = [note for note in gathered.notes if "Left aside" in note or "no rows" in note]
        raise ImportRefused(
            f"There are no rows of {tables}, neither at {path} nor in the database. "
            f"Every number rests on them: {' '.join([f'add {files}.', *hints])}"
        )


def _stage(
    database: sa.Engine, gathered: Gathered, judged: Judged, load_id: str, progress: Progress
) -> list[Staged]:
    total = sum(len(rows) for rows in judged.accepted.values())
    staged, before = [], 0
    for lot in gathered.lots:
        rows = judged.accepted[lot.table]
        staged.append(
            stage_rows(
                database,
                lot,
                rows,
                load_id,
                lambda done, before=before: progress("stage", before + done, total),
            )
        )
        before += len(rows)
    return staged


def _move(
    connection: sa.Connection,
    gathered: Gathered,
    judged: Judged,
    staged: list[Staged],
    load_id: str,
    by: str,
    progress: Progress,
) -> tuple[dict[str, tuple[int, int]], int]:
    """The one transaction: the facts, what is derived from them, the log of imports, the data version."""
    # Writing first takes the lock, so that nothing changes between counting and moving.
    if connection.execute(data_state.update().values(version=data_state.c.version)).rowcount == 0:
        connection.execute(data_state.insert().values(id=1, version=0))
    found, touched = {}, {column: set() for column in _TOUCHES.values()}
    for done, one in enumerate(staged):
        progress("move", done, len(staged))
        found[one.table] = counts(connection, one, load_id)
        if one.table in _TOUCHES:
            column = _TOUCHES[one.table]
            touched[column] |= touched_keys(connection, one, load_id, column)
        if any(found[one.table]):
            move(connection, one, load_id)
    if any(any(changes) for changes in found.values()):
        progress("derive", 0, 1)
        derive(connection, _to_derive(connection, found, *touched.values()))
        raise_version(connection)
    _log(connection, gathered, judged, found, by)
    return found, connection.scalar(sa.select(data_state.c.version))


def _to_derive(connection: sa.Connection, found: dict, deals: set, leads: set, activities: set) -> Touched:
    """What the changes concern; everything where all of it rests on what changed, or where much did."""
    concerns_all = any(any(found.get(table, ())) for table in _CONCERNS_ALL)
    if concerns_all or len(deals) > _MANY_DEALS:
        return ALL
    in_all = connection.scalar(sa.select(sa.func.count()).select_from(activity))
    return Touched(deals, leads, None if len(activities) > _MANY_ACTIVITIES * in_all else activities)


def _log(connection: sa.Connection, gathered: Gathered, judged: Judged, found: dict, by: str) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        {
            "file": lot.origin["file"].iloc[0] if len(lot.origin) else lot.table,
            "table_name": CONTRACT[lot.table].name,
            "rows_read": len(lot.cells),
            "rows_changed": sum(found[lot.table]),
            "rows_rejected": len(lot.cells) - len(judged.accepted[lot.table]),
            "imported_at": now,
            "imported_by": by,
        }
        for lot in gathered.lots
    ]
    connection.execute(import_batch.insert(), rows)
