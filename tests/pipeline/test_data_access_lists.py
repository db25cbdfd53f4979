"""The deals behind the pipeline page's marks, by name, on the golden case of the definitions.

Only what `report` has no number for stands here; that every other list is as long as its number is a law.
"""

from collections import Counter
from datetime import timedelta

import pytest

from data_access.lists import deal_list
from data_access.scope import Period, Person, Scope
from tests.reports.test_report_golden import DAY_0, DEALS, golden_case

AS_OF = DAY_0 + timedelta(days=100)
SCOPE = Scope(Person("executive"), Period(DAY_0, AS_OF), AS_OF, AS_OF)
GOLDEN = {"pipeline": "golden", "track": "large"}


@pytest.fixture
def behind(database_after):
    """Asks for a list of the golden case; gives how often each deal stands in it."""
    database = database_after(golden_case)

    def asked(what, scope=SCOPE, **narrower):
        return Counter(deal_list(database, scope, what, **GOLDEN, **narrower)["opportunity_id"])

    return asked


@pytest.mark.postgresql
def test_what_became_of_the_cohort(behind):
    assert set(behind("cohort_lost")) == {"D2", "D4", "D9"}
    assert set(behind("cohort_undecided")) == {"D6", "D7", "D8"}
    earlier = SCOPE.but(as_of=DAY_0 + timedelta(days=49))
    assert set(behind("cohort_lost", earlier)) == {"D9", "D10"}  # D2: a day later; D10: not yet reopened


@pytest.mark.parametrize(("stage", "lost"), [("1", {"D9"}), ("2", {"D4"}), ("3", {"D2"}), ("4", set())])
def test_the_deals_lost_at_a_step(behind, stage, lost):
    assert set(behind("step_lost", stage_name=stage)) == lost


@pytest.mark.parametrize(
    ("from_stage", "to_stage", "moves"),
    [
        (None, "1", {deal: 1 for deal in DEALS if deal != "D5"}),
        (None, "3", {"D5": 1}),  # created beyond the first stage
        ("1", "2", {"D1": 1, "D2": 1, "D4": 2, "D6": 1, "D7": 1, "D10": 1}),  # D4 made the move twice
        ("2", "1", {"D4": 1}),  # back
        ("L", "3", {"D10": 1}),  # reopened
        ("4", "1", {}),
    ],
)
def test_the_moves_behind_a_cell_of_the_matrix(behind, from_stage, to_stage, moves):
    assert behind("transition", from_stage=from_stage, stage_name=to_stage) == moves
