"""Who comes by a link and has to sign in first is brought to it afterwards: Streamlit (1.67) leads to `/`.

A short cookie keeps the path and query of the page opened last, and is sent to the one address to which the provider
leads back: whoever is signed in may have to sign in again, as somebody else.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import MutableHeaders

CALLBACK = "/oauth2callback"
COOKIE = "cockpit_wanted"
_LONGEST = 2_500  # characters: with its name and attributes within the 4,096 bytes of a cookie, encoded
_SECONDS = 900
_PAGE = re.compile(r"/[a-z_]*(\?[^\s\\]*)?")  # one of our own pages: never another host


class Returning:
    """ASGI middleware: keeps where somebody wanted to go, and leads there; cookies are Secure where the way is.

    is_secure   whether people come by HTTPS
    """

    def __init__(self, app, is_secure: bool):
        self.app, self.is_secure = app, is_secure

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        cookies = _cookies(scope)
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}".removesuffix("?")

        async def send_on(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"] == CALLBACK:
                    wanted = _decoded(cookies.get(COOKIE, ""))
                    if wanted and headers.get("location") == "/":
                        headers["location"] = wanted
                    headers.append("set-cookie", self._cookie("", 0))
                elif (
                    headers.get("content-type", "").startswith("text/html")
                    and _PAGE.fullmatch(asked)
                    and len(asked) <= _LONGEST
                ):
                    headers.append("set-cookie", self._cookie(urlsafe_b64encode(asked.encode()).decode(), _SECONDS))
                if self.is_secure:
                    message["headers"] = [_secured(*one) for one in message["headers"]]
            await send(message)

        await self.app(scope, receive, send_on)

    def _cookie(self, value: str, seconds: int) -> str:
        return f"{COOKIE}={value}; Path={CALLBACK}; Max-Age={seconds}; HttpOnly; SameSite=Lax"


def _cookies(scope) -> dict[str, str]:
    try:
        found = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return {}
    return {name: one.value for name, one in found.items()}


def _decoded(kept: str) -> str | None:
    try:
        wanted = urlsafe_b64decode(kept).decode()
    except ValueError:
        return None
    return wanted if _PAGE.fullmatch(wanted) else None


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"secure" not in value.lower().replace(b" ", b"").split(b";")
    return name, value + b"; Secure" if is_open else value
