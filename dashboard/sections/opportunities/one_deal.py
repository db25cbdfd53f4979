"""The record of one deal, in the drawer: where it stands, how it came there, what is to be done, what it has cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities import one_deal as answers
from dashboard.answers.opportunities.one_deal import Deal
from dashboard.answers.pipeline import deals as lists
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, drawer, parts
from dashboard.frame.parts import Column
from dashboard.frame.wording import support_kind_name
from dashboard.sections.accounts import choice, words as account_words
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.errors import Refused
from data_access.scope import Scope

_OPPORTUNITIES_PAGE = "../pages/opportunities.py"  # as seen from main.py
_LATELY = timedelta(days=7)


def offer(scope: Scope) -> None:
    """The deal whose record is open, if the person may see it."""
    key = drawer.at(drawer.DEAL)
    if not key:
        return
    form = parts.formats()
    norms = answer_of(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
    try:
        deal = answers.deal(ask, scope, key, norms)
    except Refused:
        parts.offer(key, lambda: _nothing(_("There is no deal {deal} that you may see.").format(deal=key)), key="deal")
        return
    if deal is None:
        parts.offer(key, lambda: _nothing(_("Deal {deal} was not there yet.").format(deal=key)), key="deal")
        return
    parts.offer(deal.facts["deal"], lambda: _draw(deal, scope, form), key="deal")


def _nothing(text: str) -> None:
    drawer.way_back()
    parts.nothing(text)


def _draw(deal: Deal, scope: Scope, form: Formats) -> None:
    drawer.way_back()
    parts.say(_told(deal.facts, form))
    parts.say(_lately(deal, scope, form))
    if deal.open is not None:
        parts.say(_next(deal.open, form))
    _ways(deal.facts, deal.open is not None)
    _stays(deal.stays)
    if len(deal.key_actions):
        _key_actions(deal.key_actions, form)
    _changes(deal.changes)
    _support(deal, form)


def _told(facts: pd.Series, form: Formats) -> str:
    """Whose it is, how large, and where it stands."""
    said = [facts["account"], facts["owner"], facts["region"], facts["stage"], _money(facts["amount"], facts, form)]
    if facts["outcome"] == "open" and not is_missing(facts["expected_close_on"]):
        said.append(_("expected to close on {day}").format(day=form.date(facts["expected_close_on"])))
    if not is_missing(facts["closed_on"]):
        said.append(_("closed on {day}").format(day=form.date(facts["closed_on"])))
    return " · ".join(part for part in said if not is_missing(part))


def _money(amount: float, facts: pd.Series, form: Formats) -> str:
    """In the deal's own currency: a history at changing rates would show changes that nobody made."""
    if is_missing(facts["currency"]) or facts["currency"] == form.currency:
        return form.money(amount)
    return f"{facts['currency']} {form.number(amount, 0)}"


def _lately(deal: Deal, scope: Scope, form: Formats) -> str:
    recent = deal.changes[deal.changes["from_on"] > pd.Timestamp(scope.as_of - _LATELY)]
    told = [part for change in recent.to_dict("records") for part in _changed(change, deal.facts, form)]
    if not told:
        return _("Nothing changed in the last 7 days.")
    return _("Changed in the last 7 days: {changes}.").format(changes=_("; ").join(told))


def _changed(change: dict, facts: pd.Series, form: Formats) -> list[str]:
    """What one change changed, each from what to what."""
    written: dict[str, tuple[str, Callable[[Any], str]]] = {
        "stage": (_("stage"), str),
        "amount": (_("amount"), lambda amount: _money(amount, facts, form)),
        "expected_close_on": (_("expected close"), form.date),
        "owner": (_("owner"), str),
    }
    told = []
    for column, (name, write) in written.items():
        was, now = (None if is_missing(one) else one for one in (change[f"{column}_before"], change[column]))
        if was != now:
            shown = [_("none") if one is None else write(one) for one in (was, now)]
            told.append(_("{what} {before} → {after}").format(what=name, before=shown[0], after=shown[1]))
    return told


def _next(row: pd.Series, form: Formats) -> str:
    """The step planned next, and how long it has been where it is against the norm."""
    told = []
    if is_missing(row["next_step_on"]):
        told.append(_("No next step is planned."))
    else:
        kind = account_words.activity_kinds().get(row["next_step_kind"], row["next_step_kind"])
        told.append(_("Next step: {kind} on {day}.").format(kind=kind, day=form.date(row["next_step_on"])))
    if row["pushes"]:
        told.append(
            one_of(
                "Its expected close was pushed {n} time.", "Its expected close was pushed {n} times.", row["pushes"]
            ).format(n=form.count(row["pushes"]))
        )
    return " ".join(told)


def _ways(facts: pd.Series, is_open: bool) -> None:
    with st.container(horizontal=True):
        if not is_missing(facts["account_id"]):
            choice.link(facts["account_id"], facts["account"])
        if is_open:
            st.page_link(
                _OPPORTUNITIES_PAGE,
                label=literal.markdown(_("Score this deal")),
                query_params=bar.address_of("opportunities") | {"deal": facts["opportunity_id"]},
            )


def _stays(stays: pd.DataFrame) -> None:
    parts.heading(_("How long was it in each stage?"))
    if stays.empty:
        parts.nothing(_("Its history is not known."))
        return
    late = stays["days"].astype("Float64") > stays["norm_days"]
    shown = stays.assign(
        verdict=late.fillna(False).map({True: _("longer than the norm"), False: None}),
        days=stays["days"].where((stays["outcome"] == "open").astype(bool)),
    )
    columns = {
        **Column.each("stage"),
        "entered_on": Column(_("Entered"), "date"),
        "left_on": Column(_("Left"), "date"),
        "days": Column(_("In it"), "days"),
        "norm_days": Column(_("Norm"), "days"),
        "verdict": Column(_("Against the norm")),
    }
    parts.table(shown, columns, key="deal_stays", height="content")


def _key_actions(actions: pd.DataFrame, form: Formats) -> None:
    done = int(actions["done_on"].notna().sum())
    parts.heading(
        _("Key actions of its stage: {n} of {of} done").format(n=form.count(done), of=form.count(len(actions)))
    )
    parts.table(actions, Column.each("key_action", "done_on"), key="deal_actions", height="content")


def _changes(changes: pd.DataFrame) -> None:
    parts.heading(_("What changed since it was created?"))
    if changes.empty:
        parts.nothing(_("Neither stage, amount, expected close nor owner has changed."))
        return
    columns = {
        "from_on": Column(_("On"), "date"),
        **Column.each("stage"),
        "amount": Column(_("Amount"), "number"),
        **Column.each("expected_close_on", "owner"),
    }
    parts.table(changes, columns, key="deal_changes", height=330)


def _support(deal: Deal, form: Formats) -> None:
    cost, requests = deal.cost, deal.requests
    if cost is not None:
        parts.heading(_("What has it cost so far?"))
        parts.say(
            _("{hours} support hours and {n} activities cost {cost}; margin × probability leaves {expected}.").format(
                hours=form.number(cost["support_hours"]),
                n=form.count(cost["activities"]),
                cost=form.money_exact(cost["cost"]),
                expected=form.money_exact(cost["expected_margin"]),
            )
        )
    if len(requests):
        parts.heading(_("What support is asked for?"))
        columns = {
            **Column.each("kind", "hours"),
            "booked_hours": Column(_("Booked for it"), "number"),
            **Column.each("needed_by", "days_overdue"),
        }
        parts.table(
            requests.assign(kind=requests["kind"].map(support_kind_name)),
            columns,
            key="deal_requests",
            height="content",
        )
