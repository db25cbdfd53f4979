"""The leads behind a mark, in a panel: their number, and whether it equals the mark's."""

from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.language import _, label, one_of
from data_access.leads import outcomes as lead_answers
from data_access.scope import Scope


def panel(scope: Scope, key: str) -> None:
    """The panel of whatever leads are open under this key, if any."""
    mark = parts.opened(key)
    if mark is None:
        return
    leads, form = ask(lead_answers.lead_list, scope, mark.what, **mark.narrower), parts.formats()
    outcomes = {"open": _("open"), "won": _("won"), "lost": _("lost"), "removed": _("removed")}
    parts.rows_panel(
        leads.assign(outcome=leads["outcome"].map(outcomes)),
        _columns(),
        key=key,
        what="behind",
        title=_("Leads behind: {mark}").format(mark=mark.title),
        told=one_of("{n} lead", "{n} leads", len(leads)).format(n=form.count(len(leads))),
        adds_up=mark.count is None or len(leads) == mark.count,
        none=_("No leads here."),
    )


def _columns() -> dict[str, Column]:
    return {
        "lead_id": Column(_("Lead")),
        **Column.each("source", "account", "owner", "created_on"),
        "outcome": Column(_("Outcome")),
        **Column.each("deal"),
        "campaign": Column(_("Campaign")),
        **Column.each("region"),
        "qualified_on": Column(label("mql"), "date"),
        "accepted_on": Column(label("sql"), "date"),
        "converted_on": Column(label("converted"), "date"),
        "disqualified_on": Column(_("Disqualified"), "date"),
        "age_days": Column(_("Age"), "days"),
    }
