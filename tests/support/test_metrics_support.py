"""Support in small: overload, spread demand, the queue's lateness, and what alignment needs."""

from datetime import date

import pandas as pd
import pytest

from dashboard.metrics.support import resources as metrics

HOUR = 1_000_000


def weeks_of(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """Person-weeks from (resource_id, week, available, booked) in hours."""
    frame = pd.DataFrame(rows, columns=["resource_id", "week", "available", "booked"])
    return frame.assign(
        week=pd.to_datetime(frame["week"]), available=frame["available"] * HOUR, booked=frame["booked"] * HOUR
    )


def test_the_coming_weeks_are_those_whose_monday_comes_after_the_date(subtests):
    for as_of, first, last in (
        (date(2026, 11, 21), date(2026, 11, 23), date(2027, 1, 17)),  # a Saturday
        (date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 17)),  # a Sunday
        (date(2026, 11, 23), date(2026, 11, 30), date(2027, 1, 24)),  # a Monday: its week has begun
    ):
        with subtests.test(as_of=as_of):
            assert metrics.weeks_ahead(as_of) == (first, last)
            assert len(metrics.mondays(first, last)) == 8


def test_overload_is_more_than_all_hours_also_where_there_are_none():
    rows = [
        ("just full", "2026-11-23", 40, 40),
        ("over", "2026-11-23", 40, 40.1),
        ("away", "2026-11-23", 0, 8),
        ("idle", "2026-11-23", 0, 0),
    ]
    found = metrics.overload(weeks_of(rows))
    assert list(found["resource_id"]) == ["away", "over"]
    assert list(found["over"] / HOUR) == pytest.approx([8, 0.1])


def test_kinds_and_regions_sum_to_the_whole():
    weeks = weeks_of([("a", "2026-11-23", 40, 30), ("b", "2026-11-23", 0, 5), ("c", "2026-11-30", 20, 20)])
    weeks = weeks.assign(kind=["lab", "lab", "expert"])
    by_kind = metrics.summed(weeks, ["kind"]).set_index("kind")
    assert by_kind.loc["lab", "utilisation"] == pytest.approx(35 / 40) and by_kind.loc["expert", "utilisation"] == 1
    kept = pd.Series({"people": 3, "requests": 0, "bookings": 3})
    whole = metrics.totals(weeks, kept)
    assert whole["booked_hours"] == by_kind["booked_hours"].sum() == 55
    assert whole["available_hours"] == by_kind["available_hours"].sum() == 60


def requests_of(rows: list[tuple[str | None, float, float, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["needed_by", "hours", "booked_hours", "outcome"])
    return frame.assign(needed_by=pd.to_datetime(frame["needed_by"]), kind="expert")


def test_what_is_asked_is_spread_up_to_the_day_it_is_needed(subtests):
    for request_, spread in (
        (("2026-12-06", 40, 0, "open"), [20, 20]),  # the Sunday of the second week
        (("2026-12-07", 30, 0, "open"), [10, 10, 10]),  # the Monday after it
        (("2026-11-01", 8, 0, "open"), [8]),  # overdue: at once
        ((None, 40, 0, "open"), [5] * 8),
        (("2027-03-14", 32, 0, "open"), [2] * 8),  # half of sixteen weeks lies in sight
        (("2026-11-25", 40, 30, "open"), [10]),
        (("2026-11-25", 40, 50, "open"), [0]),
        (("2026-11-25", 40, 0, "lost"), []),
    ):
        with subtests.test(request_=request_):
            weeks = metrics.mondays(*metrics.weeks_ahead(date(2026, 11, 21)))
            found = metrics.demand(requests_of([request_]), weeks)
            assert list(found["asked"]) == spread and list(found["week"]) == list(weeks[: len(spread)])


def test_alignment_needs_two_deals_that_differ(subtests):
    for worth, hours, expected in (
        ([1, 2, 3], [10, 20, 30], 1),
        ([1, 2, 3], [30, 20, 10], -1),
        ([1, 2, None], [1, 2, 0], 1),  # of unknown worth: left out
        ([1, 2], [5, 5], None),
        ([2, 2], [1, 5], None),
        ([1], [1], None),
        ([], [], None),
    ):
        with subtests.test(worth=worth, hours=hours):
            served = pd.DataFrame({"weighted": pd.array(worth, dtype="Int64"), "hours": pd.array(hours, dtype="Int64")})
            found, n = metrics.alignment(served)
            assert n == sum(one is not None for one in worth)
            assert found == (None if expected is None else pytest.approx(expected))
