"""The board that somebody puts together: cards and figures of any page, in their order, shared with a role or not.

A tile says what is drawn and with which filters, never a number: whoever looks at a board sees of it what they may see.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.database.limits import LONGEST_KEY, LONGEST_NOTE
from data_access.engine import rows_of, writing
from data_access.errors import Refused
from data_access.people.audit import Action, note
from data_access.people.kept import NotKept, is_seen, must_be_shared_so, must_fit, named
from data_access.schema import board
from data_access.scope import Person

MOST = 12  # tiles: more are a page nobody reads
LONGEST_TITLE, LONGEST_TEXT = 80, 300  # characters of a tile's title and note

Width = Literal["third", "half", "full"]
WIDTHS: tuple[Width, ...] = ("third", "half", "full")


@dataclass(frozen=True)
class Tile:
    """One card or figure of a board.

    tile_id  tells it from the others of its board
    shows    the key of what is drawn
    query    the filters it keeps, as an address has them; None: it follows those of the page
    """

    tile_id: str
    shows: str
    width: Width
    query: str | None = None
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Board:
    """One board as its reader sees it. version: 0 for one that was never kept; changed_by: who kept it last."""

    board_id: int
    name: str
    shared_with: str | None
    tiles: tuple[Tile, ...]
    version: int
    is_own: bool
    changed_by: str


def own(database: sa.Engine, person: Person) -> Board:
    """The person's own board; an empty one where there is none yet."""
    found = _read(database, person, board.c.owner == person.key)
    return found[0] if found else Board(0, "", None, (), 0, True, "")


def shared(database: sa.Engine, person: Person) -> list[Board]:
    """The boards of others that are shared with the person, by name."""
    found = _read(database, person, sa.and_(is_seen(board, person), board.c.owner != person.key))
    return sorted(found, key=lambda one: (one.name.lower(), one.board_id))


def arrange(database: sa.Engine, person: Person, tiles: Sequence[Tile], *, based_on: int, at: datetime) -> None:
    """Keep the tiles of one's own board, in this order.

    based_on   the version that was looked at: where it is another by now, NotKept is raised, and nothing written.
    Raises NotKept too where there are too many tiles, or a text is too long; Refused for a width that is none.
    """
    person.must_be_allowed_to_write(board.name)
    if len(tiles) > MOST:
        raise NotKept(f"A board has {MOST} tiles at most. Take one away first.", "many")
    for tile in tiles:
        _must_be_whole(tile)
    _put(database, person, {"tiles": [asdict(tile) for tile in tiles]}, based_on, "arrange_board", at)


def share(
    database: sa.Engine, person: Person, name: str, shared_with: str | None, *, based_on: int, at: datetime
) -> None:
    """Share one's own board under a name, or no more (None). Raises NotKept likewise, or where the name is missing."""
    person.must_be_allowed_to_write(board.name)
    must_be_shared_so(shared_with)
    _put(database, person, {"name": named(name), "shared_with": shared_with}, based_on, "share_board", at)


def _must_be_whole(tile: Tile) -> None:
    if tile.width not in WIDTHS:
        raise Refused(f"{tile.width!r} is no width of a tile. Choose one of: {', '.join(WIDTHS)}.")
    for called, text, longest in (
        ("The title", tile.title, LONGEST_TITLE),
        ("The note", tile.note, LONGEST_TEXT),
        ("What is shown", tile.shows, LONGEST_KEY),
        ("The filters", tile.query or "", LONGEST_NOTE),
    ):
        must_fit(called, text, longest)


def _put(database: sa.Engine, person: Person, values: dict, based_on: int, action: Action, at: datetime) -> None:
    """Writes over the version that was looked at alone. Nobody's numbers change, so the data's version stays."""
    b, by = board.c, person.name or person.role
    new = {"changed_by": by, "changed_at": at, "version": based_on + 1} | values
    try:
        with writing(database) as connection:
            if based_on == 0:
                begun: dict[str, object] = {"owner": person.key, "name": "", "shared_with": None, "tiles": []}
                connection.execute(board.insert().values(begun | new))
            else:
                is_it = sa.and_(b.owner == person.key, b.version == based_on)
                if not connection.execute(board.update().where(is_it).values(new)).rowcount:
                    raise _overtaken()
            note(connection, action, f"board {person.key}", by, at=at)
    except sa.exc.IntegrityError as error:  # begun elsewhere meanwhile
        raise _overtaken() from error


def _overtaken() -> NotKept:
    return NotKept("Your board was changed elsewhere meanwhile. Look at it as it is now, then try again.", "overtaken")


def _read(database: sa.Engine, person: Person, which: sa.ColumnElement[bool]) -> list[Board]:
    b = board.c
    statement = sa.select(b.board_id, b.name, b.shared_with, b.tiles, b.version, b.owner, b.changed_by).where(which)
    return [
        Board(board_id, name, shared_with, tuple(Tile(**tile) for tile in tiles), version, owner == person.key, by)
        for board_id, name, shared_with, tiles, version, owner, by in rows_of(without_copy(database), statement)
    ]
