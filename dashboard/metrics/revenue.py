"""What was won, by kind and net of the renewals that were lost. Pure; undefined is None or empty."""

import pandas as pd

from dashboard.metrics.amounts import total

KINDS = ("new", "upsell", "cross_sell", "renewal", "unknown")


def by_kind(closed: pd.DataFrame) -> dict[str, float | None]:
    """Won amount of each of KINDS, unknown where none is given; of closing.closed_totals by kind."""
    won = closed[closed["outcome"] == "won"]
    kinds = won["kind"].fillna("unknown")
    return {kind: total(won[kinds == kind]) for kind in KINDS}


def net_won(closed: pd.DataFrame) -> float | None:
    """Won amount less that of the renewals that were lost; of closing.closed_totals by kind."""
    won, lost = total(closed[closed["outcome"] == "won"]), total(_lost_renewals(closed))
    return None if won is None or lost is None else won - lost


def by_owner(closed: pd.DataFrame) -> pd.DataFrame:
    """One row per owner (empty: none) of a deal won or a renewal lost, most won first: owner, won amount by kind
    (KINDS), won_amount, net_won_amount.

    closed: closing.closed_totals by owner and kind
    """
    counted = closed[(closed["outcome"] == "won") | closed.index.isin(_lost_renewals(closed).index)]
    rows = [
        {
            "owner": owner,
            **by_kind(own),
            "won_amount": total(own[own["outcome"] == "won"]),
            "net_won_amount": net_won(own),
        }
        for owner, own in counted.groupby("owner", dropna=False)
    ]
    amounts = [*KINDS, "won_amount", "net_won_amount"]
    found = pd.DataFrame(rows, columns=["owner", *amounts]).astype(dict.fromkeys(amounts, "Float64"))
    return found.sort_values("won_amount", ascending=False, na_position="last", kind="stable", ignore_index=True)


def _lost_renewals(closed: pd.DataFrame) -> pd.DataFrame:
    return closed[(closed["outcome"] == "lost") & (closed["kind"] == "renewal")]
