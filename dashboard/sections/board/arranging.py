"""One's own board put together: what is added, moved, named, shared, copied and taken away."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from dashboard import database
from dashboard.ask import own_of, write
from dashboard.frame import bar, parts, tabs, wording
from dashboard.sections import views
from dashboard.sections.board import draw, tiles as offered
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.errors import Refused
from data_access.people import boards, kept
from data_access.people.boards import WIDTHS, Board, Tile, Width
from data_access.scope import Scope

PAGE = "board"  # its path in the address
MINE = "mine"  # of the tabs; the boards of others go by their ids
_ARRANGED = "board_arranged"  # of the session's state: whether the tiles have their controls
_WHY = "board_refused"  # likewise: why the last change was not kept
_WRITTEN = "board_written"  # likewise: the version of the board that was written here last
_ADDED = "board_added"  # likewise: how often something was added, so that its fields begin anew


def looked_at(scope: Scope) -> Board:
    """The board of the tab that is open: one's own, or one of those shared with the person."""
    mine, others = own_of(boards.own, scope), own_of(boards.shared, scope)
    if not others:
        return mine
    names = {MINE: _("Mine")} | {str(one.board_id): one.name for one in others}
    open_one = tabs.chosen(names)
    return next((one for one in others if str(one.board_id) == open_one), mine)


def verdict(board: Board, form: Formats) -> str:
    """What the board is, in a sentence."""
    if not board.tiles:
        return _("Nothing is here yet: add a card or a figure, or begin with a ready board.")
    n = len(board.tiles)
    told = one_of("{n} tile, as you may see it", "{n} tiles, as you may see them", n).format(n=form.count(n))
    if not board.is_own:
        return _("{told}; put together by {who}.").format(told=told, who=wording.who(board.changed_by))
    if board.shared_with:
        return _("{told}; shared with: {whom}.").format(told=told, whom=views.shared_names()[board.shared_with])
    return told + _(".")


def controls(board: Board, scope: Scope, form: Formats) -> None:
    """The row above the tiles, and what the last change was refused for."""
    if why := st.session_state.pop(_WHY, None):
        parts.notice(_("Nothing was saved. {why}").format(why=why))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="board_controls"):
        if not board.is_own:
            st.button(_("Copy to mine"), key="board_copy", on_click=_copy, args=(board, scope))
            return
        with st.container(width="content"):
            _adding(board, scope)
        if not board.tiles:
            ready = _("Begin with the board for: {role}").format(role=wording.role_name(scope.person.role))
            st.button(literal.markdown(ready), key="board_begin", type="primary", on_click=_begin, args=(board, scope))
            return
        st.toggle(_("Arrange"), key=_ARRANGED)
        with st.container(width="content"):
            _sharing(board, scope)


def arranging(board: Board, scope: Scope) -> None:
    """Instead of the tiles, while they are arranged: a line of controls each."""
    for place, tile in enumerate(board.tiles):
        with st.container(border=True, key=f"arrange_{tile.tile_id}", gap="small"):
            _line(board, place, tile, scope)


def is_arranged() -> bool:
    return bool(st.session_state.get(_ARRANGED))


def add(shows: str, scope: Scope, query: str | None = None) -> None:
    """One more tile at the end of one's own board, from any page; raises Refused where it cannot be. A figure that is
    there already, put there in another tab, stays alone."""
    mine = own_of(boards.own, scope)
    if shows in offered.FIGURES and shows in {tile.shows for tile in mine.tiles}:
        return
    width: Width = offered.FIGURES[shows].width if shows in offered.FIGURES else "third"
    _arrange(mine, (*mine.tiles, _new(shows, width, query)), scope)


def way(shows: str, scope: Scope) -> None:
    """The button in the explanation of a card that puts it on one's own board, where that can hold it."""
    if shows in offered.CARDS and st.button(_("Add to my dashboard"), key="explained_to_board"):
        told = _refusal(lambda: add(shows, scope))
        if told is None:
            parts.done(_("It stands at the end of your dashboard, and follows its filters."))
        else:
            parts.notice(_("Nothing was saved. {why}").format(why=told))


def _line(board: Board, place: int, tile: Tile, scope: Scope) -> None:
    last, key = len(board.tiles) - 1, tile.tile_id
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        parts.heading(draw.name_of(tile.shows), width="stretch")
        for by, icon, name in ((-1, "arrow_upward", _("Move up")), (1, "arrow_downward", _("Move down"))):
            st.button(
                literal.markdown(name),
                icon=f":material/{icon}:",
                key=f"tile_{'up' if by < 0 else 'down'}_{key}",
                disabled=not 0 <= place + by <= last,
                on_click=_keep,
                args=(board, partial(_moved, tile_id=key, by=by), scope),
            )
        st.button(
            _("Take away"), key=f"tile_away_{key}", on_click=_keep, args=(board, partial(_without, tile_id=key), scope)
        )
    title, note, width = st.columns([3, 5, 3], gap="small")
    change: dict[str, Any] = {"on_change": _change, "args": (board, key, scope)}
    with title:
        st.text_input(_("Title"), tile.title, max_chars=boards.LONGEST_TITLE, key=f"tile_title_{key}", **change)
    with note:
        st.text_input(_("Note"), tile.note, max_chars=boards.LONGEST_TEXT, key=f"tile_note_{key}", **change)
    with width:
        names = {"third": _("A third"), "half": _("Half"), "full": _("Whole")}
        st.segmented_control(
            _("Width"),
            list(WIDTHS),
            default=tile.width,
            required=True,
            format_func=literal.options(names.__getitem__),
            key=f"tile_width_{key}",
            **change,
        )


def _change(board: Board, tile_id: str, scope: Scope) -> None:
    """What stands in the fields of a tile becomes its own."""
    title, note, width = (st.session_state[f"tile_{field}_{tile_id}"] for field in ("title", "note", "width"))

    def changed(tiles: Sequence[Tile]) -> list[Tile]:
        own = {"title": title.strip(), "note": note.strip(), "width": width}
        return [replace(tile, **own) if tile.tile_id == tile_id else tile for tile in tiles]

    _keep(board, changed, scope)


def _moved(tiles: Sequence[Tile], tile_id: str, by: int) -> list[Tile]:
    moved = list(tiles)
    place = next((at for at, tile in enumerate(moved) if tile.tile_id == tile_id), None)
    if place is not None and 0 <= place + by < len(moved):
        moved[place], moved[place + by] = moved[place + by], moved[place]
    return moved


def _without(tiles: Sequence[Tile], tile_id: str) -> list[Tile]:
    return [tile for tile in tiles if tile.tile_id != tile_id]


@parts.fragment
def _adding(board: Board, scope: Scope) -> None:
    """What can be added: a figure once, a number as often as with other filters."""
    turn, there = st.session_state.get(_ADDED, 0), {tile.shows for tile in board.tiles}
    shown = [key for key in (*offered.CARDS, *offered.FIGURES) if key in offered.CARDS or key not in there]
    with st.popover(_("Add"), icon=":material/add:", key="board_add"):
        shows = st.selectbox(
            _("Card or figure"),
            shown,
            index=None,
            format_func=literal.choices(_called),
            key=f"board_shows_{turn}",
            placeholder=_("Choose one"),
        )
        keeps = st.checkbox(
            _("Keep the filters of now"),
            key=f"board_keeps_{turn}",
            help=_("Otherwise the tile follows the filters above the board."),
        )
        wanted = st.button(_("Add to the board"), key="board_add_it", type="primary", disabled=shows is None)
        if wanted and shows is not None:
            query = bar.to_keep(PAGE, is_pinned=scope.as_of < scope.last_day) if keeps else None
            _saved(lambda: add(shows, scope, query))


def _called(shows: str) -> str:
    kind = _("Card") if shows in offered.CARDS else _("Figure")
    return f"{draw.name_of(shows)} ({kind})"


@parts.fragment
def _sharing(board: Board, scope: Scope) -> None:
    """With whom the board is shared, and what it is called there."""
    with st.popover(_("Share board"), icon=":material/group:", key="board_share"):
        parts.note(_("Others see your tiles, titles and notes, with the numbers that they may see."))
        name = st.text_input(_("Name"), board.name, max_chars=kept.LONGEST_NAME, key="board_name")
        shared_with = views.shared(board.shared_with, "board_shared")
        if st.button(_("Save"), key="board_share_save", type="primary"):
            based_on, at = board.version, database.now()
            _saved(lambda: write(boards.share, scope, name, shared_with, based_on=based_on, at=at))


def _saved(entered: Callable[[], object]) -> None:
    """Does it, and draws the page anew; or says why not, and all that was typed stays."""
    told = _refusal(entered)
    if told is not None:
        parts.notice(_("Nothing was saved. {why}").format(why=told))
        return
    st.session_state[_ADDED] = st.session_state.get(_ADDED, 0) + 1
    st.rerun()


def _copy(board: Board, scope: Scope) -> None:
    """Its tiles behind one's own, but for figures that are there; whose they were is not kept."""
    mine = own_of(boards.own, scope)
    there = {tile.shows for tile in mine.tiles if tile.shows not in offered.CARDS}
    copied = [replace(tile, tile_id=_id()) for tile in board.tiles if tile.shows not in there]
    if not _refused(lambda: _arrange(mine, (*mine.tiles, *copied), scope)):
        st.session_state[tabs.TAB] = None


def _begin(board: Board, scope: Scope) -> None:
    ready = [_new(shows, width, None) for shows, width in offered.READY[scope.person.role]]
    _keep(board, lambda _tiles: ready, scope)


def _keep(board: Board, change: Callable[[Sequence[Tile]], Sequence[Tile]], scope: Scope) -> None:
    """Does something to the board that was looked at; for who did something here since, to the board as they left it,
    before it was drawn anew."""
    mine = own_of(boards.own, scope)
    base = mine if mine.version == st.session_state.get(_WRITTEN) else board
    if not _refused(lambda: _arrange(base, change(base.tiles), scope)):
        st.session_state[_WRITTEN] = base.version + 1


def _arrange(board: Board, tiles: Sequence[Tile], scope: Scope) -> None:
    write(boards.arrange, scope, tiles, based_on=board.version, at=database.now())


def _refused(entered: Callable[[], object]) -> bool:
    """Does it; where it is refused, says so above the board with the next run."""
    st.session_state[_WHY] = _refusal(entered)
    return st.session_state[_WHY] is not None


def _refusal(entered: Callable[[], object]) -> str | None:
    """Does it; why not, where it is refused."""
    try:
        entered()
    except Refused as refused:
        return views.in_words(refused)
    return None


def _new(shows: str, width: Width, query: str | None) -> Tile:
    return Tile(_id(), shows, width, query)


def _id() -> str:
    return uuid.uuid4().hex[:8]
