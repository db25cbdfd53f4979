"""The board that somebody puts together: what is kept of it, who sees it, and that each sees on it what is theirs."""

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest
import sqlalchemy as sa

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections.board import arranging, draw, tiles
from data_access.engine import DATABASE_VARIABLE, rows_of
from data_access.errors import Refused
from data_access.imports import load
from data_access.people import boards
from data_access.people.boards import Tile
from data_access.people.kept import NotKept
from data_access.schema import audit_event
from data_access.scope import Person, Role
from tests.folders import FOLDER
from tests.pages import ROOT, opened, said

AT = datetime(2026, 11, 21, 9)
ANN = Person("manager", ("n",), name="Ann", email="ann@example.com")
NAMESAKE = Person("manager", ("n",), name="Ann", email="ann.lee@example.com")
TILE = Tile("a", "won_amount", "third", "region=east", "Ours", "weekly")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_a_board_is_ones_own_until_it_is_shared_and_nobody_elses_to_change(database):
    assert boards.own(database, ANN).tiles == () and boards.own(database, ANN).version == 0
    boards.arrange(database, ANN, [TILE, replace(TILE, tile_id="b")], based_on=0, at=AT)
    mine = boards.own(database, ANN)
    assert (mine.tiles[0], mine.version, mine.is_own) == (TILE, 1, True)
    assert boards.own(database, NAMESAKE).tiles == () and boards.shared(database, NAMESAKE) == []
    boards.share(database, ANN, " The  north ", "manager", based_on=1, at=AT)
    [theirs] = boards.shared(database, NAMESAKE)
    assert (theirs.name, theirs.tiles, theirs.is_own, theirs.changed_by) == ("The north", mine.tiles, False, "Ann")
    assert boards.shared(database, ANN) == boards.shared(database, Person("director")) == []
    boards.arrange(database, NAMESAKE, [], based_on=0, at=AT)  # their own
    assert boards.own(database, ANN).tiles == mine.tiles
    boards.share(database, ANN, "The north", None, based_on=2, at=AT)
    assert boards.shared(database, NAMESAKE) == []
    noted = rows_of(database, sa.select(audit_event.c.by, audit_event.c.action, audit_event.c.at))
    assert [row.action for row in noted] == ["arrange_board", "share_board", "arrange_board", "share_board"]
    assert {(row.by, row.at) for row in noted} == {("Ann", AT)}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_what_cannot_be_kept_of_a_board_is_refused_and_what_was_stays(database):
    boards.arrange(database, ANN, [TILE], based_on=0, at=AT)
    for based_on in (0, 2):  # begun, or changed, in another tab
        with pytest.raises(NotKept) as refused:
            boards.arrange(database, ANN, [], based_on=based_on, at=AT)
        assert refused.value.rule == "overtaken"
    for wrong, rule in (
        ([replace(TILE, tile_id=str(n)) for n in range(boards.MOST + 1)], "many"),
        ([replace(TILE, title="x" * (boards.LONGEST_TITLE + 1))], "text"),
        ([replace(TILE, note="a\0b")], "text"),
    ):
        with pytest.raises(NotKept) as refused:
            boards.arrange(database, ANN, wrong, based_on=1, at=AT)
        assert refused.value.rule == rule
    with pytest.raises(Refused, match="no width"):
        boards.arrange(database, ANN, [replace(TILE, width="wide")], based_on=1, at=AT)
    for name, shared_with in (("", "manager"), ("All", "rep")):
        with pytest.raises(Refused):
            boards.share(database, ANN, name, shared_with, based_on=1, at=AT)
    assert boards.own(database, ANN).tiles == (TILE,) and boards.own(database, ANN).version == 1


def test_tiles_fill_rows_and_what_is_offered_is_declared():
    thirds = [replace(TILE, tile_id=str(n)) for n in range(4)]
    full, half = replace(TILE, width="full"), replace(TILE, width="half")
    assert [len(row) for row in draw.rows([*thirds, full, half, half, half])] == [3, 1, 1, 2, 1]
    assert list(draw.rows([])) == []
    first, second = thirds[:2]
    assert arranging._moved([first, second], "0", 1) == [second, first] == arranging._moved([first, second], "1", -1)
    assert arranging._moved([first, second], "0", -1) == [first, second] == arranging._moved([first, second], "gone", 1)
    assert set(tiles.CARDS) <= set(DEFINITIONS) and not set(tiles.CARDS) & set(tiles.FIGURES)
    assert list(tiles.figure_names()) == list(tiles.FIGURES) and len(tiles.FIGURES) >= 8
    drawn = [one.page for one in (*tiles.CARDS.values(), *tiles.FIGURES.values())]
    assert {f"{page}.py" for page in drawn} <= {path.name for path in (ROOT / "pages").glob("*.py")}
    assert set(tiles.READY) == set(get_args(Role))
    for ready in tiles.READY.values():
        assert {shows for shows, _width in ready} <= {*tiles.CARDS, *tiles.FIGURES}


@pytest.mark.writes
def test_on_a_shared_board_each_sees_what_is_theirs(demo):
    """By content: a manager's reading of an executive's board holds no row and no sum beyond the own region."""
    executive, kept = Person("executive"), "region=west&period=this_quarter"
    shown = ["won_amount", "regions", "deciding"]
    board = [Tile(shows, shows, "full") for shows in shown] + [Tile("w", "open_amount", "third", kept, note="West")]
    boards.arrange(demo, executive, board, based_on=0, at=AT)
    boards.share(demo, executive, "Mondays", "manager", based_on=1, at=AT)
    board_id = str(boards.own(demo, executive).board_id)
    whole, own, ours = opened("board.py"), opened("overview.py", role="manager:east"), None
    ours = opened("board.py", role="manager:east", tab=board_id)
    assert ours.title[0].value == "Mondays" and "West" in said(ours)
    assert "This tile keeps filters that you may not see, or that do not exist." in said(ours)
    assert cards_of(ours) == cards_of(own)[:1] != cards_of(whole)[:1]  # what is won, as their own Overview has it
    assert len(cards_of(whole)) == 2
    [theirs], [all_deals] = deals_of(ours), deals_of(whole)
    assert theirs and theirs == deals_of(own)[0] and theirs != all_deals
    # Copied, it is theirs and says nothing of whose it was.
    ours.button(key="board_copy").click().run()
    mine = boards.own(demo, Person("manager", ("east",)))
    assert [(one.shows, one.query) for one in mine.tiles] == [(one.shows, one.query) for one in board]
    assert ours.title[0].value == "My dashboard" and cards_of(ours) == cards_of(own)[:1]
    # Nobody else opens it, by its number neither.
    other = opened("board.py", role="director", tab=board_id)
    assert other.title[0].value == "My dashboard" and cards_of(other) == []


@pytest.mark.writes
def test_a_board_begins_ready_and_is_arranged(demo):
    app = opened("board.py", "zh", role="manager:east")
    assert "此处暂无内容" in said(app)
    app.button(key="board_begin").click().run()
    east = Person("manager", ("east",))
    ready = [shows for shows, _width in tiles.READY["manager"]]
    assert [tile.shows for tile in boards.own(demo, east).tiles] == ready
    assert len(cards_of(app)) == 3 and len(app.get("plotly_chart")) == 2 and app.dataframe
    app.toggle(key="board_arranged").set_value(True).run()
    first, second = boards.own(demo, east).tiles[:2]
    app.button(key=f"tile_down_{first.tile_id}").click().run()
    app.text_input(key=f"tile_title_{second.tile_id}").set_value("**Ours**").run()
    app.button(key=f"tile_away_{first.tile_id}").click().run()
    arranged = boards.own(demo, east)
    assert [tile.shows for tile in arranged.tiles] == [ready[1], *ready[2:]]
    assert arranged.tiles[0] == replace(second, title="**Ours**")
    boards.arrange(demo, east, arranged.tiles, based_on=arranged.version, at=AT)  # in another tab
    app.button(key=f"tile_down_{second.tile_id}").click().run()
    assert "未保存。您已在别处修改过" in said(app)


def test_a_card_of_what_is_not_in_view_says_so_and_the_others_stand(sqlite, tmp_path, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, str(sqlite.url))
    (tmp_path / "bare").mkdir()
    for name, text in {
        "stage": FOLDER["stage"],
        "opportunity": "opportunity_id,pipeline,stage,amount,created_on\nd1,Sales,Offer,10,2025-06-02\n",
    }.items():
        (tmp_path / "bare" / f"{name}.csv").write_text(text, encoding="utf-8")
    load(sqlite, tmp_path / "bare", today=AT.date())
    board = [Tile("a", "attainment", "third"), Tile("o", "open_amount", "third")]
    boards.arrange(sqlite, Person("executive"), board, based_on=0, at=AT)
    app = opened("board.py")
    assert len(cards_of(app)) == 1 and "Attainment: nothing of it is in view." in said(app)


def cards_of(app) -> list[str]:
    return [html.proto.body for html in app.get("html") if "class='kpi" in html.proto.body]


def deals_of(app) -> list[list[str]]:
    """The deals of each list of those that decide."""
    return [list(table.value["deal"]) for table in app.dataframe if "deal" in table.value]


@pytest.mark.writes
def test_the_way_in_an_explanation_puts_the_card_at_the_end_of_ones_board_or_says_why_not(demo):
    app = opened(open="explain:won_amount", role="director")
    app.button(key="explained_to_board").click().run()
    assert "It stands at the end of your dashboard" in said(app) and not app.exception
    kept = boards.own(demo, Person("director"))
    assert [(tile.shows, tile.query) for tile in kept.tiles] == [("won_amount", None)]
    full = [replace(kept.tiles[0], tile_id=str(n)) for n in range(boards.MOST)]
    boards.arrange(demo, Person("director"), full, based_on=kept.version, at=AT)
    app.button(key="explained_to_board").click().run()
    assert "Nothing was saved." in said(app) and len(boards.own(demo, Person("director")).tiles) == boards.MOST
