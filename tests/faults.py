"""Faults at a planned moment: a command of the product runs as a process and is struck at its n-th moment.

A moment is a statement on its way to the database, a commit about to be made, or a connection given back (after the
commit), counted from 1 over the whole command, in the order in which they come; so every place of a command can be hit,
and hit again. What a command does with a database in memory is none.

    moments(url, "migrate")               how many moments an undisturbed run has; it really runs
    struck(url, "kill", 17, "migrate")    the finished process, struck at moment 17; fewer moments: it ran undisturbed
    small_disk()                          a folder with a disk of its own, which the fault "full" fills; needs root
    on_server(server, template, disk)     a new database of PostgreSQL, its data on that disk, its log is not
    everything(database)                  all tables with all that they are and hold, to compare with `==`

KINDS of faults: kill, terminate, interrupt (SIGKILL, SIGTERM, SIGINT), full (the disk of the database, `disk=`, has no
byte left from then on; `struck` makes room again when the process has ended) and ended (PostgreSQL ends the connection
at hand, as an administrator would).

The process is this file run as a program: it listens to SQLAlchemy's events, and the product knows nothing of it.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

KINDS = ("kill", "terminate", "interrupt", "full", "ended")
ROOT = Path(__file__).resolve().parent.parent

_SIGNALS = {"kill": signal.SIGKILL, "terminate": signal.SIGTERM, "interrupt": signal.SIGINT}
_BALLAST = "ballast"  # the file that fills the disk
_PATIENCE = 300  # seconds for a command, on a busy machine


def moments(url: str, *arguments: str) -> int:
    """Runs the command undisturbed; how many moments it had. Raises where it fails."""
    with tempfile.NamedTemporaryFile("r") as counted:
        _run(url, "none", 0, counted.name, arguments).check_returncode()
        return int(counted.read())


def struck(url: str, kind: str, at: int, *arguments: str, disk: Path | None = None) -> subprocess.CompletedProcess:
    """The command `python -m dashboard ARGUMENTS` on the database `url`, struck at moment `at`. Output is text."""
    ballast = "" if disk is None else str(disk / _BALLAST)
    try:
        return _run(url, kind, at, ballast, arguments)
    finally:
        if ballast:
            Path(ballast).unlink(missing_ok=True)


def _run(url: str, kind: str, at: int, file: str, arguments: tuple[str, ...]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults", kind, str(at), file, *arguments],
        env=os.environ | {"DASHBOARD_DATABASE_URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
    )


@contextmanager
def small_disk(megabytes: int = 16, owner: int | None = None) -> Iterator[Path]:
    """A folder with a disk of its own size, owned by `owner`. Only root may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        if owner is not None:
            os.chown(folder, owner, -1)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def on_server(server: Path, template: str = "template1", disk: Path | None = None) -> Iterator[str]:
    """The URL of a new database of PostgreSQL like the template; on `disk`, where given, but for the server's log."""
    import psycopg

    from tests.conftest import _conninfo, _named, _url

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as connection:
        if disk is not None:
            place = disk / "data"
            place.mkdir()
            os.chown(place, (server / "data").stat().st_uid, -1)
            where = psycopg.sql.SQL("create tablespace {} location {}")
            connection.execute(where.format(psycopg.sql.Identifier(name), str(place)))
        space = "pg_default" if disk is None else name
        connection.execute(_named("create database {} template {} tablespace {}", name, template, space))
        yield _url(server, name)
        connection.execute(_named("drop database {} with (force)", name))
        if disk is not None:
            connection.execute(_named("drop tablespace {}", name))


def everything(database: sa.Engine) -> dict[str, object]:
    """What there is: the schema, and the rows of every table in one order."""
    tables = sa.MetaData()
    tables.reflect(database)
    with database.connect() as connection:
        rows = {
            name: sorted(map(repr, connection.execute(sa.select(table)).all())) for name, table in tables.tables.items()
        }
    return {"schema": _schema(database), "rows": rows}


def _schema(database: sa.Engine) -> dict[str, dict]:
    """Every table's columns, key, indexes and comment, by name."""
    inspector = sa.inspect(database)
    found = {}
    for name in inspector.get_table_names():
        columns = [{key: str(value) for key, value in column.items()} for column in inspector.get_columns(name)]
        found[name] = {
            "columns": columns,
            "key": inspector.get_pk_constraint(name),
            "indexes": sorted(map(repr, inspector.get_indexes(name))),
        }
    return found


def _fill(ballast: str) -> None:
    with open(ballast, "ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _end(connection) -> None:
    """Ends the server's side of a psycopg connection, and waits until it is gone."""
    import psycopg

    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))


def _is_in_memory(connection) -> bool:
    """Whether it leads to a database that nobody can lose: migrations look into one for what each version has."""
    if not isinstance(connection, sqlite3.Connection):
        return False
    _number, _name, file = connection.execute("PRAGMA database_list").fetchone()  # the others are temporary
    return not file


def _main(kind: str, at: str, file: str, *arguments: str) -> None:
    from dashboard.__main__ import cli

    signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal; in a shell's background it is ignored
    seen = 0

    def moment(connection) -> None:
        nonlocal seen
        if _is_in_memory(connection):
            return
        seen += 1
        if seen != int(at):
            return
        if kind == "full":
            _fill(file)
        elif kind == "ended":
            _end(connection)
        else:
            os.kill(os.getpid(), _SIGNALS[kind])

    def before_statement(connection, *_) -> None:
        moment(connection.connection.dbapi_connection)

    def before_commit(connection) -> None:
        moment(connection.connection.dbapi_connection)

    def given_back(connection, _record) -> None:
        if connection is not None:  # None: it was found dead
            moment(connection)

    sa.event.listen(sa.Engine, "before_cursor_execute", before_statement)
    sa.event.listen(sa.Engine, "commit", before_commit)
    sa.event.listen(sa.Pool, "checkin", given_back)
    sa.event.listen(sa.Pool, "close_detached", moment)
    try:
        cli(list(arguments), prog_name="python -m dashboard")
    finally:
        if kind == "none":
            Path(file).write_text(str(seen))


if __name__ == "__main__":
    _main(*sys.argv[1:])
