"""How stages came about: how many reps were in each at the ends of the last eight quarters, and who moved."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.answers.reps.company_help import Course
from dashboard.figures.reps import life_stage as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps import stage_moves as metrics
from dashboard.metrics.reps.life_stage import STAGES
from dashboard.sections.reps import stage_words
from dashboard.words.formats import FEW, Formats
from dashboard.words.language import _


def moved(course: Course) -> None:
    """Who moved, and how often reps stay in a stage or leave it."""
    left, right = st.columns(2, gap="large")
    with left:
        _moves(course)
    with right:
        _transitions(course)


def over_time(course: Course, form: Formats) -> None:
    """How many reps were in each stage at quarter ends; a click lists them."""
    counts, names = course.by_day, stage_words.stage_names()
    words = names | {"now": _("now"), "axis": _("Reps"), "nothing": _("No rep has a stage yet.")}
    wide = counts.pivot(index="day", columns="life_stage", values="reps").reset_index()
    latest = wide.iloc[-1]
    points = parts.figure(
        figures.over_time(counts, words=words, **parts.look()),
        key="stages_over_time",
        title=finding(wide, form),
        about=_("Reps"),
        alt=_("Reps by stage at quarter ends; now {told}").format(
            told=_(", ").join(f"{name} {form.count(latest[stage])}" for stage, name in names.items())
        ),
        twin=wide,
        columns={"day": Column(_("As of"), "date")} | {stage: Column(name, "count") for stage, name in names.items()},
        source=_("At the ends of quarters and now, each by the rules valid then. A click lists the reps."),
        clickable=True,
    )
    if points and points[0].get("customdata"):
        day, stage = points[0]["customdata"]
        _reps_of(course.rows, day, stage, form)


def finding(wide: pd.DataFrame, form: Formats) -> str:
    """Whether a larger share is beyond the first stage than at first; the question where too few are known.

    wide   one row per day, oldest first: the reps in each stage
    """
    known = wide[list(STAGES)].sum(axis=1)
    if len(wide) < 2 or min(known.iloc[0], known.iloc[-1]) < FEW:
        return _("Are more reps getting further?")
    before, now = (1 - wide[STAGES[0]].iloc[at] / known.iloc[at] for at in (0, -1))
    said = _("As many reps are beyond Building as at first: {now}")
    if now != before:
        more, less = (
            _("More reps are beyond Building: {now}, {before} at first"),
            _("Fewer reps are beyond Building: {now}, {before} at first"),
        )
        said = more if now > before else less
    return said.format(now=form.share(now), before=form.share(before))


def _reps_of(history: pd.DataFrame, day: str, stage: str, form: Formats) -> None:
    """The reps behind a part of a bar."""
    at = history["life_stage"].fillna(metrics.UNKNOWN)
    reps = history[(history["day"] == pd.Timestamp(day)) & (at == stage)].sort_values("rep")
    with st.container(border=True, key="stage_reps_of"):
        parts.say(
            _("{stage} on {day}: {n}").format(
                stage=stage_words.stage_names()[stage],
                day=form.date(date.fromisoformat(day)),
                n=form.count(len(reps)),
            )
        )
        columns = Column.each("rep") | {"rep_id": Column(_("Key"))}
        parts.table(reps, columns, key="stage_reps_of_rows", opens=parts.to_rep(reps))


def _transitions(course: Course) -> None:
    names = stage_words.stage_names()
    counts = course.transitions.loc[list(names), list(names)]
    parts.heading(_("From one quarter end to the next"))
    parts.table(
        counts.assign(before=[names[stage] for stage in counts.index]),
        {"before": Column(_("From ↓ to →"))} | {stage: Column(name, "count") for stage, name in names.items()},
        key="stage_transitions",
    )
    parts.note(_("Reps, once per pair of quarter ends in a row. The last two years, the running quarter included."))


def _moves(course: Course) -> None:
    found = course.moves
    parts.heading(_("Who moved, and when?"))
    if found.empty:
        parts.nothing(_("Nobody moved from one stage to another in the last two years."))
        return
    names = course.rows.drop_duplicates("rep_id").set_index("rep_id")["rep"]
    rows = found.assign(
        rep=found["rep_id"].map(names),
        before=[stage_words.stage_name(stage) for stage in found["from_stage"]],
        after=[stage_words.stage_name(stage) for stage in found["to_stage"]],
        direction=found["is_up"].map({True: _("up"), False: _("down")}),
    )
    columns = {
        "day": Column(_("Seen first on"), "date"),
        **Column.each("rep"),
        "before": Column(_("From")),
        "after": Column(_("To")),
        "direction": Column(_("Direction")),
    }
    parts.table(rows, columns, key="stage_moves", height=260)
