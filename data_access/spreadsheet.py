"""Texts in files that a spreadsheet opens, kept from being formulas there."""

import re

# The signs that begin a formula, also in full width (a Chinese or Japanese Excel takes them alike), and the white space
# that is skipped before one.
BEGINNINGS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?\d[\d.,'\u00a0\u202f]*(e[+-]?\d+)? ?%?", re.ASCII | re.IGNORECASE)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would work this text out instead of showing it. A number is a number: -20.5."""
    return text[:1] in BEGINNINGS and len(text) > 1 and _NUMBER.fullmatch(text) is None


def cell(value):
    """A cell of a CSV file: a text that would be a formula begins with an apostrophe, all else is as it was."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value
