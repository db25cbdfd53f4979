"""Both languages throughout: no text on a page outside the catalogue, and every text in Chinese too."""

import ast
import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.words import language

ROOT = Path(__file__).resolve().parent.parent.parent
# The command line and what it prints are English, like the documentation they appear in.
COMMAND_LINE = [ROOT / "dashboard" / "__main__.py", *(ROOT / "dashboard" / "reports").glob("*.py")]
SILENT_ROOMS = ("answers", "figures", "metrics")  # what they say, they are told
SHOWN = sorted(
    path
    for folder in ("pages", "dashboard")
    for path in (ROOT / folder).rglob("*.py")
    if path not in COMMAND_LINE and not {*path.parts} & {*SILENT_ROOMS}
)
# Whose arguments people read; and the keyword arguments that are for the machine.
SPEAKING = {"st", "parts"}
NOT_READ = {
    "key", "icon", "type", "gap", "format", "mime", "height", "width", "file_name", "language", "layout",
    "page_icon", "on_click", "on_select", "on_change", "selection_mode", "vertical_alignment",
    "horizontal_alignment", "url_path", "position", "label_visibility", "persist_state", "what",
    "alignment", "unit", "n", "config", "num_rows", "disabled", "scope", "shortcut",
}  # fmt: skip
SILENT = {
    "html", "code", "opened", "keep", "panel_of", "context", "session_state", "cache_data",
    "switch_page", "get", "pop",
}  # fmt: skip
BY_NAME = {"deals_panel", "kpi_row"}  # what people read goes to them by keyword only
CATALOGUE = sorted((language.LOCALES / "zh_CN").glob("*.po"))
WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def calls(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def messages(path: Path) -> list[str]:
    """The messages a module asks the catalogue for."""
    found = []
    for call in calls(path):
        if isinstance(call.func, ast.Name) and call.func.id in ("_", "one_of"):
            assert isinstance(call.args[0], ast.Constant), f"{path.name}:{call.lineno}: not a literal"
            found.append(call.args[0].value)
    return found


def speaks(call: ast.Call) -> bool:
    """Whether this is st.something(…) or parts.something(…), directly or on a part of the page."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr in SILENT:
        return False
    root = call.func.value
    while isinstance(root, ast.Attribute | ast.Call):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    return isinstance(root, ast.Name) and root.id in SPEAKING


def read_by_people(call: ast.Call):
    """The literals among a call's arguments that are not inside a `_()` or another call."""
    by_place = [] if call.func.attr in BY_NAME else call.args
    stack = [*by_place, *(keyword.value for keyword in call.keywords if keyword.arg not in NOT_READ)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call | ast.Subscript | ast.Lambda | ast.Compare):
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):  # a path
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        stack.extend(node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node))


def chinese() -> dict[str, str | tuple]:
    found = []
    for path in CATALOGUE:
        with path.open("rb") as file:
            found += [m for m in read_po(file, locale="zh_CN", abort_invalid=True) if m.id]
    return {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in found}


def test_no_text_stands_outside_the_catalogue():
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for path in SHOWN
        for call in calls(path)
        if speaks(call)
        for node in read_by_people(call)
        if WORD.search(re.sub(r":(gray|red|green|small)\[", "", node.value))
    ]
    assert bare == []


def test_every_message_has_a_chinese_text():
    known = chinese()
    missing = [
        f"{path.relative_to(ROOT)}: {message}"
        for path in SHOWN
        for message in messages(path)
        if not known.get(message) or known[message] == ("",)
    ]
    assert missing == []


def test_the_catalogue_has_no_message_nobody_asks_for():
    used = {message for path in SHOWN for message in messages(path)}
    assert set(chinese()) - used == set()


def test_placeholders_are_the_same_in_both_languages():
    for message, text in chinese().items():
        wanted = set(re.findall(r"{(\w+)}", message))
        for form in [text] if isinstance(text, str) else text:
            assert set(re.findall(r"{(\w+)}", form)) == wanted, message


def test_the_catalogue_names_each_message_once():
    text = "".join(path.read_text(encoding="utf-8") for path in CATALOGUE)
    named = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(named) == sorted(set(named))


def test_a_metric_is_named_and_defined_in_both_languages():
    assert [key for key, definition in DEFINITIONS.items() if not speaks_both(definition)] == []


def speaks_both(definition) -> bool:
    han = re.compile(r"[\u4e00-\u9fff]")
    english = definition.label_en and definition.en.endswith(".") and not han.search(definition.label_en)
    label = definition.label_zh and (han.search(definition.label_zh) or definition.label_zh.isascii())
    return bool(english and label and han.search(definition.zh))


def test_the_browser_chooses_the_first_language(subtests):
    for locale, expected in (
        ("zh-CN", "zh_CN"),
        ("zh-TW", "zh_CN"),
        ("zh", "zh_CN"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        (None, "en"),
    ):
        with subtests.test(locale=locale):
            assert language.of_browser(locale) == expected


def test_an_address_asks_for_a_language_in_its_own_way(subtests):
    asked = {"zh": "zh_CN", "zh-CN": "zh_CN", "zh_cn": "zh_CN", "zh_CN": "zh_CN", "en": "en", "en-GB": "en"}
    for text, expected in {**asked, "fr": None, "english": None, "": None, None: None}.items():
        with subtests.test(asked=text):
            assert language.of_address(text) == expected


def test_a_catalogue_is_compiled_from_its_text():
    assert language.catalogue("zh_CN").gettext("Overview") == "总览"
    assert language.catalogue("en").gettext("Overview") == "Overview"


def test_what_is_made_outside_of_a_session_speaks_the_language_it_is_told():
    stalled = DEFINITIONS["leak_stalled"]
    with language.speaking("zh_CN"):
        assert language.label("leak_stalled") == stalled.label("zh_CN") != stalled.label("en")
    assert language.label("leak_stalled") == stalled.label("en")
