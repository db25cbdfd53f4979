"""The record of one rep, in the drawer: where they stand, what is open, and what needs them."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import one_rep
from dashboard.ask import answer_of
from dashboard.frame import behind, parts
from dashboard.frame.parts import Column
from dashboard.metrics.pipeline import risk
from dashboard.sections.pipeline import open_deals
from dashboard.sections.reps import rep_choice
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST = 50


def draw(rep: pd.Series, scope: Scope, form: Formats) -> None:
    own = one_rep.of_rep(scope, rep["rep_id"])
    parts.note(rep_choice.in_words(rep, scope, form))
    parts.say(stands(answer_of(one_rep.target, own, rep["rep_id"]), form))
    with st.container(horizontal=True):
        rep_choice.link(rep["rep_id"], rep["rep"])
    _deals(own, form)
    _silent(own, rep["rep_id"], form)


def stands(found: dict, form: Formats) -> str:
    """Attainment and gap of the running quarter."""
    won, target = found["won_amount"], found["target_amount"]
    if is_missing(target) or not target:
        return _("Won {won} this quarter; no target is set for it.").format(won=form.money(won))
    if is_missing(won):
        return _("What was won this quarter has no amount; the target is {target}.").format(target=form.money(target))
    told = _("{attainment} of the quarter's target of {target} is won ({won}).").format(
        attainment=form.share(found["attainment"]), target=form.money(target), won=form.money(won)
    )
    gap = target - won
    return told + " " + (_("Gap: {gap}.").format(gap=form.money(gap)) if gap > 0 else _("No gap is left."))


def _deals(own: Scope, form: Formats) -> None:
    deals = risk.signs(behind.deals(own, "open"), own.as_of)
    parts.heading(_("Which open deals need them?"))
    if deals.empty:
        parts.nothing(_("No deal is open as of this date."))
        return
    signs = {sign: name for sign, name in open_deals.signs_of_risk().items() if deals[sign].any()}
    n, needing = len(deals), int((deals["signs"] > 0).sum())
    parts.say(
        one_of(
            "{n} open deal, {amount}; {needing} with a sign of risk, the largest first.",
            "{n} open deals, {amount}; {needing} with a sign of risk, the largest first.",
            n,
        ).format(n=form.count(n), amount=form.money(deals["amount"].sum(min_count=1)), needing=form.count(needing))
    )
    shown = deals.assign(why=open_deals.why(deals, signs)).head(_MOST)
    columns = {
        **Column.each("deal", "amount", "stage", "account", "expected_close_on"),
        "why": Column(_("At risk because")),
    }
    parts.table(shown, columns, key="rep_record_deals", height=320, opens=parts.to_deal(shown))


def _silent(own: Scope, rep_id: str, form: Formats) -> None:
    found = answer_of(one_rep.owned_accounts, own, rep_id)
    silent = found[found["is_silent"].eq(True).fillna(False).astype(bool)].reset_index(drop=True)
    if silent.empty:
        return
    parts.heading(
        one_of(
            "{silent} of {n} account silent for more than {days} days",
            "{silent} of {n} accounts silent for more than {days} days",
            len(found),
        ).format(silent=form.count(len(silent)), n=form.count(len(found)), days=one_rep.SILENT_AFTER)
    )
    shown = silent.head(_MOST)
    columns = {
        **Column.each("account"),
        "last_on": Column(_("Last two-way contact"), "date"),
        "silent_days": Column.of("silence_days"),
    }
    parts.table(shown, columns, key="rep_record_silent", height=260, opens=parts.to_account(shown))
