"""The marks that figures write into their texts, and the one way from there to Plotly, which every figure goes before
it is drawn. All else in a text is a name or a word, and shown as it is: Plotly would read tags in it as its own.

The marks begin with code points that Unicode keeps for a program's own use and no writing has. Data may hold them all
the same, so that every process draws its own, and no name can know them.
"""

from html import escape
from secrets import choice

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import style
from dashboard.words.literal import plain

_OURS = "".join(chr(choice(range(0xFDD0, 0xFDF0))) for _ in range(8))
BR = _OURS + "1"  # begins a line
_BOLD, _THIN, _MUTED, _PLAIN = (_OURS + sign for sign in "2345")
# Not shown, and read again when a mark is clicked; arrays of numbers travel as `bdata`.
_NOT_SHOWN = {"customdata", "ids", "bdata"}
# What a figure says in pixels, where it is one number: its height, its margins, its texts, marks and distances.
_PIXELS = {"height", "l", "r", "t", "b", "size", "xshift", "yshift", "standoff"}


def in_lines(words: str) -> str:
    """Words of the catalogue with line breaks in them."""
    return words.replace("\n", BR)


def bold(text: str) -> str:
    return f"{_BOLD}{text}{_THIN}"


def muted(text: str) -> str:
    """In grey: what stands beside a name."""
    return f"{_MUTED}{text}{_PLAIN}"


def drawn(figure: go.Figure, theme: str, larger: float = 1) -> go.Figure:
    """The figure as Plotly is to have it, in a theme ("light" or "dark"): marks as its tags, all else as text.

    larger   how many times as tall as it was drawn, with its texts
    """
    tags = {
        BR: "<br>", _BOLD: "<b>", _THIN: "</b>",
        _MUTED: f"<span style='color:{style.THEMES[theme].muted}'>", _PLAIN: "</span>",
    }  # fmt: skip

    def written(text: str) -> str:
        text = escape(plain(text), quote=False)  # Plotly knows no &quot;
        for mark, tag in tags.items():
            text = text.replace(mark, tag)
        return text

    spec = figure.to_dict()
    spec["layout"].pop("template", None)
    shown = _each_text(spec, written)
    shown["layout"]["template"] = style.template(theme).to_plotly_json()
    if larger != 1:
        shown = _enlarged(shown, larger)
    return go.Figure(shown, _validate=False)  # it was valid before, and a second look takes milliseconds


def _each_text(part, write):
    """The same figure with every text in it written anew, save what is not shown."""
    if isinstance(part, str):
        return write(part)
    if isinstance(part, dict):
        return {key: value if key in _NOT_SHOWN else _each_text(value, write) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_each_text(one, write) for one in part]
    if isinstance(part, np.ndarray) and part.dtype.kind in "OU":
        return [_each_text(one, write) for one in part.tolist()]
    return part


def _enlarged(part, times: float):
    """The same figure with all its pixels so many times as many."""
    if isinstance(part, dict):
        return {
            key: value * times if key in _PIXELS and isinstance(value, int | float) else _enlarged(value, times)
            for key, value in part.items()
        }
    return [_enlarged(one, times) for one in part] if isinstance(part, list | tuple) else part
