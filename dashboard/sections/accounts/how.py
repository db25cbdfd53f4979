"""How: contacts by seniority, closeness with its parts, activities and silence."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import one_account
from dashboard.ask import ask
from dashboard.figures.accounts import one_account as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import entering, words as account_words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

_MOST_ACTIVITIES = 300


def draw(scope: Scope, account_id: str, form: Formats) -> None:
    how = one_account.relationship(ask, scope, account_id)
    left, right = st.columns(2, gap="large")
    with left:
        _closeness(how, form)
    with right:
        _trend(how, form)
    left, right = st.columns(2, gap="large")
    with left:
        _levels(how, form)
    with right:
        _contacts(how)
    _activities(how, form)
    entering.closeness(scope, account_id, how.judged, form)


def _closeness(how, form: Formats) -> None:
    close = how.closeness
    parts.heading(_closeness_in_words(close, form))
    if close.is_counted_alone:
        parts.say(_("Nobody has judged it: this is what activities say alone, and no closeness yet."))
    elif close.value is None:
        missing = [
            _("nobody has judged it") if close.judged is None else None,
            _("no completed activity says enough") if close.counted is None else None,
        ]
        parts.say(_("No data: {missing}.").format(missing=_(", ").join(filter(None, missing))))
    rows = [(label(key), getattr(close, part), found) for key, part, found in _parts(how, form)]
    parts.table(
        pd.DataFrame(rows, columns=["part", "score", "found"]),
        {"part": Column(_("Part")), "score": Column(_("Score"), "number"), "found": Column(_("Found"))},
        key="account_closeness",
    )
    with st.expander(_("How it is counted")):
        for key, *_rest in _parts(how, form):
            parts.note(_("{name}: {meaning}").format(name=label(key), meaning=meaning(key)))


def _closeness_in_words(close, form: Formats) -> str:
    """How close we are; where nobody judged it, the counted half as what it is."""
    if close.is_counted_alone:
        return _("Counted closeness alone: {counted}").format(counted=account_words.out_of_ten(close.counted, form))
    return _("Closeness {value}: counted {counted}, judged {judged}").format(
        value=account_words.out_of_ten(close.value, form),
        counted=form.number(close.counted),
        judged=form.number(close.judged),
    )


def _parts(how, form: Formats) -> list[tuple[str, str, str | None]]:
    """The parts of closeness: the metric, the attribute that holds it, and what it was counted from."""
    close = how.closeness
    kept = how.judged[~how.judged["is_withdrawn"]]
    level = None if close.seniority is None else int(close.seniority / 2)
    spoken = one_of("{n} activity", "{n} activities", close.two_way_activities)
    judged_on = None if kept.empty else _("on {day}").format(day=form.date(kept.iloc[-1]["assessed_on"]))
    return [
        ("contact_breadth", "breadth", one_of("{n} contact", "{n} contacts", close.contacts).format(n=close.contacts)),
        ("contact_seniority", "seniority", account_words.level_name(level) if level else None),
        ("two_way_contact", "two_way", spoken.format(n=close.two_way_activities)),
        ("recency", "recency", None if close.days_since is None else form.days(close.days_since)),
        ("closeness_counted", "counted", _("the mean of these four")),
        ("closeness_judged", "judged", judged_on),
        ("closeness", "value", _("the mean of both halves")),
    ]


def _trend(how, form: Formats) -> None:
    words = {
        "closeness": label("closeness"),
        "counted": label("closeness_counted"),
        "judged": label("closeness_judged"),
        "axis": _("0–10"),
        "nothing": _("No activity and no judgement so far."),
    }
    told = "closeness_counted" if how.closeness.is_counted_alone else "closeness"
    known = how.trend.assign(closeness_counted=how.trend["counted"]).dropna(subset=[told])
    parts.figure(
        figures.closeness(how.trend, words=words, **parts.look()),
        key="account_closeness_trend",
        title=trend_finding(known, told, form),
        alt=_("{name} at the ends of months: {told}").format(
            name=label(told),
            told=_(", ").join(
                f"{form.month(day)} {form.number(value)}" for day, value in zip(known["day"], known[told], strict=True)
            ),
        ),
        twin=how.trend,
        columns={
            "day": Column(_("Day"), "date"),
            "counted": Column.of("closeness_counted"),
            "judged": Column.of("closeness_judged"),
            "closeness": Column.of("closeness"),
        },
        source=_("The counted half alone, at the end of each month; the last point is the as-of date.")
        if how.closeness.is_counted_alone
        else _("At the end of each month; the last point is the as-of date."),
    )


def trend_finding(known: pd.DataFrame, told: str, form: Formats) -> str:
    """Whether closeness grew since it is known; the question where it is known of one day.

    known   one row per day, oldest first: day, and closeness in the column `told`
    """
    if len(known) < 2:
        return _("Are we getting closer?")
    first, now = known.iloc[0], form.number(known[told].iloc[-1])
    before = form.number(first[told])
    said = _("As close as in {month}: {now}")
    if now != before:
        closer, farther = _("Closer: {now}, {before} in {month}"), _("Less close: {now}, {before} in {month}")
        said = closer if known[told].iloc[-1] > first[told] else farther
    return said.format(now=now, before=before, month=form.month(first["day"]))


def _levels(how, form: Formats) -> None:
    levels = how.levels.assign(name=[account_words.level_name(level) for level in how.levels["seniority"]])
    words = {
        "known": _("known, not reached in 90 days"),
        "reached": _("reached in the last 90 days"),
        "axis": _("Contacts"),
        "nothing": _("No contact of this account is known. Import contact."),
    }
    parts.figure(
        figures.contacts(levels, words=words, **parts.look()),
        key="account_levels",
        title=_("Do we know, and reach, those who decide?"),
        alt=_("Contacts reached of those known, by seniority: {told}").format(
            told=_(", ").join(f"{row.name} {row.reached}/{row.known}" for row in levels.itertuples(index=False))
        ),
        twin=levels,
        columns={
            "name": Column(label("contact_seniority")),
            "known": Column(_("Known"), "count"),
            "reached": Column(_("Reached in 90 days"), "count"),
        },
        source=_("Seniority from 1 to 5, the highest."),
    )


def _contacts(how) -> None:
    parts.heading(_("Whom do we know there?"))
    if how.contacts.empty:
        parts.nothing(_("No contact of this account is known. Import contact."))
        return
    parts.table(
        how.contacts.assign(level=[account_words.level_name(level) for level in how.contacts["seniority"]]),
        {
            "name": Column(_("Contact")),
            "title": Column(_("Job title")),
            "level": Column(label("contact_seniority")),
            "recent": Column(_("Activities in 90 days"), "count"),
            "last_on": Column(_("Last activity"), "date"),
        },
        key="account_contacts",
    )


def _activities(how, form: Formats) -> None:
    parts.heading(_silence(how, form))
    if how.activities.empty:
        parts.nothing(_("No completed activity is known. Import activity."))
        return
    rows = how.activities.head(_MOST_ACTIVITIES)
    parts.table(
        rows.assign(
            kind=account_words.named(rows["kind"], account_words.activity_kinds()),
            origin=account_words.named(rows["origin"], account_words.origins()),
            two_way=account_words.named(rows["two_way"], {1: _("yes"), 0: _("no")}),
        ),
        {
            **Column.each("completed_on", "kind", "two_way"),
            "contact": Column(_("Contact")),
            "rep": Column(_("Done by")),
            "result": Column(_("Result")),
            **Column.each("deal"),
            "origin": Column(_("Origin")),
        },
        key="account_activities",
        height=280,
    )
    if len(how.activities) > len(rows):
        parts.note(
            _("The latest {n} of {all} are shown.").format(n=form.count(len(rows)), all=form.count(len(how.activities)))
        )


def _silence(how, form: Formats) -> str:
    if how.silence is None:
        return _("No two-way activity is known.")
    if how.silence == 0:
        return _("The last two-way activity was today.")
    text = _("Silent for {days}: the last two-way activity lies that far back").format(days=form.days(how.silence))
    if not is_missing(how.since_any) and how.since_any != how.silence:
        text += _("; the last activity of any kind {days}").format(days=form.days(how.since_any))
    return text + _(".")
