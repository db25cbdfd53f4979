"""Contested and orphaned accounts, handovers and the scissors equal an independent computation, on the demo, on random
organisations and on cases written by hand; and the laws they keep."""

from datetime import date, timedelta

import pytest

from dashboard.answers.accounts import contested, orphaned
from dashboard.answers.leads import scissors
from dashboard.reports import as_text
from data_access.engine import engine
from tests.accounts.market_fixtures import (
    DAY,
    ago,
    asking,
    companies,
    company,
    deal,
    did,
    differing,
    scope_of,
    spell,
    won,
)
from tests.independent.product import load
from tests.independent.random.marketed import marketed_organisation
from tests.independent.random.organisations import questions, write
from tests.independent.scopes import Asked
from tests.rings import rings

YEAR = {"start": date(2025, 11, 22), "end": date(2026, 11, 21)}
DEMO_QUESTIONS = {
    "everything": Asked(**YEAR),
    "past": Asked(start=date(2025, 7, 1), end=date(2026, 6, 30), as_of=date(2026, 3, 31)),
    "manager": Asked(**YEAR, manager_of="south"),
    "region": Asked(**YEAR, regions=("north",)),
    "owner": Asked(**YEAR, owner="R0025"),
    "source": Asked(**YEAR, source="展会"),
}


@pytest.mark.parametrize("name", rings(DEMO_QUESTIONS))
def test_the_demo_equals_the_independent_computation(name, demo_url, demo_folder):
    assert differing(engine(demo_url), demo_folder, DEMO_QUESTIONS[name]) == []


def test_the_demo_has_something_to_compare(demo_url):
    ask = asking(engine(demo_url))
    scope = scope_of(ask, DEMO_QUESTIONS["everything"])
    for answer in (contested.accounts, orphaned.accounts, orphaned.handovers, scissors.by_source, scissors.alarms):
        assert len(answer(ask, scope))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_random_organisations_equal_the_independent_computation(seed, sqlite, tmp_path):
    folder = write(marketed_organisation(seed), tmp_path / "organisation")
    load(sqlite, folder)
    found = [f"{asked} {line}" for asked in questions(seed, 7) for line in differing(sqlite, folder, asked)]
    assert found == []


def test_a_random_organisation_equals_it_on_each_database(database, tmp_path):
    folder = write(marketed_organisation(101), tmp_path / "organisation")
    load(database, folder)
    found = [f"{asked} {line}" for asked in questions(101, 5) for line in differing(database, folder, asked)]
    assert found == []


def met(rep: str, days: int, **more) -> list[dict]:
    """Two-way contacts on that day and on the next one."""
    return [did(rep, day, two_way="true", **more) for day in (days, days - 1)]


WORK = [
    (met("south-1", 89), [], 2),  # north-1 has an open deal
    (met("south-1", 90), [], 0),  # within 90 days: the 90th day before is too early
    (met("south-1", 9)[:1], [], 0),  # one call from elsewhere is no contest
    ([*met("south-1", 9)[:1], did("south-1", 9, kind="visit", two_way="true")], [], 0),  # nor are two on one day
    ([did("south-1", day, two_way="false") for day in (5, 6, 7)] + met("south-2", 5)[:1], [], 0),
    (met("north-2", 5), [], 2),  # another office of the same unit
    (met("north", 5) + met("group", 5), [], 0),  # above north-1: the same party
    (met("north", 5) + met("south-1", 5) + met("south", 5), [], 2),
    (met("south-1", 5) + met("overseas", 5), [], 3),
    (met("south-1", 5, origin="collaboration"), [], 0),
    (met("south-1", 5), [spell("director", "south-1", 300)], 0),
    (met("south-1", 5), [spell("director", "south-1", 3)], 2),  # not yet its director
    (met("south-1", 5), [spell("fill_in", "south-1", 20, 3)], 0),
    (met("south-1", 5), [spell("fill_in", "south-1", 20, 5)], 2),  # no more: the last day is outside
    (met("south-1", 0), [], 0),  # the second one after the date
]
UNTOLD = [  # nobody tells which were two-way: a day more
    ([did("south-1", day) for day in (5, 6, 7)], [], 2),
    ([did("south-1", day) for day in (5, 6)], [], 0),
]


@pytest.mark.parametrize("cases", [WORK, UNTOLD], ids=["told", "untold"])
def test_who_contests(cases, sqlite, tmp_path):
    question = companies(sqlite, tmp_path, [{"activities": done, "spells": spells} for done, spells, _ in cases])
    ask, scope = question()
    expected = {f"a{n}": parties for n, (*_, parties) in enumerate(cases) if parties}
    assert contested.parties(ask, scope)["account_id"].value_counts().to_dict() == expected
    found = contested.accounts(ask, scope).set_index("account_id")["region_ids"]
    assert found.map(len).to_dict() == expected


def test_the_director_an_account_names_contests_nothing(sqlite, tmp_path):
    question = company(sqlite, tmp_path, met("south-1", 5), account={"key_account_director_id": "south-1"})
    assert contested.accounts(*question()).empty


def test_a_contest_counts_from_the_second_party_and_is_worth_the_open_pipeline(sqlite, tmp_path):
    deals = [deal(), deal("e", "south-1", "50.5", created_on=ago(30)), deal("f", "south-1", "", created_on=ago(7))]
    question = company(sqlite, tmp_path, met("south-2", 5), deals)
    row = contested.accounts(*question()).iloc[0]
    assert row["region_ids"] == ("north-1", "south-1", "south-2")
    assert (row["units"], row["deals"], row["activities"], row["days"]) == (2, 3, 2, 30)
    assert row["value_at_risk"] == 150.5
    # The manager of the north sees the contest, and of the money only their own.
    assert list(contested.accounts(*question(manager_of="north"))["value_at_risk"]) == [100]
    for elsewhere in (question(manager_of="south"), question(regions=("south",)), question(owner="south-1")):
        assert contested.accounts(*elsewhere).empty


def test_nobody_contests_an_account_without_an_open_deal(sqlite, tmp_path):
    former = won("d", 200, "100")
    question = company(sqlite, tmp_path, met("north-1", 3) + met("south-1", 5), [former])
    assert contested.accounts(*question()).empty


def reasons_of(question, **asked) -> dict:
    found = orphaned.accounts(*question(**asked))
    return {row.account_id: (row.reasons, row.days) for row in found.itertuples()}


RECENT = [did("overseas", 1)]


ORPHANS = [
    ({"activities": RECENT}, None),
    ({"activities": [did("north-1", 89)]}, None),
    ({"activities": [did("north-1", 90)]}, (("silent",), 90)),
    ({"activities": [did("overseas", 91)]}, (("silent",), 91)),
    ({}, (("silent",), 900)),  # never anything, since it was created
    ({"account": {"created_on": ago(89)}}, None),
    ({"activities": RECENT, "account": {"owner_id": ""}}, (("missing",), 900)),
    (
        {"activities": RECENT, "spells": [spell("owner", "north-1", 50, 20), spell("owner", "", 20)]},
        (("missing",), 20),
    ),
    ({"activities": RECENT, "spells": [spell("owner", "north-1", 50, 20)]}, (("missing",), 20)),
    ({"activities": RECENT, "spells": [spell("owner", "north-1", 50, -1)]}, None),  # until tomorrow
    ({"activities": RECENT, "account": {"owner_id": "mover"}}, (("moved",), 30)),
    ({"activities": RECENT, "spells": [spell("owner", "mover", 31)]}, (("moved",), 30)),
    ({"activities": RECENT, "spells": [spell("owner", "mover", 30)]}, None),  # took it over from there
    ({"activities": RECENT, "account": {"owner_id": "north"}}, None),  # the unit above
    ({"activities": RECENT, "account": {"owner_id": "mover", "region_id": ""}}, None),
    # An owner who left is gone from the end of that day.
    ({"activities": RECENT, "account": {"owner_id": "gone 0"}}, (("left",), 0)),
    ({"activities": RECENT, "account": {"owner_id": "gone 12"}}, (("left",), 12)),
    ({"activities": RECENT, "account": {"owner_id": "gone -1"}}, None),
]


def test_when_an_account_is_orphaned(sqlite, tmp_path):
    gone = [
        {"rep_id": f"gone {left}", "name": "Gone", "region_id": "north-1", "hired_on": "2020-01-01"}
        | {"left_on": ago(left)}
        for left in (0, 12, -1)
    ]
    found = reasons_of(companies(sqlite, tmp_path, [given for given, _ in ORPHANS], reps=gone))
    assert found == {f"a{n}": expected for n, (_, expected) in enumerate(ORPHANS) if expected}


AT_RISK = [
    ([deal(amount="70"), won("w", 10, "5")], 70),  # the open pipeline
    ([won("w", 10, "5"), won("v", 364, "6.25")], 11.25),  # else what twelve months brought
    ([won("w", 365, "5"), deal("nobody's", account_id="")], None),  # a year and a day ago: nothing at risk
    ([deal(amount="")], "unknown"),
    ([deal(currency="XXX"), deal("e", amount="3")], "unknown"),  # a rate is missing
]


def test_what_an_orphan_is_worth(sqlite, tmp_path):
    found = orphaned.accounts(*companies(sqlite, tmp_path, [{"deals": deals} for deals, _ in AT_RISK])())
    values = {row["account_id"]: row["value_at_risk"] for row in as_text.rows(found)}
    expected = {f"a{n}": None if value == "unknown" else value for n, (_, value) in enumerate(AT_RISK) if value}
    assert values == expected


def test_a_manager_sees_orphans_of_their_regions_and_the_money_of_their_deals(sqlite, tmp_path):
    question = company(sqlite, tmp_path, deals=[deal(), deal("e", "south-1", "30")])
    assert list(orphaned.accounts(*question())["value_at_risk"]) == [130]
    assert list(orphaned.accounts(*question(manager_of="north"))["value_at_risk"]) == [100]
    assert orphaned.accounts(*question(manager_of="south")).empty


def test_a_handover_names_the_next_owner_and_the_days_to_the_first_activity(sqlite, tmp_path):
    spells = [spell("owner", "north-2", 300, 60), spell("owner", "", 60, 40), spell("owner", "north-1", 40)]
    question = company(sqlite, tmp_path, [did("north-1", 50), did("south-1", 35), did("north-1", 12)], spells=spells)
    row = orphaned.handovers(*question()).iloc[0]
    assert (row["from_rep"], row["to_rep"]) == ("north-2", "north-1")
    assert (row["days_without_owner"], row["days_to_first"]) == (20, 28)
    assert orphaned.handovers(*question(start=DAY - timedelta(days=39))).empty
    assert orphaned.handovers(*question(as_of=DAY - timedelta(days=13)))["days_to_first"].isna().all()  # none yet


def costs_of(quarterly: tuple[int, ...]) -> list[dict]:
    """A cost per quarter, the last one that ends on DAY, booked in its first month."""
    backwards = enumerate(reversed(quarterly))
    months = [(date(2026 - (back + 2) // 4, 10 - 3 * ((back + 2) % 4), 1), amount) for back, amount in backwards]
    return [{"month": str(month), "source": "fair", "amount": amount} for month, amount in months]


def a_win_per_quarter(quarters: int, **more) -> list[dict]:
    return [won(f"w{n}", 45 + 91 * n, "100", source="fair", gross_margin="40", **more) for n in range(quarters)]


@pytest.mark.parametrize(
    ("quarterly", "running"),
    [
        ((100, 100, 100, 100, 110, 110, 110), 3),
        ((100, 100, 100, 100, 100, 110, 110), 0),  # two periods running
        ((100, 100, 100, 100, 110, 110, 100), 0),  # the latest one did not
        ((100, 100, 100, 110, 110, 110), 0),  # three whole years only: two comparisons
    ],
)
def test_the_alarm_needs_three_periods_running(quarterly, running, sqlite, tmp_path):
    question = company(sqlite, tmp_path, deals=a_win_per_quarter(len(quarterly)), marketing_cost=costs_of(quarterly))
    alarms = scissors.alarms(*question())
    assert list(alarms["periods_running"]) == ([running] * 2 if running else [])  # all together, and the fair
    assert scissors.by_source(*question(owner="north-1")).empty  # no cost is told apart by people
    assert scissors.by_source(*question(manager_of="north")).empty  # nor is this one by regions


def test_a_missing_rate_or_margin_is_no_alarm(sqlite, tmp_path):
    costs = costs_of((100, 100, 100, 100, 110, 110, 110))
    question = company(sqlite, tmp_path, deals=a_win_per_quarter(7, currency="XXX"), marketing_cost=costs)
    assert scissors.alarms(*question()).empty


def test_regions_sum_to_the_company(sqlite, tmp_path):
    load(sqlite, write(marketed_organisation(3), tmp_path / "organisation"))
    ask = asking(sqlite)
    for answer in (contested.accounts, orphaned.accounts):
        company_wide = answer(ask, scope_of(ask, Asked()))
        roots = [answer(ask, scope_of(ask, Asked(regions=(root,)))) for root in ("group", "overseas")]
        without = company_wide[company_wide["region_id"].isna()]
        assert len(company_wide) == sum(map(len, roots)) + len(without) > 0
