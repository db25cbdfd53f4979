"""Tokens, without a server: made, counted, ended; on both kinds of database."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data_access.errors import NotFound, Refused
from data_access.people import known, tokens
from data_access.schema import access_token, audit_event
from data_access.scope import Person
from tests.independent.product import run

ANN = "ann@example.com"


@pytest.fixture
def staffed(database) -> sa.Engine:
    known.put(database, ANN, Person("executive", name="Ann"), by="test")
    return database


def test_a_token_is_a_persons_until_it_or_they_end(staffed, subtests):
    token = tokens.new(staffed, " Ann@Example.com ", ["overview"], 30, by="me")
    holder = tokens.used(staffed, token)
    assert (holder.email, holder.person, holder.reports) == (
        ANN,
        Person("executive", name="Ann", email=ANN),
        ("overview",),
    )
    known.put(staffed, ANN, Person("director", name="Ann"), by="me")
    assert tokens.used(staffed, token).person.role == "director"
    for forged in ("", "cockpit_", token[:-1], f"{token}x", token.upper(), "\udcff", "' or 1=1 --"):
        with subtests.test(forged=forged), pytest.raises(tokens.NoToken, match="no token"):
            tokens.used(staffed, forged)
    [one] = tokens.everything(staffed)
    assert one.last_used_at is not None and one.revoked_at is None
    tokens.revoke(staffed, one.token_id, by="me")
    with pytest.raises(tokens.NoToken, match="revoked"):
        tokens.used(staffed, token)
    with pytest.raises(NotFound):
        tokens.revoke(staffed, one.token_id, by="me")


def test_an_expired_token_opens_nothing(staffed):
    token = tokens.new(staffed, ANN, None, 1, by="me")
    ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    with staffed.begin() as connection:
        connection.execute(access_token.update().values(expires_at=ago))
    with pytest.raises(tokens.NoToken, match="expired on"):
        tokens.used(staffed, token)
    for days in (0, -1, 367):
        with pytest.raises(Refused, match="1 to 366"):
            tokens.new(staffed, ANN, None, days, by="me")


def test_a_persons_tokens_end_with_them_and_do_not_come_back(staffed):
    token = tokens.new(staffed, ANN, None, 9, by="me")
    known.close(staffed, ANN, by="me")
    with pytest.raises(tokens.NoToken):
        tokens.used(staffed, token)
    with pytest.raises(NotFound, match="who may sign in"):
        tokens.new(staffed, ANN, None, 9, by="me")
    known.put(staffed, ANN, Person("executive"), by="me")
    with pytest.raises(tokens.NoToken, match="revoked"):
        tokens.used(staffed, token)
    with pytest.raises(NotFound):
        tokens.new(staffed, "nobody@example.com", None, 9, by="me")


def test_a_token_asks_so_often_a_minute_by_however_many_at_once(staffed, monkeypatch):
    token = tokens.new(staffed, ANN, None, 9, by="me")
    now = 60 * 1_000_000.0
    monkeypatch.setattr(tokens.time, "time", lambda: now + 45)

    def asked(_number: int) -> bool:
        try:
            tokens.used(staffed, token)
        except tokens.TooOften as often:
            assert often.seconds == 15
            return False
        return True

    with ThreadPoolExecutor(4) as together:
        answered = list(together.map(asked, range(tokens.MOST_CALLS + 6)))
    assert answered.count(True) == tokens.MOST_CALLS
    other = tokens.new(staffed, ANN, None, 9, by="me")
    assert tokens.used(staffed, other)
    now += 60
    assert asked(0)


def test_a_token_is_printed_once_and_kept_nowhere(staffed):
    made = run(staffed, "token", "new", ANN, "--report", "overview", "--report", "funnel", "--days", "3")
    token = made.stdout.strip()
    assert re.fullmatch(r"cockpit_[\w-]{43}", token) and "shown this once" in made.stderr
    with staffed.connect() as connection:
        kept = [str(tuple(row)) for table in (access_token, audit_event) for row in connection.execute(table.select())]
    assert kept and not any(token in row or token.removeprefix("cockpit_") in row for row in kept)
    listed = run(staffed, "token", "list").stdout
    assert listed.startswith(f"1: {ANN}, overview, funnel, until ") and listed.endswith("never used\n")
    assert run(staffed, "token", "revoke", "1").stdout == "Token 1 is revoked.\n"
    assert "revoked" in run(staffed, "token", "list").stdout
    assert run(staffed, "token", "revoke", "1").exit_code == 1
    assert run(staffed, "token", "new", ANN).exit_code == 2  # no report said: it opens none by itself
    assert run(staffed, "token", "new", ANN, "--report", "salaries").exit_code == 2
    with staffed.connect() as connection:
        told = connection.execute(sa.select(audit_event.c.action, audit_event.c.subject, audit_event.c.detail)).all()
    assert ("new_token", "1", {"email": ANN, "days": 3, "reports": ["overview", "funnel"]}) in map(tuple, told)
    assert ("revoke_token", "1", None) in map(tuple, told) and json.dumps([list(row) for row in told])
