"""Whether the facts are of today. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple

import pandas as pd

STALE_AFTER = 7  # days: what is loaded once a week is renewed within them


class Freshness(NamedTuple):
    """last_day     of the data
    loaded       when something was last loaded, where the organisation is; None: nobody knows
    today        there
    failed       how the last attempt at a source failed: import or sync; None: none did
    read, rejected   rows of the last import; None: not for this person to know
    """

    last_day: date
    loaded: datetime | None
    today: date
    failed: str | None = None
    read: int | None = None
    rejected: int | None = None

    @property
    def state(self) -> Literal["failed", "stale", "fresh"]:
        if self.failed is not None:
            return "failed"
        days = [(self.today - self.last_day).days]
        days += [(self.today - self.loaded.date()).days] if self.loaded else []
        return "stale" if max(days) > STALE_AFTER else "fresh"


def imports(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per import, the newest first, of those per table: imported_at, imported_by, mapping, files (the first
    three), rows_read, rows_added, rows_changed, rows_removed, rows_rejected (empty: not written down), undone_at,
    undone_by, is_last."""
    counts = ["rows_read", "rows_added", "rows_changed", "rows_removed", "rows_rejected"]
    how = {name: (name, lambda values: values.sum(min_count=len(values))) for name in counts}
    first = {name: (name, "first") for name in ("mapping", "undone_at", "undone_by", "is_last")}
    together = rows.groupby(["imported_at", "imported_by"], sort=False, dropna=False)
    return together.agg(files=("file", _first), **how, **first).reset_index()


def _first(files: Iterable[str], most: int = 3) -> str:
    each = list(dict.fromkeys(files))
    return ", ".join(each[:most]) + (" …" if len(each) > most else "")


def sources(attempts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per source: mapping (""; none), way (None: loaded before ways were written down), tried_at, loaded_at,
    failure, newest_on, rows_read and rows_rejected of its last import; those that failed first."""
    held = rows[rows["undone_at"].isna()].assign(mapping=rows["mapping"].fillna(""))
    last = held["imported_at"] == held.groupby("mapping")["imported_at"].transform("max")
    counted = held[last].groupby("mapping")[["rows_read", "rows_rejected"]].sum()
    known = held.groupby("mapping").agg(newest_on=("newest_on", "max"), imported_at=("imported_at", "max"))
    found = attempts.merge(known.join(counted).reset_index(), on="mapping", how="outer")
    found["loaded_at"] = found["loaded_at"].fillna(found["imported_at"])
    found["tried_at"] = found["tried_at"].fillna(found["imported_at"])
    found["has_failed"] = found["failure"].notna()
    return found.sort_values(["has_failed", "tried_at"], ascending=False, kind="stable", ignore_index=True)


def tables(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per source and table as it was last loaded: mapping, table_name, imported_at, newest_on, rows_read,
    rows_rejected; the newest day, by which they stand, is that of all its imports."""
    held = rows[rows["undone_at"].isna()].assign(mapping=rows["mapping"].fillna(""))
    newest = held.groupby(["mapping", "table_name"])["newest_on"].transform("max")
    last = held.assign(newest_on=newest).drop_duplicates(["mapping", "table_name"])
    return last.sort_values("newest_on", ascending=False, na_position="last", kind="stable", ignore_index=True)
