"""Conversion in SQL is exact: the same as Decimal, on both engines, for any amount and rate."""

from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.money import base_amount, weighted


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(-(9 * 10**12), 9 * 10**12), st.integers(1, 10**10), st.integers(0, 10**9)),
        min_size=1,
        max_size=20,
    )
)
def test_conversion_and_weighting_equal_decimal(database, cases):
    big = sa.BigInteger
    with database.connect() as connection:
        for amount, rate, probability in cases:
            found = connection.execute(
                sa.select(
                    base_amount(sa.literal(amount, big), sa.literal("USD"), sa.literal(rate, big), "CNY"),
                    weighted(sa.literal(abs(amount), big), sa.literal(probability, big)),
                )
            ).one()
            converted = Decimal(amount) * Decimal(rate) / 10**9
            assert tuple(map(int, found)) == (
                half_up(converted),
                half_up(Decimal(abs(amount)) * probability / 10**9),
            )


def test_the_base_currency_and_an_empty_one_need_no_rate(database):
    with database.connect() as connection:
        for currency in ("CNY", "", None):
            amount = base_amount(sa.literal(5, sa.BigInteger), sa.literal(currency, sa.Text), sa.null(), "CNY")
            assert connection.scalar(sa.select(amount)) == 5
        unknown = base_amount(sa.literal(5, sa.BigInteger), sa.literal("USD"), sa.cast(sa.null(), sa.BigInteger), "CNY")
        assert connection.scalar(sa.select(unknown)) is None
