"""Which open deals ask for attention, from what is recorded about them. Pure."""

from datetime import date

import pandas as pd

PUSHES_OF_FICTION = 3  # pushed this often, an expected close date is fiction


def signs(deals: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The open deals with their signs of risk, most value at risk first.

    deals   one row per open deal: amount, expected_close_on, is_stalled, pushes, next_step_on, …
    Adds is_overdue (expected to close before the as-of date), is_fiction (pushed three times or more),
    has_no_next_step (said of no deal where none has one: next steps are not recorded then), signs (how many
    of these and stalled) and value_at_risk (the amount where there is any sign, else 0; undefined without an
    amount).
    """
    today = pd.Timestamp(as_of)
    found = deals.assign(
        is_stalled=deals["is_stalled"].fillna(False).astype(bool),
        is_overdue=pd.to_datetime(deals["expected_close_on"]) < today,
        is_fiction=(deals["pushes"].fillna(0) >= PUSHES_OF_FICTION).astype(bool),
        has_no_next_step=deals["next_step_on"].isna() & deals["next_step_on"].notna().any(),
    )
    flags = found[["is_stalled", "is_overdue", "is_fiction", "has_no_next_step"]]
    amount = found["amount"].astype(float)
    found = found.assign(signs=flags.sum(axis=1), value_at_risk=amount.where(flags.any(axis=1) | amount.isna(), 0.0))
    return found.sort_values(
        ["value_at_risk", "signs", "amount"], ascending=False, na_position="last", kind="stable"
    ).reset_index(drop=True)
