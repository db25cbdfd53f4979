"""Which language the person reads, and the texts in it. English is the source; the catalogue is
a folder of .po files, one per subject.

    from dashboard.words.language import _
    st.caption(_("{count} deals").format(count=formats.count(n)))

A literal inside `_()` is a message; a test sees to it that each has a Chinese text.
"""

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.metrics.definitions import DEFINITIONS

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}  # each in its own words: readable to who needs it
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
KEY = "lang"  # of the switch in the bar, and in the URL


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The texts of a language, compiled in memory from its .po files. English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    together = Catalog(locale=language)
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                together[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, together)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def of_browser(locale: str | None) -> str:
    """The language for a browser's locale ("zh-CN", "en-GB", …). All Chinese reads the one we have."""
    return "zh_CN" if (locale or "").lower().startswith("zh") else "en"


def of_address(asked: str | None) -> str | None:
    """The language an address asks for, by our name or as browsers say it ("zh", "zh-CN", "en-GB"); None: no known."""
    tongue = re.split("[-_]", (asked or "").lower())[0]
    return next((name for name in LANGUAGES if name.partition("_")[0] == tongue), None)


def current() -> str:
    """The language of this session; English outside of one (command line, tests of pure parts)."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    return st.session_state.get(KEY) or of_browser(st.context.locale)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """All texts in this language meanwhile: of a file, say, that is made when it is asked for, in no session."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(message: str) -> str:
    """The message in the session's language."""
    return catalogue(current()).gettext(message)


def one_of(singular: str, plural: str, n: int) -> str:
    """The message in the session's language, in the form that goes with n, any kind of integer."""
    return catalogue(current()).ngettext(singular, plural, int(n))


def label(key: str) -> str:
    """The name of a metric in the session's language; a key without definition is a mistake of ours."""
    return DEFINITIONS[key].label(current())


def meaning(key: str) -> str:
    """What a metric counts, in the session's language."""
    return DEFINITIONS[key].meaning(current())
