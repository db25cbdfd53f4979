"""Which digests and alerts somebody wants by mail, in the drawer: their own alone."""

import streamlit as st

from dashboard.ask import ask, write
from dashboard.frame import drawer, parts, trouble
from dashboard.sections import alerts
from dashboard.server import sign_in
from dashboard.words import language, literal
from dashboard.words.language import _
from data_access.errors import NotAllowed, Refused
from data_access.people import digests
from data_access.scope import Scope


def offer(scope: Scope) -> None:
    """The wishes, if they are open."""
    if drawer.at(drawer.DIGEST) is not None:
        drawer.offer(_("Digests and alerts by mail"), parts.drawn_alone(lambda: _draw(scope.everything)))


def cadences() -> dict[str, str]:
    return {
        "daily": _("Every day"),
        "weekly": _("Every week"),
        "monthly": _("Every month"),
        "quarterly": _("Every quarter"),
    }


def _draw(scope: Scope) -> None:
    parts.say(_("The numbers of a day, week, month or quarter once it is over. With them comes what is to do next."))
    address = sign_in.address()
    if address is None:
        parts.nothing(_("Nobody signs in here, so nobody has an address. The command subscribe has digests sent."))
        return
    parts.note(_("They go to {address}. They hold what you may see, no more.").format(address=address))
    wanted = ask(digests.own, scope, address)
    names = cadences()
    chosen = st.multiselect(
        _("How often"),
        list(names),
        default=list(wanted),
        format_func=literal.choices(names.__getitem__),
        key="digest_cadences",
        placeholder=_("Never"),
    )
    spoken = st.selectbox(
        _("Language"),
        list(language.LANGUAGES),
        index=list(language.LANGUAGES).index(next(iter(wanted.values()), language.current())),
        format_func=literal.choices(language.LANGUAGES.__getitem__),
        key="digest_language",
    )
    if st.button(_("Save"), key="digest_save", type="primary"):
        _save(scope, address, dict.fromkeys(chosen, spoken))
    alerts.draw(scope, address)


def _save(scope: Scope, address: str, wishes: dict[str, str]) -> None:
    try:
        write(digests.wish, scope, address, wishes)
    except Refused as refused:
        parts.problem(
            _("You are not on file by this address. Ask who runs this.")
            if isinstance(refused, NotAllowed)
            else trouble.in_words(refused)
        )
        return
    parts.done(_("Saved. The next one comes when its period is over."))
