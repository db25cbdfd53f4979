"""How many deals lack what numbers need, and what share has it. Pure.

Facts are, per list of deals, a row for each set of gaps: a column per gap (1 or 0) and `deals`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from dashboard.metrics.amounts import ratio
from dashboard.metrics.data.needs import NEEDS

Facts = Mapping[str, pd.DataFrame]


def lacking(facts: pd.DataFrame, gaps: Sequence[str]) -> int:
    """How many deals lack one of these at least."""
    return int(facts.loc[(facts[list(gaps)] == 1).any(axis=1), "deals"].sum())


class Having(NamedTuple):
    """deals that have something, of all deals; share: None where there are none"""

    deals: int
    all: int
    share: float | None


def having(facts: pd.DataFrame, gap: str) -> Having:
    """How many deals have what this gap is the lack of."""
    every = int(facts["deals"].sum())
    deals = every - lacking(facts, [gap])
    return Having(deals, every, ratio(deals, every))


def by_rule(facts: Facts) -> pd.DataFrame:
    """One row per list and gap, the largest share first: what, gaps (the one), numbers (keys of those that rest on the
    other deals), deals, lacking, share (None: there are no deals)."""
    found = [
        _row(what, (gap,), rows) | {"numbers": _resting_on(what, gap)}
        for what, rows in facts.items()
        for gap in rows.columns.drop("deals")
    ]
    rows = pd.DataFrame(found)
    return rows.sort_values(["share", "lacking"], ascending=False, na_position="last", kind="stable", ignore_index=True)


def _resting_on(what: str, gap: str) -> tuple[str, ...]:
    return tuple(key for key, (of, needs) in NEEDS.items() if of == what and gap in needs)


def by_number(facts: Facts) -> pd.DataFrame:
    """One row per number of NEEDS, the smallest share first: key, what, gaps, deals, lacking, share, and has_share: of
    the deals that have all it needs."""
    rows = pd.DataFrame([{"key": key} | _row(what, gaps, facts[what]) for key, (what, gaps) in NEEDS.items()])
    rows["has_share"] = 1 - rows["share"].astype("Float64")
    return rows.sort_values("has_share", na_position="last", kind="stable", ignore_index=True)


def _row(what: str, gaps: tuple[str, ...], facts: pd.DataFrame) -> dict:
    deals, without = int(facts["deals"].sum()), lacking(facts, gaps)
    return {"what": what, "gaps": gaps, "deals": deals, "lacking": without, "share": ratio(without, deals)}
