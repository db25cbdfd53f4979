"""What the server answers nobody: who comes by a name that is not its own, from elsewhere where nobody signs in, with
an address that is too long, or to look at the process."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from dashboard.frame.filters import LONGEST_QUERY
from dashboard.server.sign_in import is_loopback

# What is kept, of which questions, and how many people look is nobody's business; `/health` is for who watches.
_TELLS = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/script-health-check", "/st-metrics")
_LONGEST = 4 * LONGEST_QUERY  # bytes: a letter of Chinese is nine, percent-encoded, and some are beside plain words
_WATCHED = "/health"  # by machines, often by an address in numbers; it says a word
_READS = ("GET", "HEAD", "OPTIONS")


class Closed:
    """ASGI middleware: before all that looks at an address.

    hosts      the names by which a browser may come, and from whose pages it may write; without ports
    is_local   whether only this machine may come
    """

    def __init__(self, app, hosts: Collection[str], is_local: bool):
        self.app, self.hosts, self.is_local = app, hosts, is_local

    async def __call__(self, scope, receive, send):
        refused = self._refused(scope) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, send)

    def _refused(self, scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        server = scope.get("server")  # of a unix socket: a file, and no port
        if self.is_local and server and server[1] is not None and not is_loopback(server[0]):
            return 403, "Only this machine may come here."
        if scope["path"] != _WATCHED and _name(f"//{headers.get('host', '')}") not in self.hosts:
            return 421, "This name is not served here."
        origin = headers.get("origin")
        writes = scope["type"] == "websocket" or scope["method"] not in _READS
        if writes and origin is not None and not self._is_ours(origin, headers.get("host", "")):
            return 403, "This page may not ask here."
        if len(scope.get("query_string", b"")) > _LONGEST:
            return 414, "The address is too long."
        if scope["path"].startswith(_TELLS):
            return 404, "Not found"
        return None

    def _is_ours(self, origin: str, host: str) -> bool:
        """Whether a page of ours asks: of the same name and port, or of a name that is told to be ours."""
        name = _name(origin)
        is_told = name is not None and name in self.hosts and not is_loopback(name)
        return is_told or origin.partition("://")[2] == host


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
