"""A page as an Excel workbook: its answer and cards, what was looked at and how it counts, a sheet of each table."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from numbers import Real

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.frame.columns import DAY, Column
from dashboard.sharing.shared import Shared
from dashboard.words.formats import is_missing
from dashboard.words.language import _

# How Excel writes the units of `Column`; what is not here is text.
_FORMS = {
    "money": "#,##0.00", "money_per_day": "#,##0.00", "count": "#,##0", "share": "0.0%", "bar": "0.0%",
    "days": "#,##0.0", "number": "#,##0.0##", "ratio": '0.0#"×"', "date": "yyyy-mm-dd", "month": "yyyy-mm",
}  # fmt: skip
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31  # of a sheet
_LONGEST_TEXT = 32_767  # of a cell
_WIDEST = 60  # of a column, in characters


def workbook(shared: Shared) -> bytes:
    """The page as XLSX. Values are numbers and days where they are such; a text is never a formula, nor a link."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        forms = {unit: book.add_format({"num_format": form}) for unit, form in _FORMS.items()}
        bold, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        page, about = book.add_worksheet(_name(_("Page"), 0)), book.add_worksheet(_name(_("About"), 0))
        sheets = []
        for number, (title, table) in enumerate(shared.tables(), 1):
            sheet = book.add_worksheet(_name(title, number))
            sheets.append((sheet.get_name(), title))
            _table(sheet, table.frame, table.columns, table.total, bold, forms)
        _page(page, shared, sheets, bold, forms)
        _about(about, shared, bold, plain)
    return written.getvalue()


def _name(title: str, number: int) -> str:
    """Of a sheet: at most 31 characters, and none like another."""
    name = f"{number} {title}" if number else title
    return _NOT_IN_A_NAME.sub(" ", name)[:_LONGEST_NAME].strip(" '")


def _page(sheet: Worksheet, shared: Shared, sheets: Sequence[tuple[str, str]], bold: Format, forms: Mapping) -> None:
    head = shared.head
    rows: list[tuple[str, Format | None]] = [(head.title, bold), (head.question, None), (head.answer, bold)]
    rows += [(head.more, None), (head.about, None)]
    at = 0
    for text, form in rows:
        if text:
            _text(sheet, at, 0, text, form)
            at += 1
    at = _lines(sheet, at + 1, (_("Metric"), _("Of"), _("Value"), _("As shown"), _("Change"), _("Rests on"), ""), bold)
    for card in shared.cards():
        for reading in card.readings:
            shown = (card.label, reading.name, "", reading.value, reading.change, reading.n, card.beside)
            _lines(sheet, at, shown)
            _cell(sheet, at, 2, reading.exact, card.unit, forms)
            at += 1
    at = _lines(sheet, at + 1, (_("Sheet"), _("What it holds")), bold)
    for line in sheets:
        at = _lines(sheet, at, line)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 6, 18)


def _about(sheet: Worksheet, shared: Shared, bold: Format, plain: Format) -> None:
    at = 0
    for line in shared.about:
        at = _lines(sheet, at, line, plain)
    at = _lines(sheet, at + 1, (_("Metric"), _("What it counts")), bold)
    for line in _meanings(shared):
        at = _lines(sheet, at, line, plain)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)


def _meanings(shared: Shared) -> Iterable[tuple[str, str]]:
    """What the numbers of the page count, each once."""
    known = {card.label: card.help for card in shared.cards()}
    for _title, table in shared.tables():
        known |= {column.label: column.help for column in table.columns.values() if column.help}
    return sorted(known.items())


def _table(
    sheet: Worksheet,
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    total: Mapping | pd.Series | None,
    bold: Format,
    forms: Mapping[str, Format],
) -> None:
    """Rows below a head that filters them; what they come to stands apart below, where no filter takes it in."""
    for place, (name, column) in enumerate(columns.items()):
        _text(sheet, 0, place, column.label, bold)
        values = list(frame[name])
        for row, value in enumerate(values, 1):
            _cell(sheet, row, place, value, column.unit, forms)
        if total is not None and place and not is_missing(total.get(name)):
            _cell(sheet, len(values) + 2, place, total.get(name), column.unit, forms)
        longest = max((len(str(value)) for value in values[:200]), default=0) if column.unit not in _FORMS else 0
        sheet.set_column(place, place, min(max(len(column.label) * 1.4, longest * 1.4, 12), _WIDEST))
    if total is not None:
        _text(sheet, len(frame) + 2, 0, _("Together"), bold)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(frame), max(len(columns) - 1, 0))


def _cell(sheet: Worksheet, row: int, column: int, value, unit: str, forms: Mapping[str, Format]) -> None:
    """One value as what it is; what is not known stays empty."""
    if isinstance(value, list | tuple | frozenset):  # a trend
        value, unit = " ".join(str(one) for one in value), "text"
    if is_missing(value):
        return
    if unit in DAY:
        sheet.write_datetime(row, column, pd.Timestamp(value).to_pydatetime(), forms[unit])
    elif unit in forms and isinstance(value, Real) and math.isfinite(value):
        sheet.write_number(row, column, float(value), forms[unit])
    else:
        _text(sheet, row, column, str(value))


def _lines(sheet: Worksheet, row: int, texts: Sequence[str], form: Format | None = None) -> int:
    """Texts beside each other; gives the row below."""
    for column, text in enumerate(texts):
        if text:
            _text(sheet, row, column, text, form)
    return row + 1


def _text(sheet: Worksheet, row: int, column: int, text: str, form: Format | None = None) -> None:
    sheet.write_string(row, column, text[:_LONGEST_TEXT], form)
