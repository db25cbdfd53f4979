"""The stages of a mapping that cannot know them: told from the deals, their histories, and the columns of a spread."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median

import pandas as pd

from .change_log import in_order_of_moves
from .forms import plain_number
from .lots import Lot, holds, origin
from .mapping import Stages, TableRule
from .readers import Source

_PAIR = ["pipeline", "stage"]
_MOST_PIPELINES = 5  # whose stages are named


@dataclass(frozen=True)
class Part:
    """A lot, the rule that made it, and the file it was made of."""

    rule: TableRule
    source: Source
    lot: Lot


@dataclass(frozen=True)
class Told:
    """The lot of `stage`, the lots beside it with what holds for some kinds only, and sentences."""

    stages: Lot
    parts: tuple[Part, ...]
    notes: tuple[str, ...]


def told(stages: Stages, parts: Iterable[Part]) -> Told:
    """The stages that deals, their histories and the columns of a spread speak of: kinds and order.

    Of each pipeline open ones first, then those that are won, then lost. Open ones stand in the order of the spread's
    columns, else of the probabilities, else of the deals' moves, else as they first occur.
    """
    parts = list(parts)
    deals = pd.concat([_deals(stages, part) for part in parts if part.rule.name == "opportunity"], ignore_index=True)
    moves = _moves([part for part in parts if part.rule.name == "opportunity_history"], deals)
    wide = _wide(parts, deals["pipeline"].dropna().unique())
    pairs = pd.concat([wide, deals[_PAIR], moves[_PAIR]]).dropna().drop_duplicates()
    kinds = {pair: _kind(stages, pair[1]) for pair in pairs.itertuples(index=False, name=None)}
    said = _kinds_said(deals)
    kinds |= {pair: kind for pair, kind in said.items() if kind}
    rows, notes = [], []
    for pipeline in pairs["pipeline"].unique():
        names = pairs.loc[pairs["pipeline"] == pipeline, "stage"].tolist()
        is_open = [name for name in names if kinds[pipeline, name] == "open"]
        of = {"deals": deals, "moves": moves, "wide": wide}
        names_open, order = _ordered(is_open, **{key: one[one["pipeline"] == pipeline] for key, one in of.items()})
        ends = [name for kind in ("won", "lost") for name in names if kinds[pipeline, name] == kind]
        for place, name in enumerate([*names_open, *ends], start=1):
            rows.append((pipeline, name, str(place), kinds[pipeline, name]))
        notes.append(_sentence(pipeline, [row for row in rows if row[0] == pipeline], order, stages))
    file = next(part.source.file for part in parts if part.rule.name == "opportunity")
    cells = pd.DataFrame(rows, columns=[*_PAIR, "position", "kind"], dtype=object)
    lot = Lot("stage", cells, cells[[]], origin(file, range(1, len(cells) + 1)))
    more = len(notes) - _MOST_PIPELINES
    shown = notes if more <= 0 else [*notes[:_MOST_PIPELINES], f"stage: {more} more pipelines likewise."]
    return Told(lot, tuple(_of_kinds(part, kinds) for part in parts), (*shown, *_contradictions(deals, kinds)))


def _deals(stages: Stages, part: Part) -> pd.DataFrame:
    """opportunity_id, pipeline, stage, probability, and what the deal's own columns say of its kind."""
    lines, cells = part.lot.origin["line"], part.source.cells
    deals = part.lot.cells[["opportunity_id", *_PAIR]].copy()
    deals["probability"], deals["said"] = None, None
    if stages.probability in cells:
        texts = cells[stages.probability].reindex(lines)
        texts = texts.map(lambda text: plain_number(text.removesuffix("%"), "1,234.56"), na_action="ignore")
        deals["probability"] = pd.to_numeric(texts, errors="coerce").to_numpy()
    conditions = {"lost": stages.lost_where, "won": stages.won_where}
    conditions = {kind: one for kind, one in conditions.items() if one and one.keys() <= set(cells)}
    if conditions:
        deals["said"] = "open"
    for kind, condition in conditions.items():
        deals.loc[holds(part.source, condition).reindex(lines).to_numpy(), "said"] = kind
    return deals


def _moves(parts: list[Part], deals: pd.DataFrame) -> pd.DataFrame:
    """opportunity_id, value and changed_at as the moves of a change log have them, with pipeline and stage."""
    columns = ["opportunity_id", "changed_at", "stage"]
    found = [part.lot.cells[columns] for part in parts if "stage" in part.lot.cells]
    moves = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns, dtype=object)
    own = deals.drop_duplicates("opportunity_id").set_index("opportunity_id")["pipeline"]
    moves["pipeline"] = moves["opportunity_id"].map(own).astype(object)
    return moves.dropna().assign(value=lambda frame: frame["stage"])


def _wide(parts: list[Part], pipelines: Iterable[str]) -> pd.DataFrame:
    """The pairs that the columns of a spread name, in their order."""
    pairs = [
        (pipeline, name)
        for part in parts
        if part.rule.spread is not None and part.rule.spread.name == "stage"
        for name, beside in part.rule.spread.named(part.source.cells).values()
        for pipeline in (beside.values() or pipelines)
    ]
    return pd.DataFrame(pairs, columns=_PAIR, dtype=object)


def _kind(stages: Stages, name: str) -> str:
    for kind, patterns in (("won", stages.won), ("lost", stages.lost)):
        if any(fnmatch.fnmatch(name.casefold(), pattern.casefold()) for pattern in patterns):
            return kind
    return "open"


def _kinds_said(deals: pd.DataFrame) -> Mapping[tuple[str, str], str]:
    """What most deals of a stage say by their columns; of two that are said as often, what the first one says."""
    said = deals.dropna(subset=[*_PAIR, "said"])
    return {pair: kinds.value_counts(sort=True).index[0] for pair, kinds in said.groupby(_PAIR, sort=False)["said"]}


def _contradictions(deals: pd.DataFrame, kinds: Mapping[tuple[str, str], str]) -> Iterator[str]:
    said = deals.dropna(subset=[*_PAIR, "said"])
    own = [kinds[pair] for pair in said[_PAIR].itertuples(index=False, name=None)]
    others = said[said["said"] != own]
    if len(others):
        first = others.iloc[0]
        kind = kinds[first["pipeline"], first["stage"]]
        yield (
            f"opportunity: {len(others):,} deals say of themselves another outcome than most of their stage "
            f"({first['opportunity_id']} in {first['stage']}, which is {kind}, is {first['said']}). The stage counts."
        )


def _ordered(names: list[str], deals: pd.DataFrame, moves: pd.DataFrame, wide: pd.DataFrame) -> tuple[list[str], str]:
    """The open stages of a pipeline in their order, and where it is from."""
    of_columns = [name for name in wide["stage"] if name in names]
    if of_columns:
        rest = [name for name in names if name not in of_columns]
        behind = f"; {', '.join(rest)}, without such a column, behind them" if rest else ""
        return [*of_columns, *rest], f"in the order of the columns that tell when each was entered{behind}"
    likely = deals.dropna(subset="probability").groupby("stage")["probability"].agg(median).reindex(names)
    if likely.notna().all() and likely.nunique() > 1:
        return sorted(names, key=likely.get), "in the order of their deals' probability"
    moves = moves[moves["stage"].isin(names)]
    if moves.groupby("opportunity_id")["stage"].nunique().gt(1).any():
        moved = in_order_of_moves(moves)
        return [*moved, *(name for name in names if name not in moved)], "in the order in which deals move through them"
    return names, "in the order in which they first occur, as nothing says another"


def _sentence(pipeline: str, rows: list[tuple[str, str, str, str]], order: str, stages: Stages) -> str:
    of = {kind: [name for _, name, _, its in rows if its == kind] for kind in ("open", "won", "lost")}
    shown = "; ".join(f"{kind}: {', '.join(names) if names else 'none'}" for kind, names in of.items())
    patterns = ", ".join((*stages.won, *stages.lost))
    missing = (
        f" No stage is called like one of {patterns}: if deals are closed in another, name it in `won` or `lost` of "
        "[stages] in a copy of the mapping."
        if not of["won"] and not of["lost"]
        else ""
    )
    other = "" if len(of["open"]) < 2 else " If it is another, list the stages as `rows` of a copy of the mapping."
    return f"stage: of {pipeline}, {shown}. Open ones stand {order}.{other}{missing}"


def _of_kinds(part: Part, kinds: Mapping[tuple[str, str], str]) -> Part:
    """What the rule takes for some kinds of stages only is emptied in the others."""
    only = {name: cell.of_kind for name, cell in part.rule.columns.items() if cell.of_kind}
    if not only or part.rule.name != "opportunity":
        return part
    kind = pd.Series([kinds.get(pair, "") for pair in part.lot.cells[_PAIR].itertuples(index=False, name=None)])
    cells = part.lot.cells.assign(**{n: part.lot.cells[n].where(kind.isin(k), None) for n, k in only.items()})
    return replace(part, lot=replace(part.lot, cells=cells))
