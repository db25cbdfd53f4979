"""The real dlt lands HubSpot's deals from a server into PostgreSQL, and its mapping syncs them, again and again.

The server has what HubSpot's addresses answer, the resources the form of dlt's verified source for it: properties
beside the id, merged by it, numbers and moments typed.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote
from urllib.request import urlopen

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access.schema import opportunity, opportunity_history, rep, stage

pytestmark = pytest.mark.long

STAGES = [
    ("s1", "Qualified", "0.2"),
    ("s2", "Offer made", "0.6"),
    ("closedwon", "Won", "1.0"),
    ("closedlost", "Lost", "0.0"),
]


def _deal(number: int, **properties) -> dict:
    common = {"dealname": f"Deal {number}", "pipeline": "default", "dealstage": "s1", "amount": "1200.50"}
    common |= {"createdate": "2026-01-05T23:30:00.000Z", "closedate": "2026-05-01T22:30:00Z", "hubspot_owner_id": "71"}
    return {"id": str(number), "properties": common | properties}


def _answers() -> dict[str, list]:
    won = _deal(2, dealstage="closedwon", closedate="2026-03-31T22:30:00Z", amount="7")
    return {
        "/crm/v3/objects/deals": [_deal(1), won],
        "/crm/v3/owners": [{"id": "71", "email": "ann@example.com", "firstName": "Ann", "lastName": "Lee"}],
        "/crm/v3/pipelines/deals": [
            {
                "id": "default",
                "label": "Sales",
                "stages": [
                    {
                        "id": key,
                        "label": label,
                        "displayOrder": place,
                        "metadata": {"isClosed": str(key.startswith("closed")).lower(), "probability": likely},
                    }
                    for place, (key, label, likely) in enumerate(STAGES)
                ],
            }
        ],
        "/timing": [
            {"id": "1", "hs_date_entered_": "2026-01-05T23:30:00Z", "stage": "s1"},
            {"id": "2", "hs_date_entered_": "2026-01-05T23:30:00Z", "stage": "s1"},
            {"id": "2", "hs_date_entered_": "2026-03-31T22:30:00Z", "stage": "closedwon"},
        ],
    }


@pytest.fixture
def hubspot() -> Iterator[tuple[str, dict[str, list]]]:
    """The address of a server, and what it answers by path; a test changes it."""
    answers = _answers()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"results": answers[self.path]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


@pytest.fixture
def warehouse(postgresql_server) -> Iterator[str]:
    """The name of a database of the server, to land in."""
    with psycopg.connect(host=str(postgresql_server), user="cockpit", dbname="postgres", autocommit=True) as connection:
        connection.execute("create database warehouse")
        yield "warehouse"
        connection.execute("drop database warehouse with (force)")


def _land(address: str, server, database: str, folder) -> None:
    import dlt

    def resource(name: str, path: str, key, columns=None):
        def rows():
            with urlopen(f"{address}{path}") as answer:
                for one in json.load(answer)["results"]:
                    yield {**one.get("properties", one), "id": one["id"]}

        return dlt.resource(rows, name=name, primary_key=key, write_disposition="merge", columns=columns)

    typed = {"amount": {"data_type": "double"}} | dict.fromkeys(("createdate", "closedate"), {"data_type": "timestamp"})
    pipeline = dlt.pipeline(
        "hubspot",
        pipelines_dir=str(folder),
        dataset_name="hubspot",
        destination=dlt.destinations.postgres(f"postgresql://cockpit:none@{quote(str(server), safe='')}/{database}"),
    )
    pipeline.run(
        [
            resource("deals", "/crm/v3/objects/deals", "id", typed),
            resource("owners", "/crm/v3/owners", "id"),
            resource("pipelines_deals", "/crm/v3/pipelines/deals", "id"),
            resource("stages_timing_deals", "/timing", ["id", "stage"]),
        ]
    )


def test_what_dlt_lands_is_synced_and_what_it_lands_later_too(
    hubspot, postgresql_server, warehouse, sqlite, tmp_path, monkeypatch
):
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(sqlite.url))
    monkeypatch.setenv("DASHBOARD_SYNC_URL", f"postgresql://cockpit@/{warehouse}?host={postgresql_server}")
    monkeypatch.chdir(tmp_path)
    address, answers = hubspot

    def command(*arguments: str) -> str:
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    def synced(*more: str) -> str:
        return command("sync", "--mapping", "dlt-hubspot", "--schema", "hubspot", *more)

    def rows(*columns) -> list[tuple]:
        with sqlite.connect() as connection:
            return list(map(tuple, connection.execute(sa.select(*columns).order_by(*columns))))

    command("setting", "time_zone", "Europe/Berlin")
    _land(address, postgresql_server, warehouse, tmp_path / "dlt")
    assert "deals 2, history 3" in synced()
    assert rows(stage.c.position, stage.c.stage, stage.c.kind) == [
        (1, "Qualified", "open"), (2, "Offer made", "open"), (3, "Won", "won"), (4, "Lost", "lost"),
    ]  # fmt: skip
    assert rows(rep.c.rep_id, rep.c.name) == [("71", "Ann Lee")]
    # Half past ten in the evening of UTC is the next day in Berlin.
    days = (opportunity.c.created_on, opportunity.c.closed_on, opportunity.c.expected_close_on)
    found = rows(opportunity.c.opportunity_id, opportunity.c.stage, opportunity.c.amount, *days)
    assert [(*row[:3], *map(str, row[3:])) for row in found] == [
        ("1", "Qualified", 120_050, "2026-01-06", "None", "2026-05-02"),
        ("2", "Won", 700, "2026-01-06", "2026-04-01", "None"),
    ]
    assert rows(opportunity_history.c.opportunity_id, opportunity_history.c.stage) == [
        ("1", "Qualified"), ("2", "Qualified"), ("2", "Won"),
    ]  # fmt: skip
    assert "Nothing is new" in synced()

    answers["/crm/v3/objects/deals"] = [_deal(1, dealstage="s2", amount="n/a"), _deal(3, amount=None, dealname="")]
    answers["/timing"] = [{"id": "1", "hs_date_entered_": "2026-02-01T08:00:00Z", "stage": "s2"}]
    answers["/crm/v3/owners"] = answers["/crm/v3/pipelines/deals"] = []
    _land(address, postgresql_server, warehouse, tmp_path / "dlt")
    said = synced()
    assert "deals: amount of 1 of 3 rows stands in amount__v_text" in said
    assert rows(opportunity.c.opportunity_id, opportunity.c.stage, opportunity.c.name, opportunity.c.amount) == [
        ("1", "Offer made", "Deal 1", None), ("2", "Won", "Deal 2", 700), ("3", "Qualified", None, None),
    ]  # fmt: skip
    assert "Nothing is new" in synced()

    answers["/crm/v3/objects/deals"], answers["/timing"] = [_deal(4)], []
    _land(address, postgresql_server, warehouse, tmp_path / "dlt")
    assert "deals 3 (_dlt_load_id from" in synced()  # those of the second load once more, and none of the first
    assert "deals 4, history 4. All there are." in synced("--full")
