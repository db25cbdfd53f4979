"""The rules of Attention about openings, cost, support, contested and orphaned accounts, and the scissors: a case that
fires, and one that just does not."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from dashboard.answers.accounts import contested, orphaned
from dashboard.answers.attention.limits import KIND
from dashboard.metrics.attention import rules as metrics
from dashboard.metrics.attention.lines import lines
from data_access import profiles
from data_access.engine import provide
from data_access.migrations import upgrade
from data_access.scope import Person
from tests.accounts.market_fixtures import asking
from tests.attention.test_attention_rules import DAY, NORTH, SOUTH, activity, ago, days_of, deal, found, scope_on
from tests.independent.product import load
from tests.independent.random.organisations import write

NEXT_MONDAY = str(DAY + timedelta(days=7 - DAY.weekday()))


def booking(person: str, hours: float, deal_key: str = "booked", week: str = NEXT_MONDAY) -> dict:
    return {"resource_id": person, "opportunity_id": deal_key, "week": week, "hours": hours}


def request(key: str, needed_by: str, deal_key: str = "booked", **cells) -> dict:
    asked = {"request_id": key, "opportunity_id": deal_key, "kind": "expert", "hours": 4, "requested_on": ago(30)}
    return asked | {"needed_by": needed_by} | cells


def opening(key: str, territory: str, position: str, what_changed: str = "", days: int = 7) -> dict:
    judged = {"opportunity_id": key, "territory": territory, "position": position, "assessed_on": ago(days)}
    return judged | {"what_changed": what_changed}


def spell(account: str, rep: str, from_days: int, to_days: int | None = None) -> dict:
    owned = {"subject_kind": "account", "subject_id": account, "role": "owner", "rep_id": rep}
    return owned | {"from_on": ago(from_days), "to_on": "" if to_days is None else ago(to_days)}


def company(folder):
    """Support, openings, contested and orphaned accounts on each side of every threshold."""
    openings = [
        opening("chance", "theirs", "ahead"),
        opening("crisis", "ours", "behind"),
        opening("explained", "theirs", "ahead", "a new CIO"),
        opening("explained later", "theirs", "ahead", days=9),
        opening("explained later", "theirs", "ahead", "a new CIO", days=8),
        opening("problem", "ours", "even"),
    ]
    accounts = ("two regions", "one region", "89 days", "90 days", "left", "leaves", "silent", "spoken")
    handed = ("taken 15 days ago", "taken 14 days ago", "met since", "back from the pool")
    return write(
        {
            "region": [{"region_id": key, "name": key} for key in (NORTH, SOUTH)],
            "rep": [
                {"rep_id": "r1", "name": "Ann", "region_id": NORTH},
                {"rep_id": "r2", "name": "Bob", "region_id": SOUTH},
                {"rep_id": "gone", "name": "Cid", "region_id": NORTH, "left_on": str(DAY)},
                {"rep_id": "going", "name": "Dee", "region_id": NORTH, "left_on": ago(-1)},
            ],
            "stage": [
                {"pipeline": "sales", "stage": "talk", "position": 1, "kind": "open", "probability": "0.5"},
                {"pipeline": "sales", "stage": "lost", "position": 2, "kind": "lost"},
            ],
            "account": [
                {
                    "account_id": key,
                    "name": key,
                    "region_id": NORTH,
                    "owner_id": {"left": "gone", "leaves": "going"}.get(key, "r1"),
                    "created_on": ago(90 if key == "silent" else 89),
                }
                for key in (*accounts, *handed)
            ],
            "assignment": [
                *(spell(key, "r2", 300, 20) for key in handed),
                *(spell(key, "r1", 14 if key == "taken 14 days ago" else 15) for key in handed[:3]),
                spell("back from the pool", "r2", 15),
            ],
            "opportunity": [
                deal("booked", amount="300", gross_margin="90000"),
                deal("over", "lost", closed_on=ago(1)),
                deal("dear", amount="500", gross_margin="199.98"),
                deal("just worth it", gross_margin="200"),
                *(deal(key) for key in sorted({row["opportunity_id"] for row in openings})),
                deal("t1", account_id="two regions", amount="20", entered=40),
                deal("t2", account_id="two regions", amount="30", entered=12, region_id=SOUTH, owner_id="r2"),
                deal("o1", account_id="one region"),
                deal("o2", account_id="one region", owner_id="r2"),
                deal("d89", account_id="89 days"),
                deal("d90", account_id="90 days"),
                *(deal(f"of {key}", account_id=key, amount="70") for key in ("left", "leaves", "silent", "spoken")),
                *(deal(f"of {key}", account_id=key, amount="8") for key in handed),
                deal("of who left", account_id="spoken", owner_id="gone", amount="60"),
                deal("of who leaves", account_id="spoken", owner_id="going", amount="60"),
            ],
            "activity": [
                *(
                    activity(f"v{n}-{day}", rep_id="r2", account_id=f"{n} days", two_way=True, completed_at=ago(day))
                    for n in (89, 90)
                    for day in (n, n - 1)
                ),
                activity("v3", account_id="spoken", completed_at=ago(89)),
                *(activity(f"v {key}", rep_id="r2", account_id=key, completed_at=ago(10)) for key in handed[:3]),
                activity("v4", account_id="met since", completed_at=ago(15)),
            ],
            "opening": openings,
            "support_person": [
                {"resource_id": key, "name": key, "kind": "expert", "region_id": NORTH, "weekly_hours": 40}
                | {"hourly_cost": 100}
                for key in ("full", "over full", "past", "worker")
            ],
            "support_booking": [
                booking("full", 40),
                booking("over full", 40),
                booking("over full", 0.5, "over"),
                booking("past", 60, week=str(DAY - timedelta(days=DAY.weekday()))),
                booking("worker", 1, "dear", ago(DAY.weekday() + 7)),
                booking("worker", 1, "just worth it", ago(DAY.weekday() + 7)),
            ],
            "support_request": [
                request("late", ago(1)),
                request("due", str(DAY)),
                request("decided", ago(5), decided_on=ago(2), decision="granted"),
                request("of a lost deal", ago(3), "over"),
                request("wanted", NEXT_MONDAY, decided_on=ago(2), decision="granted", hours=9),
            ],
        },
        folder,
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    place = tmp_path_factory.mktemp("elsewhere")
    made = provide(f"sqlite:///{place / 'cockpit.db'}")
    upgrade(made)
    load(made, company(place / "company"))
    yield made
    made.dispose()


def values(rows, rule: str) -> dict[str, float]:
    own = rows[rows["rule"] == rule]
    return dict(zip(own["subject_id"], own["value_at_risk"], strict=True))


def test_an_abnormal_opening_that_nobody_explained(database):
    assert days_of(found(database).rows, "abnormal_opening") == {"chance": 7, "crisis": 7}


def test_cost_above_the_expected_margin_by_a_cent(database):
    """One hour at 100 was put into each; half of the margin can be expected."""
    rows = found(database).rows
    assert values(rows, "stop_loss") == {"dear": 25}  # amount × probability × the assumption
    row = rows[rows["rule"] == "stop_loss"].iloc[0]
    assert (row["measure"], float(row["limit"])) == (100, 99.99)
    assert pd.isna(row["days"])


def test_a_request_undecided_the_day_after_it_was_needed(database):
    rows = found(database).rows
    assert days_of(rows, "request_overdue") == {"late": 1, "of a lost deal": 3}
    assert values(rows, "request_overdue") == {"late": pytest.approx(15), "of a lost deal": 0}


def test_more_booked_than_available_in_a_coming_week(database):
    rows = found(database).rows
    # Of 40 hours the part of half an hour in 40.5 cannot be delivered. 9 hours move a tenth of half the margin.
    lost, an_hour = 40 * 0.5 / 40.5, 0.1 * 0.5 * 90_000 / 9
    assert values(rows, "overload") == {"over full": pytest.approx(lost * an_hour)}
    row = rows[rows["rule"] == "overload"].iloc[0]
    assert (row["measure"], row["limit"], row["detail"]) == (40.5, 40, NEXT_MONDAY)


def test_two_regions_on_one_account_in_ninety_days(database):
    rows = found(database).rows
    assert days_of(rows, "contested") == {"two regions": 12, "89 days": 5}
    assert values(rows, "contested") == {"two regions": 2.5, "89 days": 50}


def test_an_owner_who_left_and_an_account_silent_for_ninety_days(database):
    orphaned = days_of(found(database).rows, "orphaned")
    assert orphaned == {"left": 0, "silent": 90}
    assert values(found(database).rows, "orphaned") == {"left": 3.5, "silent": 3.5}


def test_an_open_deal_whose_owner_left_is_its_managers_though_the_account_is_looked_after(database):
    rows = found(database).rows
    assert days_of(rows, "owner_left") == {"of who left": 0}
    line = lines(rows).set_index("subject_id").loc["of who left"]
    assert "owner_left" in line["rules"] and pd.isna(line["owner_id"]) and line["region_id"] == NORTH
    orphaned = lines(rows).query("subject_kind == 'account'").set_index("subject_id")["owner_id"]
    assert pd.isna(orphaned["left"]) and orphaned["silent"] == "r1"


def test_a_first_contact_is_late_on_the_fifteenth_day_after_a_handover(database):
    rows = found(database).rows
    assert days_of(rows, "late_contact") == {"taken 15 days ago": 1}
    row = rows[rows["rule"] == "late_contact"].iloc[0]
    assert (row["owner_id"], row["detail"], row["measure"], row["value_at_risk"]) == ("r1", "Bob", 15, 0.4)


def test_published_thresholds_of_cost_support_and_requests(tmp_path):
    made = provide(f"sqlite:///{tmp_path / 'cockpit.db'}")
    upgrade(made)
    load(made, company(tmp_path / "company"))
    limits = dict(metrics.DEFAULTS) | {"stop_loss_share": 0.9, "overload_share": 0.9, "request_days": 1}
    profiles.publish(made, Person("director"), KIND, limits, "x", based_on=0, at=datetime(2026, 6, 1))
    rows = found(made).rows
    assert set(values(rows, "stop_loss")) == {"dear", "just worth it"}
    assert set(values(rows, "overload")) == {"full", "over full"}
    assert days_of(rows, "request_overdue") == {"of a lost deal": 2}
    made.dispose()


def test_published_days_of_contested_and_orphaned_accounts_hold_wherever_these_are_looked_at(tmp_path):
    made = provide(f"sqlite:///{tmp_path / 'cockpit.db'}")
    upgrade(made)
    load(made, company(tmp_path / "company"))
    for version, days in enumerate((91, 89)):
        limits = dict(metrics.DEFAULTS) | {"contested_days": days, "orphaned_days": days}
        profiles.publish(made, Person("director"), KIND, limits, "x", based_on=version, at=datetime(2026, 6, 1))
        rows = found(made).rows
        own = rows[rows["rule"] == "orphaned"]
        if days == 91:
            assert set(days_of(rows, "contested")) == {"two regions", "89 days", "90 days"}
            assert set(own["subject_id"]) == {"left"}
        else:
            assert set(days_of(rows, "contested")) == {"two regions"}
            assert len(own) == 8  # all but those last heard of since then
        assert set(own["limit"]) == {days}
        ask, scope = asking(made), scope_on()
        assert set(contested.accounts(ask, scope)["account_id"]) == set(days_of(rows, "contested"))
        assert set(orphaned.accounts(ask, scope)["account_id"]) == set(own["subject_id"])
    made.dispose()


# --- scissors -----------------------------------------------------------------------------------------


def market(folder, dearer_from: str):
    """A deal won each month with the same margin; marketing costs 100 a month, and 200 from a month on."""
    months = [str(day.date()) for day in pd.date_range("2024-01-01", "2026-06-01", freq="MS")]
    tables = {
        "stage": [
            {"pipeline": "sales", "stage": "talk", "position": 1, "kind": "open"},
            {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
        ],
        "opportunity": [
            deal(f"won {month}", "won", source="fair", gross_margin="10", created_on=month, closed_on=month)
            | {"owner_id": "", "region_id": ""}
            for month in months
        ]
        + [deal("last", source="fair", entered=0) | {"owner_id": "", "region_id": ""}],
        "marketing_cost": [
            {"month": month, "source": "fair", "amount": 200 if month >= dearer_from else 100} for month in months
        ],
    }
    return write(tables, folder)


@pytest.mark.parametrize(("dearer_from", "excess"), [("2025-10-01", 900), ("2026-01-01", None)])
def test_scissors_open_in_the_third_period_running(dearer_from, excess, sqlite, tmp_path):
    load(sqlite, market(tmp_path / "company", dearer_from))
    rows = found(sqlite).rows
    assert values(rows, "scissors") == ({} if excess is None else {"company": excess, "fair": excess})
    if excess:
        assert set(days_of(rows, "scissors").values()) == {273}  # since the end of September
        assert set(rows.loc[rows["rule"] == "scissors", "n"]) == {12}


def test_scissors_are_the_companys_and_muted_on_few_wins(sqlite, tmp_path):
    load(sqlite, market(tmp_path / "company", "2025-10-01"))
    limits = dict(metrics.DEFAULTS) | {"least_n": 13}
    profiles.publish(sqlite, Person("director"), KIND, limits, "x", based_on=0, at=datetime(2026, 6, 1))
    leaks = found(sqlite)
    assert "scissors" not in set(leaks.rows["rule"]) and len(leaks.muted) == 2
    assert found(sqlite, scope_on(track="fast")).muted.empty
