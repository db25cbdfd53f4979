"""The data's version: raised by whatever changes an answer, so that nothing cached before is served after."""

import uuid

import sqlalchemy as sa

from .schema import data_state


def raise_version(connection: sa.Connection) -> None:
    """The next version, with a stamp that no other database has: a number alone two copies reach, each by itself."""
    stamp = uuid.uuid4().hex
    if not connection.execute(data_state.update().values(version=data_state.c.version + 1, stamp=stamp)).rowcount:
        connection.execute(data_state.insert().values(id=1, version=1, stamp=stamp))
