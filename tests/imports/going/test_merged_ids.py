"""Ids that a system merged count once, under the one that is left: in the load, in the database, and undone exactly."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.reports import as_text
from data_access.derive import ALL, derive
from data_access.engine import writing
from data_access.errors import ImportRefused
from data_access.imports import last_import, load, undo
from data_access.schema import CONTRACT
from tests.folders import FOLDER, dump, write_folder

pytestmark = pytest.mark.postgresql

TODAY = date(2025, 6, 30)
_COUNTED = ("data_state", "fact_version", "audit_event")
DEALS = "opportunity_id,name,account_id,pipeline,stage,amount,created_on,merged_into\n"
MERGED = {
    "opportunity": DEALS + "d1,Pump,c1,Sales,Won,1,2025-01-10,d2\nd2,Valve,c2,Sales,Offer,5,2025-02-01,\n",
    "account": "account_id,name,merged_from\nc2,Coal & Co,c1;c0\n",
}


def _facts(database) -> dict[str, list]:
    return {name: rows for name, rows in dump(database).items() if name not in _COUNTED}


def _loaded(database, folder, files: dict[str, str], **more):
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return load(database, folder, today=TODAY, **more)


def _ids(database, table: str, column: str) -> list:
    with database.connect() as connection:
        return sorted(connection.scalars(sa.select(CONTRACT[table].c[column])), key=str)


def test_what_is_there_follows_and_undoing_takes_it_back_exactly(database, tmp_path):
    extra = {"lead": "lead_id,created_on,account_id,opportunity_id\nl1,2025-01-01,c1,d1\n"}
    load(database, write_folder(tmp_path / "first", extra), today=TODAY)
    before = _facts(database)
    done = _loaded(database, tmp_path / "merged", MERGED)
    said = "\n".join(done.warnings)
    assert "opportunity: 1 merged into others (d1 → d2; 1 of them rows of this load) count under these" in said
    assert "account: 2 merged into others (c1 → c2, c0 → c2; 0 of them" in said
    assert _ids(database, "opportunity", "opportunity_id") == ["d2", "d3"]
    assert _ids(database, "account", "account_id") == ["c2"]
    for table in ("payment", "activity", "lead"):
        assert set(_ids(database, table, "opportunity_id")) == {"d2"}, table
    assert set(_ids(database, "opportunity", "account_id")) == set(_ids(database, "lead", "account_id")) == {"c2"}
    assert _ids(database, "opportunity_history", "opportunity_id") == []  # d2 has none of its own, and was never won
    derived = _facts(database)
    with writing(database) as connection:
        derive(connection, ALL)
    assert _facts(database) == derived
    last = last_import(database)
    assert "payment" in as_text.last_import(last)
    undo(database, last, by="Ann")
    assert _facts(database) == before
    assert load(database, tmp_path / "merged", today=TODAY).tables == done.tables


def test_what_lies_before_a_deals_own_history_follows_in_the_database(database, tmp_path):
    own = "d2,2025-02-01 08:00:00,,Lead,5\nd2,2025-02-20,,Offer,5\n"
    first = {"opportunity_history": FOLDER["opportunity_history"] + own}
    load(database, write_folder(tmp_path / "first", first), today=TODAY)
    before = _facts(database)
    _loaded(database, tmp_path / "merged", MERGED)
    h = CONTRACT["opportunity_history"].c
    with database.connect() as connection:
        found = connection.execute(sa.select(h.opportunity_id, h.stage, h.changed_at).order_by(h.changed_at)).all()
    assert [(deal, name, f"{at:%m-%d}") for deal, name, at in found] == [
        ("d2", "Lead", "01-10"), ("d2", "Lead", "02-01"), ("d2", "Offer", "02-20"),
    ]  # fmt: skip
    undo(database, last_import(database), by="Ann")
    assert _facts(database) == before


def test_within_a_load_rows_and_references_of_a_chain_follow(sqlite, tmp_path):
    files = MERGED | {
        "stage": FOLDER["stage"],
        "opportunity": DEALS + "a,A,,Sales,Lead,1,2025-01-01,b\nb,B,,Sales,Lead,2,2025-01-01,c\n"
        "c,C,c0,Sales,Offer,3,2025-01-05,\n",
        "opportunity_history": "opportunity_id,changed_at,stage\na,2025-01-02 09:00:00,Lead\n"
        "c,2025-01-03 09:00:00,Offer\nb,2025-01-04 09:00:00,Lead\n",
        "rep": "rep_id,name\nr1,Ann\n",
        "activity": "activity_id,rep_id,opportunity_id,kind,planned_on\nx,r1,a,call,2025-01-04\n",
    }
    done = _loaded(sqlite, tmp_path / "chain", files)
    assert (done.tables["opportunity"].read, done.tables["opportunity"].added) == (1, 1)
    assert "(a → c, b → c; 2 of them rows of this load)" in "\n".join(done.warnings)
    assert _ids(sqlite, "activity", "opportunity_id") == ["c"]
    assert _ids(sqlite, "opportunity", "account_id") == ["c2"]
    h = CONTRACT["opportunity_history"].c
    with sqlite.connect() as connection:  # what was before, and from then on c's own
        found = connection.execute(sa.select(h.opportunity_id, h.stage, h.changed_at).order_by(h.changed_at)).all()
    assert [(deal, name, at.day) for deal, name, at in found] == [("c", "Lead", 2), ("c", "Offer", 3)]
    again = load(sqlite, tmp_path / "chain", today=TODAY)
    assert sum(one.added + one.changed for one in again.tables.values()) == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,A,,Sales,Lead,,,b\nb,B,,Sales,Lead,,,a\n", "opportunity: a → b → a are merged in a circle"),
        ("a,A,,Sales,Lead,,,b\na,A,,Sales,Lead,,,c\n", "opportunity: a is merged into b and into c"),
    ],
)
def test_circles_and_two_that_are_left_are_refused(sqlite, tmp_path, rows, said):
    before = dump(sqlite)
    with pytest.raises(ImportRefused, match=f"{said}.*Nothing was loaded"):
        _loaded(sqlite, tmp_path / "bad", {"stage": FOLDER["stage"], "opportunity": DEALS + rows})
    assert dump(sqlite) == before


HISTORY = "opportunity_id,changed_at,stage\n"


def _history(database) -> list[tuple[str, str, str]]:
    h = CONTRACT["opportunity_history"].c
    with database.connect() as connection:
        found = connection.execute(sa.select(h.opportunity_id, h.stage, h.changed_at).order_by(h.changed_at)).all()
    return [(deal, name, f"{at:%m-%d}") for deal, name, at in found]


def test_the_past_follows_whichever_of_both_comes_with_the_load_and_of_two_lives_the_first(database, tmp_path):
    load(database, write_folder(tmp_path / "first"), today=TODAY)  # d1, of which all came before
    rows = "d1,,,Sales,Won,,,e\nx,X,,Sales,Lead,,,e\ne,Pumps,,Sales,Offer,5,2025-04-01,\n"
    own = "e,2025-02-20,Offer\ne,2025-04-01,Offer\n"
    _loaded(database, tmp_path / "merged", {"opportunity": DEALS + rows, "opportunity_history": HISTORY + own})
    assert _history(database) == [
        ("e", "Lead", "01-10"), ("e", "Offer", "02-10"), ("e", "Offer", "02-20"), ("e", "Offer", "04-01"),
    ]  # fmt: skip
    more = HISTORY + "y,2025-01-05,Lead\ny,2025-03-05,Offer\nz,2025-01-06,Lead\n"
    rows = "y,Y,,Sales,Lead,,,e\nz,Z,,Sales,Lead,,,e\n"
    _loaded(database, tmp_path / "more", {"opportunity": DEALS + rows, "opportunity_history": more})
    assert [row for row in _history(database) if row[2] < "01-10"] == [("e", "Lead", "01-05")]
    undo(database, last_import(database), by="Ann")
    assert _history(database)[0] == ("e", "Lead", "01-10")


def test_who_had_an_account_follows_and_what_is_said_twice_counts_once(database, tmp_path):
    held = "subject_kind,subject_id,role,rep_id,from_on\n"
    extra = {
        "assignment": held + "account,c1,owner,r1,2025-01-01\nlead,c1,owner,r2,2025-01-01\n",
        "payment": "opportunity_id,received_on,amount\nd1,2025-03-20,400\nd2,2025-03-20,300\nd1,2025-03-21,50\n",
    }
    load(database, write_folder(tmp_path / "first", extra), today=TODAY)
    before = _facts(database)
    done = _loaded(database, tmp_path / "merged", MERGED)
    a = CONTRACT["assignment"].c
    with database.connect() as connection:
        assert sorted(connection.execute(sa.select(a.subject_kind, a.subject_id)).all()) == [
            ("account", "c2"), ("lead", "c1"),
        ]  # fmt: skip
        p = CONTRACT["payment"].c
        assert sorted(connection.execute(sa.select(p.opportunity_id, p.amount)).all()) == [("d2", 5000), ("d2", 30000)]
    assert "payment: 1 rows of ids that were merged away have the key of a row of what is left" in str(done.warnings)
    undo(database, last_import(database), by="Ann")
    assert _facts(database) == before


def test_a_chain_may_be_said_whole_and_what_a_whole_export_lacks_refers_to_what_is_left(database, tmp_path):
    load(database, write_folder(tmp_path / "first"), today=TODAY)
    files = {
        "account": "account_id,name,merged_from\nc2,Coal,c1\nc3,Coal & Co,c1;c2\n",
        "opportunity": "opportunity_id,name,account_id,pipeline,stage\nd2,Valve,,Sales,Offer\n",
    }
    done = _loaded(database, tmp_path / "whole", files, full=True, max_removed=1.0)
    assert "account: 2 merged into others (c1 → c3, c2 → c3" in str(done.warnings)
    assert done.tables["opportunity"].removed == 2
    assert set(_ids(database, "opportunity", "account_id")) - {None} == {"c3"}


def test_what_is_merged_into_nothing_known_stays(sqlite, tmp_path):
    files = {"stage": FOLDER["stage"], "opportunity": DEALS + "a,A,,Sales,Lead,1,2025-01-01,z\n"}
    done = _loaded(sqlite, tmp_path / "left", files)
    assert "1 merged into ids that are neither in this load nor in the database (a → z)" in "\n".join(done.warnings)
    assert _ids(sqlite, "opportunity", "opportunity_id") == ["a"]


def test_a_whole_export_does_not_bring_the_old_one_back_and_a_dry_run_changes_nothing(sqlite, tmp_path):
    load(sqlite, write_folder(tmp_path / "first"), today=TODAY)
    before = dump(sqlite)
    files = {"opportunity": DEALS + "d1,,,Sales,Won,,,d2\nd2,Valve,,Sales,Offer,5,2025-02-01,\n"}
    seen = []
    dry = _loaded(sqlite, tmp_path / "whole", files, full=True, dry_run=True, look=lambda one: seen.append(
        one.scalars(sa.select(CONTRACT["opportunity"].c.opportunity_id)).all()))  # fmt: skip
    assert dump(sqlite) == before
    assert [sorted(one) for one in seen] == [["d1", "d2", "d3"], ["d2", "d3"]]
    done = load(sqlite, tmp_path / "whole", today=TODAY, full=True)
    assert done.tables["opportunity"].removed == dry.tables["opportunity"].removed == 1  # d3
    assert _ids(sqlite, "opportunity", "opportunity_id") == ["d2", "d3"]
