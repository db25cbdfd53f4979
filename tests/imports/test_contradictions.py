"""Exports that say two things: each loads, its numbers are those of the case, and the import names and counts it."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.schema import deal_span, opportunity
from tests.folders import FOLDER, dump, write_folder
from tests.independent.product import report

CASES = Path(__file__).parents[1] / "cases" / "import"
TODAY = date(2026, 11, 21)

SENTENCES = {
    "04-created-day-after-close": (
        "opportunity: 6 of 8 deals have a created_on after their closed_on "
        "(opportunity.csv line 2: d0 created 2026-02-01, closed 2025-10-15; "
        "opportunity.csv line 3: d1 created 2026-02-02, closed 2025-11-15; "
        "opportunity.csv line 4: d2 created 2026-02-03, closed 2025-12-15 …). "
        "They are loaded without created_on: the closing counts, the day of creation is unknown, and so is the cycle. "
        "If the export has the true day in another column, take created_on from that.",
    ),
    "16-closing-day-other-than-history": (
        "opportunity: 2 deals have another closing day than their history "
        "(opportunity.csv line 2: d1 closed 2026-03-31, by its history 2026-04-02; "
        "opportunity.csv line 3: d2 closed 2026-03-30, by its history 2026-04-02). "
        "closed_on counts, in everything that goes by the closing. "
        'If the history is right, say closing_day = "history" in a mapping.',
    ),
    "05-history-ends-early": (
        "opportunity_history: the histories of 12 of 12 deals end in another stage than the deals have "
        "(opportunity.csv line 2: d0 in Lead, now Won; opportunity.csv line 3: d1 in Lead, now Won; "
        "opportunity.csv line 4: d2 in Lead, now Won …), silent since 2026-01-05. What a deal says is later: a row is "
        "added to each, on the day it closed, else on 2026-08-01; the days between are as the history has them. "
        "If the export was cut at a limit of rows, export the whole history and load again.",
    ),
    "06-deal-changed-pipeline": (
        "opportunity_history: 1 deals came from another pipeline "
        "(opportunity_history.csv line 2: d1 was in Lead, which Renewals does not have). Their rows from there count "
        "without a stage: amounts and owners hold, and their time there is in no funnel. If such a stage belongs to "
        "the pipeline they are in now, add it to `stage`.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_case_loads_counts_as_expected_and_says_so(database, name):
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    loaded = load(database, CASES / name, today=TODAY)
    assert [warning for warning in loaded.warnings if "Left aside" not in warning] == list(SENTENCES[name])
    assert not any(counts.rejected for counts in loaded.tables.values())
    overview = report(database, "overview", [])
    values = expected.get("overview.values", {})
    assert {key: overview["values"][key] for key in values} == values
    funnel = {f"{row['pipeline']}/{row['stage']}": row for row in report(database, "funnel", [])["rows"]}
    for stage, counted in expected.get("funnel", {}).items():
        assert {key: funnel[stage][key] for key in counted} == counted
    before = dump(database)
    assert not any(
        counts.added + counts.changed for counts in load(database, CASES / name, today=TODAY).tables.values()
    )
    assert dump(database) == before


def test_a_deal_created_after_it_closed_keeps_all_but_that_day(database, tmp_path):
    deals = FOLDER["opportunity"].replace("2025-02-01,2025-04-01", "2025-05-01,2025-04-01")
    loaded = load(database, write_folder(tmp_path / "data", {"opportunity": deals}), today=TODAY)
    assert loaded.warnings[-1].startswith(
        "opportunity: 1 of 3 deals have a created_on after their closed_on "
        "(opportunity.csv line 4: d3 created 2025-05-01, closed 2025-04-01). They are loaded without created_on"
    )
    with database.connect() as connection:
        found = connection.execute(sa.select(opportunity).where(opportunity.c.opportunity_id == "d3")).one()
    assert (found.created_on, found.closed_on, found.stage) == (None, date(2025, 4, 1), "Lost")


FIRST_QUARTER = ["--from", "2026-01-01", "--to", "2026-03-31"]


def _closed(database, arguments: list[str]) -> dict:
    values = report(database, "overview", arguments)["values"]
    return {key: values[key] for key in ("won_count", "won_amount", "lost_count")}


def test_closed_on_is_the_closing_day_unless_a_mapping_takes_the_historys(database, tmp_path):
    case = CASES / "16-closing-day-other-than-history"
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    load(database, case, today=TODAY)
    in_the_quarter = _closed(database, FIRST_QUARTER)
    assert in_the_quarter == expected["either overview 2026-01-01..2026-03-31"]
    as_of = report(database, "overview", ["--as-of", "2026-03-31"])["values"]
    assert (as_of["open_count"], as_of["won_count"]) == (1, 1)
    bars = report(database, "bridge", FIRST_QUARTER)["values"]
    assert (bars["won"], bars["lost"], bars["closing"]) == (-100.0, -50.0, 10.0)

    mapping = tmp_path / "mine.toml"
    mapping.write_text('closing_day = "history"\n', encoding="utf-8")
    warnings = load(database, case, mapping=mapping, today=TODAY).warnings
    assert warnings[-1].startswith("opportunity: 2 deals have another closing day than their history (")
    assert warnings[-1].endswith("The history's day counts, as the mapping says.")
    assert _closed(database, FIRST_QUARTER) | {"won_amount": 0.0} == {
        "won_count": 0,
        "won_amount": 0.0,
        "lost_count": 0,
    }
    assert _closed(database, []) == in_the_quarter
    assert load(database, case / "opportunity_history.csv", mapping=mapping, today=TODAY).warnings == ()
    load(database, case, today=TODAY)
    assert _closed(database, FIRST_QUARTER) == in_the_quarter


REOPENED = {
    "opportunity": "opportunity_id,pipeline,stage,amount,created_on,closed_on\nd1,Sales,Won,7,2025-01-10,{closed_on}\n",
    "opportunity_history": (
        "opportunity_id,changed_at,stage\nd1,2025-01-10,Lead\nd1,2025-02-01,Lost\nd1,2025-03-01,Offer\n"
        "d1,2025-04-10,Won\n"
    ),
}


@pytest.mark.parametrize(("closed_on", "taken"), [("2025-03-01", "2025-03-01"), ("2025-02-01", "2025-04-10")])
def test_closed_on_speaks_of_the_last_closing_only(database, tmp_path, closed_on, taken):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in ({"stage": FOLDER["stage"]} | REOPENED).items():
        (folder / f"{name}.csv").write_text(text.format(closed_on=closed_on), encoding="utf-8")
    (sentence,) = load(database, folder, today=TODAY).warnings
    is_taken = closed_on == taken
    assert ("1 deals have another closing day than" in sentence) == is_taken
    assert ("1 deals have a closed_on from before they were last reopened" in sentence) != is_taken
    won = report(database, "deals", ["--of", "won", "--as-of", "2025-06-30"])
    assert [row["closed_on"] for row in won["rows"]] == [taken]
    february = ["--from", "2025-02-01", "--to", "2025-02-28", "--as-of", "2025-02-28"]
    assert report(database, "overview", february)["values"]["lost_count"] == 1


def test_a_closing_day_that_is_neither_is_refused_by_name(database, tmp_path):
    mapping = tmp_path / "mine.toml"
    mapping.write_text('closing_day = "histroy"\n', encoding="utf-8")
    with pytest.raises(ImportRefused, match="a `closing_day` that does not exist: 'histroy'. Did you mean 'history'"):
        load(database, CASES / "16-closing-day-other-than-history", mapping=mapping, today=TODAY)


def _load(database, folder, **files: str):
    folder.mkdir()
    for name, text in ({"stage": FOLDER["stage"]} | files).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return load(database, folder, today=TODAY)


def _states(database) -> list[tuple]:
    """The stretches of all deals: deal, first day, outcome, stage, amount."""
    c = deal_span.c
    told = sa.select(c.opportunity_id, c.from_day, c.outcome, c.stage, c.amount).order_by(c.opportunity_id, c.from_day)
    with database.connect() as connection:
        return [(key, str(date.fromordinal(day)), *rest) for key, day, *rest in connection.execute(told)]


def test_the_present_state_ends_a_history_that_ends_early(database, tmp_path):
    """Open and reopened ones on the last day of the load, closed ones when they closed, with the amount they have."""
    loaded = _load(
        database,
        tmp_path / "data",
        opportunity=(
            "opportunity_id,pipeline,stage,amount,created_on,closed_on\nd1,Sales,Offer,8,2025-01-10,\n"
            "d2,Sales,Lost,5,2025-01-10,2025-01-31\nd3,Sales,Lead,5,2025-01-10,\nd4,Sales,Won,5,2025-01-10,\n"
        ),
        opportunity_history=(
            "opportunity_id,changed_at,stage,amount\nd1,2025-01-10 09:00,Lead,5\n"
            "d2,2025-01-10,Lead,5\nd2,2025-02-03 10:00,Offer,\nd3,2025-01-10,Lead,5\nd3,2025-02-01,Won,\n"
            "d4,2025-01-10,Lead,5\nd4,2025-02-05,Won,\n"
        ),
    )
    assert loaded.tables["opportunity_history"].added == 10
    assert sum("3 of 4 deals end in another stage" in warning for warning in loaded.warnings) == 1
    assert _states(database) == [
        ("d1", "2025-01-10", "open", "Lead", 500),
        ("d1", "2025-02-05", "open", "Offer", 800),
        ("d2", "2025-01-10", "open", "Lead", 500),
        ("d2", "2025-01-31", "lost", "Lost", 500),
        ("d3", "2025-01-10", "open", "Lead", 500),
        ("d3", "2025-02-01", "won", "Won", 500),
        ("d3", "2025-02-05", "open", "Lead", 500),
        ("d4", "2025-01-10", "open", "Lead", 500),
        ("d4", "2025-02-05", "won", "Won", 500),
    ]


def test_a_closing_whose_day_nobody_tells_is_rejected(database, tmp_path):
    with pytest.raises(ImportRefused, match="closed_on is empty although the stage is won or lost, and no history"):
        _load(
            database,
            tmp_path / "data",
            opportunity="opportunity_id,pipeline,stage\nd1,Sales,Won\n",
            opportunity_history="opportunity_id,changed_at,stage\nd1,2025-01-10,Lead\n",
        )


def test_histories_that_begin_on_another_day_than_their_deals_are_counted(database, tmp_path):
    files = {
        "opportunity": (
            "opportunity_id,pipeline,stage,amount,created_on\nd1,Sales,Lead,1,2025-01-10\nd2,Sales,Lead,1,2025-01-10\n"
            "d3,Sales,Lead,1,2025-01-10\nd4,Sales,Lead,1,2025-01-10\n"
        ),
        "opportunity_history": (
            "opportunity_id,changed_at,stage\nd1,2025-01-09 23:00,Lead\nd2,2025-02-10,Lead\nd3,2025-02-09,Lead\n"
        ),
    }
    assert _load(database, tmp_path / "data", **files).warnings == (
        "opportunity_history: the histories of 1 deals begin before their created_on (opportunity.csv line 2: "
        "d1 created 2025-01-10, history from 2025-01-09). They count as created on the day of the first row.",
        "opportunity_history: the histories of 1 deals begin more than 30 days after their created_on "
        "(opportunity.csv line 3: d2 created 2025-01-10, history from 2025-02-10). The stage of the first row holds "
        "from created_on, so their time in it may be too long. If the system has kept histories only since then, "
        "nothing better is known.",
    )
    later = files["opportunity_history"].replace("d3,2025-02-09", "d3,2025-03-09")
    again = _load(database, tmp_path / "again", opportunity=files["opportunity"], opportunity_history=later)
    assert again.warnings == (), "what an earlier load has of a history may begin before"


def test_a_deal_that_left_a_pipeline_has_no_stage_there_and_has_them_again_when_it_comes_back(database, tmp_path):
    stages = FOLDER["stage"] + "Renewals,Due,1,open,0.5\nRenewals,Done,2,won,1\n"
    history = (
        "opportunity_id,changed_at,stage,amount\nd1,2025-01-10,Lead,5\nd1,2025-02-10,Offer,\nd1,2025-03-10,Due,6\n"
    )
    deal = "opportunity_id,pipeline,stage,amount\nd1,Renewals,Due,6\n"
    _load(database, tmp_path / "data", stage=stages, opportunity=deal, opportunity_history=history)
    assert _states(database) == [
        ("d1", "2025-01-10", "open", None, 500),
        ("d1", "2025-02-10", "open", None, 500),
        ("d1", "2025-03-10", "open", "Due", 600),
    ]
    _load(database, tmp_path / "back", stage=stages, opportunity="opportunity_id,pipeline,stage\nd1,Sales,Offer\n")
    assert [row[3] for row in _states(database)] == ["Lead", "Offer", "Offer"]


def test_a_stage_that_no_pipeline_has_is_rejected(database, tmp_path):
    with pytest.raises(
        ImportRefused, match="stage is not a stage of the deal's pipeline 'Sales'.*did you mean 'Offer'"
    ):
        _load(
            database,
            tmp_path / "data",
            opportunity="opportunity_id,pipeline,stage\nd1,Sales,Lead\n",
            opportunity_history="opportunity_id,changed_at,stage\nd1,2025-01-10,Offre\nd1,2025-01-11,Lead\n",
        )


def test_managers_that_lead_back_to_themselves_are_counted(database, tmp_path):
    reps = "rep_id,name,manager_id\na,Ann,b\nb,Bob,c\nc,Cy,b\nd,Di,d\ne,Eve,\nf,Flo,e\n"
    loaded = _load(
        database, tmp_path / "data", rep=reps, opportunity="opportunity_id,pipeline,stage,amount\nd1,Sales,Lead,1\n"
    )
    assert loaded.warnings == (
        "rep: the managers of 3 of 6 reps lead back to themselves (rep.csv line 3: b managed by c; "
        "rep.csv line 4: c managed by b; rep.csv line 5: d managed by d). Each is loaded in the team of that manager, "
        "as it says; nothing goes up further than one manager. Empty manager_id of whoever is at the top, and load "
        "again.",
    )


def test_what_happened_in_the_future_is_counted(database, tmp_path):
    loaded = _load(
        database,
        tmp_path / "data",
        opportunity=(
            "opportunity_id,pipeline,stage,amount,created_on\nd1,Sales,Lead,1,2026-11-21\nd2,Sales,Lead,1,2026-12-01\n"
        ),
        rep="rep_id,name,left_on\nr1,Ann,2026-12-31\n",
        activity="activity_id,kind,rep_id,planned_on,completed_at\na1,call,r1,2027-01-01,2026-11-21 23:59\n",
    )
    assert loaded.warnings == (
        "opportunity: created_on of 1 of 2 rows lies in the future (opportunity.csv line 3: d2 2026-12-01). They are "
        "loaded, and count from that day on. If day and month are swapped, say date_forms in a mapping; if it is a "
        "plan, leave it empty.",
    )
