"""Where the copies of a database lie, and which of them is complete.

A folder per database, for nobody else on the machine to read: one file per table and version of it, which never
changes once it has its name, and a manifest per version of all facts, written last, that names its files. A version
differs from the one before by the files of what changed.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from data_access.schema import FACTS

FOLDER_VARIABLE = "DASHBOARD_COPY_FOLDER"
_DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / ".data" / "copies"
# What no question reads: what they say stands in `deal_span`, `stage_entry`, `rep_posting`, `rate_span`.
_LEFT_OUT = {"opportunity_history", "rep_history", "exchange_rate"}
COPIED = {name: table for name, table in FACTS.items() if name not in _LEFT_OUT}


@dataclass(frozen=True)
class Manifest:
    """One version of the facts.

    facts           its stamp
    files           per table of COPIED the name of its file
    base_currency   of the organisation then
    """

    facts: str
    files: dict[str, str]
    base_currency: str


def columns_of(table: sa.Table) -> list[sa.Column]:
    """The columns that are copied: all but what nobody asks for, the properties a file had beside the contract's."""
    return [column for column in table.c if not isinstance(column.type, sa.JSON)]


def folder_of(url: sa.URL) -> Path:
    """The folder of a database's copies; `make` makes it."""
    called = hashlib.sha256(url.set(password=None).render_as_string().encode()).hexdigest()[:16]
    return Path(os.environ.get(FOLDER_VARIABLE) or _DEFAULT_FOLDER) / called


def complete(folder: Path, facts: str) -> Manifest | None:
    """The copy of these facts, if it is complete."""
    try:
        return Manifest(**json.loads(_manifest(folder, facts).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


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


def discard(folder: Path, manifest: Manifest) -> None:
    """A damaged copy goes, so that it is made anew."""
    _manifest(folder, manifest.facts).unlink(missing_ok=True)
    for file in manifest.files.values():
        (folder / file).unlink(missing_ok=True)


def _manifest(folder: Path, facts: str) -> Path:
    return folder / f"{facts}.json"
