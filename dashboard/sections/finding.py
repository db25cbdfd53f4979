"""Find anything: pages, numbers, reps, accounts and deals by a part of their name, in the drawer."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import streamlit as st

from dashboard.ask import ask
from dashboard.frame import bar, drawer, parts, scripts
from dashboard.frame.bar import SEARCH
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.definitions.reports import reported_as
from dashboard.sections.definitions import DEFINITION, pages_of
from dashboard.words import language, literal
from dashboard.words.language import _
from data_access import search
from data_access.database.limits import LONGEST_NAME
from data_access.scope import Scope

_TEXT = "search_text"
_LEFT = "search_left"  # the text whose hit was opened, until the search is drawn again
_MOST = 8  # of a kind


class _Named(NamedTuple):
    """A page, or a number with the page that shows it, by its names in all languages."""

    names: tuple[str, ...]
    page: "st.Page"
    meaning: str = ""
    open: str = ""  # there


def offer(scope: Scope, pages: Callable[[], dict[str, list]]) -> None:
    """The search, if it is open; `pages` makes those of the product, in the language of now."""
    if drawer.at(SEARCH) is not None:
        drawer.offer(_("Find anything"), parts.drawn_alone(lambda: _draw(scope.everything, pages)))


def _draw(scope: Scope, pages: Callable[[], dict[str, list]]) -> None:
    if _LEFT in st.session_state:  # what a browser says of a field that it has just lost is not relied on
        st.session_state[_TEXT] = st.session_state.pop(_LEFT)
    text = st.text_input(
        _("A part of a name, or a key"),
        type="search",
        live=True,
        key=_TEXT,
        persist_state="session",
        max_chars=LONGEST_NAME,
        placeholder=_("Deals, accounts, reps, pages, numbers"),
    ).strip()
    parts.run(scripts.SEARCH)
    with st.container(key="search_hits", gap="xsmall"):
        _hits(scope, text, _pages(pages))
        parts.answers_to(text)


def _hits(scope: Scope, text: str, pages: list[_Named]) -> None:
    if not text:
        return
    is_any = _links(_("Pages"), _with(text, pages))
    is_any |= _links(_("Numbers"), _with(text, _numbers(pages)))
    for kind, title in (
        (drawer.REP, _("Reps")),
        (drawer.ACCOUNT, _("Accounts")),
        (drawer.DEAL, _("Deals")),
    ):
        found = ask(search.hits, scope, kind, text, _MOST + 1)
        is_any |= not found.empty
        if not found.empty:
            _group(title, len(found))
        for hit in found.head(_MOST).itertuples(index=False):
            _record(kind, hit.key, hit.name, hit.beside, text)
    if not is_any:
        parts.nothing(_("Nothing that you may see has this in its name."))


def _record(kind: str, key: str, name: str, beside: str | None, text: str) -> None:
    """A hit of this text, which opens its record with the way back to it."""
    # Deals of one name and account are told apart by their key.
    told = " · ".join(filter(None, (name, beside, key if kind == "deal" else None)))
    st.button(
        literal.markdown(told), key=f"search_{kind}_{key}", type="tertiary", on_click=_into, args=(kind, key, text)
    )


def _into(kind: str, key: str, text: str) -> None:
    st.session_state[_LEFT] = text
    drawer.into(kind, key)


def _links(title: str, found: Sequence[_Named]) -> bool:
    """Pages and numbers; whether there are any."""
    if found:
        _group(title, len(found))
    for one in found[:_MOST]:
        page, name = one.page, one.names[0]
        st.page_link(
            page,
            label=literal.markdown(f"{name} · {page.title}" if one.meaning else name),
            help=literal.markdown(one.meaning) if one.meaning else None,
            query_params=bar.address_of(page.url_path or "overview") | ({drawer.OPEN: one.open} if one.open else {}),
        )
    return bool(found)


def _group(title: str, n: int) -> None:
    more = _("{title}: the first {n}, and there are more").format(title=title, n=_MOST)
    parts.note(title if n <= _MOST else more)


def _with(text: str, named: Iterable[_Named]) -> list[_Named]:
    """Those with every word of the text in a name, what begins with it first."""
    words = search.fold(text).split()

    def rank(one: _Named) -> tuple:
        return not any(search.fold(name).startswith(words[0]) for name in one.names), len(one.names[0]), one.names[0]

    hit = [one for one in named if any(all(word in search.fold(name) for word in words) for name in one.names)]
    return sorted(hit, key=rank)


def _pages(pages: Callable[[], dict[str, list]]) -> list[_Named]:
    here = [page for under in pages().values() for page in under]
    names: list[list[str]] = [[page.title] for page in here]
    for spoken in language.LANGUAGES:
        with language.speaking(spoken):
            for those, page in zip(names, [page for under in pages().values() for page in under], strict=True):
                those.append(page.title)
    return [_Named(tuple(those), page) for those, page in zip(names, here, strict=True)]


def _numbers(pages: list[_Named]) -> Iterable[_Named]:
    by_path = {one.page.url_path or "overview": one.page for one in pages}
    for key, definition in DEFINITIONS.items():
        names = (language.label(key), definition.label_en, definition.label_zh)
        if reported_as(key):
            yield _Named(names, by_path[pages_of(key)[0]], language.meaning(key))
        else:  # which page shows it is not known for certain, what it counts is
            yield _Named(names, by_path["definitions"], language.meaning(key), f"{DEFINITION}:{key}")
