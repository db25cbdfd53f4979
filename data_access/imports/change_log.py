"""A change log (one line per changed field of a deal) to deals, their history and their stages."""

import json
from dataclasses import dataclass, replace

import pandas as pd

from data_access.errors import ImportRefused

from .forms import currency_in, in_iso, mapped, plain_number
from .lots import Lot, date_forms, origin
from .mapping import ChangeLog
from .readers import Reading, Source

_STATE = ("stage", "amount", "expected_close_on", "owner_id", "region_id")  # what a history row can hold
_NAMED = 5  # deals named in a warning
_DAYS = "\0days"  # a column that no file has: the values that are days


@dataclass(frozen=True)
class Read:
    """What a change log holds: lots of `stage`, `opportunity`, `opportunity_history`, and notes on it."""

    lots: tuple[Lot, ...]
    notes: tuple[str, ...]


def read_change_log(log: ChangeLog, source: Source, labels: Source | None, reading: Reading) -> Read:
    """One history row per (deal, moment), in the order of time; the last state is the deal's own."""
    absent = {log.deal, log.time, log.field, log.value} - set(source.cells)
    if absent:
        raise ImportRefused(
            f"{source.file} lacks the column {', '.join(sorted(absent))}, which the change log is read from. "
            f"Found: {', '.join(source.cells)}. Correct the file, or the mapping."
        )
    choices = _choices(log, labels)
    changes = _changes(log, source, choices, reading)
    history = _history(changes)
    closings = {log.won, log.lost}
    deals = _deals(changes, history, closings, log)
    stages, order = _stages(log, choices, changes)
    lots = (
        Lot("stage", stages, stages[[]], origin(log.labels_file or log.file, range(1, len(stages) + 1))),
        _lot("opportunity", deals, source.file),
        _lot("opportunity_history", history, source.file),
    )
    return Read(lots, (*order, *_notes(log, source, changes)))


def _lot(table: str, frame: pd.DataFrame, file: str) -> Lot:
    cells = frame.drop(columns="line").astype(object)
    cells = cells.where(cells.notna(), None)
    return Lot(table, cells, cells[[]], origin(file, frame["line"]))


def _choices(log: ChangeLog, labels: Source | None) -> dict[str, dict[str, str]]:
    """{field: {id: label}}, in the order of the file."""
    if labels is None:
        return {}
    given = labels.cells.set_index(log.labels_field)[log.labels_options].dropna()
    try:
        choices = {
            key: {str(choice["id"]): str(choice["label"]) for choice in json.loads(options)}
            for key, options in given.items()
        }
        json.dumps(choices, ensure_ascii=False).encode()  # JSON can write halves of surrogate pairs
    except (ValueError, KeyError, TypeError) as error:
        raise ImportRefused(
            f"{labels.file}: {log.labels_options} must hold a JSON list of id and label ({error})."
        ) from error
    return choices


def _changes(log: ChangeLog, source: Source, choices: dict, reading: Reading) -> pd.DataFrame:
    """Long form: opportunity_id, changed_at, column, value, line; created and closings as columns too."""
    parts = []
    days = [key for key, meaning in log.fields.items() if meaning.column == "expected_close_on"]
    dated = source.cells.assign(**{_DAYS: source.cells[log.value].where(source.cells[log.field].isin(days))})
    plain = tuple(dict.fromkeys((*reading.date_forms, "YYYY-MM-DD", "ISO")))  # as most systems log them
    written = date_forms(replace(source, cells=dated), {log.time: reading.date_forms, _DAYS: plain})
    for key, meaning in log.fields.items():
        rows = source.cells[source.cells[log.field] == key]
        values = rows[log.value]
        if meaning.labelled:
            values = values.map(lambda text, key=key: choices.get(key, {}).get(text, text))
        values = values.map(lambda text, meaning=meaning: meaning.values.get(text, text))
        taken = []
        if meaning.column == "amount":
            codes = mapped(values, {text: currency_in(text) for text in values.dropna().unique()})
            taken = [("currency", codes)] if not any(one.column == "currency" for one in log.fields.values()) else []
            values = values.map(lambda text: plain_number(text, reading.number_form))
        if meaning.column == "expected_close_on":
            values = values.map(lambda text: in_iso(text, written[_DAYS], reading.pivot) or text).str.slice(0, 10)
        taken += [(meaning.column, values)] if meaning.column else []
        if meaning.created:
            taken.append(("created", rows[log.time]))
        if meaning.closes_as:
            taken.append(("stage", pd.Series(meaning.closes_as, index=rows.index, dtype=object)))
        for column, filled in taken:
            parts.append(
                pd.DataFrame(
                    {
                        "opportunity_id": rows[log.deal],
                        "changed_at": rows[log.time],
                        "column": column,
                        "value": filled,
                        "line": rows.index,
                        # at one moment a deal enters its stage before it closes
                        "closing": (bool(meaning.closes_as) or filled.isin([log.won, log.lost]).to_numpy())
                        & (column == "stage"),
                    }
                )
            )
    changes = pd.concat(parts, ignore_index=True)
    changes = changes[changes["value"].notna()]
    form = written[log.time]
    changes["changed_at"] = changes["changed_at"].map(lambda text: in_iso(text, form, reading.pivot) or text)
    changes = changes.sort_values(["opportunity_id", "changed_at", "closing", "line"], ignore_index=True)
    again = changes.groupby(["opportunity_id", "changed_at", "column"]).cumcount()
    changes["sequence"] = again
    return changes


def _history(changes: pd.DataFrame) -> pd.DataFrame:
    """One row per (deal, moment, sequence): the state's columns that changed then."""
    key = ["opportunity_id", "changed_at", "sequence"]
    lines = changes.groupby(key)["line"].min()
    state = changes[changes["column"].isin(_STATE)].set_index([*key, "column"])["value"].unstack("column")
    matters = changes[changes["column"].isin([*_STATE, "created"])].groupby(key).size().index
    history = state.reindex(matters).join(lines).reset_index()
    history["sequence"] = history["sequence"].astype(str)
    return history


def _deals(changes: pd.DataFrame, history: pd.DataFrame, closings: set[str], log: ChangeLog) -> pd.DataFrame:
    """One row per deal: the last value of every column, its creation, and its closing if it stands."""
    last = changes.groupby(["opportunity_id", "column"])["value"].last().unstack("column")
    deals = last.drop(columns="created", errors="ignore")
    deals["pipeline"] = log.pipeline
    deals["line"] = changes.groupby("opportunity_id")["line"].min()
    created = changes[changes["column"] == "created"].groupby("opportunity_id")["changed_at"].first()
    deals["created_on"] = created.str.slice(0, 10)
    stays = history.dropna(subset="stage")
    stays = stays[stays["stage"] != stays.groupby("opportunity_id")["stage"].shift()]
    latest = stays.groupby("opportunity_id").last()
    deals["closed_on"] = latest["changed_at"].str.slice(0, 10).where(latest["stage"].isin(closings))
    if "loss_reason" in deals:
        deals["loss_reason"] = deals["loss_reason"].where(deals["stage"] == log.lost)
    return deals.reset_index()


def _stages(log: ChangeLog, choices: dict, changes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The open stages in the order of the mapping, of the labels, or else of the deals' moves, then won and lost; and
    what is to be said of the order."""
    keys = [key for key, meaning in log.fields.items() if meaning.column == "stage"]
    names = [*log.stages] or [label for key in keys for label in choices.get(key, {}).values()]
    told = []
    if not names:
        names = in_order_of_moves(changes[(changes["column"] == "stage") & ~changes["closing"]])
        told = [
            f"{log.file}: nothing says in which order the stages stand; it is taken from how deals move through them: "
            f"{', '.join(names)}. If it is another, give it in the mapping as `stages` of [change_log]."
        ]
    names = [name for name in names if name not in (log.won, log.lost)]
    kinds = [*((name, "open") for name in names), (log.won, "won"), (log.lost, "lost")]
    stages = pd.DataFrame(
        {
            "pipeline": log.pipeline,
            "stage": [name for name, _ in kinds],
            "position": [str(place) for place in range(1, len(kinds) + 1)],
            "kind": [kind for _, kind in kinds],
        },
        dtype=object,
    )
    return stages, told


def in_order_of_moves(moves: pd.DataFrame) -> list[str]:
    """The stages by the share of other stages that deals enter before them; where as many are, in the order in which
    they first occur."""
    first = moves.groupby(["opportunity_id", "value"], sort=False)["changed_at"].agg("min").reset_index()
    pairs = first.merge(first, on="opportunity_id", suffixes=("", "_other"))
    pairs = pairs[pairs["value"] != pairs["value_other"]]
    before = (pairs["changed_at_other"] < pairs["changed_at"]).groupby([pairs["value"], pairs["value_other"]]).mean()
    share = before.groupby(level="value").mean()
    seen = first.sort_values("changed_at", kind="stable")["value"].unique()
    return sorted(seen, key=lambda name: share.get(name, 0.5))


def _notes(log: ChangeLog, source: Source, changes: pd.DataFrame):
    unknown = source.cells[~source.cells[log.field].isin(list(log.fields))]
    if len(unknown):
        named = ", ".join(sorted(unknown[log.field].dropna().unique())[:_NAMED])
        yield f"{source.file}: {len(unknown)} changes of fields not in the mapping are left out ({named})."
    made = changes[changes["column"] == "created"]["opportunity_id"].value_counts()
    twice = sorted(made[made > 1].index)
    if twice:
        named = ", ".join(twice[:_NAMED]) + (" …" if len(twice) > _NAMED else "")
        yield (
            f"{source.file}: {len(twice)} deals were created more than once ({named}). Each is taken as one "
            "deal with all its changes in the order of time; two deals may share a number there."
        )
