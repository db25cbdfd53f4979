"""What the server tells nobody, before anything of Streamlit's sees the request."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.server.closed import Closed

HERE = ("127.0.0.1", 8501)


def answered(path: str, query: bytes = b"", kind: str = "http", *, is_local=True, server=HERE, **headers) -> int | str:
    """The status that the middleware answers with; "passed on" where the app answers, "closed" of a WebSocket."""
    sent: list = []

    async def app(_scope, _receive, _send):
        sent.append({"status": "passed on"})

    async def send(message):
        sent.append({"status": "closed"} if message["type"] == "websocket.close" else message)

    async def receive():
        return {"type": f"{kind}.request"}

    said = [(name.encode(), value.encode()) for name, value in ({"host": "localhost:8501"} | headers).items()]
    scope = {"type": kind, "method": headers.pop("method", "GET"), "path": path, "query_string": query}
    scope |= {"headers": said, "server": server}
    closed = Closed(app, {"localhost", "127.0.0.1", "::1", "sales.example.com"}, is_local)
    with ThreadPoolExecutor(1) as beside:  # where a browser was opened before, this thread has a loop of its own
        beside.submit(asyncio.run, closed(scope, receive, send)).result()
    return sent[0]["status"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_what_the_process_does_is_told_to_nobody(path):
    assert answered(path, b"families=cache_memory_bytes") == 404


def test_an_address_that_no_page_writes_is_not_looked_at():
    assert answered("/", b"region=" + b"x" * 100_000) == 414
    assert answered("/", b"region=east") == "passed on"
    assert answered("/_stcore/stream", b"", "websocket") == answered("/_stcore/health") == "passed on"


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_browsers_come_by_our_names_alone(kind):
    for host in ("localhost", "127.0.0.1:8501", "[::1]:8501", "Sales.example.com:443"):
        assert answered("/", b"", kind, host=host) == "passed on", host
    for host in ("evil.example", "", "localhost.evil.example", "localhost@evil.example", "[::1", "169.254.169.254"):
        assert answered("/", b"", kind, host=host) == (421 if kind == "http" else "closed"), host


def test_who_watches_may_come_by_a_number():
    assert answered("/health", host="10.1.2.3:8501", is_local=False) == "passed on"


def test_pages_of_others_open_no_line_and_write_nothing():
    for origin in ("https://evil.example", "null", "http://localhost:9999", "http://127.0.0.1:8501"):
        assert answered("/_stcore/stream", b"", "websocket", origin=origin) == "closed", origin
        assert answered("/_stcore/upload_file/1/2", method="PUT", origin=origin) == 403, origin
        assert answered("/", origin=origin) == "passed on", origin
    for origin in ("http://localhost:8501", "https://sales.example.com:8443"):
        assert answered("/_stcore/stream", b"", "websocket", origin=origin) == "passed on", origin


def test_without_a_sign_in_nobody_comes_by_the_network_however_the_app_was_started():
    for server in (("10.1.2.3", 8501), ("::", 8501), ("example.com", 80)):
        assert answered("/", server=server) == 403
        assert answered("/", server=server, is_local=False) == "passed on"
    assert answered("/", server=("/run/cockpit.sock", None)) == answered("/", server=None) == "passed on"
