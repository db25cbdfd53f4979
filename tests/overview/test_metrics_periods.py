"""Periods that people name."""

from datetime import date, timedelta
from itertools import combinations_with_replacement

from dashboard.metrics import periods

AS_OF = date(2026, 11, 21)


def test_presets(subtests):
    for name, fiscal, start, end in (
        ("this_day", 1, AS_OF, AS_OF),
        ("last_day", 1, date(2026, 11, 20), date(2026, 11, 20)),
        ("this_week", 1, date(2026, 11, 16), date(2026, 11, 22)),
        ("last_week", 1, date(2026, 11, 9), date(2026, 11, 15)),
        ("this_month", 1, date(2026, 11, 1), date(2026, 11, 30)),
        ("last_month", 1, date(2026, 10, 1), date(2026, 10, 31)),
        ("this_quarter", 1, date(2026, 10, 1), date(2026, 12, 31)),
        ("last_quarter", 1, date(2026, 7, 1), date(2026, 9, 30)),
        ("this_quarter", 2, date(2026, 11, 1), date(2027, 1, 31)),
        ("this_half_year", 1, date(2026, 7, 1), date(2026, 12, 31)),
        ("last_half_year", 4, date(2026, 4, 1), date(2026, 9, 30)),
        ("this_fiscal_year", 1, date(2026, 1, 1), date(2026, 12, 31)),
        ("this_fiscal_year", 12, date(2025, 12, 1), date(2026, 11, 30)),
        ("last_fiscal_year", 4, date(2025, 4, 1), date(2026, 3, 31)),
        ("trailing_12_months", 1, date(2025, 11, 22), AS_OF),
    ):
        with subtests.test(name=name, fiscal=fiscal):
            assert periods.preset(name, AS_OF, fiscal) == (start, end)


def test_the_last_period_that_is_over_begins_by_the_last_day_of_the_data(subtests):
    friday, sunday, monday = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23)
    for kind, last_day, today, start, end in (
        ("day", friday, monday, friday, friday),
        ("day", monday, monday, sunday, sunday),
        ("week", friday, monday, date(2026, 11, 16), sunday),  # nothing happened at the weekend, and the week is over
        ("week", friday, sunday, date(2026, 11, 9), date(2026, 11, 15)),
        ("week", monday, monday, date(2026, 11, 16), sunday),
        ("month", friday, monday, date(2026, 10, 1), date(2026, 10, 31)),
        ("month", friday, date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", friday, monday, date(2026, 7, 1), date(2026, 9, 30)),
    ):
        with subtests.test(kind=kind, last_day=last_day, today=today):
            assert periods.ended(kind, last_day, today) == (start, end)


def test_a_leap_day_has_a_year_before():
    assert periods.preset("trailing_12_months", date(2024, 2, 29))[0] == date(2023, 3, 1)


def test_a_running_period_is_compared_with_as_many_days_of_the_one_before():
    quarter = periods.preset("this_quarter", AS_OF)
    assert periods.like_for_like(quarter, AS_OF) == ((date(2026, 7, 1), date(2026, 9, 30)), date(2026, 8, 21))


def test_an_ended_period_is_compared_with_the_whole_one_before_as_long_after_it():
    february = date(2026, 2, 1), date(2026, 2, 28)
    january = date(2026, 1, 1), date(2026, 1, 31)
    assert periods.like_for_like(february, date(2026, 2, 28)) == (january, date(2026, 1, 31))
    assert periods.like_for_like(february, date(2026, 3, 10)) == (january, date(2026, 2, 10))


def test_the_last_day_of_a_longer_month_meets_the_end_of_a_shorter_one():
    march = date(2026, 3, 1), date(2026, 3, 31)
    assert periods.like_for_like(march, date(2026, 3, 30))[1] == date(2026, 2, 28)


def test_days_that_are_no_months_are_compared_with_equally_many():
    days = date(2026, 11, 11), date(2026, 11, 20)
    assert periods.like_for_like(days, AS_OF) == ((date(2026, 11, 1), date(2026, 11, 10)), date(2026, 11, 11))


def test_the_calendar_begins_somewhere():
    century = (date(1900, 1, 1), date(1999, 12, 31))
    assert periods.earlier(century, 99)[-1] == (date(100, 1, 1), date(199, 12, 31))
    odd = (date(1, 1, 12), date(1, 1, 16))
    assert periods.earlier(odd, 8) == [(date(1, 1, 7), date(1, 1, 11)), (date(1, 1, 2), date(1, 1, 6))]
    assert periods.earlier((date(1, 2, 1), date(1, 2, 28)), 8) == [(date(1, 1, 1), date(1, 1, 31))]
    assert periods.earlier((date.min, date(1, 1, 31)), 8) == []


def test_a_period_is_whole_months_only_from_a_first_day_to_a_last_one():
    """As many as first days are in it, over a turn of the year and a leap February."""
    days = [date(2023, 11, 29) + timedelta(days=n) for n in range(125)]
    told, counted = {}, {}
    for start, end in combinations_with_replacement(days, 2):
        told[start, end] = periods.months_of((start, end))
        is_whole = start.day == 1 and (end + timedelta(days=1)).day == 1
        counted[start, end] = sum(start <= day <= end and day.day == 1 for day in days) if is_whole else None
    assert told == counted and set(counted.values()) == {None, 1, 2, 3, 4}
