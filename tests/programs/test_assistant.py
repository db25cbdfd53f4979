"""The reports as an assistant gets them: the SDK's own client against the command, over stdin and stdout."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mcp import ClientSession, MCPError, StdioServerParameters, stdio_client

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.reports import NAMES
from data_access.people import tokens
from tests.browser_fixtures import ROOT
from tests.independent.product import report_of, run

QUARTER = {"from": "2026-07-01", "to": "2026-09-30", "as_of": "2026-11-21"}
OPTIONS = [part for name, value in QUARTER.items() for part in (f"--{name.replace('_', '-')}", value)]
BESIDE = ("data", "n", "definitions", "cautions", "pages")


def asked(url: str, talk: Callable[[ClientSession], Awaitable[Any]], *options: str, token: str = "") -> Any:
    """What comes of a talk with the command's process, which ends with it."""
    command = ["-m", "dashboard", "--database", url, "mcp", *options]
    environment = {"PATH": os.environ["PATH"]} | ({"DASHBOARD_TOKEN": token} if token else {})
    server = StdioServerParameters(command=sys.executable, args=command, cwd=ROOT, env=environment)

    async def talking():
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            return await talk(session)

    with ThreadPoolExecutor(1) as beside:  # where a browser was opened before, this thread has a loop of its own
        return beside.submit(asyncio.run, talking()).result()


def told(result) -> Any:
    """What an answer says: of one that is no error, as JSON."""
    [content] = result.content
    return content.text if result.is_error else json.loads(content.text)


def without(answer: dict, *keys: str) -> dict:
    return {key: value for key, value in answer.items() if key not in keys}


def test_an_assistant_is_answered_as_the_pages_are_within_the_persons_regions(door):
    """A manager's assistant, from the list of tools to a token revoked in the midst of the talk."""
    token = door.new_token("ann")
    number = tokens.everything(door.database)[-1].token_id

    async def talk(session: ClientSession) -> None:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert list(tools) == [name.replace("-", "_") for name in NAMES]
        schema = tools["overview"].input_schema
        assert schema["additionalProperties"] is False and schema["properties"]["page_size"]["maximum"] == 500
        assert {"from", "to", "as_of", "region", "page"} <= set(schema["properties"])

        # What is our win rate in the East?
        overview = told(await session.call_tool("overview", {"region": ["华东"], **QUARTER}))
        printed = report_of(door.database, "overview", ["--role", "manager:east", *OPTIONS, "--region", "east"])
        assert without(overview, *BESIDE) == printed
        [track, *_] = overview["by_track"]
        deals = [
            told(await session.call_tool("deals", {"of": of, "track": track, "page_size": 500, **QUARTER}))["rows"]
            for of in ("won", "lost")
        ]
        won, lost = map(len, deals)
        assert overview["by_track"][track]["win_rate_count"] == won / (won + lost)
        assert overview["n"][f"{track}.win_rate_count"] == won + lost
        key = overview["definitions"]["by_track"]["win_rate_count"]
        [definition] = (await session.read_resource(f"definition://{key}")).contents
        assert json.loads(definition.text)["meaning"] == DEFINITIONS[key].en

        # … and where one may not look, or nothing is?
        refusals = [await session.call_tool("overview", {"region": [name]}) for name in ("west", "华西", "Atlantis")]
        names = ("west", "华西", "Atlantis")
        assert all(one.is_error for one in refusals)
        assert len({told(one).replace(name, "NAME") for one, name in zip(refusals, names, strict=True)}) == 1

        # All rows, page by page.
        pages = [await session.call_tool("deals", {"page": page, "page_size": 40}) for page in (1, 2, 3)]
        first, second, third = map(told, pages)
        open_deals = report_of(door.database, "deals", ["--role", "manager:east"])["rows"]
        assert first["rows"] + second["rows"] + third["rows"] == open_deals and len(first["rows"]) == 40
        assert first["pages"] == {"page": 1, "of": 3, "rows_in_all": len(open_deals)}
        beyond = await session.call_tool("deals", {"page": 4, "page_size": 40})
        assert beyond.is_error and told(beyond) == "There is no page 4. The last one is 3, of 40 rows each."

        for tool, arguments, why in (
            ("overview", {"regions": ["east"]}, "'regions': there is no such parameter. Parameters are period"),
            ("overview", {"role": "executive"}, "'role': there is no such parameter"),
            ("overview", {"as_of": 20260131}, "'as_of': a day is written as 2026-01-31"),
            ("overview", {"region": "east"}, "'region': Input should be a valid tuple"),
            ("deals", {"page_size": 501}, "'page_size': Input should be less than or equal to 500"),
            ("deals", {"of": "dreams"}, "no list of deals called 'dreams'"),
            ("salaries", {}, "There is no such tool. Tools are overview, funnel"),
        ):
            refused = await session.call_tool(tool, arguments)
            assert refused.is_error and why in told(refused), (tool, arguments, told(refused))

        uris = [one.uri for one in (await session.list_resources()).resources]
        assert uris == [f"definition://{key}" for key in DEFINITIONS]
        with pytest.raises(MCPError, match="no definition of this key"):
            await session.read_resource("definition://salary")

        tokens.revoke(door.database, number, by="test")
        revoked = await session.call_tool("funnel", {})
        assert revoked.is_error and "revoked" in told(revoked)

    asked(door.url, talk, token=token)
    calls = [one for one in door.on_file() if one["token_id"] == number]
    assert {(one["called_by"], one["via"]) for one in calls} == {("ann@example.com", "mcp")}
    paged = [one for one in calls if one["parameters"] == {"page": 2, "page_size": 40}]
    assert [(one["report"], one["outcome"], one["row_count"]) for one in paged] == [("deals", "answered", 40)]


def test_a_role_stands_in_for_a_token_where_nobody_signs_in(door):
    async def talk(session: ClientSession) -> None:
        foreign = await session.call_tool("overview", {"region": ["west"]})
        assert foreign.is_error and "not a region you can see" in told(foreign)
        sent = told(await session.call_tool("deals", {"page_size": 500}))
        assert sent["rows"] == report_of(door.database, "deals", ["--role", "manager:east-shanghai"])["rows"]

    asked(door.url, talk, "--role", "manager:上海")


def test_who_does_not_say_who_is_asking_is_refused_before_anything_is_answered(door, monkeypatch, subtests):
    monkeypatch.setenv("STREAMLIT_LOGGER_LEVEL", "error")  # as the command sets it
    for options, environment, why in (
        ([], {}, "Who is asking?"),
        ([], {"DASHBOARD_TOKEN": "cockpit_forged"}, "This is no token"),
        (["--role", "king"], {}, "Unknown role 'king'"),
        (["--role", "executive"], {"DASHBOARD_SIGN_IN": "oidc"}, "programs ask by a token"),
        (["--role", "executive"], {"DASHBOARD_TOKEN": door.tokens["eve"]}, "not both"),
    ):
        with subtests.test(why=why), monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            ended = run(door.database, "mcp", *options)
            assert (ended.exit_code, ended.stdout) == (1, "") and why in ended.stderr
            assert not any(secret in ended.stderr for secret in ("forged", door.tokens["eve"]))
