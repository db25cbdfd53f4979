"""A figure that has been drawn is kept: the same numbers, words and theme make the same figure again, and drawing it
takes twenty times as long as seeing that they are the same.
"""

import pickle
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec

import plotly.graph_objects as go

# Of each figure, so many: some readers' regions and periods, in their languages and themes. A hundred kilobytes each.
_KEPT = 8

_Shown = ParamSpec("_Shown")


def kept(draw: Callable[_Shown, go.Figure]) -> Callable[_Shown, go.Figure]:
    """`draw`, which draws once for the same arguments. They are told apart by their bytes, so they must have some: a
    function among them raises. What it gives is everybody's, and nobody may change it."""

    @lru_cache(maxsize=_KEPT)
    def of(written: bytes) -> go.Figure:
        arguments, named = pickle.loads(written)
        return draw(*arguments, **named)

    @wraps(draw)
    def asked(*arguments: _Shown.args, **named: _Shown.kwargs) -> go.Figure:
        return of(pickle.dumps((arguments, named), protocol=pickle.HIGHEST_PROTOCOL))

    return asked
