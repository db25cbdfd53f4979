"""Open deals that have cost more than they can still be expected to return, with the sum behind each."""

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities import stop_loss
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

TAB = "stop"
"""Where it stands on the page Opportunities."""
_MOST_ROWS = 200
_PAGES = Path(__file__).resolve().parent.parent.parent.parent / "pages"


def way() -> None:
    """The line that leads here from another page."""
    st.page_link(
        _PAGES / "opportunities.py",
        label=_("Stop-loss: deals that have cost more than they can return"),
        query_params=bar.address_of("opportunities") | {"tab": TAB},
    )


@parts.fragment
def draw(scope: Scope) -> None:
    """The candidates, furthest above first; a row opens its sum in words."""
    form = parts.formats()
    judged, left_out = stop_loss.candidates(ask, scope), answer_of(stop_loss.left_out, scope)
    parts.heading(_("Which open deals have cost more than they can still return?"))
    if judged.empty:
        parts.nothing(
            _("No open deal can be judged: it takes its cost (activity_cost, hourly_cost), margin and probability.")
        )
        return
    found = judged[judged["is_candidate"]].reset_index(drop=True)
    parts.say(
        one_of(
            "{n} of {all} open deals has cost more ({cost}) than margin × probability ({expected}).",
            "{n} of {all} open deals have cost more ({cost}) than margin × probability ({expected}).",
            len(found),
        ).format(
            n=form.count(len(found)),
            all=form.count(len(judged)),
            cost=form.money(found["cost"].sum()),
            expected=form.money(found["expected_margin"].sum()),
        )
    )
    if len(found):
        row = parts.table(
            found.head(_MOST_ROWS),
            {
                **Column.each("deal", "owner"),
                "cost": Column.of("cost_of_sale"),
                **Column.each("expected_margin", "support_hours", "activities"),
                "probability": Column(_("Probability"), "share"),
                **Column.each("region"),
            },
            key="stop_loss",
            clickable=True,
        )
        if row is not None:
            _sum_behind(found.iloc[row], form)
        parts.download(found, key="stop_loss")
    parts.note(_left_out(left_out, form))


def _sum_behind(deal: pd.Series, form: Formats) -> None:
    with st.container(border=True, key="stop_loss_sum"):
        parts.say(
            _(
                "{deal}: {hours} support hours cost {support}, {n} activities {activity}: together {cost}. A margin of "
                "{margin} × {probability} leaves {expected} to expect: {over} less than was spent."
            ).format(
                deal=deal["deal"],
                hours=form.number(deal["support_hours"]),
                support=form.money_exact(deal["support_cost"]),
                n=form.count(deal["activities"]),
                activity=form.money_exact(deal["activity_cost"]),
                cost=form.money_exact(deal["cost"]),
                margin=form.money_exact(deal["gross_margin"]),
                probability=form.share(deal["probability"]),
                expected=form.money_exact(deal["expected_margin"]),
                over=form.money_exact(deal["cost"] - deal["expected_margin"]),
            )
        )


def _left_out(left_out: dict[str, int], form: Formats) -> str:
    if not left_out["deals"]:
        return _("Every open deal could be judged.")
    return _(
        "{n} open deals are not judged: {cost} with a cost nobody knows, {margin} without a margin, "
        "{probability} without a probability."
    ).format(
        n=form.count(left_out["deals"]),
        cost=form.count(left_out["without_cost"]),
        margin=form.count(left_out["without_margin"]),
        probability=form.count(left_out["without_probability"]),
    )
