"""How a table shows the columns of a frame, on a page and in its files."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.words import language
from dashboard.words.fields import fields
from dashboard.words.formats import Formats, is_missing

_BARS = frozenset({"attainment", "attainment_last_year", "utilisation"})  # shares of amounts and hours, read by length
DAY = {"date": "%Y-%m-%d", "month": "%Y-%m"}


@dataclass(frozen=True)
class Column:
    """How a table shows one column of a frame.

    unit   text, written (a number already in words), money, share, bar (a share as a length
           beside its number), days, count, ratio, number, trend (a list of numbers, none of them empty), date, month
    n      for a share of counts: the column that holds the cases; below ten the fraction is shown
    width  of text, in pixels; none: as its first rows need
    help   what it counts, said when asked
    badges of text: the words that stand in a coloured badge → the name of its colour (`style.Tokens`)
    """

    label: str
    unit: str = "text"
    n: str | None = None
    width: int | None = None
    help: str | None = None
    badges: Mapping[str, str] | None = None

    @classmethod
    def of(cls, key: str, n: str | None = None) -> "Column":
        """The column of a defined number, whatever the frame calls it; `n` where it calls its cases otherwise."""
        definition = DEFINITIONS[key]
        n = n or (definition.n if definition.unit == "share" else "") or None
        unit = "bar" if key in _BARS else definition.unit
        return cls(language.label(key), unit, n, help=language.meaning(key))

    @classmethod
    def each(cls, *keys: str) -> dict[str, "Column"]:
        """The columns of defined numbers, and of what `words.fields` knows, that the frame calls by these keys."""
        known = fields()
        return {key: cls(*known[key]) if key in known else cls.of(key) for key in keys}

    def exactly(self, value, form: Formats, n=None) -> str:
        """One of its values in words, money to the cent: where nobody can point at it to see more."""
        if self.unit in ("text", "written"):
            return "" if is_missing(value) else str(value)
        if self.unit == "money":
            return form.money_exact(value)
        if self.unit in ("share", "bar"):
            return form.share_in_table(value, n)
        if self.unit in ("date", "month"):
            return "" if is_missing(value) else f"{value:{DAY[self.unit]}}"
        return form.number(value) if self.unit == "days" else form.by_unit(value, self.unit)
