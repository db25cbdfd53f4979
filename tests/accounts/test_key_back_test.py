"""The back-test of key accounts a year back: a draft beside the published profile, by hand, and against the truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from dashboard.metrics.accounts import key_accounts, key_back_test as metrics
from dashboard.metrics.accounts.key_accounts import EQUAL, FACTORS, Profile
from dashboard.metrics.accounts.key_back_test import YearBack
from tests.rings import rings

CUT_POINTS = tuple(range(1, 11))


def profile(*weights: float, **given) -> Profile:
    return Profile(dict(zip(FACTORS, weights, strict=True)), CUT_POINTS, **given)


def company(scores, since, groups=None, then=None, owners=None) -> pd.DataFrame:
    """Accounts with these factor scores, in one group unless a letter per account is given."""
    number = len(scores)
    return pd.DataFrame(scores, columns=FACTORS, dtype=float).assign(
        account_id=[f"a{place}" for place in range(number)],
        account="x",
        group=list(groups) if groups else "g",
        region="north",
        owner_id=list(owners) if owners else None,
        owner=[owner.upper() for owner in owners] if owners else None,
        is_shown=True,
        revenue=pd.Series(then if then is not None else [0] * number, dtype="Int64"),
        has_won=[revenue > 0 for revenue in then or [0] * number],
    )


def year_back(scores, since, published: Profile, **more) -> YearBack:
    won = pd.Series(since, dtype=float)
    return YearBack.of(published, company(scores, since, **more), won, won / 2)


def evens(*numbers: float) -> list[tuple]:
    return [(number,) * 4 for number in numbers]


def test_the_back_test_by_hand():
    """The key set is a, b of a, b, c, d and e of e, f. Of the three that won most since, a, c and e, it has two; by
    revenue the set would be c, d and f, which has one."""
    year = year_back(
        evens(9, 8, 7, 6, 9, 1),
        [400.0, 50, 300, 0, 200, 50],
        profile(1, 1, 1, 1, top=0.5),
        groups="ggggoo",
        then=[0, 10, 500, 400, 1, 90],
    )
    assert metrics.tested(year, year.published) == {
        "n": 3,
        "hits": 2,
        "hit_rate": pytest.approx(2 / 3),
        "by_revenue": pytest.approx(1 / 3),
        "lift": pytest.approx(2),
        "captured": pytest.approx(0.65),
        "margin_captured": pytest.approx(0.65),
    }


@pytest.mark.parametrize(("top", "since", "n"), [(0, [1.0, 2, 3], 0), (0.2, [0.0, 0, 0], 1)])
def test_a_back_test_of_nobody_or_nothing_has_no_rate(top, since, n):
    year = year_back(evens(7, 5, 3), since, profile(1, 1, 1, 1, top=top))
    told = metrics.tested(year, year.published)
    assert told.pop("n") == n and set(told.values()) == {None}
    assert set(metrics.compared(year, year.published).values()) == {None}


def test_who_won_nothing_is_no_hit_however_few_won():
    year = year_back(evens(9, 8, 7, 6), [0.0, 5, 0, 0], profile(1, 1, 1, 1, top=0.75))
    assert metrics.tested(year, year.published)["hits"] == 1


def test_a_draft_moves_the_accounts_of_these_owners():
    """Published: a0 and a1 by the first factor; drafted: a2 and a3 by the second. Of the two best, a1 and a3, each has
    one."""
    scores = [(10, 0, 0, 0), (9, 1, 0, 0), (0, 10, 0, 0), (1, 9, 0, 0)]
    year = year_back(scores, [100.0, 900, 50, 800], profile(1, 0, 0, 0, top=0.5), owners="ppqp")
    moved = metrics.moves(year, year.picked(profile(0, 1, 0, 0, top=0.5)))
    assert moved[["account_id", "enters", "won_since", "is_hit"]].to_numpy().tolist() == [
        ["a3", True, 8.0, True],
        ["a2", True, 0.5, False],
        ["a1", False, 9.0, True],
        ["a0", False, 1.0, False],
    ]
    assert metrics.by_owner(moved).to_numpy().tolist() == [
        ["p", "P", 1, 2, 8.0, 10.0],
        ["q", "Q", 1, 0, 0.5, 0.0],
    ]


def test_sets_of_different_sizes_are_not_compared():
    picked = {n: np.arange(200) < n for n in (100, 105, 106, 95, 94)}
    assert [n for n in picked if metrics.are_alike(picked[100], picked[n])] == [100, 105, 95]


def test_one_account_that_is_a_hit_is_no_proof():
    """Its interval leaves out 0 by itself."""
    year = year_back([(0, 5, 5, 5), (0, 4, 5, 5)], [1.0, 2], profile(0, 1, 0, 0, top=0.5), then=[0, 0])
    better = ~year.published
    assert metrics.tested(year, better)["hits"] == 1 and metrics.tested(year, year.published)["hits"] == 0
    assert metrics.compared(year, better)["difference"][0] > 0 and metrics.are_few(year.published, better)
    picked = {n: np.arange(200) < n for n in (100, 109, 110)}
    assert [metrics.are_few(picked[100], picked[n]) for n in (109, 110)] == [True, False]


def test_other_cut_points_score_past_revenue_anew():
    year = year_back([(9, 5, 5, 5), (1, 5, 5, 5)], [1.0, 2], profile(1, 1, 1, 1, top=0.5), then=[300, 900])
    draft = Profile(EQUAL, CUT_POINTS[:-1] + (11,), top=0.5)
    assert (year.picked(profile(1, 1, 1, 1, top=0.5)).tolist(), year.picked(draft).tolist()) == (
        [True, False],
        [False, True],
    )


score = st.sampled_from([0, 1, 2.5, 5, 7, 7.5, 10])
scores = st.tuples(score, score, score, score)
weights = st.tuples(*[st.sampled_from([0, 0.1, 1, 3, 4.5])] * 4).filter(any)


@given(st.lists(scores, min_size=1, max_size=30), weights, st.sampled_from([0, 0.07, 0.2, 0.5, 1]), score)
def test_who_is_key_is_what_the_ranking_says(rows, its_weights, top, floor):
    using = profile(*its_weights, top=top, floor=floor)
    matrix = key_accounts.Matrix.of(company(rows, []))
    assert key_accounts.keys(matrix, using).tolist() == key_accounts.ranking(matrix, using)["is_key"].tolist()


@given(st.lists(st.tuples(scores, st.integers(0, 5)), min_size=5, max_size=30), weights, weights)
def test_a_draft_against_itself_differs_by_nothing(rows, one, other):
    since, mine = [won for _, won in rows], [of_it for of_it, _ in rows]
    year = year_back(mine, since, profile(*one, top=0.4))
    told = metrics.compared(year, year.published)
    assert told["published"] == told["draft"] and told["difference"] in (None, (0.0, 0.0))
    draft = year.picked(profile(*other, top=0.4))
    spans = metrics.compared(year, draft)
    if any(since):
        least = {"published": 0, "draft": 0, "difference": -1}
        assert all(least[name] <= low <= high <= 1 for name, (low, high) in spans.items())
    else:
        assert set(spans.values()) == {None}


# --- against the truth --------------------------------------------------------------------------------

DRAFTS = {"better": (3, 1, 1, 1), "worse": (1, 1, 1, 3), "much alike": (1.2, 1, 1, 1)}


def drawn(random: np.random.Generator, number: int) -> YearBack:
    """A company in which past revenue tells most of who wins, and winnability least."""
    scores = random.uniform(0, 10, (number, 4))
    won = np.exp(scores @ (0.25, 0.075, 0.05, 0.025) + random.normal(0, 1, number)) * (random.random(number) < 0.8)
    return year_back(scores, (1e4 * won).round(), profile(1, 1, 1, 1))


@pytest.mark.parametrize("name", rings(DRAFTS))
def test_the_interval_holds_the_true_difference(name):
    """Of companies drawn anew, who is key and who is best among them; the truth is that of a company of all of them."""
    random, draft, times = np.random.default_rng(11), profile(*DRAFTS[name]), 200
    whole = drawn(random, 200_000)
    hit_rates = [metrics.tested(whole, is_key)["hit_rate"] for is_key in (whole.published, whole.picked(draft))]
    true = hit_rates[1] - hit_rates[0]
    intervals = [metrics.compared(year, year.picked(draft))["difference"] for year in _companies(random, times)]
    inside = sum(low <= true <= high for low, high in intervals)
    assert 0.7 <= inside / times <= 0.9
    shown = [sum(low > 0 for low, _ in intervals), sum(high < 0 for _, high in intervals)]
    if name == "worse":
        shown.reverse()
    assert shown[1] <= 0.05 * times  # never, or nearly, the wrong way
    assert name == "much alike" or shown[0] >= 0.5 * times


def _companies(random: np.random.Generator, number: int):
    return (drawn(random, 300) for _ in range(number))
