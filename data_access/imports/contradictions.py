"""Contradictions inside one export: which of two statements is taken, and a sentence that counts them.

What a CRM says in two ways is neither a reason to refuse a load nor one to say nothing: the later or more particular
evidence is taken, and each sentence says how many, the first of them with their lines, and what to do.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_access.lifecycle import NOBODY, OUTCOMES, last_closings
from data_access.schema import CONTRACT

from .lots import Lot
from .rejected import place
from .rules import Facts, kind_of_stage, of_another_pipeline

_NAMED = 3  # rows named in a sentence


def other_closings(facts: Facts) -> pd.DataFrame:
    """The closed deals whose history of this load closes them on another day than they say themselves.

    By the deals' rows: opportunity_id, closed_on, history_on (the history's day), is_earlier (closed_on lies before the
    deal was reopened, or closed another way: it speaks of an earlier closing).
    """
    deals, changes = facts.rows.get("opportunity"), facts.rows.get("opportunity_history")
    if deals is None or changes is None:
        return _NO_CLOSINGS
    kind = kind_of_stage(deals, facts)
    closed = deals[kind.isin(["won", "lost"]) & deals["closed_on"].notna()]
    closed = closed.assign(kind=kind)[["opportunity_id", "pipeline", "closed_on", "kind"]].reset_index(names="row")
    changes = changes.merge(closed, on="opportunity_id")  # a deal stands in it once
    if changes.empty:
        return _NO_CLOSINGS
    changes = changes.sort_values(["row", "changed_at", "sequence"], kind="stable", ignore_index=True)
    changes["stage"] = changes["stage"].mask(kind_of_stage(changes, facts).isna())  # of another pipeline
    changes["stage"] = changes.groupby("row")["stage"].ffill()
    after = kind_of_stage(changes, facts).fillna(OUTCOMES[0])
    day = changes["changed_at"].dt.normalize()
    deal, outcome = changes["row"].to_numpy(), np.array([OUTCOMES.index(one) for one in after])
    closings = last_closings(deal, outcome)
    its, limit = closings.row, closings.not_before
    changes["history_on"] = day.iloc[its].array
    changes["is_earlier"] = (limit != NOBODY) & (changes["closed_on"] < day.iloc[limit].array).to_numpy()
    ends = ~changes.duplicated("row", keep="last") & (after == changes["kind"])
    differs = ends & (changes["history_on"] != changes["closed_on"])
    return changes[differs].set_index("row")[list(_NO_CLOSINGS)]


_NO_CLOSINGS = pd.DataFrame(columns=["opportunity_id", "closed_on", "history_on", "is_earlier"], dtype=object)


def closing_days(others: pd.DataFrame, lot: Lot, closing_day: str) -> list[str]:
    """`others`: the deals of `other_closings`; `closing_day`: which of the two days the mapping takes."""
    is_earlier = others["is_earlier"].astype(bool)
    if closing_day == "history":
        is_earlier &= False
        taken = "The history's day counts, as the mapping says."
    else:
        taken = (
            "closed_on counts, in everything that goes by the closing. "
            'If the history is right, say closing_day = "history" in a mapping.'
        )

    def shown(some: pd.DataFrame) -> str:
        return _first(some, lot, lambda one: f"closed {_day(one.closed_on)}, by its history {_day(one.history_on)}")

    sentences = []
    if len(others[~is_earlier]):
        count = f"{(~is_earlier).sum():,} deals have another closing day than their history"
        sentences.append(f"opportunity: {count} ({shown(others[~is_earlier])}). {taken}")
    if len(others[is_earlier]):
        sentences.append(
            f"opportunity: {is_earlier.sum():,} deals have a closed_on from before they were last reopened "
            f"({shown(others[is_earlier])}). It speaks of an earlier closing, so the history's day counts. "
            "Export the day of the last closing."
        )
    return sentences


def ended_early(facts: Facts) -> pd.DataFrame:
    """The deals whose history of this load ends in another stage than they have, with what it ends with.

    By the deals' rows: all columns of `opportunity`, and ends_at, ends_as (the last row's number in its moment),
    ends_in (the stage), ends_with (the amount).
    """
    deals, changes = facts.rows.get("opportunity"), facts.rows.get("opportunity_history")
    if deals is None or changes is None or changes.empty:
        return pd.DataFrame()
    changes = changes.sort_values(["changed_at", "sequence"], kind="stable")
    ends = changes.groupby("opportunity_id")[["stage", "amount"]].last()
    moments = changes.drop_duplicates("opportunity_id", keep="last").set_index("opportunity_id")
    ends = ends.join(moments[["changed_at", "sequence"]])
    ends = ends.set_axis(["ends_in", "ends_with", "ends_at", "ends_as"], axis=1)
    deals = deals.join(ends, on="opportunity_id")
    return deals[deals["ends_in"].notna() & (deals["ends_in"] != deals["stage"])]


def present_rows(ended: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """A further row of `opportunity_history` per deal of `ended`: its present stage, and its amount where that differs,
    at the end of the day it closed on, else of the last day that anything happened on; behind its last row."""
    at = ended["closed_on"].fillna(_last_day(facts)) + _END_OF_DAY
    at = at.where(at > ended["ends_at"], ended["ends_at"])
    differs = ended["ends_with"].notna() & (ended["amount"] != ended["ends_with"])
    rows = pd.DataFrame(
        {
            "opportunity_id": ended["opportunity_id"],
            "changed_at": at,
            "sequence": (ended["ends_as"] + 1).where(at == ended["ends_at"], 0),
            "stage": ended["stage"],
            "amount": ended["amount"].where(differs.fillna(False).astype(bool)),
        }
    )
    history = facts.rows["opportunity_history"]
    return rows.reindex(columns=history.columns).astype(history.dtypes)


_END_OF_DAY = pd.Timedelta(days=1, seconds=-1)


def _last_day(facts: Facts) -> pd.Timestamp:
    """The last day that anything of this load happened on."""
    days = [
        rows[column.name].max()
        for table, rows in facts.rows.items()
        for column in CONTRACT[table].columns
        if column.info.get("happened") and len(rows)
    ]
    return min(max(day for day in days if not pd.isna(day)).normalize(), pd.Timestamp(facts.today))


def silent_histories(ended: pd.DataFrame, facts: Facts, lot: Lot) -> list[str]:
    if ended.empty:
        return []
    shown = _first(ended, lot, lambda one: f"in {one.ends_in}, now {one.stage}")
    first, last = (_day(moment) for moment in (ended["ends_at"].min(), ended["ends_at"].max()))
    since = f"since {first}" if first == last else f"since {first} to {last}"
    return [
        f"opportunity_history: the histories of {len(ended):,} of {len(facts.rows['opportunity']):,} deals end in "
        f"another stage than the deals have ({shown}), silent {since}. What a deal says is later: a row is added to "
        f"each, on the day it closed, else on {_day(_last_day(facts))}; the days between are as the history has them. "
        "If the export was cut at a limit of rows, export the whole history and load again."
    ]


def beginnings(facts: Facts, with_history: pd.Index, lot: Lot) -> list[str]:
    """Histories that begin on another day than the deal was created; not those `with_history`, which began before."""
    deals, changes = facts.rows.get("opportunity"), facts.rows.get("opportunity_history")
    if deals is None or changes is None or changes.empty:
        return []
    begins = changes.groupby("opportunity_id")["changed_at"].min().dt.normalize().rename("begins")
    deals = deals[~deals["opportunity_id"].isin(with_history)].join(begins, on="opportunity_id")
    lag = (deals["begins"] - deals["created_on"]).dt.days
    sentences = []
    for some, what, taken in (
        (deals[lag < 0], "before their created_on", "They count as created on the day of the first row."),
        (
            deals[lag > _LONG],
            f"more than {_LONG} days after their created_on",
            "The stage of the first row holds from created_on, so their time in it may be too long. "
            "If the system has kept histories only since then, nothing better is known.",
        ),
    ):
        if len(some):
            shown = _first(some, lot, lambda one: f"created {_day(one.created_on)}, history from {_day(one.begins)}")
            sentences.append(
                f"opportunity_history: the histories of {len(some):,} deals begin {what} ({shown}). {taken}"
            )
    return sentences


_LONG = 30  # days after its creation from which on a history begins late


def moved_between_pipelines(facts: Facts, lot: Lot) -> list[str]:
    """Deals that were in a stage of another pipeline than theirs; `lot` of their histories."""
    changes = facts.rows.get("opportunity_history")
    if changes is None or "opportunity" not in facts.rows:
        return []
    changes = changes[of_another_pipeline(changes, facts)].drop_duplicates("opportunity_id")
    if changes.empty:
        return []
    changes = changes.assign(pipeline=changes["opportunity_id"].map(facts.pipelines))
    shown = _first(changes, lot, lambda one: f"was in {one.stage}, which {one.pipeline} does not have")
    return [
        f"opportunity_history: {len(changes):,} deals came from another pipeline ({shown}). Their rows from there "
        "count without a stage: amounts and owners hold, and their time there is in no funnel. If such a stage belongs "
        "to the pipeline they are in now, add it to `stage`."
    ]


def circles_of_managers(rows: Mapping[str, pd.DataFrame], lot: Lot | None) -> list[str]:
    """Reps of this load whose managers lead back to themselves; `lot` is that of `rep`."""
    if lot is None:
        return []
    reps = rows["rep"]
    has_manager = reps[reps["manager_id"].notna()]
    managers = dict(zip(has_manager["rep_id"], has_manager["manager_id"], strict=True))
    done: set[str] = set()
    in_circle: set[str] = set()
    for one in managers:
        rep = one
        path: list[str] = []
        while rep in managers and rep not in done:
            done.add(rep)
            path.append(rep)
            rep = managers[rep]
        if rep in path:
            in_circle.update(path[path.index(rep) :])
    some = reps[reps["rep_id"].isin(list(in_circle))]
    if some.empty:
        return []
    shown = _first(some.assign(key=some["rep_id"]), lot, lambda one: f"managed by {one.manager_id}")
    return [
        f"rep: the managers of {len(some):,} of {len(reps):,} reps lead back to themselves ({shown}). Each is loaded "
        "in the team of that manager, as it says; nothing goes up further than one manager. Empty manager_id of "
        "whoever is at the top, and load again."
    ]


def in_the_future(rows: Mapping[str, pd.DataFrame], today: pd.Timestamp, lots: dict[str, Lot]) -> list[str]:
    """Per column what says that something happened, on a day that has not come."""
    sentences = []
    for table, frame in rows.items():
        key = CONTRACT[table].info["key"][0]
        for column in CONTRACT[table].columns:
            if not column.info.get("happened") or table in _KNOWN_AHEAD:
                continue
            some = frame[frame[column.name] >= today + pd.Timedelta(days=1)]
            if len(some):
                shown = _first(some.assign(key=some[key]), lots[table], lambda one, name=column.name: _told(one, name))
                sentences.append(
                    f"{table}: {column.name} of {len(some):,} of {len(frame):,} rows lies in the future ({shown}). "
                    "They are loaded, and count from that day on. If day and month are swapped, say date_forms in a "
                    "mapping; if it is a plan, leave it empty."
                )
    return sentences


_KNOWN_AHEAD = {"rep"}  # who comes or leaves next month is known today


def _told(row, name: str) -> str:
    return _day(getattr(row, name))


def created_after_closing(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The deals that say they were created after they had closed, as they came."""
    deals = rows.get("opportunity")
    return pd.DataFrame() if deals is None else deals[deals["created_on"] > deals["closed_on"]]


def without_creation(late: pd.DataFrame, deals: pd.DataFrame, lot: Lot) -> list[str]:
    """`late`: of the deals, those whose creation is taken as unknown, as they came."""
    if late.empty:
        return []
    shown = _first(late, lot, lambda one: f"created {_day(one.created_on)}, closed {_day(one.closed_on)}")
    return [
        f"opportunity: {len(late):,} of {len(deals):,} deals have a created_on after their closed_on ({shown}). "
        "They are loaded without created_on: the closing counts, the day of creation is unknown, and so is the cycle. "
        "If the export has the true day in another column, take created_on from that."
    ]


def _first(rows: pd.DataFrame, lot: Lot, say) -> str:
    """The first rows by line: where each stands, its key, and what it says."""
    key = "key" if "key" in rows else "opportunity_id"
    named = [
        f"{place(lot.origin.loc[one.Index])}: {getattr(one, key)} {say(one)}" for one in rows.head(_NAMED).itertuples()
    ]
    return "; ".join(named) + (" …" if len(rows) > _NAMED else "")


def _day(day: pd.Timestamp) -> str:
    return day.date().isoformat()
