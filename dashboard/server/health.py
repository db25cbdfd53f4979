"""Whether the cockpit can do its work, for whoever watches it: the process answers, and so does its database."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

from starlette.responses import JSONResponse

from dashboard import database
from data_access.errors import DatabaseUnusable

_LONGEST = 3  # seconds: who watches asks often, and takes silence for a failure
_one_at_a_time = ThreadPoolExecutor(1, "health")
_asked: Future | None = None


async def health(_request) -> JSONResponse:
    """200 {"status": "ok"}, or 503 with what is wrong in a word; never a name, a path or anybody's data."""
    global _asked
    if _asked is None or _asked.done():
        _asked = _one_at_a_time.submit(database.trouble_now)
    try:
        unusable = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(_asked)), _LONGEST)
    except TimeoutError:
        return JSONResponse({"status": "database busy"}, 503)
    if unusable is None:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": in_a_word(unusable)}, 503)


def in_a_word(unusable: DatabaseUnusable) -> str:
    """What is wrong with the database, for who may not read its name."""
    return f"database {_WORDS.get(unusable.kind, unusable.kind)}"


_WORDS = {
    "read_only": "read only",
    "no_database": "broken",
    "tables": "not up to date",
    "another_version": "of a newer version",
    "many": "has more rows than an answer may hold",
}
