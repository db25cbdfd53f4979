"""The product's side of the comparison: its import and its command line, called as a user calls them."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from click.testing import CliRunner, Result

from dashboard.__main__ import cli
from data_access import imports, organisation
from data_access.engine import DATABASE_VARIABLE

TODAY = date(2026, 11, 21)


def load(database: sa.Engine, folder: Path, mapping: str | None = None, may_reject: tuple[str, ...] = ()) -> None:
    """Imports the folder; every row must be taken, save in the tables that may have rejected ones."""
    with TemporaryDirectory() as place:  # nothing is written beside the real files
        rejected_to = Path(place) / "rejected.csv"
        loaded = imports.load(database, folder, mapping=mapping, today=TODAY, rejected_to=rejected_to)
        rejecting = {table for table, counts in loaded.tables.items() if counts.rejected}
        assert rejecting <= set(may_reject), rejected_to.read_text(encoding="utf-8")


def run(database: sa.Engine, *arguments: str) -> Result:
    """What `python -m dashboard …` does with the database: exit code, stdout and stderr."""
    url = database.url.render_as_string(hide_password=False)
    runner = CliRunner(env={DATABASE_VARIABLE: url})  # and puts the environment back afterwards
    return runner.invoke(cli, arguments)


def report(database: sa.Engine, what: str, arguments: list[str]) -> dict:
    """What `python -m dashboard report WHAT … --format json` prints."""
    result = run(database, "report", what, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output or result.exception
    return json.loads(result.stdout)


_PRINTED: dict[tuple, str] = {}


def report_of(database: sa.Engine, what: str, arguments: list[str]) -> dict:
    """The same, asked once per worker however many tests read it, and again of another version of the data."""
    state = organisation.state(database)
    asked = (str(database.url), state.version, state.stamp, what, *arguments)
    if asked not in _PRINTED:
        _PRINTED[asked] = json.dumps(report(database, what, arguments))
    return json.loads(_PRINTED[asked])
