"""The data's version: raised by whatever changes an answer, so that nothing cached before is served after."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from .schema import FACTS, data_state, fact_version


def raise_version(connection: sa.Connection, facts: Iterable[str] = ()) -> None:
    """The next version, with a stamp that no other database has: a number alone two copies reach, each by itself.

    facts   the tables of FACTS that changed; none where people entered something, so that what rests on facts alone
            need not be asked again
    """
    stamp, changed = uuid.uuid4().hex, sorted(facts)
    stamps = {"stamp": stamp, "facts_stamp": stamp} if changed else {"stamp": stamp}
    if not connection.execute(data_state.update().values(version=data_state.c.version + 1, **stamps)).rowcount:
        connection.execute(data_state.insert().values(id=1, version=1, **stamps))
    connection.execute(fact_version.delete().where(fact_version.c.table_name.in_(changed)))
    for name in changed:
        count = connection.scalar(sa.select(sa.func.count()).select_from(FACTS[name]))
        connection.execute(fact_version.insert().values(table_name=name, stamp=stamp, row_count=count))
