"""Key actions of the stages: done and not done for the open deals, and whether those who did them won."""

import pandas as pd
import streamlit as st

from dashboard.answers.pipeline import key_actions
from dashboard.answers.pipeline.key_actions import KeyActions
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, meaning, one_of
from data_access.scope import Scope

_MOST_ROWS = 500


@parts.fragment
def draw(scope: Scope) -> None:
    """The key actions of one track."""
    form, found = parts.formats(), answer_of(key_actions.key_actions_of, scope)
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
                **Column.each("key_action", "stage"),
                "deals": Column.of("open_count"),
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
                **Column.each("deal"),
                "key_action": Column(_("Not done")),
                **Column.each("amount", "owner"),
            },
            key="key_actions_missing",
            height=330,
            opens=parts.to_deal(missing),
        )
    parts.note(_("Not done: the largest deals first. A click on an action shows its deals alone."))


def _rates(rates: pd.DataFrame, form: Formats) -> None:
    """Does doing them go with winning?"""
    parts.heading(_answer(rates, form))
    points = {name: rates[name].map(form.points) for name in ("difference", "low", "high")}
    parts.table(
        rates.assign(finding_name=rates["finding"].map(_finding_names()), **points),
        {
            **Column.each("stage", "key_action"),
            "finding_name": Column(_("Won, with it done")),
            "difference": Column(_("Difference"), "written"),
            "done_rate": Column(_("Win rate, done"), "share", n="done", help=meaning("key_action_win_rate")),
            "not_done_rate": Column(_("Win rate, not done"), "share", n="not_done"),
            "done": Column(_("n, done"), "count"),
            "not_done": Column(_("n, not done"), "count"),
            "low": Column(_("80 % from"), "written"),
            "high": Column(_("80 % to"), "written"),
        },
        key="key_actions_rates",
        height=330,
    )
    parts.note(_("Which causes which the data cannot say."))


def _answer(rates: pd.DataFrame, form: Formats) -> str:
    """The findings, or that there are none, in a sentence."""
    helps, hurts = (list(rates.loc[rates["finding"] == way, "key_action"]) for way in ("helps", "hurts"))
    told = [
        way.format(actions=_(", ").join(actions))
        for way, actions in (
            (_("Deals with it done won more often: {actions}"), helps),
            (_("Deals with it done won less often: {actions}"), hurts),
        )
        if actions
    ]
    if told:
        return _("; ").join(told)
    compared = int((rates["finding"] == "none").sum())
    if not compared:
        return _("Too few deals to say whether a key action goes with winning")
    return one_of(
        "Done or not: no difference in winning shown, for {n} key action compared",
        "Done or not: no difference in winning shown, for {n} key actions compared",
        compared,
    ).format(n=form.count(compared))


def _finding_names() -> dict[str, str]:
    return {
        "helps": _("more often"),
        "hurts": _("less often"),
        "none": _("no difference shown"),
        "too_few": _("too few"),
    }
