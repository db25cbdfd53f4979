"""Entering assessments and goals on the account page, taking them back, and their history."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import load, parts, wording
from dashboard.answers.accounts import minor_units
from dashboard.formats import Formats, is_missing
from dashboard.language import _, label, one_of
from dashboard.metrics.accounts import holding
from dashboard.metrics.key_accounts import FACTORS
from dashboard.parts import Column
from dashboard.sections import account_history, account_words
from data_access.entries import NotValid
from data_access.errors import NotAllowed, Refused
from data_access.scope import Scope


@dataclass(frozen=True)
class Saved:
    """What was just saved on which account, so that it can be taken back."""

    table: str
    account_id: str
    entry_ids: tuple[str, ...]


# --- what each tab offers -----------------------------------------------------------------------------


def factors(scope: Scope, account_id: str, scores: pd.DataFrame, form: Formats) -> None:
    """The three factors that people assess: a new score for any of them, and what was entered so far."""
    latest = holding(scores, ["factor"]).set_index("factor")["score"]
    rows = pd.DataFrame(
        {
            "factor": [label(factor) for factor in FACTORS[1:]],
            "holds": [latest.get(factor) for factor in FACTORS[1:]],
            "score": pd.array([None] * 3, dtype="Float64"),
        }
    )

    def fields() -> list[dict]:
        edited = st.data_editor(
            rows,
            key=_editor(account_id, "account_score"),
            hide_index=True,
            disabled=("factor", "holds"),
            placeholder="–",
            column_config={
                "factor": st.column_config.TextColumn(_("Factor")),
                "holds": st.column_config.NumberColumn(_("Holds now")),
                "score": _score_column(_("New score (0–10)")),
            },
        )
        day, who = _when_and_who(scope, account_id, "account_score")
        return [
            {"factor": factor, "score": float(score), "assessed_on": day, "assessed_by": who}
            for factor, score in zip(FACTORS[1:], edited["score"], strict=True)
            if not is_missing(score)
        ]

    _form(scope, account_id, "account_score", _("Assess the importance"), fields)
    account_history.draw(
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
            key=_of(account_id, "closeness_score_score"),
        )
        day, who = _when_and_who(scope, account_id, "closeness_score")
        return [] if score is None else [{"score": float(score), "assessed_on": day, "assessed_by": who}]

    _form(scope, account_id, "closeness_score", _("Judge the closeness"), fields)
    account_history.draw(judged, {"score": Column(_("Score"), "number")}, [], "closeness_score", form)


def goals(scope: Scope, account_id: str, goals_: pd.DataFrame, versions: pd.DataFrame, form: Formats) -> None:
    """Goals: new ones, other dates, done. A goal changed is a new version of it."""
    rows = goals_[["goal", "due_on", "done_on"]]

    def fields() -> list[dict]:
        edited = st.data_editor(
            rows,
            key=_editor(account_id, "account_goal"),
            hide_index=True,
            num_rows="add",
            placeholder="–",
            column_config={
                "goal": st.column_config.TextColumn(_("Goal")),
                "due_on": st.column_config.DateColumn(_("Due on"), format="YYYY-MM-DD"),
                "done_on": st.column_config.DateColumn(_("Done on"), format="YYYY-MM-DD"),
            },
        )
        return [
            {"goal": row.goal, "due_on": _day(row.due_on), "done_on": _day(row.done_on)}
            for row in _changed(rows, edited).itertuples()
        ]

    _form(scope, account_id, "account_goal", _("Set goals"), fields)
    account_history.draw(
        versions,
        {
            "goal": Column(_("Goal")),
            "due_on": Column(_("Due on"), "date"),
            "done_on": Column(_("Done on"), "date"),
        },
        ["goal"],
        "account_goal",
        form,
    )


def needs(scope: Scope, account_id: str, grid: pd.DataFrame, assessed: pd.DataFrame, form: Formats) -> None:
    """Needs by window: other values, new needs; unchanged ones confirmed on demand."""
    windows = account_words.windows()
    rows = grid[["window", "solution", "value", "capability"]]
    rows = rows.assign(window=rows["window"].map(windows).astype(object))

    def fields() -> list[dict]:
        edited = st.data_editor(
            rows,
            key=_editor(account_id, "account_need"),
            hide_index=True,
            num_rows="add",
            placeholder="–",
            column_config={
                "window": st.column_config.SelectboxColumn(_("Window"), options=list(windows.values())),
                "solution": st.column_config.TextColumn(_("Solution")),
                "value": st.column_config.NumberColumn(
                    f"{label('need_value')} ({form.money_unit})", min_value=0
                ),
                "capability": _score_column(_("Capability (0–10)")),
            },
        )
        with_same = st.checkbox(
            _("Confirm the unchanged ones too, as of this day"), key=_of(account_id, "account_need_same")
        )
        day, _who = _when_and_who(scope, account_id, "account_need", with_judge=False)
        key_of = {name: window for window, name in windows.items()}
        chosen = edited.dropna(how="all") if with_same else _changed(rows, edited)
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

    _form(scope, account_id, "account_need", _("Assess the needs"), fields)
    account_history.draw(
        assessed.assign(window=account_words.named(assessed["window"], windows)),
        {
            "window": Column(_("Window")),
            "solution": Column(_("Solution")),
            "value": Column(label("need_value"), "money"),
            "capability": Column(label("need_capability"), "number"),
        },
        ["window", "solution"],
        "account_need",
        form,
    )


# --- how it is entered and taken back -----------------------------------------------------------------


def _form(scope: Scope, account_id: str, table: str, title: str, fields: Callable[[], list[dict]]) -> None:
    """The form of one table, or in its place who may enter, or why not now. What was just saved stands above it."""
    st.markdown(f"**{title}**")
    refused = _refusal(scope, table)
    if refused:
        parts.nothing(refused)
        return
    _offer_undo(scope, account_id, table)
    with st.form(_of(account_id, f"{table}_form"), clear_on_submit=True, enter_to_submit=False):
        rows = fields()
        wanted = st.form_submit_button(_("Save"), key=_of(account_id, f"{table}_save"), type="primary")
    if not wanted:
        return
    if not rows:
        parts.notice(_("Nothing was entered, so nothing was saved."))
        return
    try:
        ids = load.enter(scope, table, account_id, rows)
    except NotValid as refusal:
        parts.notice(_("Nothing was saved. {why}").format(why=_in_words(refusal)))
    except Refused as refusal:
        parts.notice(_("Nothing was saved. {why}").format(why=refusal))
    else:
        parts.open_(_just_saved(table), Saved(table, account_id, ids))
        st.session_state[_turn(table)] = st.session_state.get(_turn(table), 0) + 1
        st.rerun()


def _refusal(scope: Scope, table: str) -> str | None:
    """Why the person cannot enter here; None where they can. `data_access.entries` refuses by itself too."""
    try:
        scope.person.must_be_allowed_to_write(table)
    except NotAllowed:
        return _(
            "{role}: may look, not enter. Entering is for directors, and for regional managers in their regions."
        ).format(role=wording.role_name(scope.person.role))
    if scope.as_of < scope.last_day:
        return _("You are looking at the past. Choose the last day of the data to enter something.")
    return None


def _offer_undo(scope: Scope, account_id: str, table: str) -> None:
    saved = parts.opened(_just_saved(table))
    if saved is None or saved.account_id != account_id:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"{table}_saved"):
        n = len(saved.entry_ids)
        st.markdown(one_of("{n} entry saved.", "{n} entries saved.", n).format(n=n))
        st.button(
            _("Undo"),
            key=f"{table}_undo",
            help=_("What held before holds again. The entry stays in the history, as taken back."),
            on_click=_undo,
            args=(scope, saved),
        )


def _undo(scope: Scope, saved: Saved) -> None:
    load.withdraw(scope, saved.table, saved.account_id, saved.entry_ids)
    parts.close(_just_saved(saved.table))


def _just_saved(table: str) -> str:
    return f"saved_{table}"


def _in_words(refusal: NotValid) -> str:
    """What is wrong with a value, in the reader's language."""
    names = {
        "score": _("Score"),
        "capability": label("need_capability"),
        "value": label("need_value"),
        "window": _("Window"),
        "solution": _("Solution"),
        "goal": _("Goal"),
        "assessed_on": _("Assessed on"),
        "done_on": _("Done on"),
    }
    said = {
        "required": _("{column} is missing."),
        "choices": _("{column} is not one of those offered."),
        "range": _("{column} is {value}; scores go from 0 to 10, values from 0 on."),
        "future": _("{column} is {value}, which is still to come."),
        "number": _("{column} is no number."),
    }[refusal.rule]
    return said.format(column=names.get(refusal.column, refusal.column), value=refusal.value)


def _when_and_who(scope: Scope, account_id: str, table: str, with_judge: bool = True):
    """The day of an assessment, and who made it (None: whoever enters it)."""
    left, right = st.columns(2)
    with left:
        day = st.date_input(
            _("Assessed on"),
            value=scope.as_of,
            max_value=load.today(),
            format="YYYY-MM-DD",
            key=_of(account_id, f"{table}_day"),
        )
    if not with_judge:
        return day, None
    people = load.choices(scope).owners
    names = dict(zip(people["rep_id"], people["name"], strict=True))
    with right:
        who = st.selectbox(
            _("Assessed by"),
            list(names),
            format_func=names.get,
            index=None,
            placeholder=_("whoever enters it"),
            key=_of(account_id, f"{table}_by"),
        )
    return day, who


def _score_column(title: str):
    return st.column_config.NumberColumn(title, min_value=0, max_value=10, step=0.5)


def _of(account_id: str, widget: str) -> str:
    """The key of a widget that belongs to one account: another account begins afresh."""
    return f"{widget}_{account_id}"


def _editor(account_id: str, table: str) -> str:
    """The key of an editor: after saving it begins afresh too, since no form clears an editor."""
    return _of(account_id, f"{table}_editor_{st.session_state.get(_turn(table), 0)}")


def _turn(table: str) -> str:
    return f"turn_{table}"


def _changed(before: pd.DataFrame, edited: pd.DataFrame) -> pd.DataFrame:
    """The rows of an editor that are new or differ from before, but for those left empty."""
    known = set(map(tuple, before.astype(object).where(before.notna(), None).itertuples(index=False)))
    rows = edited.dropna(how="all")
    plain = rows.astype(object).where(rows.notna(), None)
    return rows[[tuple(row) not in known for row in plain.itertuples(index=False)]]


def _day(value):
    return None if is_missing(value) else pd.Timestamp(value).date()
