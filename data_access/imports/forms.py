"""Text to typed columns: exact, strict, and with a reason for every cell that does not fit its form.

Each form reads one text. A column is read through its distinct texts, so that a million cells with a
thousand different dates cost a thousand readings.
"""

import re
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute

from data_access.database.limits import FIRST_YEAR, LAST_YEAR, LONGEST_NUMBER, unfit
from data_access.schema import MONEY_SCALE, RATE_SCALE, SHARE_SCALE

from .readers import SPREADSHEET_ERRORS

SCALES = {"money": MONEY_SCALE, "share": SHARE_SCALE, "rate": RATE_SCALE}

# ASCII: other scripts have digits, too, which the database would not compare equal.
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_LARGEST = 2**63 - 1  # of a BigInteger column
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

_DTYPES = {
    "text": "object",
    "money": "Int64",
    "share": "Int64",
    "rate": "Int64",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "moment": "datetime64[us]",
}


@dataclass(frozen=True)
class Typed:
    """A column after reading: its values (NA where a cell did not fit), and {text: reason} of those."""

    values: pd.Series
    reasons: dict[str, str]


def typed(cells: pd.Series, form: str, zone: ZoneInfo | None, longest: int = LONGEST_NUMBER) -> Typed:
    """The cells of one column in the pandas type of its form. `zone`: of moments with an offset."""
    places, texts = pd.factorize(cells.to_numpy(object))
    reasons = unkept(texts, longest)
    reasons |= {text: _SPREADSHEET_ERROR.format(text) for text in texts if text in SPREADSHEET_ERRORS}
    if form == "text":
        cells = cells.astype(object)
        return Typed(cells.mask(cells.isin(list(reasons)), None) if reasons else cells, reasons)
    read = (lambda text: _moment(text, zone)) if form == "moment" else _READERS[form]
    different = _plain_moments(texts) if form == "moment" else pd.Series(index=range(len(texts)), dtype=_DTYPES[form])
    by_itself = np.flatnonzero(different.isna())
    values: list[Any] = [None] * len(by_itself)
    for place, text in enumerate(texts[by_itself]):
        if text in reasons:
            continue
        try:
            values[place] = read(text)
        except ValueError as error:
            reasons[text] = str(error)
    if values:
        different.iloc[by_itself] = pd.Series(values, dtype=object).astype(_DTYPES[form]).array
    return Typed(different.reindex(places).set_axis(cells.index), reasons)  # an empty cell's place is -1


_SPREADSHEET_ERROR = 'is the error {0} of a spreadsheet: mend its formula, or declare empty = ["{0}"] in a mapping'


def unkept(texts: Collection[str], longest: int) -> dict[str, str]:
    """{text: reason} of the texts that cannot be kept, whatever they say."""
    if not unfit("".join(texts), sys.maxsize) and max(map(len, texts), default=0) <= longest:
        return {}  # nearly always, and all at once
    found = ((text, unfit(text, longest)) for text in texts)
    return {text: reason for text, reason in found if reason}


def mapped(cells: pd.Series, values: dict) -> pd.Series:
    """What stands for each cell, None where nothing does."""
    return pd.Series([values.get(cell) for cell in cells], index=cells.index, dtype=object)


def scaled(text: str, scale: int) -> int:
    """A decimal number as a whole number of its smallest unit, rounded half up, exactly."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(_not_a_number(text))
    whole = int((Decimal(text) * scale).to_integral_value(ROUND_HALF_UP))
    if abs(whole) > _LARGEST:
        raise ValueError("is too large")
    return whole


_DIGITS_AND_SEPARATORS = re.compile(r"[+-]?\d[\d., ]*", re.ASCII)


def _not_a_number(text: str) -> str:
    hint = ""
    if "," in text and _DIGITS_AND_SEPARATORS.fullmatch(text):
        likely = "1.234,56" if re.search(r",(\d{1,2}|\d{4,})$", text) else "1,234.56"
        hint = f'; or declare how numbers are written in a mapping, such as number_form = "{likely}"'
    return f"is not a number; write it as 1234.56, not {text!r}{hint}"


def _integer(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"is not a whole number: {text!r}")
    whole = int(text.split(".")[0])
    if abs(whole) >= 2**31:
        raise ValueError("is too large")
    return whole


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(_not_a_number(text))
    return float(text)


def _boolean(text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise ValueError(f"is neither true nor false: {text!r}")
    return _BOOLEANS[text.lower()]


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(f"is not a date; write it as 2025-03-31, not {text!r}{_day_number(text)}")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"is a day that no calendar has: {text!r}") from None
    _must_be_of_our_time(day)
    return day


def _must_be_of_our_time(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"is not in the years {FIRST_YEAR} to {LAST_YEAR}; where it stands for always or never, leave it empty"
        )


def _day_number(text: str) -> str:
    """What to do about Excel's count of days, which a date becomes in a column formatted as a number."""
    if not _EXCEL_DAY.fullmatch(text):
        return ""
    return (
        f", which looks like an Excel day number ({in_iso(text, 'serial')}): give the column the format of a date "
        'and save again, or declare date_forms = ["serial"] in a mapping'
    )


_EXCEL_DAY = re.compile(r"[2-6]\d{4}(\.\d+)?", re.ASCII)  # 1954 to 2091


def _moment(text: str, zone: ZoneInfo | None) -> datetime:
    """The moment in the organisation's time zone, without zone: what a clock on its wall showed."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"is not a moment; write it as 2025-03-31 14:05:00, not {text!r}{_day_number(text)}")
    try:
        moment = datetime.fromisoformat(text)  # of a day alone: its midnight
    except ValueError:
        raise ValueError(f"is a moment that no calendar or clock has: {text!r}") from None
    _must_be_of_our_time(moment)
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


_OFFSET = r":\d{2}.*(Z|[+-]\d{2}:?\d{2})$"


def have_offset(texts: Sequence[str] | np.ndarray) -> int:
    """How many of the moments are written with an offset."""
    return int(found(texts, _OFFSET).sum())


def found(texts: Sequence[str] | np.ndarray, pattern: str) -> np.ndarray:
    """Whether a pattern is found, per text: for millions of them."""
    try:
        return pa.compute.match_substring_regex(pa.array(texts, pa.string()), pattern).to_numpy(zero_copy_only=False)
    except UnicodeEncodeError:  # half of a surrogate pair
        return np.array([bool(re.search(pattern, text)) for text in texts], bool)


PLAIN_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}$"


def _plain_moments(texts: np.ndarray) -> pd.Series:
    """What nearly all moments are, read at once: to the second, without an offset, of our time. The others are NA."""
    moments = pd.Series(np.datetime64("NaT"), index=range(len(texts)), dtype=_DTYPES["moment"])
    plain = np.flatnonzero(found(texts, PLAIN_MOMENT))
    if len(plain):
        read = pd.to_datetime(pd.Series(texts[plain], dtype=object), format="ISO8601", errors="coerce")
        read = read.where(read.dt.year.between(FIRST_YEAR, LAST_YEAR))
        moments.iloc[plain] = read.astype(_DTYPES["moment"]).array
    return moments


_READERS: dict[str, Callable] = {
    **{form: (lambda text, scale=scale: scaled(text, scale)) for form, scale in SCALES.items()},
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}


# --- the forms a mapping may declare ------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {  # longest first, so that MMM is not read as MM and M
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MMM": r"(?P<month_name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{2})",
    "DD": r"(?P<day>\d{2})",
    "hh": r"(?P<hour>\d{2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
    "AM": r"(?P<half>[AaPp][Mm])",
    "M": r"(?P<month>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
    "h": r"(?P<hour>\d{1,2})",
}
_TOKEN = re.compile("|".join(_PARTS))
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()  # Excel's day 0, as its 29 February 1900 never was
_SEPARATORS = {"1234.56": ("", "."), "1,234.56": (",", "."), "1.234,56": (".", ","), "1 234,56": (" ", ",")}
NUMBER_FORMS = tuple(_SEPARATORS)
_UNMISTAKABLE = {  # the other form, and what can be nothing else
    "1,234.56": ("1.234,56", re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+", re.ASCII)),
    "1.234,56": ("1,234.56", re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+", re.ASCII)),
}
# A sign or a code of three letters, before or behind; never "k" or "M", which change the number.
_CURRENCY = re.compile(r"^([+-]?) ?(?:[^\w\s.,+-]{1,3}|[A-Z]{1,2}\$|[A-Z]{3})? ?([+-]?)")
_UNIT = re.compile(r" ?(?:[^\w\s.,+-]{1,3}|[A-Z]{3})$")


@cache
def date_pattern(form: str) -> re.Pattern:
    """A date form such as `M/D/YYYY` or `YYYY-MM-DD hh:mm:ss` as a pattern; ISO and serial are words."""
    if form == "ISO":
        return _MOMENT
    if form == "serial":
        return re.compile(r"\d{4,6}(\.\d+)?")
    found = _TOKEN.findall(form)
    if len({"YYYY", "YY"}.intersection(found)) != 1 or len(set(found)) != len(found):
        raise ValueError(form)
    return re.compile(_TOKEN.sub(lambda token: _PARTS[token.group()], re.escape(form)), re.ASCII)


def in_iso(text: str, form: str, pivot: int = 69) -> str | None:
    """A date or moment of this form, written the contract's way; None where it does not fit.

    pivot   of a year of two digits: from here on it is of the past century
    """
    match = date_pattern(form).fullmatch(text)
    if not match:
        return None
    if form == "ISO":
        return text
    try:
        if form == "serial":
            return date.fromordinal(_EXCEL_EPOCH + int(float(text))).isoformat()
        return _from_parts(match.groupdict(), pivot)
    except ValueError:
        return None


def _from_parts(parts: dict[str, str], pivot: int) -> str:
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year >= pivot else 2000
    month = parts.get("month") or str(_MONTHS.index(parts["month_name"].lower()) + 1)
    day = date(year, int(month), int(parts["day"]))
    if "hour" not in parts:
        return day.isoformat()
    hour = int(parts["hour"])
    if "half" in parts:
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    return datetime.combine(day, time(hour, int(parts["minute"]), int(parts.get("second") or 0))).isoformat(" ")


# Signs that stand for one currency alone; $, ¥ and kr are several countries' own.
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "₴": "UAH", "₪": "ILS",
          "₱": "PHP", "฿": "THB", "₦": "NGN", "元": "CNY", "RMB": "CNY", "US$": "USD", "R$": "BRL", "HK$": "HKD",
          "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD"}  # fmt: skip
_CODE = re.compile(r"[A-Za-z]{3}", re.ASCII)
_BESIDE_AMOUNT = re.compile(r"[+-]? ?([^\d\s.,+-]{1,3})? ?[+-]?[\d., ]+ ?([^\d\s.,+-]{1,3})?")


def currency_code(text: str) -> str:
    """The code of a currency however it is written, where that can be read in one way only; else the text as it is."""
    return _SIGNS.get(text.upper(), text.upper() if _CODE.fullmatch(text) else text)


def currency_in(amount: str) -> str | None:
    """The code of the currency that an amount is written with; None where it has none, or a sign of several."""
    found = _BESIDE_AMOUNT.fullmatch(amount.replace("\u00a0", " "))
    code = currency_code((found and (found[1] or found[2])) or "")
    return code if _CODE.fullmatch(code) else None


def plain_number(text: str, form: str, factor: str = "1") -> str:
    """A number of this form (currency signs around it dropped) the contract's way; else the text as it is. Of the other
    of the two forms with points and commas, where it has both, for it can be read in no second way."""
    bare = _CURRENCY.sub(r"\1\2", text.replace("\u00a0", " "))
    bare = _UNIT.sub("", bare)
    if form in _UNMISTAKABLE and _UNMISTAKABLE[form][1].fullmatch(bare):
        form = _UNMISTAKABLE[form][0]
    thousands, point = _SEPARATORS[form]
    if thousands:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(({re.escape(thousands)}\d{{3}})*|\d*)({re.escape(point)}\d+)?", bare):
            return text
        bare = bare.replace(thousands, "")
    bare = bare.replace(point, ".")
    if not _NUMBER.fullmatch(bare):
        return text
    return bare if factor == "1" else format(Decimal(bare) * Decimal(factor), "f")
