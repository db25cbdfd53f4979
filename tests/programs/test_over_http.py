"""Reports over HTTP, asked of a real server process: what is sent is what `report` prints, nobody is sent what is
another's, and whatever is wrong is said as JSON."""

import base64
import csv
import http.client
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pandas as pd
import pytest
from pyarrow import feather

from dashboard.reports import NAMES
from data_access.people import known, tokens
from tests.browser_fixtures import PATIENCE, ROOT, wait_for
from tests.independent.product import report_of, run

QUARTER = {"from": "2026-07-01", "to": "2026-09-30", "as_of": "2026-11-21"}
OPTIONS = [part for name, value in QUARTER.items() for part in (f"--{name.replace('_', '-')}", value)]
ROLES = {"eve": "executive", "dan": "director", "ann": "manager:east"}
BESIDE = ("data", "n", "definitions", "cautions")


@dataclass(frozen=True)
class Served:
    """Its server: where it is, and what it has said since it began."""

    address: str
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def served(door, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    secrets, log = folder / "secrets.toml", folder / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{"s" * 40}"
client_id = "cockpit"
client_secret = "secret"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "dashboard", "--database", door.url, "serve", "--sign-in", "oidc", "--port"]
    with log.open("w") as said:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=ROOT,
            env=os.environ | {"DASHBOARD_SECRETS_FILE": str(secrets)},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield Served(f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def json(self):
        return json.loads(self.content)


@pytest.fixture
def get(served, door):
    """Asks for a report as one of the people, or `by` a token; `headers` in place of the token's."""

    def get(what: str, who: str = "eve", *, by: str = "", headers=None, method: str = "GET", **parameters) -> Answer:
        query = urlencode(parameters, doseq=True)
        sent = {"Authorization": f"Bearer {by or door.tokens[who]}"} if headers is None else headers
        request = Request(f"{served.address}/api/{what}?{query}", headers=sent, method=method)
        try:
            with urlopen(request, timeout=PATIENCE) as found:
                return Answer(found.status, found.headers, found.read())
        except HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    return get


def without(answer: dict, *keys: str) -> dict:
    return {key: value for key, value in answer.items() if key not in keys}


def test_what_is_sent_is_what_is_printed_with_what_it_rests_on(get, door):
    for who, role in ROLES.items():
        for report in ("overview", "funnel"):
            printed = report_of(door.database, report, ["--role", role, *OPTIONS])
            sent = get(f"reports/{report}.json", who, **QUARTER)
            assert (sent.status, without(sent.json, *BESIDE)) == (200, printed)
    told = get("reports/overview.json", "ann", **QUARTER).json
    closed = [get("reports/deals.json", "ann", **QUARTER, of=of).json["rows"] for of in ("won", "lost")]
    assert told["n"]["win_rate_count"] == sum(map(len, closed)) > 0
    for track in told["by_track"]:
        won, lost = (sum(row["track"] == track for row in rows) for rows in closed)
        assert told["n"][f"{track}.win_rate_count"] == won + lost
        assert told["by_track"][track]["win_rate_count"] == won / (won + lost)
    assert told["definitions"]["by_track"]["win_rate_count"] == "win_rate_count"
    assert told["data"]["version"] and told["data"]["loaded"] and told["cautions"] == []
    assert get("reports/overview.json", "ann", source="nowhere").json["cautions"][0].startswith("No deal in view has")


def foreign_to(door, *regions: str) -> set[str]:
    """Deals and reps that lie, and always lay, outside these regions."""
    theirs = "', '".join(regions)
    inside = f"select region_id from region_within where ancestor_id in ('{theirs}')"
    with door.database.connect() as connection:
        return {
            str(key)
            for table, key in (("deal_span", "opportunity_id"), ("rep_posting", "rep_id"))
            for (key,) in connection.exec_driver_sql(
                f"select {key} from {table} group by {key} having max(region_id in ({inside})) = 0"
            )
        }


def keys_in(answer: Answer) -> set[str]:
    assert answer.status == 200
    return set(re.findall(r"\b[A-Z]\d{4,6}\b", answer.content.decode()))


def test_no_answer_holds_a_row_of_another_region(get, door):
    """By content: nothing of it is in the bytes of an answer."""
    for who, regions in (("ann", ("east",)), ("may", ("east-shanghai", "west"))):
        foreign = foreign_to(door, *regions)
        assert len(foreign) > 500
        found = keys_in(get("reports/deals.csv", who, of="closed")) | keys_in(get("reports/reps.csv", who))
        assert found and not found & foreign


@pytest.mark.long
def test_every_report_is_sent_as_it_is_printed_and_none_with_rows_of_others(get, door, subtests):
    foreign = foreign_to(door, "east")
    for report in NAMES:
        with subtests.test(report=report):
            sent = get(f"reports/{report}.json", "ann", **QUARTER)
            assert not keys_in(sent) & foreign
            if report not in ("attention", "allocation"):  # which take as long again as all others together
                printed = report_of(door.database, report, ["--role", "manager:east", *OPTIONS])
                assert without(sent.json, *BESIDE) == printed


def test_a_region_one_may_not_see_answers_as_one_that_does_not_exist(get, door):
    answers = [get("reports/deals.csv", "ann", region=name) for name in ("west", "华西", "group", "atlantis")]
    told = {
        answer.content.decode().replace(name, "NAME")
        for answer, name in zip(answers, ("west", "华西", "group", "atlantis"), strict=True)
    }
    assert {answer.status for answer in answers} == {404} and len(told) == 1
    assert "east-shanghai" in told.pop()
    both = get("reports/overview.json", "ann", region=["east-shanghai", "west"])
    assert (both.status, both.json["error"]) == (404, "not_found")
    assert get("reports/overview.json", "may", region="west").json["scope"]["regions"] == ["west"]
    assert get("reports/overview.json", "ann", owner="R0001' or '1'='1").json["values"]["won_count"] == 0


def test_csv_and_arrow_hold_the_same_rows(get, door, subtests):
    printed = run(
        door.database, "report", "deals", "--of", "won", *OPTIONS, "--role", "manager:east", "--format", "csv"
    )
    sent = get("reports/deals.csv", "ann", **QUARTER, of="won")
    assert (
        sent.content.decode().replace("\r\n", "\n") == printed.stdout
        and sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    )
    assert sent.headers["Cockpit-Scope"] == "from=2026-07-01&to=2026-09-30&as_of=2026-11-21"
    for report in ("deals", "overview", "leads", "reps"):
        with subtests.test(report=report):
            rows = get(f"reports/{report}.json", "ann", **QUARTER).json
            table = feather.read_table(io.BytesIO(get(f"reports/{report}.arrow", "ann", **QUARTER).content))
            about = json.loads(table.schema.metadata[b"cockpit"])
            assert about["scope"] == rows["scope"] and about["definitions"] == rows["definitions"]
            if "rows" in rows:
                assert json.loads(json.dumps(table.to_pylist(), default=str)) == rows["rows"]
            else:
                flat = dict(zip(*table.select(["key", "value"]).to_pydict().values(), strict=True))
                assert flat["won_amount"] == rows["values"]["won_amount"]
    nothing = feather.read_table(io.BytesIO(get("reports/deals.arrow", "ann", **QUARTER, source="nowhere").content))
    full = feather.read_table(io.BytesIO(get("reports/deals.arrow", "ann", **QUARTER, of="won").content))
    assert nothing.num_rows == 0 and nothing.schema.equals(full.schema)
    header = get("reports/deals.csv", "ann", source="nowhere").content.decode()
    assert header.strip().split(",") == full.column_names


def test_a_named_period_is_that_of_the_pages(get, door):
    sent = get("reports/overview.json", "dan", period="last_quarter", as_of="2026-11-21").json
    assert without(sent, *BESIDE) == report_of(door.database, "overview", OPTIONS)
    asked = run(door.database, "report", "overview", "--period", "last_quarter", "--format", "json")
    assert json.loads(asked.stdout)["scope"] == sent["scope"]
    both = get("reports/overview.json", "dan", period="last_quarter", to="2026-11-21")
    assert (both.status, "not both" in both.json["found"]) == (400, True)


def test_a_notebook_and_a_spreadsheet_come_in(get, served, door):
    """As docs/programs.md says: pandas by the header, Excel's and Power BI's web query by Basic."""
    address = f"{served.address}/api/reports/funnel.csv"
    frame = pd.read_csv(address, storage_options={"Authorization": f"Bearer {door.tokens['may']}"})
    basic = base64.b64encode(f"whoever:{door.tokens['may']}".encode()).decode()
    sent = get("reports/funnel.csv", headers={"Authorization": f"Basic {basic}"})
    assert frame.equals(pd.read_csv(io.BytesIO(sent.content))) and len(frame) > 5


def test_who_has_no_token_that_holds_is_asked_for_one(get, door, subtests):
    revoked, closed = door.new_token("may"), "gone@example.com"
    tokens.revoke(door.database, tokens.everything(door.database)[-1].token_id, by="test")
    known.put(door.database, closed, known.known(door.database, "may@example.com").person, by="test")
    leaver = tokens.new(door.database, closed, None, 9, by="test")
    assert get("reports/funnel.json", by=leaver).status == 200
    known.close(door.database, closed, by="test")
    expired = door.new_token("may")
    with door.database.begin() as connection:
        last = tokens.everything(door.database)[-1].token_id
        connection.exec_driver_sql(f"update access_token set expires_at = '2026-01-01' where token_id = {last}")
    good = door.tokens["may"]
    as_name = base64.b64encode(f"{good}:".encode()).decode()
    for name, headers in (
        ("none", {}),
        ("forged", {"Authorization": "Bearer cockpit_" + "A" * 43}),
        ("a part", {"Authorization": f"Bearer {good[:-1]}"}),
        ("revoked", {"Authorization": f"Bearer {revoked}"}),
        ("expired", {"Authorization": f"Bearer {expired}"}),
        ("of a person who left", {"Authorization": f"Bearer {leaver}"}),
        ("another kind", {"Authorization": f"Digest {good}"}),
        ("empty", {"Authorization": "Bearer "}),
        ("Basic that is none", {"Authorization": "Basic =="}),
        ("the name in place of the password", {"Authorization": f"Basic {as_name}"}),
        ("a proxy's header", {"X-Forwarded-Email": "eve@example.com"}),
        ("a cookie", {"Cookie": f"token={good}"}),
    ):
        with subtests.test(name=name):
            refused = get("reports/overview.json", headers=headers)
            assert (refused.status, refused.json["error"]) == (401, "no_token")
            assert refused.headers["WWW-Authenticate"].startswith("Basic ")
            assert refused.json.keys() == {"error", "asked", "found", "do"} and good not in refused.content.decode()


def test_what_is_wrong_is_said_as_json(get, door, subtests):
    for what, parameters, status, found in (
        ("reports/weather.json", {}, 404, "Reports are overview, funnel"),
        ("reports/overview.xml", {}, 404, "/api/reports/NAME.json"),
        ("reports/overview", {}, 404, "/api/reports/NAME.json"),
        ("people.json", {}, 404, "/api/reports/NAME.json"),
        (
            "reports/overview.json",
            {"regoin": "east"},
            400,
            "'regoin': there is no such parameter. Parameters are period",
        ),
        ("reports/overview.json", {"role": "executive"}, 400, "'role': there is no such parameter"),
        ("reports/overview.json", {"weights": "x"}, 400, "'weights': there is no such parameter"),
        ("reports/overview.json", {"from": "yesterday"}, 400, "'from': a day is written as 2026-01-31"),
        ("reports/overview.json", {"as_of": "20260131"}, 400, "'as_of': a day is written as 2026-01-31"),
        ("reports/overview.json", {"to": "0001-01-01"}, 400, "from the year 1900 to 2200"),
        ("reports/overview.json", {"from": ["2026-01-01", "2026-02-01"]}, 400, "'from': a day is written as"),
        ("reports/overview.json", {"track": "slow"}, 400, "'large', 'fast' or 'none'"),
        ("reports/overview.json", {"period": "someday"}, 400, "'this_month'"),
        ("reports/overview.json", {"owner": "x" * 300}, 400, "at most 255 characters"),
        ("reports/overview.json", {"region": ["east"] * 51}, 400, "at most 50 items"),
        ("reports/overview.json", {"owner": "\0"}, 400, "no database keeps"),
        ("reports/deals.json", {"of": "dreams"}, 400, "no list of deals called 'dreams'"),
        ("reports/allocation.json", {"tilt": "0.9"}, 400, "less than or equal to 0.5"),
    ):
        with subtests.test(what=what, parameters=parameters):
            refused = get(what, "dan", **parameters)
            assert (refused.status, refused.headers["Content-Type"]) == (status, "application/json")
            told = refused.json
            assert found in told["found"] and told["do"] and told["asked"]["path"].startswith("/api/")
    for method in ("POST", "PUT", "DELETE"):
        refused = get("reports/overview.json", "dan", method=method)
        assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")


def test_a_token_opens_its_reports_alone(get, door):
    token = door.new_token("eve", "funnel", "bridge")
    assert get("reports/funnel.json", by=token).status == 200
    refused = get("reports/deals.json", by=token)
    assert (refused.status, refused.json["error"]) == (403, "not_allowed")
    assert "It opens funnel, bridge" in refused.json["found"]


def test_an_over_long_query_is_not_looked_at(get):
    refused = get("reports/overview.json", region="华" * 1_000)
    assert refused.status == 414 and refused.json["found"] == "The parameters are longer than 8,000 bytes."


def test_who_asks_too_often_is_told_how_long_to_wait(get, door):
    token = door.new_token("may", "bridge")
    [*_, last] = tokens.everything(door.database)
    for _ in range(3):  # as after so many calls in this minute, unless it ends just then
        with door.database.begin() as connection:
            this = f"calls = {tokens.MOST_CALLS}, minute = {int(time.time() // 60)}"
            connection.exec_driver_sql(f"update access_token set {this} where token_id = {last.token_id}")
        refused = get("reports/bridge.json", by=token)
        if refused.status == 429:
            break
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 and refused.json["error"] == "too_often"
    assert get("reports/bridge.json", "may").status == 200  # another token of the same person


def test_each_answer_is_on_file_with_who_asked_what(get, door):
    get("reports/deals.csv", "ann", region="east-hangzhou", of="won")
    rows = get("reports/deals.json", "ann", region="east-hangzhou", of="won").json["rows"]
    as_json, as_csv = door.on_file()[:2]
    number = next(one.token_id for one in tokens.everything(door.database) if one.email == "ann@example.com")
    for last in (as_json, as_csv):
        assert without(last, "call_id", "called_at") == {
            "called_by": "ann@example.com",
            "token_id": number,
            "via": "http",
            "report": "deals",
            "parameters": {"region": ["east-hangzhou"], "of": "won"},
            "outcome": "answered",
            "row_count": len(rows),
        }
    get("reports/deals.csv", "ann", region="west")
    get("reports/deals.csv", headers={"Authorization": "Bearer nobody"})
    last = door.on_file()[0]
    assert (last["call_id"], last["outcome"]) == (as_json["call_id"] + 1, "not_found")


def test_a_token_in_an_address_is_refused_and_kept_nowhere(get, served, door):
    token = door.new_token("may")
    for name in ("token", "access_token", token):
        refused = get("reports/overview.json", headers={}, **{name: token})
        assert refused.status == 401 and token not in refused.content.decode()
        refused = get("reports/overview.json", "may", **{name: token})
        assert (refused.status, "no such parameter" in refused.json["found"]) == (400, True)
        assert token not in json.dumps(refused.json["asked"])
    assert not any(token in str(row) for row in door.on_file())
    assert not any(one in served.said() for one in (token, *door.tokens.values()))
    assert "Traceback" not in served.said() and "missing ScriptRunContext" not in served.said()


def test_a_formula_in_a_csv_is_a_text(get, door):
    with door.database.begin() as connection:
        connection.exec_driver_sql("update rep set name = '=HYPERLINK(\"http://evil.example\")' where rep_id = 'R0001'")
    sent = list(csv.DictReader(io.StringIO(get("reports/reps.csv").content.decode())))
    [named] = [row["rep"] for row in sent if row["rep_id"] == "R0001"]
    assert named == '\'=HYPERLINK("http://evil.example")'


def test_no_answer_is_kept_on_the_way_or_shown_within_a_page(get):
    sent = get("reports/bridge.json")
    assert sent.headers["Cache-Control"] == "no-store" and "Authorization" in sent.headers["Vary"]
    assert sent.headers["X-Content-Type-Options"] == "nosniff" and sent.headers["Access-Control-Allow-Origin"] is None
    assert get("reports/bridge.json", headers={"Host": "evil.example"}).status == 421
