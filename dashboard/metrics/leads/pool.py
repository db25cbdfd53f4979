"""The public and the private pool: how many are held, how often they change hands, how long they stay, what they yield.
Pure."""

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import ratio

KINDS = ("lead", "account")
_EPOCH = 719_163  # date(1970, 1, 1).toordinal()


def claimed_yield(moves: pd.DataFrame, deal_days: pd.DataFrame) -> pd.Series:
    """Per move, whether something came of it since: the lead converted, the account got a deal.

    moves   pool.moves · deal_days   pool.deal_days
    """
    moved = moves["moved_on"].dt.normalize().astype("int64") // 86_400 + _EPOCH
    converted = (moves["converted_day"] >= moved).fillna(False).to_numpy(dtype=bool)
    last = deal_days.groupby("account_id")["day"].max()
    has_deal = (moves["subject_id"].map(last).astype(float) >= moved).to_numpy(dtype=bool)
    is_account = (moves["subject_kind"] == "account").to_numpy(dtype=bool)
    return pd.Series(np.where(is_account, has_deal, converted), index=moves.index, dtype=bool)


def summary(held: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """One row per kind (lead, account) that has any: subject_kind, private, public (held on the as-of date), recycled,
    claimed (times in the period), days_held (median days of the recycled with their rep), days_in_pool (median days of
    the claimed in the public pool), yielded (of the claimed), pool_yield (yielded ÷ claimed).

    held   pool.held · moves   pool.moves with is_claim, days and has_yielded
    """
    found = []
    for kind in KINDS:
        of_kind, moved = held[held["subject_kind"] == kind], moves[moves["subject_kind"] == kind]
        if of_kind.empty and moved.empty:
            continue
        claimed, recycled = moved[moved["is_claim"]], moved[~moved["is_claim"]]
        yielded = int(claimed["has_yielded"].sum())
        found.append(
            {
                "subject_kind": kind,
                "private": int(of_kind.loc[of_kind["is_public"] == 0, "held"].sum()),
                "public": int(of_kind.loc[of_kind["is_public"] == 1, "held"].sum()),
                "recycled": len(recycled),
                "claimed": len(claimed),
                "days_held": recycled["days"].median(),
                "days_in_pool": claimed["days"].median(),
                "yielded": yielded,
                "pool_yield": ratio(yielded, len(claimed)),
            }
        )
    columns = ("subject_kind", "private", "public", "recycled", "claimed", "days_held", "days_in_pool", "yielded")
    return pd.DataFrame(found, columns=[*columns, "pool_yield"])
