"""What a page holds: its answer, cards, figures, tables and sentences, for the files that people share of it.

The parts of a page tell it as they draw themselves, so that no page need say it again, and what is shared is what is
shown. Kept are references to what was drawn, no copies, until the page is drawn anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Event
from typing import Literal, TypeAlias, Union
from weakref import WeakValueDictionary

import pandas as pd

from dashboard.frame.cards import Card
from dashboard.frame.columns import Column


@dataclass(frozen=True)
class Head:
    """The head of the page: see `parts.page_head`."""

    title: str
    question: str
    answer: str
    more: str
    about: str


@dataclass(frozen=True)
class Text:
    """Something said. about: below a heading, small."""

    kind: Literal["header", "heading", "sentence", "note", "notice"]
    text: str
    about: str = ""


@dataclass(frozen=True)
class Cards:
    row: Sequence[Card]


@dataclass(frozen=True)
class Table:
    """Rows under columns, see `parts.table`. most: of the columns, how many are in sight."""

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    total: Mapping | pd.Series | None = None
    most: int | None = None


@dataclass(frozen=True)
class Figure:
    """A figure under its title. chart: its key in the browser; alt: in words; table: its numbers, where it has some."""

    chart: str
    title: str
    about: str
    alt: str
    table: Table | None


Part: TypeAlias = Head | Text | Cards | Table | Figure
Room: TypeAlias = list[Union[Part, "Room"]]


@dataclass(eq=False)
class Page:
    """What one run has drawn.

    key        nobody can guess it, and the browser that shows the page knows it
    is_whole   set once the run has drawn all it does
    pictures   of figures, by their chart, as the browser that shows them sends them; `has_sent` is set then
    """

    room: Room = field(default_factory=list)
    key: str = field(default_factory=lambda: token_urlsafe(16))
    is_whole: Event = field(default_factory=Event)
    pictures: Mapping[str, str] = field(default_factory=dict)
    has_sent: Event = field(default_factory=Event)

    def parts(self) -> list[Part]:
        """All of it, in the order in which it was drawn."""
        return list(_flat(self.room))

    def send(self, pictures: Mapping[str, str]) -> None:
        """What its browser says its figures look like."""
        self.pictures = pictures
        self.has_sent.set()

    def taken(self) -> Mapping[str, str]:
        """What was sent, this once: who asks again sends it again."""
        pictures, self.pictures = self.pictures, {}
        self.has_sent.clear()
        return pictures


_PAGE: ContextVar[Page | None] = ContextVar("_PAGE", default=None)  # none: only a part is drawn anew
_ROOM: ContextVar[Room | None] = ContextVar("_ROOM", default=None)  # none: what is drawn is no part of the page
_OPEN: WeakValueDictionary[str, Page] = WeakValueDictionary()


@contextmanager
def of_one_run() -> Iterator[Page]:
    """A whole run, whose page is found by its key for as long as somebody holds it."""
    page = Page()
    _OPEN[page.key] = page
    mark = _PAGE.set(page)
    try:
        yield page
    finally:
        page.is_whole.set()
        _PAGE.reset(mark)


def page() -> Page:
    """That of this run; for a part that is drawn anew alone, one that nobody reads."""
    return _PAGE.get() or Page()


def open_at(key: str) -> Page | None:
    """The page with this key, if it is open anywhere."""
    return _OPEN.get(key)


@contextmanager
def filling(room: Room) -> Iterator[None]:
    """Whatever is drawn meanwhile is what this room holds, once all of it is: a file that is made in between has what
    stood before. What ends early leaves what it has drawn."""
    fresh: Room = []
    mark = _ROOM.set(fresh)
    try:
        yield
    finally:
        room[:] = fresh
        _ROOM.reset(mark)


def room() -> Room:
    """A room within the one that is being filled, for what may be drawn anew alone."""
    inner: Room = []
    outer = _ROOM.get()
    if outer is not None:
        outer.append(inner)
    return inner


def hold(part: Part) -> None:
    """Told by what draws itself on the page."""
    outer = _ROOM.get()
    if outer is not None:
        outer.append(part)


def _flat(room: Room) -> Iterator[Part]:
    for one in list(room):
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one
