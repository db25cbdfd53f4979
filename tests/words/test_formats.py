"""Numbers and days as people of each language read them."""

from datetime import date

import numpy as np
import pandas as pd

from dashboard.words.formats import DASH, Formats

ENGLISH, CHINESE = Formats("en", "USD"), Formats("zh_CN", "CNY")


def test_money_is_short_in_the_units_of_the_language(subtests):
    for value, english, chinese in (
        (0, "$0", "¥0"),
        (7.5, "$7.5", "¥7.5"),
        (950, "$950", "¥950"),
        (9_999, "$10k", "¥9,999"),
        (12_345, "$12.3k", "¥1.23万"),
        (999_400, "$999k", "¥99.9万"),
        (999_960, "$1M", "¥100万"),
        (1_200_000, "$1.2M", "¥120万"),
        (48_210_000, "$48.2M", "¥4,821万"),
        (99_996_000, "$100M", "¥1亿"),
        (120_000_000, "$120M", "¥1.2亿"),
        (3_400_000_000, "$3.4B", "¥34亿"),
        (-1_900_000, "−$1.9M", "−¥190万"),
    ):
        with subtests.test(value=value):
            assert (ENGLISH.money(value), CHINESE.money(value)) == (english, chinese)


def test_a_currency_has_its_sign_or_its_code(subtests):
    for currency, language, text in (
        ("CHF", "en", "CHF 1.2M"),
        ("CNY", "en", "¥1.2M"),
        ("USD", "zh_CN", "$120万"),
        ("EUR", "zh_CN", "€120万"),
    ):
        with subtests.test(currency=currency, language=language):
            assert Formats(language, currency).money(1_200_000) == text


def test_exact_money_has_cents_only_where_there_are_some():
    assert ENGLISH.money_exact(10_005_534) == "$10,005,534"
    assert ENGLISH.money_exact(2_360.9094) == "$2,360.91"
    assert ENGLISH.money_exact(-0.5) == "−$0.50"


def test_a_share_of_few_cases_is_a_fraction(subtests):
    for value, n, text in (
        (7 / 9, 9, "7/9"),  # few cases: the fraction
        (1.0, 3, "3/3"),
        (0.0, 4, "0/4"),
        (0.7, 10, "70%"),  # enough
        (0.631501, 6711, "63.2%"),
        (0.333, 7, "33.3%"),  # no share of seven: of amounts, say
        (0.5, None, "50%"),
        (1.234, None, "123.4%"),
    ):
        with subtests.test(value=value, n=n):
            assert ENGLISH.share(value, n) == text


def test_undefined_is_a_dash(subtests):
    for nothing in (None, np.nan, pd.NA, pd.NaT):
        for write in (
            *("money", "money_exact", "short", "share", "points", "days", "count", "number", "ratio"),
            *("date", "day", "month"),
        ):
            with subtests.test(nothing=nothing, write=write):
                assert getattr(ENGLISH, write)(nothing) == DASH
                assert getattr(CHINESE, write)(nothing) == DASH


def test_days_and_dates_follow_the_language():
    day = date(2026, 11, 21)
    assert (ENGLISH.date(day), CHINESE.date(day)) == ("21 Nov 2026", "2026年11月21日")
    assert (ENGLISH.day(day), CHINESE.day(day)) == ("21 Nov", "11-21")
    assert (ENGLISH.month(day), CHINESE.month(day)) == ("Nov 2026", "2026年11月")
    assert (ENGLISH.month_alone(day), CHINESE.month_alone(day)) == ("Nov", "11月")
    assert (ENGLISH.days(51.782), CHINESE.days(51.782)) == ("51.8 days", "51.8 天")
    assert ENGLISH.days(1) == "1 day"


def test_a_change_is_told_in_terms_of_its_unit(subtests):
    for now, before, unit, text in (
        (112, 100, "money", "+12%"),
        (88, 100, "count", "−12%"),
        (0.631, 0.61, "share", "+2.1 pp"),
        (50, 53, "days", "−3 days"),
        (2.4, 2.9, "ratio", "−0.5×"),
        (100, 100, "money", "0%"),
        (5, 0, "money", DASH),  # no percentage of nothing
        (None, 3, "money", DASH),
        (3, float("nan"), "days", DASH),
    ):
        with subtests.test(now=now, before=before, unit=unit):
            assert ENGLISH.change(now, before, unit) == text
