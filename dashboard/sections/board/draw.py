"""A board as it is read: its tiles in rows of a third, a half or the whole width, with what its reader may see."""

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.frame import bar, parts, trouble, wording
from dashboard.sections.board import tiles as offered
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.errors import DatabaseUnusable, Refused
from data_access.people.boards import Tile
from data_access.scope import Scope

_TWELFTHS = {"third": 4, "half": 6, "full": 12}


def name_of(shows: str) -> str:
    """What a tile is called unless it has a title."""
    if shows in offered.CARDS:
        return label(shows)
    return offered.figure_names().get(shows, shows)


def rows(tiles: Sequence[Tile]) -> Iterator[list[Tile]]:
    """The tiles that stand side by side, row by row."""
    row: list[Tile] = []
    for tile in tiles:
        if sum(_TWELFTHS[one.width] for one in [*row, tile]) > 12:
            yield row
            row = []
        row.append(tile)
    if row:
        yield row


def board(tiles: Sequence[Tile], scope: Scope, form: Formats) -> None:
    for row in rows(tiles):
        widths = [_TWELFTHS[tile.width] for tile in row]
        left = 12 - sum(widths)
        for place, tile in zip(st.columns([*widths, left] if left else widths, gap="medium"), row, strict=False):
            with place, st.container(key=f"tile_{tile.tile_id}", gap="small", height="stretch"):
                _tile(tile, scope, form)


def _tile(tile: Tile, scope: Scope, form: Formats) -> None:
    """One tile; what cannot be shown of it is said in its place, and the others stand."""
    if tile.title:
        parts.heading(tile.title)
    own = None if tile.query is None else bar.scope_of_kept(tile.query, scope)
    if own is not None:
        parts.note(wording.in_words(own, form))
    try:
        if tile.query is not None and own is None:
            parts.nothing(_("This tile keeps filters that you may not see, or that do not exist."))
        else:
            _drawn(tile, own, scope, form)
    except DatabaseUnusable:
        raise  # not of this tile alone
    except Refused as refused:
        parts.nothing(trouble.in_words(refused))
    if tile.note:
        parts.note(tile.note)


def _drawn(tile: Tile, own: Scope | None, scope: Scope, form: Formats) -> None:
    about = own or scope
    if tile.shows in offered.CARDS:
        row, key = offered.CARDS[tile.shows], f"cards_{tile.tile_id}"
        card, asked = offered.card_of(row, tile.shows, about, form)
        if card is None:
            parts.nothing(_("{name}: nothing of it is in view.").format(name=label(tile.shows)))
            return
        parts.kpi_row([card], key=key, asked=asked, mark=f"@{tile.tile_id}", own=own)
        row.panel(about, key)
    elif tile.shows in offered.FIGURES:
        offered.FIGURES[tile.shows].draw(about, form)
    else:
        parts.nothing(_("What stood here is offered no more."))
