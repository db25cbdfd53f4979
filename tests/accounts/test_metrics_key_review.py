"""What stands beside the ranking, against small cases worked out by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from dashboard.metrics.accounts import key_review as review
from dashboard.metrics.accounts.key_accounts import EQUAL, FACTORS, Matrix, Profile, ranking

TENS = tuple(float(n) for n in range(1, 11))
NOW = date(2026, 11, 21)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_percentages_sum_to_one_hundred_and_miss_by_less_than_one(weights):
    shares = np.array(weights) / sum(weights)
    percents = review.whole_percents(shares)
    assert sum(percents) == 100
    assert all(abs(p - 100 * s) < 1 for p, s in zip(percents, shares, strict=True))


SHARES = st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any).map(lambda w: np.array(w) / sum(w))


@given(SHARES, st.integers(0, 3), st.integers(0, 100))
def test_a_share_is_what_it_was_set_to_and_the_others_give_way_in_proportion(shares, place, percent):
    found, others = review.given_way(shares, place, percent / 100), np.arange(4) != place
    assert found[place] == percent / 100 and found.sum() == pytest.approx(1) and (found >= 0).all()
    held = shares[others] if shares[others].any() else np.ones(3)
    assert found[others] == pytest.approx((1 - percent / 100) * held / held.sum())
    percents = review.whole_percents(found)
    assert sum(percents) == 100 and percents[place] == percent  # the thumb stays where it was put


@given(SHARES, st.integers(0, 3), st.lists(st.integers(1, 99), min_size=1, max_size=5))
def test_many_small_moves_come_to_the_same_as_the_last(shares, place, percents):
    moved = shares
    for percent in percents:
        moved = review.given_way(moved, place, percent / 100)
    assert moved == pytest.approx(review.given_way(shares, place, percents[-1] / 100))


@given(SHARES, st.floats(0.01, 1000))
def test_only_the_shares_of_weights_count(shares, times):
    one, other = (
        Profile(dict(zip(FACTORS, map(float, weights), strict=True)), TENS, 0.2) for weights in (shares, shares * times)
    )
    assert one.shares == pytest.approx(other.shares)
    scores = np.random.default_rng(1).uniform(0, 10, (40, 4)).round(1)
    matrix = Matrix(scores, {"g": np.arange(40)})
    assert ranking(matrix, one)["score"].tolist() == pytest.approx(ranking(matrix, other)["score"].tolist())


def test_overdue_begins_the_day_after_half_a_year():
    days = [NOW - pd.Timedelta(days=n) for n in (183, 184, 400)]
    accounts = pd.DataFrame({f"{factor}_on": pd.to_datetime([*days, None]) for factor in review.ASSESSED})
    overdue = review.days_overdue(accounts, NOW)["potential"]
    assert overdue.tolist()[1:3] == [1, 217]
    assert overdue.isna().tolist() == [True, False, False, True]  # never assessed is missing, not overdue


def of_one_group(revenues, ranks):
    return pd.DataFrame(
        {
            "group": "g",
            "revenue": pd.array(revenues, dtype="Int64"),
            "rank": pd.array(ranks, dtype="Int64"),
            "score": [1.0 if rank is not None else np.nan for rank in ranks],
        }
    )


def test_revenue_ranks_count_the_scored_and_ties_share_the_better():
    accounts = of_one_group([500, 900, 500, 100, None], [1, None, 2, 3, None])
    assert review.revenue_rank(accounts).tolist()[:4] == [1, pd.NA, 1, 3]


@pytest.mark.parametrize(
    ("largest", "rank", "is_one_off"),
    [(80, 4, True), (79, 4, False), (80, 3, False)],  # 80 % on one deal; three places better
)
def test_one_big_order_lifts_an_account_clearly(largest, rank, is_one_off):
    ranks = [rank, *(other for other in range(1, 6) if other != rank)]
    accounts = of_one_group([100, 90, 80, 70, 60], ranks)
    found = review.one_offs(accounts, review.revenue_rank(accounts), pd.Series([largest, 0, 0, 0, 0], dtype="Int64"))
    assert found.tolist() == [is_one_off, False, False, False, False]


def test_a_trend_holds_what_was_last_assessed_and_the_revenue_of_each_year():
    assessments = pd.DataFrame(
        [("potential", 4.0, "2024-01-10"), ("reference_effect", 2.0, "2024-01-10"), ("winnability", 6.0, "2024-03-01"),
         ("potential", 8.0, "2026-06-01")],
        columns=["factor", "score", "assessed_on"],
    ).astype({"assessed_on": "datetime64[s]"})  # fmt: skip
    wins = pd.DataFrame(
        {
            "closed_day": [date(2024, 2, 1).toordinal(), date(2025, 11, 22).toordinal()],
            "amount": [300, 500],
            "has_amount": [1, 1],
            "lacks_rate": [0, 0],
        }
    )
    trend = review.trend(assessments, wins, Profile(EQUAL, TENS), NOW)
    assert trend["on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-10", "2024-03-01", "2026-06-01", "2026-11-21"]
    assert trend["past_revenue"].tolist() == [0, 3, 5, 5]  # 22 Nov 2025 is still in the year up to 21 Nov 2026
    assert np.isnan(trend["score"][0])
    assert trend["score"].tolist()[1:] == [(3 + 4 + 2 + 6) / 4, (5 + 8 + 2 + 6) / 4, (5 + 8 + 2 + 6) / 4]


def test_a_win_without_an_amount_leaves_past_revenue_unknown():
    assessments = pd.DataFrame(
        {"factor": list(review.ASSESSED), "score": 5.0, "assessed_on": pd.Timestamp("2026-01-01")}
    )
    wins = pd.DataFrame(
        {"closed_day": [date(2025, 12, 1).toordinal()], "amount": [None], "has_amount": [0], "lacks_rate": [0]}
    )
    trend = review.trend(assessments, wins, Profile(EQUAL, TENS), NOW)
    assert trend["past_revenue"].isna().all() and trend["score"].isna().all()


def test_the_director_of_the_closing_day_gets_the_credit():
    posts = pd.DataFrame(
        [("a", "d1", "2025-01-01", "2026-01-01"), ("a", "d2", "2026-01-01", None), ("b", "d3", None, None)],
        columns=["account_id", "rep_id", "from_on", "to_on"],
    ).astype({"from_on": "datetime64[s]", "to_on": "datetime64[s]"})
    days = [("o1", "a", date(2024, 12, 31)), ("o2", "a", date(2025, 12, 31)), ("o3", "a", date(2026, 1, 1)),
            ("o4", "b", date(1999, 1, 1)), ("o5", "c", date(2026, 1, 1))]  # fmt: skip
    wins = pd.DataFrame(
        [(o, a, d.toordinal()) for o, a, d in days], columns=["opportunity_id", "account_id", "closed_day"]
    )
    found = review.director_on(wins, posts)
    assert [None if pd.isna(rep) else rep for rep in found] == [None, "d1", "d2", "d3", None]


def test_without_directors_nobody_is_credited_twice():
    wins = pd.DataFrame({"opportunity_id": ["o1"], "account_id": ["a"], "closed_day": [700_000]})
    nobody = pd.DataFrame({"account_id": [], "rep_id": [], "from_on": [], "to_on": []}).astype(
        {"account_id": "object", "rep_id": "object", "from_on": "datetime64[s]", "to_on": "datetime64[s]"}
    )
    assert review.director_on(wins, nobody).isna().all()
    assert review.director_on(wins.iloc[:0], nobody).empty


people = st.sampled_from([None, "ann", "bob", "cy"])


@given(st.lists(st.tuples(people, people, st.integers(0, 10**9)), min_size=1, max_size=20))
def test_credit_less_what_is_counted_twice_is_the_companys_total(deals):
    frame = pd.DataFrame(deals, columns=["owner_id", "director_id", "amount"]).astype({"owner_id": "object"})
    by_owner = frame.groupby("owner_id", dropna=False, as_index=False)["amount"].sum()
    rows, line = review.credit(by_owner, frame)
    assert line["company"] == sum(amount for _owner, _director, amount in deals)
    assert line["credited"] - line["double_counted"] == line["company"]
    for person in ("ann", "bob", "cy"):  # each person's own view counts a deal once, whichever hat they wore
        mine = sum(amount for owner, director, amount in deals if person in (owner, director))
        assert rows.loc[rows["rep_id"] == person, "credited"].sum() == mine


def test_other_cut_points_score_the_same_accounts_anew():
    accounts = pd.DataFrame({"group": "g", "past_revenue": [0.0, 5.0, 9.0]} | dict.fromkeys(FACTORS[1:], 5.0))
    minor_units = pd.array([0, 500, 900], dtype="Int64")
    accounts = accounts.assign(revenue=minor_units, has_won=[False, True, True])
    matrix = Matrix.of(accounts)
    other = review.under_cut_points(matrix, accounts, (0.0, *(float(n) for n in range(5, 14))))
    assert other.scores[:, 0].tolist() == [0, 2, 6]  # who won nothing reaches no cut point, not even one at 0
    assert matrix.scores[:, 0].tolist() == [0, 5, 9]  # shared between sessions, so never changed


def test_the_least_sure_come_first_and_their_nearest_weight_tips_them():
    draws = np.random.default_rng(7)
    accounts = pd.DataFrame(
        {"group": "g", "account_id": [f"a{i}" for i in range(30)], "account": "x", "is_shown": True}
        | {factor: draws.integers(0, 11, 30).astype(float) for factor in FACTORS}
    )
    matrix, profile = Matrix.of(accounts), Profile(EQUAL, TENS)
    ranked = accounts.join(ranking(matrix, profile))
    stability = np.linspace(0, 1, 30)
    rows = review.near_edge(ranked, stability, 4)
    assert np.all(np.diff(np.abs(stability[rows] - 0.5)) >= 0) and len(rows) == 4
    tipped = review.tipping(matrix, profile, ranked, np.arange(30)).dropna(subset=["distance"])
    assert len(tipped) > 5
    for one in tipped.itertuples():
        assert one.distance == min(abs(getattr(one, f) - 0.25) for f in FACTORS if not np.isnan(getattr(one, f)))
