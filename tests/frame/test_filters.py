"""The shared filters: a choice survives its URL, nonsense does not get through, a choice gives its scope."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from dashboard.frame.filters import (
    CUSTOM,
    PRESETS,
    Choice,
    Offered,
    before,
    from_url,
    in_month,
    shows_nothing,
    to_scope,
    to_url,
)
from data_access.errors import Refused
from data_access.scope import Period

NARROWING = ("role", "region", "segment", "owner", "track", "pipeline", "product")

# Group over East (Shanghai, Hangzhou) and West.
BELOW = {
    "G": frozenset({"G", "E", "E1", "E2", "W"}),
    "E": frozenset({"E", "E1", "E2"}),
    "E1": frozenset({"E1"}),
    "E2": frozenset({"E2"}),
    "W": frozenset({"W"}),
}
OFFERED = Offered(
    first_day=date(2023, 11, 22),
    last_day=date(2026, 11, 21),
    today=date(2026, 11, 23),
    below=BELOW,
    segments=("energy", "retail & more"),
    owners=("r1", "r2"),
    tracks=("large", "fast", "none"),
    pipelines=("new business",),
    products=("GTX Pro",),
    sources=("trade show",),
)


def parameters(choice: Choice) -> dict[str, list[str]]:
    """The URL of a choice as a browser hands it back: a list for every key."""
    return {key: [value] if isinstance(value, str) else value for key, value in to_url(choice).items()}


def test_the_default_leaves_the_url_empty():
    assert to_url(Choice()) == {}
    assert from_url({}, OFFERED) == (Choice(), [])


days = st.dates(date(2024, 1, 1), date(2026, 11, 20))


@st.composite
def choices(draw) -> Choice:
    role, role_region = draw(st.sampled_from([("executive", None), ("director", None), ("manager", "E")]))
    start, end = sorted((draw(days), draw(days)))
    preset = draw(st.sampled_from([*PRESETS, CUSTOM]))
    visible = sorted(OFFERED.regions_for(role, role_region))
    return Choice(
        role=role,
        role_region=role_region,
        preset=preset,
        start=start if preset == CUSTOM else None,
        end=end if preset == CUSTOM else None,
        as_of=draw(st.none() | days),
        regions=tuple(draw(st.lists(st.sampled_from(visible), unique=True))),
        segments=tuple(draw(st.lists(st.sampled_from(OFFERED.segments), unique=True))),
        owner=draw(st.none() | st.sampled_from(OFFERED.owners)),
        track=draw(st.none() | st.sampled_from(OFFERED.tracks)),
        pipeline=draw(st.none() | st.sampled_from(OFFERED.pipelines)),
        product=draw(st.none() | st.sampled_from(OFFERED.products)),
        source=draw(st.none() | st.sampled_from(OFFERED.sources)),
        rule=tuple(draw(st.lists(st.sampled_from(["stalled", "overdue", "no rule"]), unique=True))),
        group=draw(st.none() | st.just("车辆零部件")),
        text=draw(st.none() | st.sampled_from(["win rate", "赢单 率", "a&b=c"])),
        draft=draw(st.none() | st.just('{"weights":[20,40,20,20]}')),
        language=draw(st.none() | st.sampled_from(["en", "zh_CN"])),
    )


@given(choices())
def test_a_choice_survives_its_url(choice):
    assert from_url(parameters(choice), OFFERED) == (choice, [])


def test_nonsense_stays_at_the_default_and_is_named(subtests):
    for key, value in (
        ("role", "king"),
        ("role", "manager"),  # of what?
        ("role", "manager:ATLANTIS"),
        ("role", "director:E"),  # directors have no region
        ("period", "tomorrow"),
        ("period", "custom"),  # it is from= and to= that make it
        ("from", "2026-01-01"),  # without an end
        ("to", "2026-13-01"),
        ("from", "0001-01-01"),
        ("as_of", "yesterday"),
        ("as_of", "2023-11-21"),  # the day before the data begin
        ("as_of", "2026-11-22"),  # the day after they end
        ("region", "ATLANTIS"),
        ("segment", "retail"),
        ("owner", "nobody"),
        ("track", "slow"),
        ("pipeline", "'; drop table opportunity"),
        ("product", ""),
        ("lang", "fr"),
    ):
        with subtests.test(key=key, value=value):
            role = None if key == "role" else "executive"
            choice, unknown = from_url({key: [value]}, OFFERED)
            assert (choice, unknown) == (Choice(role=role), [f"{key}={value}"])
            assert shows_nothing({key: [value]}, choice) == (key in NARROWING)


def test_who_asks_for_a_role_that_does_not_exist_is_nobody(subtests):
    for asked in (
        ["king"],
        [""],
        ["manager:E", "executive"],
        ["executive:"],
        [" executive"],
        ["Executive"],
        ["manager:"],
    ):
        with subtests.test(role=asked):
            choice, _unknown = from_url({"role": asked, "region": ["E"]}, OFFERED)
            assert (choice.role, choice.role_region, choice.regions) == (None, None, ())
            with pytest.raises(Refused):
                to_scope(choice, OFFERED)


def test_what_is_left_of_a_filter_narrows_on():
    asked = {"region": ["E", "ATLANTIS"]}
    choice, unknown = from_url(asked, OFFERED)
    assert (choice.regions, unknown, shows_nothing(asked, choice)) == (("E",), ["region=ATLANTIS"], False)


def test_a_language_may_be_asked_for_as_browsers_say_it():
    assert from_url({"lang": ["zh-CN"]}, OFFERED) == (Choice(language="zh_CN"), [])
    assert from_url({"lang": ["en-GB"]}, OFFERED) == (Choice(language="en"), [])


def test_a_period_that_ends_before_it_starts_is_nonsense():
    choice, meaningless = from_url({"from": ["2026-02-01"], "to": ["2026-01-01"]}, OFFERED)
    assert choice == Choice()
    assert meaningless == ["from=2026-02-01", "to=2026-01-01"]


def test_a_manager_chooses_only_from_their_own_regions():
    choice, meaningless = from_url({"role": ["manager:E"], "region": ["E1", "W"]}, OFFERED)
    assert choice.regions == ("E1",)
    assert meaningless == ["region=W"]


def test_what_is_not_ours_in_a_url_is_let_be():
    assert from_url({"utm_source": ["mail"]}, OFFERED) == (Choice(), [])


def test_the_default_scope_is_the_quarter_of_the_last_day():
    scope = to_scope(Choice(), OFFERED)
    assert scope.period == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert scope.as_of == scope.last_day == date(2026, 11, 21)
    assert scope.person.sees_everything


def test_nobody_looks_later_than_today():
    ahead = replace(OFFERED, today=date(2026, 11, 5))  # the data hold days to come
    assert to_scope(Choice(), ahead).as_of == date(2026, 11, 5)


def test_a_manager_sees_their_region():
    scope = to_scope(Choice(role="manager", role_region="E", regions=("E1",)), OFFERED)
    assert scope.person.regions == ("E",)
    assert scope.regions == ("E1",)


def test_a_running_period_is_compared_with_as_many_days_of_the_one_before():
    scope = before(to_scope(Choice(), OFFERED))
    assert scope.period == Period(date(2026, 7, 1), date(2026, 9, 30))
    assert scope.as_of == date(2026, 8, 21)  # 52 days into it, as 21 November is


def test_a_month_has_all_its_days(subtests):
    for day in (date(2024, 2, 29), date(2024, 12, 31), date(2026, 1, 1)):
        with subtests.test(day=day):
            period = in_month(to_scope(Choice(), OFFERED), day).period
            assert (period.start.day, period.start.month) == (1, day.month)
            assert period.end.month == day.month and period.start <= day <= period.end
            assert period.days in (29, 31)
