"""The record of one account, in the drawer: whose it is, what it brought, what is open, what is wrong."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts.record import Record
from dashboard.frame import drawer, parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import business, choice, words, years
from dashboard.sections.pipeline import open_deals
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of


def draw(found: Record, form: Formats) -> None:
    account = found.facts
    parts.say(_whose(account))
    for told in wrong(found, form):
        parts.say(told)
    parts.say(_last(found, form))
    with st.container(horizontal=True):
        if not is_missing(account["owner_id"]):
            parts.to_record(drawer.REP, account["owner_id"], _("Owner: {who}").format(who=account["owner"]))
        choice.link(account["account_id"], account["account"])
    years.table(found.years, key="account_record_years", form=form)
    _deals(found.deals, form)


def _whose(account: pd.Series) -> str:
    told = [
        account["region"],
        account["industry"],
        account["customer_class"],
        _("Owner: {who}").format(who=account["owner"] or _("nobody")),
        _("Key-account director: {who}").format(who=account["director"] or _("nobody")),
    ]
    return " · ".join(part for part in told if not is_missing(part))


def wrong(found: Record, form: Formats) -> list[str]:
    """What is wrong with it, a sentence each, as far as the data show."""
    told = []
    if is_missing(found.facts["owner_id"]):
        told.append(_("Nobody owns it."))
    elif not is_missing(found.facts["owner_left_on"]):
        told.append(_("Its owner left on {day}.").format(day=form.date(found.facts["owner_left_on"])))
    if found.is_silent:
        told.append(
            _("It has never answered us.")
            if found.silence is None
            else _("No two-way contact for {days}.").format(days=form.days(found.silence))
        )
    deals = found.deals
    for sign, name in open_deals.signs_of_risk().items():
        if n := int(deals[sign].sum()):
            told.append(
                one_of("{n} open deal is {sign}.", "{n} open deals are {sign}.", n).format(n=form.count(n), sign=name)
            )
    if len(found.late):
        told.append(
            one_of("{n} invoice is overdue: {amount}.", "{n} invoices are overdue: {amount}.", len(found.late)).format(
                n=form.count(len(found.late)), amount=form.money(found.late["unpaid"].sum())
            )
        )
    if not told:
        return [_("Nothing is wrong with it, as far as the data show.")]
    return [_("What is wrong: {what}").format(what=" ".join(told))]


def _last(found: Record, form: Formats) -> str:
    if found.last is None:
        return _("No activity with it is known.")
    kind = words.activity_kinds().get(found.last["kind"], found.last["kind"])
    who = found.last["rep"]
    told = [kind, form.date(found.last["completed_on"]), None if is_missing(who) else who]
    text = _("Last contact: {what}.").format(what=" · ".join(part for part in told if part))
    if found.silence is not None:
        text += " " + _("Last two-way: {days} ago.").format(days=form.days(found.silence))
    return text


def _deals(deals: pd.DataFrame, form: Formats) -> None:
    business.say_open(deals, form)
    if deals.empty:
        return
    signs = open_deals.signs_of_risk()
    shown = deals.assign(why=open_deals.why(deals, signs))
    columns = {**Column.each("deal", "amount", "stage", "owner", "expected_close_on"), "why": Column(_("Signs"))}
    parts.table(shown, columns, key="account_record_deals", height=320, opens=parts.to_deal(shown))
