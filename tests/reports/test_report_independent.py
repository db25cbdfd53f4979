"""`report` equals a second, independent computation, on random organisations full of what goes wrong.

`tests/independent` computes every key in plain Python from the words of the definitions; here both answer
the same questions about the same folder.
"""

import pytest

from tests.independent.bridge import bridge
from tests.independent.compare import differences, rows_by_key
from tests.independent.funnel import funnel
from tests.independent.lines import lines
from tests.independent.product import TODAY, load, report
from tests.independent.random.organisations import earlier, organisation, questions, write
from tests.independent.readings import overview
from tests.rings import rings

pytestmark = pytest.mark.postgresql

BASE = "CNY"  # the setting a new database starts with
SEEDS = range(8)
SEEDS_ON_BOTH = (101, 102)
QUESTIONS = 10


@pytest.mark.parametrize("seed", rings(SEEDS))
def test_report_equals_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


@pytest.mark.parametrize("seed", rings(SEEDS_ON_BOTH))
def test_report_equals_the_independent_computation_on_each_database(seed, database, tmp_path):
    assert _differences(database, seed, tmp_path) == []


@pytest.mark.parametrize("created", [0, 1])
@pytest.mark.parametrize("seed", rings([3, 4, 5]))
def test_what_was_created_is_not_known_where_no_deal_has_a_creation_date(seed, created, sqlite, tmp_path):
    """As in exports that tell closings only. One such date, of whatever deal, makes it a count again."""
    folder = write(_without_creation(organisation(seed), created), tmp_path / "organisation")
    load(sqlite, folder)
    for asked in questions(seed, 5):
        ours, printed = overview(folder, asked, BASE, TODAY), report(sqlite, "overview", asked.arguments())
        assert differences(ours, {part: printed[part] for part in ours}) == []
        numbers = [printed["values"][key] for key in ("created_count", "pipeline_created_amount")]
        assert numbers[0] in (0, 1) if created else numbers == [None, None]


def _without_creation(tables: dict, but: int) -> dict:
    """The organisation without histories and creation dates, `but` for so many deals."""
    kinds = {(stage["pipeline"], stage["stage"]): stage["kind"] for stage in tables["stage"]}
    deals = [
        deal | {"created_on": "", "closed_on": deal["closed_on"] if is_closed else ""}
        for deal in tables["opportunity"]
        if (is_closed := kinds[deal["pipeline"], deal["stage"]] != "open") <= bool(deal["closed_on"])
    ]
    known = [deal | {"created_on": deal["closed_on"] or "2026-01-15"} for deal in deals[:but]]
    return tables | {"opportunity": known + deals[but:], "opportunity_history": []}


def _differences(database, seed, tmp_path) -> list[str]:
    """Organisations with an odd seed come in two imports, the first from an earlier export."""
    tables = organisation(seed)
    folder = write(tables, tmp_path / "organisation")
    if seed % 2:
        load(database, write(earlier(tables, seed), tmp_path / "earlier"))
    load(database, folder)
    found = []
    for asked in questions(seed, QUESTIONS):
        for what, compute in (("overview", overview), ("funnel", funnel), ("bridge", bridge)):
            ours = compute(folder, asked, BASE, TODAY)
            printed = report(database, what, asked.arguments())
            if what == "overview":
                ours |= lines(folder, asked, BASE, TODAY)
            if what == "funnel":
                ours, printed = (told | {"rows": rows_by_key(told["rows"])} for told in (ours, printed))
            found += [f"seed {seed} {asked} {what}{line}" for line in differences(ours, printed)]
    return found
