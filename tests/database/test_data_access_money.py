"""Conversion in SQL is exact: the same as whole numbers of any size, on both engines, for all that fits."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from data_access.database.limits import LARGEST_AMOUNT, LARGEST_HOURLY_COST, LARGEST_HOURS, LARGEST_RATE
from data_access.money import base_amount, cost_of_hours, weighted
from data_access.schema import HOUR_SCALE, MONEY_SCALE, RATE_SCALE, SHARE_SCALE
from tests.rings import examples

pytestmark = pytest.mark.postgresql


def half_up(product: int, scale: int) -> int:
    rounded = (2 * abs(product) + scale) // (2 * scale)
    return -rounded if product < 0 else rounded


@st.composite
def converted(draw) -> tuple[int, int]:
    """An amount and a rate within the limits, whose product has 64 bits."""
    rate = draw(st.integers(1, 10**10) | st.integers(1, LARGEST_RATE * RATE_SCALE))
    largest = min(LARGEST_AMOUNT * MONEY_SCALE, 2**63 * RATE_SCALE // rate - 1)
    return draw(st.integers(-largest, largest) | st.sampled_from((-largest, largest))), rate


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(converted(), st.integers(0, SHARE_SCALE)), min_size=1, max_size=20))
def test_conversion_and_weighting_are_exact(database, cases):
    big = sa.BigInteger
    with database.connect() as connection:
        for (amount, rate), probability in cases:
            found = connection.execute(
                sa.select(
                    base_amount(sa.literal(amount, big), sa.literal("USD"), sa.literal(rate, big), "CNY"),
                    weighted(sa.literal(abs(amount), big), sa.literal(probability, big)),
                )
            ).one()
            assert tuple(found) == (
                half_up(amount * rate, RATE_SCALE),
                half_up(abs(amount) * probability, SHARE_SCALE),
            )


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, LARGEST_HOURS * HOUR_SCALE) | st.just(LARGEST_HOURS * HOUR_SCALE),
    st.integers(0, LARGEST_HOURLY_COST * MONEY_SCALE) | st.just(LARGEST_HOURLY_COST * MONEY_SCALE),
)
def test_the_cost_of_hours_is_exact(database, parts, cost):
    hours = parts / HOUR_SCALE
    with database.connect() as connection:
        statement = sa.select(cost_of_hours(sa.literal(hours, sa.Float), sa.literal(cost, sa.BigInteger)))
        assert connection.scalar(statement) == half_up(parts * cost, HOUR_SCALE)


def test_the_base_currency_and_an_empty_one_need_no_rate(database):
    with database.connect() as connection:
        for currency in ("CNY", "", None):
            amount = base_amount(sa.literal(5, sa.BigInteger), sa.literal(currency, sa.Text), sa.null(), "CNY")
            assert connection.scalar(sa.select(amount)) == 5
        unknown = base_amount(sa.literal(5, sa.BigInteger), sa.literal("USD"), sa.cast(sa.null(), sa.BigInteger), "CNY")
        assert connection.scalar(sa.select(unknown)) is None
