"""Rules about keys: rows that stand twice, and rows that point to rows which do not exist or are rejected."""

from collections.abc import Collection, Mapping

import pandas as pd

from data_access.schema import CONTRACT

from .rules import findings, together


def duplicates(table: str, rows: pd.DataFrame, lines: pd.Series) -> pd.DataFrame:
    """Rows whose key stands twice: a repetition keeps its first; where rows differ, none can be trusted."""
    key = [name for name in CONTRACT[table].info["key"] if name in rows]
    complete = rows[rows[key].notna().all(axis=1)]
    twice = complete[complete.duplicated(key, keep=False)]
    if twice.empty:
        return together([])
    repeats = twice.duplicated(keep="first")
    differing = (~repeats).groupby([twice[name] for name in key]).transform("sum") > 1
    bad = twice[differing | repeats]
    partners = lines.loc[twice.index].groupby([twice[name] for name in key])
    first, last = partners.transform("first").loc[bad.index], partners.transform("last").loc[bad.index]
    other = first.where(first != lines.loc[bad.index], last)
    what = " and ".join(key)
    reasons = [
        f"stands twice: line {line} has the same {what}" + (" with other values" if differs else "")
        for line, differs in zip(other, differing.loc[bad.index], strict=True)
    ]
    shown = bad[key].astype(str).agg(", ".join, axis=1)
    return findings(table, shown, key[0], reasons)


def broken_references(
    rows: Mapping[str, pd.DataFrame],
    found: pd.DataFrame,
    known: Mapping[str, pd.Index],
    filled: Collection[str],
) -> pd.DataFrame:
    """Further findings: rows that refer to nothing or to a rejected row, and those that refer to these.

    `known`: {table: keys in the database, of those referred to}; `filled`: the tables that have rows there. A table
    that has no row anywhere is not checked against.
    """
    out = {table: set(rejected["row"]) for table, rejected in found.groupby("table")}
    rejected_keys: dict[str, set] = {}
    result: list[pd.DataFrame] = []
    while True:
        for table, frame in rows.items():
            keys = CONTRACT[table].info["key"]
            if len(keys) == 1:
                gone = frame.index.isin(list(out.get(table, ())))
                # A key whose repetition is rejected is still there.
                rejected_keys[table] = set(frame.loc[gone, keys[0]].dropna()) - set(frame.loc[~gone, keys[0]])
        fresh = []
        for table, frame in rows.items():
            remaining = frame[~frame.index.isin(list(out.get(table, ())))]
            fresh += [
                _broken(table, column, remaining, rows, rejected_keys, known, filled)
                for column in CONTRACT[table].columns
                if column.info.get("refers") and column.name in frame
            ]
        fresh = together(fresh)
        if fresh.empty:
            return together(result)
        result.append(fresh)
        for table, rejected in fresh.groupby("table"):
            out.setdefault(table, set()).update(rejected["row"])


def _broken(table, column, remaining, rows, rejected_keys, known, filled) -> pd.DataFrame:
    target = column.info["refers"]
    there = known.get(target, pd.Index([]))
    here = rows.get(target)
    if target not in filled and (here is None or here.empty):
        return together([])
    cells = remaining[column.name]
    cells = cells[cells.notna() & (cells != "")]
    distinct = pd.Index(cells.unique(), dtype=object)
    rejected = rejected_keys.get(target, set())
    key = CONTRACT[target].info["key"][0]
    ours = pd.Index([] if here is None else here[key].dropna().unique(), dtype=object)
    gone = set(distinct[distinct.isin(list(rejected))])
    unknown = set(distinct[~distinct.isin(ours) & ~distinct.isin(there)])
    if not gone and not unknown:
        return together([])
    bad = cells[cells.isin(list(gone | unknown))]
    reasons = [
        f"refers to a row of `{target}` that is rejected" if cell in gone else f"is not a known {target}"
        for cell in bad
    ]
    return findings(table, bad, column.name, reasons, [cell in gone for cell in bad])


def unknown_cells(
    table: str,
    column: str,
    rows: Mapping[str, pd.DataFrame],
    known: Mapping[str, pd.Index],
    filled: Collection[str],
) -> pd.Series:
    """The cells of one column that refer to a row which is neither in this load nor in the database."""
    target = next(c.info["refers"] for c in CONTRACT[table].columns if c.name == column)
    key = CONTRACT[target].info["key"][0]
    keys = set(known.get(target, ())) | set(rows[target][key] if target in rows else ())
    cells = rows[table][column]
    return cells[cells.notna() & ~cells.isin(list(keys))] if keys or target in filled else cells[:0]
