"""Who gets a digest how often, and which were sent: none twice."""

from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access.database.limits import LONGEST_KEY, must_fit
from data_access.database.versions import raise_version
from data_access.engine import read, writing
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.people.audit import note
from data_access.people.known import key_of, known
from data_access.schema import digest_delivery, digest_subscription, person
from data_access.scope import Person, Scope

CADENCES = ("daily", "weekly", "monthly", "quarterly")
BY_MAIL = ""  # what the table calls it where no robot of a chat is told
# A delivery that was begun that long ago and never finished was cut off: a mail takes seconds.
CUT_OFF = timedelta(hours=1)


def everybody(database: sa.Engine) -> pd.DataFrame:
    """One row per subscription, by address: email, cadence, robot (BY_MAIL: none), language."""
    columns = [digest_subscription.c[name] for name in ("email", "cadence", "robot", "language")]
    return read(database, sa.select(*columns).order_by(*columns))


def own(database: sa.Engine, _scope: Scope, email: str) -> dict[str, str]:
    """By cadence the language of the digests that somebody has asked for by mail."""
    found = read(
        database,
        sa.select(digest_subscription.c.cadence, digest_subscription.c.language)
        .where(digest_subscription.c.email == key_of(email), digest_subscription.c.robot == BY_MAIL)
        .order_by(digest_subscription.c.cadence),
    )
    return dict(zip(found["cadence"], found["language"], strict=True))


def wish(database: sa.Engine, asking: Person, email: str, cadences: dict[str, str]) -> None:
    """What somebody wants by mail from now on, by cadence the language; nothing else. Raises NotAllowed where the
    address is not on file as theirs: a digest is written under the permission of who gets it."""
    must_be_theirs(database, asking, email)
    key = key_of(email)
    with writing(database) as connection:
        of_mail = digest_subscription.c.email == key, digest_subscription.c.robot == BY_MAIL
        connection.execute(digest_subscription.delete().where(*of_mail))
        for cadence, language in cadences.items():
            _must_be_one(cadence)
            row = {"email": key, "cadence": cadence, "robot": BY_MAIL, "language": language}
            connection.execute(digest_subscription.insert().values(row))
        note(connection, "wish_digest", key, asking.name or asking.role)
        raise_version(connection)


def put(database: sa.Engine, email: str, cadence: str, language: str, *, robot: str, by: str) -> None:
    """Subscribes somebody on file, or the robot of a chat under what they may see; in another language from now on
    where they are already."""
    key = key_of(email)
    _must_be_one(cadence)
    must_fit("The name of a robot", robot, LONGEST_KEY)
    with writing(database) as connection:
        must_be_on_file(connection, key)
        is_it = _is(key, cadence, robot)
        if connection.execute(digest_subscription.update().where(*is_it).values(language=language)).rowcount == 0:
            row = {"email": key, "cadence": cadence, "robot": robot, "language": language}
            connection.execute(digest_subscription.insert().values(row))
        note(connection, "put_digest", key, by)
        raise_version(connection)


def end(database: sa.Engine, email: str, cadence: str, *, robot: str, by: str) -> None:
    """Ends a subscription. Raises NotFound where there is none."""
    key = key_of(email)
    with writing(database) as connection:
        if connection.execute(digest_subscription.delete().where(*_is(key, cadence, robot))).rowcount == 0:
            raise NotFound(f"{key!r} has no {cadence} subscription{f' of {robot}' if robot else ''}.")
        note(connection, "end_digest", key, by)
        raise_version(connection)


def _is(key: str, cadence: str, robot: str) -> tuple[sa.ColumnElement[bool], ...]:
    c = digest_subscription.c
    return c.email == key, c.cadence == cadence, c.robot == robot


def _must_be_one(cadence: str) -> None:
    if cadence not in CADENCES:
        raise Refused(f"A digest comes {', '.join(CADENCES)}, not {cadence!r}.")


def must_be_theirs(database: sa.Engine, asking: Person, email: str) -> None:
    """Raises NotAllowed unless the address is on file as theirs."""
    on_file = known(database, email)
    if on_file is None or on_file.person != asking:
        raise NotAllowed("You are not on file by this address, so nobody knows what you may see. Ask who runs this.")


def must_be_on_file(connection: sa.Connection, key: str) -> None:
    """Raises NotFound unless somebody is on file under this key."""
    if not connection.execute(sa.select(person.c.email).where(person.c.email == key)).all():
        raise NotFound(f"There is nobody {key!r} on file. Put them there with `python -m dashboard person`.")


def begin(
    database: sa.Engine, email: str, cadence: str, robot: str, period_end: date, *, data_stamp: str, at: datetime
) -> bool:
    """Whether this digest is now to be sent: not where it was, or another run is at it. It is written down before, so
    that of two runs at once one sends; what was cut off is begun anew."""
    d, key = digest_delivery.c, _delivery(email, cadence, robot, period_end)
    is_it = [d[name] == value for name, value in key.items()]
    is_cut_off = sa.and_(d.sent_at.is_(None), d.begun_at < at - CUT_OFF)
    now = {"begun_at": at, "data_stamp": data_stamp}
    try:
        with writing(database) as connection:
            if connection.execute(digest_delivery.update().where(*is_it, is_cut_off).values(now)).rowcount:
                return True
            if connection.execute(sa.select(d.begun_at).where(*is_it)).all():
                return False
            connection.execute(digest_delivery.insert().values(**key, **now))
    except sa.exc.IntegrityError:  # another run began between the two
        return False
    return True


def finish(database: sa.Engine, email: str, cadence: str, robot: str, period_end: date, *, at: datetime | None) -> None:
    """It was sent; `at` None: it was not, and the next run may try again."""
    key = _delivery(email, cadence, robot, period_end)
    is_it = [digest_delivery.c[name] == value for name, value in key.items()]
    change = digest_delivery.delete() if at is None else digest_delivery.update().values(sent_at=at)
    with writing(database) as connection:
        connection.execute(change.where(*is_it))


def _delivery(email: str, cadence: str, robot: str, period_end: date) -> dict[str, object]:
    return {"email": email, "cadence": cadence, "robot": robot, "period_end": period_end}
