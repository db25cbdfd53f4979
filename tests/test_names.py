"""Names are text everywhere: pages, reports and files over an organisation whose every free text is hostile."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import date

import plotly.graph_objects as go
import pytest

from dashboard.figures.marks import BR, bold, drawn
from data_access import imports, spreadsheet
from data_access.engine import DATABASE_VARIABLE, engine
from data_access.spreadsheet import is_formula
from tests import hostile
from tests.folders import write_folder
from tests.independent.product import run
from tests.pages import opened, tabs_of
from tests.rings import rings
from tests.test_pages import PAGES

# What a page can be asked to look at: parameter, table and key.
SUBJECTS = {
    "account.py": ("account", "account", "account_id"),
    "rep.py": ("rep", "rep", "rep_id"),
    "opportunities.py": ("deal", "opportunity", "opportunity_id"),
}
DIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Fields of Streamlit's messages that a browser never shows, or shows letter by letter.
NOT_SHOWN = re.compile(r"(^|\.)(id|key|\w+_id|query_string|spec|config|columns|styler|page_script_hash)$")
LETTER_BY_LETTER = {
    "code.code_text", "selectbox.options", "selectbox.raw_value", "multiselect.options", "multiselect.raw_values",
    "plotly_chart.alt",
}  # fmt: skip
# What we write bold and grey: a heading with what it is about, what all rows come to before their order, a note.
OURS = r"^\*\*(.*)\*\*(?:  \n:small\[:gray\[(.*)\]\]| (.*))?$|^:gray\[(.*)\]$"


@pytest.fixture(scope="module")
def typed(hostile_folder) -> list[str]:
    """Every hostile text without blanks, the longest first, so that a text is not taken for a part of itself."""
    return sorted({squeezed(one) for one in hostile.texts(hostile_folder)}, key=len, reverse=True)


def shown(page: str) -> Iterator:
    """The page as it opens, and with each of its other tabs."""
    yield pytest.param((page, {}), id=page)
    for tab in tabs_of(page)[1:]:
        yield pytest.param((page, {"tab": tab}), id=f"{page}-{tab}", marks=pytest.mark.long)


@pytest.fixture(scope="module", params=[one for page in PAGES for one in shown(page)])
def app(request, hostile_url, hostile_folder):
    """Each page over the hostile organisation, the subject of its own chosen."""
    page, asked = request.param
    if page in SUBJECTS:
        name, table, key = SUBJECTS[page]
        asked = asked | {name: subject(hostile_folder / f"{table}.csv", key)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE_VARIABLE, hostile_url)
        return opened(page, **asked)


def subject(file, key: str) -> str:
    with file.open(encoding="utf-8", newline="") as rows:
        return [row[key] for row in csv.DictReader(rows)][-1]


def squeezed(text: str) -> str:
    """Without blanks (a figure breaks lines at them) and what nobody sees."""
    return re.sub(r"[\s\u2060]", "", DIRECTIONAL.sub("", text))


def remains(text: str, typed: list[str]) -> str:
    """What is left of a text without the names in it as they were typed, some of them shortened."""
    rest = squeezed(text)
    for name in typed:
        rest = rest.replace(name, "")
    for cut in [part for part in re.split(r"…", rest)[:-1] if hostile.MARKER in part]:
        at = next(at for at in range(len(cut)) if any(name.startswith(cut[at:]) for name in typed))
        rest = rest.replace(cut[at:], "")
    return rest


def test_no_label_or_sentence_holds_a_name_that_is_read_as_markdown(app, typed):
    found = 0
    for where, text in strings(app):
        assert not DIRECTIONAL.search(text), (where, text)
        if where in LETTER_BY_LETTER or hostile.MARKER not in text:
            continue
        found += 1
        text = re.sub(OURS, r"\1\2\3\4", text)
        assert not re.search(r"[*_`\[\]<~$#|:&\\]", re.sub(r"\\[!-/:-@\[-`{-~]", "", text)), (where, text)
        text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
        assert not re.search(r"https?://|www\.\w|\w@\w|:(material[/_]|streamlit:)|\s(->|--|>=)\s", text), (where, text)
        assert hostile.MARKER not in remains(text, typed), (where, text)
    assert found > 0  # the organisation's name and the filters of the bar at least


def test_no_figure_holds_a_name_that_is_read_as_markup(app, typed):
    for chart in app.get("plotly_chart"):
        for text in shown_by(json.loads(chart.proto.spec)):
            ours = re.sub(r"<br>|</?b>|<span style='color:#[0-9a-f]{6}'>|</span>", " ", text)
            assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", ours), text
            assert not DIRECTIONAL.search(text), text
            assert hostile.MARKER not in remains(html.unescape(ours), typed), text


def test_no_table_holds_a_formula_for_the_spreadsheet_it_is_copied_to(app):
    for table in app.dataframe:
        if not table.proto.editing_mode:  # what is edited is as it is
            for cell in table.value.select_dtypes(["object", "string"]).stack():
                if hostile.MARKER in str(cell):
                    assert not is_formula(cell) and not DIRECTIONAL.search(cell), cell


def test_a_figure_as_it_is_drawn_holds_our_tags_and_no_others():
    name = "<a href='x'>A&amp;B</a>"
    put_together = go.Figure(go.Bar(x=[1], y=[name], hovertext=[f"{name}{BR}{bold('1')}"], customdata=[[name]]))
    [bar] = drawn(put_together, "light").data
    as_text = "&lt;a href='x'&gt;A&amp;amp;B&lt;/a&gt;"
    assert (list(bar.y), list(bar.hovertext)) == ([as_text], [f"{as_text}<br><b>1</b>"])
    assert bar.customdata[0][0] == name  # what a click gives back
    assert put_together.data[0].y[0] == name  # and may be drawn again


@pytest.mark.parametrize("name", rings(["deals", "reps", "leads", "support", "attention"], short=3))
def test_a_report_is_cells_in_csv_lines_on_a_terminal_and_exact_in_json(name, hostile_url, hostile_folder):
    database, texts = engine(hostile_url), hostile.texts(hostile_folder)
    exact = json.loads(run(database, "report", name, "--format", "json").stdout)["rows"]
    cells = list(csv.reader(io.StringIO(run(database, "report", name, "--format", "csv").stdout)))
    printed = run(database, "report", name).stdout
    named = [str(value) for row in exact for value in row.values() if value in texts]
    assert named and all(is_formula(one) == (f"'{one}" in {cell for row in cells for cell in row}) for one in named)
    for row, line in zip(exact, cells[1:], strict=True):
        for value, cell in zip(row.values(), line, strict=True):
            assert not is_formula(cell)  # and a negative number is none
            assert cell.removeprefix("'" if isinstance(value, str) else "") == ("" if value is None else str(value))
    assert len(printed.splitlines()) == 3 + len(exact)  # a head, a blank line, the columns, a line per row
    assert not DIRECTIONAL.search(printed)


def test_a_refusal_and_a_caution_cannot_steer_the_terminal(hostile_url):
    steering = "\x1b[31mred\x1b[0m\nEverything is there.\u202e"
    refused = run(engine(hostile_url), "report", "overview", "--region", steering)
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1 and not re.search("[\x1b\u202e]", refused.stderr)
    assert "red" in refused.stderr  # what was asked is still said
    cautioned = run(engine(hostile_url), "report", "overview", "--source", steering)
    assert cautioned.exit_code == 0
    assert cautioned.stderr.count("\n") == 1 and not re.search("[\x1b\u202e]", cautioned.stderr)


def test_rejected_rows_can_be_opened_in_a_spreadsheet_and_mended(sqlite, tmp_path):
    write_folder(
        tmp_path / "in",
        {
            "region": "region_id,name,parent_id\ng,Group,\nn,North,g\ns,South,g\n=1+1,@evil,nowhere\ns2,x,elsewhere\n",
            "payment": "opportunity_id,received_on,amount\nd1,2025-03-20,-20.5\n=d9,2025-03-20,-20.5\n",
        },
    )
    rejected_to = tmp_path / "rejected.csv"
    imports.load(sqlite, tmp_path / "in", max_bad=1, today=date(2025, 6, 1), rejected_to=rejected_to)
    with rejected_to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["value"]: row["row"] for row in rows} == {
        "nowhere": '"=1+1","@evil","nowhere"', "elsewhere": "s2,x,elsewhere", "'=d9": '"=d9","2025-03-20","-20.5"'
    }  # fmt: skip
    assert not any(is_formula(cell) for row in rows for cell in row.values())


def test_a_number_in_a_file_stays_a_number(subtests):
    for text in ("-20.5", "+1,234.56", "-3 %", "-1e-05", "plain", "-", "=", ""):
        with subtests.test(text=text):
            assert spreadsheet.cell(text) == text


def test_what_a_spreadsheet_would_work_out_is_a_text_in_a_file(subtests):
    for text in ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "-1+cmd|'x'!A1", "-2,b"):
        with subtests.test(text=text):
            assert spreadsheet.cell(text) == "'" + text


def strings(app) -> Iterator[tuple[str, str]]:
    """Every text that the page sent to be shown, with the message and field it came in."""
    for node in app.main:
        if node.proto is not None and node.type != "main":
            yield from _strings(node.proto, node.type)


def _strings(message, where: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        inside = f"{where}.{field.name}"
        if NOT_SHOWN.search(inside):
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue  # by our own names of columns
        for one in value if field.is_repeated else [value]:
            if field.type == field.TYPE_STRING:
                yield inside, one
            elif field.type == field.TYPE_MESSAGE:
                yield from _strings(one, inside)


def shown_by(part) -> Iterator[str]:
    """Every text in a figure's specification that Plotly draws."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in ("customdata", "ids", "bdata"):
                yield from shown_by(value)
    elif isinstance(part, list):
        for one in part:
            yield from shown_by(one)
