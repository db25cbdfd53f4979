"""Published profiles: weights, cut points, thresholds. Versioned and append-only."""

from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from data_access.database.limits import LONGEST_TEXT, must_fit
from data_access.database.versions import raise_version

from .engine import read, writing
from .errors import Refused
from .schema import audit_event, scoring_profile
from .scope import Person


def published(database: sa.Engine, _scope: None, kind: str) -> pd.DataFrame:
    """One row per published version of a kind of profile, the newest last: version, payload (a dict),
    published_at, published_by, reason. The same for everybody."""
    p = scoring_profile.c
    statement = sa.select(p.version, p.payload, p.published_at, p.published_by, p.reason).where(p.kind == kind)
    return read(database, statement.order_by(p.version))


def publish(
    database: sa.Engine, person: Person, kind: str, payload: dict, reason: str, *, based_on: int, at: datetime
) -> int:
    """Publish a new version, and say which it is. Directors only, and with a reason.

    `based_on` is the version the person was looking at (0: none yet): where somebody has published since, nothing
    is written and the refusal says who. Two at once: the database lets one through.
    """
    person.must_be_allowed_to_write("scoring_profile")
    if not reason.strip():
        raise Refused("A profile is published with a reason. Say in a sentence why it changes.")
    must_fit("The reason", reason, LONGEST_TEXT)
    profile = scoring_profile.c
    try:
        with writing(database) as connection:
            latest = connection.execute(
                sa.select(profile.version, profile.published_by)
                .where(profile.kind == kind)
                .order_by(profile.version.desc())
                .limit(1)
            ).first()
            newest, who = (0, "Nobody") if latest is None else latest
            if newest != based_on:
                raise overtaken(who, newest, based_on)
            version = newest + 1
            connection.execute(
                scoring_profile.insert().values(
                    kind=kind,
                    version=version,
                    payload=payload,
                    published_at=at,
                    published_by=person.name or person.role,
                    reason=reason.strip(),
                )
            )
            connection.execute(
                audit_event.insert().values(
                    at=at, by=person.name or person.role, action="publish", subject=f"{kind} {version}", detail=payload
                )
            )
            raise_version(connection)
    except sa.exc.IntegrityError as error:  # both read the same latest version; the other was first
        raise overtaken("Somebody", based_on + 1, based_on) from error
    return version


def overtaken(who: str, version: int, based_on: int) -> Refused:
    """The refusal of what was drafted while somebody else published."""
    return Refused(
        f"{who} published version {version} while you were working from version {based_on}. Nothing of yours was "
        "written. Look at the new version, then publish again if you still want to."
    )
