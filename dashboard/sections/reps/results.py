"""What is achieved: activity beside results, attainment and its swing, how newcomers start."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.answers.reps import team
from dashboard.ask import answer_of
from dashboard.figures import axes
from dashboard.figures.marks import BR
from dashboard.figures.reps import team as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

_ROOM = 1.06  # beyond the furthest point


def draw(reps: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Activity beside attainment, attainment beside its swing, and the newcomers' starts."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _activity_beside_results(reps, form)
    with middle:
        _swing(reps, form)
    with right:
        _ramp(scope, form)


def _activity_beside_results(reps: pd.DataFrame, form: Formats) -> None:
    known = reps[reps["attainment"].notna() & reps["completed"].notna()]
    points = _points(known, "completed", "attainment", form)
    parts.figure(
        figures.beside(
            points,
            x=axes.counts(points["x"], label("completed"), form, room=0.05),
            y=_shares(points["y"], label("attainment"), form),
            words={
                "nothing": _("No activity was imported, so there is none to set beside results. Import activity.")
                if reps["completed"].isna().all()
                else _("No target in view, so there is no result to set activity beside. Import target.")
            },
            tokens=parts.tokens(),
        ),
        key="reps_beside",
        title=_("Activity beside results"),
        alt=_("{n} reps by completed activities and attainment.").format(n=form.count(len(points))),
        twin=known,
        columns=Column.each("rep", "completed", "attainment"),
        source=one_of(
            "{n} rep with a target. That two things go together says nothing about what causes what.",
            "{n} reps with a target. That two things go together says nothing about what causes what.",
            len(points),
        ).format(n=form.count(len(points))),
    )


def _swing(reps: pd.DataFrame, form: Formats) -> None:
    known = reps[reps["attainment_swing"].notna() & reps["attainment"].notna()]
    points = _points(known, "attainment_swing", "attainment", form)
    parts.figure(
        figures.beside(
            points,
            x=_ratios(points["x"], label("attainment_swing"), form),
            y=_shares(points["y"], label("attainment"), form),
            words={"nothing": _("A swing needs four ended quarters with a target. Import target.")},
            tokens=parts.tokens(),
        ),
        key="reps_swing",
        title=_("How steady is the attainment?"),
        alt=_("{n} reps by the swing of their quarters and their attainment.").format(n=form.count(len(points))),
        twin=known,
        columns={
            **Column.each("rep", "attainment", "attainment_swing"),
            "swing_quarters": Column(_("Quarters"), "count"),
        },
        source=one_of(
            "{n} rep with four or more ended quarters with a target. The further right, the more the quarters swing.",
            "{n} reps with four or more ended quarters with a target. The further right, the more the quarters swing.",
            len(points),
        ).format(n=form.count(len(points))),
    )


def _points(reps: pd.DataFrame, x: str, y: str, form: Formats) -> pd.DataFrame:
    written: dict[str, Callable[..., str]]
    written = {"completed": form.count, "attainment": form.share, "attainment_swing": form.ratio}
    told = [
        f"{rep.rep}{BR}{label(x)} {written[x](getattr(rep, x))}{BR}{label(y)} {written[y](getattr(rep, y))}"
        for rep in reps.itertuples(index=False)
    ]
    values = {name: reps[column].astype(float).to_numpy() for name, column in (("x", x), ("y", y))}
    return pd.DataFrame({"key": reps["rep_id"].to_numpy(), **values, "told": told})


def _shares(values: pd.Series, title: str, form: Formats) -> dict:
    """An axis over shares that may pass 100 %."""
    most = max(float(values.max()), 1.0) if len(values) else 1.0
    at = axes.ticks(0, most)
    ticks = {"tickvals": at, "ticktext": [form.share(v) for v in at], "tickangle": 0}
    return ticks | {"title": {"text": title}, "range": [0, most * _ROOM], "showgrid": True}


def _ratios(values: pd.Series, title: str, form: Formats) -> dict:
    most = float(values.max()) if len(values) else 1.0
    at = axes.ticks(0, most)
    ticks = {"tickvals": at, "ticktext": [form.ratio(v) for v in at], "tickangle": 0}
    return ticks | {"title": {"text": title}, "range": [0, most * _ROOM], "showgrid": True}


def _ramp(scope: Scope, form: Formats) -> None:
    """How fast newcomers start, by the year they were hired in."""
    curves, before = answer_of(team.ramp, scope)
    parts.figure(
        figures.ramps(
            curves,
            words={
                "months": _("Whole months since hiring"),
                "axis": _("Won per rep so far ({unit})").format(unit=form.money_unit),
                "end": _("{cohort} ({n})"),
                "point": _("hired in {cohort}, month {month}\n{won} per rep so far\n{n} reps there"),
                "nothing": _("No start to look at: nobody in view was hired since the data begin."),
            },
            **parts.look(),
        ),
        key="reps_ramp",
        title=_("How fast do newcomers start?"),
        alt=_("Cumulative won amount per rep by month since hiring, a line per year of hiring."),
        twin=curves.assign(cohort=curves["cohort"].astype(str)),
        columns={
            "cohort": Column(_("Hired in"), "written"),
            "month": Column(_("Month since hiring"), "count"),
            "reps": Column(_("Reps there"), "count"),
            "cumulative": Column(_("Won per rep so far"), "money"),
        },
        source=_(
            "The mean of each month, added up, over those who were there for it. {n} hired before "
            "the data begin are left out: their start is not known."
        ).format(n=form.count(before)),
    )
