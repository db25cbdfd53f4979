"""Who did what and when: every kind of it is there, narrowed as asked, for those alone who see the whole company."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import get_args

import pytest
import sqlalchemy as sa

from dashboard.sections.data.trail import names_of_actions
from dashboard.words.language import speaking
from data_access import entries, organisation
from data_access.engine import rows_of
from data_access.errors import NotAllowed, Refused
from data_access.forecast import commits
from data_access.people import audit, known, trail
from data_access.schema import access_event, import_batch
from data_access.scope import Period, Person
from tests.independent import product

DORA = Person("director", name="Dora", email="dora@example.com")
ANN = Person("manager", ("n",), name="Ann", email="ann@example.com")
AT = datetime(2026, 11, 21, 9)
TODAY = audit.moment().date()


def told(database, first: date = TODAY, last: date = TODAY + timedelta(days=1), **narrowed) -> list[tuple[str, ...]]:
    found = trail.trail(database, DORA, first, last, **narrowed)
    assert found["at"].is_monotonic_decreasing
    return [(one.by, one.action, one.subject) for one in found.itertuples()]


@pytest.fixture
def done(database):
    """A database in which some things were done."""
    organisation.set_setting(database, "organisation", "Acme", by="root")
    known.put(database, DORA.email, DORA, by="root")
    audit.note_access(database, "sign_in", "2026-11-21 08:00:00", DORA.email, once=True)
    audit.note_access(database, "sign_in", "2026-11-21 08:00:00", DORA.email, once=True)  # by another tab
    audit.note_access(database, "export", "100%.xlsx", DORA.email)
    audit.note_access(database, "export", "100%.xlsx", DORA.email)  # each file counts
    return database


def test_what_was_done_is_told_newest_first_and_narrowed_as_asked(done):
    assert sorted(told(done)) == [
        ("dora@example.com", "export", "100%.xlsx"),
        ("dora@example.com", "export", "100%.xlsx"),
        ("dora@example.com", "sign_in", "2026-11-21 08:00:00"),
        ("root", "put_person", "dora@example.com"),
        ("root", "set", "organisation"),
    ]
    assert told(done, by="ROOT", action="set") == [("root", "set", "organisation")]
    assert told(done, by="%") == told(done, by="_oot") == []
    assert told(done, TODAY - timedelta(days=9), TODAY - timedelta(days=1)) == []
    with done.begin() as connection:
        connection.execute(access_event.update().values(at=datetime(2026, 2, 28, 23, 59, 59)))
    day = date(2026, 2, 28)
    assert len(told(done, day, day)) == 3 and told(done, day + timedelta(days=1), day + timedelta(days=1)) == []


def test_it_tells_of_everybody_and_so_to_those_alone_who_see_everything(done):
    with pytest.raises(NotAllowed, match="for those who see the whole company"):
        trail.trail(done, ANN, TODAY, TODAY)
    with pytest.raises(Refused, match="'delete' is no action. Actions are sign_in, "):
        told(done, action="delete")


@pytest.mark.writes
def test_imports_and_what_is_entered_stand_there_as_they_do_where_they_are_kept(demo):
    quarter = Period(date(2026, 10, 1), date(2026, 12, 31))
    made = commits.commit(demo, Person("executive", name="Eva"), quarter, 100, region_id="west", at=AT)
    [entry] = entries.enter(demo, DORA, "account_goal", "A00001", [{"goal": "a first meeting"}], at=AT)
    entries.withdraw(demo, DORA, "account_goal", "A00001", [entry], at=AT)
    entered = [("Dora", "enter", "account_goal A00001"), ("Eva", "commit", f"forecast_commit {made}")]
    found = told(demo, AT.date(), AT.date())
    assert sorted(one for one in found if one[0] in ("Dora", "Eva")) == sorted([*entered, ("Dora", "withdraw", entry)])
    found = trail.trail(demo, DORA, date(2000, 1, 1), date(2100, 1, 1), action="import")
    kept = rows_of(demo, sa.select(import_batch.c.imported_by, import_batch.c.table_name, import_batch.c.file))
    assert sorted(zip(found["by"], found["subject"], strict=True)) == sorted((by, f"{t} {f}") for by, t, f in kept)


def test_every_action_has_a_name_in_both_languages():
    for language in ("en", "zh_CN"):
        with speaking(language):
            names = names_of_actions()
        assert tuple(sorted(names)) == tuple(sorted(get_args(audit.Action)))
        assert len(set(names.values())) == len(names)


def test_the_command_says_it_and_its_file_is_free_of_formulas(done):
    audit.note_access(done, "export", '=HYPERLINK("x").xlsx', "ann\x1b[2J@example.com")
    said = product.run(done, "audit", "--by", "ann")
    assert said.exit_code == 0 and "\x1b" not in said.stdout and "export =HYPERLINK" in said.stdout
    rows = list(csv.DictReader(io.StringIO(product.run(done, "audit", "--format", "csv", "--by", "ann").stdout)))
    assert [row["subject"] for row in rows] == ['\'=HYPERLINK("x").xlsx']
    assert "is before --from" in product.run(done, "audit", "--from", "2026-11-02", "--to", "2026-11-01").stderr
