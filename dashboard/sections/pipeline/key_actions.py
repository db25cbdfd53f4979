"""Key actions of the stages: done and not done for the open deals, and whether those who did them won."""

import pandas as pd
import streamlit as st

from dashboard import load
from dashboard.answers.pipeline.key_actions import KeyActions
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, meaning
from data_access.scope import Scope

_MOST_ROWS = 500


@parts.fragment
def draw(scope: Scope) -> None:
    """The key actions of one track."""
    form, found = parts.formats(), load.key_actions(scope)
    if found.of_open.empty and found.rates.empty:
        parts.nothing(_("No key action of a stage is known. Import key_action, and activities that name them."))
        return
    _open(found, form)
    _rates(found.rates, form)


def _open(found: KeyActions, form: Formats) -> None:
    """What is still to be done, and for whom."""
    missing = found.rows[found.rows["done_on"].isna()]
    parts.heading(
        _("{n} of {of} key actions of the open deals' stages are not done yet").format(
            n=form.count(len(missing)), of=form.count(len(found.rows))
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        clicked = parts.table(
            found.of_open,
            {
                "key_action": Column(_("Key action")),
                "stage": Column(_("Stage")),
                "deals": Column(_("Open deals"), "count"),
                "share": Column(_("Done"), "share", n="deals"),
            },
            key="key_actions_open",
            height=330,
            clickable=True,
        )
    if clicked is not None:
        action = found.of_open.iloc[clicked]
        missing = missing[(missing["stage"] == action["stage"]) & (missing["key_action"] == action["key_action"])]
    with right:
        parts.table(
            missing.head(_MOST_ROWS),
            {
                "deal": Column(_("Deal")),
                "key_action": Column(_("Not done")),
                "amount": Column(_("Amount"), "money"),
                "owner": Column(_("Owner")),
            },
            key="key_actions_missing",
            height=330,
        )
    parts.note(_("Not done: the largest deals first. A click on an action shows its deals alone."))


def _rates(rates: pd.DataFrame, form: Formats) -> None:
    """Does doing them go with winning?"""
    known = rates[rates["difference"].notna()]
    better = int((known["difference"] > 0).sum())
    parts.heading(
        _("Deals that had a key action done won more often for {n} of {of} actions").format(
            n=form.count(better), of=form.count(len(known))
        )
    )
    parts.table(
        rates,
        {
            "stage": Column(_("Stage")),
            "key_action": Column(_("Key action")),
            "done_rate": Column(_("Win rate, done"), "share", n="done"),
            "done": Column(_("n, done"), "count"),
            "not_done_rate": Column(_("Win rate, not done"), "share", n="not_done"),
            "not_done": Column(_("n, not done"), "count"),
        },
        key="key_actions_rates",
        height=330,
    )
    parts.note(
        meaning("key_action_win_rate")
        + " "
        + _("Which causes which the data cannot say: slow deals have more time for every action.")
    )
