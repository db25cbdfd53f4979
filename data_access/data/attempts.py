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
from sqlalchemy.dialects import postgresql, sqlite

from data_access.database.limits import LONGEST_TEXT
from data_access.engine import writing
from data_access.errors import Refused
from data_access.migrations import is_current
from data_access.schema import load_attempt

log = logging.getLogger(__name__)

Way = Literal["import", "sync"]


@contextmanager
def failing(database: sa.Engine, way: Way, mapping: str, by: str) -> Iterator[None]:
    """What ends an attempt within is kept with its source, and raised on; so is what nobody foresaw. Not that whoever
    read the output had read enough: it had loaded by then.

    mapping   by its name or file; "" where none was named
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except Exception as error:
        try:
            if is_current(database):
                with writing(database) as connection:
                    _keep(connection, way, named(mapping), by, failure=told(error))
        except Exception as second:  # as the database is often unusable when nothing loads: the first is the one to say
            log.warning("That the %s failed could not be written down: %s", way, told(second))
        raise


def ended_well(
    database: sa.Engine | sa.Connection, way: Way, mapping: str, by: str, *, asked: str, has_loaded: bool
) -> None:
    """The attempt at a source succeeded: it loaded, or a sync found that nothing is new.

    mapping   the one by which it came; `asked`: as it was named, "" where it was recognised by its columns
    """
    with writing(database) as connection:
        a = load_attempt.c
        # It failed before anybody knew what it was: as what it was asked for, or under a name that is none.
        failed, was_asked = sa.and_(a.way == way, a.failure.is_not(None)), a.mapping == named(asked)
        is_no_source = sa.true() if way == "import" else was_asked  # a sync has its source, loaded or not
        connection.execute(load_attempt.delete().where(failed, is_no_source, a.loaded_at.is_(None)))
        connection.execute(load_attempt.update().where(failed, was_asked).values(failure=None))
        _keep(connection, way, named(mapping), by, has_loaded=has_loaded)


def named(mapping: str) -> str:
    """What a mapping's source is called, whether it is named or a file."""
    return Path(mapping).name.removesuffix(".toml")


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
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(load_attempt).values(way=way, mapping=mapping, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["way", "mapping"], set_=values))
