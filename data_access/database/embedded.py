"""An embedded database: a SQLite file, which anybody may move, exchange or overwrite while it is open.

SQLite keeps what it has opened, wherever the file goes, but finds the log (FILE-wal) and its index (FILE-shm) by name:
so a file that is moved leaves its last writes behind, and another that takes its place is read with a log that is not
its own. Hence three rules. The log is emptied into the file after every write. Before every use the file at the path
is compared with the one that was opened, and before every commit again. A log of the former file that is not empty is
never opened with another.
"""

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import cast
from weakref import WeakKeyDictionary, WeakSet

import sqlalchemy as sa

from data_access.errors import DatabaseUnusable

log = logging.getLogger(__name__)

WRITES = "writes"  # the option of a connection that marks a transaction as one that writes

# How long a command waits for those who still read what was before, to empty the log, in milliseconds.
_READERS = 2_000
# How often SQLite asks whether the time is up, in steps of its machine: every 100 to 200 ms. Each time it has to wait
# for Python's lock, which busy sessions hold.
_STEPS = 10_000_000


class Connection(sqlite3.Connection):
    """A connection that gives a question up after a time."""

    until = float("inf")  # of time.monotonic()
    file: tuple[int, int]  # which one it has opened
    age: int  # of the engine, when it was opened
    is_open, is_used = True, False

    def is_over(self) -> bool:
        return time.monotonic() > self.until

    def close(self) -> None:
        super().close()
        self.is_open = False


class _File:
    """What an engine knows of the file at its path."""

    def __init__(self, path: Path, is_hurried: bool, lock_wait: int):
        self.path, self.is_hurried, self.lock_wait = path, is_hurried, lock_wait
        self.log, self.index = (path.with_name(f"{path.name}-{ending}") for ending in ("wal", "shm"))
        self.mark: tuple | None = None  # of the file, when it was last looked at
        self.beside: dict[Path, tuple | None] = {}  # the log and its index that the open connections use
        self.log_holds_more = False  # somebody was still reading what was before, when we last wrote
        self.age = 0  # how often the engine has let go of its connections
        self.without_log: list[Connection] = []  # of a former file, whose log has no name any more
        self.connections: WeakSet[Connection] = WeakSet()
        self.lock = threading.Lock()


_files: WeakKeyDictionary[sa.Dialect, _File] = WeakKeyDictionary()


def engine(url: sa.URL, only_look: bool, seconds: float | None, lock_seconds: float, **pool: int) -> sa.Engine:
    """The engine of a file that is there already; see `data_access.engine.engine`."""
    path = Path(url.database or "").resolve()  # now: the working directory may change before the first connection
    made = sa.create_engine(url.set(database=str(path)), **pool)
    file = _files[made.dialect] = _File(path, is_hurried=seconds is not None, lock_wait=int(lock_seconds * 1000))

    def opened(_dialect, _record, _arguments, options) -> Connection:
        """What is there: by itself SQLite would make an empty file in the place of one that was moved away."""
        how = "mode=ro" if only_look else "mode=rw"
        if only_look and not os.access(path.parent, os.W_OK) and not file.log.exists():
            how += "&immutable=1"  # nobody writes, and the files of the log, which SQLite would need, cannot be made
        with file.lock:  # between a file and its log, which it finds by name, nobody removes that
            found = _mark(path)[:2] if file.mark is None else file.mark[:2]
            connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, factory=Connection, **options)
            try:
                _must_be_nobodys(file, found)
                _must_be(found, path)  # before the first read, which brings home what is in the log
                connection.isolation_level = None  # the driver begins none before DDL; `begun` always does
                connection.execute(f"PRAGMA busy_timeout = {file.lock_wait}")
                if not only_look:
                    connection.execute("PRAGMA journal_mode = WAL")  # others read and write while the app runs
                connection.execute("PRAGMA synchronous = NORMAL")  # safe with WAL, and far faster
                connection.execute("PRAGMA schema_version")  # opens the log, so that it can be told from another's
                _must_be(found, path)
            except (sqlite3.Error, DatabaseUnusable):
                connection.close()
                raise
            if seconds is not None:
                connection.set_progress_handler(connection.is_over, _STEPS)
            connection.file, connection.age = found, file.age
            file.connections.add(connection)
            file.beside = {one: _identity(one) for one in (file.log, file.index)}
            return connection

    def begun(connection: sa.Connection) -> None:
        """A transaction that will write takes the lock at once: one that has read before cannot wait for it later."""
        raw = _raw(connection)
        raw.is_used = True
        if seconds is not None:
            raw.until = time.monotonic() + seconds
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")

    sa.event.listen(made, "do_connect", opened)
    sa.event.listen(made, "begin", begun)
    return made


def must_be_there(database: sa.Engine) -> None:
    """Raises DatabaseUnusable where the file is away. Where it is another, or written over, lets go of the former."""
    file = _files.get(database.dialect)
    if file is None or _mark(file.path) == file.mark:
        return
    with file.lock:
        mark = _mark(file.path)  # another session may have seen to it
        if mark == file.mark:
            return
        let_go(database)
        if file.mark is not None and mark[:2] != file.mark[:2]:
            _leave_the_former_log(file)
        file.mark = mark


def is_elsewhere(database: sa.Engine) -> bool:
    """Whether the file was moved or exchanged since it was last looked at: then errors of any kind come from that."""
    file = _files.get(database.dialect)
    return file is not None and file.mark is not None and _identity(file.path) != file.mark[:2]


def let_go(database: sa.Engine) -> None:
    """Closes what is open: pages of the former content stand in their memory. Those in use are closed after it."""
    file = _files.get(database.dialect)
    if file is not None:
        file.age += 1
        database.dispose()


def done_with(connection: sa.Connection) -> None:
    """Before it goes back to the others: closed, if they have let go of it meanwhile."""
    file = _files.get(connection.dialect)
    if file is None or connection.closed or connection.invalidated:
        return
    raw = _raw(connection)
    raw.is_used = False
    if raw.age != file.age:
        connection.invalidate()


def must_still_be_there(connection: sa.Connection) -> None:
    """Before a commit: raises DatabaseUnusable where what is about to be written would go out of sight."""
    file = _files.get(connection.dialect)
    if file is not None:
        _must_be(_raw(connection).file, file.path)


def empty_the_log(connection: sa.Connection, *, after_a_write: bool) -> None:
    """All into the file itself, as far as others let us: what was written is safe either way, and is tried again."""
    file = _files.get(connection.dialect)
    if file is None or not (after_a_write or file.log_holds_more):
        return
    connection.rollback()  # of a question there is nothing to keep, and what is written is committed
    raw = _raw(connection)
    try:
        raw.execute(f"PRAGMA busy_timeout = {0 if file.is_hurried else _READERS}")
        [(file.log_holds_more, _pages, _written)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        mark = _mark(file.path)
        if file.mark is not None and mark[:2] == file.mark[:2]:
            file.mark = mark
    except (sqlite3.Error, DatabaseUnusable) as error:  # such as a full disk: it stays in the log, and is written
        file.log_holds_more = True
        log.warning("The log of %s could not be emptied: %s", file.path, error)
    finally:
        raw.execute(f"PRAGMA busy_timeout = {file.lock_wait}")


def _leave_the_former_log(file: _File) -> None:
    formers = [path for path, former in file.beside.items() if former is not None and _identity(path) == former]
    if file.log in formers and file.log.stat().st_size:
        raise DatabaseUnusable(
            f"Another file took the place of {file.path}, and {file.log.name} beside it still holds what was last "
            "written to the former one. Nothing was opened, nothing is lost. Move that log to the former file, under "
            "its name with -wal behind it, before you start anything anew.",
            "exchanged",
        )
    # Who still has the former file open keeps them all the same, without a name; nobody else is to share them.
    file.without_log = [one for one in (*file.without_log, *file.connections) if one.is_open]
    for path in formers:
        path.unlink(missing_ok=True)


def _must_be_nobodys(file: _File, found: tuple[int, int]) -> None:
    """A file that was away is opened again once nobody has it open from before, who would use another log."""
    left = [one for one in file.without_log if one.is_open and one.file == found]
    for one in left:
        if not one.is_used:  # given back in the very moment in which it was let go of
            one.close()
    if any(one.is_used for one in left):
        raise DatabaseUnusable(f"Somebody still reads {file.path} as it was before it was away. Try again.", "busy")


def _must_be(found: tuple[int, int], path: Path) -> None:
    if _mark(path)[:2] != found:
        raise DatabaseUnusable(
            f"Another file took the place of {path} just now. Of what was being written then nothing was. Try again.",
            "away",
        )


def _raw(connection: sa.Connection) -> Connection:
    return cast(Connection, connection.connection.dbapi_connection)


def _mark(path: Path) -> tuple[int, int, int]:
    """Which file it is, and when it was last changed; raises DatabaseUnusable."""
    try:
        found = os.stat(path)
    except FileNotFoundError as error:
        raise DatabaseUnusable(
            f"There is no database sqlite:///{path}. Is the path right? `python -m dashboard migrate` makes a new one.",
            "away",
        ) from error
    except OSError as error:
        raise DatabaseUnusable(f"Cannot reach sqlite:///{path}: {error.strerror}.", "away") from error
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
