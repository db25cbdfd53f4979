"""The words that were decided on: none of those they replaced comes back, and no face names a method."""

import ast
import re

import pytest

from dashboard.metrics.definitions import DEFINITIONS
from tests.words.test_language import SHOWN, chinese

REPLACED = {  # what was said before: what is said instead
    "研判": "商机评估",
    "结案": "关单",
    "在跟": "在途商机, 跟进中",
    "静音": "样本不足",
    "统计日": "截至日期",
    "赛道": "项目类型",
    "业务线": "项目类型",
    "快车道": "快单",
    "管道": "销售流程",
    "回头客": "老客户复购",
    "首次导入": "系统",
    "谁与谁": "抢单各方",
    "What else there is": "Other numbers",
    "Muted": "Too few cases",
    "For how long": "Days",
    "Whose (": "Owner",
    "Judge a deal": "Score a deal",
    "Off what was won": "Error",
    "Off by": "Error",
    "so many weeks before": "Forecast made n weeks before",
    "dearest": "Highest cost",
    "Subsistence": "Building",
    "Comfortable": "Steady",
    "Affluent": "Leading",
    "first import": "the system",
}
MOST_WORDS, MOST_SIGNS = 14, 28  # of a clause, in English and in Chinese
CLAUSE = re.compile(r"[.:;!?](?:\s|$)|\n|[，。；：！？、（）]")
METHOD = re.compile("Kaplan|Wilson|Spearman|Benjamini|standard deviation|censored|标准差|删失", re.IGNORECASE)


def written() -> list[str]:
    """All that the catalogue and the definitions say, in both languages."""
    texts = []
    for message, translated in chinese().items():
        texts += [message, *([translated] if isinstance(translated, str) else translated)]
    for definition in DEFINITIONS.values():
        texts += [definition.label_en, definition.label_zh, definition.en, definition.zh]
    return texts


@pytest.fixture(scope="module")
def texts():
    return written()


@pytest.mark.parametrize("word", REPLACED)
def test_a_word_that_was_replaced_does_not_come_back(texts, word):
    found = [text for text in texts if re.search(rf"\b{re.escape(word)}" if word.isascii() else word, text, re.I)]
    assert found == [], f"say {REPLACED[word]}"


def on_the_face(tree: ast.AST, is_help: bool = False):
    """The calls of a module outside of what stands behind a help sign, or is there for screen readers alone."""
    for child in ast.iter_child_nodes(tree):
        behind = is_help or (isinstance(child, ast.keyword) and child.arg in ("help", "alt"))
        if isinstance(child, ast.Call) and not behind:
            yield child
        yield from on_the_face(child, behind)


def written_on(tree: ast.AST) -> list[str]:
    """The messages of a module's face, in both languages."""
    known, texts = chinese(), []
    for call in on_the_face(tree):
        if ast.unparse(call.func) in ("_", "one_of") and isinstance(call.args[0], ast.Constant):
            said, translated = call.args[0].value, known[call.args[0].value]
            plural = [one.value for one in call.args[1:2] if isinstance(one, ast.Constant)]
            texts += [said, *plural, *([translated] if isinstance(translated, str) else translated)]
    return texts


def said_on(path) -> list[str]:
    """The texts of a module's face: its messages, and the meanings it writes out, in both languages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = written_on(tree)
    for call in on_the_face(tree):
        name = ast.unparse(call.func)
        if name in ("meaning", "label") and isinstance(call.args[0], ast.Constant):
            definition = DEFINITIONS[call.args[0].value]
            texts += [definition.en, definition.zh] if name == "meaning" else [definition.label_en, definition.label_zh]
    return texts


def test_no_face_names_a_method():
    found = [(path.name, text) for path in SHOWN for text in said_on(path) if METHOD.search(text)]
    found += [
        (key, text)
        for key, definition in DEFINITIONS.items()
        for text in (definition.label_en, definition.label_zh)
        if METHOD.search(text)
    ]
    assert found == []


def too_long(text: str) -> list[str]:
    """The clauses of a text that take a second look; what fills a gap in it counts as one word."""
    return [
        clause
        for clause in CLAUSE.split(text)
        if len(re.findall(r"\S*\w\S*", clause)) > MOST_WORDS or len(re.findall("[\u4e00-\u9fff]", clause)) > MOST_SIGNS
    ]


def test_no_sentence_on_a_face_takes_a_second_look():
    found = {}
    for path in SHOWN:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {text: clauses for text in written_on(tree) if (clauses := too_long(text))}
    assert found == {}


@pytest.mark.parametrize(
    "text, found",
    [
        ("one two three four five six seven eight nine ten eleven twelve thirteen {n}", 0),
        ("one two three four five six seven eight nine ten eleven twelve thirteen {n} more", 1),
        ("one two three four five six seven; eight nine ten eleven: twelve thirteen {n} more", 0),
        ("甲" * 28 + "，" + "乙" * 28, 0),
        ("甲" * 29, 1),
    ],
)
def test_a_long_clause_is_found(text, found):
    assert len(too_long(text)) == found


def test_what_stands_behind_a_help_sign_is_left_out_of_the_face():
    tree = ast.parse('note(_("face")); table(Column(_("face"), help=_("method") + meaning("also")))')
    assert [ast.unparse(call) for call in on_the_face(tree) if ast.unparse(call.func) == "_"] == ["_('face')"] * 2
