"""The data's version: raised by whatever changes an answer, so that nothing cached before is served after."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.engine import rows_of
from data_access.schema import ENTERED_TOO, FACTS, data_state, fact_version


def raise_version(connection: sa.Connection, facts: Iterable[str] = (), imported: Iterable[str] = ()) -> None:
    """The next version, with a stamp that no other database has: a number alone two copies reach, each by itself.

    facts   the tables of FACTS that changed; none where people entered something, so that what rests on facts alone
            need not be asked again
    imported   the tables of ENTERED_TOO of which imported rows changed
    """
    stamp, changed = uuid.uuid4().hex, sorted(facts)
    stamps = {"stamp": stamp, "facts_stamp": stamp} if changed else {"stamp": stamp}
    changed += sorted(imported)
    if not connection.execute(data_state.update().values(version=data_state.c.version + 1, **stamps)).rowcount:
        connection.execute(data_state.insert().values(id=1, version=1, **stamps))
    connection.execute(fact_version.delete().where(fact_version.c.table_name.in_(changed)))
    for name in changed:
        count = connection.scalar(sa.select(sa.func.count()).select_from((FACTS | ENTERED_TOO)[name]))
        connection.execute(fact_version.insert().values(table_name=name, stamp=stamp, row_count=count))


def stamp(database: sa.Engine) -> str:
    """The stamp of all data as the database has them now; empty where it has none."""
    found = rows_of(without_copy(database), sa.select(data_state.c.stamp), is_of_facts=True)
    return (found[0][0] if found else None) or ""


def facts_stamp(database: sa.Engine) -> str:
    """The stamp of the facts as the database has them now; empty where it has none."""
    found = rows_of(without_copy(database), sa.select(data_state.c.facts_stamp), is_of_facts=True)
    return (found[0][0] if found else None) or ""


def fact_stamps(database: sa.Engine) -> dict[str, str]:
    """Per table of facts, or of imported rows beside entries, the stamp of the version with which it changed last."""
    statement = sa.select(fact_version.c.table_name, fact_version.c.stamp)
    return dict(map(tuple, rows_of(without_copy(database), statement, is_of_facts=True)))
