"""Days as numbers in SQL are those of Python, on each database; that the copy agrees is a law of its own."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from data_access.database.days import day_of, month_of

DAYS = [date(1, 1, 1), date(1582, 10, 15), date(1900, 2, 28), date(2000, 2, 29), date(2024, 12, 31), date(9999, 12, 31)]
DAYS += [date(2026, 1, 1) + timedelta(days=days) for days in range(0, 800, 13)]
TIMES = (time(), time(0, 0, 0, 1), time(12), time(23, 59, 59, 999_999))


@pytest.mark.postgresql
def test_days_and_months_are_counted_as_python_does(database):
    moments = [datetime.combine(day, at) for day in DAYS for at in TIMES]
    with database.connect() as connection:
        for kind, values in ((sa.Date(), DAYS), (sa.DateTime(), moments)):
            asked = sa.bindparam("asked", type_=kind)
            for value in values:
                found = connection.execute(sa.select(day_of(asked), month_of(asked)), {"asked": value}).one()
                assert found == (value.toordinal(), value.replace(day=1).toordinal()), value
        nothing = sa.cast(sa.null(), sa.Date)
        assert connection.execute(sa.select(day_of(nothing), month_of(nothing))).one() == (None, None)
