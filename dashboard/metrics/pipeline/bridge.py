"""The bridge of the open pipeline between two days, from additive facts. Pure."""

import pandas as pd

from dashboard.metrics.amounts import total

BARS = (
    "created",
    "reopened",
    "amount_up",
    "amount_down",
    "moved_in",
    "moved_out",
    "won",
    "lost",
    "left_out",
    "removed",
)


def values(opening: pd.DataFrame, moved: pd.DataFrame, closing: pd.DataFrame) -> dict[str, float | None]:
    """opening, the ten bars (signed) and closing, in base currency units; they add up to the cent.

    opening, closing: bridge.stock · moved: bridge.movement_totals. A deal without an amount moves 0; a missing
    exchange rate makes a bar None.
    """
    return {
        "opening": _stock(opening),
        **{bar: total(_moving(moved[moved["bar"] == bar])) for bar in BARS},
        "closing": _stock(closing),
    }


def unknown(opening: pd.DataFrame, closing: pd.DataFrame) -> list[str]:
    """Which ends have deals, and none of them an amount: the 0 that adds up there is not what they are worth."""
    ends = {"opening": opening, "closing": closing}
    return [end for end, facts in ends.items() if facts["deals"].sum() and not facts["with_amount"].sum()]


def remainder(found: dict[str, float | None]) -> float | None:
    """opening + bars − closing: 0 by law; None where a part is undefined."""
    known = {bar: amount for bar, amount in found.items() if amount is not None}
    if len(known) < len(found):
        return None
    return round(known["opening"] + sum(known[bar] for bar in BARS) - known["closing"], 2)


def _moving(facts: pd.DataFrame) -> pd.DataFrame:
    """In a bridge a deal without an amount moves 0, so that nothing is undefined for want of amounts."""
    return facts.assign(with_amount=facts["deals"])


def _stock(facts: pd.DataFrame) -> float | None:
    return total(_moving(facts))
