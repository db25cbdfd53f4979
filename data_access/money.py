"""Exact money in SQL: conversion to the base currency and weighting, half up to the cent.

Everything is 64-bit integer arithmetic, the same on every engine. A product of a large amount and a rate in
billionths would overflow, so both factors are split first: no step is larger than the result, or than 1.5e18.
That results stay below 9.2e18 is what the limits of a column are for (`limits.py`).
"""

import sqlalchemy as sa

from .schema import HOUR_SCALE, RATE_SCALE, SHARE_SCALE, rate_span


def base_amount(amount, currency, rate, base_currency):
    """`amount` minor units × `rate` billionths, rounded half up (a negative one by its size).

    NULL where the rate is missing. An empty currency, and the base currency, is taken as it is.
    """
    size = sa.func.abs(amount, type_=sa.BigInteger)
    converted = size * (rate // RATE_SCALE) + _part(size, rate % RATE_SCALE, RATE_SCALE)
    signed = sa.case((amount < 0, -converted), else_=converted)
    return sa.case((is_base(currency, base_currency), amount), else_=signed)


def is_base(currency, base_currency):
    return sa.func.coalesce(sa.func.nullif(currency, ""), base_currency) == base_currency


def exact_hours(hours):
    """Hours as whole millionths: added up as integers, they sum to the same on every engine."""
    return sa.cast(sa.func.round(hours * HOUR_SCALE), sa.BigInteger)


def cost_of_hours(hours, hourly_cost):
    """Hours × `hourly_cost` minor units, rounded half up; the hours as `exact_hours` has them."""
    return _part(hourly_cost, exact_hours(hours), HOUR_SCALE)


def cost_of_minutes(minutes, hourly_cost):
    """Minutes ÷ 60 × `hourly_cost` minor units, rounded half up."""
    return (minutes * hourly_cost + 30) // 60


def weighted(amount, probability):
    """`amount` minor units (0 or more) × `probability` billionths, rounded half up."""
    return _part(amount, probability, SHARE_SCALE)


def _part(amount, share, scale: int):
    """`amount` × `share` of a `scale`, both 0 or more, rounded half up."""
    return amount // scale * share + ((amount % scale) * share + scale // 2) // scale


def weighted_signed(amount, probability):
    """The same for an amount that may be negative, which is rounded half up by its size."""
    size = weighted(sa.func.abs(amount, type_=sa.BigInteger), probability)
    return sa.case((amount < 0, -size), else_=size)


def rate_on(currency, day, rates=rate_span):
    """The join condition of a currency's rate on a day (an ordinal, or a column of them)."""
    return sa.and_(rates.c.currency == currency, rates.c.from_day <= day, day < rates.c.to_day)
