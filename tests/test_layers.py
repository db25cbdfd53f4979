"""What the layers promise beside who imports whom (that, `make lint` checks): pure parts, and names that stay text."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module", autouse=True)
def _forgets() -> Iterator[None]:
    """Half a million nodes are not kept for tests that clean up behind a page."""
    yield
    nodes.cache_clear()


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def test_no_room_has_more_than_twenty_modules():
    rooms = {folder for top in ("dashboard", "data_access", "pages", "tests") for folder in (ROOT / top).rglob("*/")}
    rooms |= {ROOT / top for top in ("dashboard", "data_access", "pages", "tests")}
    modules = {room: [file for file in room.glob("*.py") if file.name != "__init__.py"] for room in rooms}
    assert [(str(room.relative_to(ROOT)), len(found)) for room, found in modules.items() if len(found) > 20] == []


def test_nothing_pure_reads_a_clock():
    for path in (ROOT / "dashboard" / "metrics").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ".today(" not in text and ".now(" not in text, path.name


def test_no_form_keeps_what_is_typed_to_itself():
    """A form of Streamlit tells nothing of it until it is sent: closed with its tab or drawer it is lost."""
    for path in (ROOT / "dashboard").rglob("*.py"):
        assert "st.form(" not in path.read_text(encoding="utf-8"), path.name


# --- names are text: how pages and what they are made of call Streamlit -------------------------------

# Sentences, figures and tables: only parts.py draws them, and the head and the last error handler beside it.
DRAWN_BY_PARTS = {
    "title", "markdown", "caption", "write", "info", "success", "warning", "error", "toast", "text", "html", "metric",
    "plotly_chart", "dataframe", "table",
}  # fmt: skip
PARTS = {"parts.py", "main.py", "app.py"}
# The first argument (or `label`) is read as Markdown, as is `help`.
READ_AS_MARKDOWN = {
    "title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "toast",
    "button", "form_submit_button", "download_button", "link_button", "page_link", "expander", "popover", "tabs",
    "status", "spinner", "progress", "checkbox", "toggle", "radio", "selectbox", "multiselect", "pills",
    "segmented_control", "slider", "select_slider", "number_input", "text_input", "text_area", "date_input",
    "time_input", "file_uploader",
}  # fmt: skip
NO_LABEL = re.compile("page|share|_[A-Z]+_PAGE|_PAGES / .*")  # where a link leads, how far a bar is
OPTIONS_ARE_LABELS = {"radio", "pills", "segmented_control"}
# What stands between a name and each of the others.
THROUGH = {
    "plotly_chart": "marks.drawn(", "dataframe": "_in_formats(", "html": ("cards.", "scripts."),
    **dict.fromkeys(OPTIONS_ARE_LABELS, "literal.options("),
}  # fmt: skip


def calls(names: set[str]) -> list[tuple[str, ast.Call]]:
    """Each call of something of this name, in files that know Streamlit."""
    files = [*(ROOT / "pages").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
    return [
        (path.name, node)
        for path in files
        if "streamlit" in imported(path)
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def of_streamlit(names: set[str]) -> list[tuple[str, ast.Call]]:
    return [(file, call) for file, call in calls(names) if ast.unparse(call.func.value) == "st"]


def is_text(node: ast.expr) -> bool:
    """Whether an expression is a word of ours as it stands in the source, or has gone through `literal`."""
    match node:
        case ast.List():
            return all(map(is_text, node.elts))
        case ast.IfExp():
            return is_text(node.body) and is_text(node.orelse)
        case ast.BinOp():
            return is_text(node.left) and is_text(node.right)
        case ast.JoinedStr():
            return all(is_text(one.value) for one in node.values if isinstance(one, ast.FormattedValue))
        case ast.Call():
            return ast.unparse(node.func) in ("_", "literal.markdown")
        case _:
            return isinstance(node, ast.Constant)


def test_only_parts_draw_sentences_figures_and_tables():
    drawn = of_streamlit(DRAWN_BY_PARTS)
    assert [(file, ast.unparse(call)) for file, call in drawn if file not in PARTS] == []
    assert drawn


def test_whatever_streamlit_reads_as_markdown_is_a_word_of_ours_or_made_literal():
    # Boxes beside each other are called by other names than `st`.
    labels = READ_AS_MARKDOWN - {"title", "index", "info", "error", "warning"}
    read = [
        (file, ast.unparse(one))
        for file, call in [*calls(labels), *of_streamlit(READ_AS_MARKDOWN - labels)]
        if ast.unparse(call.func) != "literal.markdown"
        for one in [*call.args[:1], *(word.value for word in call.keywords if word.arg in ("label", "help", "text"))]
        if not is_text(one)
    ]
    assert [(file, what) for file, what in read if not NO_LABEL.fullmatch(what)] == []


def test_figures_tables_and_options_go_through_the_one_place_for_each():
    for name, through in THROUGH.items():
        for file, call in of_streamlit({name}):
            is_option = name in OPTIONS_ARE_LABELS
            given = [word.value for word in call.keywords if word.arg == "format_func"] if is_option else call.args[:1]
            assert [ast.unparse(one).startswith(through) for one in given] == [True], (file, ast.unparse(call))


def test_a_fragment_goes_through_the_place_where_it_never_stands_in_another():
    named = {
        (path.name, node.lineno)
        for path in [*(ROOT / "pages").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "st.fragment"
    }
    # Once each: `parts.fragment` itself, and what looks by its own clock, directly on its page.
    assert sorted(file for file, _ in named) == ["allocation_run.py", "parts.py", "trouble.py"]
