"""One language per demo: while they are drawn, names are in both, such as '展会 Trade show'; one half of each stays."""

import re
from typing import Literal, get_args

import pandas as pd

from .names import told_apart

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

# The Chinese half, the English one, and the number behind both: of a namesake, or a year.
_BOTH = re.compile(r"([^\x00-\x7f]+(?: [^\x00-\x7f]+)*) ([A-Za-z].*?)( \d+)?")
_LISTED = ";"  # between several in one cell
# Who has a name to be known by: 徐伟 and 许伟 are both Xu Wei.
_TOLD_APART = {"rep": "name", "account": "name", "support_person": "name"}


def in_one(frames: dict[str, pd.DataFrame], language: Language) -> dict[str, pd.DataFrame]:
    """The same tables with each name in this language alone; texts that are not in two are left as they are."""
    for table, frame in frames.items():
        for column in frame.select_dtypes("str"):
            frame[column] = _column(frame[column], language)
        if table in _TOLD_APART:
            names = frame[_TOLD_APART[table]]
            frame[names.name] = told_apart(names.tolist())
    return frames


def half(text: str, language: Language) -> str:
    """What is in two languages, in this one."""
    return _LISTED.join(_half(each, language) for each in text.split(_LISTED))


def _column(values: pd.Series, language: Language) -> pd.Series:
    """Each different text is looked at once."""
    codes, texts = pd.factorize(values)
    if "".join(texts).isascii():
        return values
    halves = pd.Series([half(text, language) for text in texts], dtype=values.dtype)
    return halves.reindex(codes).set_axis(values.index)


def _half(text: str, language: Language) -> str:
    both = _BOTH.fullmatch(text)
    if both is None:
        return text
    chinese, english, number = both.groups(default="")
    return (chinese if language == "zh" else english) + number
