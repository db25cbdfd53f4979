"""Tokens by which programs ask as a person: for some reports, until a day, so often a minute.

A token is shown once, when it is made. Kept is its SHA-256: of 256 random bits, from which nobody finds it again.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.engine import rows_of, writing
from data_access.errors import NotFound, Refused
from data_access.people import known
from data_access.people.audit import moment, note
from data_access.schema import access_token, report_call
from data_access.scope import Person

MOST_CALLS = 60  # of one token in a minute, by whatever process of whatever machine they are answered
LONGEST = 366  # days that a token may hold
_MINUTE = 60  # seconds
_BEGINNING = "cockpit_"  # by which people, and programs that look for such, know it for what it is


class NoToken(Refused):
    """Nobody may ask by this: it is no token, was revoked, has expired, or its person may sign in no more."""


class TooOften(Refused):
    """The token was used MOST_CALLS times in this minute. `seconds`: until the next one begins."""

    def __init__(self, seconds: int):
        super().__init__(f"This token asked {MOST_CALLS} times in this minute, which is the most. Wait {seconds} s.")
        self.seconds = seconds


@dataclass(frozen=True)
class Holder:
    """Who asks by a token, and for which reports: None for all."""

    token_id: int
    email: str
    person: Person
    reports: tuple[str, ...] | None


def new(database: sa.Engine, email: str, reports: Sequence[str] | None, days: int, *, by: str) -> str:
    """A token of somebody on file, for these reports (None: all) and so many days: kept nowhere but by who reads it
    now. Raises NotFound where they may not sign in."""
    key = known.key_of(email)
    found = known.known(database, key)
    if found is None or found.person is None:
        raise NotFound(f"There is nobody {key!r} on file who may sign in. Put them there with `person {key} --role …`.")
    if not 1 <= days <= LONGEST:
        raise Refused(f"A token holds for 1 to {LONGEST} days, not {days}.")
    token = _BEGINNING + secrets.token_urlsafe(32)
    values = {
        "secret_hash": _hash(token),
        "email": key,
        "reports": sa.null() if reports is None else list(reports),
        "created_at": moment(),
        "created_by": by or "command",
        "expires_at": moment() + timedelta(days=days),
    }
    with writing(database) as connection:
        made = connection.execute(access_token.insert().values(values).returning(access_token.c.token_id)).scalar_one()
        note(connection, "new_token", str(made), by, {"email": key, "days": days, "reports": reports and list(reports)})
    return token


def everything(database: sa.Engine) -> Sequence[sa.Row]:
    """One row per token, in the order of their making: token_id, email, reports (None: all), created_at, expires_at,
    last_used_at, revoked_at (None: not); moments in UTC."""
    names = ("token_id", "email", "reports", "created_at", "expires_at", "last_used_at", "revoked_at")
    asked = sa.select(*(access_token.c[name] for name in names)).order_by(access_token.c.token_id)
    return rows_of(without_copy(database), asked, is_of_facts=True)


def revoke(database: sa.Engine, token_id: int, *, by: str) -> None:
    """Ends a token for good. Raises NotFound where there is none of this number, or it was revoked before."""
    standing = access_token.c.token_id == token_id, access_token.c.revoked_at.is_(None)
    with writing(database) as connection:
        if connection.execute(access_token.update().where(*standing).values(revoked_at=moment())).rowcount == 0:
            raise NotFound(f"There is no token {token_id} that holds. `token list` has them all.")
        note(connection, "revoke_token", str(token_id), by)


def used(database: sa.Engine, token: str) -> Holder:
    """Who asks by a token now, and counts that they do. Raises NoToken, or TooOften, which counts nothing."""
    names = ("token_id", "email", "reports", "expires_at", "revoked_at")
    asked = sa.select(*(access_token.c[name] for name in names)).where(access_token.c.secret_hash == _hash(token))
    found = rows_of(without_copy(database), asked, is_of_facts=True)
    if not found:
        raise NoToken("This is no token of the cockpit. Make one with `token new`.")
    token_id, email, reports, expires_at, revoked_at = found[0]
    if revoked_at is not None:
        raise NoToken("This token was revoked. Make another with `token new`.")
    if expires_at <= moment():
        raise NoToken(f"This token expired on {expires_at.date()}. Make another with `token new`.")
    one = known.known(database, email)
    if one is None or one.person is None:
        raise NoToken("The person of this token may sign in no more.")
    _count(database, token_id)
    return Holder(token_id, email, one.person, None if reports is None else tuple(reports))


def _count(database: sa.Engine, token_id: int) -> None:
    """One statement, which the database makes of concurrent calls one after the other: none slips through."""
    now = time.time()
    this = int(now // _MINUTE)
    is_this = access_token.c.minute == this
    counted = (
        access_token.update()
        .where(access_token.c.token_id == token_id, ~is_this | (access_token.c.calls < MOST_CALLS))
        .values(last_used_at=moment(), minute=this, calls=sa.case((is_this, access_token.c.calls + 1), else_=1))
    )
    with writing(database) as connection:
        if connection.execute(counted).rowcount == 0:
            raise TooOften(_MINUTE - int(now % _MINUTE))


@dataclass(frozen=True)
class Call:
    """One report that a program asked for. `via`: http or mcp; `token_id` None: by a role, where nobody signs in."""

    by: str
    token_id: int | None
    via: str
    report: str
    parameters: Mapping[str, Any]


def note_call(database: sa.Engine, call: Call, outcome: str, rows: int | None = None) -> None:
    """Writes down how a call ended: `answered` with so many rows, or the word for why not. Never changed afterwards."""
    values = {
        "called_at": moment(),
        "called_by": call.by,
        "token_id": call.token_id,
        "via": call.via,
        "report": call.report,
        "parameters": dict(call.parameters),
        "outcome": outcome,
        "row_count": rows,
    }
    with writing(database) as connection:
        connection.execute(report_call.insert().values(values))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
