"""Who may sign in, as what, and for which regions: asked in each run of a page, so that a change holds at once."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.database.limits import LONGEST_NAME, must_fit
from data_access.engine import read, rows_of, writing
from data_access.errors import NotFound, Refused
from data_access.people.audit import Action, moment, note
from data_access.schema import access_token, audit_event, person, region
from data_access.scope import Person

_SIGNED_OUT: Action = "sign_out"


@dataclass(frozen=True)
class Known:
    """What is on file about somebody.

    person          None: they may sign in no more
    signed_out_at   when they last signed out, in UTC; None: never
    """

    person: Person | None
    signed_out_at: datetime | None


def known(database: sa.Engine, email: str) -> Known | None:
    """What is on file under an e-mail address, in capitals or not; None: nothing."""
    key = key_of(email)
    out = (
        sa.select(sa.func.max(audit_event.c.at))
        .where(audit_event.c.action == _SIGNED_OUT, audit_event.c.subject == key)
        .scalar_subquery()
    )
    asked = sa.select(person.c.name, person.c.role, person.c.regions, person.c.is_active, out).where(
        person.c.email == key
    )
    for name, role, regions, is_active, signed_out_at in rows_of(without_copy(database), asked, is_of_facts=True):
        of = None if regions is None else tuple(regions)
        one = Person(role, of, name=name or key, email=key) if is_active else None
        return Known(one, signed_out_at)
    return None


def everybody(database: sa.Engine) -> pd.DataFrame:
    """One row per person on file, by address: email, name, role, regions (a list; empty: all), is_active."""
    columns = person.c.email, person.c.name, person.c.role, person.c.regions, person.c.is_active
    return read(database, sa.select(*columns).order_by(person.c.email), {"is_active": "bool"})


def put(database: sa.Engine, email: str, one: Person, *, by: str) -> None:
    """Puts somebody on file, or changes what they are; they may sign in. Raises NotFound for an unknown region."""
    key = key_of(email)
    for text in (key, one.name):
        must_fit("A name", text, LONGEST_NAME)
    regions = None if one.regions is None else list(one.regions)
    values = {"name": one.name or None, "role": one.role, "regions": regions or sa.null(), "is_active": True}
    with writing(database) as connection:
        for asked in regions or ():
            if not connection.execute(sa.select(region.c.region_id).where(region.c.region_id == asked)).all():
                raise NotFound(f"There is no region {asked!r}. Choose one by its id.")
        if connection.execute(person.update().where(person.c.email == key).values(values)).rowcount == 0:
            connection.execute(person.insert().values(email=key, **values))
        note(connection, "put_person", key, by)


def close(database: sa.Engine, email: str, *, by: str) -> None:
    """Lets somebody sign in no more: what they have open ends with its next run, and their tokens for good."""
    key = key_of(email)
    with writing(database) as connection:
        closed = person.update().where(person.c.email == key).values(is_active=False)
        if connection.execute(closed).rowcount == 0:
            raise NotFound(f"There is nobody {key!r} on file.")
        theirs = access_token.c.email == key, access_token.c.revoked_at.is_(None)
        connection.execute(access_token.update().where(*theirs).values(revoked_at=moment()))
        note(connection, "close_person", key, by)


def sign_out(database: sa.Engine, email: str) -> None:
    """Ends whatever somebody has open, in other tabs and browsers too."""
    key = key_of(email)
    with writing(database) as connection:
        note(connection, _SIGNED_OUT, key, key)


def key_of(email: str) -> str:
    """An e-mail address as it stands on file."""
    key = email.strip().lower()
    if not key:
        raise Refused("Somebody is known by an e-mail address, and none was given.")
    must_fit("An e-mail address", key, LONGEST_NAME)
    return key
