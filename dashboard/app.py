"""The ASGI entry: path, middleware, health, warm-up; nothing else.

`python -m dashboard serve`, `streamlit run dashboard/app.py` and `uvicorn dashboard.app:app` all serve `app`.
"""

import gc
import logging
import secrets
import sys
from pathlib import Path

# `streamlit run` puts only this file's folder on the path, and from there nothing of ours can be imported.
ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import plotly.graph_objects as go  # noqa: E402
import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.responses import RedirectResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402
from streamlit import config  # noqa: E402

from dashboard.figures import style  # noqa: E402
from dashboard.frame import bar, cards, parts, trouble  # noqa: E402
from dashboard.programs import over_http  # noqa: E402
from dashboard.server import ahead, pictures, sign_in  # noqa: E402
from dashboard.server.closed import Closed  # noqa: E402
from dashboard.server.health import health  # noqa: E402
from dashboard.server.moved import Moved  # noqa: E402
from dashboard.server.protection import CompressedStatic, FirstPage, Headers  # noqa: E402
from dashboard.server.reconnecting import Reconnecting  # noqa: E402
from dashboard.server.returning import Returning  # noqa: E402
from dashboard.words import literal  # noqa: E402
from dashboard.words.language import _  # noqa: E402
from data_access.errors import DatabaseUnusable, Refused  # noqa: E402

log = logging.getLogger("dashboard")


async def to_overview(request) -> RedirectResponse:
    """The overview is the page at the root; under its own name Streamlit would not find it."""
    return RedirectResponse(request.url.replace(path="/"))


def say_and_log(error: Exception) -> bool:
    """A refusal is said, also from a button or a part that runs by itself. Of anything else the person gets a
    reference number, the log the trace under the same number."""
    if isinstance(error, DatabaseUnusable):
        log.warning("%s", error)
        trouble.say(error)
        return True
    if isinstance(error, Refused):
        parts.refusal(str(error))
        return True
    reference = secrets.token_hex(4)
    log.error("Reference %s", reference, exc_info=error)
    st.error(
        literal.markdown(
            _(
                "Something went wrong on our side; your data are unharmed. Please pass on this reference: {reference}"
            ).format(reference=reference)
        )
    )
    return True


def warm_up() -> None:
    """Loads what the first page needs, then takes it out of the garbage collector's sight.

    Streamlit collects fully after every run; without freezing, that is most of the time of a rerun.
    """
    go.Figure(go.Bar(x=[0], y=[0])).to_json()
    gc.collect()
    gc.freeze()


if config.get_option("server.fileWatcherType") == "none":  # with a watcher on, somebody is developing
    warm_up()
ahead.begin_with_each_copy()

with_sign_in = []
if sign_in.mode() == "oidc":
    with_sign_in = [Middleware(Returning, is_secure=sign_in.redirect_uri().startswith("https:"))]

app = st.App(
    ROOT / "dashboard" / "main.py",
    routes=[
        Route("/health", health),
        Route("/overview", to_overview),
        Route("/pictures/{key}", pictures.receive, methods=["POST"]),
        over_http.ROUTE,
    ],
    middleware=[
        Middleware(Headers),
        Middleware(Closed, hosts=sign_in.hosts(), is_local=sign_in.mode() != "oidc"),
        *with_sign_in,
        Middleware(CompressedStatic),
        Middleware(Moved),
        Middleware(FirstPage, looks=cards.css(style.EITHER) + bar.css(style.EITHER)),
        Middleware(Reconnecting),
    ],
    on_script_error=say_and_log,
)
