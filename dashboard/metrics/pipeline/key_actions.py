"""Key actions of stages: how many open deals have them done, and whether deals that had them done were won. Pure."""

import numpy as np
import pandas as pd

_ACTION = ["pipeline", "track", "stage_position", "stage", "position", "key_action"]


def of_open_deals(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per key action of a stage with open deals, in the pipeline's order: deals in the stage, done, share."""
    if rows.empty:
        return pd.DataFrame(columns=[*_ACTION, "deals", "done", "share"])
    found = (
        rows.assign(is_done=rows["done_on"].notna())
        .groupby(_ACTION, sort=True)["is_done"]
        .agg(deals="size", done="sum")
        .reset_index()
    )
    return found.assign(share=found["done"] / found["deals"])


def win_rates(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per key action, in the pipeline's order: of the closed deals that entered its stage, those that had it
    done and those that had not: done, done_won, done_rate, not_done, not_done_won, not_done_rate, and difference of
    the rates (empty where one of them is).

    facts   as `data_access.pipeline.key_actions.of_closed_deals`
    """
    names = ("done", "not_done")
    columns = [*_ACTION, *(f"{name}{part}" for name in names for part in ("", "_won", "_rate")), "difference"]
    if facts.empty:
        return pd.DataFrame(columns=columns)
    counts = facts.assign(
        **{
            f"{name}{part}": facts["deals"].where((facts["is_done"] == is_done) & chosen, 0).astype("int64")
            for name, is_done in zip(names, (1, 0), strict=True)
            for part, chosen in (("", facts["outcome"].notna()), ("_won", facts["outcome"] == "won"))
        }
    )
    found = counts.groupby(_ACTION, sort=True)[[f"{name}{part}" for name in names for part in ("", "_won")]].sum()
    found = found.reset_index()
    for name in names:
        found[f"{name}_rate"] = found[f"{name}_won"] / found[name].astype(float).replace(0, np.nan)
    return found.assign(difference=found["done_rate"] - found["not_done_rate"])[columns]
