"""What changed about one deal, and when; which closed ones are like it, and what sells there. Pure."""

import numpy as np
import pandas as pd

_WATCHED = ["stage", "amount", "expected_close_on", "owner"]


def changes(stretches: pd.DataFrame) -> pd.DataFrame:
    """The stretches that differ from the one before in what a person would ask about, the latest first; the first of
    all is none. Each watched column has a `_before` beside it.

    stretches   one row per stretch of days, the earliest first: from_on, stage, amount, expected_close_on, owner
    """
    before = stretches[_WATCHED].shift()
    same = (stretches[_WATCHED].astype(object) == before.astype(object)) | (stretches[_WATCHED].isna() & before.isna())
    differs = ~same.fillna(False).astype(bool).all(axis=1)
    if len(differs):
        differs.iloc[0] = False
    return stretches.join(before.add_suffix("_before"))[differs].iloc[::-1].reset_index(drop=True)


_MOST_ALIKE = 3  # of the won, and of the lost
_MOST_NAMED = 2


def alike(closed: pd.DataFrame, pipeline: str, product: str | None, amount: float | None) -> pd.DataFrame:
    """Of the closed deals of one track and segment those most like a deal, the won before the lost, three of each at
    the most: of its pipeline; its product first, then the nearest by the ratio of amounts, then the latest.

    closed   as `data_access.opportunities.one_deal.closed_alike`, without the deal itself; amount in its units
    """
    own = closed[closed["pipeline"] == pipeline]
    ratio = own["amount"].astype(float).where(own["amount"] > 0) / (amount if amount and amount > 0 else np.nan)
    order = own.assign(
        is_other=own["product"].ne(product) if product else True,
        far=np.log(ratio).abs().round(9),
    ).sort_values(
        ["is_other", "far", "closed_on", "opportunity_id"], ascending=[True, True, False, True], na_position="last"
    )
    nearest = [order[order["outcome"] == outcome].head(_MOST_ALIKE) for outcome in ("won", "lost")]
    return pd.concat(nearest, ignore_index=True)[list(closed.columns)]


def with_references(fit: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """The products that fit, with references (accounts that bought one) and reference_names: the two
    with the largest won deals.

    fit      one row per product; closed   as for `alike`
    """
    won = closed[(closed["outcome"] == "won") & closed["account_id"].notna()]
    won = won.sort_values(["amount", "closed_on"], ascending=False, na_position="last")
    first = won.drop_duplicates(["product", "account_id"])
    names = first["account"].fillna(first["account_id"])
    of_product = names.groupby(first["product"])
    told = of_product.agg(lambda own: list(own.head(_MOST_NAMED)))
    counts = of_product.size()
    return fit.assign(
        references=fit["product"].map(counts).fillna(0).astype(int),
        reference_names=[told.get(product, []) for product in fit["product"]],
    )


def by_seniority(people: pd.DataFrame) -> pd.DataFrame:
    """One row per level of seniority that anybody in touch has, the highest first, those of no known level last:
    seniority, people, two_way (how many of them ever answered), last_two_way_on (empty: none)."""
    answered = people.assign(answered=(people["two_way"] > 0).astype(int))
    found = answered.groupby("seniority", dropna=False).agg(
        people=("contact_id", "size"), two_way=("answered", "sum"), last_two_way_on=("last_two_way_on", "max")
    )
    return found.reset_index().sort_values("seniority", ascending=False, na_position="last", ignore_index=True)
