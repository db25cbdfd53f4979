"""Entries of the account page on both databases: who may, what may, what an import leaves alone."""

from datetime import date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access import entries, imports
from data_access.accounts import business, key_accounts, one_account
from data_access.database.limits import LAST_YEAR, LONGEST_KEY
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.schema import account_score, audit_event, data_state
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder

pytestmark = pytest.mark.postgresql

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 10, 30)
DIRECTOR = Person("director", name="Dora")
NORTH, SOUTH = Person("manager", ("n",)), Person("manager", ("s",))

FILES = {
    "account": "account_id,name,industry,owner_id,region_id\nc1,Coal & Co,mining,r1,n\nc2,Nowhere,mining,r1,\n",
    "account_score": "account_id,factor,score,assessed_on\nc1,potential,4,2026-11-01\n",
    "account_goal": "account_id,goal,due_on,done_on\nc1,Meet the board,2026-12-01,\n",
}
ROWS = {
    "account_score": {"factor": "potential", "score": 8, "assessed_on": TODAY},
    "closeness_score": {"score": 6.5, "assessed_on": TODAY},
    "account_need": {"window": "0-3m", "solution": "Pumps", "value": 100, "capability": 5, "assessed_on": TODAY},
    "account_goal": {"goal": "Frame contract", "due_on": date(2027, 3, 1), "done_on": None},
    "opportunity_score": {"question": "brand", "score": 7, "assessed_on": TODAY},
    "opening": {"position": "behind", "territory": "ours", "what_changed": "Their new CIO", "assessed_on": TODAY},
    "rep_score": {"metric": "collaboration", "score": 9, "assessed_on": TODAY},
}
SUBJECTS = {"account_id": "c1", "opportunity_id": "d1", "rep_id": "r1"}  # all three in the north
ELSEWHERE = {"account_id": "c2", "opportunity_id": "d2", "rep_id": "r2"}


def two_accounts(database, folder):
    """One in the north and one without a region."""
    imports.load(database, write_folder(folder / "files", FILES), today=TODAY)


@pytest.fixture
def filled(database_after):
    return database_after(two_accounts)


def scope(person=DIRECTOR, as_of=TODAY):
    return Scope(person, Period(as_of, as_of), as_of, TODAY)


def enter(database, table="account_score", person=DIRECTOR, subject_id=None, at=AT, **changes):
    subject_id = subject_id or SUBJECTS[entries.subject_of(table)]
    return entries.enter(database, person, table, subject_id, [ROWS[table] | changes], at=at)


def version(database) -> int:
    with database.connect() as connection:
        return connection.scalar(sa.select(data_state.c.version))


def holding(database, factor="potential") -> float:
    found = key_accounts.latest_scores(database, scope())
    return found.loc[(found["account_id"] == "c1") & (found["factor"] == factor), "score"].item()


def test_an_entry_is_kept_with_who_and_when(filled, subtests):
    for table in entries.TABLES:
        with subtests.test(table=table):
            before = version(filled)
            [entry_id] = enter(filled, table)
            with filled.connect() as connection:
                target = entries.TABLES[table]
                [row] = connection.execute(sa.select(target).where(target.c.entry_id == entry_id)).mappings()
            subject = entries.subject_of(table)
            assert (row[subject], row["entered_by"], row["entered_at"]) == (SUBJECTS[subject], "Dora", AT)
            assert {name: row[name] for name in ROWS[table]} == ROWS[table]
            assert version(filled) == before + 1


def test_an_executive_may_not_enter_and_is_told_who_may(filled, subtests):
    for table in entries.TABLES:
        with subtests.test(table=table), pytest.raises(NotAllowed, match="manager, director"):
            enter(filled, table, Person("executive"))


def test_a_manager_enters_in_their_regions_only(filled):
    enter(filled, person=NORTH)
    assert holding(filled) == 8
    before = version(filled)
    with pytest.raises(NotFound, match="that you can see"):
        enter(filled, person=SOUTH, score=1)
    with pytest.raises(NotFound, match="that you can see"):
        enter(filled, person=NORTH, subject_id="c2")  # without a region: only who sees everything
    assert (holding(filled), version(filled)) == (8, before)


def test_a_manager_enters_about_deals_and_reps_in_their_regions_only(filled, subtests):
    for table in ("opportunity_score", "opening", "rep_score"):
        with subtests.test(table=table):
            enter(filled, table, NORTH)
            elsewhere = ELSEWHERE[entries.subject_of(table)]
            before = version(filled)
            with pytest.raises(NotFound, match="that you can see"):
                enter(filled, table, NORTH, elsewhere)
            with pytest.raises(Refused, match="There is no .* 'x9'"):
                enter(filled, table, NORTH, "x9")
            assert version(filled) == before
            enter(filled, table, SOUTH, elsewhere)


def test_a_manager_reads_in_their_regions_only(filled):
    whole = [getattr(one_account, name) for name in ("facts", "coverage", "contacts", "activities", "goals", "needs")]
    brings = [getattr(business, name) for name in ("open_deals", "deal_values", "receipts", "purchases")]
    for question in whole + brings:
        question(filled, scope(NORTH), "c1")
        with pytest.raises(NotFound, match="that you can see"):
            question(filled, scope(SOUTH), "c1")
        with pytest.raises(Refused, match="no account 'c9'"):
            question(filled, scope(SOUTH), "c9")


def test_what_breaks_a_rule_is_refused_in_words(filled, subtests):
    for table, changes, rule, column in (
        ("account_score", {"score": 10.5}, "range", "score"),
        ("account_score", {"score": -1}, "range", "score"),
        ("account_score", {"score": None}, "required", "score"),
        ("account_score", {"score": float("nan")}, "required", "score"),
        ("account_score", {"score": "high"}, "number", "score"),
        ("account_score", {"factor": "past_revenue"}, "choices", "factor"),
        ("account_score", {"assessed_on": date(2026, 11, 22)}, "future", "assessed_on"),
        ("account_score", {"assessed_on": None}, "required", "assessed_on"),
        ("closeness_score", {"score": 11}, "range", "score"),
        ("account_need", {"value": -1}, "range", "value"),
        ("account_need", {"value": 10**18}, "range", "value"),
        ("account_need", {"capability": 12}, "range", "capability"),
        ("account_need", {"window": "soon"}, "choices", "window"),
        ("account_need", {"solution": "  "}, "required", "solution"),
        ("account_need", {"solution": "x" * (LONGEST_KEY + 1)}, "text", "solution"),
        ("account_need", {"solution": "a\0b"}, "text", "solution"),
        ("account_goal", {"due_on": date(LAST_YEAR + 1, 1, 1)}, "day", "due_on"),
        ("opening", {"what_changed": "\ud800"}, "text", "what_changed"),
        ("account_goal", {"goal": ""}, "required", "goal"),
        ("account_goal", {"done_on": date(2026, 11, 22)}, "future", "done_on"),
        ("opening", {"position": "first"}, "choices", "position"),
        ("opportunity_score", {"question": "luck"}, "choices", "question"),
        ("rep_score", {"metric": ""}, "required", "metric"),
    ):
        with subtests.test(table=table, rule=rule, column=column):
            before = version(filled)
            with pytest.raises(entries.NotValid) as refused:
                enter(filled, table, **changes)
            assert (refused.value.rule, refused.value.column) == (rule, column)
            assert str(refused.value).startswith(column) and str(refused.value).endswith(".")
            assert version(filled) == before


def test_all_rows_are_written_or_none(filled):
    rows = [ROWS["account_score"], ROWS["account_score"] | {"score": 99}]
    with pytest.raises(entries.NotValid):
        entries.enter(filled, DIRECTOR, "account_score", "c1", rows, at=AT)
    assert holding(filled) == 4


def test_an_import_never_overwrites_an_entry(filled, tmp_path):
    enter(filled, assessed_on=date(2026, 11, 1))  # the very day of the imported one
    assert holding(filled) == 8
    again = FILES | {"account_score": "account_id,factor,score,assessed_on\nc1,potential,5,2026-11-01\n"}
    imports.load(filled, write_folder(tmp_path / "again", again), today=TODAY)
    assert holding(filled) == 8
    history = one_account.factor_scores(filled, scope(), "c1")
    assert list(history["score"]) == [5, 8]  # the import updated its own row
    assert list(history["entered_by"].fillna("")) == ["", "Dora"]


def test_the_last_entry_of_a_day_holds_and_the_history_keeps_all(filled):
    for hour, score in ((9, 7), (11, 3), (10, 9)):
        enter(filled, score=score, at=AT.replace(hour=hour))
    assert holding(filled) == 3
    assert list(one_account.factor_scores(filled, scope(), "c1")["score"]) == [4, 7, 9, 3]


def test_undo_brings_back_what_held_and_keeps_the_entry(filled):
    ids = enter(filled)
    before = version(filled)
    entries.withdraw(filled, NORTH, "account_score", "c1", ids, at=AT)
    assert (holding(filled), version(filled)) == (4, before + 1)
    history = one_account.factor_scores(filled, scope(), "c1")
    assert list(history["is_withdrawn"]) == [False, True]
    entries.withdraw(filled, NORTH, "account_score", "c1", ids, at=AT)  # twice changes nothing
    with filled.connect() as connection:
        by = connection.execute(sa.select(audit_event.c.by).where(audit_event.c.subject == ids[0])).scalars().all()
    assert by == ["manager"]


def test_a_first_assessment_can_be_undone_too(filled):
    ids = enter(filled, factor="winnability")
    entries.withdraw(filled, DIRECTOR, "account_score", "c1", ids, at=AT)
    assert "winnability" not in set(key_accounts.latest_scores(filled, scope())["factor"])


def test_undo_is_refused_as_entering_is(filled):
    ids = enter(filled)
    with pytest.raises(NotAllowed):
        entries.withdraw(filled, Person("executive"), "account_score", "c1", ids, at=AT)
    with pytest.raises(NotFound):
        entries.withdraw(filled, SOUTH, "account_score", "c1", ids, at=AT)
    with pytest.raises(Refused, match="no such entry"):
        entries.withdraw(filled, DIRECTOR, "account_score", "c2", ids, at=AT)  # another account's
    with pytest.raises(Refused, match="no such entry"):
        entries.withdraw(filled, DIRECTOR, "account_score", "c1", [""], at=AT)  # an imported row
    assert holding(filled) == 8


def test_a_goal_changed_is_a_new_version(filled):
    enter(filled, "account_goal", goal="Meet the board", due_on=date(2026, 12, 1), done_on=TODAY)
    versions = one_account.goals(filled, scope(), "c1")
    assert list(versions["goal"]) == ["Meet the board"] * 2
    assert list(versions["done_on"].isna()) == [True, False]
    earlier = one_account.goals(filled, scope(as_of=date(2026, 11, 20)), "c1")
    assert len(earlier) == 1  # nobody had entered it by then


def test_an_assessment_after_the_last_day_moves_that_day(filled):
    with filled.begin() as connection:
        connection.execute(data_state.update().values(last_day=date(2026, 11, 1).toordinal()))
    enter(filled, assessed_on=date(2026, 11, 10))
    enter(filled, assessed_on=date(2026, 10, 1))  # an earlier one does not move it back
    with filled.connect() as connection:
        assert connection.scalar(sa.select(data_state.c.last_day)) == date(2026, 11, 10).toordinal()


def test_an_entry_names_only_the_tables_own_columns(filled):
    with pytest.raises(Refused, match="no column 'entered_by'"):
        enter(filled, entered_by="somebody else")
    with filled.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(account_score)) == 1


def test_who_assessed_is_who_enters_unless_somebody_is_named(filled):
    enter(filled)
    enter(filled, factor="winnability", assessed_by="r2")
    found = one_account.factor_scores(filled, scope(), "c1").set_index("factor")["assessed_by"]
    assert found["winnability"] == "Bob" and "Dora" in set(found["potential"])
    assert pd.isna(found["potential"].iloc[0])
