"""Strategy and evaluation: goals with dates, needs by window, and which assessments are due."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import one_account
from dashboard.ask import ask
from dashboard.figures.accounts import one_account as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.accounts.one_account import WINDOWS
from dashboard.sections.accounts import entering, words as account_words
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope


def strategy(scope: Scope, account_id: str, form: Formats) -> None:
    """The account's stage goals, the overdue ones first."""
    found = one_account.evaluation(ask, scope, account_id)
    goals = found.goals
    parts.heading(_goals_in_words(goals, form))
    if goals.empty:
        parts.nothing(_("No goal is set. Set one below, or import account_goal."))
    else:
        status = {"overdue": _("overdue"), "open": _("open"), "done": _("done")}
        parts.table(
            goals.assign(
                status=goals["status"].map(status),
                late=goals["days_overdue"].where(goals["status"] == "overdue"),
            ),
            {
                **Column.each("goal", "due_on", "done_on", "status"),
                "late": Column(_("Overdue by"), "days"),
            },
            key="account_goals",
        )
    entering.goals(scope, account_id, goals, found.goal_versions, form)


def _goals_in_words(goals: pd.DataFrame, form: Formats) -> str:
    if goals.empty:
        return _("No goal is set for this account.")
    counts = goals["status"].value_counts()
    text = one_of("{n} goal: {done} done", "{n} goals: {done} done", len(goals)).format(
        n=form.count(len(goals)), done=form.count(counts.get("done", 0))
    )
    if counts.get("overdue", 0):
        text += _(", {n} overdue").format(n=form.count(counts["overdue"]))
    return text + _(".")


def evaluation(scope: Scope, account_id: str, form: Formats) -> None:
    """What the account will need in three windows, what we can meet of it, and when to ask again."""
    found = one_account.evaluation(ask, scope, account_id)
    left, right = st.columns([5, 4], gap="large")
    with left:
        _grid(found.grid, form)
    with right:
        _calendar(found.calendar, form)
    entering.needs(scope, account_id, found.grid, found.needs, form)


def _grid(grid: pd.DataFrame, form: Formats) -> None:
    windows = account_words.windows()
    words = windows | {
        "tile": _("{gap} short\nof {value}\ncan do {capability}"),
        "value": label("need_value"),
        "capability": label("need_capability"),
        "gap": label("need_gap"),
        "expected": label("need_expected"),
        "nothing": _("No need is assessed. Assess one below, or import account_need."),
    }
    title = _("What will it need, and how much of it can we meet?")
    if len(grid):
        title = _("It needs {value}; {gap} of it we could not meet").format(
            value=form.money(grid["value"].sum()), gap=form.money(grid["gap"].sum())
        )
    parts.figure(
        figures.needs(grid, WINDOWS, words=words, **parts.look()),
        key="account_needs",
        title=title,
        alt=_("Gap by window and solution: {told}").format(
            told=_(", ").join(
                f"{windows[row.window]} {row.solution} {form.money(row.gap)}" for row in grid.itertuples()
            )
        ),
        twin=grid.assign(window=account_words.named(grid["window"], windows)),
        columns={
            **Column.each("window", "solution"),
            "value": Column.of("need_value"),
            "capability": Column.of("need_capability"),
            "gap": Column.of("need_gap"),
            "expected": Column.of("need_expected"),
            **Column.each("assessed_on"),
        },
        source=_("In {unit}. Gap = value × (1 − capability ÷ 10); the darker, the wider.").format(unit=form.money_unit),
    )


def _calendar(calendar: pd.DataFrame, form: Formats) -> None:
    overdue = int((calendar["status"] == "overdue").sum())
    never = int((calendar["status"] == "never").sum())
    parts.heading(
        _("Assessments: {overdue} overdue, {never} never made").format(
            overdue=form.count(overdue), never=form.count(never)
        )
    )
    status = {"never": _("never made"), "fine": _("in time")}
    late = _("overdue by {days}")
    parts.table(
        calendar.assign(
            subject=calendar["subject"].map(account_words.subjects()),
            status=[
                late.format(days=form.days(row.days_overdue)) if row.status == "overdue" else status[row.status]
                for row in calendar.itertuples()
            ],
        ),
        {
            "subject": Column(_("Assessment")),
            **Column.each("status"),
            "last_on": Column(_("Last"), "date"),
            "due_on": Column(_("Next by"), "date"),
        },
        key="account_calendar",
    )
    parts.note(_("Importance every 6 months at the latest, needs every 2, closeness monthly."))
