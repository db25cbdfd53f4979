"""What the server tells nobody, before anything of Streamlit's sees the request."""

import asyncio

import pytest

from dashboard.server.closed import Closed


def answered(path: str, query: bytes = b"", kind: str = "http") -> int | str:
    """The status that the middleware answers with; "passed on" where it lets the app answer."""
    sent: list = []

    async def app(_scope, _receive, _send):
        sent.append({"status": "passed on"})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": kind, "method": "GET", "path": path, "query_string": query, "headers": []}
    asyncio.run(Closed(app)(scope, receive, send))
    return sent[0]["status"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_what_the_process_does_is_told_to_nobody(path):
    assert answered(path, b"families=cache_memory_bytes") == 404


def test_an_address_that_no_page_writes_is_not_looked_at():
    assert answered("/", b"region=" + b"x" * 100_000) == 414
    assert answered("/", b"region=east") == "passed on"
    assert answered("/_stcore/stream", b"", "websocket") == answered("/_stcore/health") == "passed on"
