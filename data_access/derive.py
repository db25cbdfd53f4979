"""What an import works out once: the derived tables, from the facts, inside the import's own transaction."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import overload

import sqlalchemy as sa

from .database.bulk import BATCH, batches, indexes_at_the_end, write
from .database.days import day_of, month_of
from .lifecycle import Change, Deal, Postings, Rank, live, rank_stages
from .schema import (
    ALWAYS,
    CONTRACT,
    FOREVER,
    activity,
    activity_day,
    data_state,
    deal_creation,
    deal_movement,
    deal_span,
    exchange_rate,
    lead,
    lead_day,
    opportunity,
    opportunity_history,
    rate_span,
    region,
    region_within,
    rep,
    rep_history,
    rep_posting,
    rep_target,
    stage,
    stage_entry,
    target,
)

_OF_DEALS = (deal_creation, deal_span, stage_entry, deal_movement)  # in the order of `lifecycle.Lives`
_SLICE = 5_000  # deals that are in memory at a time


@dataclass(frozen=True)
class Touched:
    """The keys of what changed, whose derived rows are worked out anew (None: all are), and whether targets did."""

    deals: set[str] | None
    leads: set[str] | None
    activities: set[str] | None
    targets: bool


ALL = Touched(None, None, None, targets=True)


def derive(connection: sa.Connection, touched: Touched) -> None:
    """Bring the derived tables up to date with the facts."""
    _region_within(connection)
    postings = _rep_posting(connection)
    _rate_span(connection)
    if touched.targets:
        _rep_target(connection, postings)
    ranks = _ranks(connection)
    if touched.deals is None:
        with ExitStack() as stack:
            for table in _OF_DEALS:
                stack.enter_context(_from_nothing(connection, table))
            _store_lives(connection, None, ranks, postings)
    else:
        for ids in batches(sorted(touched.deals)):
            for table in _OF_DEALS:
                connection.execute(table.delete().where(table.c.opportunity_id.in_(ids)))
            _store_lives(connection, ids, ranks, postings)
    _activity_day(connection, touched)
    _lead_day(connection, touched.leads)
    _data_days(connection)


@contextmanager
def _from_nothing(connection: sa.Connection, table: sa.Table) -> Iterator[None]:
    with indexes_at_the_end(connection, table):
        connection.execute(table.delete())
        yield


@overload
def _day(value: None) -> None: ...
@overload
def _day(value: date) -> int: ...
def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _replace(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple]) -> None:
    connection.execute(table.delete())
    write(connection, table, rows)


def _region_within(connection: sa.Connection) -> None:
    parents: dict[str, str | None] = dict(
        map(tuple, connection.execute(sa.select(region.c.region_id, region.c.parent_id)))
    )
    rows = []
    for region_id in sorted(parents):
        above: str | None = region_id
        seen: set[str] = set()
        while above is not None and above in parents and above not in seen:  # a circle ends where it closes
            seen.add(above)
            rows.append((region_id, above))
            above = parents[above]
    _replace(connection, region_within, rows)


def _rep_posting(connection: sa.Connection) -> Postings:
    """A rep's postings without gaps: before the first one of `rep_history`, `rep` holds."""
    found = defaultdict(list)
    history = sa.select(rep_history).order_by(rep_history.c.rep_id, rep_history.c.from_on)
    for row in connection.execute(history):
        found[row.rep_id].append((_day(row.from_on), row.region_id, row.manager_id))
    rows = []
    days: dict[str, list[int]] = {}
    regions: dict[str, list[str | None]] = {}
    for row in connection.execute(sa.select(rep).order_by(rep.c.rep_id)):
        stretches = [(ALWAYS, row.region_id, row.manager_id), *found[row.rep_id]]
        ends = [start for start, _, _ in stretches[1:]] + [FOREVER]
        rows += [
            (row.rep_id, start, end, region_id, manager_id)
            for (start, region_id, manager_id), end in zip(stretches, ends, strict=True)
        ]
        days[row.rep_id] = [start for start, _, _ in stretches]
        regions[row.rep_id] = [region_id for _, region_id, _ in stretches]
    _replace(connection, rep_posting, rows)
    return Postings(days, regions)


def _rate_span(connection: sa.Connection) -> None:
    statement = sa.select(exchange_rate).order_by(exchange_rate.c.currency, exchange_rate.c.valid_from)
    rows = []
    for currency, of_currency in groupby(connection.execute(statement), key=lambda row: row.currency):
        rates = list(of_currency)
        ends = [_day(following.valid_from) for following in rates[1:]] + [FOREVER]
        rows += [(currency, _day(row.valid_from), end, row.rate) for row, end in zip(rates, ends, strict=True)]
    _replace(connection, rate_span, rows)


def _rep_target(connection: sa.Connection, postings: Postings) -> None:
    statement = sa.select(target).order_by(target.c.rep_id, target.c.month, target.c.region_id)
    rows = []
    for ordinal, row in enumerate(connection.execute(statement), start=1):
        month = _day(row.month)
        following = month + monthrange(row.month.year, row.month.month)[1]
        region_id = row.region_id or postings.region(row.rep_id, month)
        rows.append((ordinal, row.rep_id, month, following, region_id, row.amount))
    _replace(connection, rep_target, rows)


def _ranks(connection: sa.Connection) -> dict[str, dict[str, Rank]]:
    statement = sa.select(stage.c.pipeline, stage.c.stage, stage.c.position, stage.c.kind).order_by(stage.c.pipeline)
    return {
        pipeline: rank_stages([tuple(row[1:]) for row in rows])
        for pipeline, rows in groupby(connection.execute(statement), key=lambda row: row.pipeline)
    }


def _store_lives(connection: sa.Connection, ids: Sequence[str] | None, ranks, postings: Postings) -> None:
    changes = _changes(connection, ids)
    following = next(changes, None)
    for deals in batches(_deals(connection, ids), _SLICE):
        keys = {deal.opportunity_id for deal in deals}
        rows = []
        while following is not None and following.opportunity_id in keys:
            rows.append(following)
            following = next(changes, None)
        for table, columns in zip(_OF_DEALS, live(deals, rows, ranks, postings), strict=True):
            write(connection, table, zip(*columns, strict=True))


def _deals(connection: sa.Connection, ids: Sequence[str] | None) -> Iterator[Deal]:
    o = opportunity.c
    statement = sa.select(
        o.opportunity_id,
        o.pipeline,
        o.stage,
        o.amount,
        day_of(o.expected_close_on),
        o.owner_id,
        o.region_id,
        day_of(o.created_on),
        day_of(o.closed_on),
        day_of(o.removed_on),
    ).order_by(o.opportunity_id)
    if ids is not None:
        statement = statement.where(o.opportunity_id.in_(ids))
    return map(Deal._make, _streamed(connection, statement))


def _changes(connection: sa.Connection, ids: Sequence[str] | None) -> Iterator[Change]:
    """In the order of `_deals`, beside which they are read."""
    h = opportunity_history.c
    statement = sa.select(
        h.opportunity_id,
        day_of(h.changed_at),
        h.stage,
        h.amount,
        day_of(h.expected_close_on),
        h.owner_id,
        h.region_id,
    ).order_by(h.opportunity_id, h.changed_at, h.sequence)
    # A file of histories may have come before that of its deals, and tell of some that never came.
    statement = statement.join(opportunity, opportunity.c.opportunity_id == h.opportunity_id)
    if ids is not None:
        statement = statement.where(h.opportunity_id.in_(ids))
    return map(Change._make, _streamed(connection, statement))


def _streamed(connection: sa.Connection, statement: sa.Select) -> Iterator[sa.Row]:
    """Read as they are used, never all at once: there are millions."""
    yield from connection.execute(statement, execution_options={"yield_per": BATCH})


def _activity_day(connection: sa.Connection, touched: Touched) -> None:
    """An activity's row rests on itself, on the account of its deal and lead, and on its rep's postings."""
    if touched.activities is None:
        with _from_nothing(connection, activity_day):
            _store_activity_days(connection, sa.true())
        return
    concerned = set(touched.activities)
    for column, keys in ((activity_day.c.opportunity_id, touched.deals), (activity_day.c.lead_id, touched.leads)):
        for batch in batches(sorted(keys or ())):
            concerned.update(connection.scalars(sa.select(activity_day.c.activity_id).where(column.in_(batch))))
    for batch in batches(sorted(concerned)):
        connection.execute(activity_day.delete().where(activity_day.c.activity_id.in_(batch)))
        _store_activity_days(connection, activity.c.activity_id.in_(batch))


def _store_activity_days(connection: sa.Connection, which) -> None:
    """Set by set in the database: there are millions, and each row rests on few others."""
    a = activity.c
    done, planned = (day_of(column) for column in (a.completed_at, a.planned_on))
    first_planned = day_of(sa.func.coalesce(a.first_planned_on, a.planned_on))
    rows = sa.select(
        a.activity_id,
        a.rep_id,
        sa.func.coalesce(a.account_id, opportunity.c.account_id, lead.c.account_id),
        a.opportunity_id,
        a.lead_id,
        a.contact_id,
        a.kind,
        a.origin,
        a.two_way,
        a.result.is_not(None),
        a.minutes,
        done,
        done - (done - 1) % 7,  # day 1 of the count was a Monday
        month_of(a.completed_at),
        day_of(a.created_on),
        planned,
        first_planned,
        day_of(sa.func.coalesce(a.cancelled_on, a.removed_on)),
        rep_posting.c.region_id,
    ).select_from(
        activity.outerjoin(opportunity, opportunity.c.opportunity_id == a.opportunity_id)
        .outerjoin(lead, lead.c.lead_id == a.lead_id)
        .outerjoin(rep_posting, _posted(a.rep_id, sa.func.coalesce(done, first_planned)))
    )
    connection.execute(activity_day.insert().from_select(activity_day.c.keys(), rows.where(which)))


def _posted(rep_id, day) -> sa.ColumnElement[bool]:
    """Where the rep was on a day."""
    return sa.and_(rep_posting.c.rep_id == rep_id, rep_posting.c.from_day <= day, day < rep_posting.c.to_day)


def _lead_day(connection: sa.Connection, touched: set[str] | None) -> None:
    if touched is None:
        with _from_nothing(connection, lead_day):
            _store_lead_days(connection, sa.true())
        return
    for batch in batches(sorted(touched)):
        connection.execute(lead_day.delete().where(lead_day.c.lead_id.in_(batch)))
        _store_lead_days(connection, lead.c.lead_id.in_(batch))


def _store_lead_days(connection: sa.Connection, which) -> None:
    c = lead.c
    created = day_of(c.created_on)
    further = (c.qualified_on, c.accepted_on, c.converted_on, c.disqualified_on, c.removed_on)
    rows = sa.select(
        c.lead_id,
        created,
        month_of(c.created_on),
        *(day_of(column) for column in further),
        sa.func.coalesce(c.region_id, rep_posting.c.region_id),
    ).select_from(lead.outerjoin(rep_posting, _posted(c.owner_id, created)))
    connection.execute(lead_day.insert().from_select(lead_day.c.keys(), rows.where(which)))


def _data_days(connection: sa.Connection) -> None:
    """The first and last day of the data: the default period, and the default as-of date."""
    firsts = [
        connection.scalar(sa.select(sa.func.min(column)))
        for column in (deal_creation.c.created_day, deal_span.c.closed_day)
    ]
    if not any(firsts):  # an export of leads alone
        firsts = [connection.scalar(sa.select(sa.func.min(lead_day.c.created_day)))]
    lasts = [
        _day(connection.scalar(sa.select(sa.func.max(column))))
        for table in CONTRACT.values()
        for column in table.columns
        if column.info.get("happened")
    ]
    days = {
        "first_day": min((day for day in firsts if day is not None), default=None),
        "last_day": max((day for day in lasts if day is not None), default=None),
    }
    if connection.execute(data_state.update().values(**days)).rowcount == 0:
        connection.execute(data_state.insert().values(id=1, version=0, **days))
