"""Databases for tests: a real SQLite file and a real PostgreSQL, fresh for every test.

PostgreSQL runs as a private server for the session: another user than root (it refuses root), a unix
socket in its own folder, no waiting for the disk. One template database is migrated once and copied per test.
"""

import gc
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import psycopg.conninfo
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.util import LRUCache
from xdist.scheduler import LoadScopeScheduling

from data_access.engine import engine, provide
from data_access.migrations import upgrade

# The demo and the browser are a worker's own, made once, whichever of its files asks first.
pytest_plugins = ("tests.ui_fixtures", "tests.browser_fixtures")


class _Statements(LRUCache):
    """Statements once put into words, for all databases of a kind; SQLAlchemy keeps them for one engine each."""

    def get(self, key: tuple, default=None):
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple, compiled) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


_STATEMENTS = _Statements(5_000)


@sa.event.listens_for(sa.Engine, "engine_connect")
def _share_statements(connection: sa.Connection) -> None:
    """A test has an engine of its own, and putting its questions into words took a quarter of many a test."""
    if connection.dialect.name != "duckdb":  # which writes an organisation's currency into the statement
        connection.execution_options(compiled_cache=_STATEMENTS)


# A busy machine is slow, not wrong: no example fails for the time it took.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.register_profile("long", deadline=None)  # see `rings.examples`
hypothesis.settings.load_profile("tests")

_PATIENCE = 120  # seconds for the server to come up
_UNPRIVILEGED = ("postgres", "nobody")
_TEMPLATE = "template_of_tests"
# Files that one worker runs together, for they share what is costly to begin with: a browser, its servers, warm pages.
# Three workers with servers of their own asked every page's questions three times, and waited for each other.
_TOGETHER = ("browser", "page")
_FRAME = {"frame", "server"}  # whose walks are half of those in a browser: one worker is not enough for all
_FIRST = (*_TOGETHER, "_under_fault", "test_report", "")  # what takes longest: whatever begins last is waited for

Fill = Callable[[sa.Engine, Path], object]  # fills a database; files it needs may stand in the folder


@pytest.hookimpl(optionalhook=True)  # without workers nobody asks
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test in the browser waits half of its time."""
    return (os.cpu_count() or 1) + 1


class _Together(LoadScopeScheduling):
    """Whole files each to one worker, and those together that share what is costly.

    Not `--dist loadgroup`: under pytest 9.2, xdist 3.8 spreads a group's tests over all workers.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        together = next((name for name in _TOGETHER if name in Path(file).name), file)
        return f"{together} of the frame" if together == "browser" and _FRAME & set(Path(file).parts) else together


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> LoadScopeScheduling:
    return _Together(config, log)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what runs on PostgreSQL, too, into the long ring where it is not marked, and first what takes longest."""
    for item in items:
        given = getattr(item, "callspec", None)
        is_there = given is not None and given.params.get("kind") == "postgresql"
        if is_there and not item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: next(at for at, name in enumerate(_FIRST) if name in item.path.name))


def pytest_collection_finish() -> None:
    """What is there before the first test stays: Streamlit collects fully after every run, and need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request) -> str:
    """What takes it, or a database, runs on both kinds."""
    return request.param


@pytest.fixture
def database_url(template_url, tmp_path) -> Iterator[str]:
    """The URL of an empty database of today's version; every test that takes it runs on both kinds."""
    url = _copy(template_url, tmp_path / "database")
    yield url
    _drop(url)


@pytest.fixture
def database(database_url) -> Iterator[sa.Engine]:
    """The engine of `database_url`."""
    made = engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def database_after(
    kind, template_url, filled_urls, tmp_path, tmp_path_factory
) -> Iterator[Callable[[Fill], sa.Engine]]:
    """Gives a database of the test's own, as this function fills an empty one; it does so once per worker and kind."""
    made: list[sa.Engine] = []

    def copy(fill: Fill) -> sa.Engine:
        if (kind, fill) not in filled_urls:
            folder = tmp_path_factory.mktemp("filled")
            url = _copy(template_url, folder / "database")
            _fill(url, fill, folder)
            filled_urls[kind, fill] = url
        made.append(engine(_copy(filled_urls[kind, fill], tmp_path / "database")))
        return made[-1]

    yield copy
    for one in made:
        one.dispose()
        _drop(one.url.render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def filled_urls() -> dict[tuple[str, Fill], str]:
    """The URLs of the databases that `database_after` copies."""
    return {}


def _fill(url: str, fill: Fill, folder: Path) -> None:
    made = engine(url)
    fill(made, folder)
    if made.dialect.name == "sqlite":
        with made.connect() as connection:  # into the file, which alone is copied
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    made.dispose()  # a template with connections cannot be copied


def _copy(template: str, folder: Path) -> str:
    """The URL of a copy of this database; one of SQLite stands in the folder, which is made."""
    parsed = sa.make_url(template)
    if parsed.drivername == "sqlite":
        folder.mkdir()
        return f"sqlite:///{shutil.copy(parsed.database, folder / 'cockpit.db')}"
    server, name = Path(parsed.query["host"]), f"t{uuid.uuid4().hex}"
    with psycopg.connect(_conninfo(server, "postgres"), autocommit=True) as connection:
        connection.execute(_named("create database {} template {}", name, parsed.database))
    return _url(server, name)


def _drop(url: str) -> None:
    """Takes the copy out of the server; the files of SQLite go with the test's folder."""
    parsed = sa.make_url(url)
    if parsed.drivername != "sqlite":
        with psycopg.connect(_conninfo(Path(parsed.query["host"]), "postgres"), autocommit=True) as connection:
            connection.execute(_named("drop database {} with (force)", parsed.database))


@pytest.fixture
def sqlite(sqlite_template, tmp_path) -> Iterator[sa.Engine]:
    """The embedded database alone, for what both kinds have been tried with elsewhere."""
    made = engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'cockpit.db')}")
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    made = provide(f"sqlite:///{file}")
    upgrade(made)
    made.dispose()  # the last connection writes the log back into the file
    return file


@pytest.fixture
def template_url(kind, request) -> str:
    """The URL of an empty database of today's version, which is copied and never written to."""
    if kind == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    return _url(request.getfixturevalue("postgresql_server"), _TEMPLATE)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The folder of the running server's socket."""
    programs = _postgresql_programs()
    if programs is None:
        reason = "no PostgreSQL server program; install it, or point PG_BINDIR to its folder"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has 107 characters at most
    user = _unprivileged_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    server = _start(programs, folder, user)
    try:
        with psycopg.connect(_conninfo(folder, "postgres"), autocommit=True) as connection:
            connection.execute(_named("create database {}", _TEMPLATE))
        made = engine(_url(folder, _TEMPLATE))
        upgrade(made)
        made.dispose()  # a template with connections cannot be copied
        yield folder
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        server.wait(_PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_programs() -> Path | None:
    """The folder with `initdb` and `postgres`: as told, of the PATH, or of Debian's newest version."""
    told = os.environ.get("PG_BINDIR")
    on_path = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    folders = [Path(told)] if told else []
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in [*folders, *debian] if (folder / "initdb").exists()), None)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom the server runs as; None: as whoever runs the tests."""
    if os.getuid() != 0:
        return None
    return next(user for user in pwd.getpwall() if user.pw_name in _UNPRIVILEGED)


def _start(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> subprocess.Popen:
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    data, log = folder / "data", (folder / "log").open("w")
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "cockpit",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        stdout=log,
        stderr=log,
        cwd=folder,
        **as_user,
    )
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "40",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd=folder, **as_user
    )
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            psycopg.connect(_conninfo(folder, "postgres")).close()
            return server
        except psycopg.OperationalError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _conninfo(folder: Path, name: str) -> str:
    return psycopg.conninfo.make_conninfo(host=str(folder), user="cockpit", dbname=name)


def _url(folder: Path, name: str) -> str:
    return f"postgresql+psycopg://cockpit@/{name}?host={folder}"


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
