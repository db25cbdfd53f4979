"""The lines of business beside the deals: a line each of the Overview, into what says more."""

from pathlib import Path

import streamlit as st

from dashboard.answers.overview import collection as money, lines
from dashboard.answers.support import resources
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, drawer, parts
from dashboard.frame.parts import Column
from dashboard.sections.overview.summary import Numbers
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_COLLECTION = "collection"
_PAGES = Path(__file__).resolve().parent.parent.parent.parent / "pages"


def draw(scope: Scope, form: Formats) -> None:
    """Key accounts, support and collection, a line each; behind the last the invoices that are overdue."""
    with st.container(gap="xxsmall", key="lines"):
        _line("key_accounts", _("Key accounts"), key_accounts(answer_of(lines.key_accounts, scope), form))
        _line("support", _("Support resources"), support(answer_of(resources.in_use, scope), form))
        _collection(scope, form)


def _line(page: str, name: str, told: str) -> None:
    with _row(page):
        st.page_link(
            _PAGES / f"{page}.py",
            label=literal.markdown(name),
            query_params=bar.address_of(page),
            width="content",
        )
        parts.say(told)


def _row(name: str):
    return st.container(horizontal=True, vertical_alignment="center", key=f"line_{name}")


def _collection(scope: Scope, form: Formats) -> None:
    """Its page is the list of what is overdue, in the drawer."""
    values = answer_of(money.collection, scope)
    with _row(_COLLECTION):
        st.button(
            _("Collection"),
            type="tertiary",
            disabled=not values["overdue_count"],
            key="collection_show",
            on_click=drawer.open_,
            args=(_COLLECTION,),
        )
        parts.say(collection(values, form))
    if drawer.at(_COLLECTION) is not None and values["overdue_count"]:
        late = money.overdue(ask, scope)
        told = one_of("{n} invoice, {amount} unpaid.", "{n} invoices, {amount} unpaid.", len(late))
        parts.rows_panel(
            late,
            overdue_columns(),
            key=_COLLECTION,
            what="invoices",
            title=_("Overdue invoices, the longest first"),
            told=told.format(n=form.count(len(late)), amount=form.money_exact(values["overdue_amount"])),
            adds_up=round(late["unpaid"].sum(), 2) == values["overdue_amount"] and len(late) == values["overdue_count"],
            none=_("Nothing is overdue."),
            opens=parts.to_deal(late),
        )


def overdue_columns() -> dict[str, Column]:
    return {
        **Column.each("deal", "account"),
        "unpaid": Column(_("Unpaid"), "money"),
        "days_overdue": Column(_("Days overdue"), "count"),
        **Column.each("due_on"),
        "amount": Column(_("Invoiced"), "money"),
        **Column.each("owner", "region"),
        "opportunity_id": Column(_("Key")),
    }


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


def collection(values: Numbers, form: Formats) -> str:
    """What was received of what was won, and what is late."""
    if values["received_amount"] is None and values["overdue_amount"] is None:
        return _("No receipt is known. Import payment.")
    told = []
    if values["collected_share"] is not None:
        told.append(_("{share} of what was won is received ({amount})"))
    elif values["received_amount"] is not None:
        told.append(_("no amount was won to collect"))
    if values["overdue_amount"] is None:
        told.append(_("what is overdue is not known without invoice"))
    elif values["overdue_count"]:
        told.append(one_of("{late} overdue in {n} invoice", "{late} overdue in {n} invoices", values["overdue_count"]))
    else:
        told.append(_("nothing is overdue"))
    return _("; ").join(told).format(
        share=form.share(values["collected_share"]),
        amount=form.money(values["received_amount"]),
        late=form.money(values["overdue_amount"]),
        n=form.count(values["overdue_count"]),
    ) + _(".")
