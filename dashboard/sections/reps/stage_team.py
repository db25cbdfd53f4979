"""Everybody with the stage, the evidence for it, and the time in it; a click says why and leads to the rep."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.answers.reps import life_stage
from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps import stage_moves
from dashboard.sections.reps import rep_choice, stage_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope


def table(scope: Scope, reps: pd.DataFrame, since: pd.DataFrame, form: Formats) -> None:
    """The reps of the stages chosen, with what decides their stage; a click on one says why."""
    names = stage_words.stage_names()
    chosen = st.segmented_control(
        _("Stage"),
        list(names),
        format_func=literal.options(names.__getitem__),
        selection_mode="multi",
        key="stage_chosen",
        persist_state="session",
    )
    stage = reps["life_stage"].fillna(stage_moves.UNKNOWN)
    shown = reps[stage.isin(chosen)] if chosen else reps
    if shown.empty:
        parts.nothing(_("No rep is in this stage."))
        return
    rows, since = _in_words(shown, since, form)
    clicked = parts.table(rows, _columns(), key="stage_reps", height=300, clickable=True, opens=parts.to_rep(rows))
    if clicked is None:
        parts.note(_("Click a row to see why."))
        return
    _why(scope, rows.iloc[clicked], since.iloc[clicked], form)


def evidence(reps: pd.DataFrame, since: pd.DataFrame, form: Formats) -> None:
    """Everything known of each rep that a stage or a need rests on."""
    rows, _since = _in_words(reps, since, form)
    shown = {
        **Column.each("rep"),
        "stage": stage_words.stage_column(_("Stage")),
        "attainment": Column.of("attainment_last_year"),
        "attainment_before": Column.of("attainment_year_before"),
        "repeat_share": Column.of("repeat_share"),
        "coverage": Column.of("coverage_ahead"),
        "support_to_median": Column.of("support_to_median"),
        "new_deals": Column.of("new_deals_received"),
        **Column.each("new_deal_share", "tenure"),
    }
    parts.table(rows, shown, key="stage_evidence", height=420)
    parts.note(f"{label('repeat_share')}: {meaning('repeat_share')}")
    named = dict.fromkeys([*shown, *_columns(), "rep_id"])  # each once, in this order
    parts.download(rows[list(named)], key="stages")


def _in_words(reps: pd.DataFrame, since: pd.DataFrame, form: Formats) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reps, the furthest stage first, with what people read; and since when each is in it, in that order."""
    order = {name: place for place, name in enumerate(stage_words.stage_names())}
    place = reps["life_stage"].fillna(stage_moves.UNKNOWN).map(order)
    shown = reps.assign(place=place).sort_values(["place", "attainment"], ascending=[True, False], ignore_index=True)
    since = since.set_index("rep_id").reindex(shown["rep_id"])
    rows = shown.assign(
        stage=[stage_words.stage_name(one) for one in shown["life_stage"]],
        since=since["since"].to_numpy(),
        leaning=[None if pd.isna(to) else stage_words.stage_name(to) for to in shown["leaning_to"]],
        tenure=[stage_words.tenure(months, form) for months in shown["employed_months"]],
    )
    return rows, since


def _columns() -> dict[str, Column]:
    return {
        "rep": Column(_("Rep"), width=124),
        "region": Column(_("Region"), width=78),
        "stage": stage_words.stage_column(_("Stage")),
        "since": Column(_("In it since"), "date"),
        "leaning": replace(stage_words.stage_column(_("Leaning to")), width=86),  # a stage, never "Not yet known"
        "attainment": Column(label("attainment"), "share", help=meaning("attainment_last_year")),
        "repeat_share": Column.of("repeat_share"),
    }


def _why(scope: Scope, rep: pd.Series, since: pd.Series, form: Formats) -> None:
    with st.container(border=True, key="stage_why"):
        parts.say(
            _("{rep}: {stage} {since}").format(
                rep=rep["rep"], stage=rep["stage"], since=stage_words.in_stage_since(since, form)
            )
        )
        parts.say(stage_words.evidence(rep, life_stage.rules(ask, scope).values, form))
        parts.say(stage_words.owes(rep["life_stage"]))
        rep_choice.link(rep["rep_id"], rep["rep"])
