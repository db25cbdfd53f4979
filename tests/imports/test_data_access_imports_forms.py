"""Text to values: exact to the last unit, and refused with a reason where a text is not of its form."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from data_access.imports.forms import in_iso, plain_number, scaled, typed


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_money_is_rounded_half_up_exactly(value):
    expected = (value * 100).quantize(Decimal(1), ROUND_HALF_UP)
    assert scaled(format(value, "f"), 100) == int(expected)


def test_what_is_no_plain_number_is_refused(subtests):
    for text in ("1,000", "$5", "1e3", "nan", "inf", "--1", "١٢", "1.", ".5", "9" * 20):
        with subtests.test(text=text), pytest.raises(ValueError, match="is "):
            scaled(text, 100)


def test_forms(subtests):
    for form, text, value in (
        ("share", "0.1234567891", 123_456_789),
        ("rate", "7.123456789", 7_123_456_789),
        ("integer", "3.0", 3),
        ("number", "2.5", 2.5),
        ("boolean", "Yes", True),
        ("date", "2024-02-29", pd.Timestamp(2024, 2, 29)),
        ("moment", "2024-02-29", pd.Timestamp(2024, 2, 29)),
        ("moment", "2024-02-29T10:05:06.25", pd.Timestamp(2024, 2, 29, 10, 5, 6, 250_000)),
        ("moment", "2024-02-29T22:00:00Z", pd.Timestamp(2024, 3, 1, 6)),
        ("moment", "2024-02-29 22:00:00+01:00", pd.Timestamp(2024, 3, 1, 5)),
    ):
        with subtests.test(form=form, text=text):
            read = typed(pd.Series([text, None], dtype=object), form, ZoneInfo("Asia/Shanghai"))
            assert read.values[0] == value
            assert pd.isna(read.values[1])
            assert not read.reasons


def test_what_has_another_form_is_empty_with_a_reason(subtests):
    for form, text in (
        ("date", "2023-02-29"),
        ("date", "20240229"),
        ("date", "2024-02-29 10:00"),
        ("moment", "2024-02-29 25:00"),
        ("integer", "3.5"),
        ("integer", "99999999999"),
        ("boolean", "maybe"),
        ("number", "1,5"),
    ):
        with subtests.test(form=form, text=text):
            read = typed(pd.Series([text], dtype=object), form, None)
            assert pd.isna(read.values[0])
            assert read.reasons[text].startswith("is ")


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31)))
def test_a_declared_date_form_reads_what_it_writes(moment):
    day = moment.date().isoformat()
    assert in_iso(f"{moment.month}/{moment.day}/{moment:%Y}", "M/D/YYYY") == day
    assert in_iso(f"{moment:%d-%b-%Y}", "DD-MMM-YYYY") == day
    assert in_iso(f"{moment:%Y-%m-%d %I:%M:%S %p}".replace("-", "/"), "YYYY/MM/DD hh:mm:ss AM") == (
        f"{moment:%Y-%m-%d %H:%M:%S}"
    )


def test_date_forms(subtests):
    for text, form, iso in (
        ("45631", "serial", "2024-12-05"),
        ("31/12/2024", "M/D/YYYY", None),
        ("2024-1-5", "YYYY-MM-DD", None),
        ("5-Foo-2024", "D-MMM-YYYY", None),
        ("3/5/2026 2:15 PM", "M/D/YYYY h:mm AM", "2026-03-05 14:15:00"),
    ):
        with subtests.test(text=text, form=form):
            assert in_iso(text, form) == iso


def test_number_forms(subtests):
    for text, form, plain in (
        ("$45,000", "1,234.56", "45000"),
        ("-€1.234,56", "1.234,56", "-1234.56"),
        ("€ -1.234,56", "1.234,56", "-1234.56"),
        ("1 234,5 EUR", "1 234,56", "1234.5"),
        ("¥1,234,567.89", "1,234.56", "1234567.89"),
        ("1,23", "1,234.56", "1,23"),  # not what was declared: left as it is, and rejected by name
        ("45k", "1,234.56", "45k"),
        ("n/a", "1,234.56", "n/a"),
    ):
        with subtests.test(text=text, form=form):
            assert plain_number(text, form) == plain


def test_a_percentage_is_multiplied_exactly():
    assert plain_number("12.5%", "1234.56", "0.01") == "0.125"
