"""What managers and directors enter about lines of Attention: who may, taking it back, and that it is noted."""

from datetime import datetime

import sqlalchemy as sa

from data_access.database.versions import raise_version
from data_access.engine import writing
from data_access.errors import NotAllowed, NotFound
from data_access.permitted import must_see
from data_access.schema import audit_event
from data_access.scope import Person

KEYS = {
    "opportunity": "opportunity_id",
    "account": "account_id",
    "region": "region_id",
    "rep": "rep_id",
    "support_person": "resource_id",
    "support_request": "request_id",
}
"""How the subject of a line is looked up; what has no key belongs to the whole company."""


def must_be_allowed(
    connection: sa.Connection, person: Person, table: sa.Table, subject_kind: str, subject_id: str
) -> None:
    """Raises NotAllowed unless the person's role may write this, NotFound where nothing in their regions has this
    key."""
    person.must_be_allowed_to_write(table.name)
    if subject_kind in KEYS:
        must_see(connection, person, KEYS[subject_kind], subject_id)
    elif not person.sees_everything:
        raise NotAllowed("This line is about the whole company. It is for directors to dismiss or to give to somebody.")


def take_back(
    database: sa.Engine, person: Person, table: sa.Table, key: int, called: str, *, done: str, at: datetime
) -> None:
    """Take an entry about a line back, for who may make one like it. The row stays, with who and when; taking back
    twice changes nothing.

    called   what it is called in a refusal and in the log of events; done: `<done>_by` and `<done>_at` are its columns
    """
    [key_column] = table.primary_key
    with writing(database) as connection:
        one = connection.execute(sa.select(table).where(key_column == key)).first()
        missing = NotFound(f"There is no {called} {key}.")
        if one is None:
            raise missing
        try:
            must_be_allowed(connection, person, table, one.subject_kind, one.subject_id)
        except NotFound:  # nor is it told that there is an entry about what they may not see
            raise missing from None
        changed = connection.execute(
            table.update()
            .where(key_column == key, table.c[f"{done}_at"].is_(None))
            .values({f"{done}_by": person.name or person.role, f"{done}_at": at})
        )
        if changed.rowcount:
            noted(connection, person, f"revert_{called}", key, at)


def noted(connection: sa.Connection, person: Person, action: str, key: int, at: datetime) -> None:
    """The event, and a new data version, so that nobody is served the list as it was."""
    connection.execute(
        audit_event.insert().values(at=at, by=person.name or person.role, action=action, subject=str(key))
    )
    raise_version(connection)
