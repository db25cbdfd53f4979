"""Contradictions inside one export: which of two statements is taken, and a sentence that counts them.

What a CRM says in two ways is neither a reason to refuse a load nor one to say nothing: the later or more particular
evidence is taken, and each sentence says how many, the first of them with their lines, and what to do.
"""

import numpy as np
import pandas as pd

from data_access.lifecycle import NOBODY, OUTCOMES, last_closings

from .lots import Lot
from .rules import Facts, kind_of_stage

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
        return _first(
            some, lot, lambda one: f"closed {one.closed_on:%Y-%m-%d}, by its history {one.history_on:%Y-%m-%d}"
        )

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
    file, line = lot.origin["file"], lot.origin["line"]
    named = [
        f"{file[one.Index]} line {line[one.Index]}: {one.opportunity_id} {say(one)}"
        for one in rows.head(_NAMED).itertuples()
    ]
    return "; ".join(named) + (" …" if len(rows) > _NAMED else "")


def _day(day: pd.Timestamp) -> str:
    return day.date().isoformat()
