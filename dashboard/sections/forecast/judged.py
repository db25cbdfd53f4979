"""Which open deals are counted on: each judged in or out of the commit, and what those in it come to."""

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.forecast import judged as answers
from dashboard.answers.forecast.board import Board
from dashboard.answers.forecast.judged import Judged
from dashboard.ask import ask, write
from dashboard.frame import behind, parts, trouble
from dashboard.frame.parts import Column
from dashboard.sections.forecast.commit import problem
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _
from data_access.errors import Refused
from data_access.forecast import judged
from data_access.scope import Scope

_MOST_ROWS = 200  # nobody judges more one by one


def draw(scope: Scope, board: Board, form: Formats) -> None:
    """A row opens what can be said of its deal."""
    found = answers.judged(ask, scope, behind.deals(scope, "open"))
    parts.header(_("Which deals are counted on?"))
    if found.rows.empty:
        parts.nothing(_("No open deal is expected to close in this period."))
        return
    parts.say(_answer(found, board, form))
    shown = found.rows.head(_MOST_ROWS)
    verdicts = {1: _("in"), 0: _("out")}
    shown = shown.assign(verdict=[None if pd.isna(one) else verdicts[int(one)] for one in shown["is_in"]])
    clicked = parts.table(shown, _columns(), key="judged_deals", height=330, clickable=True)
    if len(found.rows) > len(shown):
        parts.note(
            _("The first {n} are shown. A region or an owner chosen at the side has fewer.").format(
                n=form.count(len(shown))
            )
        )
    reason = problem(scope)
    if reason:
        parts.note(reason)
    elif clicked is not None:
        _verdict(scope, shown.iloc[clicked], form)


def _columns() -> dict[str, Column]:
    known, told = parts.deal_columns(), ("deal", "account", "owner", "stage", "amount", "expected_close_on")
    of_deal = {name: known[name] for name in told}
    return {"verdict": Column(_("In the commit?"))} | of_deal | {"judged_by": Column(_("By"))}


def _answer(found: Judged, board: Board, form: Formats) -> str:
    """What those judged in come to, with what is won, against the commit."""
    counts = found.rows["is_in"].value_counts()
    told = {
        "n": form.count(counts.get(1, 0)),
        "amount": form.money(found.counted_on),
        "out": form.count(counts.get(0, 0)),
        "open": form.count(int(found.rows["is_in"].isna().sum())),
    }
    said = _("Judged in: {n}, {amount}; out: {out}; not judged: {open}.").format(**told)
    won, commit = board.whole["won_amount"], board.whole["commit_amount"]
    if found.counted_on is None or is_missing(won):
        return said
    told |= {"sum": form.money(won + found.counted_on), "commit": form.money(commit)}
    if is_missing(commit):
        return said + " " + _("With what is won: {sum}.").format(**told)
    return said + " " + _("With what is won: {sum}, of the {commit} committed.").format(**told)


def _verdict(scope: Scope, deal: pd.Series, form: Formats) -> None:
    with st.container(border=True, key="judge"):
        parts.say(f"{deal['deal']} · {form.money(deal['amount'])}")
        with st.container(horizontal=True):
            for name, text, is_in in (
                ("in", _("Count on it"), True),
                ("out", _("Leave it out"), False),
                ("open", _("Judge it no longer"), None),
            ):
                if st.button(literal.markdown(text), key=f"judge_{name}"):
                    _save(scope, deal["opportunity_id"], is_in)


def _save(scope: Scope, opportunity_id: str, is_in: bool | None) -> None:
    try:
        write(judged.judge, scope, scope.period, opportunity_id, is_in, at=database.now())
    except Refused as refused:
        parts.notice(_("Nothing was saved. {why}").format(why=trouble.in_words(refused)))
    else:
        st.rerun()
