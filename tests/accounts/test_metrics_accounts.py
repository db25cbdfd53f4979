"""One account's numbers: closeness against plain Python over the demo's rows, and the awkward cases of the rest."""

import datetime
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from dashboard.metrics import amounts
from dashboard.metrics.accounts import one_account
from dashboard.metrics.opportunities import worth
from data_access import entries
from data_access.accounts import one_account as questions
from data_access.demo import generate
from data_access.engine import engine
from data_access.scope import Period, Person, Scope
from tests.rings import rings
from tests.ui_fixtures import copied

UNTIL = date(2026, 11, 21)

# --- closeness, from the words ------------------------------------------------------------------------


def activities_in_plain_python(frames) -> dict[str, list[tuple]]:
    """What was done for each account, named itself or by its deal: (day, contact, two-way)."""
    of_deal = {row.opportunity_id: row.account_id for row in frames["opportunity"].itertuples()}
    found = defaultdict(list)
    for row in frames["activity"].itertuples():
        if isinstance(row.completed_at, str):
            named = row.account_id if isinstance(row.account_id, str) else of_deal.get(row.opportunity_id)
            on, contact = date.fromisoformat(row.completed_at[:10]), row.contact_id
            found[named].append((on, contact if isinstance(contact, str) else None, bool(row.two_way)))
    return found


def closeness_in_plain_python(frames, completed, account_id: str, day: date) -> tuple[float | None, float | None]:
    """(counted, judged) of an account on a day, from the rows of the files."""
    seniority = {
        row.contact_id: int(row.seniority) for row in frames["contact"].itertuples() if row.seniority == row.seniority
    }
    done = [one for one in completed[account_id] if one[0] <= day]
    judged = [
        (row.assessed_on, float(row.score))
        for row in frames["closeness_score"].itertuples()
        if row.account_id == account_id and date.fromisoformat(row.assessed_on) <= day
    ]
    last = max(judged)[1] if judged else None
    if not done:
        return None, last
    lately = [one for one in done if (day - one[0]).days < 90]
    met = {contact for _on, contact, _two in lately if contact}
    spoken = [on for on, _contact, two_way in done if two_way]
    parts = (
        min(10, 2 * len(met)),
        2 * max((seniority[contact] for contact in met), default=0),
        min(10, sum(two_way for _on, _contact, two_way in lately)),
        max(0, 10 - (day - max(spoken)).days / 9) if spoken else 0,
    )
    return sum(parts) / 4, last


@pytest.fixture(scope="module")
def demo(demo_url, tmp_path_factory):
    """The demo's frames, and a database of its own with them."""
    database = engine(copied(demo_url, tmp_path_factory.mktemp("demo")))
    yield generate("small", 1, UNTIL), database
    database.dispose()


@pytest.mark.parametrize("day", rings([UNTIL, date(2026, 2, 28), date(2024, 12, 31)]))
def test_closeness_agrees_with_plain_python_over_the_csvs(demo, day):
    frames, database = demo
    judged = list(dict.fromkeys(frames["closeness_score"]["account_id"]))
    chosen = judged[:25] + list(frames["account"]["account_id"].iloc[::40])
    scope = Scope(Person("executive"), Period(day, day), day, UNTIL)
    completed, compared = activities_in_plain_python(frames), 0
    for account_id in chosen:
        expected = closeness_in_plain_python(frames, completed, account_id, day)
        activities = questions.activities(database, scope, account_id)
        found = one_account.closeness(activities, questions.closeness_scores(database, scope, account_id), day)
        assert (found.counted, found.judged) == (
            pytest.approx(expected[0]) if expected[0] is not None else None,
            expected[1],
        ), account_id
        if None in expected:
            assert found.value is None
        else:
            assert found.value == pytest.approx(sum(expected) / 2)
            compared += 1
    assert compared >= 15


# --- closeness, case by case --------------------------------------------------------------------------

DAY = date(2026, 6, 30)


def activities(*rows):
    """(days ago, contact, seniority, two-way) each; None where it is not known."""
    return pd.DataFrame(
        {
            "completed_on": pd.to_datetime([DAY - timedelta(days=ago) for ago, *_ in rows]).astype("datetime64[s]"),
            "contact_id": pd.Series([contact for _, contact, *_ in rows], dtype=object),
            "seniority": pd.array([level for *_, level, _two in rows], dtype="Int64"),
            "two_way": pd.array([two for *_, two in rows], dtype="Int64"),
        }
    )


def judged(*rows):
    """(days ago, score, withdrawn) each, in the order in which they hold."""
    return pd.DataFrame(
        {
            "assessed_on": pd.to_datetime([DAY - timedelta(days=ago) for ago, *_ in rows]).astype("datetime64[s]"),
            "score": np.array([score for _, score, _ in rows], dtype=float),
            "is_withdrawn": np.array([gone for *_, gone in rows], dtype=bool),
        }
    )


def test_an_account_without_any_activity_has_no_counted_half():
    found = one_account.closeness(activities(), judged((3, 8, False)), DAY)
    assert found.counted is None and found.judged == 8 and found.value is None


def test_an_account_that_fell_silent_has_a_counted_half_of_zero():
    found = one_account.closeness(activities((91, "c1", 5, 1)), judged((3, 8, False)), DAY)
    assert (found.breadth, found.seniority, found.two_way, found.recency) == (0, 0, 0, 0)
    assert found.value == 4


def test_without_a_judgement_there_is_no_closeness():
    found = one_account.closeness(activities((0, "c1", 5, 1)), judged(), DAY)
    assert found.counted == (2 + 10 + 1 + 10) / 4 and found.value is None
    assert found.is_counted_alone


def test_a_judgement_taken_back_leaves_the_counted_half_alone():
    taken_back = one_account.closeness(activities((0, "c1", 5, 1)), judged((3, 8, True)), DAY)
    assert taken_back.is_counted_alone and taken_back.judged is None
    assert not one_account.closeness(activities((0, "c1", 5, 1)), judged((3, 8, False)), DAY).is_counted_alone
    assert not one_account.closeness(activities(), judged(), DAY).is_counted_alone  # nothing was counted


def test_no_part_exceeds_ten_and_a_contact_counts_once():
    rows = [(ago, f"c{ago % 7}", 5, 1) for ago in range(14)]
    found = one_account.closeness(activities(*rows), judged((0, 10, False)), DAY)
    assert found.contacts == 7 and found.value == 10


@pytest.mark.parametrize(("ago", "counts"), [(89, True), (90, False)])
def test_ninety_days_are_ninety_days(ago, counts):
    found = one_account.closeness(activities((ago, "c1", 3, 1)), judged((0, 5, False)), DAY)
    assert (found.contacts, found.two_way_activities) == ((1, 1) if counts else (0, 0))
    assert found.recency == pytest.approx(10 - 89 / 9 if counts else 0)


def test_what_is_not_known_is_not_zero():
    nobody_senior = one_account.closeness(activities((1, "c1", None, 1)), judged((0, 5, False)), DAY)
    assert nobody_senior.seniority is None and nobody_senior.counted is None
    one_way_unknown = one_account.closeness(activities((1, "c1", 3, None)), judged((0, 5, False)), DAY)
    assert one_way_unknown.two_way is None and one_way_unknown.value is None


def test_what_was_taken_back_does_not_count():
    found = one_account.closeness(activities((0, "c1", 5, 1)), judged((9, 4, False), (0, 9, True)), DAY)
    assert found.judged == 4


def test_the_trend_ends_with_the_day_itself():
    trend = one_account.closeness_trend(activities((40, "c1", 5, 1)), judged((70, 6, False)), date(2026, 6, 12))
    assert list(trend["day"].dt.date)[-3:] == [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 12)]
    assert list(trend["is_partial"])[-2:] == [False, True]
    assert trend["closeness"].iloc[0] is pd.NA and trend["judged"].iloc[-1] == 6


# --- the rest -----------------------------------------------------------------------------------------


def test_what_is_overdue_is_so_the_day_after_it_was_due():
    def calendar(ago):
        on = pd.Timestamp(DAY - timedelta(days=ago))
        none = pd.DataFrame({"assessed_on": pd.to_datetime([]), "is_withdrawn": np.array([], dtype=bool)})
        scores = pd.DataFrame({"factor": ["potential"], "assessed_on": [on], "is_withdrawn": [False]})
        needs = none.assign(window=pd.Series([], dtype=object))
        return one_account.calendar(scores, needs, none, DAY).set_index("subject")

    assert calendar(183).loc["potential", "status"] == "fine"
    assert calendar(184).loc["potential", "status"] == "overdue"
    assert calendar(184).loc["potential", "days_overdue"] == 1
    assert calendar(1).loc["closeness", "status"] == "never"


def test_the_gap_is_what_we_could_not_meet():
    needs = pd.DataFrame(
        {
            "window": ["0-3m", "0-3m", "1-3y"],
            "solution": ["cloud", "cloud", "cloud"],
            "value": pd.array([100_00, 300_00, 50_00], dtype="Int64"),
            "capability": [1.0, 7.0, 10.0],
            "assessed_on": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-01-01"]),
            "is_withdrawn": [False, False, False],
        }
    )
    grid = one_account.needs_grid(needs)
    assert list(grid["window"]) == ["0-3m", "1-3y"]
    assert list(grid["gap"]) == pytest.approx([90, 0]) and list(grid["expected"]) == pytest.approx([210, 50])


def goal(name, due, done=None, withdrawn=False):
    return {"goal": name, "due_on": due, "done_on": done, "is_withdrawn": withdrawn}


def test_a_goal_is_overdue_the_day_after_it_was_due():
    versions = pd.DataFrame(
        [
            goal("today", DAY),
            goal("yesterday", DAY - timedelta(days=1)),
            goal("done late", DAY - timedelta(days=9)),
            goal("done late", DAY - timedelta(days=9), DAY),
            goal("undated", None),
        ]
    )
    versions = versions.assign(due_on=pd.to_datetime(versions["due_on"]), done_on=pd.to_datetime(versions["done_on"]))
    found = one_account.goals(versions, DAY).set_index("goal")
    assert dict(found["status"]) == {"yesterday": "overdue", "today": "open", "undated": "open", "done late": "done"}
    assert found.loc["yesterday", "days_overdue"] == 1


def won(*rows):
    """(owner, closed on, amount in minor units) each."""
    return pd.DataFrame(
        {
            "owner_id": pd.Series([owner for owner, *_ in rows], dtype=object),
            "closed_on": pd.to_datetime([on for _, on, _ in rows]),
            "has_amount": [int(amount is not None) for *_, amount in rows],
            "amount": pd.array([amount for *_, amount in rows], dtype="Int64"),
            "lacks_rate": 0,
        }
    )


def test_people_are_credited_twice_and_the_company_once():
    deals = won(("r1", "2026-01-05", 100_00), ("r2", "2026-03-05", 50_00), ("d1", "2026-03-06", 7_00))
    spells = pd.DataFrame(
        {
            "role": ["director", "owner"],
            "rep_id": ["d1", "r1"],
            "from_on": pd.to_datetime(["2026-02-01", "2020-01-01"]),
            "to_on": pd.to_datetime([None, None]),
        }
    )
    credited, totals = one_account.credit(deals, one_account.directors(spells, deals["closed_on"], "d9"))
    by_person = {(row.rep_id, row.role): row.amount for row in credited.itertuples()}
    # The first deal closed before d1 directed; of the third d1 is the owner, credited once.
    assert by_person == {("r1", "owner"): 100, ("r2", "owner"): 50, ("d1", "owner"): 7, ("d1", "director"): 50}
    assert totals == {"credited": 207, "twice": 50, "company": 157}


def test_credit_without_amounts_is_no_data():
    _credited, totals = one_account.credit(won(("r1", "2026-01-05", None)), [None])
    assert totals["company"] is None and totals["credited"] is None


def test_a_value_with_an_answer_missing_is_empty():
    deals = pd.DataFrame({"opportunity_id": ["d1"]})
    answers = pd.DataFrame(
        {
            "opportunity_id": "d1",
            "question": ["one_off_revenue", "quota_effect", "brand"],
            "score": [4.0, 7.0, 9.0],
        }
    )
    found = worth.with_value(deals, answers)
    assert found["short_term"].item() == 5.5 and np.isnan(found["long_term"].item())


def test_share_of_wallet_names_the_largest_rival():
    bought = pd.DataFrame(
        {"year": 2026, "supplier": ["us", "b", "c"], "amount": pd.array([25_00, 50_00, 25_00], dtype="Int64")}
    )
    [row] = one_account.wallet(bought, ["year"]).itertuples()
    assert (row.ours, row.theirs, row.share, row.rival, row.rival_amount) == (25, 75, 0.25, "b", 50)


def test_an_entry_of_the_demo_moves_its_closeness(demo, tmp_path):
    """What is entered on the page is what the page then shows."""
    frames, database = demo
    account_id = frames["closeness_score"]["account_id"].iloc[0]
    scope = Scope(Person("director"), Period(UNTIL, UNTIL), UNTIL, UNTIL)
    before = questions.closeness_scores(database, scope, account_id)
    at = datetime.datetime.combine(UNTIL, datetime.time(9))
    row = {"score": 1.5, "assessed_on": UNTIL}
    ids = entries.enter(database, scope.person, "closeness_score", account_id, [row], at=at)
    after = questions.closeness_scores(database, scope, account_id)
    assert len(after) == len(before) + 1 and after.iloc[-1]["score"] == 1.5
    found = one_account.closeness(questions.activities(database, scope, account_id), after, UNTIL)
    assert found.judged == 1.5
    entries.withdraw(database, scope.person, "closeness_score", account_id, ids, at=at)


# --- amounts ------------------------------------------------------------------------------------------


def test_each_total_is_the_total_of_a_row_by_itself():
    columns = ["deals", "with_amount", "amount", "lacks_rate"]
    rows = [(0, 0, 0, 0), (2, 0, 0, 0), (2, 1, 550, 0), (2, 2, 700, 1)]
    facts = pd.DataFrame(rows, columns=columns, dtype="Int64")
    found = [None if pd.isna(value) else value for value in amounts.each_total(facts)]
    assert found == [0, None, 5.5, None] == [amounts.total(facts.iloc[[at]]) for at in range(len(facts))]
