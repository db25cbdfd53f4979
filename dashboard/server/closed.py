"""What the server answers nobody: addresses that are too long, and what Streamlit tells of the process behind them."""

from starlette.responses import PlainTextResponse

from dashboard.frame.filters import LONGEST_QUERY

# What is kept, of which questions, and how many people look is nobody's business; `/health` is for who watches.
_TELLS = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/script-health-check", "/st-metrics")
_LONGEST = 4 * LONGEST_QUERY  # bytes: a letter of Chinese is nine, percent-encoded, and some are beside plain words


class Closed:
    """ASGI middleware: before all that looks at an address."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        answer = _refusal(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)


def _refusal(scope) -> PlainTextResponse | None:
    if len(scope.get("query_string", b"")) > _LONGEST:
        return PlainTextResponse("The address is too long.", 414)
    if scope["path"].startswith(_TELLS):
        return PlainTextResponse("Not found", 404)
    return None
