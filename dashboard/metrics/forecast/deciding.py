"""Which open deals decide whether a period makes its target, and which few of them would close the gap. Pure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.forecast.outlook import STAGE

HANDFUL = 5  # more deals than these nobody looks after at once


@dataclass(frozen=True)
class Closing:
    """The fewest deals, from the first on, that make the target once all of them are won.

    deals     how many: 0 where the forecast makes it as it is; None: no handful does, or there is no gap to close
    chance    that all of them are won, were each won or not whatever becomes of the others; None: without deals
    """

    deals: int | None = None
    chance: float | None = None


def ranked(deals: pd.DataFrame, chances: pd.DataFrame) -> pd.DataFrame:
    """One row per open deal on which something depends, the heaviest first: opportunity_id, amount (units), chance (to
    be won by the period's end), weight (amount × chance × (1 − chance), to the cent).

    deals      `data_access.forecast.deciding.open_deals`
    chances    `outlook.chances` of the same day. A deal without an amount, or sure to be won or not, has no weight
    """
    found = deals.assign(stage=deals["stage"].fillna("")).merge(chances[[*STAGE, "chance"]], on=STAGE, how="left")
    amount, chance = found["amount"].astype("Float64").astype(float) / MINOR_UNITS, found["chance"].astype(float)
    found = found.assign(amount=amount, weight=(amount * chance * (1 - chance)).round(2))
    found = found.loc[found["weight"] > 0, ["opportunity_id", "amount", "chance", "weight"]]
    return found.sort_values(["weight", "opportunity_id"], ascending=[False, True], ignore_index=True)


def closing(deals: pd.DataFrame, gap: float | None) -> Closing:
    """Which of the deals of `ranked` close the gap between target and forecast (None: no target).

    A deal that is won adds to the forecast what of its amount is not expected already: so that these amounts reach what
    is left of the target after won so far and all other expected wins.
    """
    if gap is None:
        return Closing()
    if gap <= 0:
        return Closing(0)
    first = deals.head(HANDFUL)
    is_closed = (gap - adds(first).cumsum()).round(2).to_numpy() <= 0
    if not is_closed.any():
        return Closing()
    number = int(np.argmax(is_closed)) + 1
    return Closing(number, float(first["chance"].iloc[:number].prod()))


def adds(deals: pd.DataFrame) -> pd.Series:
    """What each deal of `ranked` adds to the forecast by being won."""
    return deals["amount"] * (1 - deals["chance"])


CHANGES = ("created", "reopened", "moved_in", "amount", "stage", "expected_close", "owner")
"""What may have become of a deal: it came in (one of the first three, and nothing else), or changed."""


def changes(deals: pd.DataFrame, since: pd.Timestamp) -> pd.Series:
    """What changed with each deal of `data_access.forecast.deciding.lately`: a tuple of CHANGES, in their order."""
    return pd.Series([_changes(deal, since) for deal in deals.itertuples(index=False)], deals.index, dtype=object)


def _changes(deal, since: pd.Timestamp) -> tuple[str, ...]:
    if pd.isna(deal.outcome_before):
        is_new = not pd.isna(deal.created_on) and deal.created_on > since
        return ("created",) if is_new else ("moved_in",)
    if deal.outcome_before != "open":
        return ("reopened",)
    pairs = {
        "amount": (deal.amount, deal.amount_before),
        "stage": (deal.stage, deal.stage_before),
        "expected_close": (deal.expected_close_on, deal.expected_close_before),
        "owner": (deal.owner_id, deal.owner_id_before),
    }
    return tuple(name for name, (now, before) in pairs.items() if _differs(now, before))


def _differs(now, before) -> bool:
    if pd.isna(now) or pd.isna(before):
        return pd.isna(now) != pd.isna(before)
    return now != before
