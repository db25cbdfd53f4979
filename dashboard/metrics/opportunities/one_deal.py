"""What changed about one deal, and when. Pure."""

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
