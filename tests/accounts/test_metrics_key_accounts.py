"""Key accounts: each metric against a slow computation of the same words, or by hand."""

from fractions import Fraction
from math import ceil, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings, strategies as st

from dashboard.metrics.accounts import key_accounts as metrics
from dashboard.metrics.accounts.key_accounts import FACTORS, Matrix, Profile
from tests.rings import examples

CUT_POINTS = tuple(range(1, 11))


def profile(*weights: float, **given) -> Profile:
    return Profile(dict(zip(FACTORS, weights, strict=True)), CUT_POINTS, **given)


def frame(rows: list[tuple], groups: str | None = None) -> pd.DataFrame:
    """Accounts with these factor scores; all in one group unless a letter per account is given."""
    return pd.DataFrame(rows, columns=FACTORS, dtype=float).assign(group=list(groups) if groups else "g")


def keys_by_hand(rows: list[tuple], shares: list[float], top: float, floor: float) -> list[bool]:
    """One group, re-ranked in plain Python."""
    scores = [round(sum(w * s for w, s in zip(shares, row, strict=True)), 9) for row in rows]
    places = ceil(Fraction(str(top)) * len(rows))
    return [sum(other > score for other in scores) < places and score >= floor for score in scores]


def random_rows(seed: int, number: int) -> list[tuple]:
    return [tuple(row) for row in np.random.default_rng(seed).integers(0, 11, (number, 4)).tolist()]


score = st.sampled_from([0, 1, 2.5, 5, 7, 7.5, 10])
scores = st.tuples(score, score, score, score)
weight = st.sampled_from([0, 0.1, 1, 3, 4.5])
weights = st.tuples(weight, weight, weight, weight).filter(any)


# --- the score ----------------------------------------------------------------------------------------


@given(st.lists(scores, min_size=1, max_size=30), weights, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_score_rank_or_key(rows, its_weights, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    accounts, using = frame(rows), profile(*its_weights)
    ranked = metrics.ranking(Matrix.of(accounts), using)
    shuffled = metrics.ranking(Matrix.of(accounts.iloc[order].reset_index(drop=True)), using)
    pd.testing.assert_frame_equal(ranked.iloc[order].reset_index(drop=True), shuffled)


@given(st.lists(scores, min_size=1, max_size=30), weights, st.sampled_from([2, 10, 0.5, 100]))
def test_scaling_all_weights_changes_nothing(rows, its_weights, times):
    matrix = Matrix.of(frame(rows))
    ranked, scaled = (metrics.ranking(matrix, profile(*(factor * one for one in its_weights))) for factor in (1, times))
    pd.testing.assert_frame_equal(ranked, scaled)


@given(st.lists(scores, min_size=1, max_size=30), scores, weights)
def test_another_account_changes_no_other_score(rows, another, its_weights):
    before, after = (
        metrics.ranking(Matrix.of(frame(some)), profile(*its_weights)) for some in (rows, [*rows, another])
    )
    assert before["score"].tolist() == after["score"].tolist()[:-1]


@given(st.lists(scores, min_size=1, max_size=30), weights, st.sampled_from([0, 0.07, 0.2, 0.5, 1]), score)
def test_rank_and_key_equal_the_words(rows, its_weights, top, floor):
    using = profile(*its_weights, top=top, floor=floor)
    ranked = metrics.ranking(Matrix.of(frame(rows)), using)
    assert ranked["is_key"].tolist() == keys_by_hand(rows, using.shares, top, floor)
    better = [(ranked["score"] > own).sum() for own in ranked["score"]]
    assert ranked["rank"].tolist() == [count + 1 for count in better]


@given(st.lists(scores, min_size=1, max_size=10), weights, st.lists(st.sampled_from(FACTORS), unique=True))
def test_a_factor_more_narrows_the_range_and_the_score_lies_within(rows, its_weights, missing):
    """Factors become known one after the other, whatever they are found to be."""
    using, known = profile(*its_weights), frame(rows)
    score = metrics.ranking(Matrix.of(known), using)["score"]
    wider = None
    for at in range(len(missing) + 1):
        found = metrics.score_ranges(Matrix.of(known.assign(**dict.fromkeys(missing[at:], np.nan))), using)
        assert (found["score_low"] <= score).all() and (score <= found["score_high"]).all()
        if wider is not None:
            assert (wider["score_low"] <= found["score_low"]).all()
            assert (found["score_high"] <= wider["score_high"]).all()
        wider = found
    assert (wider["score_low"] == score).all() and (wider["score_high"] == score).all()


def test_top_and_floor_may_differ_by_group():
    accounts = frame([(n, n, n, n) for n in (9, 8, 7, 6)] * 2, "aaaabbbb")
    using = profile(1, 1, 1, 1, top=0.25, tops={"b": 0.75}, floors={"b": 8})
    assert (
        metrics.ranking(Matrix.of(accounts), using)["is_key"].tolist()
        == [True] + [False] * 3 + [True] * 2 + [False] * 2
    )


# --- cut points ---------------------------------------------------------------------------------------


def test_proposed_cut_points_are_nearest_rank_quantiles_of_the_positive_revenues():
    """Of 15 revenues: the 2nd (15 × 0.1 = 1.5), 3rd, 5th (4.5), 6th, 8th (7.5), 9th, 11th, 12th and 14th."""
    revenues = pd.Series([0, pd.NA, *(n * 100 for n in range(15, 0, -1)), 0], dtype="Int64")
    assert metrics.proposed_cut_points(revenues) == (0.01, 2, 3, 5, 6, 8, 9, 11, 12, 14)


def test_one_revenue_is_every_quantile_and_none_proposes_nothing():
    assert metrics.proposed_cut_points(pd.Series([12_345], dtype="Int64")) == (0.01, *[123.45] * 9)
    assert metrics.proposed_cut_points(pd.Series([0, 0], dtype="Int64")) == ()


def test_a_revenue_reaches_a_cut_point_from_its_cent_on():
    cut_points = (0.01, 0.1, 0.29, 1.15, 64.1, 64.11, 1000.005, 1e6, 1e6, 1e9)  # 0.29 × 100 is no whole float
    revenues = pd.Series([0, 1, 28, 29, 115, 6410, 100_000, 100_001, 100_000_000, pd.NA], dtype="Int64")
    reached = metrics.revenue_scores(revenues, cut_points)
    assert reached.tolist()[:-1] == [0, 1, 2, 3, 4, 5, 6, 7, 9]
    assert np.isnan(reached[-1])


# --- how sure it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("top", [0, 0.07, 0.2, 1])
@pytest.mark.parametrize("its_weights", [(1, 1, 1, 1), (4, 0, 3, 1), (0, 0, 2, 0)])
def test_stability_equals_a_ranking_per_draw(its_weights, top):
    """Two groups, one with an unscored account, against the slow way: 2,000 rankings."""
    rows = [*random_rows(4, 60), (5, np.nan, 5, 5)]
    using = profile(*its_weights, top=top, floors={"b": 5.5})
    accounts = frame(rows, "a" * 25 + "b" * 36)
    drawn = np.zeros((metrics.DRAWS, 4))
    weighs = np.flatnonzero(its_weights)
    alphas = 100 * np.array(its_weights)[weighs] / sum(its_weights)
    drawn[:, weighs] = np.random.default_rng(1).dirichlet(alphas, metrics.DRAWS)
    times = np.zeros(60)
    for shares in drawn.tolist():
        times[:25] += keys_by_hand(rows[:25], shares, top, 0)
        times[25:] += keys_by_hand(rows[25:60], shares, top, 5.5)
    found = metrics.stability(Matrix.of(accounts), using)
    assert found[:60].tolist() == (times / metrics.DRAWS).tolist()
    assert np.isnan(found[60])


@pytest.mark.parametrize("at_a_time", [1, 777, 10**9])
def test_stability_does_not_depend_on_how_much_is_done_at_a_time(at_a_time, monkeypatch):
    matrix, using = Matrix.of(frame(random_rows(5, 300), "abc" * 100)), profile(4, 3, 2, 1)
    expected, told = metrics.stability(matrix, using), []
    monkeypatch.setattr(metrics, "_SCORES_AT_A_TIME", at_a_time)
    assert metrics.stability(matrix, using, told.append).tolist() == expected.tolist()
    assert told == sorted(told) and told[-1] == 1 and len(told) <= 100


def test_without_scored_accounts_nobody_is_stable_and_nothing_changes():
    matrix, using = Matrix(np.full((2, 4), np.nan), {"g": np.array([], dtype=int)}), profile(1, 1, 1, 1)
    assert np.isnan(metrics.stability(matrix, using)).all()
    assert metrics.same_set_map(matrix, using, "potential", "winnability")["changed"].sum() == 0


@settings(max_examples=examples(40))  # each scans four axes at a hundred points, and again as far as the weight named
@example([(0, 10, 5, 10), (0, 7, 7, 10)], (0, 3, 4.5, 0.1), 0.1, 0)  # equal scores: the least change flips
@given(st.lists(scores, min_size=2, max_size=25), weights, st.sampled_from([0.1, 0.2, 0.5]), st.sampled_from([0, 5]))
def test_no_weight_nearer_than_the_tipping_weight_flips_in_a_dense_scan(rows, its_weights, top, floor):
    using = profile(*its_weights, top=top, floor=floor)
    matrix = Matrix.of(frame(rows))
    found = metrics.tipping_weights(matrix, using, "g", 0)
    for place, factor in enumerate(FACTORS):
        others = np.delete(using.shares, place)
        if others.sum() == 0:
            assert found[factor] is None
            continue

        def is_key(share: float, place=place, others=others) -> bool:
            shares = np.insert(others / others.sum() * (1 - share), place, share)
            return keys_by_hand(rows, shares.tolist(), top, floor)[0]

        now, tip = using.shares[place], found[factor]
        flips = [abs(share - now) for share in np.linspace(0, 1, 101) if is_key(share) != is_key(now)]
        if tip is None:
            assert flips == []
            continue
        assert all(abs(tip - now) <= flip + 1e-7 for flip in flips)
        nearer = now + (abs(tip - now) - 1e-7) * np.linspace(-1, 1, 201)  # 1e-7: equal at nine places is a tie
        if abs(tip - now) > 1e-7:
            assert not any(is_key(share) != is_key(now) for share in nearer if 0 <= share <= 1)
        around = [share for share in (tip - 1e-6, tip, tip + 1e-6) if 0 <= share <= 1]
        assert any(is_key(share) != is_key(now) for share in around)  # and it does flip there


@pytest.mark.parametrize("its_weights", [(1, 1, 1, 1), (4, 3, 2, 1), (1, 0, 1, 0)])
def test_each_cell_of_the_map_equals_a_ranking_with_its_weights(its_weights):
    rows, using = random_rows(6, 40), profile(*its_weights, top=0.2, floor=5)
    found = metrics.same_set_map(Matrix.of(frame(rows)), using, "past_revenue", "reference_effect", steps=11)
    assert len(found) == 11 * 12 / 2
    now = keys_by_hand(rows, using.shares.tolist(), 0.2, 5)
    potential, winnability = (1, 1) if its_weights == (1, 0, 1, 0) else (its_weights[1], its_weights[3])
    for cell in found.itertuples():
        rest = (1 - cell.first - cell.second) / (potential + winnability)
        shares = [cell.first, rest * potential, cell.second, rest * winnability]
        drafted = keys_by_hand(rows, shares, 0.2, 5)
        assert cell.changed == sum(a != b for a, b in zip(now, drafted, strict=True)), cell


# --- what a change would do ---------------------------------------------------------------------------


def kendall_by_hand(before: list[float], after: list[float]) -> float | None:
    """Tau-b: concordant less discordant pairs, over the geometric mean of the pairs not tied in each."""
    pairs = [(i, j) for i in range(len(before)) for j in range(i)]
    steps = [(np.sign(before[i] - before[j]), np.sign(after[i] - after[j])) for i, j in pairs]
    untied = sqrt(sum(a != 0 for a, _ in steps) * sum(b != 0 for _, b in steps))
    return float(sum(a * b for a, b in steps) / untied) if untied else None


@given(st.lists(st.tuples(score, score), max_size=25))
def test_kendall_equals_the_count_of_all_pairs(pairs):
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    found = metrics.kendall(pd.Series(before, dtype=float), pd.Series(after, dtype=float))
    expected = kendall_by_hand(before, after)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_kendall_leaves_out_who_is_scored_in_one_only():
    before, after = pd.Series([1, 2, 3, np.nan, 9]), pd.Series([1, 2, 3, 4, np.nan])
    assert metrics.kendall(before, after) == 1
    assert metrics.kendall(before[:1], after[:1]) is None


def test_changes_name_who_enters_and_leaves_and_what_they_bring():
    rows = [(10, 0, 0, 0), (9, 1, 0, 0), (0, 10, 0, 0), (1, 9, 0, 0), (5, np.nan, 5, 5)]
    matrix = Matrix.of(frame(rows))
    before, after = (metrics.ranking(matrix, profile(*its, top=0.5)) for its in ((1, 0, 0, 0), (0, 1, 0, 0)))
    found = metrics.changes(before, after, pd.Series([100.0, 20, 3, 0.5, 7000]))
    assert (found["enters"].tolist(), found["leaves"].tolist()) == ([2, 3], [0, 1])
    assert (found["value_entering"], found["value_leaving"]) == (3.5, 120)
    assert (found["rank_changes"], found["tau"]) == (4, -1)
    same = metrics.changes(before, before, pd.Series([100.0, 20, 3, 0.5, 7000]))
    assert (same["enters"].size, same["leaves"].size, same["rank_changes"], same["tau"]) == (0, 0, 0, 1)
