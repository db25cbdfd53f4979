"""The first page of all: Streamlit's, with what every page needs asked for at once."""

import re

from dashboard.server import protection


def test_what_every_page_draws_with_is_there_and_the_looks_come_last():
    page = protection._first_page("<style>of ours</style>")
    asked = re.findall(r'<link rel="modulepreload"[^>]* href="\.(/static/js/([^."]+)[^"]*)"', page)
    assert set(protection._PARTS) <= {name for _path, name in asked}  # another Streamlit calls its parts otherwise
    assert len(asked) == len(set(asked)), "asked for by the client itself, too"
    assert all((protection.STATIC / path[1:]).is_file() for path, _name in asked)
    assert page.rstrip().removesuffix("</html>").rstrip().endswith("<style>of ours</style>\n  </body>")


def test_the_way_back_from_signing_in_is_streamlits_own():
    assert protection._is_page("/") and protection._is_page("/key_accounts")
    assert not any(map(protection._is_page, ("/oauth2callback", "/auth/login", "/auth/logout", "/health")))
