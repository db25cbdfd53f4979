"""Coverage: who has the account, who fills in, and who is credited for it."""

import streamlit as st

from dashboard.answers.accounts import one_account
from dashboard.ask import ask
from dashboard.frame import parts, wording
from dashboard.frame.parts import Column
from dashboard.sections.accounts.words import role_name
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.scope import Scope


def draw(scope: Scope, account_id: str, form: Formats) -> None:
    account, covered = one_account.facts(ask, scope, account_id), one_account.coverage(ask, scope, account_id)
    left, right = st.columns([3, 2], gap="large")
    with left:
        parts.heading(_("Who has it, and who had it?"))
        _present(account, covered)
        _stretches(covered)
    with right:
        _credit(covered, form)


def _present(account, covered) -> None:
    """Who has it today, in a line."""
    fill_ins = covered.stretches[(covered.stretches["role"] == "fill_in") & covered.stretches["is_now"]]
    said = [
        _("Owner: {who}").format(who=account["owner"] or _("nobody")),
        _("Key-account director: {who}").format(who=account["director"] or _("nobody")),
        _("Fills in: {who}").format(who=_(", ").join(fill_ins["rep"].fillna("–")) or _("nobody")),
    ]
    if account["pool"]:
        said.append({"public": _("in the public pool"), "private": _("in a private pool")}[account["pool"]])
    parts.say(" · ".join(said))


def _stretches(covered) -> None:
    if covered.stretches.empty:
        parts.nothing(_("Who had this account when is not known. Import assignment to see it."))
        return
    rows = covered.stretches
    parts.table(
        rows.assign(
            role=rows["role"].map(role_name),
            rep=rows["rep"].fillna(rows["rep_id"]).fillna(_("public pool")),
            reason=rows["reason"].map(_reasons()).fillna(rows["reason"]),
        ),
        {
            "role": Column(_("Role")),
            "rep": Column(_("Person")),
            "from_on": Column(_("From"), "date"),
            "to_on": Column(_("To"), "date"),
            **Column.each("reason"),
        },
        key="account_coverage",
    )


def _reasons() -> dict[str, str]:
    """Usual reasons in words; any other stands as it was loaded."""
    return {
        "created": _("created"),
        "handover": _("handover"),
        "recycled": _("recycled"),
        "claimed": _("claimed"),
        "owner left": _("owner left"),
    }


def _credit(covered, form: Formats) -> None:
    """What was won in the trailing year, by whom it is credited to, and the line to the company's total."""
    parts.heading(_("Who is credited with what it won us?"))
    if covered.credit.empty:
        parts.nothing(_("No deal of this account was won in the last 12 months."))
        return
    rows, totals = covered.credit, covered.totals
    parts.table(
        rows.assign(
            who=[_("nobody") if rep is None else wording.owner_name(rep) for rep in rows["rep_id"]],
            role=rows["role"].map(role_name),
        ),
        {
            "who": Column(_("Person")),
            "role": Column(_("Credited as")),
            "deals": Column.of("won_count"),
            "amount": Column.of("won_amount"),
        },
        key="account_credit",
    )
    parts.say(
        _("Credited to people {credited} − {twice} counted twice = {company} for the company.").format(
            credited=form.money_exact(totals["credited"]),
            twice=form.money_exact(totals["twice"]),
            company=form.money_exact(totals["company"]),
        )
    )
    parts.note(
        _("Won {start} – {end}, by the owner and the director of the closing day.").format(
            start=form.date(covered.period.start), end=form.date(covered.period.end)
        )
    )
