"""Open deals that have cost more than they can still be expected to return, with the sum behind each."""

import streamlit as st

from dashboard import load, parts
from dashboard.formats import Formats
from dashboard.language import _, label, meaning
from dashboard.parts import Column
from data_access.scope import Scope


@st.fragment
def draw(scope: Scope) -> None:
    """The candidates of the scope, those furthest above first."""
    form, judged = parts.formats(), load.stop_loss_candidates(scope)
    rows = judged[judged["is_candidate"]]
    if judged.empty:
        parts.nothing(
            _("No open deal has both a cost and an expected margin. Import activity_cost, bookings and gross margins.")
        )
        return
    over = rows["cost"].sum() - rows["expected_margin"].sum()
    st.markdown(
        "**"
        + _("{n} of {of} open deals have cost more than they can still be expected to return, by {over}").format(
            n=form.count(len(rows)), of=form.count(len(judged)), over=form.money(over)
        )
        + "**"
    )
    parts.table(
        rows,
        {
            "deal": Column(_("Deal")),
            "owner": Column(_("Owner")),
            "cost": Column(label("cost_of_sale"), "money"),
            "expected_margin": Column(label("expected_margin"), "money"),
            "support_hours": Column(_("Support hours"), "number"),
            "support_cost": Column(_("of them cost"), "money"),
            "activities": Column(_("Activities"), "count"),
            "activity_cost": Column(_("of these cost"), "money"),
            "gross_margin": Column(_("Gross margin"), "money"),
            "probability": Column(_("Probability"), "share"),
        },
        key="stop_loss",
    )
    parts.note(_left_out(load.stop_loss_left_out(scope), form))


def _left_out(missing: dict[str, int], form: Formats) -> str:
    text = meaning("stop_loss")
    if missing["deals"]:
        text += " " + _("Not judged: {n}.").format(n=form.count(missing["deals"]))
    return text
