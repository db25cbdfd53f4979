"""The rules applied to a whole load: what may go in, what may not and why, and what to mention."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.database.bulk import write
from data_access.database.limits import LONGEST_KEY
from data_access.deals import DEFAULT_BASE_CURRENCY
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, exchange_rate, opportunity, opportunity_history, region, setting, stage

from . import cautions as worth_saying, contradictions
from .forms import unkept
from .lots import Lot, columns_of
from .mapping import CLOSING_DAYS
from .references import broken_references, duplicates, unknown_cells
from .rules import Facts, across_rows, per_column, together


@dataclass(frozen=True)
class Known:
    """What the database has already, as far as the rules ask for it: of large tables only what the load names."""

    filled: frozenset[str]  # the tables that others refer to and that have rows
    keys: dict[str, pd.Index]  # of those the load refers to, the ones there are
    stages: pd.DataFrame
    pipelines: pd.Series
    parents: pd.Series
    with_history: pd.Index
    base_currency: str
    rated: pd.Index  # the currencies with an exchange rate


@dataclass(frozen=True)
class Judged:
    """`lots`: those judged, with rows of our own; `accepted`: {table: typed rows}; `found`: one row per broken rule;
    `cautions`: sentences."""

    lots: tuple[Lot, ...]
    accepted: dict[str, pd.DataFrame]
    found: pd.DataFrame
    cautions: tuple[str, ...]


def known_to(connection: sa.Connection, lots: tuple[Lot, ...]) -> Known:
    """The keys and the few facts that new rows are checked against: it costs what the load has, not the database."""

    def rows(statement: sa.Select) -> pd.DataFrame:
        names = statement.selected_columns.keys()
        return pd.DataFrame(list(map(tuple, connection.execute(statement))), columns=names, dtype=object)

    filled = frozenset(
        name
        for name in _REFERRED
        if connection.execute(sa.select(sa.literal(1)).select_from(CONTRACT[name]).limit(1)).first()
    )
    asked = {name: _asked(connection, name, _named(name, lots)) for name in sorted({*filled, "opportunity"})}
    keys = {}
    for name in filled:
        key = CONTRACT[name].c[CONTRACT[name].info["key"][0]]
        keys[name] = pd.Index(rows(sa.select(key).where(key.in_(asked[name]))).iloc[:, 0], dtype=object)
    of_asked = asked["opportunity"]
    deals = rows(
        sa.select(opportunity.c.opportunity_id, opportunity.c.pipeline).where(
            opportunity.c.opportunity_id.in_(of_asked)
        )
    )
    changed = rows(
        sa.select(opportunity_history.c.opportunity_id)
        .where(opportunity_history.c.opportunity_id.in_(of_asked))
        .distinct()
    )
    regions = rows(sa.select(region.c.region_id, region.c.parent_id))
    rated = rows(sa.select(exchange_rate.c.currency).distinct())
    base_currency = connection.scalar(sa.select(setting.c.value).where(setting.c.name == "base_currency"))
    return Known(
        filled=filled,
        keys=keys,
        stages=rows(sa.select(stage.c.pipeline, stage.c.stage, stage.c.kind)),
        pipelines=deals.set_index("opportunity_id")["pipeline"],
        parents=regions.set_index("region_id")["parent_id"],
        with_history=pd.Index(changed["opportunity_id"], dtype=object),
        base_currency=base_currency or DEFAULT_BASE_CURRENCY,
        rated=pd.Index(rated["currency"], dtype=object),
    )


_REFERRED = {c.info["refers"] for table in CONTRACT.values() for c in table.columns if "refers" in c.info}


def _named(target: str, lots: tuple[Lot, ...]) -> set[str]:
    """The keys of a table that the load's rows have or refer to, as far as a database can be asked for them."""
    names: set[str] = set()
    for lot in lots:
        for column in CONTRACT[lot.table].columns:
            is_key = lot.table == target and column.name == CONTRACT[target].info["key"][0]
            if (is_key or column.info.get("refers") == target) and column.name in lot.cells:
                names.update(lot.cells[column.name].dropna().unique())
    return names - unkept(names, LONGEST_KEY).keys()


def _asked(connection: sa.Connection, target: str, names: Collection[str]) -> sa.Select:
    """The names in a temporary table, to be asked for at once: a statement does not hold a hundred thousand."""
    table = sa.Table(f"named_{target}", sa.MetaData(), sa.Column("key", sa.Text), prefixes=["TEMPORARY"])
    table.create(connection, checkfirst=False)
    write(connection, table, ((name,) for name in names))
    return sa.select(table.c.key)


def judge(
    lots: tuple[Lot, ...],
    known: Known,
    today: date,
    zone: ZoneInfo | None,
    progress,
    closing_day: str = CLOSING_DAYS[0],
) -> Judged:
    """Every rule on every row: single cells first, then keys, then what only several rows can break.

    What is said in two ways is settled before the last of these; `closing_day` is the mapping's choice.
    """
    _refuse_without_stages(lots, known)
    rows, found, cautions = {}, [], []
    for done, lot in enumerate(lots):
        progress("check", done, len(lots))
        rows[lot.table], wrong = per_column(lot, zone)
        found += [wrong, duplicates(lot.table, rows[lot.table], lot.origin["line"])]
        cautions += worth_saying.without_zone(lot, zone)
    for lot in lots:
        for column in lot.emptied:
            cells = unknown_cells(lot.table, column, rows, known.keys, known.filled)
            rows[lot.table].loc[cells.index, column] = None
            if len(cells):
                cautions.append(
                    f"{lot.table}: {len(cells):,} of {len(lot.cells):,} rows refer to an unknown {column}; "
                    "they are loaded without it, as the mapping says."
                )
    facts = _facts(_remaining(rows, together(found)), rows, known, today)
    others = contradictions.other_closings(facts)
    if closing_day == "history" and len(others):
        rows["opportunity"].loc[others.index, "closed_on"] = others["history_on"]
    late = contradictions.created_after_closing(rows)
    if len(late):
        rows["opportunity"].loc[late.index, "created_on"] = pd.NaT
    if len(others) or len(late):
        facts = replace(facts, rows=_remaining(rows, together(found)))
    found.append(across_rows(facts))
    found.append(broken_references(rows, together(found), known.keys, known.filled))
    every = together(found)
    accepted = _remaining(rows, every)
    facts = _facts(accepted, rows, known, today)
    ended = contradictions.ended_early(facts)
    said = _contradictions(lots, facts, known, late, others, ended, closing_day)
    if len(ended):
        lots, accepted = _with_present_rows(lots, accepted, ended, facts)
    cautions = [
        *worth_saying.followers(every),
        *cautions,
        *said,
        *worth_saying.differences(replace(facts, rows=accepted)),
        *worth_saying.without_amounts(accepted, has_deals="opportunity" in known.filled),
        *worth_saying.credits(accepted),
        *worth_saying.foreign_currencies(accepted, known.base_currency, known.rated),
        *worth_saying.absent_tables(accepted, known.filled),
    ]
    return Judged(lots, accepted, every, tuple(cautions))


def _contradictions(
    lots: tuple[Lot, ...],
    facts: Facts,
    known: Known,
    late: pd.DataFrame,
    others: pd.DataFrame,
    ended: pd.DataFrame,
    closing_day: str,
) -> list[str]:
    """Sentences on what is loaded although it says two things; the frames are those of `contradictions`."""
    by_table = {lot.table: lot for lot in lots}
    sentences: list[str] = []
    if "opportunity" in facts.rows:
        deals, lot = facts.rows["opportunity"], by_table["opportunity"]
        late, others = (some[some.index.isin(deals.index)] for some in (late, others))
        sentences += contradictions.without_creation(late, deals, lot)
        sentences += contradictions.closing_days(others, lot, closing_day)
        sentences += contradictions.silent_histories(ended, facts, lot)
        sentences += contradictions.beginnings(facts, known.with_history, lot)
    if "opportunity_history" in facts.rows:
        sentences += contradictions.moved_between_pipelines(facts, by_table["opportunity_history"])
    sentences += contradictions.circles_of_managers(facts.rows, by_table.get("rep"))
    return sentences + contradictions.in_the_future(facts.rows, pd.Timestamp(facts.today), by_table)


def _with_present_rows(
    lots: tuple[Lot, ...], accepted: dict[str, pd.DataFrame], ended: pd.DataFrame, facts: Facts
) -> tuple[tuple[Lot, ...], dict[str, pd.DataFrame]]:
    """The lots and rows with what ends the histories that end early; each such row comes from that of its deal."""
    by_table = {lot.table: lot for lot in lots}
    lot, where = by_table["opportunity_history"], by_table["opportunity"].origin.loc[ended.index]
    rows = contradictions.present_rows(ended, facts)
    index = range(len(lot.cells), len(lot.cells) + len(rows))
    longer = {
        "cells": lot.cells.reindex([*lot.cells.index, *index]),
        "extra": lot.extra.reindex([*lot.extra.index, *index]),
        "origin": pd.concat([lot.origin, where.set_axis(index)]),
    }
    lots = tuple(replace(one, **longer) if one is lot else one for one in lots)
    every = pd.concat([accepted["opportunity_history"], rows.set_axis(index)])
    return lots, accepted | {"opportunity_history": every}


def _refuse_without_stages(lots: tuple[Lot, ...], known: Known) -> None:
    given = {lot.table: len(lot.cells) for lot in lots}
    if given.get("opportunity") and not given.get("stage") and known.stages.empty:
        raise ImportRefused(
            "There are no stages: add stage.csv (pipeline, stage, position, kind), "
            "or in a mapping a [[table]] of the name stage."
        )


def _remaining(rows: dict[str, pd.DataFrame], found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rejected = {table: set(one["row"]) for table, one in found.groupby("table")}
    return {
        table: frame[~frame.index.isin(list(rejected[table]))] if table in rejected else frame
        for table, frame in rows.items()
    }


def _facts(rows: dict[str, pd.DataFrame], read: dict[str, pd.DataFrame], known: Known, today: date) -> Facts:
    """The load's rows with the database's behind them: where both have a key, the load's holds.

    `rows` are those still in, `read` all of them.
    """
    stages, deals, regions = (
        rows.get(name, pd.DataFrame(columns=list(columns_of(name)), dtype=object))
        for name in ("stage", "opportunity", "region")
    )
    both = pd.concat([stages[["pipeline", "stage", "kind"]], known.stages])
    pairs = set(both[["pipeline", "stage"]].itertuples(index=False, name=None))
    given = read.get("stage", stages)[["pipeline", "stage"]].dropna().itertuples(index=False, name=None)
    history = rows.get("opportunity_history")
    ours = pd.Index([], dtype=object) if history is None else pd.Index(history["opportunity_id"].unique())
    return Facts(
        rows=rows,
        stages=both.drop_duplicates(["pipeline", "stage"]),
        pipelines=_behind(deals.set_index("opportunity_id")["pipeline"], known.pipelines),
        parents=_behind(regions.set_index("region_id")["parent_id"], known.parents),
        with_history=known.with_history.append(ours),
        rejected_stages=frozenset(set(given) - pairs),
        today=today,
    )


def _behind(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    both = pd.concat([ours, theirs])
    return both[~both.index.duplicated()]
