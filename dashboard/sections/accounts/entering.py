"""Entering assessments and goals on the account page, taking them back, and their history."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts.one_account import minor_units
from dashboard.frame.parts import Column
from dashboard.metrics.accounts.key_accounts import FACTORS
from dashboard.sections import entry, entry_history
from dashboard.sections.accounts import words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label
from data_access.database.limits import LONGEST_KEY, LONGEST_NAME
from data_access.scope import Scope


def factors(scope: Scope, account_id: str, scores: pd.DataFrame, form: Formats) -> None:
    """The three factors that people assess: a new score for any of them, and what was entered so far."""
    names, of = {factor: label(factor) for factor in FACTORS[1:]}, ("factor", _("Factor"))
    entry.scores(scope, account_id, "account_score", _("Assess the importance"), of, names, scores)
    entry_history.draw(
        scores.assign(factor=scores["factor"].map(label)),
        {"factor": Column(_("Factor")), "score": Column(_("Score"), "number")},
        ["factor"],
        "account_score",
        form,
    )


def closeness(scope: Scope, account_id: str, judged: pd.DataFrame, form: Formats) -> None:
    """The judged half of closeness."""

    def fields() -> list[dict]:
        score = st.number_input(
            _("Judged closeness (0–10)"),
            min_value=0.0,
            max_value=10.0,
            step=0.5,
            value=None,
            key=entry.key_of(account_id, "closeness_score", "closeness_score_score"),
            persist_state="session",
        )
        day, who = entry.when_and_who(scope, account_id, "closeness_score")
        return [] if score is None else [{"score": float(score), "assessed_on": day, "assessed_by": who}]

    entry.form_of(scope, account_id, "closeness_score", _("Judge the closeness"), fields, _names())
    entry_history.draw(judged, {"score": Column(_("Score"), "number")}, [], "closeness_score", form)


def goals(scope: Scope, account_id: str, goals_: pd.DataFrame, versions: pd.DataFrame, form: Formats) -> None:
    """Goals: new ones, other dates, done. A goal changed is a new version of it."""
    rows = goals_[["goal", "due_on", "done_on"]]

    def fields() -> list[dict]:
        edited = entry.editor(
            rows,
            key=entry.editor_key(account_id, "account_goal"),
            num_rows="add",
            column_config={
                "goal": st.column_config.TextColumn(_("Goal"), max_chars=LONGEST_NAME),
                "due_on": st.column_config.DateColumn(_("Due on"), format="YYYY-MM-DD"),
                "done_on": st.column_config.DateColumn(_("Done on"), format="YYYY-MM-DD"),
            },
        )
        return [
            {"goal": row.goal, "due_on": entry.day_of(row.due_on), "done_on": entry.day_of(row.done_on)}
            for row in entry.changed(rows, edited).itertuples()
        ]

    entry.form_of(scope, account_id, "account_goal", _("Set goals"), fields, _names())
    entry_history.draw(
        versions,
        Column.each("goal", "due_on", "done_on"),
        ["goal"],
        "account_goal",
        form,
    )


def needs(scope: Scope, account_id: str, grid: pd.DataFrame, assessed: pd.DataFrame, form: Formats) -> None:
    """Needs by window: other values, new needs; unchanged ones confirmed on demand."""
    windows = words.windows()
    rows = grid[["window", "solution", "value", "capability"]]
    rows = rows.assign(window=rows["window"].map(windows).astype(object))

    def fields() -> list[dict]:
        edited = entry.editor(
            rows,
            key=entry.editor_key(account_id, "account_need"),
            num_rows="add",
            column_config={
                "window": st.column_config.SelectboxColumn(_("Window"), options=list(windows.values())),
                "solution": st.column_config.TextColumn(_("Solution"), max_chars=LONGEST_KEY),
                "value": st.column_config.NumberColumn(f"{label('need_value')} ({form.money_unit})", min_value=0),
                "capability": entry.score_column(_("Capability (0–10)")),
            },
        )
        with_same = st.checkbox(
            _("Confirm the unchanged ones too, as of this day"),
            key=entry.key_of(account_id, "account_need", "account_need_same"),
            persist_state="session",
        )
        day, _who = entry.when_and_who(scope, account_id, "account_need", with_judge=False)
        key_of = {name: window for window, name in windows.items()}
        chosen = edited.dropna(how="all") if with_same else entry.changed(rows, edited)
        return [
            {
                "window": key_of.get(row.window),
                "solution": row.solution,
                "value": None if is_missing(row.value) else minor_units(row.value),
                "capability": None if is_missing(row.capability) else float(row.capability),
                "assessed_on": day,
            }
            for row in chosen.itertuples()
        ]

    entry.form_of(scope, account_id, "account_need", _("Assess the needs"), fields, _names())
    entry_history.draw(
        assessed.assign(window=words.named(assessed["window"], windows)),
        {
            **Column.each("window", "solution"),
            "value": Column.of("need_value"),
            "capability": Column.of("need_capability"),
        },
        ["window", "solution"],
        "account_need",
        form,
    )


def _names() -> dict[str, str]:
    """The columns people fill in here, by name."""
    return {
        "capability": label("need_capability"),
        "value": label("need_value"),
        "window": _("Window"),
        "solution": _("Solution"),
        "goal": _("Goal"),
        "done_on": _("Done on"),
    }
