"""Addresses that people kept or mailed of tabs that have since moved to another page: they lead to it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

# Path and tab that were, path and tab that are. Of the parameters all others go along.
MOVED = {
    ("/leads", "accounts"): ("/key_accounts", "slipping"),
    ("/support", "stop"): ("/opportunities", "stop"),
}


class Moved:
    """ASGI middleware: before the page, so that the browser's way back does not stop at the address that was."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        answer = _elsewhere(Request(scope)) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self.app)(scope, receive, send)


def _elsewhere(asked: Request) -> RedirectResponse | None:
    place = MOVED.get((asked.url.path, asked.query_params.get("tab", "")))
    if place is None:
        return None
    path, tab = place
    return RedirectResponse(asked.url.replace(path=path).include_query_params(tab=tab))
