"""Pages without a browser: one opened at an address, and what is written on it."""

import ast
import re
from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.frame.parts import MOST_COLUMNS
from dashboard.sections.opportunities import scoring

ROOT = Path(__file__).resolve().parent.parent
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
PATIENCE = 600  # seconds; the first run on a cold cache asks every question, on a busy machine for minutes
HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_WORD = re.compile(r"[A-Za-z]{3,}")

# Streamlit looks through every installed package for components at each opening: a third of what a warm page costs.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def tabs_of(page: str) -> list[str]:
    """The tabs of a page, read off its script; none where it has none."""
    for node in ast.walk(ast.parse((ROOT / "pages" / page).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "tabs.chosen":
            names = {"scoring.TAB": scoring.TAB}
            keys = [ast.unparse(key) for key in node.args[0].keys if key is not None]  # type: ignore[attr-defined]
            return [names.get(key) or ast.literal_eval(key) for key in keys]
    return []


def opened(page: str = "overview.py", language: str = "en", *, popover: str | None = None, **parameters) -> AppTest:
    """A page after its first run, in a browser of that language, at that URL; with what a popover holds, by its key."""
    app = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=PATIENCE)
    app.context = {"locale": LOCALES[language]}
    for key, value in parameters.items():
        app.query_params[key] = value
    if popover is not None:
        app.session_state[popover] = True
    if page != "overview.py":
        app.switch_page(f"../pages/{page}")
    app.run()
    assert [error.message for error in app.exception] == []
    return app


def in_sight(table) -> list[str]:
    """The columns of a table that a person sees without asking for more."""
    return list(table.proto.column_order) or list(table.value.columns)


def too_wide(app: AppTest) -> list[list[str]]:
    """The tables of a page with more columns in sight than one looks over."""
    return [in_sight(table) for table in app.dataframe if len(in_sight(table)) > MOST_COLUMNS]


def behind(app: AppTest):
    """The table in the drawer."""
    [drawer] = app.get("dialog")
    return drawer.dataframe[0]


def closed(app: AppTest) -> AppTest:
    """The page once its drawer is closed, which only a browser has keys for."""
    app.session_state["open"] = None
    return app.run()


def words(app: AppTest) -> list[str]:
    """Everything written on the page, labels included."""
    written = [*app.title, *app.markdown, *app.caption, *app.warning, *app.error, *app.info]
    labelled = [*app.selectbox, *app.multiselect, *app.date_input, *app.button, *app.expander, *app.tabs]
    return [element.value for element in written] + [element.label for element in labelled]


def said(app: AppTest) -> str:
    """All of it, and what a success says, as it is read."""
    return "\n".join(words(app) + [done.value for done in app.success]).replace("\\", "")
