"""What it brings: open deals with opening and value, receipts, and whose the account's purchases are."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import one_account
from dashboard.ask import ask
from dashboard.figures.accounts import one_account as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import words as account_words, years
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def draw(scope: Scope, account_id: str, form: Formats) -> None:
    found = one_account.business(ask, scope, account_id)
    won = one_account.years(ask, scope, account_id)
    left, right = st.columns(2, gap="large")
    with left:
        years.table(won, key="account_years", form=form)
    with right:
        years.projects(won, form)
    _deals(scope, found.deals, form)
    left, right = st.columns(2, gap="large")
    with left:
        _receipts(scope, found.receipts, form)
    with right:
        _wallet(found, form)


def say_open(deals: pd.DataFrame, form: Formats) -> None:
    """What stands above the open deals of an account, be there any or none."""
    parts.heading(_("Which deals are open, and how do they stand?"))
    if deals.empty:
        parts.nothing(_("No deal is open as of this date."))
        return
    parts.say(
        one_of("{n} deal, together {amount}.", "{n} deals, together {amount}.", len(deals)).format(
            n=form.count(len(deals)), amount=form.money(deals["amount"].sum(min_count=1))
        )
    )


def _deals(scope: Scope, deals: pd.DataFrame, form: Formats) -> None:
    say_open(deals, form)
    if deals.empty:
        return
    parts.table(
        deals.assign(
            track=deals["track"].map(parts.track_name),
            opening=account_words.named(deals["opening"], account_words.openings()),
            because=[_because(deal) for deal in deals.itertuples()],
        ),
        {
            **Column.each("deal", "stage", "amount", "expected_close_on"),
            "opening": Column(_("Opening")),
            "because": Column(_("Territory and position")),
            **Column.each("owner", "short_term", "long_term"),
            "track": Column(_("Track")),
        },
        key="account_deals",
        opens=parts.to_deal(deals),
    )
    notes = [_("Values 0–10: means of two and of three answers, empty where one is missing.")]
    if deals["is_territory_counted"].any():
        notes.append(_("* by our share of its purchases in the last three calendar years."))
    if not scope.person.sees_everything:
        notes.append(_("Deals of your regions only."))
    parts.note(" ".join(notes))


def _because(deal) -> str | None:
    """Whose territory it is (starred where its purchases say so), and who leads."""
    territory = account_words.territories().get(deal.territory)
    if territory and deal.is_territory_counted:
        territory += "*"
    told = [word for word in (territory, account_words.positions().get(deal.position)) if word]
    return _(", ").join(told) or None


def _receipts(scope: Scope, receipts, form: Formats) -> None:
    parts.heading(_("What has been received?"))
    if receipts.empty:
        parts.nothing(_("No receipt is known. Import payment."))
        return
    parts.say(
        one_of("{n} receipt, together {amount}.", "{n} receipts, together {amount}.", len(receipts)).format(
            n=form.count(len(receipts)), amount=form.money(receipts["amount"].sum())
        )
    )
    parts.table(
        receipts,
        {
            "received_on": Column(_("Received on"), "date"),
            **Column.each("deal"),
            "amount": Column(_("Amount"), "money"),
        },
        key="account_receipts",
    )
    if not scope.person.sees_everything:
        parts.note(_("Deals of your regions only."))


def _wallet(found, form: Formats) -> None:
    words = {
        "ours": _("from us"),
        "theirs": _("from rivals"),
        "axis": form.money_unit,
        "so_far": _("so far"),
        "nothing": _("What it buys, and from whom, is not known. Import purchase."),
    }
    years = found.by_year
    title = _("Whose purchases are they?")
    if len(years):
        last = years.iloc[-1]
        title = _("In {year} {share} of its purchases came from us").format(
            year=last["year"], share=form.share(last["share"])
        )
    parts.figure(
        figures.wallet(years, words=words, **parts.look()),
        key="account_wallet",
        title=title,
        alt=_("Share of wallet by year: {told}").format(
            told=_(", ").join(f"{row.year} {form.share(row.share)}" for row in years.itertuples())
        ),
        twin=years,
        columns={"year": Column(_("Year"))} | _wallet_columns(words),
    )
    if len(found.by_category):
        parts.table(
            found.by_category,
            {"year": Column(_("Year")), "category": Column(_("Category"))} | _wallet_columns(words),
            key="account_wallet_categories",
        )


def _wallet_columns(words: dict[str, str]) -> dict[str, Column]:
    return {
        "share": Column.of("share_of_wallet"),
        "ours": Column(words["ours"], "money"),
        "theirs": Column(words["theirs"], "money"),
        "rival": Column(_("Largest rival")),
        "rival_amount": Column(_("of which the largest"), "money"),
    }
