"""What people enter on pages about an account, a deal or a rep: assessments, needs, goals, openings. Append-only.

An entry is a row of the contract's table with an `entry_id` of its own, so that an import, whose rows have none,
never overwrites it. Taking one back writes a withdrawal beside it (an `audit_event`); what held before holds again.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from data_access.database.limits import FIRST_YEAR, LAST_YEAR, unfit
from data_access.database.versions import raise_version
from data_access.opportunities import openings
from data_access.permitted import must_see

from .engine import writing
from .errors import Refused
from .schema import (
    MONEY_SCALE,
    account_goal,
    account_need,
    account_score,
    audit_event,
    closeness_score,
    data_state,
    opening,
    opportunity_score,
    rep_score,
)
from .scope import Person

TABLES = {
    table.name: table
    for table in (
        account_score,
        closeness_score,
        account_need,
        account_goal,
        opportunity_score,
        opening,
        rep_score,
    )
}


class NotValid(Refused):
    """A value that breaks a rule of its column. `rule` is one of required, choices, range, future, number, text, day,
    abnormal; `column` and `value` say where, so that a page can say it in the reader's language."""

    def __init__(self, message: str, rule: str, column: str, value: object):
        super().__init__(message)
        self.rule, self.column, self.value = rule, column, value


def subject_of(table: str) -> str:
    """The column that says what an entry is about: account_id, opportunity_id or rep_id, the first of its key."""
    return TABLES[table].info["key"][0]


def must_be_allowed_to_enter(connection: sa.Connection, person: Person, table: str, subject_id: str) -> None:
    """Raises NotAllowed unless the person's role may write this, NotFound where they see no such subject."""
    person.must_be_allowed_to_write(table)
    must_see(connection, person, subject_of(table), subject_id)


def enter(
    database: sa.Engine,
    person: Person,
    table: str,
    subject_id: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    at: datetime,
) -> tuple[str, ...]:
    """Write one entry per row, all or none, and raise the data version; gives their entry ids.

    rows   the table's columns but its subject's: scores 0–10, money in minor units, dates no later than `at`;
           `assessed_by` is the person where nobody is named

    Raises NotAllowed where the person may not, NotValid where a value breaks a rule of the table.
    """
    target = TABLES[table]
    by = person.name or person.role
    entered: list[dict[str, Any]] = []
    for row in rows:
        values = _valid(target, row, at.date())
        if "assessed_by" in target.c and not values.get("assessed_by"):
            values["assessed_by"] = by
        ids = {subject_of(table): subject_id, "entry_id": uuid.uuid4().hex, "entered_by": by, "entered_at": at}
        entered.append(values | ids)
    with writing(database) as connection:
        must_be_allowed_to_enter(connection, person, table, subject_id)
        for values in entered:
            if target is opening:
                _must_say_what_changed(connection, subject_id, values)
            connection.execute(target.insert().values(values))
        raise_version(connection)
        _move_last_day_on(connection, [row.get("assessed_on") or row.get("done_on") for row in entered])
    return tuple(row["entry_id"] for row in entered)


def withdraw(
    database: sa.Engine, person: Person, table: str, subject_id: str, entry_ids: Sequence[str], *, at: datetime
) -> None:
    """Take entries about a subject back, for who may write them. The rows stay, and who took them back is kept.

    Raises Refused where an id is no entry about it; taking back twice changes nothing.
    """
    target = TABLES[table]
    with writing(database) as connection:
        must_be_allowed_to_enter(connection, person, table, subject_id)
        for entry_id in entry_ids:
            is_it = sa.and_(target.c.entry_id == entry_id, target.c[subject_of(table)] == subject_id)
            if not entry_id or not connection.scalar(sa.select(sa.exists().where(is_it))):
                raise Refused("There is no such entry to take back. Imported rows change where they came from.")
            known = sa.exists().where(audit_event.c.action == "withdraw", audit_event.c.subject == entry_id)
            if connection.scalar(sa.select(known)):
                continue
            connection.execute(
                audit_event.insert().values(
                    at=at,
                    by=person.name or person.role,
                    action="withdraw",
                    subject=entry_id,
                    detail={"table": table, subject_of(table): subject_id},
                )
            )
        raise_version(connection)


def _must_say_what_changed(connection: sa.Connection, opportunity_id: str, row: Mapping[str, Any]) -> None:
    """An abnormal opening means that something important changed: it is entered with what that was, or not at all."""
    if row["what_changed"]:
        return
    if openings.is_abnormal(connection, opportunity_id, row["position"], row["territory"], row["assessed_on"]):
        raise NotValid(
            "what_changed is missing. We trail on our own territory, or lead on theirs: say what changed.",
            "abnormal",
            "what_changed",
            None,
        )


def _move_last_day_on(connection: sa.Connection, days: Sequence[date | None]) -> None:
    """What is assessed after the last day of the data moves that day on."""
    latest = max((day.toordinal() for day in days if day is not None), default=0)
    last_day = sa.case((sa.func.coalesce(data_state.c.last_day, latest) < latest, latest), else_=data_state.c.last_day)
    connection.execute(data_state.update().values(last_day=last_day))


# --- the rules, as the schema states them -------------------------------------------------------------


def _valid(table: sa.Table, row: Mapping[str, Any], today: date) -> dict[str, object]:
    """The values of a row, checked against the rules in the columns' info."""
    own = [column for column in table.c if column.info["form"] not in ("entry", "properties")]
    own = [column for column in own if column.name != subject_of(table.name)]
    unknown = set(row) - {column.name for column in own}
    if unknown:
        raise Refused(f"{table.name} has no column {sorted(unknown)[0]!r}.")
    return {column.name: _checked(column, row.get(column.name), today) for column in own}


def _checked(column: sa.Column, value: object, today: date) -> object:
    info, name = column.info, column.name
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "" or value != value:  # NaN is not equal to itself
        if not column.nullable:
            raise NotValid(f"{name} is missing. Give one.", "required", name, None)
        return None
    if "choices" in info and value not in info["choices"]:
        allowed = ", ".join(info["choices"])
        raise NotValid(f"{name} is {value!r}; it must be one of: {allowed}.", "choices", name, value)
    if info["form"] == "text":
        _must_be_kept_as_it_is(column, value)
    if info["form"] in ("number", "money"):
        return _number(column, value)
    if info["form"] == "date":
        if not isinstance(value, date) or isinstance(value, datetime):
            raise NotValid(f"{name} is {value!r}, which is no day.", "required", name, value)
        if info.get("happened") and value > today:
            raise NotValid(f"{name} is {value}, which is still to come. Today is {today}.", "future", name, value)
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            told = f"{name} is {value}; years go from {FIRST_YEAR} to {LAST_YEAR}."
            raise NotValid(told, "day", name, value)
    return value


def _must_be_kept_as_it_is(column: sa.Column, value: object) -> None:
    reason = unfit(value, column.info["longest"]) if isinstance(value, str) else "is no text"
    if reason:
        raise NotValid(f"{column.name} {reason}.", "text", column.name, column.info["longest"])


def _number(column: sa.Column, value: object) -> float | int:
    name, info = column.name, column.info
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotValid(f"{name} is {value!r}, which is no number.", "number", name, value)
    scale = MONEY_SCALE if info["form"] == "money" else 1
    if not info["least"] * scale <= value <= info["most"] * scale:
        least, most = info["least"], info["most"]
        told = f"from {least} to {most}" if scale == 1 else f"{least} or more, and not that large"
        raise NotValid(f"{name} is {value}; it must be {told}.", "range", name, value)
    return int(value) if info["form"] == "money" else float(value)
