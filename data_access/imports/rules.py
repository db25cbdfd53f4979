"""The import rules, declared: per column in `schema.py`, across rows in `RULES` below.

A broken rule rejects its row. Each finding is one row of a frame with the columns of `FINDING`:
table, row (its index in the lot), column, value (text), reason (a phrase that follows the column's name),
follows (true: the row is only rejected because it refers to a rejected one).
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pandera.pandas as pa
import sqlalchemy as sa

from data_access.database.limits import DEEPEST_TREE, LONGEST_NOTE, LONGEST_NUMBER, written
from data_access.schema import CONTRACT

from .forms import SCALES, mapped, typed, unkept
from .lots import Lot, columns_of

FINDING = ("table", "row", "column", "value", "reason", "follows")
_NOTHING = pd.DataFrame(columns=list(FINDING), dtype=object)
_SHOWN = 100  # characters of a rejected value; its whole row is in the file of rejected rows anyway
_STAGES_NAMED = 20


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the load's typed rows that are still in, and what the database has.

    rows    {table: typed frame} of this load, with all of the contract's columns
    stages  pipeline, stage, kind: of this load and of the database
    pipelines  {opportunity_id: pipeline} of both, parents {region_id: parent_id} of both
    with_history  the deals that have a history, in either
    rejected_stages  (pipeline, stage) of this load's stages that are out
    """

    rows: Mapping[str, pd.DataFrame]
    stages: pd.DataFrame
    pipelines: pd.Series
    parents: pd.Series
    with_history: pd.Index
    rejected_stages: frozenset[tuple[str, str]]
    today: date


@dataclass(frozen=True)
class Rule:
    """One rule across columns or rows. `broken` gives a boolean per row of the table.

    more  what is added to the reason, per broken row; rows with None refer to something rejected
    """

    name: str
    table: str
    column: str
    broken: Callable[[pd.DataFrame, Facts], pd.Series]
    reason: str
    more: Callable[[pd.DataFrame, Facts], list[str | None]] | None = None


def _closes(deals: pd.DataFrame, facts: Facts) -> pd.Series:
    return kind_of_stage(deals, facts).isin(["won", "lost"])


def kind_of_stage(deals: pd.DataFrame, facts: Facts) -> pd.Series:
    """What the stages of rows with a pipeline are: open, won or lost; none where the pipeline does not have them."""
    return deals[["pipeline", "stage"]].merge(facts.stages, how="left").set_index(deals.index)["kind"]


def _unknown_stage(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    return kind_of_stage(rows, facts).isna()


def _unknown_stage_in_history(changes: pd.DataFrame, facts: Facts) -> pd.Series:
    return _not_its_own_stage(changes, facts) & ~of_another_pipeline(changes, facts)


def of_another_pipeline(changes: pd.DataFrame, facts: Facts) -> pd.Series:
    """The rows of a history whose stage is none of the deal's pipeline, and one of another: it came from there."""
    is_known = changes["stage"].isin(facts.stages["stage"])
    pairs = _with_pipeline(changes, facts)[["pipeline", "stage"]].itertuples(index=False, name=None)
    is_out = [pair in facts.rejected_stages for pair in pairs] if facts.rejected_stages else False
    return _not_its_own_stage(changes, facts) & is_known & np.logical_not(is_out)


def _not_its_own_stage(changes: pd.DataFrame, facts: Facts) -> pd.Series:
    changes = _with_pipeline(changes, facts)
    return changes["stage"].notna() & changes["pipeline"].notna() & kind_of_stage(changes, facts).isna()


def _with_pipeline(changes: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    # As objects: where no deal is left, pandas would make numbers of them, which match no text.
    return changes.assign(pipeline=changes["opportunity_id"].map(facts.pipelines).astype(object))


def _stages_there_are(rows: pd.DataFrame, facts: Facts) -> list[str | None]:
    """What the pipeline's stages are, and which one may be meant."""
    if "pipeline" not in rows:
        rows = _with_pipeline(rows, facts)
    of_pipeline = facts.stages.groupby("pipeline", sort=False)["stage"].agg(list).to_dict()
    pairs = list(rows[["pipeline", "stage"]].itertuples(index=False, name=None))
    said = {(pipeline, stage): _stages_of(pipeline, stage, of_pipeline) for pipeline, stage in set(pairs)}
    return [None if pair in facts.rejected_stages else said[pair] for pair in pairs]


def _stages_of(pipeline: str, stage: str, of_pipeline: dict[str, list[str]]) -> str:
    if pipeline not in of_pipeline:
        return f": there is no pipeline {pipeline!r}{did_you_mean(pipeline, of_pipeline)}"
    stages = of_pipeline[pipeline]
    named = ", ".join(stages[:_STAGES_NAMED]) + (" …" if len(stages) > _STAGES_NAMED else "")
    return f" {pipeline!r}, which has {named}{did_you_mean(stage, stages)}"


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The name that may be meant, as the end of a sentence; "" where none is near."""
    near = nearest(given, known)
    return f"; did you mean {near!r}?" if near else ""


def nearest(given: str, known: Iterable[str]) -> str:
    """The known name that may be meant, whatever its case and spaces; "" where none is near."""
    by_folded = {name.casefold().replace(" ", "_"): name for name in known}
    near = difflib.get_close_matches(given.casefold().replace(" ", "_"), by_folded, n=1)
    return by_folded[near[0]] if near else ""


def _in_a_circle(regions: pd.DataFrame, facts: Facts) -> pd.Series:
    parents = facts.parents.to_dict()
    return regions["region_id"].map(lambda region_id: region_id in _above(region_id, parents)).astype(bool)


def _too_deep(regions: pd.DataFrame, facts: Facts) -> pd.Series:
    """Regions below too many others, and those under which others come to be that are not in this load."""
    parents, ours = facts.parents.to_dict(), set(facts.rows["region"]["region_id"])
    deep = set()
    for region_id in parents:
        above = _above(region_id, parents)
        if len(above) >= DEEPEST_TREE and len(set(above)) == len(above):
            deep.add(next((one for one in [region_id, *above] if one in ours), None))
    return regions["region_id"].isin(list(deep))


def _above(region_id: str, parents: Mapping[str, str | None]) -> list[str]:
    """The regions above one, nearest first: no more than a tree may have, so that a circle ends, too."""
    found: list[str] = []
    above = parents.get(region_id)
    while above is not None and above in parents and len(found) < DEEPEST_TREE:
        found.append(above)
        above = parents[above]
    return found


def _untold_closing(deals: pd.DataFrame, facts: Facts) -> pd.Series:
    """Closed deals of which neither they nor a history that ends where they stand tell the day."""
    is_untold = ~deals["opportunity_id"].isin(facts.with_history)
    if "opportunity_history" in facts.rows:
        last = last_states(facts)["stage"].reindex(deals["opportunity_id"]).set_axis(deals.index)
        is_untold |= last.notna() & (last != deals["stage"])
    return _closes(deals, facts) & deals["closed_on"].isna() & is_untold


def last_states(facts: Facts) -> pd.DataFrame:
    """One row per deal with history in this load: the last filled cell of each column."""
    changes = facts.rows["opportunity_history"].sort_values(["changed_at", "sequence"], kind="stable")
    states = ["stage", "amount", "owner_id", "region_id", "expected_close_on"]
    return changes.groupby("opportunity_id")[states].last()


RULES = (
    Rule(
        "unknown stage",
        "opportunity",
        "stage",
        _unknown_stage,
        "is not a stage of the deal's pipeline",
        _stages_there_are,
    ),
    Rule(
        "unknown stage",
        "opportunity_history",
        "stage",
        _unknown_stage_in_history,
        "is not a stage of the deal's pipeline",
        _stages_there_are,
    ),
    Rule(
        "unknown stage",
        "key_action",
        "stage",
        _unknown_stage,
        "is not a stage of this pipeline",
        _stages_there_are,
    ),
    Rule(
        "conversion before creation",
        "lead",
        "converted_on",
        lambda leads, facts: leads["converted_on"] < leads["created_on"],
        "lies before created_on",
    ),
    Rule(
        "future closing",
        "opportunity",
        "closed_on",
        lambda deals, facts: deals["closed_on"] > pd.Timestamp(facts.today),
        "lies in the future",
    ),
    Rule(
        "future change",
        "opportunity_history",
        "changed_at",
        lambda changes, facts: changes["changed_at"].dt.normalize() > pd.Timestamp(facts.today),
        "lies in the future, and a history holds what has happened",
    ),
    Rule(
        "closed without a day",
        "opportunity",
        "closed_on",
        _untold_closing,
        "is empty although the stage is won or lost, and no history tells the day",
    ),
    Rule(
        "open with a closing day",
        "opportunity",
        "closed_on",
        lambda deals, facts: (kind_of_stage(deals, facts) == "open") & deals["closed_on"].notna(),
        "is filled although the stage is open",
    ),
    Rule("circle of regions", "region", "parent_id", _in_a_circle, "leads back to the region itself"),
    Rule(
        "deep tree of regions",
        "region",
        "parent_id",
        _too_deep,
        f"makes the tree of regions deeper than {DEEPEST_TREE} levels",
    ),
)


def across_rows(facts: Facts) -> pd.DataFrame:
    """The findings of `RULES`, in their order: a row that broke one is out of sight of those below it."""
    found = []
    for rule in RULES:
        rows = facts.rows.get(rule.table)
        if rows is not None and len(rows):
            broken = rule.broken(rows, facts).fillna(False).astype(bool)
            found.append(_findings_of(rule, rows[broken], facts))
            facts = replace(facts, rows={**facts.rows, rule.table: rows[~broken]})
    return together(found)


def _findings_of(rule: Rule, broken: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    if rule.more is None:
        return findings(rule.table, broken[rule.column], rule.column, rule.reason)
    more = rule.more(broken, facts)
    reasons = ["is that of a `stage` row that is rejected" if one is None else rule.reason + one for one in more]
    return findings(rule.table, broken[rule.column], rule.column, reasons, [one is None for one in more])


def findings(table: str, cells: pd.Series, column: str, reason, follows=False) -> pd.DataFrame:
    """Findings on cells of one column; `reason` and `follows` are one for all, or one per cell."""
    if cells.empty:  # as nearly always, and a table of nothing takes as long to build
        return _NOTHING
    return pd.DataFrame(
        {
            "table": table,
            "row": cells.index,
            "column": column,
            "value": cells.map(_shown).array,
            "reason": reason,
            "follows": follows,
        }
    )


def together(found: list[pd.DataFrame]) -> pd.DataFrame:
    found = [one for one in found if len(one)]
    return pd.concat(found, ignore_index=True) if found else _NOTHING.copy()


def _shown(value) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# --- per column ---------------------------------------------------------------------------------------


def per_column(lot: Lot, zone) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lot's typed rows (all columns of the contract), and what is wrong with single cells."""
    forms, table = columns_of(lot.table), CONTRACT[lot.table]
    columns, found = {}, []
    for name, form in forms.items():
        cells = lot.cells[name] if name in lot.cells else pd.Series(None, index=lot.cells.index, dtype=object)
        read = typed(cells, form, zone, table.c[name].info.get("longest", LONGEST_NUMBER))
        columns[name] = read.values
        found.append(_with_reasons(lot.table, cells, name, read.reasons))
        if name in lot.positive:
            below = cells[(read.values < 0).fillna(False).astype(bool)]
            found.append(
                findings(lot.table, below, name, 'is negative, which the mapping refuses (negative = "refuse")')
            )
    for name in lot.extra:
        reasons = unkept(lot.extra[name].dropna().unique(), LONGEST_NOTE)
        found.append(_with_reasons(lot.table, lot.extra[name], name, reasons))
    rows = pd.DataFrame(columns, index=lot.cells.index, copy=False)
    for column in table.columns:  # parts of a natural key are never null
        if isinstance(column.server_default, sa.DefaultClause) and column.name in forms:
            default = str(column.server_default.arg)
            rows[column.name] = rows[column.name].fillna(int(default) if default.isdigit() else default)
    failures = _failures(_column_rules(lot.table), rows)
    if len(failures):
        failures["value"] = [
            _shown(lot.cells.at[row, name]) if name in lot.cells else ""
            for row, name in zip(failures["row"], failures["column"], strict=True)
        ]
        found.append(failures.assign(table=lot.table, follows=False)[list(FINDING)])
    # A cell that could not be read is empty now: its first reason is the true one.
    return rows, together(found).drop_duplicates(["row", "column"])


def _with_reasons(table: str, cells: pd.Series, column: str, reasons: dict[str, str]) -> pd.DataFrame:
    if not reasons:
        return _NOTHING
    bad = cells[cells.isin(list(reasons))]
    return findings(table, bad, column, mapped(bad, reasons).array)


def _failures(schema: pa.DataFrameSchema, rows: pd.DataFrame) -> pd.DataFrame:
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        reasons = cases["check"].replace({"not_nullable": "is required, and empty"})
        return pd.DataFrame({"row": cases["index"].astype("int64"), "column": cases["column"], "reason": reasons})
    return pd.DataFrame({"row": [], "column": [], "reason": []})


@cache
def _column_rules(table: str) -> pa.DataFrameSchema:
    """The rules that `schema.py` states for each column, as a pandera schema; failures come as phrases."""
    forms = columns_of(table)
    columns = {}
    for column in CONTRACT[table].columns:
        if column.name in forms:
            columns[column.name] = pa.Column(nullable=bool(column.nullable), checks=_checks(column))
    return pa.DataFrameSchema(columns)


def _checks(column) -> list[pa.Check]:
    rules, scale = column.info, SCALES.get(column.info["form"], 1)
    checks = []
    if rules.get("choices"):
        choices = rules["choices"]
        checks.append(pa.Check.isin(choices, error=f"is none of {', '.join(choices)}"))
    if rules.get("least") is not None:
        reason = "is negative" if rules["least"] == 0 else f"is under {written(rules['least'])}"
        checks.append(pa.Check.ge(rules["least"] * scale, error=reason))
    if rules.get("most") is not None:
        checks.append(pa.Check.le(rules["most"] * scale, error=f"is over {written(rules['most'])}"))
    if rules.get("month"):
        checks.append(pa.Check(lambda days: days.dt.day == 1, error="is not the first day of a month"))
    if rules.get("monday"):
        checks.append(pa.Check(lambda days: days.dt.day_of_week == 0, error="is not a Monday"))
    return checks
