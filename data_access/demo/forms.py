"""How arrays become columns of a file: days to ISO text, numbers to keys, codes to names.

Inside the demo a day is an integer, days since 1970-01-01, and a time a float of the same unit; `NEVER`
stands for no day. Nothing here draws anything.
"""

import datetime

import numpy as np
import pandas as pd

NEVER = np.iinfo(np.int64).min  # numpy reads it as "not a time"
FAR = 2**31  # after every day: the open end of a spell
_OPENS, _OPEN_HOURS = 9 * 3600, 9 * 3600  # offices work from nine to six


def day_number(date):
    return (date - datetime.date(1970, 1, 1)).days


def iso(days):
    """ISO dates as text; None where the day is NEVER."""
    days = np.asarray(days)
    known = days != NEVER
    found = np.full(len(days), None, dtype=object)
    found[known] = np.datetime_as_string(days[known].astype("int64").astype("datetime64[D]"))
    return found


def iso_moments(seconds):
    """ISO times as text, to the second; None where NEVER."""
    seconds = np.asarray(seconds)
    known = seconds != NEVER
    found = np.full(len(seconds), None, dtype=object)
    found[known] = np.datetime_as_string(seconds[known].astype("int64").astype("datetime64[s]"))
    return found


def working_seconds(times):
    """Times squeezed into weekdays from nine to six, in seconds. Keeps their order; never later a day."""
    times = np.asarray(times, dtype=float)
    weeks = np.floor((times + 3) / 7)  # 1970-01-01 was a Thursday
    in_week = (times + 3 - 7 * weeks) * 5 / 7
    weekday = np.floor(in_week)
    days = (7 * weeks + weekday - 3).astype("int64")
    return days * 86_400 + _OPENS + ((in_week - weekday) * _OPEN_HOURS).astype("int64")


def working_day(times):
    return working_seconds(times) // 86_400


def monday(days):
    """The Monday of each day's week."""
    return (np.asarray(days) + 3) // 7 * 7 - 3


def months_of(days):
    """Months since 1970-01."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def month_start(months):
    """The first day of a month given as months since 1970-01."""
    return np.asarray(months).astype("datetime64[M]").astype("datetime64[D]").astype("int64")


def quarters_of(days):
    return months_of(days) // 3


def quarter_start(quarters):
    return month_start(np.asarray(quarters) * 3)


def keys(prefix, numbers, width):
    """Keys such as D000042; None where the number is negative."""
    return np.array(
        [f"{prefix}{n + 1:0{width}d}" if n >= 0 else None for n in np.asarray(numbers).tolist()], dtype=object
    )


def picked(labels, codes):
    """The label of each code; None where the code is negative."""
    table = np.array([*labels, None], dtype=object)
    codes = np.asarray(codes)
    return table[np.where(codes < 0, len(labels), codes)]


def spread(rng, weights, n):
    """n codes drawn with the weights, which need not sum to 1."""
    weights = np.asarray(weights, dtype=float)
    return rng.choice(len(weights), size=n, p=weights / weights.sum())


def spread_by_row(rng, weights):
    """One code per row of a matrix of weights."""
    rising = np.cumsum(weights, axis=1)
    return (rng.random((len(weights), 1)) * rising[:, -1:] > rising).sum(axis=1)


def rounded(amounts, step):
    return np.round(np.asarray(amounts) / step) * step


def frame(**columns):
    return pd.DataFrame(columns)
