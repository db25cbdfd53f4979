"""Addresses of tabs that moved lead to where they are, with all that else they ask for."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.datastructures import URL

from dashboard.server.moved import MOVED, Moved
from tests.pages import tabs_of


async def page(scope, receive, send):
    """What stands behind: it answers whatever comes as it is."""
    await send({"type": "http.response.start", "status": 200, "headers": []})


def answer(path: str, query: str, method: str = "GET") -> tuple[int, URL]:
    """The status and the place that an address is answered with."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "scheme": "https", "path": path, "query_string": query.encode(),
             "server": ("sales.example", 443), "headers": [(b"host", b"sales.example")]}  # fmt: skip
    with ThreadPoolExecutor(1) as beside:  # where a browser was opened before, this thread has a loop of its own
        beside.submit(asyncio.run, Moved(page)(scope, None, send)).result()
    start = sent[0]
    return start["status"], URL(dict(start["headers"]).get(b"location", b"").decode())


@pytest.mark.parametrize(("was", "now"), MOVED.items())
def test_a_tab_that_moved_is_found_with_the_filters(was, now):
    (old, tab), (new, its) = was, now
    status, place = answer(old, f"region=east&tab={tab}&region=west&role=manager%3Aeast")
    assert status == 307 and place.netloc == "sales.example" and place.path == new
    assert place.query == f"region=east&region=west&role=manager%3Aeast&tab={its}"
    assert its in tabs_of(f"{new[1:]}.py") and tab not in tabs_of(f"{old[1:]}.py")


def test_all_other_addresses_are_answered_as_they_are():
    for path, query in (("/leads", "tab=pools"), ("/leads", ""), ("/pipeline", "tab=accounts"), ("/", "tab=stop")):
        assert answer(path, query) == (200, URL("")), path
    assert answer("/leads", "tab=accounts", method="POST") == (200, URL(""))
