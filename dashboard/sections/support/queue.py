"""What is asked for and not decided, and how often support came in time."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.answers.support import resources
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.support import words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST_ROWS = 500  # nobody reads further; the file has all
_MOST_URGENT = 8  # of what is to be done first: beside the map, on one screen


@dataclass(frozen=True)
class Asked:
    """A mark: the open requests of open deals, of a kind (None: all)."""

    title: str
    kind: str | None


@parts.fragment
def queue(scope: Scope, form: Formats) -> None:
    """The open requests, soonest needed first; a choice of the overdue ones and those of deals already over."""
    requests = answer_of(resources.open_requests, scope)
    parts.heading(_("Who is waiting for support, and for which deals?"))
    if requests.empty:
        parts.nothing(_("No request is open as of this date. They come in as support_request."))
        return
    is_over = requests["outcome"].isin(("won", "lost", "removed"))
    picks = {
        "open": (_("for open deals"), ~is_over),
        "late": (_("overdue"), requests["days_overdue"].notna() & ~is_over),
        "over": (_("for deals already over"), is_over),
    }
    pick = st.segmented_control(
        _("Only requests that are"),
        list(picks),
        default=next(iter(picks)),
        format_func=literal.options(lambda one: f"{picks[one][0]} ({form.count(picks[one][1].sum())})"),
        key="support_queue_pick",
        persist_state="session",
    )
    rows = requests if pick is None else requests[picks[pick][1]]
    parts.note(
        one_of("{n} request, {hours} hours, for deals worth {worth}.", "{n} requests, {hours} hours, for deals worth "
               "{worth}.", len(rows)).format(
            n=form.count(len(rows)),
            hours=form.number(rows["hours"].sum(), 0),
            worth=form.money(rows.drop_duplicates("opportunity_id")["worth"].sum(min_count=1)),
        )
        + " " + _("The soonest needed first.")
        + (" " + _("A request for a deal that is over waits for nothing but being withdrawn.") if is_over.any() else "")
    )  # fmt: skip
    _table(rows, key="support_queue")


def urgent(requests: pd.DataFrame, overload: pd.DataFrame, form: Formats) -> None:
    """What cannot wait: overdue requests of open deals, most expected of the deal first, and who has too many hours."""
    late = requests[(requests["outcome"] == "open") & requests["days_overdue"].notna()]
    late = late.sort_values(["worth", "days_overdue"], ascending=False, kind="stable")
    parts.heading(_("Grant or refuse what is overdue"))
    if late.empty:
        parts.nothing(_("No request is overdue."))
    else:
        rows = late.head(_MOST_URGENT)
        parts.table(
            rows.assign(kind=words.kind_names(rows["kind"])),
            {
                **Column.each("deal", "days_overdue"),
                "worth": Column(_("Worth"), "money"),
                "kind": Column(_("Kind of support")),
            },
            key="support_urgent",
        )
        _more(len(late), form)
    parts.heading(_("Move hours of who has too many"))
    if overload.empty:
        parts.nothing(_("Nobody is overbooked in the coming 8 weeks."))
        return
    people = overload.groupby(["resource_id", "person"], as_index=False).agg(
        hours=("over_hours", "sum"), weeks=("week", "nunique")
    )
    people = people.sort_values(["hours", "resource_id"], ascending=[False, True], ignore_index=True)
    parts.table(
        people.head(_MOST_URGENT),
        {
            **Column.each("person"),
            "hours": Column(_("Hours too many"), "number"),
            "weeks": Column(_("Weeks"), "count"),
        },
        key="support_overbooked",
    )
    _more(len(people), form)


def _more(number: int, form: Formats) -> None:
    if number > _MOST_URGENT:
        parts.note(_("The first {n} of {all} are shown.").format(n=_MOST_URGENT, all=form.count(number)))


def panel(scope: Scope, key: str) -> None:
    """The open requests of the mark open under this key."""
    mark = parts.opened(key)
    requests = answer_of(resources.open_requests, scope)
    rows = requests[requests["outcome"] == "open"]
    rows = rows if mark.kind is None else rows[rows["kind"] == mark.kind]
    title = _("Open requests behind: {mark}").format(mark=mark.title)
    parts.offer(title, lambda: _table(rows, key=f"{key}_asked"), key=f"{key}_requests")


def _table(rows: pd.DataFrame, key: str) -> None:
    """Seven columns, so that all are in sight; the file has all there is. Of deals that are over, how they ended."""
    is_over = not rows.empty and bool((rows["outcome"] != "open").all())
    shown = rows.head(_MOST_ROWS)
    shown = shown.assign(
        kind=words.kind_names(shown["kind"]),
        state=shown["outcome"].map(words.outcome_name, na_action="ignore"),
    )
    parts.table(
        shown,
        {
            **Column.each("deal", "owner"),
            "kind": Column(_("Kind of support")),
            **Column.each("hours", "needed_by"),
            **({"state": Column(_("Deal is"))} if is_over else Column.each("days_overdue")),
            "worth": Column(_("Worth of the deal"), "money"),
        },
        key=key,
        height=360,
    )
    parts.download(rows, key=key)


def in_time(scope: Scope, form: Formats) -> None:
    """The share met in time by kind, cases beside it."""
    found = answer_of(resources.in_time, scope)
    parts.heading(_("Did support come in time?"))
    if found.empty:
        parts.nothing(_("No request was needed in this period, or none says by when."))
        return
    met, needed = found["met"].sum(), found["needed"].sum()
    parts.say(
        _("{met} of {n} requests were granted and booked in full in time ({share}).").format(
            met=form.count(met), n=form.count(needed), share=form.share(met / needed, needed)
        )
    )
    rows = found.assign(name=words.kind_names(found["kind"])).sort_values("share", ignore_index=True)
    parts.table(
        rows,
        {
            "name": Column(_("Kind of support")),
            "needed": Column(_("Needed"), "count"),
            "met": Column(_("In time"), "count"),
            "share": Column.of("met_in_time_share", n="needed"),
        },
        key="support_in_time",
        total={"needed": needed, "met": met, "share": met / needed},
        order=_("The least in time first."),
    )
