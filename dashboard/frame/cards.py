"""The face of a KPI card: value, change, n and a sparkline; a line each where tracks differ."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from dashboard.figures.style import Tokens
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.words import language
from dashboard.words.literal import html
from data_access.scope import Scope

_WIDTH, _HEIGHT = 120, 24  # of the sparkline's own coordinates; it stretches to the card


@dataclass(frozen=True)
class Reading:
    """One number on a card, in words, and its trend.

    is_better   whether the change is for the good; None: neither, or unknown
    name        of the track, where there are several
    trend       values by month, oldest first
    is_partial  whether the last of them is of a month still running
    exact       the number itself, for a file that people go on reckoning with
    """

    value: str
    change: str = ""
    is_better: bool | None = None
    n: str = ""
    name: str = ""
    trend: Sequence[float] = ()
    is_partial: bool = False
    exact: float | None = None


@dataclass(frozen=True)
class Card:
    """One card. `what`, `count`, `amount`: the deals behind it and what they sum to, for the drill-down. `unit`: of its
    numbers, as definitions have it."""

    key: str
    label: str
    help: str
    readings: tuple[Reading, ...]
    beside: str = ""
    what: str | None = None
    action: str = ""
    count: float | None = None
    amount: float | None = None
    unit: str = "count"

    @classmethod
    def of(cls, key: str, *readings: Reading, **more) -> "Card":
        """The card of a defined number."""
        return cls(key, language.label(key), language.meaning(key), readings, **more, unit=DEFINITIONS[key].unit)


@dataclass(frozen=True)
class Opened:
    """The mark whose deals a page has open: `behind.deals`' `what` and narrowers, and what they must sum to.

    number  what it counts, by the key of its definition; empty: nothing that is defined, so it is not explained
    """

    what: str
    title: str
    count: float | None = None
    amount: float | None = None
    narrower: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""


@dataclass(frozen=True)
class Explained:
    """The card whose number is explained, and where it stands; or the mark of a figure, as a card.

    row     the key of its row or figure, under which the drawer opens the list behind it
    about   what its page looks at, in words
    own     what it looks at, where that is another scope than the page's
    mark    of a figure, which its rows are narrowed to
    asked   asks again for what its number is made of, by the card's key; None: nobody has said
    """

    card: Card
    row: str
    about: str
    asked: Callable[[str], object] | None
    own: Scope | None = None
    mark: Opened | None = None


def css(tokens: Tokens) -> str:
    """The one style sheet of the product: cards in the tokens' colours, numerals all of one width."""
    return f"""<style>
.kpi {{font-variant-numeric: tabular-nums; line-height: 1.35; color: {tokens.text}}}
.kpi .value {{font-size: 1.45rem; font-weight: 600; white-space: nowrap}}
.kpi.tracks .value {{font-size: 1.1rem; line-height: 1.2}}
.kpi small {{display: block; color: {tokens.muted}; font-size: .76rem}}
.kpi .change {{font-size: .76rem; white-space: nowrap; color: {tokens.muted}}}
.kpi .good {{color: {tokens.won}}} .kpi .bad {{color: {tokens.overload}}}
.kpi img {{width: 100%; height: 22px; display: block; margin-top: 4px}}
.st-key-allocation_today {{min-height: 370px}}
.kpi.tracks img {{height: 14px; margin: 0 0 2px}}
[class*="_cards_"] [data-testid="stSkeleton"] {{min-height: 45px}}
[class*="st-key-cards_"] [data-testid="stSkeleton"] {{min-height: 92px}}
[class*="st-key-cards_"] [data-testid="stMarkdownContainer"] p {{font-size: .9rem}}
[class*="st-key-cards_"] > [class*="_open"] {{margin-top: auto}}
[class*="_named"]:has(> [class*="_explain"]) {{flex-wrap: nowrap}}
[class*="_explain"] button {{min-height: 24px; min-width: 24px; padding: 0; color: {tokens.muted}}}
[class*="_explain"] button p {{position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}}
[class*="_open"] button[kind="tertiary"] p, .st-key-drawer_back button p {{color: {tokens.accent}}}
[data-testid="stLayoutWrapper"]:has(> [class*="_by_name"]):not(:focus-within) {{
position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}}
[data-testid="stColumn"] > [data-testid="stVerticalBlock"] > :last-child:has(
[data-testid="stCaptionContainer"]):not(:has([data-testid="stDataFrame"], [data-testid="stPlotlyChart"])) {{
margin-top: auto}}
@media (max-width: 640px) {{.stDialog > div, .stDialog section {{width: 100% !important; max-width: 100% !important}}}}
</style>"""


def sheet(rules: str) -> str:
    return f"<style>{rules}</style>"


def body(card: Card, tokens: Tokens) -> str:
    """The card below its label, as HTML; every text is escaped."""
    several = len(card.readings) > 1
    beside = f"<small>{html(card.beside)}</small>" if card.beside else ""
    if several:
        lines = "".join(_of_track(reading) + _sparkline(reading, tokens) for reading in card.readings)
        return f"<div class='kpi tracks'>{lines}{beside}</div>"
    [reading] = card.readings
    return f"<div class='kpi'>{_alone(reading)}{beside}{_sparkline(reading, tokens)}</div>"


def without_trend(card: Card) -> Card:
    """The same, for where its months stand as numbers."""
    return replace(card, readings=tuple(replace(reading, trend=()) for reading in card.readings))


def _alone(reading: Reading) -> str:
    """Value over change and n."""
    n = f" <span class='change'>{html(reading.n)}</span>" if reading.n else ""
    return f"<div class='value'>{html(reading.value)}</div><div>{_change(reading)}{n}</div>"


def _of_track(reading: Reading) -> str:
    """The track and its n over value and change, so that tracks compare line by line."""
    name = " · ".join(filter(None, (reading.name, reading.n)))
    return f"<div><small>{html(name)}</small><span class='value'>{html(reading.value)}</span> {_change(reading)}</div>"


def _change(reading: Reading) -> str:
    tone = {True: "good", False: "bad", None: ""}[reading.is_better]
    return f"<span class='change {tone}'>{html(reading.change)}</span>" if reading.change else ""


def _sparkline(reading: Reading, tokens: Tokens) -> str:
    """A line through the months that have a value; the way into a month still running is dotted."""
    values = pd.Series(reading.trend, dtype=float)
    if values.notna().sum() < 2:
        return ""
    low, high = min(values.min(), 0), values.max()
    span = (high - low) or 1
    points = {
        i: f"{_WIDTH * i / (len(values) - 1):.1f},{_HEIGHT - 2 - (_HEIGHT - 4) * (value - low) / span:.1f}"
        for i, value in values.items()
        if pd.notna(value)
    }
    last = len(values) - 1
    is_open = reading.is_partial and last in points
    whole = [point for i, point in points.items() if not (is_open and i == last)]
    stroke = f"fill='none' stroke='{tokens.accent}' stroke-width='1.5' vector-effect='non-scaling-stroke'"
    tail = f"<polyline points='{whole[-1]} {points[last]}' {stroke} stroke-dasharray='2 2'/>" if is_open else ""
    # An image: Streamlit takes drawings out of HTML, and the sentence on the page says what it shows.
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {_HEIGHT}' "
        "preserveAspectRatio='none'>"
        f"<polyline points='{' '.join(whole)}' {stroke}/>{tail}</svg>"
    )
    return f"<img alt='' src='data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}'>"
