"""How the last attempt at each source ended: an import or a sync that loads nothing changes no fact, and is known by
what stands here. It raises no version of the data, as no answer rests on it.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from data_access.database.limits import LONGEST_TEXT
from data_access.engine import writing
from data_access.errors import DatabaseUnusable, Refused
from data_access.migrations import is_current
from data_access.schema import load_attempt

log = logging.getLogger(__name__)

Way = Literal["import", "sync"]


@contextmanager
def failing(database: sa.Engine, way: Way, mapping: str, by: str) -> Iterator[None]:
    """What ends an attempt within is kept with its source, and raised on; so is what nobody foresaw.

    mapping   by its name or file; "" where none was named
    """
    try:
        yield
    except Exception as error:
        try:
            if is_current(database):
                with writing(database) as connection:
                    _keep(connection, way, named(mapping), by, failure=told(error))
        except DatabaseUnusable as unusable:  # as it often is when nothing loads: the first error is the one to say
            log.warning("That the %s failed could not be written down: %s", way, unusable)
        raise


def ended_well(
    database: sa.Engine | sa.Connection, way: Way, mapping: str, by: str, *, asked: str, has_loaded: bool
) -> None:
    """The attempt at a source succeeded: it loaded, or a sync found that nothing is new.

    mapping   the one by which it came; `asked`: as it was named, "" where it was recognised by its columns
    """
    with writing(database) as connection:
        a = load_attempt.c
        was_asked = sa.and_(a.way == way, a.mapping == named(asked), a.failure.is_not(None), a.loaded_at.is_(None))
        connection.execute(load_attempt.delete().where(was_asked))  # it failed before anybody knew what it was
        _keep(connection, way, named(mapping), by, has_loaded=has_loaded)


def named(mapping: str) -> str:
    """What a mapping's source is called, whether it is named or a file."""
    return Path(mapping).stem


def told(error: Exception) -> str:
    """What a failure says of itself, without the credentials that an address in it may have."""
    text = str(error) if isinstance(error, Refused) else type(error).__name__
    text = re.sub(r"://\S*@", "://", text)
    text = re.sub(r"(?i)\b(\w*(?:password|passwd|pwd|secret|token))\s*[=:]\s*\S+", r"\1=…", text)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _keep(
    connection: sa.Connection, way: Way, mapping: str, by: str, *, failure: str | None = None, has_loaded: bool = False
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    values = {"tried_at": now, "tried_by": by, "failure": failure} | ({"loaded_at": now} if has_loaded else {})
    is_it = sa.and_(load_attempt.c.way == way, load_attempt.c.mapping == mapping)
    if not connection.execute(load_attempt.update().where(is_it).values(values)).rowcount:
        connection.execute(load_attempt.insert().values(way=way, mapping=mapping, **values))
