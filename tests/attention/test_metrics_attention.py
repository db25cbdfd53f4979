"""What a state has cost, and one line per subject: worked examples, and what must always hold."""

import math

import pandas as pd
import pytest

from dashboard.metrics.attention.handovers import became, followed, not_given
from dashboard.metrics.attention.lines import at_risk, gone, lines, this_week
from dashboard.metrics.attention.rules import COLUMNS
from dashboard.metrics.attention.shares import ASSUMED, Cases, Shares, learnt

PLACE = ("sales", "fast", "talk")


def stays(*rows: tuple) -> pd.DataFrame:
    """lasted, pushed_after, overdue_after, is_won, deals; nobody came back to the stage"""
    names = ["lasted", "pushed_after", "overdue_after", "is_won", "deals"]
    found = pd.DataFrame(rows, columns=names).astype("Int64")
    return found.assign(stayed=found["lasted"], pipeline="sales", track="fast", stage="talk")


def test_who_came_into_a_state_stands_beside_those_who_were_still_there():
    """Twelve were overdue on day 20, three of them won; of forty still there that day, half were won. The hundred
    that had left by then say nothing."""
    past = stays((30, None, 20, 1, 3), (30, None, 20, 0, 9), (40, None, None, 1, 20), (40, None, None, 0, 20),
                 (5, None, None, 1, 100))  # fmt: skip
    assert learnt(past, {}).cases["overdue"][PLACE] == Cases(12, 3, 6.0)


def test_staying_long_costs_nothing_where_the_chance_is_the_same_on_every_day():
    """Every deal is won by one half, whenever it goes; late ones are pushed. Against all it looks bad."""
    days = [(day, won) for day in range(1, 40) for won in (0, 1)]
    past = stays(*((day, day // 2 if day > 10 else None, None, won, 10) for day, won in days))
    cases = learnt(past, {}).cases["pushed"][PLACE]
    assert cases.n > 100 and cases.won == cases.expected == cases.n / 2


def test_stalled_deals_stand_beside_all_that_entered():
    past = stays((31, None, None, 1, 4), (32, None, None, 1, 1), (32, None, None, 0, 3), (10, None, None, 1, 8))
    assert learnt(past, {PLACE: 30.0}).cases["stalled"] == {PLACE: Cases(4, 1, 4 * 13 / 16)}


def test_who_came_back_to_a_stage_is_stalled_by_all_its_days_there():
    past = stays((20, None, None, 1, 6), (20, None, None, 0, 2)).assign(stayed=[20, 40])
    assert learnt(past, {PLACE: 30.0}).cases["stalled"] == {PLACE: Cases(2, 0, 2 * 6 / 8)}


def test_nothing_known_is_the_assumption_and_much_known_is_what_it_is():
    nothing, much = Shares({}), Shares({"pushed": {PLACE: Cases(100_000, 30_000, 60_000.0)}})
    places = pd.Series([PLACE, ("sales", "large", "talk")])
    assert nothing.over_all == nothing.of_rule("pushed") == ASSUMED
    assert nothing.of("pushed", places)["share"].tolist() == [ASSUMED, ASSUMED]
    shares = much.of("pushed", places)
    assert shares["share"].tolist() == pytest.approx([0.5, 0.5], abs=0.001)
    assert shares["own_cases"].tolist() == [100_000, 0]


@pytest.mark.parametrize("won", range(0, 41, 5))
def test_a_share_lies_between_nothing_and_everything(won):
    share = Cases(40, won, 20.0).share(ASSUMED)
    assert 0 <= share < 1 and (share > 0) == ((won + 30 * 0.5 * 0.9) / 70 < 0.5)


def reasons(*rows: tuple) -> pd.DataFrame:
    """rule, subject_id, value_at_risk, days; of deals"""
    found = pd.DataFrame(rows, columns=["rule", "subject_id", "value_at_risk", "days"])
    found = found.assign(subject_kind="opportunity", opportunity_id=found["subject_id"], subject=found["subject_id"])
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def test_a_line_has_the_largest_value_never_the_sum():
    together = lines(reasons(("overdue", "a", 10.0, 5), ("pushed", "a", 30.0, 2), ("pushed", "b", 20.0, 9)))
    assert together[["subject_id", "value_at_risk", "days"]].to_numpy().tolist() == [["a", 30, 5], ["b", 20, 9]]
    assert together["rules"].tolist() == [("pushed", "overdue"), ("pushed",)]


def test_what_is_at_risk_of_nobody_knows_how_much_is_not_nothing():
    known, unknown = lines(reasons(("pushed", "a", 10.0, 1))), lines(reasons(("pushed", "b", None, 1)))
    assert at_risk(known) == at_risk(pd.concat([known, unknown])) == 10
    assert math.isnan(at_risk(unknown)) and at_risk(unknown.iloc[:0]) == 0


def test_a_week_says_what_is_new_worse_and_gone():
    before = lines(reasons(("pushed", "same", 100.0, 1), ("pushed", "grown", 100.0, 1), ("pushed", "more", 100.0, 1)))
    before = pd.concat([before, lines(reasons(("pushed", "gone", 5.0, 1)))], ignore_index=True)
    now = lines(
        reasons(("pushed", "same", 109.0, 8), ("pushed", "grown", 120.0, 8), ("pushed", "more", 100.0, 8),
                ("overdue", "more", 1.0, 1), ("pushed", "new", 1.0, 1), ("pushed", "none", 0.0, 1))
    )  # fmt: skip
    week = this_week(now, before).set_index("subject_id")["since"]
    assert week.to_dict() == {"same": "same", "grown": "worse", "more": "worse", "new": "new"}
    assert gone(now, before)["subject_id"].tolist() == ["gone"]


def test_a_week_has_fifteen_lines_at_most_and_none_of_revenue():
    many = lines(reasons(*(("pushed", f"{n:02}", float(n + 1), 1) for n in range(40))))
    week = this_week(many.assign(is_revenue=many["subject_id"] == "39"), many.iloc[:0])
    assert week["subject_id"].tolist() == [f"{n}" for n in range(38, 23, -1)]


def seen(*rows: tuple, **more) -> pd.DataFrame:
    """subject_id, rules, value_at_risk; deals as they were seen"""
    found = pd.DataFrame(rows, columns=["subject_id", "rules", "value_at_risk"])
    found["value_at_risk"] = found["value_at_risk"].astype("Float64")
    return found.assign(subject_kind="opportunity", rule=[rules[0] for rules in found["rules"]], **more)


def test_what_became_of_a_line_is_gone_worse_or_still_there():
    then = seen(
        ("mended", ("pushed",), 10.0), ("same", ("pushed", "overdue"), 100.0), ("grown", ("pushed",), 100.0),
        ("more", ("pushed",), 100.0), ("aside", ("pushed",), 1.0), ("unknown", ("pushed",), None),
    )  # fmt: skip
    now = reasons(("pushed", "same", 109.0, 8), ("pushed", "grown", 111.0, 8), ("pushed", "more", 100.0, 8),
                  ("overdue", "more", 1.0, 1), ("pushed", "unknown", 500.0, 1))  # fmt: skip
    listed = pd.concat([now, reasons(("pushed", "aside", 99.0, 1))])
    found = dict(zip(then["subject_id"], became(then, lines(now), lines(listed)), strict=True))
    assert found == {
        "mended": "gone", "same": "same", "grown": "worse", "more": "worse", "aside": "same", "unknown": "same",
    }  # fmt: skip


def test_like_lines_are_those_of_the_day_and_reason_each_once_and_never_one_that_was_given():
    monday, friday = pd.Timestamp("2026-06-01"), pd.Timestamp("2026-06-05")
    given = pd.concat([seen(("a", ("pushed",), 1.0), seen_on=monday), seen(("b", ("pushed",), 1.0), seen_on=friday)])
    earlier = pd.concat(
        [
            seen(("a", ("pushed",), 1.0), ("c", ("pushed", "overdue"), 1.0), ("d", ("overdue",), 1.0), seen_on=monday),
            seen(("b", ("pushed",), 1.0), ("c", ("pushed",), 1.0), ("e", ("pushed",), 1.0), seen_on=friday),
        ]
    )
    found = not_given(earlier, given)
    assert found[["subject_id", "seen_on"]].to_numpy().tolist() == [["c", monday], ["e", friday]]
    assert found["rules"].tolist() == [("pushed", "overdue"), ("pushed",)]


def test_a_line_followed_counts_once_whatever_its_reasons():
    rows = [(f"{n}", ("pushed", "overdue"), 1.0) for n in range(12)]
    became_of = ["gone"] * 5 + ["same"] * 4 + ["worse"] * 3
    outcome = ["won"] * 3 + ["lost"] + ["open"] * 8
    both = seen(*rows, became=became_of, outcome=outcome, is_given=[n % 3 == 0 for n in range(12)])
    found = followed(both)
    assert found[["rule", "is_given"]].to_numpy().tolist() == [["pushed", True], ["pushed", False]]
    assert found["lines"].tolist() == [4, 8]
    assert found[["gone", "same", "worse"]].sum(axis=1).tolist() == found["lines"].tolist()
    assert found[["gone", "won", "lost"]].to_numpy().tolist() == [[2, 1, 1], [3, 2, 0]]
    assert found["gone_share"].tolist() == [0.5, 0.375]
    assert (found["low"] < found["gone_share"]).all() and (found["gone_share"] < found["high"]).all()


def test_what_was_given_waits_out_of_sight_until_it_is_due_or_worse():
    now = lines(reasons(("pushed", "a", 30.0, 1), ("pushed", "b", 20.0, 1)))
    assert this_week(now, now, now.head(1))["subject_id"].tolist() == ["b"]
    assert this_week(now, now, now.iloc[:0])["subject_id"].tolist() == ["a", "b"]
