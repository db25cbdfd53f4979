"""The lines of business beside the deals: a line each of the Overview, into the page that says more."""

from pathlib import Path

import streamlit as st

from dashboard.answers.overview import lines
from dashboard.answers.support import resources
from dashboard.ask import answer_of
from dashboard.frame import parts, sidebar
from dashboard.sections.overview.summary import Numbers
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_PAGES = Path(__file__).resolve().parent.parent.parent.parent / "pages"


def draw(scope: Scope, form: Formats) -> None:
    """Key accounts and support, a line each."""
    parts.heading(_("How do the other lines of business stand?"))
    _line("key_accounts", _("Key accounts"), key_accounts(answer_of(lines.key_accounts, scope), form))
    _line("support", _("Support resources"), support(answer_of(resources.in_use, scope), form))


def _line(page: str, name: str, told: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"line_{page}"):
        st.page_link(
            _PAGES / f"{page}.py",
            label=literal.markdown(name),
            query_params=sidebar.address_of(page),
            width="content",
        )
        parts.say(told)


def key_accounts(values: Numbers, form: Formats) -> str:
    """What they brought, how close we are, and what of their needs we cannot meet; and how much of it is known."""
    if values["key_account_count"] is None:
        return _("No account is scored yet.")
    told = [one_of("{n} key account", "{n} key accounts", values["key_account_count"])]
    if values["key_won_share"] is None:
        told.append(_("their share of what was won is not known"))
    else:
        told.append(_("{share} of what was won ({amount})"))
    if values["key_closeness"] is None:
        told.append(_("closeness not known for any"))
    elif values["key_closeness_change"] is None:
        told.append(_("closeness {closeness} of 10 (known for {known})"))
    else:
        told.append(_("closeness {closeness} of 10, {change} in 90 days (known for {known})"))
    if values["key_needs_gap"] is None:
        told.append(_("no needs assessed"))
    else:
        told.append(_("needs gap {gap} (of {needing})"))
    return _("; ").join(told).format(
        n=form.count(values["key_account_count"]),
        share=form.share(values["key_won_share"]),
        amount=form.money(values["key_won_amount"]),
        closeness=form.number(values["key_closeness"]),
        change=form.number(values["key_closeness_change"], signed=True),
        known=form.count(values["key_closeness_count"]),
        gap=form.money(values["key_needs_gap"]),
        needing=form.count(values["key_needs_count"]),
    ) + _(".")


def support(values: Numbers, form: Formats) -> str:
    """How much of its hours are booked, and whether what is asked for comes in time."""
    used, met = values["utilisation"], values["met_in_time_share"]
    told = []
    if used is not None:
        told.append(_("Support is booked to {share} of its hours").format(share=form.share(used)))
    if met is not None:
        n = values["needed_requests"]
        told.append(
            one_of("{share} of {n} request met in time", "{share} of {n} requests met in time", n).format(
                share=form.share(met, n), n=form.count(n)
            )
        )
    return _("; ").join(told) + _(".") if told else _("Nothing is known about support in this period.")
