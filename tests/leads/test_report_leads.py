"""`report leads`, and what the page says of leads, equal an independent computation: on the demo, on random
organisations, and on leads written by hand; and the laws they keep."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.answers.leads import outcomes as answers, pool as pool_answers
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.reports import as_text
from data_access.engine import engine
from data_access.leads import outcomes
from tests.accounts.market_fixtures import BASE, asking, scope_of
from tests.independent.compare import differences
from tests.independent.deals import replay
from tests.independent.facts import Facts
from tests.independent.leads import outcomes as words
from tests.independent.leads.pool import pools as words_of_pools
from tests.independent.product import TODAY, load, report
from tests.independent.random.marketed import marketed_organisation
from tests.independent.random.organisations import questions, write
from tests.independent.scopes import Asked, view
from tests.rings import rings


def differing(database, folder, asked: Asked, deals) -> list[str]:
    facts = Facts(folder, BASE)
    looked = view(facts, deals, asked, TODAY, words.first_day(facts))
    rows = {row["source"]: row for row in report(database, "leads", asked.arguments())["rows"]}
    assert all(tuple(row) == REPORTS["leads.rows"] for row in rows.values())
    return differences(_named(words.leads(looked)), _named(rows)) + _beyond_the_report(
        database, replace(asked, start=looked.start), looked, deals
    )


def _named(rows: dict) -> dict:
    return {source or "none": row for source, row in rows.items()}


def _beyond_the_report(database, asked: Asked, looked, deals) -> list[str]:
    ask = asking(database)
    scope = scope_of(ask, asked)
    answered = answers.response(ask, scope)
    pool = answers.pool(ask, scope)
    bands = zip(pool["from_days"], pool["leads"], pool["reached"], pool["converted_later"], strict=True)
    outcomes, unanswered, median = words.responses(looked)
    ours = {"margin": words.margin(looked), "pool": words.nurtured(looked)}
    ours |= {"leads": outcomes, "unanswered": unanswered, "median": median}
    found_median = None if pd.isna(answered["median"]) else answered["median"]
    theirs = {"margin": answers.whole(ask, scope)["margin"], "pool": {start: tuple(of) for start, *of in bands}}
    theirs |= {"leads": answered["leads"], "unanswered": answered["unanswered"], "median": found_median}
    pools = {row.pop("subject_kind"): row for row in as_text.rows(pool_answers.summary(ask, scope))}
    return differences(ours, theirs) + differences(words_of_pools(looked, deals), pools, "pools")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_random_organisations_equal_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


def test_a_random_organisation_equals_it_on_each_database(database, tmp_path):
    assert _differences(database, 102, tmp_path) == []


def _differences(database, seed: int, tmp_path) -> list[str]:
    folder = write(marketed_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    deals = replay(Facts(folder, BASE))
    return [f"{asked} {line}" for asked in questions(seed, 9) for line in differing(database, folder, asked, deals)]


# --- the demo organisation ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_company(other_demo):
    url, files = other_demo
    database = engine(url)
    yield database, files, replay(Facts(files, BASE))
    database.dispose()


@pytest.mark.parametrize(
    "asked",
    rings(
        [
            Asked(),
            Asked(date(2026, 1, 1), date(2026, 6, 30), date(2026, 5, 17)),  # a month cut by the as-of date
            Asked(date(2025, 2, 10), date(2025, 11, 20), regions=("east",)),
            Asked(date(2025, 1, 1), date(2025, 12, 31), date(2026, 3, 31), manager_of="north", track="large"),
        ]
    ),
    ids=["everything", "running", "region", "manager"],
)
def test_the_demo_equals_the_independent_computation(asked, demo_company):
    database, folder, deals = demo_company
    assert differing(database, folder, asked, deals) == []


def test_sources_campaigns_and_months_sum_to_the_whole(demo_company):
    ask = asking(demo_company[0])
    scope = scope_of(ask, Asked(date(2025, 1, 20), date(2026, 9, 18)))
    whole = answers.whole(ask, scope)
    assert whole["leads"] > 1000 and whole["won"] > 20
    for groups in (("source",), ("source", "campaign"), ("month",)):
        rows = answers.by(ask, scope, groups)
        for name in ("leads", "mql", "sql", "converted", "won", "undecided", "cost", "margin"):
            assert rows[name].astype(float).sum() == pytest.approx(whole[name], abs=0.005), (groups, name)
    for name in ("leads", "mql", "sql", "converted", "won", "undecided"):
        assert len(ask(outcomes.lead_list, scope, name)) == whole[name]
    pool = answers.pool(ask, scope)
    assert len(ask(outcomes.lead_list, scope, "nurtured")) == pool["leads"].sum() > 0
    band = pool.iloc[2]
    ages = {"from_days": int(band["from_days"]), "to_days": int(band["to_days"])}
    assert len(ask(outcomes.lead_list, scope, "nurtured", status="mql", **ages)) == band["mql"]


def test_regions_sum_to_the_company(demo_company):
    ask = asking(demo_company[0])
    whole = answers.whole(ask, scope_of(ask, Asked()))
    parts = [answers.whole(ask, scope_of(ask, Asked(regions=(unit,)))) for unit in ("east", "south", "north", "west")]
    for name in ("leads", "converted", "won"):
        assert sum(part[name] for part in parts) == whole[name]
    assert all(part["cost"] is None for part in parts)  # the demo's cost is the company's


# --- written by hand ----------------------------------------------------------------------------------

DAY = date(2026, 6, 30)
HEADER = (
    "lead_id,source,owner_id,region_id,account_id,created_on,qualified_on,accepted_on,converted_on,opportunity_id,"
    "disqualified_on\n"
)
LEADS = """\
l1,fair,,,,2026-05-15,2026-05-16,2026-05-20,2026-05-25,won,
l2,fair,,,,2026-06-30,,,,,
l3,fair,,,,2026-05-15,2026-06-01,,2026-06-04,lost,
l4,fair,,,,2026-05-16,2026-05-17,,2026-07-01,open,
l5,fair,,,,2026-05-16,,,,,2026-06-30
l6,fair,,,,2026-05-16,,,,,2026-07-01
l7,,r1,,,2026-05-16,,,,,
l8,,r1,north,,2026-05-16,,,,,
l9,talk,,,a,2026-05-14,,,2026-06-01,won,
"""
COSTS = """month,source,campaign,region_id,amount
2026-05-01,fair,,,310
2026-06-01,fair,,,100.01
2026-07-01,fair,,,999
2026-05-01,ads,spring,,31
2026-05-01,ads,,south,0.93
"""
DEALS = """opportunity_id,pipeline,stage,track,currency,gross_margin,created_on,closed_on
won,sales,won,large,{currency},400,2026-05-25,2026-06-20
lost,sales,lost,fast,,900,2026-06-04,2026-06-29
open,sales,open,,,900,2026-07-01,
"""


@pytest.fixture
def by_hand(sqlite, tmp_path):
    """A function that imports the leads above, and gives the report's rows by source for some arguments."""

    def imported(currency: str = ""):
        files = {
            "region": "region_id,name,parent_id\nnorth,North,\nsouth,South,\n",
            "rep": "rep_id,name,region_id\nr1,Ann,north\n",
            "rep_history": "rep_id,from_on,region_id\nr1,2026-05-01,south\nr1,2026-06-01,north\n",
            "account": "account_id,name,industry\na,A,energy\n",
            "stage": "pipeline,stage,position,kind\nsales,open,1,open\nsales,won,2,won\nsales,lost,3,lost\n",
            "opportunity": DEALS.format(currency=currency),
            "lead": HEADER + LEADS,
            "marketing_cost": COSTS,
        }
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        load(sqlite, tmp_path, may_reject=())
        return lambda *more, period=_PERIOD: {
            row["source"]: row for row in report(sqlite, "leads", [*period, *more])["rows"]
        }

    return imported


_PERIOD = ["--from", "2026-05-15", "--to", "2026-06-30", "--as-of", "2026-06-30"]


def test_without_a_start_it_begins_with_the_earliest_lead(by_hand, sqlite):
    """l9, created on 14 May, before the first deal; and with what was spent from that day on."""
    rows = by_hand()(period=["--as-of", "2026-06-30"])
    assert report(sqlite, "leads", ["--as-of", "2026-06-30"])["scope"]["from"] == "2026-05-14"
    assert (rows["talk"]["leads"], rows["fair"]["leads"], rows["fair"]["cost"]) == (1, 6, 280.01)
    assert report(sqlite, "leads", ["--as-of", "2026-05-01"])["scope"]["from"] == "2026-05-01"
    assert report(sqlite, "overview", ["--as-of", "2026-06-30"])["scope"]["from"] == "2026-05-25"


def test_each_fate_of_a_lead_is_counted_as_it_is_named(by_hand):
    rows = by_hand()()
    assert list(rows) == ["ads", "fair", None]  # l9 was created a day too early
    assert rows["fair"] == {
        "source": "fair",
        "leads": 6,
        "mql": 3,
        "sql": 1,
        "converted": 2,  # l4 converts a day too late
        "won": 1,  # l3 became a deal that is lost
        "conversion": pytest.approx(1 / 3),
        "median_days_to_convert": 15,  # 10 and 20
        "cost": 270.01,  # 17 of May's 31 days, and June; not July
        "cost_per_won": 270.01,
        "undecided": 3,  # l2, l4, l6: l5 is disqualified, l6 not yet
    }
    assert rows[None]["leads"] == rows[None]["undecided"] == 2
    assert rows[None]["cost"] is None
    nothing = {"leads": 0, "won": 0, "conversion": None, "median_days_to_convert": None, "cost_per_won": None}
    assert {key: rows["ads"][key] for key in nothing} == nothing
    assert rows["ads"]["cost"] == 17.51  # 17, and 0.93 × 17 ÷ 31


def test_a_lead_is_in_its_own_region_or_its_owners_then(by_hand):
    ask = by_hand()
    assert ask("--region", "south")[None]["leads"] == ask("--role", "manager:south")[None]["leads"] == 1  # l7
    assert ask("--region", "north")[None]["leads"] == 1  # l8
    assert ask("--role", "manager:south")["ads"]["cost"] == 0.51  # the region's own
    assert "fair" not in ask("--role", "manager:north")


def test_what_only_a_deal_is_leaves_leads_with_such_a_deal(by_hand):
    ask = by_hand()
    assert (ask("--track", "large")["fair"]["leads"], ask("--track", "large")["fair"]["cost"]) == (1, None)
    assert ask("--track", "none")["fair"]["leads"] == 1  # l4
    assert ask("--owner", "r1")[None]["leads"] == 2
    assert ask("--segment", "energy") == {}
    assert ask("--source", "ads").keys() == {"ads"}


def test_a_missing_rate_leaves_the_margin_unknown(by_hand, sqlite):
    by_hand(currency="XXX")
    whole = answers.whole(asking(sqlite), scope_of(asking(sqlite), Asked(date(2026, 5, 15), DAY, DAY)))
    assert (whole["won"], whole["margin"], whole["margin_per_cost"]) == (1, None, None)
