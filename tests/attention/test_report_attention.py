"""`report attention` equals a second, independent computation: on the demo and on random companies."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from dashboard.answers.attention.facts import Facts as AnsweredFacts
from dashboard.answers.attention.limits import KIND, limits
from dashboard.answers.attention.region_rules import by_unit
from data_access import profiles
from data_access.engine import engine
from data_access.scope import Period, Person, Scope
from tests.independent.accounts.key_accounts import Profile, past_revenues, proposed_cut_points
from tests.independent.attention.rules_elsewhere import attention
from tests.independent.attention.value import one_line_each
from tests.independent.compare import differences
from tests.independent.facts import Facts
from tests.independent.product import TODAY, load, report, report_of
from tests.independent.random.customers import random_company, unpublished
from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.judgements import judged_organisation
from tests.independent.random.marketed import marketed_organisation
from tests.independent.random.organisations import REPS, Tables, questions, random_day, write
from tests.independent.random.supported import supported_organisation
from tests.independent.scopes import Asked
from tests.rings import rings
from tests.ui_fixtures import copied

BASE = "CNY"  # the setting a new database starts with
KEYS = ("rule", "subject_kind", "subject_id", "value_at_risk", "days", "owner_id", "region_id")


def printed(database, asked: Asked) -> dict[str, dict]:
    """The rows of the report by rule and subject."""
    return by_subject(report_of(database, "attention", asked.arguments())["rows"])


def by_subject(rows: list[dict]) -> dict[str, dict]:
    found = {
        f"{row['rule']} {row['subject_kind']} {row['subject_id']}": {key: row[key] for key in KEYS} for row in rows
    }
    assert len(found) == len(rows)
    return found


def lines_by_subject(lines: list[dict]) -> dict[str, dict]:
    keys = ("value_at_risk", "rules", "days")
    found = {f"{line['subject_kind']} {line['subject_id']}": {key: line[key] for key in keys} for line in lines}
    assert len(found) == len(lines)
    return found


def breaks_the_law(database, asked: Asked) -> list[str]:
    """Deals and accounts with open deals hold no more than the weighted pipeline; a week is short and ranked."""
    whole = report_of(database, "attention", asked.arguments())
    deals = report(database, "deals", asked.arguments())["rows"]
    held = [
        line["value_at_risk"] or 0.0
        for line in whole["lines"]
        if line["subject_kind"] in ("opportunity", "account") and not line["is_revenue"]
    ]
    pipeline = sum(deal["weighted_amount"] or 0.0 for deal in deals)
    week = [line["value_at_risk"] for line in whole["this_week"]]
    broken = [] if sum(held) <= pipeline * (1 + 1e-9) else [f"{sum(held)} at risk of {pipeline}"]
    broken += [] if len(week) <= 15 and week == sorted(week, reverse=True) else [f"this week: {week}"]
    return broken + ([] if all(value >= 0 for value in held) else ["a value below 0"])


# --- the demo organisation ----------------------------------------------------------------------------


DEMO_QUESTIONS = {
    "default": Asked(),
    "past": Asked(as_of=date(2026, 3, 31)),
    "manager": Asked(as_of=date(2026, 8, 14), manager_of="north"),
    "one owner": Asked(owner="R0025"),
    "fast lane": Asked(track="fast"),
}


@pytest.mark.parametrize("name", rings(DEMO_QUESTIONS))
def test_the_demo_equals_the_independent_computation(name, demo_url, demo_folder):
    published = Profile(proposed_cut_points(past_revenues(Facts(demo_folder, BASE), TODAY)))
    whole = report_of(engine(demo_url), "attention", DEMO_QUESTIONS[name].arguments())
    found, rows = by_subject(whole["rows"]), attention(demo_folder, DEMO_QUESTIONS[name], BASE, TODAY, published)
    told = [line | {"rules": sorted(line["rules"].split())} for line in whole["lines"]]
    assert found and differences(by_subject(rows), found) == []
    assert differences(lines_by_subject(list(one_line_each(rows))), lines_by_subject(told)) == []


@pytest.mark.parametrize("name", rings(DEMO_QUESTIONS))
def test_what_is_at_risk_never_exceeds_the_weighted_pipeline(name, demo_url):
    assert breaks_the_law(engine(demo_url), DEMO_QUESTIONS[name]) == []


@pytest.mark.long
@pytest.mark.parametrize("region", ("east", "south", "east-shanghai"))
def test_a_deal_has_one_value_at_risk_whoever_looks(region, demo_url):
    """A rule that both read; what stalls may differ, as norms of stages are those of what a person sees."""
    whole, part = (
        {
            (row["rule"], row["subject_id"]): row["value_at_risk"]
            for row in report_of(engine(demo_url), "attention", asked)["rows"]
            if row["subject_kind"] == "opportunity"
        }
        for asked in (Asked().arguments(), Asked(manager_of=region).arguments())
    )
    both = whole.keys() & part.keys()
    assert len(both) > 20 and {key: whole[key] for key in both} == {key: part[key] for key in both}


@pytest.mark.long
def test_at_published_thresholds_the_demo_equals_it_too(demo_url, demo_folder, tmp_path):
    limits = {"contested_days": 30, "orphaned_days": 45}
    database = engine(copied(demo_url, tmp_path))
    before = printed(database, Asked())
    profiles.publish(database, Person("director"), KIND, limits, "closer", based_on=0, at=datetime(2026, 11, 21))
    found = printed(database, Asked())
    cut_points = Profile(proposed_cut_points(past_revenues(Facts(demo_folder, BASE), TODAY)))
    ours = by_subject(attention(demo_folder, Asked(), BASE, TODAY, cut_points, **limits))
    assert found != before and differences(ours, found) == []
    database.dispose()


@pytest.mark.parametrize("region", rings(("east", "north", "south", "west", "east-hangzhou")))
def test_the_coverage_of_the_parts_adds_up_to_the_wholes(region, demo_url):
    """What the company reads of a region is the sum of what its manager reads of the regions inside; of a lowest
    one, of its reps."""
    database = engine(demo_url)

    def ask(question, asked, *more):
        return question(database, asked, *more)

    def rows(*regions: str):
        scope = Scope(Person("executive"), Period(TODAY, TODAY), TODAY, TODAY, regions=regions)
        return by_unit(AnsweredFacts(ask, scope, limits(ask, scope))).set_index("region_id")

    above = {"east-hangzhou": "east"}.get(region)
    whole, parts = rows(*filter(None, [above])).loc[region], rows(region)
    assert len(parts) > 1 and parts["rep_id"].isna().all() == (above is None)
    for name in ("target", "left", "closing", "expected", "n"):
        assert parts[name].sum() == pytest.approx(whole[name], rel=1e-12), name
    assert whole["target"] > 0 and whole["closing"] > 0


# --- random companies ---------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_random_companies_equal_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


def test_a_random_company_equals_it_on_each_database(database, tmp_path):
    assert _differences(database, 102, tmp_path, 2) == []


def _differences(database, seed, tmp_path, number=6) -> list[str]:
    folder = write(company(seed), tmp_path / "company")
    load(database, folder)
    found = []
    for asked in questions(seed, number):
        day = asked.as_of or min(Facts(folder, BASE).last_day, TODAY)
        profile = unpublished(past_revenues(Facts(folder, BASE), day))
        ours = by_subject(attention(folder, asked, BASE, TODAY, profile))
        found += [f"seed {seed} {asked} {line}" for line in differences(ours, printed(database, asked))]
        found += [f"seed {seed} {asked} {line}" for line in breaks_the_law(database, asked)]
    return found


def company(seed: int) -> Tables:
    """A random company with everything that a rule looks at: activities planned, done, dropped, two-way or not; needs
    and closeness; goals and directors, or none at all; target days for some stages; support, openings and marketing
    cost of the same deals."""
    random, tables = Random(seed + 50_000), random_company(seed)
    supported = supported_organisation(seed)
    margins = {row["opportunity_id"]: row["gross_margin"] for row in supported["opportunity"]}
    tables["opportunity"] = [row | {"gross_margin": margins[row["opportunity_id"]]} for row in tables["opportunity"]]
    for table in ("support_person", "support_request", "support_booking", "support_absence", "activity_cost"):
        tables[table] = supported[table]
    tables["opening"] = judged_organisation(seed)["opening"]
    tables["marketing_cost"] = marketed_organisation(seed)["marketing_cost"]
    deals = [row["opportunity_id"] for row in tables["opportunity"]]
    accounts = [row["account_id"] for row in tables["account"]]
    tables["activity"] = [_activity(random, f"t{n:03}", deals, accounts) for n in range(random.choice((0, 150, 300)))]
    for row in tables["stage"]:
        row["target_days"] = random.choice(("", "", "20", "60")) if row["kind"] == "open" else ""
    tables["closeness_score"] = [
        {"account_id": random.choice(accounts), "score": "5", "assessed_on": str(day)}
        for day in {random_day(random, FIRST_DAY, LAST_DAY) for _ in range(40)}
    ]
    tables["account_need"] = [
        {
            "account_id": random.choice(accounts),
            "window": random.choice(("0-3m", "3-12m", "1-3y")),
            "solution": "cloud",
            "value": "100",
            "capability": "5",
            "assessed_on": str(day),
        }
        for day in {random_day(random, FIRST_DAY, LAST_DAY) for _ in range(60)}
    ]
    if seed % 4 != 1:
        tables["account_goal"] = [
            row for account in accounts if random.random() < 0.7 for row in _goals(random, account)
        ]
    if seed % 4 != 2:
        tables["rep"] = [row | {"left_on": _perhaps_a_day(random)} for row in tables["rep"]]
        tables["account"] = [row | {"key_account_director_id": random.choice(("", *REPS))} for row in tables["account"]]
        tables["assignment"] = [row for account in accounts for row in _directions(random, account)]
    return tables


def _goals(random: Random, account: str) -> list[dict]:
    """Some to be reached, some reached, some of them long ago."""
    names = random.sample(("meet the top", "replace the rival", "frame contract"), random.randint(1, 3))
    return [{"account_id": account, "goal": name, "due_on": "", "done_on": _perhaps_a_day(random)} for name in names]


def _directions(random: Random, account: str) -> list[dict]:
    """At most two directors one after the other, the second one perhaps until now; often nobody."""
    days = sorted({random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 0, 2, 3)))})
    return [
        {"subject_kind": "account", "subject_id": account, "role": "director", "rep_id": random.choice(REPS)}
        | {"from_on": str(start), "to_on": "" if end is None else str(end)}
        for start, end in zip(days[:2], [*days[1:], None], strict=False)
    ]


def _perhaps_a_day(random: Random) -> str:
    return random.choice(("", str(random_day(random, FIRST_DAY, LAST_DAY))))


def _activity(random: Random, key: str, deals: list[str], accounts: list[str]) -> dict:
    planned = random_day(random, FIRST_DAY, LAST_DAY + timedelta(days=40))
    done = planned + timedelta(days=random.randint(-5, 20))
    is_done, is_dropped = random.random() < 0.7 and done <= LAST_DAY, random.random() < 0.2
    return {
        "activity_id": key,
        "rep_id": random.choice(REPS),
        "account_id": random.choice(("", random.choice(accounts))),
        "opportunity_id": random.choice(("", random.choice(deals), random.choice(deals))),
        "kind": "call",
        "two_way": random.choice(("true", "false", "")),
        "created_on": random.choice(("", str(random_day(random, FIRST_DAY, LAST_DAY)))),
        "planned_on": random.choice((str(planned), str(planned), "")),
        "completed_at": f"{done}T10:00" if is_done else "",
        "cancelled_on": str(done) if is_dropped and not is_done else "",
    }
