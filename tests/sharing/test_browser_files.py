"""In a browser: its figures go along to paper as drawings whose words are found, and each is saved as a picture."""

import struct

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser_fixtures import PATIENCE, needs_chromium, opened, tab_on

pytestmark = [pytest.mark.long, needs_chromium]

WORDS = """() => [...document.querySelectorAll(".js-plotly-plot .main-svg :is(text, tspan)")]
    .filter((one) => !one.children.length).map((one) => one.textContent)"""


def test_figures_go_along_to_paper_and_are_saved_as_pictures(chromium, server):
    with tab_on(chromium, server, width=1440, height=900) as tab:
        opened(tab, f"{server}/pipeline?lang=zh_CN")
        expect(tab.locator(".js-plotly-plot .main-svg text").first).to_be_attached()
        figure = tab.locator(".js-plotly-plot").first
        figure.hover()
        with tab.expect_download(timeout=PATIENCE) as saved:
            figure.get_by_role("button", name="下载此图（PNG）").click()
        width, _height = struct.unpack(">II", saved.value.path().read_bytes()[16:24])
        assert width == 2 * round(figure.evaluate("plot => plot.clientWidth"))
        words = ["".join(word.split()) for word in tab.evaluate(WORDS)]
        tab.locator(".st-key-share button").first.click()
        with tab.expect_download(timeout=PATIENCE) as given:
            tab.locator(".st-key-share_pdf button").click()
        pages = pypdf.PdfReader(given.value.path()).pages
        text = "".join("".join(page.extract_text() for page in pages).split())
        assert "此图未能生成图片" not in text
        assert len(words) > 20 and [word for word in words if word not in text] == []
        assert [image for page in pages for image in page.images] == []
        assert given.value.suggested_filename.startswith("pipeline-2026-")
