"""Questions about the organisation itself: its regions and people, its settings, and what can be chosen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
import sqlalchemy as sa

from data_access.database.limits import LONGEST_NAME, must_fit
from data_access.database.versions import raise_version
from data_access.people.audit import note

from .copies.serving import copy_of, without_copy
from .deals import DEFAULT_BASE_CURRENCY
from .engine import read, rows_of, writing
from .errors import NotFound, Refused
from .filters import in_regions, segment
from .schema import (
    CONTRACT,
    account,
    data_state,
    deal_creation,
    deal_span,
    import_batch,
    opportunity,
    region,
    rep,
    rep_posting,
    setting,
)
from .scope import Scope

SETTINGS = {
    # What the organisation is called, above the pages.
    "organisation": "",
    # The currency of everything without one, and of every total.
    "base_currency": DEFAULT_BASE_CURRENCY,
    # 1 to 12: quarters and half-years count from it.
    "fiscal_year_start_month": "1",
    # Where the organisation's day begins and ends; empty: where the machine stands.
    "time_zone": "",
}


@dataclass(frozen=True)
class State:
    """What every answer depends on: the data's version and days, and the settings. No days: no deals.

    stamp   the version by a name that no other database has, for keys of caches
    facts   the stamp of the facts alone: what people enter leaves it as it is
    loaded  when they were imported last, in UTC; None: never
    """

    version: int
    stamp: str
    facts: str
    first_day: date | None
    last_day: date | None
    organisation: str
    base_currency: str
    fiscal_year_start_month: int
    time_zone: str
    loaded: datetime | None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the data. Raises Refused where there are no deals."""
        if self.first_day is None or self.last_day is None:
            raise Refused("There are no deals yet, so there is no first and no last day. Import some.")
        return self.first_day, self.last_day

    def now(self) -> datetime:
        """What time it is where the organisation is, without zone. The one clock of pages and command line."""
        return self.there(datetime.now(UTC))

    def there(self, moment: datetime) -> datetime:
        """A moment (without zone: in UTC) as clocks showed it there, without zone."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.time_zone) if self.time_zone else None).replace(tzinfo=None)


def state(database: sa.Engine, _scope: None = None) -> State:
    """The data's version and days, and the settings, with their defaults. The same for everybody: no scope.

    Where the engine reads a copy of earlier facts, it is as of these, with what people entered since. It is what
    answers are kept by, so no answer asks it: see `calendar`."""
    names = ("version", "stamp", "facts_stamp", "first_day", "last_day")
    holds = import_batch.c.undone_at.is_(None)
    latest = sa.select(sa.func.max(import_batch.c.imported_at)).where(holds).scalar_subquery()
    asked = sa.select(*(data_state.c[name] for name in names), latest)
    # Asked before every cached answer, so these are rows and no frames: a tenth of the time.
    known = rows_of(without_copy(database), asked, is_of_facts=True)
    version, stamp, facts, first, last, loaded = known[0] if known else (0, None, None, None, None, None)
    copy = copy_of(database)
    if copy is not None and copy.facts != facts:
        first, days = copy.manifest.first_day, (copy.manifest.last_day, _last_entered(database))
        last = max((day for day in days if day is not None), default=None)
        stamp, facts, loaded = f"{stamp} with {copy.facts}", copy.facts, copy.loaded_at
    settings = SETTINGS | dict(map(tuple, rows_of(database, sa.select(setting.c.name, setting.c.value))))
    return State(
        version=version,
        stamp=stamp or "",
        facts=facts or "",
        first_day=date.fromordinal(first) if first is not None else None,
        last_day=date.fromordinal(last) if last is not None else None,
        organisation=settings["organisation"],
        base_currency=settings["base_currency"],
        fiscal_year_start_month=int(settings["fiscal_year_start_month"]),
        time_zone=settings["time_zone"],
        loaded=loaded,
    )


def _last_entered(database: sa.Engine) -> int | None:
    """The last day about which anybody entered something: it moves the last day of the data on."""
    days = [
        sa.select(sa.func.max(column).label("day")).where(table.c.entry_id != "")
        for table in CONTRACT.values()
        if "entry_id" in table.c
        for column in table.c
        if column.info.get("happened")
    ]
    entered = sa.select(sa.union_all(*days).subquery("entered").c.day)
    found = rows_of(without_copy(database), entered, is_of_facts=True)
    return max((day.toordinal() for (day,) in found if day is not None), default=None)


@dataclass(frozen=True)
class Calendar:
    """The first day of the data (None: no deals) and the month with which the fiscal year starts: of facts alone."""

    first_day: date | None
    fiscal_year_start_month: int


def calendar(database: sa.Engine, _scope: None = None) -> Calendar:
    """What of the state no entry of a page changes, for answers that rest on facts alone."""
    name = "fiscal_year_start_month"
    days = [day for (day,) in rows_of(database, sa.select(data_state.c.first_day), is_of_facts=True) if day is not None]
    months = [month for (month,) in rows_of(database, sa.select(setting.c.value).where(setting.c.name == name))]
    return Calendar(date.fromordinal(days[0]) if days else None, int(months[0] if months else SETTINGS[name]))


def knows_creation(database: sa.Engine, _scope: None = None) -> bool:
    """Whether any deal has a creation day. Of the whole organisation, so no scope: without one, no deal created is
    something nobody knows, and not 0."""
    return bool(rows_of(database, sa.select(deal_creation.c.opportunity_id).limit(1)))


def regions(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per region the person may see, parents before children: region_id, name, parent_id, depth (0: top)."""
    statement = (
        sa.select(region.c.region_id, region.c.name, region.c.parent_id)
        .where(in_regions(region.c.region_id, scope.but(regions=())))
        .order_by(region.c.name, region.c.region_id)
    )
    found = read(database, statement)
    known = set(found["region_id"])
    children: dict[str | None, list] = {}
    for row in found.itertuples():
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    rows, waiting = [], [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        rows.append((row.region_id, row.name, row.parent_id, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(row.region_id, []))]
    return pd.DataFrame(rows, columns=["region_id", "name", "parent_id", "depth"])


def people(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep who was ever posted where the person may see: rep_id, name; in the order of names."""
    ever = sa.select(rep_posting.c.rep_id).where(in_regions(rep_posting.c.region_id, scope.but(regions=())))
    statement = sa.select(rep.c.rep_id, rep.c.name).order_by(rep.c.name, rep.c.rep_id)
    if not scope.person.sees_everything:
        statement = statement.where(rep.c.rep_id.in_(ever))
    return read(database, statement)


FILTERS = ("pipeline", "product", "source", "segment")


def values_of(database: sa.Engine, scope: Scope, what: str) -> list[str]:
    """`values` of one of FILTERS."""
    if what not in FILTERS:
        raise Refused(f"There is no filter {what!r}.")
    return values(database, scope, (what,))[what]


def values(database: sa.Engine, scope: Scope, filters: Sequence[str] = FILTERS) -> dict[str, list[str]]:
    """The values that occur of each of these filters among the deals that ever were where the person may see, in their
    order. Not narrowed by the scope's filters."""
    occurring = []
    for name in filters:
        column = segment if name == "segment" else opportunity.c[name]
        select = (
            sa.select(sa.literal_column(f"'{name}'", sa.Text).label("which"), column.label("named"))
            .select_from(opportunity.outerjoin(account, account.c.account_id == opportunity.c.account_id))
            .where(column.is_not(None))
            .distinct()
        )
        if not scope.person.sees_everything:
            ever = sa.select(deal_span.c.opportunity_id).where(in_regions(deal_span.c.region_id, scope.but(regions=())))
            select = select.where(opportunity.c.opportunity_id.in_(ever))
        occurring.append(select)
    rows = sa.union_all(*occurring).subquery("occurring")
    statement = sa.select(rows.c.which, rows.c.named).order_by(rows.c.which, rows.c.named)
    found = read(database, statement)
    return {name: list(found.loc[found["which"] == name, "named"]) for name in filters}


def region_ids(database: sa.Engine, scope: Scope, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The region ids behind ids or names. Refuses what is unknown, ambiguous, or not the person's to see."""
    visible = regions(database, scope)
    found = []
    for name in wanted:
        matches = visible[(visible["region_id"] == name)]
        if matches.empty:
            matches = visible[visible["name"] == name]
        if len(matches) != 1:
            known = ", ".join(visible["region_id"]) or "none"
            problem = "is the name of several regions" if len(matches) else "is not a region you can see"
            kind = Refused if len(matches) else NotFound
            raise kind(f"{name!r} {problem}. Regions in view, by id: {known}.")
        found.append(matches["region_id"].iloc[0])
    return tuple(found)


def set_setting(database: sa.Engine, name: str, value: str, *, by: str = "") -> None:
    """Change one of SETTINGS, and raise the data version so that nothing is served stale; by whom is written down."""
    if name not in SETTINGS:
        raise Refused(f"There is no setting {name!r}. Settings are {', '.join(SETTINGS)}.")
    if name == "base_currency" and not re.fullmatch("[A-Z]{3}", value):
        raise Refused(f"{value!r} is not a currency code. Write three capital letters, such as USD.")
    if name == "time_zone" and value and value not in available_timezones():
        raise Refused(f"{value!r} is not a time zone. Write one such as Europe/Berlin.")
    if name == "fiscal_year_start_month" and value not in map(str, range(1, 13)):
        raise Refused(f"The fiscal year starts in a month from 1 to 12, not in {value!r}.")
    must_fit(f"The setting {name}", value, LONGEST_NAME)
    with writing(database) as connection:
        if connection.execute(setting.update().where(setting.c.name == name).values(value=value)).rowcount == 0:
            connection.execute(setting.insert().values(name=name, value=value))
        note(connection, "set", name, by, {"value": value})
        raise_version(connection, [setting.name])


def was_loaded_by(database: sa.Engine, who: str) -> bool:
    """Whether an import was made in this name, and not undone."""
    b = import_batch.c
    statement = sa.select(b.batch_id).where(b.imported_by == who, b.undone_at.is_(None)).limit(1)
    return len(read(database, statement)) > 0
