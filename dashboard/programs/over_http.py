"""Reports over HTTP: `GET /api/reports/NAME.json|.csv|.arrow`, under a token in the header Authorization.

Answered in threads of their own, few: programs wait for each other, and no page for them longer than for a person.
"""

import asyncio
import base64
import binascii
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.programs import answering
from dashboard.programs.asked import Asked, of, parameters, read
from dashboard.reports import NAMES
from dashboard.reports.as_text import as_csv, as_json
from dashboard.server.health import in_a_word
from data_access.database.limits import LONGEST_NAME
from data_access.errors import DatabaseUnusable, NotAllowed, NotFound, Refused
from data_access.people.tokens import NoToken, TooOften

log = logging.getLogger(__name__)

_PATH = "/api/{path:path}"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # all but the first two are told they are none
_LONGEST_QUERY = 8_000  # bytes: fifty regions by Chinese names, percent-encoded
_AT_ONCE = 2  # answers; the pages' threads go on beside them
_MANY = frozenset({"region", "segment"})
_BESIDE = ("data", "n", "definitions", "cautions")  # of the answer, in JSON alone
_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.file",
}
_FAILED = "failed"  # by a mistake of ours
_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "Vary": "Authorization"}
_threads = ThreadPoolExecutor(_AT_ONCE, "programs")


async def _door(request: Request) -> Response:
    return await asyncio.get_running_loop().run_in_executor(_threads, _answer, request)


ROUTE = Route(_PATH, _door, methods=list(_METHODS))


def _answer(request: Request) -> Response:
    try:
        return _report(request)
    except Exception as error:
        return _refusal(request, error)


def _report(request: Request) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise _Elsewhere(405, "Reports are asked for by GET, and nothing is written here.")
    if len(request.url.query.encode()) > _LONGEST_QUERY:
        raise _Elsewhere(414, f"The parameters are longer than {_LONGEST_QUERY:,} bytes.")
    caller = answering.by_token(_token(request))
    name, _, form = request.path_params["path"].removeprefix("reports/").rpartition(".")
    said = _said(request, of(name))
    on_file = partial(answering.on_file, caller, "http", name if name in NAMES else "", said)
    try:
        if form not in _TYPES or not request.path_params["path"].startswith("reports/"):
            raise NotFound("Here are only /api/reports/NAME.json, .csv and .arrow.")
        caller.must_open(name)
        asked = read(of(name), _all_said(request))
        answer = answering.answered(caller.person, name, asked)
        content = _written(answer, form)
    except Exception as error:
        on_file(_refused(error).word if isinstance(error, Refused) else _FAILED)
        raise
    on_file("answered", answer)
    about = {"Cockpit-Scope": urlencode(answer["scope"], doseq=True), "Cockpit-Data": urlencode(answer["data"])}
    return Response(content, media_type=_TYPES[form], headers=_KEPT_BY_NOBODY | about)


def _token(request: Request) -> str:
    """The token of a request: as Bearer, or as the password of Basic, which is all that spreadsheets know to send."""
    said = request.headers.getlist("authorization")
    kind, _, value = (said[0] if len(said) == 1 else "").partition(" ")
    if kind.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    elif kind.lower() != "bearer":
        value = ""
    if not value.strip():
        raise NoToken("No token was sent.")
    return value.strip()


def _all_said(request: Request) -> dict[str, Any]:
    """The parameters as they were sent: those of which there may be several as lists. Of others two are one too many,
    and the list that they are is refused as what it is."""
    query = request.query_params
    every = {name: query.getlist(name) for name in query}
    return {name: tuple(found) if name in _MANY or len(found) > 1 else found[0] for name, found in every.items()}


def _said(request: Request, kind: type[Asked]) -> dict[str, Any]:
    """Those that there are, to be repeated and kept: what else was sent may be a secret in the wrong place."""
    known = parameters(kind)
    return {name: found for name, found in _all_said(request).items() if name in known}


def _written(answer: dict[str, Any], form: str) -> bytes:
    if form == "json":
        return as_json(answer).encode()
    report = {part: found for part, found in answer.items() if part not in _BESIDE}
    if form == "csv":
        return as_csv(report).encode()
    from dashboard.reports.as_arrow import as_arrow  # only here: Feather's part of pyarrow is megabytes

    about = {"report": answer["report"], **{part: answer[part] for part in ("scope", *_BESIDE)}}
    return as_arrow(report, about)


class _Elsewhere(Refused):
    """What this door does not do at all."""

    def __init__(self, status: int, found: str):
        super().__init__(found)
        self.status = status


class _Refusal(NamedTuple):
    """How one kind of refusal is told: the status, the word for it, and what to do."""

    kind: type[Refused]
    status: int
    word: str
    do: str


_REFUSALS = (  # from the particular to the general
    _Refusal(
        NoToken, 401, "no_token", "Send `Authorization: Bearer TOKEN`, or the token as the password of HTTP Basic."
    ),
    _Refusal(TooOften, 429, "too_often", "Wait as many seconds as Retry-After says."),
    _Refusal(NotAllowed, 403, "not_allowed", "Ask for what the token opens, or have another made."),
    _Refusal(NotFound, 404, "not_found", "Choose one of those that are named."),
    _Refusal(DatabaseUnusable, 503, "unavailable", "Ask again in a minute, or for less."),
    _Refusal(Refused, 400, "refused", "Mend what is named. docs/programs.md says what each parameter takes."),
)


def _refused(error: Refused) -> _Refusal:
    return next(one for one in _REFUSALS if isinstance(error, one.kind))


def _refusal(request: Request, error: Exception) -> Response:
    """What went wrong, as JSON: a word for it, what was asked, what was found, what to do."""
    headers = dict(_KEPT_BY_NOBODY)
    match error:
        case _Elsewhere():
            status, word, found, do = error.status, "refused", str(error), "docs/programs.md says what there is."
            headers |= {"Allow": "GET, HEAD"} if status == 405 else {}
        case Refused():
            _kind, status, word, do = _refused(error)
            found = in_a_word(error) if isinstance(error, DatabaseUnusable) else str(error)
        case _:
            reference = secrets.token_hex(4)
            log.error("Reference %s", reference, exc_info=error)
            status, word, found = 500, _FAILED, "Something went wrong on our side; your data are unharmed."
            do = f"Pass on this reference: {reference}."
    if isinstance(error, DatabaseUnusable):
        log.warning("%s", error)
    if isinstance(error, TooOften):
        headers["Retry-After"] = str(error.seconds)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="cockpit", charset="UTF-8", Bearer'
    asked: dict[str, Any] = {"path": request.url.path[:LONGEST_NAME]}
    if status not in (401, 414):
        name = request.url.path.rpartition("/")[2].rpartition(".")[0]
        asked |= {"parameters": _said(request, of(name))}
    return JSONResponse({"error": word, "asked": asked, "found": found, "do": do}, status, headers)
