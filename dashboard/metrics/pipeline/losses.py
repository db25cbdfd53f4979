"""Why deals were lost, and what qualifying out saved. Pure.

Facts are those of `data_access.pipeline.losses.closed_by_reason`: one row per (track, outcome, loss_reason, region_id,
competitor).
"""

from dataclasses import dataclass

import pandas as pd

from dashboard.metrics.amounts import HOUR_PARTS, ratio, total

REASONS = ("relationship", "support", "price", "product", "competitor", "no_decision", "other")
"""Why a deal is lost, the two that matter first; no decision is an outcome of its own."""
UNSAID = ""
LEFT_OUT = ("qualified_out", "duplicate")


def lost(facts: pd.DataFrame) -> pd.DataFrame:
    """The losses that count: qualified-out and duplicate deals are none. A reason nobody gave is UNSAID."""
    is_lost = (facts["outcome"] == "lost") & ~facts["loss_reason"].isin(LEFT_OUT)
    return facts[is_lost].assign(loss_reason=facts.loc[is_lost, "loss_reason"].fillna(UNSAID))


def by_reason(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per reason that occurs, in the order of REASONS, the unsaid last: loss_reason, deals, amount (units of
    currency), share (of all lost deals)."""
    losses = lost(facts)
    whole = int(losses["deals"].sum())
    rows = [
        (reason, int(of["deals"].sum()), total(of), ratio(int(of["deals"].sum()), whole))
        for reason in (*REASONS, UNSAID)
        if len(of := losses[losses["loss_reason"] == reason])
    ]
    return pd.DataFrame(rows, columns=["loss_reason", "deals", "amount", "share"]).astype({"amount": "float64"})


def matrix(facts: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per (value of `by`, reason) with lost deals: by, loss_reason, deals, of (all losses of that value),
    share (deals ÷ of); the value with most losses first. An empty value is a value of its own."""
    losses = lost(facts)
    losses = losses.assign(by=losses[by].astype(object).where(losses[by].notna(), None))
    whole = losses.groupby("by", dropna=False)["deals"].sum()
    counts = losses.groupby(["by", "loss_reason"], dropna=False)["deals"].sum().reset_index()
    of = counts["by"].map(whole.to_dict()).astype("int64")
    found = counts.assign(deals=counts["deals"].astype("int64"), of=of, share=counts["deals"].astype(float) / of)
    place = found["loss_reason"].map({reason: at for at, reason in enumerate((*REASONS, UNSAID))})
    found = found.assign(place=place, name=["" if pd.isna(one) else one for one in found["by"]])
    return found.sort_values(["of", "name", "place"], ascending=[False, True, True], ignore_index=True).drop(
        columns=["place", "name"]
    )


@dataclass(frozen=True)
class QualifiedOut:
    """Deals given up in time: how many, their amount, the mean support hours that went into one of them and into a
    lost one (None: no booking is known), and hours_saved = deals × (hours of a lost one − hours of one of them)."""

    deals: int
    amount: float | None
    hours: float | None
    lost_deals: int
    lost_hours: float | None

    @property
    def hours_saved(self) -> float | None:
        return None if self.hours is None or self.lost_hours is None else self.deals * (self.lost_hours - self.hours)


def qualified_out(facts: pd.DataFrame) -> QualifiedOut:
    """What qualifying out was about, against deals lost otherwise."""
    out, losses = facts[facts["loss_reason"] == "qualified_out"], lost(facts)
    is_known = bool(facts["booked_deals"].sum())
    return QualifiedOut(
        deals=int(out["deals"].sum()),
        amount=total(out),
        hours=_hours(out) if is_known else None,
        lost_deals=int(losses["deals"].sum()),
        lost_hours=_hours(losses) if is_known else None,
    )


def _hours(facts: pd.DataFrame) -> float | None:
    return ratio(int(facts["support_hours"].sum()) / HOUR_PARTS, int(facts["deals"].sum()))
