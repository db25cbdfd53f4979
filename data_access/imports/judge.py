"""The rules applied to a whole load: what may go in, what may not and why, and what to mention."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.deals import DEFAULT_BASE_CURRENCY
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, exchange_rate, opportunity, opportunity_history, region, setting, stage

from . import cautions as worth_saying
from .lots import Lot, columns_of
from .references import broken_references, duplicates, unknown_cells
from .rules import Facts, across_rows, per_column, together


@dataclass(frozen=True)
class Known:
    """What the database has already, as far as the rules ask for it."""

    keys: dict[str, pd.Index]
    stages: pd.DataFrame
    pipelines: pd.Series
    parents: pd.Series
    with_history: pd.Index
    base_currency: str
    rated: pd.Index  # the currencies with an exchange rate


@dataclass(frozen=True)
class Judged:
    """`accepted`: {table: typed rows}; `found`: one row per broken rule; `cautions`: sentences."""

    accepted: dict[str, pd.DataFrame]
    found: pd.DataFrame
    cautions: tuple[str, ...]


def known_to(connection: sa.Connection) -> Known:
    """The keys and the few facts that new rows are checked against."""

    def rows(statement: sa.Select) -> pd.DataFrame:
        names = statement.selected_columns.keys()
        return pd.DataFrame(connection.execute(statement).all(), columns=names, dtype=object)

    referred = {c.info["refers"] for table in CONTRACT.values() for c in table.columns if "refers" in c.info}
    keys = {
        name: pd.Index(rows(sa.select(CONTRACT[name].c[CONTRACT[name].info["key"][0]])).iloc[:, 0], dtype=object)
        for name in referred
    }
    deals = rows(sa.select(opportunity.c.opportunity_id, opportunity.c.pipeline))
    regions = rows(sa.select(region.c.region_id, region.c.parent_id))
    changed = rows(sa.select(opportunity_history.c.opportunity_id).distinct())
    rated = rows(sa.select(exchange_rate.c.currency).distinct())
    base_currency = connection.scalar(sa.select(setting.c.value).where(setting.c.name == "base_currency"))
    return Known(
        keys=keys,
        stages=rows(sa.select(stage.c.pipeline, stage.c.stage, stage.c.kind)),
        pipelines=deals.set_index("opportunity_id")["pipeline"],
        parents=regions.set_index("region_id")["parent_id"],
        with_history=pd.Index(changed["opportunity_id"], dtype=object),
        base_currency=base_currency or DEFAULT_BASE_CURRENCY,
        rated=pd.Index(rated["currency"], dtype=object),
    )


def judge(lots: tuple[Lot, ...], known: Known, today: date, zone: ZoneInfo | None, progress) -> Judged:
    """Every rule on every row: single cells first, then keys, then what only several rows can break."""
    _refuse_without_stages(lots, known)
    rows, found, cautions = {}, [], []
    for done, lot in enumerate(lots):
        progress("check", done, len(lots))
        rows[lot.table], wrong = per_column(lot, zone)
        found += [wrong, duplicates(lot.table, rows[lot.table], lot.origin["line"])]
        cautions += worth_saying.without_zone(lot, zone)
    for lot in lots:
        for column in lot.emptied:
            cells = unknown_cells(lot.table, column, rows, known.keys)
            rows[lot.table].loc[cells.index, column] = None
            if len(cells):
                cautions.append(
                    f"{lot.table}: {len(cells):,} of {len(lot.cells):,} rows refer to an unknown {column}; "
                    "they are loaded without it, as the mapping says."
                )
    facts = _facts(_remaining(rows, together(found)), rows, known, today)
    found.append(across_rows(facts))
    found.append(broken_references(rows, together(found), known.keys))
    every = together(found)
    accepted = _remaining(rows, every)
    cautions = [
        *worth_saying.followers(every),
        *cautions,
        *worth_saying.differences(_facts(accepted, rows, known, today)),
        *worth_saying.without_amounts(accepted, has_deals=len(known.pipelines) > 0),
        *worth_saying.foreign_currencies(accepted, known.base_currency, known.rated),
        *worth_saying.absent_tables(accepted, known.keys),
    ]
    return Judged(accepted, every, tuple(cautions))


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
