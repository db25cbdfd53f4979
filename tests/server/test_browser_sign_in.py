"""Signing in against a provider of OpenID Connect that runs beside, in a browser: a link kept, a stranger, a token for
somebody else, a door closed meanwhile, and signing out for all tabs."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data_access.people import known, trail
from data_access.people.audit import moment
from data_access.scope import Person
from tests.browser_fixtures import DONE, PATIENCE, ROOT, needs_chromium, wait_for
from tests.folders import write_folder
from tests.independent.product import load

pytestmark = [pytest.mark.long, needs_chromium]

ANN, BOB = "ann@example.com", "bob@example.com"
USERS = (
    {"sub": "ann", "email": "Ann@Example.com", "email_verified": True},
    {"sub": "bob", "email": BOB, "email_verified": True},
    {"sub": "stranger", "email": "eve@example.com", "email_verified": True},
    {"sub": "elsewhere", "email": ANN, "email_verified": True, "aud": "another", "azp": "cockpit"},
    {"sub": "unverified", "email": ANN, "email_verified": False},
    {"sub": "long ago", "email": ANN, "email_verified": True, "iat": 1_600_000_000},
)
NOTHING_OPEN = "nothing is open to you here"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running(address: str, *command: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=os.environ | environment)
    try:
        wait_for(address)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


@pytest.fixture
def company(sqlite, tmp_path):
    """A company of three deals, and two people who may sign in."""
    load(sqlite, write_folder(tmp_path / "files"))
    known.put(sqlite, ANN, Person("manager", ("n",), name="Ann Lee"), by="test")
    known.put(sqlite, BOB, Person("executive", name="Bob"), by="test")
    return sqlite


@pytest.fixture
def served(company, tmp_path: Path):
    app, provider = free_port(), free_port()
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{app}/oauth2callback"
cookie_secret = "{"s" * 40}"
client_id = "cockpit"
client_secret = "not used"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    users = [part for user in USERS for part in ("--user-claims", json.dumps(user))]
    beside = running(f"http://127.0.0.1:{provider}/", "oidc_provider_mock", "--port", str(provider), *users)
    command = ("dashboard", "--database", str(company.url), "serve", "--sign-in", "oidc", "--port", str(app))
    address = f"http://127.0.0.1:{app}"
    with beside, running(f"{address}/_stcore/health", *command, DASHBOARD_SECRETS_FILE=str(secrets)):
        yield address


def signed_in(tab, who: str) -> None:
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_role("button", name=who, exact=True).click()


def test_who_signs_in_sees_what_is_theirs_and_nobody_else_anything(chromium, company, served):
    window = chromium.new_context(locale="en-GB")
    tab = window.new_page()
    tab.set_default_timeout(PATIENCE)

    # By a link, before signing in: nothing of the data, and no role by the address.
    tab.goto(f"{served}/reps?period=last_quarter&role=executive")
    expect(tab.get_by_text("Sign in to see your numbers.")).to_be_visible()
    assert tab.get_by_text("Ann", exact=True).count() == 0 and tab.locator("[data-testid=stSelectbox]").count() == 0

    # Whoever is not on file, was given a token for another client or an old one, or whose address nobody has verified.
    for who in ("stranger", "elsewhere", "unverified", "long ago"):
        signed_in(tab, who)
        expect(tab.get_by_text(NOTHING_OPEN).or_(tab.get_by_text("Sign in to see your numbers."))).to_be_visible()
        expect(tab.locator("[data-testid=stSelectbox]")).to_have_count(0)
        assert "/reps?period=last_quarter" in tab.url

    # Who is: the link is kept, and the region is theirs whatever the address said.
    signed_in(tab, "ann")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Reps")
    expect(tab.get_by_role("button", name="Ann Lee")).to_be_visible()
    tab.locator(DONE).wait_for()
    assert tab.url == f"{served}/reps?period=last_quarter"
    cookies = {one["name"]: one for one in window.cookies() if one["name"].startswith(("_streamlit_user", "cockpit"))}
    assert "_streamlit_user" in cookies and cookies["cockpit_wanted"]["path"] == "/oauth2callback"
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies.values())
    expect(tab.get_by_text("Bob", exact=True)).to_have_count(0)

    # The door is closed meanwhile: the next run, of a session that is open, ends it. And opened again.
    known.close(company, ANN, by="test")
    tab.get_by_role("button", name="Find anything").click()
    expect(tab.get_by_text(NOTHING_OPEN)).to_be_visible()
    known.put(company, ANN, Person("manager", ("n",), name="Ann Lee"), by="test")
    tab.reload()

    # Signing out in another tab ends this one, too.
    other = window.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{served}/leads")
    other.get_by_role("button", name="Ann Lee").click()
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("button", name="End session").click()  # the provider's own
    expect(other.get_by_text("Sign in to see your numbers.")).to_be_visible()
    tab.get_by_role("button", name="Find anything").click()
    expect(tab.get_by_text(NOTHING_OPEN)).to_be_visible()
    window.close()

    # Who came, and who was turned away, is written down once each, however many tabs and runs there were.
    today = moment().date()
    found = trail.trail(company, Person("director"), today - timedelta(days=1), today)
    came = found[found["action"] == "sign_in"]
    assert set(came["by"]) == {ANN} and not came["subject"].duplicated().any()
    assert found[found["action"] == "turn_away"]["by"].is_unique and len(found[found["action"] == "turn_away"])
