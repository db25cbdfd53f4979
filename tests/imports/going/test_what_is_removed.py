"""What a whole export no longer has is removed from that day on: it counts up to the day before, and can come back."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access.derive import ALL, derive
from data_access.engine import writing
from data_access.errors import ImportRefused
from data_access.imports import last_import, load, undo
from data_access.reps.company_help import leads_received
from data_access.schema import activity_day, deal_span, lead, opportunity, stage_entry
from data_access.scope import Period, Person, Scope
from tests.folders import FOLDER, dump, write_folder

pytestmark = pytest.mark.postgresql

CASE = Path(__file__).parent.parent.parent / "cases" / "import" / "07-deleted-between-exports"
TODAY, LATER = date(2025, 6, 30), date(2025, 7, 31)
WHOLE = {
    "opportunity": FOLDER["opportunity"]
    + "d4,Late,c1,r1,Sales,Offer,,80,,2025-03-02,,\nd5,Later,c1,r2,Sales,Offer,,40.25,,2025-05-02,,\n",
    "opportunity_history": FOLDER["opportunity_history"] + "d4,2025-03-02 09:00:00,,Lead,70\nd4,2025-03-09,,Offer,80\n",
    "lead": "lead_id,created_on,owner_id\nl1,2025-05-01,r1\nl2,2025-05-01,r1\nl3,2025-05-03,r2\n",
    "activity": FOLDER["activity"] + "a2,r1,d4,call,,2025-08-01,\na3,r1,d4,call,,2025-08-01,\n"
    "a4,r2,d5,call,,2025-09-01,\n",
}
GONE = ("d1,", "d4,", "l2,", "a2,", "a4,")
LESS = {
    name: "".join(line for line in text.splitlines(True) if not line.startswith(GONE)) for name, text in WHOLE.items()
}


@pytest.fixture
def told(database, database_url, monkeypatch):
    """What a report says, as JSON."""
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", database_url)

    def report(name: str, *options: str):
        ended = CliRunner().invoke(cli, ["report", name, *options, "--format", "json"])
        assert ended.exit_code == 0, ended.output
        answer = json.loads(ended.stdout)
        return answer["values"] if "values" in answer else answer["rows"]

    return report


@pytest.fixture
def removed(database, tmp_path):
    """Without a won and an open deal, a lead and a planned activity, that the month before still had."""
    load(database, write_folder(tmp_path / "whole", WHOLE), today=TODAY)
    return load(database, write_folder(tmp_path / "less", LESS), today=LATER, full=True)


def test_the_case_counts_two_deals_from_that_day_on(database, told):
    load(database, CASE / "04-deleted-1", today=date(2026, 2, 1))
    loaded = load(database, CASE / "04-deleted-2", today=date(2026, 3, 1), full=True)
    assert "1 of the database's 3 deals is not in this whole export (d3) and is removed as of 2026-03-01" in str(
        loaded.warnings
    )
    now, before = told("overview"), told("overview", "--as-of", "2026-02-28")
    assert (now["open_count"], now["open_amount"]) == (2, 300)
    assert (before["open_count"], before["open_amount"]) == (3, 700)


def test_they_count_up_to_the_day_before(removed, told):
    assert removed.tables["opportunity"].removed == 2
    keys = ("open_count", "open_amount", "won_count", "created_count", "pipeline_created_amount")
    before, now = (told("overview", "--from", "2025-01-01", "--as-of", day) for day in ("2025-07-30", "2025-07-31"))
    # d2 has no amount; d1 was created with 900, d4 with 70
    assert [before[key] for key in keys] == [3, 120.25, 1, 5, 1010.25]
    assert [now[key] for key in keys] == [2, 40.25, 0, 3, 1010.25]  # pipeline created keeps them, as what is left out


def test_the_bridge_has_a_bar_for_them_and_closes(removed, told):
    values = told("bridge", "--from", "2025-07-01", "--to", "2025-07-31")
    assert (values["opening"], values["removed"], values["closing"]) == (120.25, -80, 40.25)
    year = told("bridge", "--from", "2025-01-01", "--to", "2025-12-31")
    assert sum(amount for bar, amount in year.items() if bar != "closing") == pytest.approx(year["closing"])
    behind = told("deals", "--from", "2025-07-01", "--to", "2025-07-31", "--of", "removed")
    assert [(row["opportunity_id"], row["amount"]) for row in behind] == [("d4", -80)]
    south = told("bridge", "--from", "2025-07-01", "--to", "2025-07-31", "--region", "s")
    assert (south["removed"], south["closing"]) == (0, 40.25)


def test_leads_and_what_was_planned_go_what_was_done_stays(removed, told, database):
    def created(day):
        rows = told("leads", "--from", "2025-05-01", "--as-of", day)
        return sum(row["leads"] for row in rows)

    assert (created("2025-07-30"), created("2025-07-31")) == (3, 2)
    with database.connect() as connection:
        a, e = activity_day.c, stage_entry.c
        days = dict(map(tuple, connection.execute(sa.select(a.activity_id, a.cancelled_day))))
        assert days == {"a1": None, "a2": LATER.toordinal(), "a3": None, "a4": LATER.toordinal()}
        stays = connection.execute(sa.select(e.stage, e.left_day).where(e.opportunity_id == "d4").order_by(e.ordinal))
        assert stays.all() == [("Lead", date(2025, 3, 9).toordinal()), ("Offer", LATER.toordinal())]


def test_a_removed_plan_is_no_next_step_and_a_removed_lead_was_given_to_nobody(removed, told, database):
    steps = {day: {row["opportunity_id"]: row["next_step_on"] for row in told("deals", "--as-of", day)}
             for day in ("2025-07-30", "2025-07-31")}  # fmt: skip
    assert (steps["2025-07-30"]["d5"], steps["2025-07-31"]["d5"]) == ("2025-09-01", None)

    def received(as_of):
        may = Scope(Person("executive"), Period(date(2025, 5, 1), date(2025, 5, 31)), as_of, LATER)
        return dict(leads_received(database, may).itertuples(index=False, name=None))

    assert (received(date(2025, 7, 30)), received(LATER)) == ({"r1": 2, "r2": 1}, {"r1": 1, "r2": 1})


def test_what_is_derived_of_few_is_what_is_derived_of_all(removed, database):
    before = dump(database)
    with writing(database) as connection:
        derive(connection, ALL)
    assert dump(database) == before


def test_what_an_export_has_again_is_there_again(removed, database, tmp_path):
    again = load(database, write_folder(tmp_path / "again", WHOLE), today=LATER)
    assert (again.tables["opportunity"].changed, again.tables["lead"].changed) == (2, 1)
    with database.connect() as connection:
        assert connection.scalars(sa.select(deal_span.c.outcome).where(deal_span.c.outcome == "removed")).all() == []
        for table in (opportunity, lead):
            assert set(connection.scalars(sa.select(table.c.removed_on))) == {None}


def test_a_whole_import_is_undone_like_any(removed, database, tmp_path):
    load(database, tmp_path / "whole", today=LATER)
    before = {name: rows for name, rows in dump(database).items() if name not in ("data_state", "fact_version")}
    load(database, tmp_path / "less", today=LATER, full=True)
    undo(database, last_import(database), by="")
    for name in ("data_state", "fact_version", "audit_event"):
        before.pop(name, None)
    assert {name: rows for name, rows in dump(database).items() if name in before} == before


def test_what_was_rejected_is_in_the_export_and_other_pipelines_are_others(database, tmp_path):
    load(database, write_folder(tmp_path / "whole", WHOLE), today=TODAY)
    other = {
        "stage": FOLDER["stage"] + "Other,New,1,open,0.1\n",
        "opportunity": FOLDER["opportunity"] + "o1,Else,c1,r1,Other,New,,5,,2025-03-02,,\n",
    }
    load(database, write_folder(tmp_path / "other", other), today=TODAY)
    broken = WHOLE | {"opportunity": WHOLE["opportunity"].replace("2025-05-02", "2025-05-32")}
    loaded = load(database, write_folder(tmp_path / "broken", broken), today=LATER, full=True, max_bad=0.5)
    assert (loaded.tables["opportunity"].rejected, loaded.tables["opportunity"].removed) == (1, 0)


def test_an_export_that_lacks_most_is_not_taken_for_whole(removed, database, tmp_path):
    folder = write_folder(tmp_path / "part", WHOLE)
    few = "".join(WHOLE["opportunity"].splitlines(True)[:2])
    (folder / "opportunity.csv").write_text(few, encoding="utf-8")
    before = dump(database)
    with pytest.raises(ImportRefused, match=r"3 of the database's 3 deals are not in this export \(d2, d3, d5\)"):
        load(database, folder / "opportunity.csv", today=LATER, full=True)
    assert dump(database) == before
    assert (
        load(database, folder / "opportunity.csv", today=LATER, full=True, max_removed=1).tables["opportunity"].removed
        == 3
    )


FLAGGED = """
[[table]]
name = "opportunity"
file = "deals.csv"
columns = { opportunity_id = "Id", pipeline = "Pipe", stage = "Stage", removed = "IsDeleted" }
"""


def test_a_flag_without_a_date_removes_as_of_the_import_keeps_the_day_and_can_be_taken_back(database, tmp_path, told):
    load(database, write_folder(tmp_path / "whole", WHOLE), today=TODAY)
    (tmp_path / "flagged.toml").write_text(FLAGGED)

    def loaded(flags: dict[str, str], today):
        rows = "".join(f"{deal},Sales,Offer,{flag}\n" for deal, flag in flags.items())
        (tmp_path / "deals.csv").write_text(f"Id,Pipe,Stage,IsDeleted\n{rows}")
        return load(database, tmp_path / "deals.csv", mapping=tmp_path / "flagged.toml", today=today)

    def days():
        o = opportunity.c
        asked = sa.select(o.opportunity_id, o.removed_on).where(o.opportunity_id.in_(("d2", "d5", "d9")))
        with database.connect() as connection:
            return dict(map(tuple, connection.execute(asked)))

    before = told("overview", "--as-of", "2025-06-30", "--from", "2025-01-01", "--to", "2025-06-30")
    loaded({"d1": "true"}, LATER)  # which its system says to be in Offer, as if it had never been won
    after = told("overview", "--as-of", "2025-06-30", "--from", "2025-01-01", "--to", "2025-06-30")
    assert (after["won_count"], after["open_count"]) == (before["won_count"], before["open_count"]) == (1, 3)
    loaded({"d1": "no", "d2": ""}, LATER)
    done = loaded({"d5": "true", "d2": "false", "d9": "TRUE"}, LATER)
    assert days() == {"d2": None, "d5": LATER}
    assert ("opportunity: 2 rows are marked as deleted; 1 of them are removed as of 2025-07-31, 1 were never here and "
            "are left out, the others stay as they are.") in done.warnings  # fmt: skip
    assert [told("overview", "--as-of", day)["open_count"] for day in ("2025-07-30", "2025-07-31")] == [3, 2]
    again = loaded({"d5": "1", "d2": ""}, date(2025, 8, 31))
    assert (days(), again.tables["opportunity"].changed) == ({"d2": None, "d5": LATER}, 0)
    loaded({"d5": "no"}, date(2025, 9, 30))
    assert days() == {"d2": None, "d5": None}
    before = dump(database)
    with pytest.raises(ImportRefused, match="deals.csv line 2: `removed` is neither true nor false: 'maybe'"):
        loaded({"d5": "maybe"}, LATER)
    assert dump(database) == before


def test_a_mapping_says_that_its_exports_are_whole_or_which_row_is_deleted(database, tmp_path, told):
    load(database, write_folder(tmp_path / "whole", WHOLE), today=TODAY)
    (tmp_path / "whole.toml").write_text("full = true\n")
    loaded = load(database, write_folder(tmp_path / "less", LESS), mapping=tmp_path / "whole.toml", today=LATER)
    assert loaded.tables["opportunity"].removed == 2
    (tmp_path / "unsure.toml").write_text('full = "yes"\n')
    with pytest.raises(ImportRefused, match="`full` must be true or false"):
        load(database, tmp_path / "less", mapping=tmp_path / "unsure.toml", today=LATER)
    (tmp_path / "deleted.toml").write_text(
        '[[table]]\nname = "opportunity"\nfile = "deals.csv"\ncolumns = { opportunity_id = "Id", pipeline = "Pipe", '
        'stage = "Stage", removed_on = { column = "Deleted", optional = true } }\n'
    )
    (tmp_path / "deals.csv").write_text("Id,Pipe,Stage,Deleted\nd5,Sales,Offer,2025-07-01\nd2,Sales,Offer,\n")
    load(database, tmp_path / "deals.csv", mapping=tmp_path / "deleted.toml", today=LATER)
    assert told("overview", "--as-of", "2025-07-31")["open_count"] == 1
