"""The form in which something is entered about an account, a deal or a rep, and taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.ask import ask, write
from dashboard.frame import parts, trouble, wording
from dashboard.metrics.accounts.one_account import holding
from dashboard.words import literal
from dashboard.words.formats import is_missing
from dashboard.words.language import _, one_of
from data_access import entries, organisation
from data_access.entries import NotValid
from data_access.errors import NotAllowed, Refused
from data_access.scope import Scope


@dataclass(frozen=True)
class Saved:
    """What was just saved about which subject, so that it can be taken back."""

    table: str
    subject_id: str
    entry_ids: tuple[str, ...]


def form_of(
    scope: Scope, subject_id: str, table: str, title: str, fields: Callable[[], list[dict]], names: Mapping[str, str]
) -> None:
    """The form of one table, or in its place who may enter, or why not now. What was just saved stands above it.

    fields    draws the widgets, and gives the rows entered: the table's columns but its subject's
    names     the columns of the table by the names people know, for what is refused
    """
    parts.heading(title)
    refused = _refusal(scope, table)
    if refused:
        parts.nothing(refused)
        return
    _offer_undo(scope, subject_id, table)
    _form(scope, subject_id, table, fields, names)


@parts.fragment
def _form(
    scope: Scope, subject_id: str, table: str, fields: Callable[[], list[dict]], names: Mapping[str, str]
) -> None:
    """What is typed is told field by field, and kept where another tab is opened meanwhile: `st.form` would tell, and
    know, nothing of it until it is saved. It may be refused: only once it is saved the fields get other keys."""
    with st.container(border=True):
        rows = fields()
        wanted = st.button(_("Save"), key=f"{table}_save_{subject_id}", type="primary")
    if not wanted:
        return
    if not rows:
        parts.notice(_("Nothing was entered, so nothing was saved."))
        return
    try:
        ids = write(entries.enter, scope, table, subject_id, rows, at=database.now())
    except NotValid as refusal:
        parts.notice(_("Nothing was saved. {why}").format(why=_in_words(refusal, names)))
    except Refused as refusal:
        parts.notice(_("Nothing was saved. {why}").format(why=trouble.in_words(refusal)))
    else:
        st.session_state[_just_saved(table)] = Saved(table, subject_id, ids)
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


def _offer_undo(scope: Scope, subject_id: str, table: str) -> None:
    saved = st.session_state.get(_just_saved(table))
    if saved is None or saved.subject_id != subject_id:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"{table}_saved"):
        n = len(saved.entry_ids)
        parts.say(one_of("{n} entry saved.", "{n} entries saved.", n).format(n=n))
        st.button(
            _("Undo"),
            key=f"{table}_undo",
            help=_("What held before holds again. The entry stays in the history, as taken back."),
            on_click=_undo,
            args=(scope, saved),
        )


def _undo(scope: Scope, saved: Saved) -> None:
    write(entries.withdraw, scope, saved.table, saved.subject_id, saved.entry_ids, at=database.now())
    del st.session_state[_just_saved(saved.table)]


def _just_saved(table: str) -> str:
    return f"saved_{table}"


def _in_words(refusal: NotValid, names: Mapping[str, str]) -> str:
    """What is wrong with a value, in the reader's language."""
    names = {**names, "score": _("Score"), "assessed_on": _("Assessed on")}
    said = {
        "required": _("{column} is missing."),
        "choices": _("{column} is not one of those offered."),
        "range": _("{column} is {value}; scores go from 0 to 10, values from 0 on."),
        "future": _("{column} is {value}, which is still to come."),
        "number": _("{column} is no number."),
        "text": _("{column} is longer than {value} characters, or holds a character that cannot be kept."),
        "day": _("{column} is {value}, which is too far away."),
        "abnormal": _("{column} is missing: to trail on our own territory, or lead on theirs, has a reason. Say it."),
    }[refusal.rule]
    return said.format(column=names.get(refusal.column, refusal.column), value=refusal.value)


def when_and_who(scope: Scope, subject_id: str, table: str, with_judge: bool = True):
    """The day of an assessment, and who made it (None: whoever enters it)."""
    left, right = st.columns(2)
    with left:
        day = st.date_input(
            _("Assessed on"),
            value=scope.as_of,
            max_value=database.today(),
            format="YYYY-MM-DD",
            key=key_of(subject_id, table, f"{table}_day"),
            persist_state="session",
        )
    if not with_judge:
        return day, None
    people = ask(organisation.people, scope)
    names = dict(zip(people["rep_id"], people["name"], strict=True))
    with right:
        who = st.selectbox(
            _("Assessed by"),
            list(names),
            format_func=literal.choices(names.__getitem__),
            index=None,
            placeholder=_("whoever enters it"),
            key=key_of(subject_id, table, f"{table}_by"),
            persist_state="session",
        )
    return day, who


def scores(
    scope: Scope,
    subject_id: str,
    table: str,
    title: str,
    of: tuple[str, str],
    asked: Mapping[str, str],
    entered: pd.DataFrame,
) -> None:
    """The form of scores from 0 to 10: a new one for any of what is asked, beside the one that holds.

    of       the column of the table that says what is scored, and the name people know it by
    asked    what is scored, by its key there: its name
    entered  what was entered so far
    """
    column, name = of
    latest = holding(entered, [column]).set_index(column)["score"]
    rows = pd.DataFrame(
        {
            column: list(asked.values()),
            "holds": pd.array([latest.get(one) for one in asked], dtype="Float64"),
            "score": pd.array([None] * len(asked), dtype="Float64"),
        }
    )

    def fields() -> list[dict]:
        edited = editor(
            rows,
            key=editor_key(subject_id, table),
            disabled=(column, "holds"),
            column_config={
                column: st.column_config.TextColumn(name),
                "holds": st.column_config.NumberColumn(_("Holds now")),
                "score": score_column(_("New score (0–10)")),
            },
        )
        day, who = when_and_who(scope, subject_id, table)
        return [
            {column: one, "score": float(score), "assessed_on": day, "assessed_by": who}
            for one, score in zip(asked, edited["score"], strict=True)
            if not is_missing(score)
        ]

    form_of(scope, subject_id, table, title, fields, {column: name})


def editor(rows: pd.DataFrame, *, key: str, **look) -> pd.DataFrame:
    """Rows to write in, as they are written. While they are not drawn, what was written is kept, which `st.data_editor`
    (1.67) does for no session; where what holds has changed, they begin with that."""
    held, begun, written = (f"{key}_{what}" for what in ("held", "begun", "written"))
    has_changed = held in st.session_state and not st.session_state[held].equals(rows)
    if key not in st.session_state or has_changed:
        kept = st.session_state.get(written, rows)
        st.session_state[held], st.session_state[begun] = rows, rows if has_changed else kept
    edited = st.data_editor(st.session_state[begun], key=key, hide_index=True, placeholder="–", **look)
    st.session_state[written] = edited
    return edited


def score_column(title: str):
    return st.column_config.NumberColumn(title, min_value=0, max_value=10, step=0.5)


def key_of(subject_id: str, table: str, widget: str) -> str:
    """The key of a widget that belongs to one subject: another begins afresh, and so does this one after saving."""
    turn = st.session_state.get(_turn(table), 0)
    return f"{widget}_{subject_id}" + (f"_{turn}" if turn else "")


def editor_key(subject_id: str, table: str) -> str:
    """The key of the editor of a table, likewise."""
    return f"{table}_editor_{st.session_state.get(_turn(table), 0)}_{subject_id}"


def _turn(table: str) -> str:
    return f"turn_{table}"


def changed(before: pd.DataFrame, edited: pd.DataFrame) -> pd.DataFrame:
    """The rows of an editor that are new or differ from before, but for those left empty."""
    known = set(map(tuple, before.astype(object).where(before.notna(), None).itertuples(index=False)))
    rows = edited.dropna(how="all")
    plain = rows.astype(object).where(rows.notna(), None)
    return rows[[tuple(row) not in known for row in plain.itertuples(index=False)]]


def day_of(value):
    """A day of an editor's cell; None where it is empty."""
    return None if is_missing(value) else pd.Timestamp(value).date()
