"""The files of a page: made of what its run has drawn when somebody asks for one, and given to nobody else."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from dashboard import database
from dashboard.frame import drawer, held, parts, scripts, taking, wording
from dashboard.server import sign_in
from dashboard.sharing import pdf as paper, workbook as sheets
from dashboard.sharing.shared import Shared
from dashboard.words import language
from dashboard.words.language import _
from data_access.scope import Scope

_DOWN = ":material/download:"
_WHOLE, _DRAWN = 120, 5  # seconds that a file waits for its page to be drawn, and for its browser's pictures


def files(page: held.Page, scope: Scope) -> None:
    """A button for each file of the page, and beside a missing one how it is had."""
    name = f"{urlsplit(st.context.url or '').path.strip('/') or 'overview'}-{scope.as_of.isoformat()}"
    with language.speaking(language.current()):
        of_this = _of(page, scope)
        with st.container(horizontal=True):
            excel = of_this(sheets.workbook)
            taking.button(_("Excel of this page"), excel, f"{name}.xlsx", key="share_excel", icon=_DOWN)
            if paper.is_possible():
                on_paper = of_this(paper.pdf, with_pictures=True)
                taking.button(_("PDF of this page"), on_paper, f"{name}.pdf", key="share_pdf", icon=_DOWN)
        if not paper.is_possible():
            parts.note(
                _("A PDF takes a package on the server: {command}").format(command=f'pip install "{paper.TYPST}"')
            )


def listen(page: held.Page) -> None:
    """Lets the browser send its figures along with who asks for the page on paper."""
    with st.container(key="share_pictures"):
        parts.run(scripts.PICTURES, told=page.key)


def _of(page: held.Page, scope: Scope) -> Callable[..., Callable[[], bytes]]:
    """From a writer to what makes its file of the page later, in no session, as this person reads it now."""
    spoken, form, may = language.current(), parts.formats(), sign_in.later(scope.person)
    about = _about(scope)

    def of(write: Callable[[Shared], bytes], with_pictures: bool = False) -> Callable[[], bytes]:
        def made() -> bytes:
            page.is_whole.wait(_WHOLE)
            if with_pictures and any(isinstance(part, held.Figure) for part in page.parts()):
                page.has_sent.wait(_DRAWN)
            with language.speaking(spoken):
                shared = Shared(page.parts(), about, form, page.taken() if with_pictures else {})
                return write(shared if may() else shared.instead(_("Who looks at this page has changed.")))

        return made

    return of


def _about(scope: Scope) -> list[tuple[str, str]]:
    """Who looks at what, and of which data; what is printed on every sheet of paper first."""
    form, shown = parts.formats(), database.state()
    told = [
        (_("Person"), " · ".join(filter(None, (scope.person.name, wording.role_name(scope.person.role))))),
        *wording.in_lines(scope, form),
    ]
    if shown.loaded is not None:
        loaded = shown.there(shown.loaded)
        told.append((_("Data loaded on"), f"{form.date(loaded.date())} {loaded:%H:%M}"))
    return [*told, (_("Version of the facts"), shown.facts), (_("Address"), drawer.address())]
