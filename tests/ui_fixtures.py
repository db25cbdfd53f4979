"""Databases that pages are looked at with: the demo organisation, a real export, and nothing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.engine import DATABASE_VARIABLE, engine

ROOT = Path(__file__).resolve().parent.parent
REAL_EXPORT = ROOT.parent / "shared" / "data" / "maven_crm"


def run(url: str, *arguments: str) -> None:
    """One command of the product, as a user would type it."""
    subprocess.run(
        [sys.executable, "-m", "dashboard", "--database", url, *arguments], cwd=ROOT, check=True, timeout=300
    )


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory) -> str:
    """A database with the demo organisation, whose last day is 21 November 2026. Read only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'cockpit.db'}"
    run(url, "demo", "--until", "2026-11-21")
    return url


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory) -> Path:
    """The same organisation as CSV files, for computations of their own. Read only."""
    folder = tmp_path_factory.mktemp("demo") / "files"
    run("sqlite://", "demo", "--until", "2026-11-21", "--export", str(folder))
    return folder


@pytest.fixture(scope="session")
def maven_url(tmp_path_factory) -> str:
    """A database with the CRM export of `maven_crm`: no history, no targets, no tracks. Read only."""
    if not REAL_EXPORT.exists():
        pytest.skip(f"{REAL_EXPORT.name} is not here: it is no part of the project")
    url = f"sqlite:///{tmp_path_factory.mktemp('maven') / 'cockpit.db'}"
    run(url, "import", str(REAL_EXPORT), "--mapping", "maven")
    return url


@pytest.fixture(scope="session")
def empty_url(tmp_path_factory) -> str:
    """A database of today's version with nothing in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'cockpit.db'}"
    run(url, "migrate")
    return url


@pytest.fixture
def shown_from(request, monkeypatch) -> str:
    """The database named by the parameter (demo, maven, empty), as the one the pages read."""
    url = request.getfixturevalue(f"{request.param}_url")
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    return request.param


@pytest.fixture
def demo(demo_url, tmp_path, monkeypatch) -> Iterator[sa.Engine]:
    """A demo database of the test's own, to write in, as the one the pages read."""
    url = copied(demo_url, tmp_path)
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    made = engine(url)
    yield made
    made.dispose()


def copied(url: str, folder: Path) -> str:
    """The URL of a copy of this embedded database, in the folder."""
    return f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), folder / 'cockpit.db')}"
