"""The drawer: what stands behind a mark, at the right over the page; one at a time, remembered in the address.

What is open is one text of the session's state, KEY or KEY:MARK: the part of a page that opens it, and which of its
marks. A part finds its mark again in every run and offers what stands behind it; `main` draws that last, outside every
part that is drawn anew alone, because a dialog is such a part itself (see `parts.fragment`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard.words import literal
from dashboard.words.language import _

OPEN = "open"  # of the session's state and of the address; none: nothing
DEAL, ACCOUNT, REP = "deal", "account", "rep"  # the parts whose marks are records, on any page
RECORDS = (DEAL, ACCOUNT, REP)
DIGEST = "digest"  # the part where one says which digests one wants
EXPLAIN = "explain"  # the part whose marks are cards by their keys, and marks of other parts as `to_explain` has them
_WAY = "open_way"  # of the session's state: what was opened one from the other, as OPEN has it; the last is open
_DRAWN = "open_drawn"  # likewise: what the last whole run had open
_WIDTH = 860  # pixels: the first seven columns of a list of deals


@dataclass
class _Offer:
    title: str
    draw: Callable[[], None]


_OFFERS: ContextVar[list[_Offer] | None] = ContextVar("_OFFERS", default=None)  # none: only a part is drawn anew


def open_(key: str, mark: str = "") -> None:
    """Opens a mark of the part with this key, the only one where it has no name; what was open gives way."""
    st.session_state[OPEN] = f"{key}:{mark}" if mark else key
    st.session_state[_WAY] = [st.session_state[OPEN]]


def into(key: str, mark: str) -> None:
    """The same from what is open, with a way back to it. What was passed on the way is gone back to."""
    way = [*_behind(), *filter(None, [st.session_state.get(OPEN)])]
    open_(key, mark)
    opened = st.session_state[OPEN]
    st.session_state[_WAY] = [*(way[: way.index(opened)] if opened in way else way), opened]


def _behind() -> list[str]:
    """What led to what is open, the nearest last; nothing where that came by the address."""
    way, opened = st.session_state.get(_WAY) or [], st.session_state.get(OPEN)
    return way[: way.index(opened)] if opened in way else []


def way_back() -> None:
    """The button that leads from a record to what it was opened from, if anything."""
    behind = _behind()
    if behind:
        names = {DEAL: _("Back to the deal"), ACCOUNT: _("Back to the account"), REP: _("Back to the rep")}
        names[EXPLAIN] = _("Back to the explanation")
        name = names.get(behind[-1].partition(":")[0], _("Back to the list"))
        st.button(literal.markdown("← " + name), key="drawer_back", type="tertiary", on_click=_back)


def _back() -> None:
    st.session_state[OPEN] = _behind()[-1]


def close() -> None:
    """Closes what is open."""
    for there in filter(None, [*_behind(), st.session_state.get(OPEN)]):
        deselect(there.partition(":")[0])
    st.session_state[OPEN] = st.session_state[_WAY] = None


def deselect(key: str) -> None:
    """A chart keeps the mark that was clicked until it is drawn under another key: so its part has another turn."""
    st.session_state[f"turn_{key}"] = turn(key) + 1


def at(key: str) -> str | None:
    """The mark of this part that is open ("" where it has no name); None where none is."""
    part, _colon, mark = (st.session_state.get(OPEN) or "").partition(":")
    return mark if part == key else None


def to_explain(key: str, mark: str) -> str:
    """What the mark of a part is called where it is explained."""
    return f"{key}:{mark}"


def explained(key: str) -> str | None:
    """The mark of this part that is explained; None where none is."""
    part, colon, mark = (at(EXPLAIN) or "").partition(":")
    return mark if colon and part == key else None


def turn(key: str) -> int:
    """How often the marks of this part were let go."""
    return st.session_state.get(f"turn_{key}", 0)


def offer(title: str, draw: Callable[[], None]) -> None:
    """What stands behind the mark that is open, for this run's drawer; `draw` is `parts.drawn_alone`."""
    offers = _OFFERS.get()
    if offers is not None:
        offers.append(_Offer(title, draw))


def is_behind() -> bool:
    """Whether something was opened or closed since the page was last drawn as a whole, and only a part is now."""
    return _OFFERS.get() is None and st.session_state.get(OPEN) != st.session_state.get(_DRAWN)


@contextmanager
def of_one_run() -> Iterator[None]:
    """A whole run: what it offers is forgotten at its end, however it ends."""
    mark = _OFFERS.set([])
    try:
        yield
    finally:
        _OFFERS.reset(mark)


def draw() -> None:
    """Once the page stands: what is open. What this page does not know (another's, of other filters) is closed."""
    offers = _OFFERS.get()
    if not offers:
        st.session_state[OPEN] = None
    st.session_state[_DRAWN] = st.session_state[OPEN]
    if offers:
        last = offers[-1]
        st.dialog(literal.markdown(last.title), width=_WIDTH, position="right", on_dismiss=close)(last.draw)()


def address(as_of: date | None = None) -> str:
    """The address that opens again what is open now: page, filters, tab and list; as of this day, where one is given,
    though it be the newest now."""
    wanted = st.session_state["url_wanted"] | ({"as_of": as_of.isoformat()} if as_of else {})
    return f"{st.context.url or ''}?{urlencode(wanted, doseq=True)}".removesuffix("?")


def link() -> None:
    """The address that opens this again, to be copied."""
    with st.popover(_("Link")):
        st.code(address(), language=None, wrap_lines=True)
