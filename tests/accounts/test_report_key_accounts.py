"""`report key-accounts` equals a second, independent computation: on the demo, on random companies, and on small
ones written by hand for what goes wrong. And the laws that hold whatever the data."""

import json
from datetime import date
from fractions import Fraction

import pytest

from data_access.engine import engine
from tests.independent.accounts.key_accounts import (
    FACTORS,
    Profile,
    in_order,
    key_accounts,
    past_revenues,
    proposed_cut_points,
    seen,
)
from tests.independent.accounts.key_back_test import back_test
from tests.independent.compare import differences
from tests.independent.facts import Facts
from tests.independent.product import load, report, report_of, run
from tests.independent.random.customers import (
    LATER,
    Customer,
    Question,
    random_company,
    random_questions,
    tables_of,
    unpublished,
    won,
)
from tests.independent.random.organisations import write
from tests.rings import rings
from tests.ui_fixtures import copied

BASE = "CNY"  # the setting a new database starts with
UNTIL = date(2026, 9, 18)


def printed(database, question: Question) -> dict[str, dict]:
    """The rows of the report by account."""
    rows = report_of(database, "key-accounts", question.arguments())["rows"]
    return {row["account_id"]: row for row in rows}


def computed(folder, question: Question, profile: Profile) -> dict[str, dict]:
    """The same rows, computed from the files."""
    rows = key_accounts(folder, question.as_of, BASE, profile)
    for chosen in ((question.manager_of,) if question.manager_of else (), question.regions):
        if chosen:
            visible = seen(Facts(folder, BASE), set(chosen))
            rows = {account: row for account, row in rows.items() if account in visible}
    return {
        account: {key: float(cell) if isinstance(cell, Fraction) else cell for key, cell in row.items()}
        for account, row in rows.items()
    }


def back_test_differences(database, folder, question: Question, published: Profile) -> list[str]:
    """Where the back-test of the report is another than the one computed from the files. The intervals are of other
    draws, so that they agree nearly; a rate moves in steps of one account."""
    found = report_of(database, "key-accounts", question.arguments())
    ours = back_test(folder, question.as_of, BASE, published, question.profile(published))
    told, spans = found["backtest"], [*found["backtest"], found["backtest_difference"]]
    lines = differences(_floats(ours["profiles"]), [{key: row[key] for key in ours["profiles"][0]} for row in told])
    lines += differences(
        {"as_of": ours["as_of"], "difference": None if ours["difference"] is None else float(ours["difference"])},
        {key: found["backtest_difference"][key] for key in ("as_of", "difference")},
    )
    visible = set(computed(folder, question, question.profile(published)))
    names = ("account_id", "enters", "won_since", "is_hit")
    moves = [{key: row[key] for key in names} for row in found["backtest_moves"]]
    lines += differences([row for row in ours["moves"] if row["account_id"] in visible], moves)
    if ours["intervals"] is None:
        return lines + [f"an interval: {span}" for span in spans if told[0]["hit_rate"] is None and span["low"]]
    apart = [
        abs(span[end] - own)
        for span, interval in zip(spans, ours["intervals"], strict=True)
        for end, own in zip(("low", "high"), interval, strict=True)
    ]
    step = 1 / min(row["n"] for row in told)
    return lines + ([f"intervals apart by {max(apart)}"] if max(apart) > 0.03 + step else [])


def _floats(rows: list[dict]) -> list[dict]:
    return [{key: float(cell) if isinstance(cell, Fraction) else cell for key, cell in row.items()} for row in rows]


# --- the demo organisation ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_company(other_demo):
    """The demo organisation as a database with profile 1 and, as imported, files."""
    url, files = other_demo
    database = engine(url)
    yield database, files
    database.dispose()


DEMO_QUESTIONS = {
    "default": Question(UNTIL),
    "weights": Question(UNTIL, weights="past_revenue=4,potential=3,reference_effect=2,winnability=1"),
    "a factor without weight": Question(UNTIL, weights="past_revenue=1,winnability=1"),
    "top": Question(UNTIL, top="0.07"),
    "cut points": Question(UNTIL, cut_points="0.01,100,5000,10000,50000,100000,500000,1e6,2e6,2e7"),
    "past": Question(date(2025, 6, 30)),
    "leap day": Question(date(2024, 2, 29)),
    "region": Question(UNTIL, regions=("east",)),
    "manager": Question(date(2026, 3, 31), manager_of="north"),
}


@pytest.mark.parametrize("name", rings(DEMO_QUESTIONS))
def test_the_demo_equals_the_independent_computation(name, demo_company):
    database, folder = demo_company
    question = DEMO_QUESTIONS[name]
    published = Profile(proposed_cut_points(past_revenues(Facts(folder, BASE), UNTIL)))
    found = printed(database, question)
    assert found and differences(computed(folder, question, question.profile(published)), found) == []


@pytest.mark.parametrize("name", rings({key: DEMO_QUESTIONS[key] for key in ("weights", "top", "past", "manager")}))
def test_the_demos_back_test_equals_the_independent_computation(name, demo_company):
    database, folder = demo_company
    published = Profile(proposed_cut_points(past_revenues(Facts(folder, BASE), UNTIL)))
    assert back_test_differences(database, folder, DEMO_QUESTIONS[name], published) == []


def test_unless_asked_it_is_the_last_day_and_profile_1(demo_company):
    database, folder = demo_company
    answer = report_of(database, "key-accounts", [])
    cut_points = proposed_cut_points(past_revenues(Facts(folder, BASE), UNTIL))
    assert answer["scope"]["as_of"] == str(UNTIL)
    assert answer["profile"] == {
        "version": 1,
        "weights": dict.fromkeys(FACTORS, 0.25),
        "top": 0.2,
        "floor": 0,
        "cut_points": [float(point) for point in cut_points],
    }


def test_ranks_and_keys_are_the_companys_whoever_asks_and_whatever_is_chosen(demo_company):
    database, _ = demo_company
    company = printed(database, Question(UNTIL))
    for question in (Question(UNTIL, regions=("east",)), Question(UNTIL, manager_of="south")):
        shown = printed(database, question)
        assert 0 < len(shown) < len(company)
        assert shown == {account: company[account] for account in shown}
    segment = next(row["group"] for row in company.values() if row["group"] != "others")
    narrowed = ["--track", "large", "--segment", segment, "--owner", "R0001", "--from", "2026-01-01"]
    assert report(database, "key-accounts", narrowed)["rows"] == report_of(database, "key-accounts", [])["rows"]


# --- random companies ---------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_random_companies_equal_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


@pytest.mark.parametrize("seed", rings((101, 102)))
def test_random_companies_equal_it_on_each_database(seed, database, tmp_path):
    assert _differences(database, seed, tmp_path) == []


def _differences(database, seed, tmp_path) -> list[str]:
    folder = write(random_company(seed), tmp_path / "company")
    load(database, folder)
    facts, found = Facts(folder, BASE), []
    for number, question in enumerate(random_questions(seed, 8)):
        published = unpublished(past_revenues(facts, question.as_of))
        lines = differences(computed(folder, question, question.profile(published)), printed(database, question))
        if number < 2:  # drawing accounts one by one takes a second
            lines += back_test_differences(database, folder, question, published)
        found += [f"seed {seed} {question} {line}" for line in lines]
    return found


# --- companies written by hand ------------------------------------------------------------------------


TENS = ",".join(str(tens) for tens in range(10, 110, 10))  # a revenue of 70 scores 7


def asked(**given) -> Question:
    return Question(**{"as_of": LATER, "cut_points": TENS} | given)


def company(database, tmp_path, customers: list[Customer], question: Question, **more) -> dict[str, dict]:
    """The rows of a company written by hand, which equal the independent computation."""
    folder = write(tables_of(customers, **more), tmp_path / "company")
    load(database, folder)
    rows = printed(database, question)
    assert differences(computed(folder, question, question.profile(Profile(()))), rows) == []
    return rows


def keys(rows: dict[str, dict]) -> set[str]:
    return {account for account, row in rows.items() if row["is_key"]}


def test_ties_at_the_edge_are_all_key_and_share_the_better_rank(sqlite, tmp_path):
    scores = {"a": 9, "b": 7, "c": 7, "d": 7, "e": 1, "f": 0}
    customers = [Customer(key, f"{score} {score} {score}") for key, score in scores.items()]
    rows = company(sqlite, tmp_path, customers, asked(top="0.3"))
    assert {key: row["rank"] for key, row in rows.items()} == {"a": 1, "b": 2, "c": 2, "d": 2, "e": 5, "f": 6}
    assert keys(rows) == {"a", "b", "c", "d"}


def test_scores_that_differ_beyond_nine_places_tie(sqlite, tmp_path):
    """A third of 1 + 2 + 3 and of 3 + 2 + 1 may differ in a float's last bit, never in their rank."""
    alike = ("1.1 2.2 3.3", "3.3 2.2 1.1", "2.2 3.3 1.1", "2.2 1.1 3.3")
    customers = [*(Customer(scores, scores) for scores in alike), Customer("last", "0 0 0")]
    rows = company(sqlite, tmp_path, customers, asked(weights="potential=0.1,reference_effect=0.1,winnability=0.1"))
    assert [row["rank"] for row in rows.values()] == [1, 1, 1, 1, 5]


def test_a_group_under_5_joins_the_others_and_its_unscored_accounts_count(sqlite, tmp_path):
    customers = [Customer(f"four{n}", industry="four") for n in range(4)]
    customers += [Customer(f"five{n}", "- - -" if n else "5 5 5", industry="five") for n in range(5)]
    customers += [Customer(f"none{n}", industry="") for n in range(2)]
    rows = company(sqlite, tmp_path, customers, asked())
    assert {key: row["group"] for key, row in rows.items()} == {
        customer.key: "five" if customer.industry == "five" else "others" for customer in customers
    }
    assert rows["five0"]["rank"] == 1 and keys(rows) >= {"five0"}


@pytest.mark.parametrize("weights", [None, "past_revenue=1,reference_effect=1,winnability=1"])
def test_a_missing_factor_leaves_unscored_even_at_weight_0(weights, sqlite, tmp_path):
    customers = [Customer(f"c{n}", "0 0 0") for n in range(5)] + [Customer("missing", "- 10 10", ("500",))]
    rows = company(sqlite, tmp_path, customers, asked(weights=weights))
    missing = rows["missing"]
    assert (missing["past_revenue"], missing["potential"], missing["winnability"]) == (10, None, 10)
    assert [missing[key] for key in ("score", "rank", "is_key", "stability")] == [None, None, False, None]


def test_a_missing_factor_gives_a_range_by_whose_middle_an_account_stands(sqlite, tmp_path):
    """Half a point per point of each assessed factor, and nothing by revenue; 10 and 0 are what may be missing."""
    customers = [
        Customer("five", "5 5 5"),
        Customer("three to eight", "6 - 5"),
        Customer("as five", "- 5 5"),
        Customer("nothing known", "- - -"),
        Customer("eight", "8 8 8"),
    ]
    rows = company(sqlite, tmp_path, customers, asked(weights="potential=1,reference_effect=2,winnability=1"))
    ranges = {key: (row["score_low"], row["score_high"]) for key, row in rows.items()}
    assert ranges == {
        "eight": (8, 8),
        "as five": (3.75, 6.25),
        "five": (5, 5),
        "three to eight": (2.75, 7.75),
        "nothing known": (0, 10),
    }
    # A score stands before a middle that is the same.
    assert list(rows) == ["eight", "three to eight", "five", "as five", "nothing known"]
    assert [rows[key]["rank"] for key in rows] == [1, None, 2, None, None]


def test_an_assessment_more_only_narrows_the_range_and_holds_what_comes_of_it(sqlite, tmp_path):
    """Factor by factor, whatever is found: the range lies inside the one before, and ends as the score."""
    found, row = {"potential": "3", "reference_effect": "10", "winnability": "0"}, None
    for known in range(len(found) + 1):
        scores = " ".join(score if at < known else "-" for at, score in enumerate(found.values()))
        customers = [Customer("c", scores, ("25",)), *(Customer(f"c{n}") for n in range(4))]
        before, row = row, company(sqlite, tmp_path / str(known), customers, asked())["c"]
        low, high = row["score_low"], row["score_high"]
        assert low <= high and (before is None or before["score_low"] <= low and high <= before["score_high"])
        assert (row["score"] is None) == (known < len(found))
    assert row["score_low"] == row["score"] == row["score_high"] == (2 + 3 + 10 + 0) / 4


def test_the_demo_stands_in_the_order_of_scores_and_middles(demo_company):
    database, folder = demo_company
    found = printed(database, Question(UNTIL))
    published = Profile(proposed_cut_points(past_revenues(Facts(folder, BASE), UNTIL)))
    ours = key_accounts(folder, UNTIL, BASE, published, with_stability=False)
    assert list(found) == in_order(ours)
    scored = [row for row in found.values() if row["score"] is not None]
    assert scored and all(row["score_low"] == row["score"] == row["score_high"] for row in scored)
    unscored = [row for row in found.values() if row["score"] is None]
    assert unscored and all(row["score_low"] < row["score_high"] for row in unscored)


def test_of_several_assessments_the_latest_by_the_date_counts(sqlite, tmp_path):
    days = {"2026-02-01": "2", "2026-05-01": "9", "2026-03-01": "4"}
    more = [
        {"account_id": "c", "factor": "potential", "score": score, "assessed_on": day} for day, score in days.items()
    ]
    company(sqlite, tmp_path, [Customer("c", "1 1 1")], asked(), account_score=more)
    for day, score in {"2026-01-31": 1, "2026-02-01": 2, "2026-04-30": 4, "2026-05-01": 9}.items():
        assert printed(sqlite, asked(as_of=date.fromisoformat(day)))["c"]["potential"] == score
    before = printed(sqlite, asked(as_of=date(2026, 1, 9)))["c"]
    assert (before["potential"], before["score"]) == (None, None)


def test_an_account_created_after_the_date_is_not_listed(sqlite, tmp_path):
    customers = [Customer("old"), Customer("new", created_on="2026-06-30"), Customer("newer", created_on="2026-07-01")]
    assert set(company(sqlite, tmp_path, customers, asked())) == {"old", "new"}


def test_past_revenue_is_that_of_twelve_months_and_needs_an_amount_and_a_rate(sqlite, tmp_path):
    customers = [
        Customer("both", won=("40", "30.5")),
        Customer("one without", won=("30", "")),
        Customer("none with", won=("", "")),
        Customer("no rate", won=("30", "30 XXX")),
        Customer("rate", won=("100 USD",)),
        Customer("no deal"),
        Customer("at a cut point", won=("9.99", "0.01")),
    ]
    deals = [won("first", "days", "20", "2025-07-01"), won("before", "days", "60", "2025-06-30")]
    rows = company(
        sqlite,
        tmp_path,
        [*customers, Customer("days")],
        asked(),
        opportunity=[*deals, won("last", "days", "10", str(LATER))],
        exchange_rate=[{"currency": "USD", "valid_from": "2025-01-01", "rate": "0.5"}],
    )
    assert {key: row["past_revenue"] for key, row in rows.items()} == {
        "both": 7,
        "one without": 3,
        "none with": None,
        "no rate": None,
        "rate": 5,
        "no deal": 0,
        "at a cut point": 1,
        "days": 3,
    }
    assert rows["none with"]["score"] is rows["no rate"]["score"] is None


def test_no_won_deal_scores_0_wherever_the_cut_points_lie(sqlite, tmp_path):
    cut_points = "0,0,0.001,1,2,3,4,5,6,7"
    rows = company(
        sqlite, tmp_path, [Customer("nothing"), Customer("a gift", won=("0",))], asked(cut_points=cut_points)
    )
    assert (rows["nothing"]["past_revenue"], rows["a gift"]["past_revenue"]) == (0, 2)


@pytest.mark.parametrize(("top", "places"), [("0.07", 7), ("0.29", 29), ("0.071", 8), ("0", 0), ("1", 100)])
def test_the_top_share_is_exact(top, places, sqlite, tmp_path):
    customers = [Customer(f"c{n:03}", f"{n / 10} {n / 10} {n / 10}") for n in range(100)]
    rows = company(sqlite, tmp_path, customers, asked(top=top))
    assert keys(rows) == {f"c{n:03}" for n in range(100 - places, 100)}


def test_one_account_is_the_first_and_key(sqlite, tmp_path):
    row = company(sqlite, tmp_path, [Customer("only", "3 2 1", ("40",))], asked())["only"]
    assert [row[key] for key in ("group", "score", "rank", "is_key", "stability")] == ["others", 2.5, 1, True, 1]


def test_no_account_is_no_row_and_no_error(sqlite, tmp_path):
    assert company(sqlite, tmp_path, [], asked()) == {}


def test_who_dominates_all_factors_is_stable_and_who_is_dominated_never_key(sqlite, tmp_path):
    customers = [Customer("best", "10 9 8", ("80",)), Customer("worst", "1 0 2", ("10",))]
    customers += [Customer(f"c{n}", f"{n + 2} {8 - n} 5", ("50",)) for n in range(6)]
    rows = company(sqlite, tmp_path, customers, asked(top="0.25"))
    assert (rows["best"]["stability"], rows["worst"]["stability"]) == (1, 0)
    assert any(0 < row["stability"] < 1 for row in rows.values())


def test_scaling_all_weights_changes_nothing(demo_company):
    database, _ = demo_company
    weights = {"past_revenue": 4, "potential": 3, "winnability": 1}
    told = [",".join(f"{name}={times * weight}" for name, weight in weights.items()) for times in (1, 8, 0.25)]
    first, *others = (printed(database, Question(UNTIL, weights=text)) for text in told)
    assert all(other == first for other in others)


def test_another_account_moves_no_other_polygon(demo_company, tmp_path):
    """Its revenue is above all others'; the published cut points stay."""
    more = engine(copied(demo_company[0].url.render_as_string(), tmp_path))
    before = printed(demo_company[0], Question(UNTIL))
    deal = won("giant-1", "giant", "9000000000", str(UNTIL)) | {"pipeline": "giants"}
    stage = {"pipeline": "giants", "stage": "won", "position": 1, "kind": "won"}
    account = {"account_id": "giant", "name": "Giant", "industry": next(iter(before.values()))["group"]}
    added = write({"stage": [stage], "account": [account], "opportunity": [deal]}, tmp_path / "added")
    assert run(more, "import", str(added)).exit_code == 0
    after = printed(more, Question(UNTIL))
    more.dispose()
    assert after.pop("giant")["past_revenue"] == 10
    for account, row in before.items():
        assert [row[key] for key in (*FACTORS, "score")] == [after[account][key] for key in (*FACTORS, "score")]


# --- refusals -----------------------------------------------------------------------------------------


def test_what_makes_no_score_is_refused_with_the_reason(demo_company, subtests):
    for arguments, reason in (
        (["--weights", "past_revenue=0,potential=0"], "All weights are 0"),
        (["--weights", "potential=-1"], "A weight is 0 or more"),
        (["--weights", "charm=1"], "no factor 'charm'"),
        (["--weights", "potential"], "is not a number"),
        (["--weights", "potential=nan"], "A weight is 0 or more"),
        (["--cut-points", "1,2,3"], "ten cut points; 3 were given"),
        (["--cut-points", ",".join("12345678901")], "ten cut points; 11 were given"),
        (["--cut-points", ",".join("9876543210")], "must rise"),
        (["--cut-points", "1,2,3,4,5,6,7,8,9,inf"], "is an amount of money"),
        (["--cut-points", "1,2,3,4,5,6,7,8,9,lots"], "'lots' is not a number"),
        (["--top", "1.1"], "between 0 and 1"),
        (["--profile", "7"], "There is no profile 7"),
        (["--region", "Atlantis"], "'Atlantis' is not a region you can see"),
    ):
        with subtests.test(arguments=arguments):
            result = run(demo_company[0], "report", "key-accounts", *arguments)
            assert (result.exit_code, result.stdout) == (1, "")
            assert reason in result.stderr


def test_the_rows_have_the_keys_of_the_interface(demo_company):
    row = json.loads(run(demo_company[0], "report", "key-accounts", "--format", "json").stdout)["rows"][0]
    ranked = ("score", "rank", "is_key", "stability", "score_low", "score_high")
    assert list(row) == ["account_id", "account", "group", *FACTORS, *ranked]
