"""The leads behind a mark, in a panel: their number, and whether it equals the mark's."""

import streamlit as st

from dashboard import load
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

_MOST_ROWS = 2_000


def panel(scope: Scope, key: str) -> None:
    """The panel of whatever leads are open under this key, if any."""
    mark = parts.opened(key)
    if mark is None:
        return
    leads, form = load.lead_list(scope, mark.what, **mark.narrower), parts.formats()
    with st.container(border=True, key=f"{key}_behind"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            parts.say(_("Leads behind: {mark}").format(mark=mark.title))
            st.button(_("Close"), key=f"{key}_close", type="tertiary", on_click=parts.close, args=(key,))
        parts.say(one_of("{n} lead", "{n} leads", len(leads)).format(n=form.count(len(leads))))
        if mark.count is not None and len(leads) != mark.count:
            parts.notice(_("These rows do not add up to the mark. Please report this."))
        if leads.empty:
            parts.nothing(_("No leads here."))
            return
        outcomes = {"open": _("open"), "won": _("won"), "lost": _("lost")}
        shown = leads.head(_MOST_ROWS).assign(outcome=leads["outcome"].map(outcomes))
        parts.table(shown, _columns(), key=f"{key}_rows", height=330)
        if len(leads) > _MOST_ROWS:
            parts.note(_("The first {n} are shown; the file has all.").format(n=form.count(_MOST_ROWS)))
        parts.download(leads, key=key)


def _columns() -> dict[str, Column]:
    return {
        "lead_id": Column(_("Lead")),
        "source": Column(_("Source")),
        "campaign": Column(_("Campaign")),
        "account": Column(_("Account")),
        "owner": Column(_("Owner")),
        "region": Column(_("Region")),
        "created_on": Column(_("Created on"), "date"),
        "qualified_on": Column(label("mql"), "date"),
        "accepted_on": Column(label("sql"), "date"),
        "converted_on": Column(label("converted"), "date"),
        "disqualified_on": Column(_("Disqualified"), "date"),
        "deal": Column(_("Deal")),
        "outcome": Column(_("Outcome")),
        "age_days": Column(_("Age"), "days"),
    }
