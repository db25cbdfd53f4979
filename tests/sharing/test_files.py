"""What people share of a page says what the page shows, to the cent and to the sign, and nothing of anybody else's."""

import asyncio
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from io import BytesIO

import pandas as pd
import pypdf
import pytest
import sqlalchemy as sa
import streamlit as st
import typst
from starlette.requests import Request

from dashboard.frame import held
from dashboard.frame.columns import Column
from dashboard.server import pictures
from dashboard.sharing import pdf, workbook
from dashboard.sharing.shared import Shared
from dashboard.words.formats import Formats
from dashboard.words.language import speaking
from data_access.people import trail
from data_access.people.audit import moment
from data_access.scope import Person
from tests.pages import opened

PAGES = ("overview.py", "pipeline.py")
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><rect width="300" height="40" fill="#fff"/>'
    '<text x="9" y="20" style="font-family: Arial, \'Segoe UI\'; font-size: 13px">华东长期用量</text></svg>'
)
FORM = Formats("zh_CN", "CNY")


class Files:
    """A page as it opens without a browser, and the files that its buttons make; its figures are sent as `FIGURE`."""

    def __init__(self, page: str, language: str, patch: pytest.MonkeyPatch, **parameters: str):
        made: dict[str, Callable[[], bytes]] = {}
        button = st.download_button

        def kept(label: str, data, **named):
            made[named["key"]] = data
            return button(label, data=data, **named)

        with patch.context() as recording:
            recording.setattr(st, "download_button", kept)
            self.app = opened(page, language, popover="share", **parameters)
        written = [html.proto.body for html in self.app.get("html") if "<script>" in html.proto.body]
        [key] = re.findall(r"<img alt='([^']+)' hidden>", "".join(written))
        self.held = held.open_at(key)
        assert self.held is not None
        figures = [part for part in self.held.parts() if isinstance(part, held.Figure)]
        self.held.send({figure.chart: FIGURE for figure in figures})
        self.excel, self.paper = made["share_excel"](), made["share_pdf"]()

    def sheets(self) -> dict[str, pd.DataFrame]:
        return pd.read_excel(BytesIO(self.excel), sheet_name=None, header=None, engine="calamine")

    @cached_property
    def text(self) -> str:
        return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(self.paper)).pages))


def squeezed(text: str) -> str:
    """Without white space: where lines end says nothing."""
    return "".join(text.split())


def in_cells(sheets: dict[str, pd.DataFrame]) -> str:
    return "\n".join(str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel())


@pytest.fixture(scope="module")
def files(request, demo_url) -> Iterator[Files]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_DATABASE_URL", demo_url)
        page, language, parameters = request.param
        yield Files(page, language, patch, **parameters)


whole = pytest.mark.parametrize(
    "files",
    [("overview.py", "zh", {}), ("pipeline.py", "en", {})],
    indirect=True,
    ids=["overview-zh", "pipeline-en"],
    scope="module",
)


@whole
def test_the_workbook_holds_the_cards_and_every_row_of_the_page(files, demo_url):
    sheets = files.sheets()
    page, about, *tables = sheets.values()
    cards = [card for part in files.held.parts() if isinstance(part, held.Cards) for card in part.row]
    rows = page.dropna(subset=[3]) if cards else page
    for card in cards:
        [shown] = rows[rows[0] == card.label][[2, 3]].drop_duplicates().head(1).to_numpy().tolist()
        assert shown[1] == card.readings[0].value
        assert shown[0] == pytest.approx(card.readings[0].exact, abs=0.005)
    shown_tables = [table.value for table in files.app.dataframe]
    assert len(tables) >= len(shown_tables) > 0
    for shown in shown_tables:  # Streamlit's own reading of what it was given to show
        first = shown.iloc[:, 0].astype(str).tolist()
        [same] = [sheet for sheet in tables if sheet.iloc[1 : len(first) + 1, 0].astype(str).tolist() == first][:1]
        for position, name in enumerate(shown.columns):
            if pd.api.types.is_float_dtype(shown[name]):
                found = pd.to_numeric(same.iloc[1 : len(first) + 1, position], errors="coerce").tolist()
                known = shown[name].astype("float64")
                as_bar = known / 100  # which is shown in percent
                assert found in (
                    pytest.approx(known.tolist(), abs=0.005, nan_ok=True),
                    pytest.approx(as_bar.tolist(), abs=0.005, nan_ok=True),
                )
    told = dict(about[[0, 1]].dropna().to_numpy().tolist())
    held_tables = [part for part in files.held.parts() if isinstance(part, held.Table)]
    for column in (column for table in held_tables for column in table.columns.values()):
        assert not column.help or told[column.label] == column.help


@whole
def test_what_is_on_paper_is_read_back_as_the_page_says_it(files):
    text, head = files.text, next(part for part in files.held.parts() if isinstance(part, held.Head))
    for said in (head.title, head.question, head.answer, head.more, head.about):
        assert squeezed(said) in text
    for part in files.held.parts():
        match part:
            case held.Text():
                assert squeezed(part.text) in text
            case held.Figure():
                assert squeezed(part.title) in text and "华东长期用量" in text
            case held.Cards():
                for card in part.row:
                    for reading in card.readings:
                        assert squeezed(reading.value) in text
                        if card.unit == "money" and reading.exact is not None:
                            assert to_the_cent(reading.exact) in text
            case held.Table():
                shown = part.frame.head(pdf.MOST_ROWS)
                for name, column in [*part.columns.items()][: part.most]:
                    if column.unit == "text":
                        assert all(squeezed(str(value)) in text for value in shown[name].dropna() if value)
                    if column.unit == "money":
                        assert all(to_the_cent(value) in text for value in shown[name].dropna())
                left_out = len(part.frame) - pdf.MOST_ROWS
                assert left_out <= 0 or f"{left_out:,}" in text
    size = pypdf.PdfReader(BytesIO(files.paper)).pages[0].mediabox
    assert (round(size.width), round(size.height)) == (842, 595)
    assert [image for page in pypdf.PdfReader(BytesIO(files.paper)).pages for image in page.images] == []


def to_the_cent(value: float) -> str:
    cents = round(abs(value) * 100)
    return f"{cents // 100:,}" + (f".{cents % 100:02}" if cents % 100 else "")


def test_a_regional_managers_files_have_no_foreign_row(demo, monkeypatch):
    with demo.connect() as connection:
        deals = connection.execute(
            sa.text(
                "select coalesce(deal.region_id, rep.region_id), deal.name from opportunity as deal "
                "left join rep on rep.rep_id = deal.owner_id"
            )
        ).all()
        regions = dict(connection.execute(sa.text("select region_id, parent_id from region")).all())
    own = {region for region in regions if region == "east" or regions[region] == "east"}
    names = {name for region, name in deals if region in own}
    foreign = {squeezed(name) for region, name in deals if region not in own} - {squeezed(name) for name in names}
    files = Files("pipeline.py", "zh", monkeypatch, role="manager:east")
    told = squeezed(in_cells(files.sheets()))
    assert any(squeezed(name) in told for name in names)
    assert [name for name in foreign if name in told or name in files.text] == []

    # And it is on file who took them.
    taken = trail.trail(demo, Person("director"), moment().date(), moment().date(), by="manager:east", action="export")
    assert {subject.rpartition(".")[2] for subject in taken["subject"]} == {"xlsx", "pdf"}


def a_page(*parts: held.Part, **more) -> Shared:
    return Shared([held.Head("商机", "", "已赢单 12 个。", "", "全部区域"), *parts], [("Person", "安")], FORM, **more)


def test_values_are_typed_and_no_text_becomes_a_formula_or_a_link():
    frame = pd.DataFrame(
        {
            "name": ["=1+1", "https://example.com", None],
            "amount": [1234.565, None, -0.1],
            "share": [0.5, float("nan"), 1.4],
            "day": [pd.Timestamp("2026-11-21"), pd.NaT, pd.Timestamp("2026-01-02")],
        }
    )
    columns = {
        "name": Column("Name"), "amount": Column("Amount", "money"), "share": Column("Share", "bar"),
        "day": Column("Day", "date"),
    }  # fmt: skip
    title = held.Text("heading", "a/b: [c]*? 'very long title of a table'")
    with speaking("en"):
        written = workbook.workbook(a_page(title, held.Table(frame, columns, total={"amount": 1234.47})))
    with zipfile.ZipFile(BytesIO(written)) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name)
    assert "<f>" not in sheets and "<hyperlink" not in sheets
    found = pd.read_excel(BytesIO(written), sheet_name=2, engine="calamine")
    assert found["Name"].tolist()[:2] == ["=1+1", "https://example.com"]
    assert found["Amount"].dropna().tolist() == [1234.565, -0.1, 1234.47]
    assert found["Day"].tolist()[0] == pd.Timestamp("2026-11-21")
    assert found["Share"].tolist()[2] == 1.4


def test_what_is_drawn_anew_alone_takes_the_place_of_what_stood_there():
    first, again, after = held.Text("note", "first"), held.Text("note", "again"), held.Text("note", "after")
    with held.of_one_run() as page:
        with held.filling(page.room):
            inner = held.room()
            with held.filling(inner):
                held.hold(first)
            held.hold(after)
        held.hold(held.Text("note", "of the frame, not of the page"))
    assert page.parts() == [first, after]
    with held.filling(inner):
        held.hold(again)
    assert page.parts() == [again, after]
    assert held.open_at(page.key) is page


@pytest.mark.parametrize(
    "drawing",
    [
        "no drawing",
        "<!DOCTYPE svg>" + FIGURE,
        FIGURE.replace("<rect", "<script>x()</script><rect"),
        FIGURE.replace("<rect", "<image href='file:///etc/passwd'/><rect"),
        FIGURE.replace("<rect", "<image href='https://example.com/x.png'/><rect"),
    ],
    ids=["none", "doctype", "script", "file", "elsewhere"],
)
def test_a_figure_that_cannot_be_drawn_stands_in_its_numbers(drawing):
    numbers = held.Table(pd.DataFrame({"n": [7]}), {"n": Column("N", "count")})
    figure = held.Figure("chart", "图", "", "in words", numbers)
    with speaking("en"):
        written = pdf.pdf(a_page(figure, pictures={"chart": drawing}))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(written)).pages)
    assert "these are its numbers" in text and "7" in text


def test_without_a_chinese_font_it_is_said_instead_of_boxes(monkeypatch):
    pdf._fonts.cache_clear()
    monkeypatch.setattr(typst, "Fonts", partial(typst.Fonts, include_system_fonts=False))
    with speaking("zh_CN"):
        [page] = pypdf.PdfReader(BytesIO(pdf.pdf(a_page()))).pages
    pdf._fonts.cache_clear()
    assert "The server has no Chinese font: apt-get install fonts-noto-cjk" in " ".join(page.extract_text().split())


def test_only_a_page_that_is_open_takes_figures_and_only_figures():
    def answered(key: str, body: bytes) -> int:
        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        asked = Request({"type": "http", "method": "POST", "path_params": {"key": key}, "headers": []}, receive)
        with ThreadPoolExecutor(1) as apart:  # this thread may have a browser's event loop, which runs none beside it
            return apart.submit(asyncio.run, pictures.receive(asked)).result().status_code

    with held.of_one_run() as page:
        pass
    assert answered("another", b"{}") == 404
    assert answered(page.key, b"[") == answered(page.key, b'{"a": 1}') == 400
    assert answered(page.key, b" " * 10_000_001) == 413
    assert not page.has_sent.is_set()
    assert answered(page.key, b'{"chart": "<svg/>"}') == 204
    assert page.has_sent.is_set() and page.pictures == {"chart": "<svg/>"}
    key = page.key
    del page
    assert answered(key, b"{}") == 404, "nobody holds it any more"
