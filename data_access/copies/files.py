"""Where the copies of a database lie, and which of them is complete.

A folder per database, for nobody else on the machine to read: one file per table and version of it, which never
changes once it has its name, and a manifest per version of all facts, written last, that names its files. A version
differs from the one before by the files of what changed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from data_access.schema import ENTERED_TOO, FACTS

FOLDER_VARIABLE = "DASHBOARD_COPY_FOLDER"
_DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / ".data" / "copies"
# What no question reads: what they say stands in `deal_span`, `stage_entry`, `rep_posting`, `rate_span`.
_LEFT_OUT = {"opportunity_history", "rep_history", "exchange_rate"}
COPIED = {name: table for name, table in FACTS.items() if name not in _LEFT_OUT}
# Of these the imported rows: what people enter beside them is read from the database.
IMPORTED = ENTERED_TOO
# The name that each row of these is searched by, and how the column is called that the copy keeps beside it, folded.
SEARCHED = {"rep": "name", "account": "name", "opportunity": "coalesce(name, opportunity_id)"}
FOLDED = "_folded"
_FORM = 2  # of a copy's files; those of another are made anew
_ANSWERS = "answers-"
_TYPES = {
    sa.Boolean: "BOOLEAN",
    sa.DateTime: "TIMESTAMP",
    sa.Date: "DATE",
    sa.Float: "DOUBLE",
    sa.BigInteger: "BIGINT",
    sa.Integer: "BIGINT",
    sa.Text: "VARCHAR",
}


@dataclass(frozen=True)
class Manifest:
    """One version of the facts.

    facts           its stamp
    files           per table of COPIED and IMPORTED the name of its file
    base_currency   of the organisation then
    first_day, last_day   of the data then, as ordinals
    loaded_at       when they were imported, in UTC as ISO writes it
    form            of the files
    """

    facts: str
    files: dict[str, str]
    base_currency: str
    first_day: int | None
    last_day: int | None
    loaded_at: str | None
    form: int

    @classmethod
    def of(cls, **facts) -> "Manifest":
        """In today's form."""
        return cls(**facts, form=_FORM)

    def is_of_former(self, stamps: Mapping[str, str]) -> bool:
        """Whether facts of these stamps (of `fact_version`) came from these: they share a table that did not change,
        and no other database has a stamp of this one. After a migration none do, since all tables are as if changed."""
        return any(self.files.get(name) == file_of(name, stamp) for name, stamp in stamps.items())


def columns_of(table: sa.Table) -> list[sa.Column]:
    """The columns that are copied: all but what nobody asks for, the properties a file had beside the contract's."""
    return [column for column in table.c if not isinstance(column.type, sa.JSON)]


def type_of(column: sa.Column) -> str:
    """What DuckDB calls a column's type."""
    return next(name for kind, name in _TYPES.items() if isinstance(column.type, kind))


def file_of(table: str, stamp: str) -> str:
    """The file of a table as it is since this version."""
    return f"{table}-{stamp}-{_FORM}.duckdb"


def folder_of(url: sa.URL) -> Path:
    """The folder of a database's copies; `make` makes it."""
    called = hashlib.sha256(url.set(password=None).render_as_string().encode()).hexdigest()[:16]
    return Path(os.environ.get(FOLDER_VARIABLE) or _DEFAULT_FOLDER) / called


def complete(folder: Path, facts: str) -> Manifest | None:
    """The copy of these facts, if it is complete."""
    return _read(_manifest(folder, facts))


def last_complete(folder: Path) -> Manifest | None:
    """The copy that was completed last, of whatever facts."""
    found = [manifest for manifest in map(_read, folder.glob("*.json")) if manifest is not None]
    return found[0] if found else None  # whoever completes one removes the others


def _read(path: Path) -> Manifest | None:
    """None where it is gone, or of a former program, which said less."""
    try:
        found = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, TypeError):
        return None
    return found if found.form == _FORM and found.files.keys() == COPIED.keys() | IMPORTED.keys() else None


def write(folder: Path, manifest: Manifest) -> None:
    """From here on the copy is complete. Those of former versions go; who has their files open keeps them."""
    target = _manifest(folder, manifest.facts)
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    unfinished.replace(target)
    kept = {target.name, *manifest.files.values()}
    for path in folder.iterdir():
        if path.suffix in (".json", ".duckdb") and path.name not in kept:
            path.unlink(missing_ok=True)
        if path.name.startswith(_ANSWERS) and path != answers_of(folder, manifest.facts):
            shutil.rmtree(path, ignore_errors=True)  # somebody may be writing one more: the next copy removes it


def answers_of(folder: Path, facts: str) -> Path:
    """The folder of what was found in these facts, see dashboard/server/shared.py."""
    return folder / f"{_ANSWERS}{facts}"


def discard(folder: Path, manifest: Manifest) -> None:
    """A damaged copy goes, so that it is made anew."""
    _manifest(folder, manifest.facts).unlink(missing_ok=True)
    for file in manifest.files.values():
        (folder / file).unlink(missing_ok=True)


def _manifest(folder: Path, facts: str) -> Path:
    return folder / f"{facts}.json"
