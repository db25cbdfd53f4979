"""Key actions of stages: how many open deals have them done, and whether deals that had them done were won.

Compared is at a landmark, the median day of the stage: counting what was done until the closing favours slow deals,
which have more time for every action. Pure."""

import numpy as np
import pandas as pd

from dashboard.metrics import survival
from dashboard.metrics.intervals import difference

ENOUGH = 10  # deals with the action done, and without, under which nothing is compared
FALSE_SHARE = 0.1  # of the differences named, how many may be by chance
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


def landmarks(stays: pd.DataFrame) -> tuple[tuple[str, str, str, int], ...]:
    """Per pipeline, track and stage the median day of first stays, where one is reached.

    stays   as `data_access.pipeline.key_actions.first_stays`
    """
    found = []
    for (pipeline, track, stage), own in stays.groupby(["pipeline", "track", "stage"]):
        median = survival.quantile(own["days"], own["still_there"], own["deals"])
        found += [] if np.isnan(median) else [(pipeline, track, stage, int(median))]
    return tuple(found)


def win_rates(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per key action, in the pipeline's order: done, done_won, done_rate, not_done, not_done_won,
    not_done_rate, the difference of the rates with its 80 % interval (low, high; empty where a rate is), and finding:

    too_few     under ENOUGH deals on either side
    helps, hurts    more, or fewer, won of those done, and all actions together pass Benjamini–Hochberg
    none        no difference shown

    facts   as `data_access.pipeline.key_actions.at_landmarks`, of all tracks: the more actions are looked at, the more
            differ by chance
    """
    names = ("done", "not_done")
    columns = [*_ACTION, *(f"{name}{part}" for name in names for part in ("", "_won", "_rate"))]
    columns += ["difference", "low", "high", "finding"]
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
    low, high = difference(found["done_won"], found["done"], found["not_done_won"], found["not_done"])
    found = found.assign(difference=found["done_rate"] - found["not_done_rate"], low=low, high=high)
    return found.assign(finding=_findings(found))[columns]


def _findings(rates: pd.DataFrame) -> np.ndarray:
    found = np.full(len(rates), "too_few", dtype=object)
    enough = np.flatnonzero((rates["done"] >= ENOUGH) & (rates["not_done"] >= ENOUGH))
    if len(enough):
        from scipy import stats  # half a second, for who asks

        chances = [_chance(rates.iloc[at]) for at in enough]
        is_shown = stats.false_discovery_control(chances) <= FALSE_SHARE
        direction = np.where(rates["difference"].to_numpy()[enough] > 0, "helps", "hurts")
        found[enough] = np.where(is_shown, direction, "none")
    return found


def _chance(rate: pd.Series) -> float:
    """That shares at least so far apart come about where the action makes no difference (Fisher's exact test)."""
    from scipy import stats  # half a second, for who asks

    table = [[rate[f"{name}_won"], rate[name] - rate[f"{name}_won"]] for name in ("done", "not_done")]
    return float(stats.fisher_exact(table).pvalue)
