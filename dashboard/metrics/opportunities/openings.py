"""Openings: the 3 × 3 grid of territory and position, and what became of deals that began in each cell. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.metrics.amounts import ratio, total


def is_change_missing(deals: pd.DataFrame) -> pd.Series:
    """Whether a deal's opening is abnormal and nobody said what changed."""
    return (deals["opening"] == "abnormal") & deals["what_changed"].isna()


def last_before_closing(openings: pd.DataFrame) -> pd.DataFrame:
    """One row per closed deal with an opening judged before its closing day: the last of them.

    openings   as `data_access.opportunities.openings.of_closed_deals`: in the order in which they hold
    """
    before = openings[openings["opened_on"] < openings["closed_on"]]
    return before.drop_duplicates("opportunity_id", keep="last").reset_index(drop=True)


def grid(open_deals: pd.DataFrame, closed: pd.DataFrame, classes: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """One row per cell of the grid, in the order of `classes`: territory, position, opening (its class), deals and
    amount (units of currency) of the open ones, and of the closed ones n, won, win_rate (empty: none closed).

    open_deals, closed   with territory and position (empty: not known, in no cell); both of one track
    classes              (territory, position) -> normal, problem, abnormal: all nine
    """
    rows = []
    for (territory, position), its_class in classes.items():
        here, past = (_in(frame, territory, position) for frame in (open_deals, closed))
        rows.append((territory, position, its_class, len(here), _amount(here), *_won(past)))
    names = ("territory", "position", "opening", "deals", "amount", "n", "won", "win_rate")
    return _typed(pd.DataFrame(rows, columns=list(names)))


def by_class(closed: pd.DataFrame) -> pd.DataFrame:
    """One row per class of opening: opening, n, won, win_rate. Do abnormal openings lose?"""
    rows = [(name, *_won(closed[closed["opening"] == name])) for name in ("normal", "problem", "abnormal")]
    return _typed(pd.DataFrame(rows, columns=["opening", "n", "won", "win_rate"]))


def _in(frame: pd.DataFrame, territory: str, position: str) -> pd.DataFrame:
    return frame[(frame["territory"] == territory) & (frame["position"] == position)]


def _won(closed: pd.DataFrame) -> tuple[int, int, float | None]:
    won = int((closed["outcome"] == "won").sum())
    return len(closed), won, ratio(won, len(closed))


def _amount(deals: pd.DataFrame) -> float | None:
    return total(deals.assign(deals=1, with_amount=deals["has_amount"]))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Amounts and rates as floats, whether or not any is known."""
    return frame.astype({name: "float64" for name in ("amount", "win_rate") if name in frame})
