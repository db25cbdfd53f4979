"""The two rings: what every commit is tried with, and what `make test-long` tries besides."""

from collections.abc import Iterable

import pytest


def rings(values: Iterable, short: int = 1) -> list:
    """Values of a parameter: the first of them for every commit, the others in the long ring."""
    return [
        value if number < short else pytest.param(value, marks=pytest.mark.long) for number, value in enumerate(values)
    ]
