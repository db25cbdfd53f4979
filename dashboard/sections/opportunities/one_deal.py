"""The record of one deal, in the drawer: where it stands, how it came there, what is to be done, what it has cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities.one_deal import Deal
from dashboard.frame import bar, drawer, parts
from dashboard.frame.parts import Column
from dashboard.frame.wording import support_kind_name
from dashboard.metrics.opportunities import one_deal as metrics
from dashboard.sections.accounts import words as account_words
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_OPPORTUNITIES_PAGE = "../pages/opportunities.py"  # as seen from main.py
_LATELY = timedelta(days=7)
_MOST_PRODUCTS = 5


def draw(deal: Deal, scope: Scope, form: Formats) -> None:
    parts.say(_told(deal.facts, form))
    parts.say(_lately(deal, scope, form))
    if deal.open is not None:
        parts.say(_next(deal.open, form))
    _ways(deal.facts, deal.open is not None)
    _worth(deal, form)
    _stays(deal.stays)
    if len(deal.key_actions):
        _key_actions(deal.key_actions, form)
    _people(deal.people, form)
    _support(deal, form)
    _alike(deal, scope, form)
    _fit(deal, scope)
    _changes(deal.changes)


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
            name = facts["account_id"] if is_missing(facts["account"]) else facts["account"]
            parts.to_record(drawer.ACCOUNT, facts["account_id"], _("Account: {account}").format(account=name))
        if not is_missing(facts["owner_id"]):
            parts.to_record(drawer.REP, facts["owner_id"], _("Owner: {who}").format(who=facts["owner"]))
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
    norm = stays["norm_days"]
    is_longer, is_together = ((stays[name] > norm).fillna(False).astype(bool) for name in ("days", "days_there"))
    told = pd.Series(None, index=stays.index, dtype=object)
    told = told.mask(is_together, _("with earlier stays longer than the norm"))
    shown = stays.assign(
        verdict=told.mask(is_longer, _("longer than the norm")),
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


def _people(people: pd.DataFrame, form: Formats) -> None:
    parts.heading(_("Who is in touch, and who answers?"))
    if people.empty:
        parts.nothing(_("No completed activity about it names a contact."))
        return
    levels = [
        _("{level}: {two_way} of {n}").format(
            level=account_words.level_name(row.seniority), two_way=form.count(row.two_way), n=form.count(row.people)
        )
        for row in metrics.by_seniority(people).itertuples()
    ]
    parts.say(_("Two-way by level (5 is the highest): {levels}.").format(levels=_("; ").join(levels)))
    columns = {
        "name": Column(_("Contact")),
        "title": Column(_("Title")),
        "seniority": Column(_("Level"), "count"),
        **Column.each("activities"),
        "two_way": Column(_("Two-way"), "count"),
        "last_two_way_on": Column(_("Last two-way contact"), "date"),
    }
    parts.table(people, columns, key="deal_people", height=260)


def _worth(deal: Deal, form: Formats) -> None:
    """Its opening and value, in a line each."""
    opened, value = deal.opened, deal.value
    names = {
        "territory": account_words.territories(),
        "position": account_words.positions(),
        "opening": account_words.openings(),
    }
    told = [known[opened[name]] for name, known in names.items() if not is_missing(opened[name])]
    parts.say(_("Opening: {what}.").format(what=_(", ").join(told) or _("not known")))
    if not is_missing(opened["what_changed"]):
        parts.say(_("What changed: {text}").format(text=opened["what_changed"]))
    parts.say(
        _("Value: short-term {soon}, long-term {later}.").format(
            soon=account_words.out_of_ten(value["short_term"], form),
            later=account_words.out_of_ten(value["long_term"], form),
        )
    )


def _support(deal: Deal, form: Formats) -> None:
    spent, requests = deal.spent, deal.requests
    parts.heading(_("What support was asked for, booked and paid so far?"))
    parts.say(
        _("{asked} hours asked for, {booked} booked so far, {ahead} still ahead.").format(
            asked=form.number(requests["hours"].sum()),
            booked=form.number(spent["support_hours"]),
            ahead=form.number(spent["ahead_hours"]),
        )
    )
    cost = _("Cost so far {cost}: support {support}, activities {done} (n = {n}).").format(
        cost=form.money_exact(spent["cost"]),
        support=form.money_exact(spent["support_cost"]),
        n=form.count(spent["activities"]),
        done=form.money_exact(spent["activity_cost"]),
    )
    if spent["without_cost"]:
        cost += " " + _("Of {n} bookings and activities the cost is not known.").format(
            n=form.count(spent["without_cost"])
        )
    parts.say(cost)
    if deal.open is not None:
        parts.say(_stop_loss(deal.cost, form))
    if len(requests):
        columns = {
            **Column.each("kind"),
            "requested_on": Column(_("Asked for on"), "date"),
            **Column.each("needed_by", "hours"),
            "booked_hours": Column(_("Booked for it"), "number"),
            "decided": Column(_("Decision")),
        }
        decisions = {"granted": _("granted"), "declined": _("declined"), "withdrawn": _("withdrawn")}
        shown = requests.assign(
            kind=requests["kind"].map(support_kind_name),
            decided=requests["decision"].map(decisions).fillna(requests["decision"]).fillna(_("open")),
        )
        parts.table(shown, columns, key="deal_requests", height=220)


def _stop_loss(cost: pd.Series | None, form: Formats) -> str:
    """The sum that says whether it still pays."""
    if cost is None:
        return _("Stop-loss cannot be judged: a cost, the margin or a probability is not known.")
    text = _("Stop-loss: it can still bring {expected} ({margin} margin × {probability}), it has cost {cost}.").format(
        expected=form.money_exact(cost["expected_margin"]),
        margin=form.money_exact(cost["gross_margin"]),
        probability=form.share(cost["probability"]),
        cost=form.money_exact(cost["cost"]),
    )
    return text + " " + (_("Leave it, or say why not.") if cost["is_candidate"] else _("It still pays."))


def _alike(deal: Deal, scope: Scope, form: Formats) -> None:
    parts.heading(_("Which closed deals were like it?"))
    if deal.alike.empty:
        parts.nothing(_("No deal of its industry, track and pipeline has closed yet."))
        return
    outcomes = {"won": _("won"), "lost": _("lost")}
    shown = deal.alike.assign(outcome=deal.alike["outcome"].map(outcomes))
    columns = {
        **Column.each("deal"),
        "outcome": Column(_("Outcome")),
        **Column.each("amount", "account"),
        "product": Column(_("Product")),
        **Column.each("closed_on"),
        "loss_reason": Column(_("Reason")),
    }
    parts.table(shown, columns, key="deal_alike", height="content", opens=parts.to_deal(shown))
    told = _("Same industry, track and pipeline; its product first, then the nearest amount.")
    parts.note(told if scope.person.sees_everything else told + " " + _("Deals of your regions only."))


def _fit(deal: Deal, scope: Scope) -> None:
    fit = deal.fit.head(_MOST_PRODUCTS)
    if fit.empty:
        return
    parts.heading(
        _("What sells best in {industry}, {track}?").format(
            industry=deal.facts["segment"], track=parts.track_name(deal.facts["track"])
        )
    )
    columns = {
        "product": Column(_("Product")),
        **Column.each("solution"),
        "win_rate": Column.of("win_rate_count", n="decided"),
        "decided": Column(_("Decided deals"), "count"),
        "references": Column(_("References"), "count"),
        "named": Column(_("Largest of them")),
    }
    shown = fit.assign(named=[_(", ").join(names) for names in fit["reference_names"]])
    parts.table(shown, columns, key="deal_fit", height="content")
    told = _("Win rates of the whole company, ten decided deals or more, the surest first.")
    parts.note(told if scope.person.sees_everything else told + " " + _("References from your regions only."))
