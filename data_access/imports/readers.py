"""Files as text: CSV and XLSX become a `Source`, with the line each row began on. Nothing is guessed."""

import csv
import html
import io
import posixpath
import re
import zipfile
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, WorksheetNotFound

from data_access.errors import ImportRefused

SUFFIXES = (".csv", ".xlsx")
_DELIMITERS = {";": "';'", "\t": "a tab", "|": "'|'", ",": "','"}
_LINES_NAMED = 5
_MOST_TITLES = 50  # lines in which the column names are looked for
_PART = 1 << 20  # characters read at a time
_BATCH = 500  # rows: few enough for the collector of garbage to find them gone already

_Row = tuple[int, list[str]]  # the line that a row begins on, and its cells

SPREADSHEET_ERRORS = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")
    + ("#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#ERROR!")
)
"""What a cell shows whose formula failed, in a workbook and in the CSV saved from it; the last one is Google's."""

_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s(?:[^<>]*?\s)?t\s*=\s*)(["'])e\2""")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET_TAG, _RELATION_TAG, _COLUMN_TAG, _ROW_TAG = (
    re.compile(rb"<(?:\w+:)?%s(\s[^<>]*)>" % tag) for tag in (b"sheet", b"Relationship", b"col", b"row")
)
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(["'])(.*?)\2""", re.DOTALL)
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\s(?:[^<>]*?\s)?r\s*=\s*["'](\d+)["']""")
_CELL_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})\d""")
_WIDEST = 16_384  # columns of Excel
_TRUE = ("1", "true")
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


@dataclass(frozen=True)
class Reading:
    """How a file is read, where it differs from the contract's form (UTF-8, commas).

    header      names that the line of column names has: what stands above it is the title of a report
    footer      lines that start with one of these, and all below, are not data (reports add totals)
    empty       cells with one of these texts count as empty
    date_forms  the forms its dates may have; all of them in ONE form, the first that fits
    pivot       the first year of two digits that is of the past century
    number_form how its numbers are written, `1234.56` unless declared
    by_header   the file is the one that has the columns, whatever it is called
    """

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    sheet: str = ""
    optional: bool = False
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    date_forms: tuple[str, ...] = ("YYYY-MM-DD",)
    pivot: int = 69
    number_form: str = "1234.56"
    by_header: bool = False


@dataclass(frozen=True)
class Most:
    """What reading one file may take at most, so that no file takes the memory of all.

    line      bytes without a line break, of a CSV
    cells     of a sheet from its first to its last, empty ones, too: Excel's own lines times 38 columns
    unpacked  bytes of a workbook's parts: 20 million cells have some 1 GB
    """

    line: int = 2**24
    cells: int = 40_000_000
    unpacked: int = 2**32


@dataclass(frozen=True)
class Source:
    """One file as text: `cells` holds its columns (empty cells are None), its index the line numbers.

    twice   names that several columns have; all but the first are called "NAME (2)" and so on
    """

    file: str
    cells: pd.DataFrame
    notes: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def read_source(path: Path, reading: Reading | None = None, most: Most = Most()) -> Source:
    """The cells of a CSV or XLSX file. Refuses what cannot be read whole, naming the line."""
    reading = reading or Reading()
    if path.suffix.lower() == ".xlsx":
        rows, notes = _xlsx_rows(path, reading, most)
    elif path.suffix.lower() == ".csv":
        _refuse_endless_line(path, most.line)
        plain = _plain_csv(path, reading)
        if plain is not None:
            return plain
        rows, notes = _csv_rows(path, reading), ()
    else:
        raise ImportRefused(f"{path.name} is neither a .csv nor a .xlsx file. Save it as one of them.")
    titles, rows = _below_titles(_without_footer(rows, reading.footer), reading.header)
    _, header = next(rows, (0, None))
    if header is None:
        raise ImportRefused(
            f"{path.name} is empty: there is not even a line of column names. Export it again, or leave the file out."
        )
    if len(header) == 1 and path.suffix.lower() == ".csv":
        _refuse_wrong_delimiter(path.name, header[0], reading.delimiter)
    if titles:
        notes += (f"{path.name}: {titles} {'line' if titles == 1 else 'lines'} above the column names left aside.",)
    names, twice = _named_once(path.name, header)
    return Source(path.name, _frame(path.name, names, rows, reading), notes, twice)


def beginnings(path: Path) -> Iterator[tuple[Reading, list[list[str]]]]:
    """The first lines of a file, in each way that they may be separated; nothing where it cannot be read so."""
    try:
        if path.suffix.lower() == ".xlsx":
            rows, _ = _xlsx_rows(path, Reading(), Most())
            yield Reading(), [cells for _, cells in islice(rows, _MOST_TITLES)]
            return
        with path.open("rb") as file:
            _refuse_endless_line(path, Most().line)
            is_utf_16 = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
        encoding = "utf-16" if is_utf_16 else Reading().encoding
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            text = "".join(islice(file, _MOST_TITLES))
    except (ImportRefused, OSError, UnicodeError):
        return
    for delimiter in (",", *(other for other in _DELIMITERS if other != ",")):
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows_read: list[list[str]] = []
        with suppress(csv.Error):  # what stands above a line that is none is taken
            rows_read.extend(lines)
        yield Reading(delimiter=delimiter, encoding=encoding), rows_read


def _below_titles(rows: Iterator[_Row], header: Sequence[str]) -> tuple[int, Iterator[_Row]]:
    """The rows from the line of column names on, and how many stand above it: a report begins with its title. Where no
    line has the names, the first has to be it, and what it lacks is said."""
    first = list(islice(rows, _MOST_TITLES if header else 1))
    at = next((at for at, (_, cells) in enumerate(first) if {*header} <= {*map(str.strip, cells)}), 0)
    return at, chain(first[at:], rows)


def _named_once(file: str, header: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The names of the columns, those that are there again with a number; and which these are."""
    names = [name.strip() for name in header]
    while names and not names[-1]:  # spreadsheets leave columns without a name or a cell behind
        names.pop()
    for place, name in enumerate(names, start=1):
        if not name or name in SPREADSHEET_ERRORS:
            found = f"the error {name} as its name" if name else "no name"
            raise ImportRefused(f"{file}: column {place} has {found}. Name it or delete it.")
    times = Counter[str]()
    once = []
    for name in names:
        times[name] += 1
        once.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return once, tuple(sorted(name for name, count in times.items() if count > 1))


def _plain_csv(path: Path, reading: Reading) -> Source | None:
    """A file without quotation marks, in which every line is a row, by columns and so ten times sooner; else None.

    Whatever is not as plain is read again by lines, and so told with its line.
    """
    if reading.footer or reading.encoding not in ("utf-8-sig", "utf-8"):
        return None
    if not _has_lines_for_rows(path):
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            names = [name.strip() for name in text.readline().split(reading.delimiter)]
        if len(names) == 1 or not all(names) or len({*names}) < len(names) or not SPREADSHEET_ERRORS.isdisjoint(names):
            return None
        if not {*reading.header} <= {*names}:
            return None
        rows = pa.csv.read_csv(
            path,
            read_options=pa.csv.ReadOptions(skip_rows=1, column_names=names, use_threads=False),
            parse_options=pa.csv.ParseOptions(
                delimiter=reading.delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                null_values=[],
                strings_can_be_null=False,
            ),
        )
        blank = np.ones(rows.num_rows, bool)
        for name in names:
            if blank.any():
                places, texts = _distinct(rows[name])
                blank &= np.array([not text.strip() for text in texts], bool)[places]
        cells = {}
        cleaned = _Cleaned(reading.empty)
        for name in names:
            places, texts = _distinct(rows[name])
            cells[name] = np.array([*map(cleaned.__getitem__, texts), None], dtype=object)[places[~blank]]
    except (ValueError, pa.ArrowException):
        return None
    lines = pd.Index(np.flatnonzero(~blank) + 2, dtype="int64", name="line")
    return Source(path.name, _by_columns(cells, names, lines))


def _has_lines_for_rows(path: Path) -> bool:
    """Whether nothing in a file can hold a line break, or end a line in another way than all do."""
    with path.open("rb") as file:
        while part := file.read(_PART):
            if part.endswith(b"\r"):
                part += file.read(1)
            if b'"' in part or b"\0" in part or part.count(b"\r") != part.count(b"\r\n"):
                return False
    return True


def _distinct(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """Where each cell's text stands among the different ones."""
    chunks = column.unify_dictionaries().chunks
    places = [chunk.indices.to_numpy() for chunk in chunks] or [np.array([], dtype="int32")]
    return np.concatenate(places), chunks[0].dictionary.to_pylist() if chunks else []


def _by_columns(cells: Mapping[str, Any], names: list[str], lines: pd.Index) -> pd.DataFrame:
    """Each column an array of its own: to take some of them costs nothing."""
    frame = pd.DataFrame(cells, index=lines, dtype=object, copy=False)
    return frame.set_axis(pd.Index(names, dtype=object), axis=1)


def _csv_rows(path: Path, reading: Reading) -> Iterator[_Row]:
    # The standard library's reader, because it tells on which line a record with line breaks began.
    _must_be_text(path, reading.encoding)
    with path.open(encoding=_lenient(reading.encoding), newline="") as text:
        lines = csv.reader(text, delimiter=reading.delimiter, strict=True)
        begins = 1
        try:
            for cells in lines:
                if any(map(str.strip, cells)):
                    yield begins, cells
                begins = lines.line_num + 1
        except csv.Error as error:
            raise ImportRefused(
                f"{path.name} cannot be read as CSV from line {begins} on: {error}. "
                "A quotation mark may be missing there; mend the line or save the file again as CSV."
            ) from error


def _lenient(encoding: str) -> str:
    """With the mark of UTF-8 that Excel writes, or without it."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _must_be_text(path: Path, encoding: str) -> None:
    """Refuses a file that has not the encoding, naming the line."""
    with path.open("rb") as file:
        begins = file.read(4)
        if begins == b"PK\x03\x04":
            raise ImportRefused(
                f"{path.name} is no CSV but a workbook, or another archive. Save it as .csv or as .xlsx."
            )
        if encoding in ("utf-8-sig", "utf-8") and begins[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise ImportRefused(
                f"{path.name} is not UTF-8: it begins like a UTF-16 file. Save it as 'CSV UTF-8', "
                f'or set `encoding = "utf-16"` under [read."{path.name}"] in a mapping.'
            )
    line = 1
    try:
        with path.open(encoding=_lenient(encoding), newline="") as text:
            for part in iter(lambda: text.read(_PART), ""):
                part.encode()  # some encodings have halves of surrogate pairs, which are no characters
                line += part.count("\n")
    except UnicodeEncodeError as error:
        line += part[: error.start].count("\n")
        raise ImportRefused(
            f"{path.name}: line {line} holds half of a surrogate pair when it is read as {encoding}, and no database "
            "keeps that. Save it as 'CSV UTF-8', or correct its encoding in the mapping."
        ) from error
    except LookupError as error:
        raise ImportRefused(
            f"The mapping sets the encoding {encoding!r} for {path.name}, which does not exist. "
            'Common ones are "utf-8", "utf-16", "iso-8859-1", "windows-1252" and "gb18030".'
        ) from error
    except UnicodeDecodeError:
        _refuse_bytes(path, encoding)


def _refuse_bytes(path: Path, encoding: str) -> None:
    """Read whole, a file tells where it goes wrong."""
    content = path.read_bytes()
    try:
        content.decode(_lenient(encoding))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ImportRefused(
            f"{path.name} is not {error.encoding.upper()}: line {line} holds the byte "
            f"0x{content[error.start]:02X}. Save it as 'CSV UTF-8', "
            f'or set its encoding under [read."{path.name}"] in a mapping{_perhaps(content, error.start)}.'
        ) from error


def _perhaps(content: bytes, at: int) -> str:
    """The encoding that the text around a byte seems to have, in which it would be read as words and not as signs."""
    begins, ends = content.rfind(b"\n", 0, max(0, at - _AROUND)) + 1, content.find(b"\n", at + _AROUND)
    found = from_bytes(content[begins : ends if ends >= 0 else None]).best()
    if found is None:
        return ""
    name = "windows-1252" if found.encoding in _WESTERN else re.sub(r"^cp(?=125\d$)", "windows-", found.encoding)
    return f', such as `encoding = "{name}"`: so it reads'


# Told apart by a few signs only; the first is what Western Europe writes.
_WESTERN = ("cp1252", "cp1250", "cp1254", "cp1257", "latin_1", "iso8859_1", "iso8859_2", "iso8859_9", "iso8859_15")
_AROUND = 20_000  # bytes before and behind


def _refuse_wrong_delimiter(file: str, header: str, delimiter: str) -> None:
    for other, name in _DELIMITERS.items():
        if other != delimiter and other in header:
            written = "\\t" if other == "\t" else other  # as a TOML file has it
            raise ImportRefused(
                f"{file}: found one column {header!r}; the file seems to be separated by {name}. "
                f'Set `delimiter = "{written}"` under [read."{file}"] in a mapping, '
                f"or save it separated by {_DELIMITERS.get(delimiter, repr(delimiter))}."
            )


def _refuse_endless_line(path: Path, most: int) -> None:
    """A field that is never closed, or a file that is none of lines, would be read whole into memory."""
    line, length = 1, 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            breaks = part.count(b"\n") or part.count(b"\r")
            sign = b"\n" if b"\n" in part else b"\r"
            length += part.find(sign) if breaks else len(part)
            if length > most:
                raise ImportRefused(
                    f"{path.name}: line {line} is longer than {most:,} bytes, which no row is. A line break or a "
                    "quotation mark may be missing there, or the file is no CSV. Export it again."
                )
            if breaks:
                line, length = line + breaks, len(part) - 1 - part.rfind(sign)


def _refuse_large(path: Path, most: Most) -> None:
    """Before anything of a workbook is unpacked."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > most.unpacked:
        raise ImportRefused(
            f"{path.name} unpacks to {unpacked:,} bytes, more than the {most.unpacked:,} that are read of a "
            "workbook. Save its sheet alone, or as CSV."
        )


def _refuse_vast(path: Path, sheet: str, place: int, most: Most) -> None:
    """A sheet with one cell far away is as large as if it were full of cells."""
    with zipfile.ZipFile(path) as archive:
        content = _sheet_content(archive, place)
    lines = max(map(int, _ROW_NUMBER.findall(content)), default=0)
    if lines * _WIDEST <= most.cells:
        return
    columns = {found[1] for found in _CELL_COLUMN.finditer(content)}
    last = max(columns, key=lambda name: (len(name), name), default=b"A").decode()
    width = _place_of(last)
    if lines * width > most.cells:
        raise ImportRefused(
            f"{path.name}: the sheet {sheet!r} reaches down to line {lines:,} and right to column {last}, "
            f"{lines * width:,} cells, more than the {most.cells:,} that are read. Delete the lines and columns behind "
            "the data (a single cell far away is enough), or save the sheet as CSV."
        )


def _place_of(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def _xlsx_rows(path: Path, reading: Reading, most: Most) -> tuple[Iterator[_Row], tuple[str, ...]]:
    try:
        _refuse_large(path, most)
        with CalamineWorkbook.from_object(_with_errors_as_text(path)) as workbook:
            names = workbook.sheet_names
            hidden = [one.name for one in workbook.sheets_metadata if one.visible != SheetVisibleEnum.Visible]
            sheet = reading.sheet or names[0]
            if sheet in names:
                _refuse_vast(path, sheet, names.index(sheet), most)
            values = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except WorksheetNotFound as error:
        raise ImportRefused(
            f"{path.name} has no sheet {reading.sheet!r}. Its sheets are {', '.join(names)}."
        ) from error
    except (CalamineError, *_BROKEN_ARCHIVE, OSError, IndexError) as error:
        raise ImportRefused(
            f"{path.name} cannot be read as an Excel workbook: {error}. Save it again as .xlsx or as CSV."
        ) from error
    rows = ((number, [_cell_text(cell) for cell in row]) for number, row in enumerate(values, start=1))
    others = [name for name in names if name != sheet]
    aside = ", ".join(f"{name} (hidden)" if name in hidden else name for name in others)
    notes = [f"{path.name}: only the sheet {sheet!r} was read, not {aside}: one workbook per table."] if others else []
    unseen = [f"the sheet {sheet!r}"] * (sheet in hidden) + _hidden_in(path, names.index(sheet))
    if unseen:
        notes.append(
            f"{path.name}: hidden in Excel, and read like all else: {'; '.join(unseen)}. What is no data, delete."
        )
    return ((number, row) for number, row in rows if any(row)), tuple(notes)


def _hidden_in(path: Path, sheet: int) -> list[str]:
    """The rows and columns that Excel hides in a sheet, by its place in the workbook."""
    with zipfile.ZipFile(path) as archive:
        content = _sheet_content(archive, sheet)
    named = [
        _letters(at)
        for one in map(_attributes, _COLUMN_TAG.findall(content))
        if one.get("hidden") in _TRUE and one.get("min", "").isdigit() and one.get("max", "").isdigit()
        for at in range(int(one["min"]), min(int(one["max"]), _WIDEST) + 1)
    ]
    told = [("columns", named), ("lines", [*_hidden_lines(content)])]
    return [
        f"{what} {', '.join(some[:_LINES_NAMED])}{f' … ({len(some):,})' if len(some) > _LINES_NAMED else ''}"
        for what, some in told
        if some
    ]


def _sheet_content(archive: zipfile.ZipFile, sheet: int) -> bytes:
    """The XML of a sheet, by its place in the workbook; nothing where it lies elsewhere than all programs put it."""
    files = archive.namelist()
    if not {_WORKBOOK, _RELATIONS} <= {*files}:
        return b""
    asked = [_attributes(tag) for tag in _SHEET_TAG.findall(archive.read(_WORKBOOK))]
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in map(_attributes, _RELATION_TAG.findall(archive.read(_RELATIONS)))
    }
    relation = (
        next((value for name, value in asked[sheet].items() if name.endswith(":id")), "") if sheet < len(asked) else ""
    )
    file = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
    return archive.read(file) if file in files else b""


def _hidden_lines(content: bytes) -> Iterator[str]:
    if b"hidden" in content:
        for place, tag in enumerate(_ROW_TAG.findall(content), start=1):
            if b"hidden" in tag and (own := _attributes(tag)).get("hidden") in _TRUE:
                yield own.get("r", str(place))


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode()) for name, _, value in _ATTRIBUTE.findall(tag)}


def _letters(column: int) -> str:
    """The name of a column, counted from 1: A, B, … Z, AA …"""
    before, own = divmod(column - 1, 26)
    return f"{_letters(before)}{chr(ord('A') + own)}" if before else chr(ord("A") + own)


def _with_errors_as_text(path: Path) -> str | io.BytesIO:
    """The workbook, or a copy in which a cell with an error (#N/A) holds the name of the error as text.

    The reader gives errors as empty, and refuses the file for those it does not know. No XML is parsed for it: a tag
    begins with "<", which can stand nowhere else, and nearly all sheets lack the two bytes that are searched for first.
    """
    with zipfile.ZipFile(path) as archive:
        mended = {}
        for name in archive.namelist():
            content = archive.read(name) if name.endswith(".xml") else b""
            if b'"e"' in content or b"'e'" in content:
                mended[name] = _ERROR_CELL.sub(rb'\1"str"', content)
        if not mended:
            return str(path)
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as rewritten:
            for name in archive.namelist():
                rewritten.writestr(name, mended[name] if name in mended else archive.read(name))
    copy.seek(0)
    return copy


def _cell_text(value) -> str:
    """An Excel value in the contract's form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):  # Excel has no plain dates: midnight is one, be it a millisecond beside it
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _without_footer(rows: Iterator[_Row], footer: Sequence[str]) -> Iterator[_Row]:
    if not footer:
        return rows
    return takewhile(lambda row: not next(filter(None, map(str.strip, row[1]))).startswith(tuple(footer)), rows)


class _Cleaned(dict):
    """{cell: its text without spaces around it, None where it counts as empty}: one object for what is written alike,
    so that a column of millions of cells costs no more than its different texts."""

    def __init__(self, empty: Iterable[str]):
        super().__init__()
        self._empty = {"", *empty}

    def __missing__(self, cell: str) -> str | None:
        text = cell.strip()
        self[cell] = None if text in self._empty else text
        return self[cell]


def _frame(file: str, names: list[str], body: Iterator[_Row], reading: Reading) -> pd.DataFrame:
    width = len(names)
    lines, uneven = array("q"), []
    columns: list[list[str | None]] = [[] for _ in names]
    cleaned = [_Cleaned(reading.empty) for _ in names]
    while batch := list(islice(body, _BATCH)):
        numbers, rows = zip(*batch, strict=True)
        lines.extend(numbers)
        uneven += [n for n, cells in batch if len(cells) < width or any(map(str.strip, cells[width:]))]
        if not uneven:
            by_column = zip(*rows, strict=False)  # beyond the width all is empty
            for column, texts, cells in zip(columns, cleaned, by_column, strict=False):
                column.extend(map(texts.__getitem__, cells))
    if uneven:
        named = ", ".join(map(str, uneven[:_LINES_NAMED])) + (" …" if len(uneven) > _LINES_NAMED else "")
        raise ImportRefused(
            f"{file}: {len(uneven)} lines do not have {width} cells, as the line of column names has "
            f"(line {named}). Text with the delimiter in it must stand in quotation marks."
        )
    return pd.DataFrame(
        dict(zip(names, columns, strict=True)),
        index=pd.Index(lines, dtype="int64", name="line"),
        columns=pd.Index(names, dtype=object),
        dtype=object,
    )
