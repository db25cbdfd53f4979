"""Who is let in, without a browser: tokens, headers, roles, people on file, names and cookies."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.server import sign_in
from dashboard.server.returning import CALLBACK, COOKIE, _decoded, _secured
from data_access.errors import NotFound, Refused
from data_access.people import known
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANN = Person("manager", ("n",), name="Ann", email="ann@example.com")
TOKEN = {"email": "ann@example.com", "aud": "ours", "iat": NOW.timestamp() - 60, "email_verified": True}


def test_a_token_is_taken_only_if_it_is_ours_fresh_and_about_a_verified_address(subtests):
    assert sign_in.of_claims(TOKEN, "ours", NOW)[0] == "ann@example.com"
    assert sign_in.of_claims(TOKEN | {"aud": ["ours"]}, "ours", NOW)
    hours = timedelta(hours=1).total_seconds()
    for wrong in (
        {"aud": "another"},
        {"aud": ["ours", "another"]},
        {"aud": None},
        {"aud": ""},
        {"email_verified": False},
        {"email": ""},
        {"email": None},
        {"email": ["ann@example.com"]},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": NOW.timestamp() - 13 * hours},
        {"iat": NOW.timestamp() + 13 * hours},
    ):
        with subtests.test(wrong=wrong), pytest.raises(sign_in.Nobody):
            sign_in.of_claims(TOKEN | wrong, "ours", NOW)
    with pytest.raises(sign_in.Nobody):
        sign_in.of_claims(TOKEN | {"aud": ""}, "", NOW)


def test_roles_of_a_claim(subtests):
    assert sign_in.of_roles(["manager:e", "manager:w"], "Ann") == Person("manager", ("e", "w"), name="Ann", email="ann")
    assert sign_in.of_roles(["executive"], "Bob") == Person("executive", name="Bob", email="bob")
    for wrong in (None, [], "executive", ["king"], ["manager"], ["executive", "manager:e"], [1], {"executive": 1}):
        with subtests.test(wrong=wrong), pytest.raises(Refused):
            sign_in.of_roles(wrong, "Ann")


def test_people_on_file(sqlite, tmp_path):
    load(sqlite, write_folder(tmp_path / "files"))
    assert known.known(sqlite, "ann@example.com") is None
    known.put(sqlite, " Ann@Example.com", Person("manager", ("n",), name="Ann"), by="me")
    assert known.known(sqlite, "ANN@example.com") == known.Known(ANN, None)
    with pytest.raises(NotFound):
        known.put(sqlite, "ann@example.com", Person("manager", ("nowhere",)), by="me")
    known.put(sqlite, "ann@example.com", Person("director"), by="me")
    dora = Person("director", name="ann@example.com", email="ann@example.com")
    assert known.known(sqlite, "ann@example.com").person == dora
    known.sign_out(sqlite, "Ann@example.com")
    assert known.known(sqlite, "ann@example.com").signed_out_at is not None
    known.close(sqlite, "ann@example.com", by="me")
    assert known.known(sqlite, "ann@example.com").person is None
    assert list(known.everybody(sqlite)["is_active"]) == [False]
    for wrong in ("", "nobody@example.com", "x" * 300):
        with pytest.raises(Refused):
            known.close(sqlite, wrong, by="me")


def test_what_is_kept_of_answers_is_shared_by_those_who_may_see_the_same():
    day = NOW.date()
    ann, bob = (Scope(Person("manager", ("n",), name=name), Period(day, day), day, day) for name in ("Ann", "Bob"))
    assert repr(ann) == repr(bob) != repr(ann.but(person=Person("manager", ("s",), name="Ann")))


def test_without_a_sign_in_only_this_machine_is_listened_to(monkeypatch, subtests):
    for mode in ("none", "proxy"):
        monkeypatch.setenv(sign_in.MODE, mode)
        for address in ("127.0.0.1", "127.0.0.53", "::1", "localhost"):
            sign_in.must_be_set_up(address)
        for address in ("0.0.0.0", "::", "", "10.0.0.1", "example.com", "localhost.example.com"):
            with subtests.test(mode=mode, address=address), pytest.raises(Refused, match="this machine alone"):
                sign_in.must_be_set_up(address)
    monkeypatch.setenv(sign_in.MODE, "open")
    with pytest.raises(Refused, match="none, proxy, oidc"):
        sign_in.mode()


def test_a_provider_that_is_not_set_up_is_refused_before_anything_is_served(monkeypatch, tmp_path):
    monkeypatch.setenv(sign_in.MODE, "oidc")
    monkeypatch.setattr(sign_in, "_secrets", lambda: {"client_id": "ours", "cookie_secret": "x"})
    with pytest.raises(Refused, match="redirect_uri, client_secret, server_metadata_url"):
        sign_in.must_be_set_up("0.0.0.0")
    whole = dict.fromkeys(("client_id", "client_secret", "server_metadata_url"), "x")
    whole |= {"redirect_uri": "https://cockpit.example.com/oauth2callback", "cookie_secret": "short"}
    monkeypatch.setattr(sign_in, "_secrets", lambda: whole)
    with pytest.raises(Refused, match="cookie_secret"):
        sign_in.must_be_set_up("0.0.0.0")
    whole["cookie_secret"] = "s" * 32
    sign_in.must_be_set_up("0.0.0.0")
    assert "cockpit.example.com" in sign_in.hosts()


def test_a_proxy_says_who_is_asking_once_or_nobody_is(sqlite, tmp_path, monkeypatch, subtests):
    load(sqlite, write_folder(tmp_path / "files"))
    known.put(sqlite, "ann@example.com", Person("manager", ("n",), name="Ann"), by="me")
    monkeypatch.setenv(sign_in.MODE, "proxy")
    monkeypatch.setattr(sign_in.database, "engine", lambda: sqlite)

    def asking(*said: str) -> Person | None:
        headers = type("Headers", (), {"get_all": lambda _self, name: said if name == "X-Forwarded-Email" else ()})
        monkeypatch.setattr(sign_in.st, "context", type("Context", (), {"headers": headers()}))
        return sign_in.person()

    assert asking("Ann@example.com") == ANN
    assert sign_in.is_still(ANN)
    for other in (Person("executive"), Person("manager", ("n",), name="Ann", email="ann.lee@example.com")):
        assert not sign_in.is_still(other)
    for said in ((), ("",), (" ",), ("eve@example.com",), ("ann@example.com", "eve@example.com")):
        with subtests.test(said=said), pytest.raises(sign_in.Nobody):
            asking(*said)
    asking("ann@example.com")
    known.close(sqlite, "ann@example.com", by="me")
    assert not sign_in.is_still(ANN)


def test_where_one_is_led_back_to_is_a_page_of_ours(subtests):
    def kept(wanted: str) -> str | None:
        return _decoded(urlsafe_b64encode(wanted.encode()).decode())

    assert kept("/key_accounts?group=%E5%8D%8E&tab=lab") == "/key_accounts?group=%E5%8D%8E&tab=lab"
    for wrong in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/a/b",
        "/x?a\r\nSet-Cookie: b",
        "",
        "x",
    ):
        with subtests.test(wrong=wrong):
            assert kept(wrong) is None
    assert _decoded("not base64 at all") is None and _decoded("/w==") is None


def test_cookies_are_secure_where_the_way_is():
    assert _secured(b"set-cookie", b"a=b; HttpOnly") == (b"set-cookie", b"a=b; HttpOnly; Secure")
    assert _secured(b"set-cookie", b"a=b; Secure") == (b"set-cookie", b"a=b; Secure")
    assert _secured(b"set-cookie", b"secure=b") == (b"set-cookie", b"secure=b; Secure")
    assert _secured(b"location", b"/") == (b"location", b"/")
    assert CALLBACK == "/oauth2callback" and COOKIE
