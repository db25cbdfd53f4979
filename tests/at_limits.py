"""The demo organisation, thinned out, with every value at its limit: the longest names, the largest amounts, the first
and the last day, sixty stages, three thousand regions and the deepest tree of them."""

import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from data_access.database.limits import DEEPEST_TREE, FIRST_YEAR, LARGEST_AMOUNT, LARGEST_RATE, LAST_YEAR, LONGEST_TEXT
from data_access.schema import CONTRACT, metadata

STAGES, REGIONS = 60, 3_000
_KEPT_OF = {"lead": 20, "activity": 4, "purchase": 3}  # one of so many; of accounts as asked
_AS_THEY_ARE = {("activity_cost", "kind"), ("rep_score", "metric")}  # choices, but for their form
_LETTERS = [chr(letter) for letter in range(0x20000, 0x2A000)]
_OURS = ("us", "CNY", "")  # words of the product: ourselves as a supplier, the base currency
# What other rules tie to the days and stages of a deal, and the rates that all amounts are multiplied by.
_UNTOUCHED = {
    ("opportunity", "closed_on"),
    ("opportunity_history", "changed_at"),
    ("stage", "position"),
    ("exchange_rate", "rate"),
}


def write_organisation(demo: Path, folder: Path, *, one_of: int) -> Path:
    """The organisation as a folder of the contract's form, made from the demo's: of every so many accounts one, and of
    the rest what belongs to these."""
    frames = {file.stem: pd.read_csv(file, dtype=str, keep_default_na=False) for file in sorted(demo.glob("*.csv"))}
    frames = _thinned({name: frames[name] for name in CONTRACT if name in frames}, one_of)
    frames["opportunity"] = frames["opportunity"].sort_values(["closed_on", "opportunity_id"])  # open ones first
    _add_counts(frames)
    folder.mkdir()
    for name, frame in frames.items():
        frame = _with_extremes(name, frame.reset_index(drop=True))
        for column in frame:
            frame[column] = _stretched(name, column, frame[column])
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def long(text: str, longest: int) -> str:
    """The text, made as long as may be: always by the same letters, of four bytes each and hard to compress."""
    return text + "".join(random.Random(text).choices(_LETTERS, k=longest - len(text)))


def _thinned(frames: dict[str, pd.DataFrame], one_of: int) -> dict[str, pd.DataFrame]:
    kept_of = _KEPT_OF | {"account": one_of}
    kept = {name: frame[:: kept_of.get(name, 1)] for name, frame in frames.items()}
    for _ in range(3):  # what refers to what is gone goes, and what refers to that
        for name, frame in kept.items():
            for column in CONTRACT[name].c:
                target = column.info.get("refers")
                if target in kept and column.name in frame:
                    keys = set(kept[target][CONTRACT[target].info["key"][0]]) | {""}
                    frame = frame[frame[column.name].isin(keys)]
            kept[name] = frame
    subjects = set(kept["account"]["account_id"]) | set(kept["lead"]["lead_id"])
    kept["assignment"] = kept["assignment"][kept["assignment"]["subject_id"].isin(subjects)]
    return kept


def _add_counts(frames: dict[str, pd.DataFrame]) -> None:
    """Many stages, many regions, a deep tree, and a currency whose unit is worth a fortune."""
    pipeline = frames["stage"]["pipeline"].iloc[0]
    stages = [(pipeline, f"step {n}", str(n + 10), "open", "0.5", "10") for n in range(STAGES)]
    top = frames["region"]["region_id"].iloc[0]
    flat = [(f"flat {n}", f"flat {n}", top) for n in range(REGIONS)]
    deep = [(f"deep {n}", f"deep {n}", f"deep {n - 1}" if n > 2 else top) for n in range(2, DEEPEST_TREE + 1)]
    for name, rows in (("stage", stages), ("region", [*flat, *deep]), ("exchange_rate", [_DEAR])):
        frames[name] = pd.concat([frames[name], pd.DataFrame(rows, columns=frames[name].columns)])
    deals = frames["opportunity"]
    ids = deals["opportunity_id"]
    dear, deepest, largest = ids[2:3], ids[3:4], [ids.iloc[0], *ids[4:_LARGEST]]
    deals.loc[ids.isin(deepest), "region_id"] = deep[-1][0]
    changes = frames["opportunity_history"]
    for some, amount, currency in ((largest, LARGEST_AMOUNT, ""), (dear, 1, _DEAR[0])):
        deals.loc[ids.isin(some), ["currency", "amount", "gross_margin"]] = [currency, str(amount), str(amount)]
        changes.loc[changes["opportunity_id"].isin(some) & (changes["amount"] != ""), "amount"] = str(amount)
    scores = frames["rep_score"]
    frames["rep_score"] = pd.concat([scores, scores[:1].assign(metric=long("metric", _longest("rep_score", "metric")))])


_LARGEST = 28  # deals, together near what adds up
_DEAR = ("dear", "2024-01-01", str(LARGEST_RATE))


def _with_extremes(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The first row with the largest and latest values, the second with the least and earliest."""
    for column in CONTRACT[table].c:
        if column.name in frame and (table, column.name) not in _UNTOUCHED:
            for row, value in enumerate(_extremes(column.info)):
                if value is not None:
                    frame.loc[row, column.name] = value
    return frame


def _extremes(info: dict) -> tuple[str | None, str | None]:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    if info["form"] in ("date", "moment"):
        if info.get("monday"):
            last -= timedelta(days=last.weekday())
        if info.get("month"):
            last = last.replace(day=1)
        return None if info.get("happened") else last.isoformat(), first.isoformat()
    if "most" in info:
        return str(info["most"]), str(info["least"])
    return None, None


def _stretched(table: str, column: str, cells: pd.Series) -> pd.Series:
    info = CONTRACT[table].c[column].info if column in CONTRACT[table].c else None
    if info is None or info["form"] != "text" or "choices" in info or (table, column) in _AS_THEY_ARE:
        return cells
    longest = min(info["longest"], LONGEST_TEXT)  # a note in every row would be a hundred megabytes
    stretched = cells.map(lambda text: text if text in _OURS else long(text, longest))
    if longest < info["longest"]:
        stretched.iloc[0] = long("note", info["longest"])
    return stretched


def _longest(table: str, column: str) -> int:
    return metadata.tables[table].c[column].info["longest"]
