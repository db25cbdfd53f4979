"""The words of the page Support resources: its sentence, its cards, and how levels are named."""

import pandas as pd

from dashboard.answers.support import resources
from dashboard.ask import answer_of
from dashboard.frame import wording
from dashboard.frame.cards import Card, Reading
from dashboard.metrics.support import resources as metrics
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def verdict(values: dict, requests: pd.DataFrame, overload: pd.DataFrame, form: Formats) -> str:
    """How support stands, in a word, how far it is booked, and who waits for it: at most 90 characters."""
    waiting = requests[requests["outcome"] == "open"]
    late = int(waiting["days_overdue"].notna().sum())
    booked = None if values["utilisation"] is None else form.share(values["utilisation"])
    wait = None if values["open_requests"] is None else form.count(len(waiting))
    if booked and wait:
        told = _("support is booked to {share}; {n} requests wait, {late} of them overdue")
    elif booked:
        told = _("support is booked to {share}")
    elif wait:
        told = _("{n} requests wait, {late} of them overdue")
    else:
        return _("Nothing about support has been imported yet.")
    told = told.format(share=booked, n=wait, late=form.count(late))
    return _("{state}: {what}.").format(state=_state(values["utilisation"], late, len(overload)), what=told)


def _state(utilisation: float | None, late: int, overbooked: int) -> str:
    """More is booked than there is; or somebody waits too long, or will have too much; or neither."""
    if utilisation is not None and utilisation > metrics.OVERLOAD:
        return _("Short of hours")
    return _("Under strain") if late or overbooked else _("In hand")


def aside(values: dict, overload: pd.DataFrame, form: Formats) -> str:
    """Who is about to be overloaded, and whether support follows worth; '' where neither is known."""
    said = []
    if len(overload):
        people = overload["resource_id"].nunique()
        said.append(
            one_of(
                "{n} person is overbooked in the coming 8 weeks",
                "{n} people are overbooked in the coming 8 weeks",
                people,
            ).format(n=form.count(people))
        )
    if values["alignment"] is not None:
        said.append(alignment_in_words(values["alignment"]))
    return _("; ").join(said) + _(".") if said else ""


def to_do(requests: pd.DataFrame, overload: pd.DataFrame, form: Formats) -> str:
    """The overdue request of the deal with most expected, and the hours of who has most too many."""
    late = requests[(requests["outcome"] == "open") & requests["days_overdue"].notna()]
    told = []
    if len(late):
        first = late.sort_values(["worth", "days_overdue"], ascending=False, kind="stable").iloc[0]
        told.append(
            _("grant or refuse what {deal} asks for ({kind}, {days} overdue, {worth} expected of it)").format(
                deal=first["deal"],
                kind=wording.support_kind_name(first["kind"]),
                days=form.days(first["days_overdue"]),
                worth=form.money(first["worth"]),
            )
        )
    if len(overload):
        of_person = overload.groupby("resource_id")["over_hours"].sum()
        person = overload.set_index("resource_id")["person"][[of_person.idxmax()]].iloc[0]
        told.append(
            _("move {hours} hours of {person} to others or to later weeks").format(
                hours=form.number(of_person.max(), 0), person=person
            )
        )
    if not told:
        return _("To do first: no request is overdue, and nobody is overbooked in the coming 8 weeks.")
    return _("To do first: {what}.").format(what=_("; ").join(told))


def alignment_in_words(alignment: float) -> str:
    """How far hours follow worth. Under 0.1 either way a rank correlation is as good as none."""
    if alignment >= 0.5:
        return _("support follows the worth of deals")
    if alignment >= 0.1:
        return _("support follows the worth of deals only loosely")
    if alignment > -0.1:
        return _("support does not follow the worth of deals")
    return _("deals of less worth get more support")


def cards(scope: Scope, values: dict, requests: pd.DataFrame, overload: pd.DataFrame, form: Formats) -> list[Card]:
    """Five numbers: use, queue, in time, alignment, overload ahead."""
    met = (
        _("{met} of {n} requests").format(
            met=form.count(values["met_in_time"]), n=form.count(values["needed_requests"])
        )
        if values["needed_requests"]
        else ""
    )
    overloads = len(overload) if values["booked_hours"] is not None else None
    hours = None if values["requested_hours"] is None else form.number(values["requested_hours"], 0)
    return [
        _card(
            "utilisation", form.share(values["utilisation"]), values["utilisation"], beside=_use(scope, values, form)
        ),
        _card(
            "open_requests",
            form.count(values["open_requests"]),
            values["open_requests"],
            beside=_("{n} hours").format(n=hours) if hours else "",
            n=_("for open deals {n}").format(n=form.count((requests["outcome"] == "open").sum())) if hours else "",
        ),
        _card(
            "met_in_time_share",
            form.share(values["met_in_time_share"], values["needed_requests"]),
            values["met_in_time_share"],
            n=met,
        ),
        _card(
            "alignment",
            form.number(values["alignment"], 2),
            values["alignment"],
            n=one_of("{n} open deal", "{n} open deals", values["alignment_n"]).format(
                n=form.count(values["alignment_n"])
            ),
        ),
        _card(
            "overload_ahead",
            form.count(overloads),
            overloads,
            beside=_("in the coming 8 weeks"),
        ),
    ]


def _card(key: str, value: str, exact: float | None, beside: str = "", n: str = "") -> Card:
    return Card.of(key, Reading(value, n=n, exact=exact), beside=beside)


def _use(scope: Scope, values: dict, form: Formats) -> str:
    """Of a period that goes on after the as-of date: its weeks so far, and those to come."""
    if values["utilisation"] is None or scope.as_of >= scope.period.end:
        return ""
    weeks = answer_of(resources.person_weeks, scope)
    is_past = weeks["week"] <= pd.Timestamp(scope.as_of)
    shares = [
        part["booked"].sum() / (part["available"].sum() or float("nan")) for part in (weeks[is_past], weeks[~is_past])
    ]
    return _("to date {so_far}, then {ahead}").format(so_far=form.share(shares[0]), ahead=form.share(shares[1]))


def levels(form: Formats) -> dict[str, str]:
    """The levels of utilisation, as the legend names them."""
    low, high = (form.share(edge) for edge in metrics.HEALTHY)
    return {
        "below": _("under {low}").format(low=low),
        "healthy": _("{low} to {high}: healthy").format(low=low, high=high),
        "full": _("to {most}: full").format(most=form.share(metrics.OVERLOAD)),
        "overload": _("over {most}: overload").format(most=form.share(metrics.OVERLOAD)),
    }


def kind_names(kinds: pd.Series) -> pd.Series:
    return kinds.map(wording.support_kind_name)


def outcome_name(outcome: str) -> str:
    return {
        "won": _("Won"),
        "lost": _("Lost"),
        "qualified_out": _("Qualified out"),
        "duplicate": _("Duplicate"),
        "open": _("Open"),
        "removed": _("Removed"),
    }[outcome]
