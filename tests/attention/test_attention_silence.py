"""The rules of Attention about what nobody wrote down: a case that fires, and one that just does not."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from dashboard.answers.attention.limits import KIND
from dashboard.metrics.attention.lines import lines, ranked
from data_access import entries, profiles
from data_access.engine import provide
from data_access.migrations import upgrade
from data_access.scope import Person
from tests.attention.test_attention_rules import DAY, NORTH, SOUTH, ago, deal, found, scope_on
from tests.independent.product import load
from tests.independent.random.organisations import write
from tests.ui_fixtures import copied

FACTORS = ("potential", "reference_effect", "winnability")
SCORED = ("judged", "only close", "only needs", "never", "south")
DIRECTOR = Person("director")


def company(folder, leave_out: tuple[str, ...] = ()):
    """Five scored accounts, all of them key; three unscored ones, of which two are among the largest."""
    keys = (*SCORED, "huge", "much open", "small")
    worth = {"huge": "90000", "judged": "500", "never": "400", "small": "30"}
    reps = [{"rep_id": key, "name": key, "region_id": NORTH, "left_on": left} for key, left in REPS.items()]
    tables = {
        "region": [{"region_id": key, "name": key} for key in (NORTH, SOUTH)],
        "rep": reps,
        "stage": [
            {"pipeline": "sales", "stage": "talk", "position": 1, "kind": "open", "probability": "0.5"},
            {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
        ],
        "account": [
            {"account_id": key, "name": key, "region_id": SOUTH if key == "south" else NORTH, "owner_id": "r1"}
            | {"key_account_director_id": "d1" if key == "only needs" else ""}
            for key in keys
        ],
        "account_score": [
            {"account_id": key, "factor": factor, "score": 5, "assessed_on": ago(90)}
            for key in keys
            for factor in (FACTORS if key in SCORED else FACTORS[:1])
        ],
        "closeness_score": [
            {"account_id": key, "score": 5, "assessed_on": ago(days)}
            for key, days in (("judged", 9), ("only close", 0), ("south", 9))
        ],
        "account_need": [
            {"account_id": key, "window": "1-3y", "solution": "x", "value": 1, "capability": 5, "assessed_on": ago(9)}
            for key in ("judged", "only needs", "south")
        ],
        "account_goal": [
            {"account_id": "judged", "goal": "meet the top", "done_on": ago(20)},
            {"account_id": "judged", "goal": "frame contract"},
            {"account_id": "only close", "goal": "meet the top", "done_on": ago(1)},
            {"account_id": "only needs", "goal": "meet the top", "done_on": str(DAY)},
        ],
        "assignment": [
            {"subject_kind": "account", "subject_id": key, "role": "director", "rep_id": rep}
            | {"from_on": ago(begun), "to_on": "" if ended is None else ago(ended)}
            for key, rep, begun, ended in (
                ("judged", "d1", 50, -1),
                ("only close", "d1", 50, 0),
                ("never", "gone", 50, None),
                ("south", "d1", -1, None),
            )
        ],
        "opportunity": [
            *(
                deal(f"won {key}", "won", 20, account_id=key, closed_on=ago(10), amount=amount)
                for key, amount in worth.items()
            ),
            deal("open", account_id="much open", amount="700"),
            deal("open too", account_id="judged", amount="200", entered=0),
        ],
    }
    return write({table: rows for table, rows in tables.items() if table not in leave_out}, folder)


REPS = {"r1": "", "d1": ago(-1), "gone": str(DAY)}


def loaded(place, **more):
    made = provide(f"sqlite:///{place / 'cockpit.db'}")
    upgrade(made)
    load(made, company(place / "company", **more))
    found(made)  # publishes that everybody scored is key
    return made


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    made = loaded(tmp_path_factory.mktemp("silence"))
    yield made
    made.dispose()


@pytest.fixture
def written(database, tmp_path):
    """A copy that people may write to."""
    made = provide(copied(database.url.render_as_string(), tmp_path))
    yield made
    made.dispose()


def details(rows: pd.DataFrame, rule: str) -> dict[str, object]:
    """What a rule says of each account."""
    own = rows[rows["rule"] == rule]
    return {row.subject_id: None if pd.isna(row.detail) else row.detail for row in own.itertuples()}


def test_never_assessed_names_what_nobody_ever_judged(database):
    rows = found(database).rows
    assert details(rows, "never_assessed") == {
        "only close": "needs",
        "only needs": "closeness",
        "never": "closeness needs",
    }
    yesterday = details(found(database, scope_on(DAY - timedelta(days=1))).rows, "never_assessed")
    assert yesterday["only close"] == "closeness needs"


def test_a_director_is_there_before_the_day_the_post_ends_and_before_they_leave(database):
    rows = found(database).rows
    assert details(rows, "key_without_director") == {"only close": None, "never": "left", "south": None}
    assert rows.loc[rows["rule"] == "key_without_director", "owner_id"].isna().all()
    yesterday = details(found(database, scope_on(DAY - timedelta(days=1))).rows, "key_without_director")
    assert set(yesterday) == {"south"}
    tomorrow_they_left = scope_on(DAY + timedelta(days=1))
    assert details(found(database, tomorrow_they_left).rows, "key_without_director")["only needs"] == "left"


def test_a_goal_reached_is_none_to_come(database):
    rows = found(database).rows
    own = rows[rows["rule"] == "key_without_goal"].set_index("subject_id")["measure"]
    assert own.to_dict() == {"only close": 1, "only needs": 1, "never": 0, "south": 0}
    yesterday = details(found(database, scope_on(DAY - timedelta(days=1))).rows, "key_without_goal")
    assert "only needs" not in yesterday and "only close" in yesterday


def test_a_goal_set_on_a_page_counts_until_it_is_taken_back_or_reached(written):
    goal = {"goal": "a first meeting"}
    (entry,) = entries.enter(written, DIRECTOR, "account_goal", "never", [goal], at=datetime(2026, 6, 30, 9))
    assert "never" not in details(found(written).rows, "key_without_goal")
    assert "never" in details(found(written, scope_on(DAY - timedelta(days=1))).rows, "key_without_goal")
    entries.withdraw(written, DIRECTOR, "account_goal", "never", [entry], at=datetime(2026, 6, 30, 10))
    assert "never" in details(found(written).rows, "key_without_goal")
    reached = {"goal": "frame contract", "done_on": DAY}
    entries.enter(written, DIRECTOR, "account_goal", "judged", [reached], at=datetime(2026, 6, 30, 11))
    rows = found(written).rows
    assert rows[(rows["rule"] == "key_without_goal") & (rows["subject_id"] == "judged")]["measure"].tolist() == [2]


def test_large_but_unscored_by_revenue_or_by_what_is_open(written):
    missing = "reference_effect winnability"
    assert details(found(written).rows, "large_unscored") == {
        "huge": f"revenue {missing}",
        "much open": f"pipeline {missing}",
        "small": f"revenue {missing}",
    }
    profiles.publish(written, DIRECTOR, KIND, {"large_accounts": 3}, "few", based_on=0, at=datetime(2026, 6, 30, 9))
    rows = found(written).rows
    assert set(details(rows, "large_unscored")) == {"huge", "much open"}
    own = rows[rows["rule"] == "large_unscored"].set_index("subject_id")
    assert own["measure"].to_dict() == {"huge": 1, "much open": 1} and own["limit"].tolist() == [3, 3]
    # Half of 700 can be expected; what such a state costs is assumed to be a tenth. Of 90,000 won likewise.
    assert own["value_at_risk"].to_dict() == pytest.approx({"huge": 9_000, "much open": 35})


def test_who_sees_a_region_is_told_of_its_own_by_the_companys_places(database):
    assert details(found(database, scope_on(person=Person("manager", (SOUTH,)))).rows, "large_unscored") == {}
    rows = found(database, scope_on(person=Person("manager", (NORTH,)))).rows
    own = rows[rows["rule"] == "large_unscored"].set_index("subject_id")["measure"]
    assert own.to_dict() == {"huge": 1, "much open": 1, "small": 4}
    assert "south" not in set(rows["subject_id"])


def test_a_line_of_gaps_stands_apart_and_has_an_action_whose_turn_is_known(database):
    found_lines = lines(found(database).rows).set_index("subject_id")
    assert (found_lines.loc[["never", "only close", "huge"], "view"] == "gaps").all()
    assert found_lines.loc["never", "rules"] == ("key_without_director", "key_without_goal", "never_assessed")
    assert found_lines.loc["never", "days"] is pd.NA and pd.isna(found_lines.loc["never", "owner_id"])
    assert found_lines.loc["only needs", "owner_id"] == "r1"
    assert not set(ranked(found_lines.reset_index())["subject_id"]) & {"never", "only close", "huge", "much open"}


@pytest.mark.parametrize(
    ("tables", "rules"),
    [
        (("closeness_score", "account_need"), {"key_without_director", "key_without_goal", "large_unscored"}),
        (("account_goal",), {"never_assessed", "key_without_director", "large_unscored"}),
        (("account_score",), set()),
    ],
)
def test_what_is_recorded_of_nobody_is_missing_of_nobody(tables, rules, tmp_path):
    made = loaded(tmp_path, leave_out=tables)
    silence = {"never_assessed", "key_without_director", "key_without_goal", "large_unscored"}
    assert set(found(made).rows["rule"]) & silence == rules
    made.dispose()
