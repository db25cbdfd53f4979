"""Databases that pages are looked at with: the demo organisation, a real export, and nothing.

Each is made once for all workers, by the one that asks first; nobody writes in it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access import demo as demo_data, organisation
from data_access.engine import DATABASE_VARIABLE, engine
from tests import hostile

ROOT = Path(__file__).resolve().parent.parent
REAL_EXPORT = ROOT.parent / "shared" / "data" / "maven_crm"


def run(url: str, *arguments: str) -> None:
    """One command of the product, as a user would type it."""
    subprocess.run(
        [sys.executable, "-m", "dashboard", "--database", url, *arguments], cwd=ROOT, check=True, timeout=1_200
    )


def made_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills once in a run: the worker that asks first fills it, the others wait for it."""
    of_worker = tmp_path_factory.getbasetemp()
    of_run = of_worker.parent if "PYTEST_XDIST_WORKER" in os.environ else of_worker
    folder, filling = of_run / name, of_run / f"{name}.filling"
    with (of_run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(filling, ignore_errors=True)  # of a worker that failed
            filling.mkdir()
            make(filling)
            filling.rename(folder)
    return folder


def made_by(tmp_path_factory, name: str, *arguments: str) -> str:
    """The URL of the database that one command of the product makes."""
    folder = made_once(tmp_path_factory, name, lambda folder: run(f"sqlite:///{folder / 'cockpit.db'}", *arguments))
    return f"sqlite:///{folder / 'cockpit.db'}"


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory) -> str:
    """A database with the demo organisation, whose last day is 21 November 2026. Read only."""
    return made_by(tmp_path_factory, "demo", "demo", "--until", "2026-11-21", "--language", "zh")


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory) -> Path:
    """The same organisation as CSV files, for computations of their own. Read only."""
    return (
        made_once(
            tmp_path_factory,
            "demo_files",
            lambda folder: run(
                "sqlite://", "demo", "--until", "2026-11-21", "--language", "zh", "--export", str(folder / "files")
            ),
        )
        / "files"
    )


@pytest.fixture(scope="session")
def other_demo(tmp_path_factory) -> tuple[str, Path]:
    """Another organisation, whose last day is 18 September 2026: its database and its CSV files. Read only."""
    files = (
        made_once(
            tmp_path_factory,
            "other_demo_files",
            lambda folder: demo_data.export(demo_data.generate("small", 5, date(2026, 9, 18)), folder / "files"),
        )
        / "files"
    )
    return made_by(tmp_path_factory, "other_demo", "import", str(files), "--max-bad", "0"), files


@pytest.fixture(scope="session")
def maven_url(tmp_path_factory) -> str:
    """A database with the CRM export of `maven_crm`: no history, no targets, no tracks. Read only."""
    if not REAL_EXPORT.exists():
        pytest.skip(f"{REAL_EXPORT.name} is not here: it is no part of the project")
    return made_by(tmp_path_factory, "maven", "import", str(REAL_EXPORT), "--mapping", "maven")


@pytest.fixture(scope="session")
def hostile_folder(demo_folder, tmp_path_factory) -> Path:
    """A part of the demo organisation whose every free text wants to be something else, as CSV files. Read only."""
    return hostile.write(demo_folder, tmp_path_factory.mktemp("hostile") / "files")


@pytest.fixture(scope="session")
def hostile_url(hostile_folder, sqlite_template, tmp_path_factory) -> str:
    """A database with it, and with what people typed on forms. Read only."""
    made = engine(copied(f"sqlite:///{sqlite_template}", tmp_path_factory.mktemp("hostile")))
    hostile.load(made, hostile_folder)
    with made.connect() as connection:  # into the file: the commands' own connections stay open, and a file is copied
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    url = made.url.render_as_string()
    made.dispose()
    return url


@pytest.fixture(scope="session")
def empty_url(tmp_path_factory) -> str:
    """A database of today's version with nothing in it."""
    return made_by(tmp_path_factory, "empty", "migrate")


@pytest.fixture
def shown_from(request, monkeypatch) -> str:
    """The database named by the parameter (demo, maven, empty), as the one the pages read."""
    url = request.getfixturevalue(f"{request.param}_url")
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    return request.param


@pytest.fixture
def demo(request, demo_url, tmp_path, monkeypatch) -> Iterator[sa.Engine]:
    """The demo database as the one the pages read: that of all, or a copy of the test's own where it `writes`."""
    writes = request.node.get_closest_marker("writes")
    url = copied(demo_url, tmp_path) if writes else demo_url
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    made = engine(url)
    before = organisation.state(made).version
    yield made
    assert writes or organisation.state(made).version == before, "it wrote into the demo of all: mark it `writes`"
    made.dispose()


def copied(url: str, folder: Path) -> str:
    """The URL of a copy of this embedded database, in the folder."""
    return f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), folder / 'cockpit.db')}"
