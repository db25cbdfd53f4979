"""What the page Reps shows beside the report: lists that sum to their counts, credit under each rule, silence, groups,
newcomers; against plain Python over the same files, and by hand."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from dashboard.answers.reps import team as answers
from dashboard.figures import style
from dashboard.figures.reps import team as figures
from dashboard.metrics.reps import team as metrics
from dashboard.sections.reps import team as words
from dashboard.words.formats import Formats
from data_access import organisation
from data_access.reps import activities, people as questions
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.facts import Facts, day_of
from tests.independent.product import load
from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import write
from tests.independent.random.people import busy_organisation
from tests.independent.reps.activities import activities as activities_of

PERIOD = Period(date(2025, 9, 1), date(2026, 8, 31))
AS_OF = date(2026, 7, 15)


@pytest.fixture
def organised(database, tmp_path):
    """A random organisation on each database, with the facts of its files."""
    folder = write(busy_organisation(402), tmp_path / "organisation")
    load(database, folder)
    return database, Facts(folder, "CNY")


def scope(person=None, **more) -> Scope:
    return Scope(person or Person("executive"), PERIOD, AS_OF, LAST_DAY, **more)


def ask(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def test_every_list_has_as_many_rows_as_its_count(organised):
    database, _ = organised
    manager = scope(Person("manager", ("north",)))
    for of in (scope(), manager, scope(segments=("energy",)), scope(track="large")):
        done = activities.completed_totals(database, of, ())
        plans = activities.planned_totals(database, of, ()).iloc[0]
        counts = {"completed": done["completed"].iloc[0], "bare": done["bare"].iloc[0], **plans}
        for what, count in counts.items():
            assert len(activities.activity_list(database, of, what)) == count, (of, what)
    by_rep = activities.completed_totals(database, manager, ("rep", "kind"))
    for group in by_rep.itertuples():
        rows = activities.activity_list(database, manager, rep_ids=(group.rep_id,), kind=group.kind)
        assert len(rows) == group.completed
    sources = activities.completed_totals(database, scope(), ("origin",)).set_index("origin")
    without = sources[sources.index.isna()].iloc[0]
    with_result = activities.activity_list(database, scope(), origin="", has_result=True)
    assert len(with_result) == without["completed"] - without["bare"]


def test_activities_are_credited_to_the_doer_the_owner_then_and_the_owner_now(organised):
    database, facts = organised
    expected = Counter()
    for one in activities_of(facts):
        if one.done and PERIOD.start <= one.done <= AS_OF:
            expected[one.rep, _owner(facts, one.account, one.done), _owner(facts, one.account, AS_OF)] += 1
    found = questions.activities_credited(database, scope())
    rows = found.astype(object).where(found.notna(), None).itertuples(index=False)
    assert {(row.rep_id, row.owner_then, row.owner_now): row.completed for row in rows} == expected
    credited = answers.credited(ask(database), scope())["activities"]
    totals = credited[["by_doer", "owner_then", "owner_now"]].sum()
    assert set(totals) == {expected.total()}


def test_at_midnight_an_account_is_its_next_owners(database, tmp_path):
    spells = "subject_kind,subject_id,role,rep_id,from_on,to_on\n"
    spells += "account,c1,owner,r1,2025-01-01,2025-02-02\naccount,c1,owner,r2,2025-02-02,\n"
    done = "activity_id,rep_id,account_id,kind,completed_at\n"
    done += "a1,r1,c1,call,2025-02-01T23:59:59\na2,r1,c1,call,2025-02-02T00:00:00\n"
    load(database, write_folder(tmp_path / "files", {"assignment": spells, "activity": done}))
    winter = Scope(
        Person("executive"), Period(date(2025, 1, 1), date(2025, 3, 31)), date(2025, 3, 31), date(2025, 4, 1)
    )
    found = questions.activities_credited(database, winter)
    assert sorted(found["owner_then"]) == ["r1", "r2"]


def _owner(facts: Facts, account: str, day: date) -> str | None:
    """Who owned the account on the day; never assigned: whom the account names."""
    rows = [row for row in facts.rows("assignment") if (row["subject_id"], row["role"]) == (account, "owner")]
    if not rows:
        named = [row for row in facts.rows("account") if row["account_id"] == account]
        return (named[0]["owner_id"] or None) if named else None
    valid = [row for row in rows if day_of(row["from_on"]) <= day and (not row["to_on"] or day_of(row["to_on"]) > day)]
    return (max(valid, key=lambda row: row["from_on"])["rep_id"] or None) if valid else None


def test_silence_counts_from_the_last_two_way_contact_whoever_had_it(organised):
    database, facts = organised
    keys = pd.DataFrame({"account_id": [row["account_id"] for row in facts.rows("account")]})
    found = answers.silence(ask(database), scope(), keys).set_index("account_id")
    for account, row in found.iterrows():
        of_account = [one for one in activities_of(facts) if one.account == account and one.done]
        heard = [one.done for one in of_account if one.two_way and one.done <= AS_OF]
        touches = [one for one in of_account if PERIOD.start <= one.done <= AS_OF]
        days = (AS_OF - max(heard)).days if heard else None
        assert (None if pd.isna(row["days_silent"]) else row["days_silent"], row["touches"]) == (days, len(touches))


def test_without_any_activity_how_often_an_account_was_touched_is_no_data(sqlite):
    keys = pd.DataFrame({"account_id": ["a"], "account": ["A"], "owner": ["One"], "region": ["North"]})
    found = answers.silence(ask(sqlite), scope(), keys)
    assert found["touches"].isna().all() and found["days_silent"].isna().all()


def test_the_weeks_of_the_heat_map_are_the_last_of_the_period(organised):
    database, _ = organised
    wide = scope().but(period=Period(FIRST_DAY, date(2026, 12, 31)))
    last = answers.last_weeks(wide)
    assert (last.period.start, last.period.end) == (date(2025, 7, 21), date(2026, 12, 31))  # 52 Mondays
    cells = answers.weekly(ask(database), wide)
    assert cells["week"].min() >= pd.Timestamp(last.period.start)
    assert answers.last_weeks(scope()).period == PERIOD


# --- groups and newcomers, by hand --------------------------------------------------------------------


def reps(**columns) -> pd.DataFrame:
    rows = pd.DataFrame({"team": ["a", "b", "a", None], "won_amount": 0.0, "target_amount": float("nan")})
    return rows.assign(**dict.fromkeys(metrics.SUMMED, 1)).assign(**columns)


def test_groups_keep_their_order_and_sum_what_their_reps_have():
    found = metrics.grouped(reps(won_amount=[1.0, 2.0, None, 3.0], target_amount=[None, 4.0, 2.0, None]), "team")
    assert list(found["team"].fillna("none")) == ["a", "b", "none"] and list(found["reps"]) == [2, 1, 1]
    won = found["won_amount"].astype(object).where(found["won_amount"].notna(), None)
    assert list(won) == [None, 2, 3]  # one of a's amounts is not known
    assert found["attainment"].iloc[1] == 0.5 and found["attainment"].isna().tolist() == [True, False, True]
    assert found["on_time_share"].iloc[0] == pytest.approx(1 / 3)  # what was cancelled is in neither count


def test_whom_to_speak_with_first_is_who_has_most_overdue_and_who_has_the_most_to_go():
    reps = pd.DataFrame(
        {
            "rep": ["Ann", "Bob", "Cid"],
            "planned_overdue": [2, 5, 0],
            "target_amount": [100.0, 100.0, None],
            "won_amount": [20.0, 90.0, 0.0],
        }
    )
    told = words.to_do(reps, Formats("en", "CNY"))
    assert "Bob has 5 overdue" in told and "Ann has the most to go to the target, ¥80" in told
    assert words.to_do(reps.tail(1), Formats("en", "CNY")) == ""
    unknown = reps.assign(planned_overdue=None, won_amount=200.0)
    assert words.to_do(unknown, Formats("en", "CNY")) == ""


def test_a_share_of_nothing_is_undefined():
    found = metrics.grouped(reps(**dict.fromkeys(metrics.SUMMED, 0)), "team")
    assert found[["on_time_share", "overdue_share", "touched_share"]].isna().all(axis=None)


@pytest.mark.parametrize("weeks", [1, 2, 8, 14, 52])
def test_the_days_over_the_heat_map_have_room_on_a_telephone(weeks):
    mondays = list(pd.date_range("2025-09-29", periods=weeks, freq="7D"))
    cells = pd.DataFrame({"key": ["a"], "week": mondays[:1], "completed": [1]})
    words = {"cell": "{n}", "axis": "", "nothing": ""}
    drawn = figures.heat(cells, [("a", "A")], mondays, most=1.0, words=words, formats=Formats(), tokens=style.LIGHT)
    at = list(drawn.layout.xaxis.tickvals)
    assert at and all(later - earlier >= 0.2 * weeks for earlier, later in zip(at, at[1:], strict=False))


def test_the_sum_of_no_data_is_no_data():
    found = metrics.grouped(reps(completed=pd.array([None] * 4, "Int64")), "team")
    assert found["completed"].isna().all() and list(found["meetings_held"]) == [2, 1, 1]


def test_every_rule_credits_the_same_sum():
    facts = pd.DataFrame({"then": ["x", "y", None], "now": ["y", "y", "x"], "amount": [1, 2, 4]})
    found = metrics.credited(facts, ("then", "now"), "amount")
    assert found["rep_id"].tolist()[:2] == ["x", "y"] and found["rep_id"].isna().iloc[2]
    assert found["then"].tolist() == [1, 2, 4] and found["now"].tolist() == [4, 3, 0]


def test_a_month_of_the_ramp_is_the_mean_of_those_who_were_there_for_it():
    starts = pd.DataFrame(
        {
            "rep_id": ["stays", "leaves", "late"],
            "hired_on": pd.to_datetime(["2025-01-10", "2025-02-28", "2026-03-01"]),
            "left_on": pd.to_datetime([None, "2025-03-05", None]),
        }
    )
    days = {"2025-01-01": 100, "2025-02-01": 300, "2025-03-01": 200, "2026-03-01": 900, "2026-04-01": 700}
    owners = ["stays", "leaves", "stays", "late", "late"]
    won = pd.DataFrame(
        {
            "owner": owners,
            "month": [date.fromisoformat(day).toordinal() for day in days],
            "amount": [100 * amount for amount in days.values()],
        }
    )
    found = metrics.ramp(starts, won, date(2026, 4, 15)).set_index(["cohort", "month"])
    assert found.loc[(2025, 0), ["reps", "won"]].tolist() == [2, 200]
    assert found.loc[(2025, 1), "cumulative"] == 200
    assert found.loc[(2025, 2), ["reps", "won", "cumulative"]].tolist() == [1, 200, 400]
    assert found.loc[(2026, 0), "cumulative"] == 900 and (2026, 1) not in found.index  # April has not ended
    assert (2026, 1) in metrics.ramp(starts, won, date(2026, 4, 30)).set_index(["cohort", "month"]).index


def test_without_newcomers_there_is_no_ramp(organised):
    database, _ = organised
    nobody = scope(Person("manager", ("overseas",))).but(owner="nobody")
    curves, before = answers.ramp(ask(database), nobody)
    assert curves.empty and before == 0
    assert organisation.state(database).first_day is not None
