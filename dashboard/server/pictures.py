"""Figures as the browser that shows them has drawn them, for the files of its page."""

import json

from starlette.requests import Request
from starlette.responses import Response

from dashboard.frame import held

_LARGEST = 10_000_000  # bytes of a page's figures; the largest page has a tenth


async def receive(request: Request) -> Response:
    """Takes the drawings of a page that is open: `{key of a chart: SVG}`. Whoever knows its key has it before them."""
    page = held.open_at(request.path_params["key"])
    if page is None:
        return Response(status_code=404)
    written = b""
    async for chunk in request.stream():
        written += chunk
        if len(written) > _LARGEST:
            return Response(status_code=413)
    try:
        pictures = json.loads(written)
    except ValueError:
        return Response(status_code=400)
    if not isinstance(pictures, dict) or not all(isinstance(one, str) for one in pictures.values()):
        return Response(status_code=400)
    page.send(pictures)
    return Response(status_code=204)
