"""Numbers and days as people of a language read them. Undefined (None, NaN, NaT) is a dash, never 0."""

import math
from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_symbol

from dashboard.metrics.definitions import DEFINITIONS

DASH = "–"
FEW = 10  # below this many cases a percentage pretends to an exactness that is not there

# Units, largest first: (size, the size of the unit below, name).
_STEPS = {
    "en": ((1e9, 1e6, "B"), (1e6, 1e3, "M"), (1e3, 1, "k")),
    "zh_CN": ((1e8, 1e4, "亿"), (1e4, 1, "万")),
}
_DAYS = {"en": ("{} day", "{} days"), "zh_CN": ("{} 天", "{} 天")}
_PER_DAY = {"en": "{} a day", "zh_CN": "{}/天"}
_POINTS = {"en": "{} pp", "zh_CN": "{} 个百分点"}


def is_missing(value) -> bool:
    return value is None or bool(pd.isna(value))


@dataclass(frozen=True)
class Formats:
    """How one reader sees numbers: `language` of the catalogues, `currency` an ISO code.

    All methods take a plain number (money in whole currency units, shares 0–1) and give text.
    `signed` puts a plus before what is positive, for differences.
    """

    language: str = "en"
    currency: str = "USD"

    def count(self, value, signed: bool = False) -> str:
        """Whole numbers: 4,238."""
        return self._number(value, "#,##0", signed)

    def number(self, value, digits: int = 1, signed: bool = False) -> str:
        """Up to `digits` decimals: 51.8."""
        return self._number(value, "#,##0" + "." * bool(digits) + "#" * digits, signed)

    def money(self, value, signed: bool = False) -> str:
        """Short, three figures or so: $1.2M, $120万."""
        if is_missing(value):
            return DASH
        return _sign(value, signed) + self._symbol + self.short(abs(value))

    def money_exact(self, value, signed: bool = False) -> str:
        """To the cent where there are cents: $10,005,534 or $2,360.91."""
        if is_missing(value):
            return DASH
        pattern = "#,##0" if round(value, 2) == round(value) else "#,##0.00"
        return _sign(value, signed) + self._symbol + self._number(abs(value), pattern, False)

    def short(self, value, signed: bool = False) -> str:
        """Without a unit: 1.2M, 120万."""
        if is_missing(value):
            return DASH
        size = abs(value)
        for step, below, name in _STEPS[self.language]:
            # What rounds up into a unit is written in it: 999,960 is 1M, not 1000k.
            if round(size / below) * below >= step:
                return _sign(value, signed) + self._three_figures(size / step) + name
        return _sign(value, signed) + self._three_figures(size)

    def share(self, value, n=None, signed: bool = False) -> str:
        """A percentage; with `n` cases below ten the fraction, 7/9. Give `n` for shares of counts alone."""
        return self._share(value, n, signed, "#,##0.#")

    def share_in_table(self, value, n=None) -> str:
        """A share as `share` says it, but with its decimal always: those of a column are read one below the other."""
        return self._share(value, n, False, "#,##0.0")

    def _share(self, value, n, signed: bool, pattern: str) -> str:
        if is_missing(value):
            return DASH
        if not is_missing(n) and 0 < n < FEW:
            cases = value * n
            if math.isclose(cases, round(cases), abs_tol=1e-6):
                return f"{round(cases)}/{round(n)}"
        return self._number(100 * value, pattern, signed) + "%"

    def points(self, value) -> str:
        """A difference of two shares, in percentage points: +2.1 pp."""
        return self._within(_POINTS[self.language], self._number(_times(value, 100), "#,##0.#", True))

    def days(self, value, signed: bool = False) -> str:
        """Calendar days: 51.8 days."""
        if is_missing(value):
            return DASH
        one, many = _DAYS[self.language]
        return (one if abs(value) == 1 else many).format(self.number(value, signed=signed))

    def ratio(self, value, signed: bool = False) -> str:
        """A multiple: 2.4×."""
        return self._within("{}×", self._number(value, "#,##0.0#" if not signed else "#,##0.0", signed))

    def money_per_day(self, value, signed: bool = False) -> str:
        return self._within(_PER_DAY[self.language], self.money(value, signed))

    def date(self, day: Day | None) -> str:
        """21 Nov 2026, 2026年11月21日."""
        if is_missing(day):
            return DASH
        return format_date(day, "yyyy年M月d日" if self._is_chinese else "d MMM yyyy", locale=self.language)

    def day(self, day: Day | None) -> str:
        """Without the year: 21 Nov, 11-21."""
        if is_missing(day):
            return DASH
        return format_date(day, "MM-dd" if self._is_chinese else "d MMM", locale=self.language)

    def month(self, day: Day | None) -> str:
        """Nov 2026, 2026年11月."""
        if is_missing(day):
            return DASH
        return format_date(day, "yyyy年M月" if self._is_chinese else "MMM yyyy", locale=self.language)

    def month_alone(self, day: Day) -> str:
        """Nov, 11月: where the year stands beside it."""
        return format_date(day, "M月" if self._is_chinese else "MMM", locale=self.language)

    def metric(self, key: str, value, n=None) -> str:
        """The value of a metric, in the unit of its definition."""
        return self.by_unit(value, DEFINITIONS[key].unit, n)

    def by_unit(self, value, unit: str, n=None) -> str:
        """A value, by one of the units of `metrics.definitions`."""
        if unit == "share":
            return self.share(value, n)
        return getattr(self, unit)(value)

    def change(self, now, before, unit: str) -> str:
        """What changed since an earlier value: relative for money and counts, else in its own unit."""
        if is_missing(now) or is_missing(before):
            return DASH
        if unit == "share":
            return self.points(now - before)
        if unit in ("days", "ratio"):
            return getattr(self, unit)(now - before, signed=True)
        return DASH if before == 0 else self.share(now / before - 1, signed=True)

    @property
    def money_unit(self) -> str:
        """The unit for a table's header and an axis: amounts below it stand without one."""
        return self._symbol.strip()

    @property
    def _is_chinese(self) -> bool:
        return self.language == "zh_CN"

    @property
    def _symbol(self) -> str:
        """One base currency stands on every page, so ¥ and $ need no country before them; CHF 1.2M."""
        symbol = get_currency_symbol(self.currency, locale=self.language)
        return symbol + " " if symbol[-1].isalpha() else symbol[-1]

    def _number(self, value, pattern: str, signed: bool) -> str:
        if is_missing(value):
            return DASH
        text = _written(abs(value), pattern, self.language)
        return _sign(value, signed) + text if any(c in "123456789" for c in text) else text

    def _three_figures(self, size: float) -> str:
        digits = 2 if size < 10 else 1 if size < 100 else 0
        return self.number(round(size, digits), digits)

    def _within(self, pattern: str, text: str) -> str:
        return DASH if text == DASH else pattern.format(text)


@lru_cache(maxsize=10_000)
def _written(size, pattern: str, language: str) -> str:
    """Babel takes 60 µs a number: a second for the cells of a long table, most of which hold the same few counts."""
    return format_decimal(size, format=pattern, locale=language)


def _sign(value, signed: bool) -> str:
    if value < 0:
        return "−"
    return "+" if signed and value > 0 else ""


def _times(value, factor: float):
    return None if is_missing(value) else value * factor
