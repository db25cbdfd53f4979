"""Names are text: what a surface would read as its own is written so that it is shown as it was typed.

One function per surface: `markdown` (all of Streamlit's labels, headings, sentences and hints), `html`, `plain`
(options of a select box), `terminal`, `line` and `chat` (of what is sent). Figures have theirs in `figures/marks.py`,
tables in `parts.table`, files that a spreadsheet opens in `data_access/spreadsheet.py`. JSON holds names as they are.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any

# Characters that turn the direction of what follows them, the rest of our own sentence included.
DIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DIRECTIONAL = re.compile(f"[{DIRECTIONAL}]")
# Takes no room and breaks no line; between two characters it keeps them from being read as one sign.
JOINER = "\u2060"

_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKS = re.compile(r"[\\`*_\[\]<~$#|:&]")
# What begins a list, a quotation or an underlined heading, at the beginning only.
_BEGINNING = re.compile(r"^(?:[-+>=]|\d+[.)])")
# Read in the finished text, after escapes are gone: bare addresses, icons, arrows. No escape keeps them away.
_SIGNS = re.compile(
    r"(?i:https?:(?=//)|www(?=\.))"
    r"|(?<=[-.\w+])@(?=[-\w])"
    r"|:(?=material[/_]|streamlit:)"
    r"|(?<![^\s\ufeff])(?=(?:<->|->|<-|--|>=|<=|~=)(?:[\s\ufeff]|$))."
)
_IN_CHAT = str.maketrans("<>[]`*_~#&@", "＜＞［］＇＊＿～＃＆＠")
_UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{DIRECTIONAL}]")


def markdown(text: str) -> str:
    """For everything Streamlit reads as Markdown, which is every label, too. One line."""
    text = _SIGNS.sub(lambda sign: sign.group() + JOINER, plain(_BREAKS.sub(" ", text)).strip())
    text = _MARKS.sub(r"\\\g<0>", text)
    return _BEGINNING.sub(lambda found: found.group()[:-1] + "\\" + found.group()[-1], text)


def options(name_of: Callable[[Any], str] = str) -> Callable[[Any], str]:
    """For `format_func` of segments, pills and radio buttons, whose options are labels."""
    return lambda option: markdown(name_of(option))


def choices(name_of: Callable[[Any], str] = str) -> Callable[[Any], str]:
    """For `format_func` of select boxes, which show their options as they are."""
    return lambda option: plain(name_of(option))


def html(text: str) -> str:
    """Between the tags of our own HTML, and within quotation marks there."""
    return escape(plain(text))


def plain(text: str) -> str:
    """Where all text is shown as it is: without what would turn the direction of its neighbours."""
    return text if text.isascii() else _DIRECTIONAL.sub("", text)


def line(text: str) -> str:
    """One line of a plain text that is sent."""
    return _BREAKS.sub(" ", plain(text)).strip()


def chat(text: str) -> str:
    """One line of a message in a chat, whatever marks its maker reads: without what makes a link, calls somebody, or
    ends a mark of ours. Robots have no escape in common."""
    text = _SIGNS.sub(lambda sign: sign.group() + JOINER, line(text))
    return text.translate(_IN_CHAT)


def terminal(text: str) -> str:
    """One line for a terminal: what would steer it (or turn the direction) is written out, as \\x1b."""
    return _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode(), text)
