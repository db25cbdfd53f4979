"""When a cohort is mature: equal to a computation case by case, true to what was planted, and gone by in the demo."""

from datetime import date, timedelta
from math import isnan, nan
from random import Random

import pytest

from dashboard.answers import maturity
from dashboard.answers.leads import outcomes
from dashboard.answers.pipeline import funnel
from dashboard.metrics import maturity as metrics
from data_access.engine import engine
from tests.accounts.market_fixtures import BASE, asking, scope_of
from tests.independent import maturity as words
from tests.independent.deals import replay
from tests.independent.facts import Facts
from tests.independent.product import TODAY, load
from tests.independent.random.organisations import write
from tests.independent.scopes import Asked
from tests.rings import rings

# --- by hand ------------------------------------------------------------------------------------------


def test_who_goes_competes_and_who_is_still_open_is_cut():
    """Of five, one converts on day 2 and one goes on day 4: before day 6 a share of 4/5 × 3/4 is undecided, and half of
    it converts then. Without who is gone it would be more."""
    found = metrics.incidence([2, 4, 4, 6, 9], ["converted", "gone", "open", "converted", "open"], [1] * 5)
    assert found["days"].tolist() == [2, 6]
    assert found["share"].tolist() == pytest.approx([1 / 5, 1 / 5 + 4 / 5 * 3 / 4 / 2])


def test_an_age_needs_conversions_and_somebody_watched_to_it():
    days, fates = list(range(1, 101)), ["converted"] * 100
    assert metrics.age(days, fates, [1] * 100, 100) == 95
    assert metrics.age(days, fates, [1] * 100, 40) == 38  # what came later was seen of too few
    assert isnan(metrics.age(days, fates, [1] * 100, 29)) and isnan(metrics.age(days, fates, [1] * 100, None))
    assert isnan(metrics.age([], [], [], None))


def test_only_a_known_age_marks_a_cohort():
    known, unknown = metrics.Maturity(1000, 90), metrics.Maturity(1000, nan)
    assert [known.of(day)["is_immature"] for day in (909, 910, 911, None)] == [False, False, True, False]
    assert not unknown.of(1000)["is_immature"]


# --- planted ------------------------------------------------------------------------------------------

LAGS = {"leads": 100, "fast": 60, "large": 300}  # conversions are spread evenly over so many days
MEAN_AGE = {"leads": 40, "fast": 40, "large": 120}  # so many young ones that the conversions seen say far too little


def planted(seed: int) -> dict:
    """Four in ten deals are won, two in ten leads convert; as many go within twice the days; the others never end."""
    random = Random(seed)

    def case(kind: str, converts: float) -> tuple[date, str, date | None]:
        created = TODAY - timedelta(days=min(int(random.expovariate(1 / MEAN_AGE[kind])), 1000))
        fate = random.choices(("converted", "gone", "open"), (converts, converts, 1 - 2 * converts))[0]
        end = created + timedelta(days=random.randint(1, LAGS[kind] * (2 if fate == "gone" else 1)))
        return (created, "open", None) if fate == "open" or end > TODAY else (created, fate, end)

    lead_rows, deal_rows = [], []
    for number in range(8_000):
        created, fate, end = case("leads", 0.2)
        ends = {"converted": "converted_on", "gone": "disqualified_on"}.get(fate)
        lead_rows.append({"lead_id": f"l{number}", "created_on": created} | ({ends: end} if ends else {}))
    for number in range(6_000):
        track = ("fast", "large")[number % 2]
        created, fate, end = case(track, 0.4)
        stage = {"converted": "won", "gone": "lost", "open": "open"}[fate]
        row = {"opportunity_id": f"d{number}", "pipeline": "sales", "track": track, "stage": stage}
        deal_rows.append(row | {"created_on": created, "closed_on": end or ""})
    stages = [("open", "open"), ("won", "won"), ("lost", "lost")]
    return {
        "stage": [
            {"pipeline": "sales", "stage": stage, "position": at, "kind": kind}
            for at, (stage, kind) in enumerate(stages, start=1)
        ],
        "lead": lead_rows,
        "opportunity": deal_rows,
    }


@pytest.mark.parametrize("seed", rings(range(301, 311)))
def test_the_planted_age_is_found_and_marks_the_young_alone(seed, sqlite, tmp_path):
    load(sqlite, write(planted(seed), tmp_path / "files"))
    ask = asking(sqlite)
    scope = scope_of(ask, Asked())
    deals, of_leads = maturity.of_deals(ask, scope), maturity.of_leads(ask, scope)
    found = dict(zip(deals["track"], deals["mature_after_days"], strict=True)) | {"leads": of_leads.after_days}
    for kind, lag in LAGS.items():
        assert found[kind] == pytest.approx(0.95 * lag, abs=0.06 * lag), kind
    facts = Facts(tmp_path / "files", BASE)
    assert found["leads"] == words.of_leads(facts, TODAY)
    by_words = words.of_deals(replay(facts), TODAY)
    assert {track: found[track] for track in ("fast", "large")} == {track: age for (_, track), age in by_words.items()}
    months = outcomes.by(ask, scope, ("month",))
    assert (months.loc[months["leads"] > 30, "undecided_share"] > 0.2).all()  # which marked every month
    assert months["is_immature"].tolist() == (months["month"] > date(2026, 7, 31).toordinal()).tolist()
    of_month = scope_of(ask, Asked(date(2026, 5, 1), date(2026, 5, 31)))
    totals = funnel.funnel_totals(ask, of_month).set_index("track")
    assert totals["is_immature"].to_dict() == {"fast": False, "large": True}


# --- the demo -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", rings([None, date(2026, 3, 31), date(2025, 2, 28), date(2024, 1, 31)], short=2))
def test_the_demo_equals_the_independent_computation(as_of, other_demo):
    url, files = other_demo
    ask = asking(engine(url))
    scope = scope_of(ask, Asked(as_of=as_of))
    found = maturity.of_deals(ask, scope)
    pairs = zip(found["pipeline"], found["track"], strict=True)
    ages = dict(zip(pairs, found["mature_after_days"], strict=True))
    ages["leads"] = maturity.of_leads(ask, scope).after_days
    facts = Facts(files, BASE)
    ours = words.of_deals(replay(facts), scope.as_of) | {"leads": words.of_leads(facts, scope.as_of)}
    assert {key: None if isnan(age) else age for key, age in ages.items()} == ours


def test_in_the_demo_leads_are_mature_after_three_months_fast_deals_after_four_and_large_ones_after_twelve(other_demo):
    ask = asking(engine(other_demo[0]))
    scope = scope_of(ask, Asked(date(2025, 9, 1), date(2026, 9, 18)))
    ages = maturity.of_deals(ask, scope).set_index("track")["mature_after_days"]
    months = [age / 30.4 for age in (maturity.of_leads(ask, scope).after_days, ages["fast"], ages["large"])]
    assert 2.3 <= months[0] <= 3.7 and 3 <= months[1] <= 4.5 and 9.5 <= months[2] <= 14, months
    of_leads = outcomes.by(ask, scope, ("month",))
    assert of_leads["is_immature"].sum() in (3, 4, 5) and len(of_leads) == 13
    spring = scope_of(ask, Asked(date(2026, 3, 1), date(2026, 3, 31)))
    is_immature = funnel.funnel_totals(ask, spring).set_index("track")["is_immature"]
    assert is_immature.to_dict() == {"fast": False, "large": True}
    sources = outcomes.by(ask, spring, ("source",))
    assert len(sources) == 7 and not sources["is_immature"].any()


def test_a_manager_sees_the_age_of_the_whole_company(other_demo):
    ask = asking(engine(other_demo[0]))
    whole, east = (maturity.of_leads(ask, scope_of(ask, Asked(manager_of=who))) for who in (None, "east"))
    assert whole == east
