"""Accounts that several work on, accounts that nobody looks after, and how accounts were handed on."""

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.answers import profiles
from dashboard.answers.accounts import contested as contests, orphaned as orphans
from dashboard.answers.attention.limits import KIND
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, parts
from dashboard.frame.parts import Column
from dashboard.frame.wording import owner_name, region_name
from dashboard.metrics.attention.rules import DEFAULTS
from dashboard.metrics.leads import outcomes as metrics
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

TAB = "slipping"
"""Where it stands on the page Key accounts."""
_MOST_ROWS = 500
_PAGES = Path(__file__).resolve().parent.parent.parent.parent / "pages"


def _days(scope: Scope, threshold: str, form: Formats) -> str:
    """So many days, in words, as the rules of Attention have it."""
    return form.days(profiles.held(ask, scope, KIND, DEFAULTS).values[threshold])


def draw(scope: Scope, form: Formats) -> None:
    """How many slip; then who is orphaned, contested and was handed over."""
    if told := slipping(answer_of(orphans.accounts, scope), answer_of(contests.accounts, scope), form):
        parts.say(told)
    orphaned(scope, form)
    contested(scope, form)
    handovers(scope, form)


def way() -> None:
    """The line that leads here from another page."""
    st.page_link(
        _PAGES / "key_accounts.py",
        label=_("Contested and orphaned accounts, handovers"),
        query_params=bar.address_of("key_accounts") | {"tab": TAB},
    )


def slipping(orphaned: pd.DataFrame, contested: pd.DataFrame, form: Formats) -> str:
    """How many accounts nobody looks after or several work on; empty where there is none."""
    told = []
    if len(orphaned):
        text = one_of(
            "{n} account is orphaned with {amount} at risk",
            "{n} accounts are orphaned with {amount} at risk",
            len(orphaned),
        ).format(n=form.count(len(orphaned)), amount=form.money(orphaned["value_at_risk"].sum(min_count=1)))
        unknown = int(orphaned["value_at_risk"].isna().sum())
        if unknown:
            text += _(" (without {n} whose value is not known)").format(n=form.count(unknown))
        told.append(text)
    if len(contested):
        told.append(
            one_of("{n} is contested", "{n} are contested", len(contested)).format(n=form.count(len(contested)))
        )
    return _("; ").join(told) + _(".") if told else ""


def contested(scope: Scope, form: Formats) -> None:
    """Who works on the same account: a row per account, and for the one clicked a row per party."""
    rows = answer_of(contests.accounts, scope)
    parts.heading(label("contested"))
    if rows.empty:
        parts.nothing(_("No account is worked on by several regions at once."))
        return
    rows = rows.head(_MOST_ROWS)
    shown = rows.assign(
        place=rows["region_id"].map(region_name, na_action=None),
        parties=[_(" against ").join(map(region_name, regions)) for regions in rows["region_ids"]],
    )
    clicked = parts.table(
        shown,
        {
            **Column.each("account"),
            "parties": Column(_("Who with whom")),
            "value_at_risk": Column.of("at_stake"),
            "deals": Column.of("open_count"),
            **Column.each("activities"),
            "days": Column(_("Contested for"), "days"),
            **Column.each("owner"),
            "place": Column(_("Region")),
        },
        key="leads_contested",
        height=300,
        clickable=True,
        opens=parts.to_account(shown),
    )
    if clicked is not None:
        _parties(scope, rows.iloc[clicked], form)
    parts.note(
        one_of(
            "{n} of them is between units, the others between regions of one unit. {meaning}",
            "{n} of them are between units, the others between regions of one unit. {meaning}",
            int((rows["units"] > 1).sum()),
        ).format(n=form.count(int((rows["units"] > 1).sum())), meaning=meaning("contested"))
    )


def _parties(scope: Scope, account: pd.Series, form: Formats) -> None:
    found = answer_of(contests.parties, scope)
    own = found[found["account_id"] == account["account_id"]]
    days = {name: [_day(day) for day in own[name]] for name in ("first_day", "last_day")}
    parts.table(
        own.assign(
            place=own["region_id"].map(region_name),
            unit=own["unit_id"].map(region_name),
            people=[_(", ").join(map(owner_name, reps)) for reps in own["rep_ids"]],
            **days,
        ),
        {
            "place": Column(_("Region")),
            "unit": Column(_("Unit")),
            "people": Column(_("People")),
            "deals": Column.of("open_count"),
            "activities": Column(_("Activities, {days}").format(days=_days(scope, "contested_days", form)), "count"),
            "first_day": Column(_("Since"), "date"),
            "last_day": Column(_("Last activity"), "date"),
        },
        key="leads_parties",
    )


def _day(ordinal: int) -> pd.Timestamp:
    return pd.NaT if pd.isna(ordinal) else pd.Timestamp.fromordinal(int(ordinal))


def _reasons(scope: Scope, form: Formats) -> dict[str, str]:
    return {
        "left": _("owner left"),
        "moved": _("owner moved"),
        "missing": _("no owner"),
        "silent": _("silent for {days}").format(days=_days(scope, "orphaned_days", form)),
    }


def orphaned(scope: Scope, form: Formats) -> None:
    """The accounts nobody looks after, the most at risk first."""
    rows = answer_of(orphans.accounts, scope)
    parts.heading(label("orphaned"))
    if rows.empty:
        parts.nothing(
            _("Every account with open deals or recent revenue is looked after.")
            if answer_of(orphans.can_be_known, scope)
            else _("No owner and no activity was imported, so nobody knows who looks after what. Import assignment.")
        )
        return
    shown, names = rows.head(_MOST_ROWS), _reasons(scope, form)
    shown = shown.assign(
        place=shown["region_id"].map(region_name, na_action=None),
        why=[_(", ").join(map(names.__getitem__, reasons)) for reasons in shown["reasons"]],
    )
    parts.table(
        shown,
        {
            **Column.each("account"),
            "why": Column(_("Why")),
            "value_at_risk": Column.of("at_stake"),
            "days": Column(_("Orphaned for"), "days"),
            "silent_days": Column(_("Silent for"), "days"),
            "open_deals": Column.of("open_count"),
            **Column.each("owner"),
            "place": Column(_("Region")),
        },
        key="leads_orphaned",
        height=300,
        opens=parts.to_account(shown),
    )
    told = [_("Together {amount} at risk.").format(amount=form.money_exact(rows["value_at_risk"].sum()))]
    unknown = int(rows["value_at_risk"].isna().sum())
    if unknown:
        told.append(_("Of {n} the value is not known.").format(n=form.count(unknown)))
    parts.note(" ".join([*told, meaning("orphaned"), meaning("at_stake")]))


def handovers(scope: Scope, form: Formats) -> None:
    """Who gave which account to whom in the period, and when the next owner first got in touch."""
    rows = answer_of(orphans.handovers, scope)
    parts.heading(_("Who handed over to whom, and when did the next owner get in touch?"))
    if rows.empty:
        parts.nothing(_("No account went from one person to another in this period."))
        return
    contacted = rows["days_to_first"].notna()
    parts.table(
        rows.head(_MOST_ROWS).assign(place=rows["region_id"].map(region_name, na_action=None)),
        {
            **Column.each("account"),
            "from_rep": Column(_("From")),
            "to_rep": Column(_("To")),
            "handed_on": Column(_("On"), "date"),
            "days_without_owner": Column(_("Without an owner"), "days"),
            "first_contact_on": Column(_("First activity"), "date"),
            "days_to_first": Column(_("Until the first activity"), "days"),
            "place": Column(_("Region")),
        },
        key="leads_handovers",
        height=300,
    )
    if not contacted.any():
        parts.note(_("No next owner has been in touch yet."))
        return
    middle = metrics.median(rows.loc[contacted, "days_to_first"], contacted[contacted].astype(int))
    parts.note(
        one_of(
            "{n} handover; in {contacted} the next owner has been in touch, after {days}.",
            "{n} handovers; in {contacted} the next owner has been in touch, after {days} at the median.",
            len(rows),
        ).format(n=form.count(len(rows)), contacted=form.count(int(contacted.sum())), days=form.days(middle))
    )
