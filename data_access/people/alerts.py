"""Of what somebody wants to be told at once, what was seen of it last, and which crossings are still to be told.

A crossing is written down with the look that finds it and is there until it is told: no failure loses it.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.database.limits import LARGEST_AMOUNT, LONGEST_KEY, must_fit
from data_access.engine import rows_of, writing
from data_access.errors import NotFound, Refused
from data_access.people.audit import note
from data_access.people.digests import CUT_OFF, must_be_on_file, must_be_theirs
from data_access.people.kept import NotKept
from data_access.people.known import key_of
from data_access.schema import alert, alert_crossing
from data_access.scope import Person

MOST = 50  # of one address: each is worked out with every run

Side = Literal["below", "above"]
SIDES: tuple[Side, ...] = ("below", "above")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of, in which language, by mail or (`robot`) into a chat.

    metric           the key of a number's definition; of a rule of Attention, leak_RULE
    side, threshold  of a number: told when it comes to lie below or above; None: when a line of the rule is new
    """

    metric: str
    side: Side | None
    threshold: float | None
    language: str
    robot: str = ""


@dataclass(frozen=True)
class Seen:
    """What one look found as of a day. seen_as: under which permission; value: of a number, None: not known; lines: of
    a rule, KIND:ID each."""

    on: date
    seen_as: str
    value: float | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alert:
    """One wish of one address. looks: how many were written down; seen: the last of them, with the last value known."""

    alert_id: int
    email: str
    wish: Wish
    looks: int
    seen: Seen | None


@dataclass(frozen=True)
class Crossing:
    """One crossing as it was found: a number's value, or a rule's new lines, as of a day; before_on, before_value: what
    the look before saw."""

    alert_id: int
    look: int
    as_of: date
    value: float | None
    lines: tuple[str, ...]
    before_on: date
    before_value: float | None


def everybody(database: sa.Engine) -> list[Alert]:
    """All of them, by address, in the order in which they were made."""
    return _read(database, sa.true())


def own(database: sa.Engine, person: Person, email: str) -> list[Alert]:
    """Those of an address that is on file as the person's. Raises NotAllowed where it is not."""
    must_be_theirs(database, person, email)
    return _read(database, alert.c.email == key_of(email))


def make_own(database: sa.Engine, person: Person, email: str, wish: Wish) -> int:
    """`make` for oneself, by mail. Raises NotAllowed where the address is not on file as the person's."""
    must_be_theirs(database, person, email)
    return make(database, email, wish, by=person.name or person.role)


def make(database: sa.Engine, email: str, wish: Wish, *, by: str) -> int:
    """Has somebody on file told from now on, and gives the alert's id. Raises NotKept where they have it already, or
    too many."""
    key = key_of(email)
    _must_be_whole(wish)
    asked = {"metric": wish.metric, "side": wish.side, "threshold": wish.threshold, "robot": wish.robot}
    with writing(database) as connection:
        must_be_on_file(connection, key)
        a = alert.c
        there = connection.execute(sa.select(a.metric, a.side, a.threshold, a.robot).where(a.email == key)).mappings()
        found = [dict(row) for row in there]
        if asked in found:
            raise NotKept("This alert is there already.", "taken")
        if len(found) >= MOST:
            raise NotKept(f"You have {MOST} alerts, and that is the most. Remove one first.", "many")
        row = asked | {"email": key, "language": wish.language, "looks": 0, "seen_lines": sa.null()}
        alert_id = connection.execute(alert.insert().values(row).returning(a.alert_id)).scalar_one()
        note(connection, "make_alert", f"alert {alert_id} of {key}", by)
    return alert_id


def end_own(database: sa.Engine, person: Person, email: str, alert_id: int) -> None:
    """`end` of one's own. Raises NotAllowed where the address is not on file as the person's."""
    must_be_theirs(database, person, email)
    end(database, email, alert_id, by=person.name or person.role)


def end(database: sa.Engine, email: str, alert_id: int, *, by: str) -> None:
    """Ends an alert, with what of it was still to be told. Raises NotFound where this address has none of this id."""
    key = key_of(email)
    with writing(database) as connection:
        is_it = alert.c.alert_id == alert_id, alert.c.email == key
        if not connection.execute(alert.delete().where(*is_it)).rowcount:
            raise NotFound(f"{key!r} has no alert {alert_id}.")
        connection.execute(alert_crossing.delete().where(alert_crossing.c.alert_id == alert_id))
        note(connection, "end_alert", f"alert {alert_id} of {key}", by)


def looked(database: sa.Engine, of: Alert, seen: Seen, crossing: Crossing | None) -> bool:
    """Writes down what a look saw, with the crossing it found. False, and nothing is written, where another run looked
    meanwhile. Under another permission than before, what was still to be told of the former one goes."""
    a, c = alert.c, alert_crossing.c
    now = {
        "looks": of.looks + 1,
        "seen_on": seen.on,
        "seen_as": seen.seen_as,
        "seen_value": seen.value,
        "seen_lines": list(seen.lines),
    }
    with writing(database) as connection:
        is_it = a.alert_id == of.alert_id, a.looks == of.looks
        if not connection.execute(alert.update().where(*is_it).values(now)).rowcount:
            return False
        if of.seen is not None and of.seen.seen_as != seen.seen_as:
            untold = c.alert_id == of.alert_id, c.sent_at.is_(None)
            connection.execute(alert_crossing.delete().where(*untold))
        if crossing is not None:
            row = {
                "alert_id": crossing.alert_id,
                "look": crossing.look,
                "as_of": crossing.as_of,
                "value": crossing.value,
                "lines": list(crossing.lines),
                "before_on": crossing.before_on,
                "before_value": crossing.before_value,
            }
            connection.execute(alert_crossing.insert().values(row))
    return True


def untold(database: sa.Engine, alert_id: int) -> list[Crossing]:
    """The crossings of an alert that are still to be told, the first one first."""
    c = alert_crossing.c
    columns = (c.alert_id, c.look, c.as_of, c.value, c.lines, c.before_on, c.before_value)
    asked = sa.select(*columns).where(c.alert_id == alert_id, c.sent_at.is_(None)).order_by(c.look)
    return [
        Crossing(of, look, as_of, value, tuple(lines or ()), before_on, before_value)
        for of, look, as_of, value, lines, before_on, before_value in rows_of(without_copy(database), asked)
    ]


def begin(database: sa.Engine, crossing: Crossing, *, at: datetime) -> bool:
    """Whether this crossing is now to be told: not where it was, or another run is at it. What was cut off is begun
    anew, as in `digests.begin`."""
    c = alert_crossing.c
    is_free = sa.or_(c.begun_at.is_(None), c.begun_at < at - CUT_OFF)
    begun = alert_crossing.update().where(*_is(crossing), c.sent_at.is_(None), is_free).values(begun_at=at)
    with writing(database) as connection:
        return connection.execute(begun).rowcount > 0


def finish(database: sa.Engine, crossing: Crossing, *, at: datetime | None) -> None:
    """It was told; `at` None: it was not, and the next run may try again."""
    values = {"begun_at": None} if at is None else {"sent_at": at}
    with writing(database) as connection:
        connection.execute(alert_crossing.update().where(*_is(crossing)).values(values))


def _is(crossing: Crossing) -> tuple[sa.ColumnElement[bool], ...]:
    c = alert_crossing.c
    return c.alert_id == crossing.alert_id, c.look == crossing.look


def _must_be_whole(wish: Wish) -> None:
    must_fit("The number's name", wish.metric, LONGEST_KEY)
    must_fit("The name of a robot", wish.robot, LONGEST_KEY)
    if (wish.side is None) != (wish.threshold is None):
        raise Refused("A number is watched below or above a threshold, a rule of Attention without either.")
    if wish.side is not None and wish.side not in SIDES:
        raise Refused(f"A number comes to lie {' or '.join(SIDES)} a threshold, not {wish.side!r}.")
    if wish.threshold is not None and not (math.isfinite(wish.threshold) and abs(wish.threshold) <= LARGEST_AMOUNT):
        raise Refused(f"A threshold is a number up to {LARGEST_AMOUNT:,}, not {wish.threshold}.")


def _read(database: sa.Engine, which: sa.ColumnElement[bool]) -> list[Alert]:
    asked = sa.select(*alert.c).where(which).order_by(alert.c.email, alert.c.alert_id)
    names = [column.name for column in alert.c]
    return [_alert(dict(zip(names, row, strict=True))) for row in rows_of(without_copy(database), asked)]


def _alert(row: dict) -> Alert:
    seen = None
    if row["seen_on"] is not None:
        seen = Seen(row["seen_on"], row["seen_as"], row["seen_value"], tuple(row["seen_lines"] or ()))
    wish = Wish(row["metric"], row["side"], row["threshold"], row["language"], row["robot"])
    return Alert(row["alert_id"], row["email"], wish, row["looks"], seen)
