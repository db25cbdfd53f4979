"""The Overview without a browser: what stands side by side."""

import json

import pytest

from dashboard.answers.overview.compared import compared
from dashboard.answers.pipeline.deals import deals
from data_access import organisation
from data_access.engine import DATABASE_VARIABLE, engine
from data_access.scope import Period, Person, Scope
from tests.independent.product import TODAY
from tests.pages import LOCALES, opened, said

BRINGS_MOST = {"en": "{name} brings most", "zh": "{name}贡献最大"}
OF_FEW = {"en": ("Which rep carries the result?", "Which region carries"), "zh": ("哪位销售", "哪个区域")}
MOST_TO_GO = {"en": "{name} has the most to go", "zh": "差距最大的是{name}"}


@pytest.mark.long
@pytest.mark.parametrize("language", LOCALES)
def test_a_lowest_region_is_compared_by_its_reps_and_not_with_itself(language, demo_url, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, demo_url)
    app = opened(language=language, role="manager:east-shanghai")
    [drawn] = [chart.proto.spec for chart in app.get("plotly_chart") if "overview_regions" in chart.proto.id]
    compared = json.loads(drawn)["layout"]["yaxis"]["ticktext"]
    scope = Scope(Person("manager", ("east-shanghai",)), Period(TODAY, TODAY), TODAY, TODAY)
    known = set(organisation.people(engine(demo_url), scope)["name"])
    assert len(compared) > 3 and len({*compared} & known) >= len(compared) - 1  # and who left
    assert any(MOST_TO_GO[language].format(name=name) in said(app) for name in compared)
    asked, of_regions = OF_FEW[language]
    is_told = any(BRINGS_MOST[language].format(name=name) in said(app) for name in compared)
    assert is_told or asked in said(app)
    assert of_regions not in said(app)


@pytest.mark.long
def test_the_deals_behind_a_rep_are_as_many_and_as_much_as_its_bar(demo_url):
    scope = Scope(Person("manager", ("east-shanghai",)), Period(TODAY.replace(year=2025), TODAY), TODAY, TODAY)

    def ask(question, asked, *arguments, **named):
        return question(engine(demo_url), asked, *arguments, **named)

    bars = compared(ask, scope, "owner")
    for bar in bars.itertuples():
        behind = deals(ask, scope.but(owner=bar.key), "won")
        assert (len(behind), behind["amount"].sum()) == (bar.won_count, pytest.approx(bar.won_amount)), bar.label
    assert bars["won_amount"].gt(0).sum() > 3
