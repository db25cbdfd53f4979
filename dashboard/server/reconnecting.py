"""A browser whose line to its server broke has its page drawn anew, be it by another server.

Streamlit's client (1.67) asks for nothing when the line is back. What stands in the browser may then be of a server
that is gone: files are gone with it, and a part of a page that is drawn alone (`parts.fragment`) is unknown to the new
one, which passes over it in silence. So the client is asked to ask: for a part of no page, a moment later; and what it
asks for by that name, with its address and all its fields, is taken for the whole page.
"""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_AGAIN = "all of the page again"
_PAUSE = 0.5  # seconds, after which the client asks, and again until it has begun


class Reconnecting:
    """ASGI middleware: has whoever comes back by a new line ask for the page."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "websocket" or not _comes_back(scope):
            await self.app(scope, receive, send)
            return
        has_asked = False

        async def send_and_ask(message):
            await send(message)
            if message["type"] == "websocket.accept":
                ask = ForwardMsg()
                ask.auto_rerun.fragment_id, ask.auto_rerun.interval = _AGAIN, _PAUSE
                await send({"type": "websocket.send", "bytes": ask.SerializeToString()})

        async def receive_whole():
            nonlocal has_asked
            while True:
                message = await receive()
                asked = BackMsg.FromString(message.get("bytes") or b"")
                if not asked.HasField("rerun_script"):
                    return message
                is_ours = asked.rerun_script.fragment_id == _AGAIN
                if not has_asked:
                    has_asked = True
                    asked.rerun_script.fragment_id, asked.rerun_script.is_auto_rerun = "", False
                    return message | {"bytes": asked.SerializeToString()}
                if not is_ours:
                    return message

        await self.app(scope, receive_whole, send_and_ask)


def _comes_back(scope) -> bool:
    """Streamlit's client says where it would be a protocol which session it had: the third, after a token."""
    said = dict(scope["headers"]).get(b"sec-websocket-protocol", b"").split(b",")
    return len(said) > 2 and bool(said[2].strip())
