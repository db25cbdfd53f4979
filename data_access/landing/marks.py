"""How far the syncs came: one mark per mapping and table read, kept in the transaction that loads what was read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data_access.schema import sync_mark


@dataclass(frozen=True)
class Mark:
    """`seen`: the greatest value of the cursor, None without one; `imprint`: of the rows from there on; `form`: of all
    that the loaded rows rest on besides them."""

    seen: Any
    imprint: str
    form: str


def kept(connection: sa.Connection, mapping: str) -> dict[str, Mark]:
    """{table of the mapping: its mark} of the last sync by this mapping."""
    rows = connection.execute(sa.select(sync_mark).where(sync_mark.c.mapping == mapping))
    return {one.source: Mark(json.loads(one.seen), one.imprint, one.form) for one in rows}


def keep(connection: sa.Connection, mapping: str, marks: Mapping[str, Mark]) -> None:
    """The marks instead of those before."""
    connection.execute(sync_mark.delete().where(sync_mark.c.mapping == mapping))
    rows = [
        {"mapping": mapping, "source": name, "seen": json.dumps(one.seen), "imprint": one.imprint, "form": one.form}
        for name, one in marks.items()
    ]
    connection.execute(sync_mark.insert(), rows)
