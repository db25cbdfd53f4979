"""A change log (one line per changed field of a deal) to deals, their history and their stages."""

import json
from dataclasses import dataclass

import pandas as pd

from data_access.errors import ImportRefused

from .forms import in_iso, plain_number
from .lots import Lot, one_date_form, origin
from .mapping import ChangeLog
from .readers import Reading, Source

_STATE = ("stage", "amount", "expected_close_on", "owner_id", "region_id")  # what a history row can hold
_NAMED = 5  # deals named in a warning


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
    form = one_date_form(source, [log.time], reading.date_forms)
    changes = _changes(log, source, choices, form, reading)
    history = _history(changes)
    closings = {log.won, log.lost}
    deals = _deals(changes, history, closings, log)
    stages = _stages(log, choices, changes)
    lots = (
        Lot("stage", stages, stages[[]], origin(log.labels_file or log.file, range(1, len(stages) + 1))),
        _lot("opportunity", deals, source.file),
        _lot("opportunity_history", history, source.file),
    )
    return Read(lots, tuple(_notes(log, source, changes)))


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


def _changes(log: ChangeLog, source: Source, choices: dict, form: str, reading: Reading) -> pd.DataFrame:
    """Long form: opportunity_id, changed_at, column, value, line; created and closings as columns too."""
    parts = []
    for key, meaning in log.fields.items():
        rows = source.cells[source.cells[log.field] == key]
        values = rows[log.value]
        if meaning.labelled:
            values = values.map(lambda text, key=key: choices.get(key, {}).get(text, text))
        values = values.map(lambda text, meaning=meaning: meaning.values.get(text, text))
        if meaning.column == "amount":
            values = values.map(lambda text: plain_number(text, reading.number_form))
        if meaning.column == "expected_close_on":
            values = values.str.slice(0, 10)
        taken = [(meaning.column, values)] if meaning.column else []
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
                        "closing": bool(meaning.closes_as) and column == "stage",
                    }
                )
            )
    changes = pd.concat(parts, ignore_index=True)
    changes = changes[changes["value"].notna()]
    changes["changed_at"] = changes["changed_at"].map(lambda text: in_iso(text, form) or text)
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


def _stages(log: ChangeLog, choices: dict, changes: pd.DataFrame) -> pd.DataFrame:
    """The choices of the stage field in their order, then won and lost."""
    keys = [key for key, meaning in log.fields.items() if meaning.column == "stage"]
    names = [label for key in keys for label in choices.get(key, {}).values()]
    if not names:  # without labels: the ids that occur, in the order of their numbers
        found = changes.loc[(changes["column"] == "stage") & ~changes["closing"], "value"].unique()
        names = sorted(found, key=lambda text: (not text.isdigit(), int(text) if text.isdigit() else 0, text))
    kinds = [*((name, "open") for name in names), (log.won, "won"), (log.lost, "lost")]
    return pd.DataFrame(
        {
            "pipeline": log.pipeline,
            "stage": [name for name, _ in kinds],
            "position": [str(place) for place in range(1, len(kinds) + 1)],
            "kind": [kind for _, kind in kinds],
        },
        dtype=object,
    )


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
