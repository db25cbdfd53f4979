"""A deal's life, walked row by row: the awkward orders of things, one small deal each."""

from random import Random
from types import SimpleNamespace

import pytest

from data_access import lifecycle
from data_access.errors import Refused
from data_access.lifecycle import Change, Deal, Postings, rank_stages
from data_access.schema import ALWAYS, FOREVER

RANKS = rank_stages([("1", 10, "open"), ("2", 20, "open"), ("3", 30, "open"), ("W", 90, "won"), ("L", 91, "lost")])
NOWHERE = Postings({}, {})
EAST_THEN_WEST = Postings({"ann": [ALWAYS, 150]}, {"ann": ["east", "west"]})


def live(deal, changes, ranks, postings):
    """The life of one deal, by rows."""
    creations, *rest = lives([deal], changes, {"p": ranks}, postings)
    return SimpleNamespace(
        creation=creations[0] if creations else None, **dict(zip(("spans", "entries", "movements"), rest, strict=True))
    )


def lives(deals, changes, ranks, postings):
    return [list(zip(*columns, strict=True)) for columns in lifecycle.live(deals, changes, ranks, postings)]


def deal(stage="1", **more):
    given = dict.fromkeys(("amount", "expected_close_day", "owner_id", "region_id", "created_day", "closed_day"))
    return Deal("D", "p", stage, **(given | more))


def change(day, stage=None, amount=None, expected=None, owner=None, region=None):
    return Change("D", day, stage, amount, expected, owner, region)


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


def test_a_deal_that_closed_before_its_history_begins_is_closed():
    life = live(deal("L", created_day=100, closed_day=110), [change(120, amount=5)], RANKS, NOWHERE)
    assert states(life) == [
        (100, 110, "open", None, 5, None, None, None),
        (110, FOREVER, "lost", "L", 5, None, None, 110),
    ]
    life = live(deal("L", closed_day=110), [change(120, amount=5)], RANKS, NOWHERE)
    assert [(m[2], m[4]) for m in life.movements] == [(110, "created"), (110, "lost")]


def _days(life):
    """When it was created, its stages with their days, when it closed, its cycle."""
    created = None if life.creation is None else life.creation[1]
    return created, [(entry[2], entry[5]) for entry in life.entries], life.spans[-1][15], life.spans[-1][-1]


# The days of the closing and of all around it, where the deal says another closing day than its history.
CLOSINGS = {
    "signed before it was marked": ({"closed_day": 110}, (100, [("1", 100), ("2", 105), ("W", 110)], 110, 10)),
    "signed after it was marked": ({"closed_day": 140}, (100, [("1", 100), ("2", 105), ("W", 140)], 140, 40)),
    "signed before the last stage": ({"closed_day": 103}, (100, [("1", 100), ("2", 103), ("W", 103)], 103, 3)),
    "signed before its history": ({"closed_day": 95}, (None, [("1", 95), ("2", 95), ("W", 95)], 95, None)),
    "created, and signed before its history": (
        {"closed_day": 95, "created_day": 80},
        (80, [("1", 80), ("2", 95), ("W", 95)], 95, 15),
    ),
}


@pytest.mark.parametrize(("told", "days"), CLOSINGS.values(), ids=CLOSINGS)
def test_a_deal_closes_on_the_day_it_says(told, days):
    rows = [change(100, "1"), change(105, "2"), change(120, "W", 9), change(125, amount=8)]
    life = live(deal("W", **told), rows, RANKS, NOWHERE)
    assert _days(life) == days
    assert life.spans[-1][10] == 8
    assert [span[1] for span in life.spans] == sorted({span[1] for span in life.spans})


def test_a_closing_day_before_the_reopening_is_that_of_an_earlier_closing():
    rows = [change(100, "1"), change(110, "L"), change(120, "2"), change(130, "W")]
    for told, taken in ((110, 130), (119, 130), (120, 120), (125, 125), (140, 140)):
        life = live(deal("W", closed_day=told), rows, RANKS, NOWHERE)
        assert _days(life)[1:3] == ([("1", 100), ("L", 110), ("2", 120), ("W", taken)], taken)
    lost_then_won = [change(100, "1"), change(110, "L"), change(130, "W")]
    for told, taken in ((109, 130), (110, 110), (120, 120)):
        life = live(deal("W", closed_day=told), lost_then_won, RANKS, NOWHERE)
        assert _days(life)[1:3] == ([("1", 100), ("L", 110), ("W", taken)], taken)


def test_a_history_that_begins_with_the_closing_keeps_its_day_as_that_of_the_creation():
    life = live(deal("W", closed_day=120), [change(100, "W", 5)], RANKS, NOWHERE)
    assert _days(life) == (100, [("W", 120)], 120, 20)
    life = live(deal("W", closed_day=90), [change(100, "W", 5)], RANKS, NOWHERE)
    assert _days(life) == (None, [("W", 90)], 90, None)


def test_a_history_that_ends_otherwise_than_the_deal_stays_as_it_is():
    life = live(deal("W", closed_day=110), [change(100, "1"), change(120, "L")], RANKS, NOWHERE)
    assert _days(life) == (100, [("1", 100), ("L", 120)], 120, 20)


def test_a_deal_without_history_that_was_created_after_it_closed_has_no_day_of_creation():
    life = live(deal("W", created_day=120, closed_day=110), [], RANKS, NOWHERE)
    assert states(life)[0][:3] == (ALWAYS, 110, "open") and life.creation is None


def test_a_stage_that_the_pipeline_does_not_have_is_refused_with_its_deal():
    others = {"p": RANKS, "q": rank_stages([("4", 1, "open")])}
    deals = [deal()._replace(opportunity_id="C"), deal()]
    with pytest.raises(Refused, match="Deal D passes through stage '5', which pipeline 'p'"):
        lifecycle.live(deals, [change(100, "5"), change(101, "1")], others, NOWHERE)


def test_the_time_in_another_pipeline_is_in_no_known_stage():
    others = {"p": RANKS, "q": rank_stages([("4", 1, "open"), ("V", 2, "won")])}
    rows = [change(100, "4", 5), change(105, "V"), change(110, "1"), change(120, owner="bob")]
    (life,) = [lives([deal()], rows, others, NOWHERE)]
    assert [(span[1], span[3], span[4], span[10]) for span in life[1]] == [
        (100, "open", None, 5),
        (105, "open", None, 5),
        (110, "open", "1", 5),
        (120, "open", "1", 5),
    ]


def test_nothing_moves_where_nothing_is_known_but_that_a_deal_is_open():
    life = live(deal(), [], RANKS, NOWHERE)
    assert life.creation is None and (life.entries, life.movements) == ([], [])
    assert states(life) == [(ALWAYS, FOREVER, "open", None, None, None, None, None)]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_a_deal_lives_among_others_as_it_does_alone(seed):
    random = Random(seed)
    deals, changes = random_deals(random, count=150)
    ranks = {"p": RANKS, "q": rank_stages([("2", 1, "open"), ("1", 2, "open"), ("V", 3, "won"), ("L", 4, "lost")])}
    postings = Postings(
        {"ann": [ALWAYS, 1000, 1030], "bob": [ALWAYS, 1010]}, {"ann": [None, "east", "west"], "bob": ["west", "north"]}
    )
    alone = [
        lives([one], [row for row in changes if row.opportunity_id == one.opportunity_id], ranks, postings)
        for one in deals
    ]
    assert lives(deals, changes, ranks, postings) == [sum(rows, []) for rows in zip(*alone, strict=True)]


def random_deals(random, count):
    """Deals of two pipelines with rows in any order of things, often several of one day."""

    def some(share, values):
        return random.choice(values) if random.random() < share else None

    days, people, regions = range(1000, 1060), ("ann", "bob", "cy"), ("east", "west")
    deals, changes = [], []
    for number in range(count):
        key, pipeline = f"D{number:03}", random.choice("pq")
        stages = ("1", "2", "L", "W") if pipeline == "p" else ("1", "2", "L", "V")
        now = (random.choice(stages), some(0.5, (1, 2)), some(0.5, days), some(0.7, people), some(0.3, regions))
        deals.append(Deal(key, pipeline, *now, some(0.5, days), some(0.6, days)))
        day = random.choice(days)
        for _ in range(random.choice((0, 1, 2, 4, 9))):
            day += random.choice((0, 0, 1, 20))
            after = (some(0.5, stages), some(0.5, (1, 2)), some(0.4, days), some(0.4, people), some(0.2, regions))
            changes.append(Change(key, day, *after))
    return deals, changes
