"""The file of rejected rows: what was wrong with them, and the rows as they came."""

import csv
import glob
import io
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from data_access.spreadsheet import cell, is_formula

from .lots import Lot
from .readers import Source

_HEADER = ("file", "line", "reason", "column", "value", "row")
_HEADER_OF_TABLES = ("table", "key", *_HEADER[2:])  # of rows from a database, which stand on no line
_KEPT = 20  # files of syncs: one every quarter of an hour fills no disk


def rejected_path(path: Path, asked: Path | None) -> Path:
    """Where the rejected rows go: as asked, else next to the input.

    Where that may not be written: the working folder, and if that may not be either, the temporary one.
    """
    if asked is not None:
        return asked
    path = path.resolve()
    beside = path.with_name(f"{path.name}.rejected.csv")
    places = (beside, Path.cwd() / beside.name)
    return next((place for place in places if _may_be_written(place)), Path(tempfile.gettempdir()) / beside.name)


def rejected_path_of_sync(path: Path, at: datetime) -> Path:
    """Where the rejected rows of one sync go: beside those of the syncs before, which hold still."""
    return rejected_path(path.with_name(f"{path.name}-{at:%Y%m%d-%H%M%S-%f}"), None)


def remove_old(path: Path, file: Path, most: int = _KEPT - 1) -> None:
    """Of the files of rejected rows that syncs called `path` left beside `file`, remove all but the last ones."""
    there = sorted(file.parent.glob(f"{glob.escape(path.name)}-{_STAMP}.rejected.csv"))
    for old in there[: max(0, len(there) - most)]:
        if _is_ours(old):
            old.unlink()


_STAMP = f"{'[0-9]' * 8}-{'[0-9]' * 6}-{'[0-9]' * 6}"


def _may_be_written(file: Path) -> bool:
    # A folder without any write permission is meant to be left alone, also by an administrator.
    meant_to_change = file.parent.stat().st_mode & 0o222
    return bool(meant_to_change) and os.access(file if file.exists() else file.parent, os.W_OK)


def remove_rejected(path: Path) -> None:
    """Remove the file that an earlier load of this input left behind: what it says no longer holds."""
    file = rejected_path(path, None)
    if file.is_file() and _is_ours(file):
        file.unlink()


def _is_ours(file: Path) -> bool:
    with file.open(encoding="utf-8-sig", errors="replace") as old:
        return old.readline().strip() in (",".join(_HEADER), ",".join(_HEADER_OF_TABLES))


def with_lines(lots: tuple[Lot, ...], found: pd.DataFrame) -> pd.DataFrame:
    """The findings with file, line, and the reason as a whole phrase; causes first, then what follows from them."""
    origins = pd.concat([lot.origin.assign(table=lot.table, row=lot.origin.index) for lot in lots])
    told = found.merge(origins, on=["table", "row"])
    told["reason"] = told["column"].str.cat(told["reason"].astype(str), sep=" ")
    return told.sort_values(["follows", "file", "line"], kind="stable", ignore_index=True)


def place(one) -> str:
    """Where a row of `with_lines`, or of a lot's origin, stands."""
    return f"{one.file} {one.key}" if hasattr(one, "key") else f"{one.file} line {one.line}"


def write_rejected(told: pd.DataFrame, sources: dict[str, Source], path: Path) -> None:
    """One line per broken rule: file, line, reason, column, value, row (the original, as CSV). Of tables of a database
    the row's key stands in the place of the line."""
    originals = {
        (file, line): _as_csv(sources[file].cells.loc[line])
        for file, line in dict.fromkeys(zip(told["file"], told["line"], strict=True))
        if file in sources and line in sources[file].cells.index
    }
    is_of_tables = "key" in told
    rows = [
        map(
            cell,
            (
                one.file,
                one.key if is_of_tables else one.line,
                one.reason,
                one.column,
                one.value,
                originals.get((one.file, one.line), ""),
            ),
        )
        for one in told.itertuples()
    ]
    out = path.open("w", encoding="utf-8-sig", newline="")  # with a mark, so that Excel reads it
    try:
        with out:
            csv.writer(out).writerows([_HEADER_OF_TABLES if is_of_tables else _HEADER, *rows])
    except OSError:
        path.unlink()  # a part would look like the whole
        raise


def _as_csv(cells: pd.Series) -> str:
    """The row as it came, so that it can be mended and loaded again. One that would be a formula stands in quotation
    marks throughout: an apostrophe before it would belong to its first cell from then on."""
    texts = ["" if text is None else text for text in cells]
    row = _written(texts, csv.QUOTE_MINIMAL)
    return _written(texts, csv.QUOTE_ALL) if is_formula(row) else row


def _written(texts: list[str], quoting: Literal[0, 1]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="", quoting=quoting).writerow(texts)
    return out.getvalue()
