"""Populations in and out: every row one may see is in a number, or out of it for one reason; and these add up."""

from datetime import date

import pytest

from dashboard.ask import ask
from dashboard.metrics.definitions import DEFINITIONS
from data_access.data import populations
from data_access.data.populations import FILTERED, IN, POPULATIONS
from data_access.engine import engine
from data_access.errors import Refused
from data_access.lists import BEHIND, deal_list
from tests.accounts.market_fixtures import BASE, asking, scope_of
from tests.independent.deals import replay
from tests.independent.facts import Facts
from tests.independent.populations import populations as by_the_words
from tests.independent.product import TODAY
from tests.independent.scopes import Asked, view
from tests.pages import opened, said

QUARTER = {"start": date(2026, 10, 1), "end": date(2026, 12, 31)}
ASKED = {
    "everything": Asked(**QUARTER),
    "a region of a manager's, and one of their reps": Asked(**QUARTER, manager_of="east", owner="R0002"),
    "the past": Asked(start=date(2026, 1, 1), end=date(2026, 6, 30), as_of=date(2026, 5, 15), manager_of="east"),
}
in_demo = pytest.mark.parametrize("shown_from", ["demo"], indirect=True)


@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
def test_what_is_in_and_what_is_out_is_as_the_words_have_it(asked, demo_url, demo_folder, subtests):
    database, facts = engine(demo_url), Facts(demo_folder, BASE)
    scope, deals = scope_of(asking(database), asked), replay(facts)
    wanted = by_the_words(view(facts, deals, asked, TODAY))
    for name, steps in wanted.items():
        with subtests.test(population=name):
            found = populations.steps(database, scope, name)
            assert dict(zip(found["step"], found["rows"], strict=True)) == steps and sum(steps.values()) > 0
            if name in BEHIND:
                rows = deal_list(database, scope, name)
                assert found.loc[found["step"] == IN, "rows"].sum() == len(rows)
                assert found["without_amount"].sum() == rows["amount"].isna().sum()


def test_every_row_of_plans_and_accounts_is_in_or_out(demo_url):
    database = engine(demo_url)
    everything = scope_of(asking(database), Asked(**QUARTER))
    narrow = everything.but(regions=("east",))
    for name in ("planned", "accounts"):
        wide, near = (
            populations.steps(database, scope, name).set_index("step")["rows"] for scope in (everything, narrow)
        )
        assert wide.sum() == near.sum() and FILTERED not in wide and near[FILTERED] > 0 < near[IN] < wide[IN]


def test_a_population_that_there_is_not_is_refused_by_name(demo_url):
    database = engine(demo_url)
    with pytest.raises(Refused, match="no population called 'nobody'. Populations are open"):
        populations.steps(database, scope_of(asking(database), Asked()), "nobody")


def test_a_definition_names_populations_that_there_are():
    assert {one.of for one in DEFINITIONS.values() if one.of} <= set(POPULATIONS)


@in_demo
@pytest.mark.parametrize(
    ("page", "language", "cards"),
    [("leads.py", "en", ("mql", "leads_won")), ("reps.py", "zh", ("on_time_share", "touched_share"))],
)
def test_a_card_of_another_page_says_what_is_in_it_and_what_is_not(page, language, cards, shown_from, subtests):
    app = opened(page, language)
    for key in cards:
        with subtests.test(card=key):
            app.session_state["open"] = f"explain:{key}"
            app.run()
            found = ask(populations.steps, app.session_state["scope"], DEFINITIONS[key].of).set_index("step")["rows"]
            out = app.get("dialog")[0].dataframe[0].value["rows"]
            assert sorted(out) == sorted(found.drop(IN, errors="ignore")) and not app.exception
            assert f"{found.sum():,}" in said(app) and f"{out.sum():,}" in said(app)
