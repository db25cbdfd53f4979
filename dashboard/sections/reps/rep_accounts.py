"""A rep's accounts and the silent ones among them, and the calendar of what was done."""

import pandas as pd

from dashboard.answers.reps import one_rep
from dashboard.answers.reps.one_rep import SILENT_AFTER
from dashboard.ask import answer_of, ask
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections import activity_rows, drill
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def owned(scope: Scope, rep_id: str, form: Formats) -> None:
    parts.heading(_("Which accounts have gone silent?"))
    found = answer_of(one_rep.owned_accounts, one_rep.of_rep(scope, rep_id), rep_id)
    if found.empty:
        parts.nothing(_("This rep owns no account on this day. Owners come from account and assignment."))
        return
    n, key, silent = len(found), int(found["is_key"].sum()), found["is_silent"].sum(min_count=1)
    unknown = _("No activity was imported, so nobody knows which accounts hear nothing. Import activity.")
    text = (
        unknown
        if is_missing(silent)
        else one_of(
            "{n} account owned, {silent} silent for more than {days} days; {key} key.",
            "{n} accounts owned, {silent} silent for more than {days} days; {key} key.",
            n,
        )
    )
    parts.say(text.format(n=form.count(n), silent=form.count(silent), days=SILENT_AFTER, key=form.count(key)))
    rows = found.assign(
        status=[
            _(", ").join(name for name, is_set in ((_("key"), key), (_("silent"), silent)) if is_set)
            for key, silent in zip(found["is_key"], found["is_silent"].eq(True).fillna(False), strict=True)
        ],
    )
    parts.table(
        rows,
        {
            **Column.each("account", "status"),
            "last_on": Column(_("Last two-way contact"), "date"),
            "silent_days": Column.of("silence_days"),
        },
        key="rep_accounts",
        height=320,
        opens=parts.to_account(rows),
    )


def calendar(scope: Scope, rep_id: str, form: Formats) -> None:
    days = answer_of(one_rep.calendar, one_rep.of_rep(scope, rep_id), rep_id)
    words = {
        "weekdays": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        "activities": _("{n} completed"),
        "nothing": _("No completed activity in the last 26 weeks. Import activity."),
    }
    by_week = days.groupby(days["day"].dt.to_period("W").dt.start_time)["completed"].sum().reset_index()
    drill.figure(
        figures.calendar(days, words=words, **parts.look()),
        lambda data: (scope, days[days["day"] == pd.Timestamp(data[0])].iloc[0]),
        panel=lambda of, key: _of_day(of, rep_id, parts.opened(key), form),
        key="rep_calendar",
        title=_("What was done on which day?"),
        alt=_("Completed activities of the last 26 weeks: {n}").format(n=form.count(days["completed"].sum())),
        twin=by_week,
        columns={"day": Column(_("Week from"), "date"), "completed": Column(_("Completed"), "count")},
        source=_("Completed activities of the last 26 weeks, the darker the more. A click opens those of a day."),
    )


def _of_day(scope: Scope, rep_id: str, square: pd.Series, form: Formats) -> None:
    """In the drawer, the activities behind a square."""
    day = square["day"].date()
    rows = one_rep.day_activities(ask, scope, rep_id, day)
    columns = activity_rows.columns()
    del columns["rep"]  # it is this one's page
    told = one_of("{day}: {n} activity completed", "{day}: {n} activities completed", len(rows))
    parts.rows_panel(
        activity_rows.in_words(rows),
        columns,
        key="rep",
        what="day",
        title=_("Activities behind: {mark}").format(mark=form.date(day)),
        told=told.format(day=form.date(day), n=form.count(len(rows))),
        adds_up=len(rows) == square["completed"],
        none=_("No activities here."),
    )
