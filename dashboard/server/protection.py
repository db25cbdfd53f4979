"""What the server sends besides Streamlit's own: a strict content policy, compressed static files, and a
first page that knows where the server is."""

import gzip
import hashlib
import re
from base64 import b64encode
from functools import cache
from itertools import starmap
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from dashboard.frame import scripts
from dashboard.server.returning import CALLBACK

STATIC = Path(streamlit.__file__).parent / "static"
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_COMPRESSIBLE = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}


@cache
def content_policy() -> str:
    """Nothing from another host, no inline script but Streamlit's own, known by its hash, and ours likewise."""
    inline = _INLINE_SCRIPT.findall((STATIC / "index.html").read_text(encoding="utf-8"))
    hashes = " ".join(f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes} {scripts.hashes()}",
            "style-src 'self' 'unsafe-inline'",  # Streamlit and Plotly style their elements in place
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Headers:
    """ASGI middleware: puts the policy and its companions on every HTTP answer."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_policy()
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class CompressedStatic:
    """ASGI middleware: Streamlit sends its scripts uncompressed, 4.7 MB for Plotly alone; here they are 1.4.

    Each file is compressed once and kept. Their names carry a hash of their content, so a browser may keep
    them for good.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        file = _static_file(scope)
        if file is None:
            await self.app(scope, receive, send)
            return
        answer = Response(
            _compressed(file),
            media_type=_COMPRESSIBLE[file.suffix],
            headers={
                "Content-Encoding": "gzip",
                "Vary": "Accept-Encoding",
                "Cache-Control": "public, max-age=31536000, immutable",
            },
        )
        await answer(scope, receive, send)


def _static_file(scope) -> Path | None:
    """The file a request asks for, if it is Streamlit's own and may be sent compressed."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return None
    if b"gzip" not in dict(scope["headers"]).get(b"accept-encoding", b""):
        return None
    file = (STATIC / scope["path"].removeprefix("/")).resolve()
    known = file.is_relative_to(STATIC) and file.suffix in _COMPRESSIBLE and file.is_file()
    return file if known else None


@cache
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), compresslevel=6)


# Below /pipeline Streamlit's client first tries /pipeline/_stcore/…; browsers report its 404 as an error.
_WHERE = "window.__streamlit = {BACKEND_BASE_URL: window.location.origin};"
_WHERE_PATH = "/where.js"  # a file of its own: the policy allows no inline script


class FirstPage:
    """ASGI middleware: Streamlit's page for every address a person may open, with one script put first, and looks.

    looks   style sheets. What a run of the script sends of them is there only once its part of Streamlit's client has
            been loaded: all that stood by then moved.
    """

    def __init__(self, app, looks: str):
        self.app, self.looks = app, looks

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif scope["path"] == _WHERE_PATH:
            await Response(_WHERE, media_type="text/javascript")(scope, receive, send)
        elif _is_page(scope["path"]) and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            await Response(_first_page(self.looks), media_type="text/html", headers={"Cache-Control": "no-cache"})(
                scope, receive, send
            )
        else:
            await self.app(scope, receive, send)


def _is_page(path: str) -> bool:
    """`/`, `/pipeline`, …: one word without an ending, none of the server's own."""
    return path.count("/") == 1 and "." not in path and path not in ("/health", "/overview", CALLBACK)


# Most of its parts the client asks for once something of the kind is to be drawn; every page has all of these.
_PARTS = {
    "Button": "high",
    "Html": "high",  # of which cards are made: what stands for it until then is a third as tall
    "Selectbox": "high",
    "Multiselect": "high",
    "ButtonGroup": "auto",
    "DataFrame": "low",
    "PlotlyChart": "low",
}


@cache
def _first_page(looks: str) -> str:
    """The looks come last, as the client puts its own into the head: of rules that say as much the later one holds."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    page = page.replace("<script>", f'<script src=".{_WHERE_PATH}"></script>\n    <script>', 1)
    page = page.replace("</head>", "".join(starmap(_loaded_at_once, _PARTS.items())) + "</head>", 1)
    return page.replace("</body>", f"{looks}\n  </body>", 1)


def _loaded_at_once(name: str, priority: str) -> str:
    return "".join(
        f'<link rel="modulepreload" crossorigin fetchpriority="{priority}" href="./static/js/{file.name}">\n'
        for file in STATIC.glob(f"static/js/{name}.*.js")
    )
