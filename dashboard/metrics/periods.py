"""Periods that people name, and what they are compared with. Pure: the day is an argument.

A period is a pair of days, both inside.
"""

from datetime import date, timedelta

Days = tuple[date, date]

PRESETS = (
    "this_day",
    "last_day",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_half_year",
    "last_half_year",
    "this_fiscal_year",
    "last_fiscal_year",
    "trailing_12_months",
)

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "fiscal_year": 12}
_DAYS = {"day": 1, "week": 7}


def _months_on(day: date, months: int) -> date:
    """The first day of the month `months` after the day's month."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _whole(start: date, months: int) -> Days:
    return start, _months_on(start, months) - timedelta(days=1)


def year_before(day: date) -> date:
    """The same date a year earlier; 29 February becomes the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def preset(name: str, as_of: date, fiscal_year_start_month: int = 1) -> Days:
    """The days of a named period around `as_of`. Weeks begin on a Monday; quarters and half-years count from the fiscal
    year's start."""
    if name == "trailing_12_months":
        return year_before(as_of) + timedelta(days=1), as_of
    which, kind = name.split("_", 1)
    if kind in _DAYS:
        first = as_of - timedelta(days=as_of.weekday() if kind == "week" else 0)
        first -= timedelta(days=_DAYS[kind] if which == "last" else 0)
        return first, first + timedelta(days=_DAYS[kind] - 1)
    months = _MONTHS[kind]
    into_year = (as_of.month - fiscal_year_start_month) % 12
    start = _months_on(as_of, -(into_year % months))
    if which == "last":
        start = _months_on(start, -months)
    return _whole(start, months)


def ended(kind: str, last_day: date, today: date, fiscal_year_start_month: int = 1) -> Days:
    """The latest period of a kind (day, week, month, quarter) that is over today, of those that begin by the last day
    of the data."""
    running = preset(f"this_{kind}", last_day, fiscal_year_start_month)
    return running if running[1] < today else preset(f"last_{kind}", last_day, fiscal_year_start_month)


def months_of(period: Days) -> int | None:
    """How many whole calendar months a period is; None where it is not."""
    start, end = period
    following = end + timedelta(days=1)
    if start.day != 1 or following.day != 1:
        return None
    return (following.year - start.year) * 12 + following.month - start.month


def earlier(period: Days, count: int) -> list[Days]:
    """The `count` periods before this one, latest first: whole months where it is, else equally many days. Fewer where
    the calendar has no more."""
    months = months_of(period)
    start, end = period
    length = (end - start).days + 1
    if months is not None:
        most = ((start.year - 1) * 12 + start.month - 1) // months
        return [_whole(_months_on(start, -months * step), months) for step in range(1, min(count, most) + 1)]
    most = (start - date.min).days // length
    shifts = [timedelta(days=length * step) for step in range(1, min(count, most) + 1)]
    return [(start - shift, end - shift) for shift in shifts]


def like_for_like(period: Days, as_of: date) -> tuple[Days, date]:
    """The period before, and its as-of date: as many days of it as have passed of a period still running, as many
    days after it as have passed since one that ended."""
    before = earlier(period, 1)[0]
    if as_of >= period[1]:
        return before, before[1] + (as_of - period[1])
    gone = max((as_of - period[0]).days, 0)
    return before, min(before[0] + timedelta(days=gone), before[1])


_LONGEST_STEP = 92  # days: a quarter


def steps(period: Days) -> list[Days]:
    """The parts, one after the other, in which a period is forecast: itself up to the length of a quarter; a longer one
    in equal steps of whole months (a year in quarters), else of as many days, counted back from its end."""
    months, days = months_of(period), (period[1] - period[0]).days + 1
    if days <= _LONGEST_STEP:
        return [period]
    if months is not None:
        size = next(size for size in (3, 2, 1) if months % size == 0)
        return [_whole(_months_on(period[0], start), size) for start in range(0, months, size)]
    count = -(-days // _LONGEST_STEP)
    last = period[1] - timedelta(days=-(-days // count) - 1), period[1]
    return [*reversed(earlier(last, count - 1)), last]


def weeks_before(period: Days) -> tuple[int, int, int]:
    """How many weeks before their ends past periods are forecast: 1, 4 and 8, and long ones a quarter, half and three
    quarters of their length."""
    if len(steps(period)) == 1:
        return 1, 4, 8
    months = months_of(period)
    weeks = 52 * months / 12 if months is not None else ((period[1] - period[0]).days + 1) / 7
    return int(weeks / 4), int(weeks / 2), int(weeks * 3 / 4)
