"""In place of every page, for whoever is nobody known: the way to sign in, or whom to ask."""

import streamlit as st

from dashboard.frame import parts
from dashboard.server import sign_in
from dashboard.words.language import _


def draw(nobody: sign_in.Nobody) -> None:
    """Nothing of the data: not the organisation's name, either."""
    parts.headline(_("Sales cockpit"))
    if nobody.name:
        parts.notice(
            _("You are signed in as {name}, and nothing is open to you here.").format(name=nobody.name)
            + " "
            + _("Sign in again, or ask whoever runs this cockpit.")
        )
    else:
        parts.say(_("Sign in to see your numbers."))
    if sign_in.mode() == "oidc":
        st.button(_("Sign in"), key="sign_in", type="primary", on_click=st.login)
    else:
        parts.note(_("The proxy in front of this cockpit did not say who you are."))
