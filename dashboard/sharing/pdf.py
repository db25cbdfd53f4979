"""A page as PDF, on A4 across: set by typst, which leaves every character what it is and every figure a drawing."""

import importlib.util
import json
import logging
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import astuple, replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from dashboard.frame import held
from dashboard.frame.cards import Card
from dashboard.frame.columns import Column
from dashboard.sharing.shared import Shared
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, current, one_of, speaking
from dashboard.words.literal import plain

log = logging.getLogger("dashboard")

TYPST = "typst>=0.15,<0.16"  # as in pyproject.toml, extra `pdf`
MOST_ROWS = 40  # of a table on paper; the workbook has all
_TEMPLATE = Path(__file__).with_name("page.typ")
# Without serifs, Chinese ones first: they have Latin letters, too. The first that is there sets the page.
_CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "SimHei", "SimSun",
)  # fmt: skip
_LATIN = ("Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LEFT = frozenset({"text", "date", "month"})  # units of columns that are no numbers
_PAPER, _GUTTER = 757, 14  # points between the margins, and between figures
_POINT = 0.54  # of a pixel: a figure over a whole wide screen takes the whole width
_LINK = "{http://www.w3.org/1999/xlink}href"
_OWN_LINKS = ("#", "data:image/png;base64,")  # heat maps are pictures
_DRAWN = frozenset(
    f"{{http://www.w3.org/2000/svg}}{tag}"
    for tag in ("svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "polyline", "polygon", "text",
                "tspan", "image", "use", "pattern", "linearGradient", "stop", "title", "a")
)  # fmt: skip
_FAMILY = re.compile(r"font-family:[^;]*;?")
for _prefix, _space in (("", "http://www.w3.org/2000/svg"), ("xlink", "http://www.w3.org/1999/xlink")):
    ElementTree.register_namespace(_prefix, _space)


def is_possible() -> bool:
    """Whether typst is there; see `TYPST`."""
    return _is_there("typst")


_is_there = cache(lambda name: importlib.util.find_spec(name) is not None)


def pdf(shared: Shared) -> bytes:
    """The page as PDF, its text to be searched and copied; where the machine has no font for it, the reason alone."""
    fonts = _fonts()
    text = _written(shared, fonts)
    if _HAN.search(text) and fonts.isdisjoint(_CHINESE):
        with speaking("en"):  # which can be set
            reason = _("The server has no Chinese font: {command}").format(command="apt-get install fonts-noto-cjk")
            return _set(_written(shared.instead(reason), fonts))
    try:
        return _set(text)
    except _refusal():
        if not shared.pictures:
            raise
        log.exception("A page with its figures as the browser sent them could not be set; their numbers stand instead")
        return _set(_written(replace(shared, pictures={}), fonts))


def _refusal() -> type[Exception]:
    import typst

    return typst.TypstError


@cache
def _fonts() -> frozenset[str]:
    """The families that this machine can set with. Looking for them takes 0.3 s, and typst is loaded by who prints."""
    import typst

    return frozenset(typst.Fonts().families())


def _set(page: str) -> bytes:
    import typst

    return typst.compile(_TEMPLATE, root=_TEMPLATE.parent, format="pdf", sys_inputs={"page": page})


def _written(shared: Shared, fonts: Set[str]) -> str:
    """All that the template sets, as JSON."""
    head, here = shared.head, [name for name in (*_CHINESE, *_LATIN) if name in fonts]
    told = dict(zip(("title", "question", "answer", "more", "about"), map(plain, astuple(head)), strict=True))
    page = told | {
        "lang": "zh" if current() == "zh_CN" else "en",
        "fonts": here,
        "footer": plain(" · ".join([*(value for _name, value in shared.about[:1]), head.about])),
        "number": _("Page {page} of {pages}"),
        "blocks": list(_blocks(shared, ", ".join(f"'{name}'" for name in here))),
    }
    return json.dumps(page, ensure_ascii=False)


def _blocks(shared: Shared, fonts: str) -> list[dict[str, Any]]:
    """The parts of the page in their order; figures that fit stand side by side, and what is noted of one below it."""
    blocks: list[dict[str, Any]] = []
    for part in shared.parts:
        beside = blocks[-1]["row"] if blocks and blocks[-1]["kind"] == "pictures" else None
        match part:
            case held.Text(kind="note") if beside:
                beside[-1]["notes"].append(plain(part.text))
            case held.Text():
                blocks.append({"kind": part.kind, "text": plain(part.text), "about": plain(part.about)})
            case held.Cards():
                blocks.append({"kind": "cards", "row": [_card(card, shared.form) for card in part.row]})
            case held.Table():
                blocks.append(_rows(part, shared.form))
            case held.Figure():
                picture = _picture(shared.pictures.get(part.chart), fonts)
                if picture is None:
                    blocks += _in_numbers(part, shared.form)
                    continue
                svg, width = picture
                one = {
                    "title": plain(part.title), "about": plain(part.about), "alt": plain(part.alt), "notes": [],
                    "picture": svg, "width": width,
                }  # fmt: skip
                if beside and sum(other["width"] for other in beside) + width <= _PAPER - _GUTTER * len(beside):
                    beside.append(one)
                else:
                    blocks.append({"kind": "pictures", "row": [one]})
    return blocks


def _card(card: Card, form: Formats) -> dict[str, Any]:
    readings = [
        {
            "name": plain(reading.name),
            "value": plain(reading.value),
            "exact": "" if card.unit != "money" or is_missing(reading.exact) else form.money_exact(reading.exact),
            "more": plain(" · ".join(filter(None, (reading.change, reading.n)))),
        }
        for reading in card.readings
    ]
    return {"label": plain(card.label), "readings": readings, "beside": plain(card.beside)}


def _rows(table: held.Table, form: Formats) -> dict[str, Any]:
    """The columns in sight, but for those that are lines; the first rows, and how many more there are."""
    shown = {name: one for name, one in [*table.columns.items()][: table.most] if one.unit != "trend"}
    frame, rest = table.frame.head(MOST_ROWS), len(table.frame) - MOST_ROWS
    written = [_written_column(frame, name, column, form) for name, column in shown.items()]
    total = [] if table.total is None or len(table.frame) < 2 else _total(table.total, shown, form)
    more = one_of("{n} more row is in the Excel file.", "{n} more rows are in the Excel file.", rest)
    return {
        "kind": "table",
        "head": [{"label": plain(one.label), "numeric": one.unit not in _LEFT} for one in shown.values()],
        "rows": [list(row) for row in zip(*written, strict=True)],
        "total": total,
        "rest": more.format(n=form.count(rest)) if rest > 0 else "",
    }


def _written_column(frame: pd.DataFrame, name: str, column: Column, form: Formats) -> list[str]:
    cases = frame[column.n] if column.n else [None] * len(frame)
    return [plain(column.exactly(value, form, n)) for value, n in zip(frame[name], cases, strict=True)]


def _total(total: Mapping | pd.Series, columns: Mapping[str, Column], form: Formats) -> list[str]:
    """What all rows come to, below them; of a column that does not add up, nothing."""
    first, *others = columns.items()
    return [_("Together")] + [
        "" if is_missing(total.get(name)) else plain(column.exactly(total[name], form, total.get(column.n or "")))
        for name, column in others
    ]


def _in_numbers(figure: held.Figure, form: Formats) -> Iterator[dict[str, Any]]:
    """A figure that nobody has drawn: its numbers, or what it says in words."""
    yield {"kind": "heading", "text": plain(figure.title), "about": plain(figure.about)}
    yield {"kind": "note", "text": _("No picture could be made of this figure; these are its numbers."), "about": ""}
    if figure.table is None or figure.table.frame.empty:
        yield {"kind": "sentence", "text": plain(figure.alt), "about": ""}
    else:
        yield _rows(figure.table, form)


def _picture(svg: str | None, fonts: str) -> tuple[str, float] | None:
    """A figure as its browser drew it, in our fonts, and its width in points. None where it is none, or would fetch
    anything from elsewhere."""
    if not svg or "<!" in svg:  # a document type, and what it could declare
        return None
    try:
        root = ElementTree.fromstring(svg)
        width = float(root.get("width", ""))
    except (ElementTree.ParseError, ValueError):
        return None
    for element in root.iter():
        links = [element.get(name) for name in ("href", _LINK)]
        if element.tag not in _DRAWN or any(link and not link.startswith(_OWN_LINKS) for link in links):
            return None
        element.set("style", _FAMILY.sub("", element.get("style", "")))
        element.attrib.pop("font-family", None)
    root.set("font-family", fonts)
    return ElementTree.tostring(root, encoding="unicode"), min(max(width, 1) * _POINT, _PAPER)
