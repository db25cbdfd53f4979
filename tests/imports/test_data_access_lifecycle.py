"""A deal's life, walked row by row: the awkward orders of things, one small deal each."""

from data_access.lifecycle import Change, Deal, Postings, live, rank_stages
from data_access.schema import ALWAYS, FOREVER

RANKS = rank_stages([("1", 10, "open"), ("2", 20, "open"), ("3", 30, "open"), ("W", 90, "won"), ("L", 91, "lost")])
NOWHERE = Postings({}, {})
EAST_THEN_WEST = Postings({"ann": [ALWAYS, 150]}, {"ann": ["east", "west"]})


def deal(stage="1", **more):
    given = dict.fromkeys(("amount", "expected_close_day", "owner_id", "region_id", "created_day", "closed_day"))
    return Deal("D", "p", stage, **(given | more))


def change(day, stage=None, amount=None, expected=None, owner=None, region=None):
    return Change(day, stage, amount, expected, owner, region)


def states(life):
    """Per stretch of days: (from, to, outcome, stage, amount, owner, region, closed)."""
    return [(s[1], s[2], s[3], s[4], s[10], s[13], s[14], s[15]) for s in life.spans]


def moves(life):
    """(day, kind, amount before, after)."""
    return [(m[2], m[4], m[5], m[6]) for m in life.movements]


def test_ranks_count_open_stages_only():
    assert RANKS["1"] == ("open", 1) and RANKS["3"] == ("open", 3)
    assert RANKS["W"] == ("won", 4) and RANKS["L"] == ("lost", None)


def test_the_last_row_of_a_day_is_its_state():
    life = live(deal(created_day=100), [change(100, "1", 5), change(110, "2"), change(110, "3")], RANKS, NOWHERE)
    assert states(life) == [
        (100, 110, "open", "1", 5, None, None, None),
        (110, FOREVER, "open", "3", 5, None, None, None),
    ]
    assert [entry[2] for entry in life.entries] == ["1", "2", "3"]  # but the way through 2 is kept


def test_a_late_first_row_holds_from_creation():
    life = live(deal(created_day=90), [change(100, "2", 5)], RANKS, NOWHERE)
    assert states(life) == [(90, FOREVER, "open", "2", 5, None, None, None)]
    assert moves(life) == [(90, "created", None, 5)]


def test_a_late_first_row_that_closes_leaves_the_deal_in_no_known_stage_until_it():
    life = live(deal("W", created_day=90, closed_day=100), [change(100, "W", 5)], RANKS, NOWHERE)
    assert states(life) == [
        (90, 100, "open", None, 5, None, None, None),
        (100, FOREVER, "won", "W", 5, None, None, 100),
    ]
    assert moves(life) == [(90, "created", None, 5), (100, "won", 5, 5)]


def test_an_early_first_row_is_the_creation():
    life = live(deal(created_day=100), [change(90, "1", 5)], RANKS, NOWHERE)
    assert life.creation[1] == 90


def test_a_column_no_row_fills_holds_throughout_and_one_filled_later_is_unknown_before():
    life = live(
        deal("2", amount=7, owner_id="ann", created_day=100),
        [change(100, "1"), change(120, "2", owner="bob")],
        RANKS,
        NOWHERE,
    )
    assert [(s[4], s[5]) for s in states(life)] == [(7, None), (7, "bob")]


def test_without_history_the_present_stage_is_kept_aside():
    life = live(deal("2", amount=7, created_day=100), [], RANKS, NOWHERE)
    (span,) = life.spans
    assert span[3:8] == ("open", None, None, "2", 2)
    assert life.entries == []


def test_without_history_and_creation_a_deal_is_open_from_always():
    life = live(deal("W", amount=7, closed_day=100), [], RANKS, NOWHERE)
    assert states(life) == [
        (ALWAYS, 100, "open", None, 7, None, None, None),
        (100, FOREVER, "won", "W", 7, None, None, 100),
    ]
    assert life.creation is None and moves(life) == [(100, "won", 7, 7)]
    assert life.spans[-1][-1] is None  # no cycle


def test_amount_first_then_move_then_stage():
    life = live(
        deal("W", created_day=100),
        [change(100, "1", 5, region="east"), change(110, "W", 9, region="west")],
        RANKS,
        NOWHERE,
    )
    kinds = [(m[4], m[5], m[6], m[9], m[10]) for m in life.movements[1:]]
    assert kinds == [
        ("amount", 5, 9, "east", "east"),
        ("moved", 9, 9, "east", "west"),
        ("won", 9, 9, "west", "west"),
    ]


def test_what_happens_to_a_closed_deal_moves_nothing_and_a_reopening_brings_the_amount_after():
    life = live(
        deal("1", created_day=100),
        [change(100, "1", 5), change(110, "L"), change(120, amount=8, owner="bob"), change(130, "1", 9)],
        RANKS,
        NOWHERE,
    )
    assert moves(life) == [(100, "created", None, 5), (110, "lost", 5, 5), (130, "reopened", None, 9)]
    assert states(life)[2][:6] == (120, 130, "lost", "L", 8, None)  # the closing day's owner


def test_lost_then_won_is_reopened_and_won():
    life = live(deal("W", created_day=100), [change(100, "1", 5), change(110, "L"), change(120, "W")], RANKS, NOWHERE)
    assert moves(life)[2:] == [(120, "reopened", None, 5), (120, "won", 5, 5)]
    assert states(life)[-1][-1] == 120


def test_a_deal_without_a_region_follows_its_owners_posting_while_it_is_open():
    life = live(deal(owner_id="ann", created_day=100, amount=5), [], RANKS, EAST_THEN_WEST)
    assert [(s[0], s[6]) for s in states(life)] == [(100, "east"), (150, "west")]
    assert moves(life)[1] == (150, "moved", 5, 5)


def test_a_closed_deal_stays_where_it_was_closed():
    life = live(deal("W", owner_id="ann", created_day=100, closed_day=140), [], RANKS, EAST_THEN_WEST)
    assert states(life)[-1][6] == "east"


def test_a_region_of_its_own_does_not_follow():
    life = live(deal(owner_id="ann", region_id="north", created_day=100), [], RANKS, EAST_THEN_WEST)
    assert [s[6] for s in states(life)] == ["north"]


def test_pushes_count_later_dates_only():
    rows = [
        change(100, "1", expected=200),
        change(110, expected=230),
        change(120, expected=210),
        change(130, expected=260),
    ]
    life = live(deal(created_day=100), rows, RANKS, NOWHERE)
    assert life.spans[-1][12] == 2
