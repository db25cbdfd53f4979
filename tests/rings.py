"""The two rings: what every commit is tried with, and what `make test-long` tries besides."""

from collections.abc import Iterable

import hypothesis
import pytest


def rings(values: Iterable, short: int = 1) -> list:
    """Values of a parameter (tuples: of several): the first for every commit, the others in the long ring."""
    params = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*each, marks=() if at < short else pytest.mark.long) for at, each in enumerate(params)]


def examples(many: int) -> int:
    """How many examples a law is tried with: all of them in the long ring, where it runs once more, else a quarter."""
    return many if hypothesis.settings.get_current_profile_name() == "long" else many // 4
