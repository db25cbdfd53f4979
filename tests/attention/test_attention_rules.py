"""Every rule of Attention: a case that fires, one that just does not, and since when; thresholds, muting, scope."""

from datetime import date, datetime, timedelta
from functools import cache

import pandas as pd
import pytest

from dashboard.answers.attention import leaks as answers
from dashboard.answers.attention.limits import KIND
from dashboard.metrics.attention import rules as metrics
from dashboard.metrics.attention.lines import lines
from data_access import organisation, profiles
from data_access.engine import provide
from data_access.migrations import upgrade
from data_access.scope import Period, Person, Scope
from tests.independent.product import load
from tests.independent.random.organisations import write

DAY = date(2026, 6, 30)
NORTH, SOUTH = "north", "south"


def ago(days: int) -> str:
    return str(DAY - timedelta(days=days))


def deal(key: str, stage: str = "talk", entered: int = 5, **cells) -> dict:
    """An open deal that no rule minds, created on the day it entered its stage, unless told otherwise."""
    return {
        "opportunity_id": key,
        "pipeline": "sales",
        "stage": stage,
        "track": "fast",
        "region_id": NORTH,
        "owner_id": "r1",
        "amount": "1000",
        "created_on": ago(entered),
        "expected_close_on": ago(-1000),
    } | cells


def history(deal: dict, *rows: dict) -> list[dict]:
    """The deal's creation, in its stage unless told otherwise, and what came after."""
    key = deal["opportunity_id"]
    first = {"opportunity_id": key, "changed_at": deal["created_on"], "stage": deal["stage"], "amount": deal["amount"]}
    return [first | {"expected_close_on": deal["expected_close_on"]}, *({"opportunity_id": key} | row for row in rows)]


def pushed(key: str, *days: int, last_later: bool = True) -> tuple[dict, list[dict]]:
    """A deal whose expected close went a month later on each of these days ago; the last one perhaps earlier."""
    dates = [date(2026, 7, 1) + timedelta(days=30 * n) for n in range(len(days) + 1)]
    if not last_later:
        dates[-1] = dates[0]
    one = deal(key, entered=200, expected_close_on=str(dates[0]))
    rows = [{"changed_at": ago(back), "expected_close_on": str(to)} for back, to in zip(days, dates[1:], strict=True)]
    return one | {"expected_close_on": str(dates[-1])}, history(one, *rows)


def left(key: str, track: str, days: int) -> tuple[dict, list[dict]]:
    """A deal that was in the stage without target days for so many days, then lost."""
    one = deal(key, "think", 300, track=track)
    lost_on = ago(300 - days)
    closed = one | {"stage": "lost", "closed_on": lost_on, "loss_reason": "price"}
    return closed, history(one, {"changed_at": lost_on, "stage": "lost"})


def activity(key: str, **cells) -> dict:
    return {"activity_id": key, "rep_id": "r1", "kind": "call"} | cells


def company(folder):
    """One company with a case on each side of every threshold."""
    plain = [
        deal("31 days", entered=31),
        deal("30 days", entered=30),
        deal("norm 11", "think", 11),
        deal("norm 10", "think", 10),
        deal("thin norm", "think", 200, track="large"),
        deal("overdue", expected_close_on=ago(1)),
        deal("due today", expected_close_on=str(DAY)),
        deal("no date", expected_close_on=""),
        deal("step today"),
        deal("step missed"),
        deal("step done today"),
        deal("step cancelled"),
        deal("never a step"),
        deal("step entered later"),
        deal("no amount", entered=40, amount=""),
        deal("no rate", entered=40, currency="XXX"),
        deal("in dollars", entered=40, currency="USD"),
        deal("in the south", entered=40, region_id=SOUTH, owner_id="r2"),
    ]
    made = [(one, history(one)) for one in plain]
    made += [left(f"fast {n}", "fast", 10) for n in range(8)] + [left(f"large {n}", "large", 10) for n in range(8)]
    made += [
        pushed("thrice", 90, 60, 20, 10),
        pushed("twice", 90, 60),
        pushed("twice and back", 90, 60, 20, last_later=False),
    ]
    accounts = {
        "61 days": {"two_way": 61},
        "60 days": {"two_way": 60},
        "only emails": {"one_way": 1, "created_on": ago(100)},
        "new": {"created_on": ago(60)},
        "importance 184": {"importance": 184},
        "importance 183": {"importance": 183},
        "needs 63": {"needs": 63},
        "needs 62": {"needs": 62},
        "closeness 32": {"closeness": 32},
        "closeness 31": {"closeness": 31},
        "several": {"importance": 190, "needs": 100, "closeness": 1},
        "with pipeline": {"two_way": 61},
        "with revenue": {"two_way": 61},
    }
    steps = [
        activity("p1", opportunity_id="step today", planned_on=str(DAY)),
        activity("p2", opportunity_id="step missed", planned_on=ago(1)),
        activity("p3", opportunity_id="step done today", planned_on=ago(-5), completed_at=str(DAY)),
        activity("p5", opportunity_id="step entered later", planned_on=ago(-5), created_on=str(DAY)),
        activity("p4", opportunity_id="step cancelled", planned_on=ago(-5), cancelled_on=ago(2)),
    ]
    won = deal("won", "won", 20, account_id="with revenue", closed_on=ago(10), amount="70", track="large")
    made += [
        (deal("theirs", account_id="with pipeline", amount="44"), []),
        (won, []),
    ]
    tables = {
        "region": [{"region_id": key, "name": key} for key in (NORTH, SOUTH)],
        "rep": [{"rep_id": key, "name": key, "region_id": where} for key, where in (("r1", NORTH), ("r2", SOUTH))],
        "stage": [
            {
                "pipeline": "sales",
                "stage": "talk",
                "position": 1,
                "kind": "open",
                "target_days": 30,
                "probability": 0.5,
            },
            {"pipeline": "sales", "stage": "think", "position": 2, "kind": "open"},
            {"pipeline": "sales", "stage": "won", "position": 3, "kind": "won"},
            {"pipeline": "sales", "stage": "lost", "position": 4, "kind": "lost"},
        ],
        "opportunity": [one for one, _ in made],
        "opportunity_history": [row for _, rows in made for row in rows],
        "exchange_rate": [{"currency": "USD", "valid_from": "2020-01-01", "rate": "7.123"}],
        "account": [
            {"account_id": key, "name": key, "industry": key, "region_id": NORTH, "owner_id": "r1"}
            | {name: value for name, value in cells.items() if name == "created_on"}
            for key, cells in accounts.items()
        ],
        "account_score": [
            {"account_id": key, "factor": factor, "score": 5, "assessed_on": ago(cells.get("importance", 1))}
            for key, cells in accounts.items()
            for factor in ("potential", "reference_effect", "winnability")
        ],
        "account_need": [
            {"account_id": key, "window": "0-3m", "solution": "x", "value": 1, "capability": 5, "assessed_on": ago(n)}
            for key, cells in accounts.items()
            for n in ([cells["needs"]] if "needs" in cells else [])
        ],
        "closeness_score": [
            {"account_id": key, "score": 5, "assessed_on": ago(cells["closeness"])}
            for key, cells in accounts.items()
            if "closeness" in cells
        ],
        "activity": steps
        + [
            activity(f"c {kind} {key}", account_id=key, completed_at=ago(cells[kind]), two_way=str(kind == "two_way"))
            for key, cells in accounts.items()
            for kind in ("two_way", "one_way")
            if kind in cells
        ],
    }
    return write(tables, folder)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    place = tmp_path_factory.mktemp("rules")
    made = provide(f"sqlite:///{place / 'cockpit.db'}")
    upgrade(made)
    load(made, company(place / "company"))
    yield made
    made.dispose()


def scope_on(day: date = DAY, person: Person | None = None, **more) -> Scope:
    return Scope(person or Person("executive"), Period(day, day), day, DAY, **more)


def found(database, scope: Scope | None = None) -> answers.Leaks:
    # Everybody is key: who is, is another subject's to test.
    if profiles.published(database, None, "key_account").empty:
        payload = {"weights": {"potential": 1}, "cut_points": [1.0] * 10, "top": 1.0, "floor": 0.0}
        profiles.publish(
            database, Person("director"), "key_account", payload, "all", based_on=0, at=datetime(2020, 1, 1)
        )
    return _found(database, organisation.state(database).version, scope or scope_on())


@cache  # most tests read another line of the same answer
def _found(database, version: int, scope: Scope) -> answers.Leaks:
    def ask(question, asked, *arguments, **named):
        return question(database, asked, *arguments, **named)

    return answers.leaks(ask, scope)


def days_of(rows, rule: str) -> dict[str, int | None]:
    own = rows[rows["rule"] == rule]
    return dict(zip(own["subject_id"], own["days"].astype(object), strict=True))


def test_stalled_beyond_target_days_or_the_norm_of_ten_deals(database):
    leaks = found(database)
    stalled = days_of(leaks.rows, "stalled")
    assert stalled["31 days"] == 1 and "30 days" not in stalled
    # Eight left after 10 days each; with the two that are still there the norm rests on ten deals.
    assert stalled["norm 11"] == 1 and "norm 10" not in stalled
    row = leaks.rows[(leaks.rows["subject_id"] == "norm 11") & (leaks.rows["rule"] == "stalled")].iloc[0]
    assert (row["measure"], row["limit"], row["n"], row["detail"]) == (11, 10, 10, "think")


def test_a_norm_of_nine_deals_mutes(database):
    leaks = found(database)
    assert "thin norm" not in days_of(leaks.rows, "stalled")
    assert days_of(leaks.muted, "stalled") == {"thin norm": 190}
    assert leaks.muted["n"].tolist() == [9]


def test_pushed_three_times_since_the_third(database):
    assert days_of(found(database).rows, "pushed") == {"thrice": 20}


def test_no_next_step_since_the_last_was_done_dropped_or_missed(database):
    missing = days_of(found(database).rows, "no_next_step")
    assert "step today" not in missing
    assert missing["step missed"] == 1 and missing["step done today"] == 0
    assert missing["step cancelled"] == 2
    assert missing["never a step"] == 5  # since its creation


def test_a_step_is_planned_from_the_day_it_was_entered(database):
    """As of the day before nothing is planned with it, though the day it is planned for was still to come."""
    assert "step entered later" not in days_of(found(database).rows, "no_next_step")
    before = found(database, scope_on(DAY - timedelta(days=1))).rows
    assert days_of(before, "no_next_step")["step entered later"] == 4


def test_past_its_close_date_from_the_day_after(database):
    assert days_of(found(database).rows, "overdue") == {"overdue": 1}


def test_silent_for_more_than_sixty_days(database):
    silent = days_of(found(database).rows, "silent")
    assert silent["61 days"] == 1 and "60 days" not in silent
    assert silent["only emails"] == 40 and "new" not in silent
    assert pd.isna(silent["importance 183"])  # never a word, and nobody knows since when it is there


def test_an_assessment_is_overdue_the_day_after_its_rhythm(database):
    overdue = days_of(found(database).rows, "assessment_overdue")
    assert overdue == {"importance 184": 1, "needs 63": 1, "closeness 32": 1, "several": 38}
    rows = found(database).rows
    several = rows[(rows["subject_id"] == "several") & (rows["rule"] == "assessment_overdue")].iloc[0]
    assert several["detail"] == "0-3m potential reference_effect winnability"


def test_value_at_risk_is_a_part_of_what_can_be_expected_or_not_known(database):
    """Half of each can be expected; nothing was ever won here from a stage, so a tenth of that is assumed."""
    rows = found(database).rows
    value = rows[rows["rule"].isin(("stalled", "silent"))].set_index("subject_id")["value_at_risk"]
    assert (value["31 days"], value["in dollars"]) == pytest.approx((50, 356.15))
    assert value.isna()[["no amount", "no rate"]].all()
    assert (value["with pipeline"], value["with revenue"], value["61 days"]) == pytest.approx((0, 7, 0))
    assert (
        rows.set_index("subject_id")["value_at_risk"]["theirs"] == 2.2
    )  # its own line holds it, so the account's none
    assert rows["is_assumed"].all()
    known = rows["value_at_risk"].dropna().tolist()
    assert known == sorted(known, reverse=True) and rows["value_at_risk"].iloc[-1:].isna().all()


def test_a_deal_counts_once_in_the_total_whatever_it_breaks(database):
    rows = found(database).rows
    deals = rows[rows["subject_kind"] == "opportunity"]
    assert deals["subject_id"].duplicated().any()
    own = lines(rows).query("subject_kind == 'opportunity'").set_index("subject_id")["value_at_risk"]
    largest = deals.groupby("subject_id")["value_at_risk"].max()
    assert own.dropna().to_dict() == largest.dropna().to_dict() and set(own.index) == set(largest.index)
    by_rule = metrics.by_rule(rows).set_index("rule")
    assert by_rule.loc["stalled", "leaks"] == (rows["rule"] == "stalled").sum()
    assert by_rule.loc["stalled", "without_value"] == 3  # no amount, no rate, a stage without a probability


def test_a_manager_and_a_region_filter_see_their_rows_of_the_companys(database):
    everything = found(database).rows
    assert everything.loc[everything["region_id"] == SOUTH, "subject_id"].tolist() == ["in the south"] * 2
    for scope in (scope_on(person=Person("manager", (SOUTH,))), scope_on(regions=(SOUTH,))):
        assert set(found(database, scope).rows["subject_id"]) == {"in the south"}
    both = [found(database, scope_on(regions=(region,))).rows for region in (NORTH, SOUTH)]
    assert sum(map(len, both)) == len(everything[everything["region_id"].notna()])


def test_what_only_deals_have_leaves_only_rules_about_deals(database):
    rules = set(found(database, scope_on(track="fast")).rows["rule"])
    assert rules == {"stalled", "pushed", "no_next_step", "overdue"}
    of_segment = found(database, scope_on(segments=("61 days",))).rows
    assert set(of_segment["rule"]) == {"silent", "never_assessed"}


def test_nothing_recorded_is_no_leak(database):
    """On a day before any activity and any deal but the oldest."""
    rules = set(found(database, scope_on(DAY - timedelta(days=300))).rows["rule"])
    assert rules <= {"stalled"}


def test_the_past_shows_what_would_have_fired_then(database):
    then = found(database, scope_on(DAY - timedelta(days=1))).rows
    assert days_of(then, "overdue") == {} and "31 days" not in days_of(then, "stalled")
    assert days_of(then, "pushed") == {"thrice": 19}


def test_published_thresholds_hold_from_then_on(tmp_path):
    made = provide(f"sqlite:///{tmp_path / 'cockpit.db'}")
    upgrade(made)
    load(made, company(tmp_path / "company"))
    director = Person("director")
    limits = dict(metrics.DEFAULTS) | {"pushes": 2, "stalled_days": 1, "silent_days": 59, "least_n": 9}
    profiles.publish(made, director, KIND, limits, "closer", based_on=0, at=datetime(2026, 6, 30, 9))
    leaks = found(made)
    assert leaks.limits.version == 1
    assert days_of(leaks.rows, "pushed") == {"thrice": 60, "twice": 60, "twice and back": 60}
    assert days_of(leaks.rows, "silent")["60 days"] == 1
    assert "31 days" not in days_of(leaks.rows, "stalled")
    assert days_of(leaks.rows, "stalled")["thin norm"] == 189 and leaks.muted.empty
    made.dispose()


# --- coverage -----------------------------------------------------------------------------------------


def coverage_company(folder, closing: dict[str, str], large_lost: int = 3):
    """A region with 400 left to win of June's target; fast deals won at 1/2 by value, large ones at 1/4; and what is
    expected to close by the quarter's end, per track. It closed 12 deals in twelve months, unless fewer were lost."""
    closed = [
        deal(f"{track} {outcome} {n}", outcome, 150, track=track, amount=amount, closed_on=day)
        for track, outcome, number, amount, day in (
            ("fast", "won", 3, "100", ago(95)),
            ("fast", "lost", 4, "100", ago(95)),
            ("large", "won", 1, "200", ago(95)),
            ("large", "lost", large_lost, "200", ago(95)),
        )
        for n in range(number)
    ]
    closed.append(deal("won in the quarter", "won", 30, amount="100", closed_on=ago(20)))
    opened = [deal(track, track=track, amount=amount, expected_close_on=str(DAY)) for track, amount in closing.items()]
    tables = {
        "region": [{"region_id": NORTH, "name": NORTH}],
        "rep": [{"rep_id": "r1", "name": "Ann", "region_id": NORTH}],
        "stage": [
            {"pipeline": "sales", "stage": "talk", "position": 1, "kind": "open", "target_days": 30},
            {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
            {"pipeline": "sales", "stage": "lost", "position": 3, "kind": "lost"},
        ],
        "target": [{"rep_id": "r1", "month": "2026-06-01", "amount": "500"}],
        "opportunity": [*closed, *opened],
    }
    return write(tables, folder)


@pytest.mark.parametrize(
    ("closing", "needed", "missing"),
    [
        ({"fast": "800"}, 2, None),  # 400 are left, and half of it is won: just enough
        ({"fast": "799.99"}, 2, 0.01),
        ({"large": "1600"}, 4, None),
        ({"large": "1599"}, 4, 1),
        ({"fast": "300", "large": "300"}, 2 * 4 / 3, 400 * 8 / 3 - 600),  # 150 and 75 of 600 are won
        ({}, 2, 800),  # nothing closes: the best track's rate
    ],
)
def test_coverage_below_need_by_the_tracks_of_the_pipeline(closing, needed, missing, sqlite, tmp_path):
    load(sqlite, coverage_company(tmp_path / "company", closing))
    rows = found(sqlite, scope_on(DAY - timedelta(days=1))).rows
    row = rows[rows["rule"] == "coverage"]
    assert len(row) == (missing is not None)
    if missing is not None:
        assert (row["limit"] - row["measure"]).iloc[0] * 400 == pytest.approx(missing)
        assert row["value_at_risk"].iloc[0] == 400  # no stage says what can be expected of the open
        assert row["limit"].iloc[0] == pytest.approx(needed) and row["n"].iloc[0] == 12
        assert pd.isna(row["days"].iloc[0])


def test_on_the_last_day_of_a_quarter_no_coverage_is_missing(sqlite, tmp_path):
    load(sqlite, coverage_company(tmp_path / "company", {}))
    assert "coverage" not in set(found(sqlite).rows["rule"])  # it has no rest


def test_a_win_rate_of_nine_closed_deals_mutes(sqlite, tmp_path):
    load(sqlite, coverage_company(tmp_path / "company", {"fast": "1"}, large_lost=0))
    leaks = found(sqlite, scope_on(DAY - timedelta(days=1)))
    assert "coverage" not in set(leaks.rows["rule"])
    assert leaks.muted[["rule", "n"]].to_numpy().tolist() == [["coverage", 9]]


def test_a_published_share_of_the_needed_coverage_is_enough(sqlite, tmp_path):
    load(sqlite, coverage_company(tmp_path / "company", {"fast": "700"}))
    limits = dict(metrics.DEFAULTS) | {"coverage_share": 0.875}
    profiles.publish(sqlite, Person("director"), KIND, limits, "x", based_on=0, at=datetime(2026, 6, 1))
    assert "coverage" not in set(found(sqlite, scope_on(DAY - timedelta(days=1))).rows["rule"])
