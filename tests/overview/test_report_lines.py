"""The lines of business of `report overview` equal the independent computation, in the demo and in a small company."""

from datetime import date

import pytest

from tests.independent.compare import differences
from tests.independent.lines import lines
from tests.independent.product import TODAY, report
from tests.independent.scopes import Asked
from tests.rings import rings

QUARTER = {"start": date(2026, 10, 1), "end": date(2026, 12, 31)}
ASKED = {
    "quarter": Asked(**QUARTER),
    "manager": Asked(**QUARTER, manager_of="east"),
    "past": Asked(date(2026, 1, 1), date(2026, 6, 30), as_of=date(2026, 5, 5), regions=("south",)),
    "fast lane": Asked(**QUARTER, track="fast"),
}


@pytest.mark.parametrize("name", rings(["quarter", "manager", "past", "fast lane"]))
def test_the_demo_equals_the_independent_computation(name, demo, demo_folder):
    printed = report(demo, "overview", ASKED[name].arguments())
    ours = lines(demo_folder, ASKED[name], "CNY", TODAY)
    assert differences(ours, {part: printed[part] for part in ours}) == []
    assert printed["key_accounts"]["key_closeness_change"] and printed["support"]["needed_requests"]
