"""Addresses that ask for what does not exist, or is not the person's to see: they end in less, never in more."""

import os

import pytest

from dashboard.frame.filters import LONGEST_QUERY
from tests.pages import opened, said


@pytest.fixture(autouse=True)
def served(demo_url, monkeypatch):
    monkeypatch.setitem(os.environ, "DASHBOARD_DATABASE_URL", demo_url)


ASKED = (
    {"role": "manager:EAST"},  # regions are spelled as in the data
    {"role": "king"},
    {"role": ["manager:east", "executive"]},
    {"region": "ATLANTIS"},
    {"role": "manager:east", "region": "south"},
    {"owner": "nobody"},
    {"segment": ""},
    {"product": "x' or '1'='1"},
    {"draft": "x" * LONGEST_QUERY},
)


def test_an_address_that_means_nothing_shows_nothing(subtests):
    for asked in ASKED:
        with subtests.test(asked=str(asked)[:80]):
            app = opened(**asked)
            assert [error.value.partition("  \n")[0] for error in app.error] == ["This cannot be shown."]
            drawn = [app.title, app.dataframe, app.metric, app.selectbox, app.get("plotly_chart"), app.get("page_link")]
            assert [len(one) for one in drawn] == [0] * len(drawn)
            assert "scope" not in app.session_state
            assert app.query_params, "the address stays, for whoever reloads it"


def test_what_it_is_is_said_and_the_way_on_leaves_it_aside():
    app = opened(region="ATLANTIS", product="nothing", period="last_quarter", role="manager:east")
    assert "region=ATLANTIS, product=nothing" in said(app)
    app = app.run()
    assert app.error and not app.title, "a run by itself leaves nothing aside"
    app.button(key="without_it").click().run()
    assert dict(app.query_params) == {"role": "manager:east", "period": "last_quarter"}
    assert app.title[0].value == "Overview" and not app.error


def test_a_hostile_parameter_is_repeated_as_text_and_not_at_length():
    app = opened(owner="<img src=x onerror=alert(1)>" + "A" * 5_000)
    assert len(app.error[0].value) < 300 and "\\<img" in app.error[0].value


def test_a_parameter_that_is_none_of_ours_widens_nothing():
    own = said(opened(role="manager:east"))
    assert said(opened(role="manager:east", regions="south", Role="executive", person="executive")) == own
