"""The reports as tools of an assistant, over the Model Context Protocol on stdin and stdout.

A tool per report and a resource per definition. What an assistant is sent it pays for by the word, so rows come by the
page. Built on the SDK's lower level: its upper one passes over arguments that it does not know, and of a filter passed
over comes the company's number under the region's name.
"""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import mcp_types as types
from anyio import to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ConfigDict, Field

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.programs import answering
from dashboard.programs.answering import Caller
from dashboard.programs.asked import of, parameters, read
from dashboard.reports import NAMES
from dashboard.reports.as_text import as_json
from dashboard.server.health import in_a_word
from data_access.errors import DatabaseUnusable, NotFound, Refused

log = logging.getLogger(__name__)

PAGE_SIZE, LARGEST_PAGE = 50, 500  # rows of one answer
_SCHEME = "definition://"
_INSTRUCTIONS = f"""Numbers of a B2B sales organisation, as its dashboard shows them, within what this person may see.
Give a number with its n (how many cases it is of) and its definition: `definitions` names the key of each, and the
resource {_SCHEME}KEY says what it counts. null is not known, never 0. Rates are 0 to 1, money is in units of the base
currency. Some ratios are never pooled over the tracks: where `values` has null, `by_track` has them. An error says
what there is instead; a region that is refused is not there for this person."""

# What each report answers, as docs/report.md has it at length.
_ABOUT = {
    "overview": "Won, lost, win rates, cycles, open pipeline, target and attainment of a period.",
    "funnel": "Per pipeline and track each stage: deals in it now, that passed it, conversion, median days.",
    "bridge": "What moved the open pipeline from the period's start to its end.",
    "deals": "The deals behind a number, one per row.",
    "key-accounts": "The ranking of accounts by published weights, and its back-test.",
    "allocation": "The recommended allocation of support hours over the coming eight weeks.",
    "opportunities": "Value and opening of each open deal.",
    "support": "Utilisation of support people, requests, and whether support follows worth.",
    "reps": "What each rep did, planned, owns and won, against the target.",
    "activity": "Activities completed per rep, week and kind.",
    "attention": "What leaks: stalled, pushed or orphaned deals and accounts, by value at risk.",
    "leads": "What became of the leads of a period, by source, and what they cost.",
    "forecast": "What the period is expected to bring, with its 80 % band and past errors.",
    "deciding": "The open deals that decide whether the period makes its target.",
    "board": "Per region or rep: won, target, commit, forecast and gap.",
}


class Page(BaseModel):
    """Which rows of an answer are wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: int = Field(1, ge=1, description="Of the rows; begins with 1.")
    page_size: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE, description="Rows of one answer.")


_REPORTS = {report.replace("-", "_"): report for report in NAMES}  # by tool: these have no hyphen in their names


def serve(caller: Callable[[], Caller]) -> None:
    """Answers on stdin and stdout until the assistant hangs up. `caller`: who asks, asked anew with each call."""

    async def run() -> None:
        server = _server(caller)
        async with stdio_server() as (read_stream, write_stream):
            await server.run(read_stream, write_stream, server.create_initialization_options())

    anyio.run(run)


def _server(caller: Callable[[], Caller]) -> Server:
    async def call_tool(_context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await to_thread.run_sync(partial(_answer, caller, asked.name, asked.arguments or {}))

    return Server(
        "sales-cockpit",
        title="Sales cockpit",
        instructions=_INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=call_tool,
        on_list_resources=_list_definitions,
        on_list_resource_templates=_list_templates,
        on_read_resource=_read_definition,
    )


async def _list_tools(_context, _asked) -> types.ListToolsResult:
    only_reads = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    tools = [
        types.Tool(name=tool, description=_ABOUT[report], input_schema=_schema(report), annotations=only_reads)
        for tool, report in _REPORTS.items()
    ]
    return types.ListToolsResult(tools=tools)


def _schema(report: str) -> dict[str, Any]:
    """What a tool takes: what the report does, and a page."""
    asked, page = of(report).model_json_schema(), Page.model_json_schema()
    return asked | {"properties": asked["properties"] | page["properties"]}


def _answer(caller: Callable[[], Caller], tool: str, said: dict[str, Any]) -> types.CallToolResult:
    """The answer of a tool, or why there is none, which the assistant reads either way."""
    try:
        return _told(as_json(_report(caller(), tool, said), indent=None))
    except DatabaseUnusable as unusable:
        log.warning("%s", unusable)
        return _told(f"The {in_a_word(unusable)}. Ask again in a minute, or for less.", is_error=True)
    except Refused as refused:
        return _told(str(refused), is_error=True)
    except Exception as error:
        reference = secrets.token_hex(4)
        log.error("Reference %s", reference, exc_info=error)
        return _told(f"Something went wrong on our side. Please pass on this reference: {reference}", is_error=True)


def _report(caller: Caller, tool: str, said: dict[str, Any]) -> dict[str, Any]:
    if tool not in _REPORTS:
        raise NotFound(f"There is no such tool. Tools are {', '.join(_REPORTS)}.")
    report = _REPORTS[tool]
    of_page = {name: value for name, value in said.items() if name in Page.model_fields}
    of_report = {name: value for name, value in said.items() if name not in of_page}
    known = {name: value for name, value in of_report.items() if name in parameters(of(report))}
    on_file = partial(answering.on_file, caller, "mcp", report, known | of_page)
    try:
        caller.must_open(report)
        asked, page = read(of(report), of_report), read(Page, of_page)
        answer = _paged(answering.answered(caller.person, report, asked), page)
    except Exception as error:
        on_file("refused" if isinstance(error, Refused) else "failed")
        raise
    on_file("answered", answer)
    return answer


def _paged(answer: dict[str, Any], page: Page) -> dict[str, Any]:
    """The answer with this page of each of its lists of rows, and how much there is of the longest."""
    lists = {name: found for name, found in answer.items() if isinstance(found, list) and name != "cautions"}
    longest = max(map(len, lists.values()), default=0)
    pages = max(-(-longest // page.page_size), 1)
    if page.page > pages:
        raise NotFound(f"There is no page {page.page}. The last one is {pages}, of {page.page_size} rows each.")
    shown = {name: found[(page.page - 1) * page.page_size :][: page.page_size] for name, found in lists.items()}
    return answer | shown | {"pages": {"page": page.page, "of": pages, "rows_in_all": longest}}


def _told(text: str, is_error: bool = False) -> types.CallToolResult:
    """As text alone: with the same beside it in structure an assistant would read, and pay for, all of it twice."""
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


async def _list_definitions(_context, _asked) -> types.ListResourcesResult:
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                name=key, title=one.label_en, uri=_SCHEME + key, description=one.en, mime_type="application/json"
            )
            for key, one in DEFINITIONS.items()
        ]
    )


async def _list_templates(_context, _asked) -> types.ListResourceTemplatesResult:
    described = "What a number counts, by its key, in English and Chinese."
    template = types.ResourceTemplate(name="definition", uri_template=_SCHEME + "{key}", description=described)
    return types.ListResourceTemplatesResult(resource_templates=[template])


async def _read_definition(_context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    try:
        found = answering.defined(str(asked.uri).removeprefix(_SCHEME))
    except NotFound as missing:
        raise MCPError(types.INVALID_PARAMS, str(missing)) from None
    text = types.TextResourceContents(uri=asked.uri, mime_type="application/json", text=as_json(found))
    return types.ReadResourceResult(contents=[text])
