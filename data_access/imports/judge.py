"""The rules applied to a whole load: what may go in, what may not and why, and what to mention."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.schema import CONTRACT, opportunity, opportunity_history, region, stage

from .forms import has_offset
from .lots import Lot, columns_of
from .references import broken_references, duplicates, unknown_cells
from .rules import Facts, across_rows, last_states, per_column, together


@dataclass(frozen=True)
class Known:
    """What the database has already, as far as the rules ask for it."""

    keys: dict[str, pd.Index]
    stages: pd.DataFrame
    pipelines: pd.Series
    parents: pd.Series
    with_history: pd.Index


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
        name: pd.Index(
            rows(sa.select(CONTRACT[name].c[CONTRACT[name].info["key"][0]])).iloc[:, 0], dtype=object
        )
        for name in referred
    }
    deals = rows(sa.select(opportunity.c.opportunity_id, opportunity.c.pipeline))
    regions = rows(sa.select(region.c.region_id, region.c.parent_id))
    changed = rows(sa.select(opportunity_history.c.opportunity_id).distinct())
    return Known(
        keys=keys,
        stages=rows(sa.select(stage.c.pipeline, stage.c.stage, stage.c.kind)),
        pipelines=deals.set_index("opportunity_id")["pipeline"],
        parents=regions.set_index("region_id")["parent_id"],
        with_history=pd.Index(changed["opportunity_id"], dtype=object),
    )


def judge(lots: tuple[Lot, ...], known: Known, today: date, zone: ZoneInfo | None, progress) -> Judged:
    """Every rule on every row: single cells first, then keys, then what only several rows can break."""
    rows, found, cautions = {}, [], []
    for done, lot in enumerate(lots):
        progress("check", done, len(lots))
        rows[lot.table], wrong = per_column(lot, zone)
        found += [wrong, duplicates(lot.table, rows[lot.table], lot.origin["line"])]
        cautions += _without_zone(lot, zone)
    for lot in lots:
        for column in lot.emptied:
            cells = unknown_cells(lot.table, column, rows, known.keys)
            rows[lot.table].loc[cells.index, column] = None
            if len(cells):
                cautions.append(
                    f"{lot.table}: {len(cells):,} of {len(lot.cells):,} rows refer to an unknown {column}; "
                    "they are loaded without it, as the mapping says."
                )
    facts = _facts(_remaining(rows, together(found)), known, today)
    found.append(across_rows(facts))
    found.append(broken_references(rows, together(found), known.keys))
    accepted = _remaining(rows, together(found))
    cautions += _differences(_facts(accepted, known, today))
    return Judged(accepted, together(found), tuple(cautions))


def _remaining(rows: dict[str, pd.DataFrame], found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rejected = {table: set(one["row"]) for table, one in found.groupby("table")}
    return {
        table: frame[~frame.index.isin(list(rejected[table]))] if table in rejected else frame
        for table, frame in rows.items()
    }


def _facts(rows: dict[str, pd.DataFrame], known: Known, today: date) -> Facts:
    """The load's rows with the database's behind them: where both have a key, the load's holds."""
    stages, deals, regions = (
        rows.get(name, pd.DataFrame(columns=list(columns_of(name)), dtype=object))
        for name in ("stage", "opportunity", "region")
    )
    both = pd.concat([stages[["pipeline", "stage", "kind"]], known.stages])
    history = rows.get("opportunity_history")
    ours = pd.Index([], dtype=object) if history is None else pd.Index(history["opportunity_id"].unique())
    return Facts(
        rows=rows,
        stages=both.drop_duplicates(["pipeline", "stage"]),
        pipelines=_behind(deals.set_index("opportunity_id")["pipeline"], known.pipelines),
        parents=_behind(regions.set_index("region_id")["parent_id"], known.parents),
        with_history=known.with_history.append(ours),
        today=today,
    )


def _behind(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    both = pd.concat([ours, theirs])
    return both[~both.index.duplicated()]


def _without_zone(lot: Lot, zone: ZoneInfo | None) -> list[str]:
    moments = [name for name, form in columns_of(lot.table).items() if form == "moment" and name in lot.cells]
    count = sum(int(lot.cells[name].dropna().map(has_offset).sum()) for name in moments)
    if not count or zone is not None:
        return []
    return [
        f"{lot.table}: {count:,} times carry a time zone offset, and the setting time_zone is empty; "
        "they are taken as the clock showed them there."
    ]


_SAYS = {
    "amount": "amount",
    "owner_id": "owner",
    "region_id": "region",
    "expected_close_on": "expected close",
}


def _differences(facts: Facts) -> list[str]:
    """Deals whose present columns differ from their last history row in this load: counted, not rejected."""
    if "opportunity" not in facts.rows or "opportunity_history" not in facts.rows:
        return []
    last, deals = last_states(facts), facts.rows["opportunity"].set_index("opportunity_id")
    sentences = []
    for column, name in _SAYS.items():
        stated, present = last[column].dropna(), deals[column].reindex(last[column].dropna().index)
        count = int((present.isna() | (present != stated)).sum())
        if count:
            sentences.append(
                f"opportunity: {count:,} deals have another {name} than their history ends with; "
                "as of a day the history counts."
            )
    return sentences
