"""Columns that all tables call the same."""

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.words.fields import fields


def test_none_is_a_defined_number():
    assert not fields().keys() & DEFINITIONS.keys()
