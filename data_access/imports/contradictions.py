"""Contradictions inside one export: which of two statements is taken, and a sentence that counts them.

What a CRM says in two ways is neither a reason to refuse a load nor one to say nothing: the later or more particular
evidence is taken, and each sentence says how many, the first of them with their lines, and what to do.
"""

import pandas as pd

from .lots import Lot

_NAMED = 3  # rows named in a sentence


def created_after_closing(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The deals that say they were created after they had closed, as they came."""
    deals = rows.get("opportunity")
    return pd.DataFrame() if deals is None else deals[deals["created_on"] > deals["closed_on"]]


def without_creation(late: pd.DataFrame, deals: pd.DataFrame, lot: Lot) -> list[str]:
    """`late`: of the deals, those whose creation is taken as unknown, as they came."""
    if late.empty:
        return []
    shown = _first(late, lot, lambda one: f"created {one.created_on:%Y-%m-%d}, closed {one.closed_on:%Y-%m-%d}")
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
