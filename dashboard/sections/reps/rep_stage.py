"""A rep's life stage with its evidence, how it came about, and what the company owes and gives."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import company_help, life_stage, one_rep
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.reps import stage_words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label
from data_access.scope import Scope

_MOST_SOLUTIONS = 8


def draw(scope: Scope, rep: pd.Series | None, form: Formats) -> None:
    """`scope` asks for this rep alone, `rep` is the row of what was given; None: not employed on the as-of date."""
    if rep is None:
        parts.nothing(_("Not with the company on this day, so there is no stage."))
        return
    course = answer_of(company_help.course, life_stage.of_people(scope))
    since = course.since
    parts.say(
        _("{rep}: {stage} {since}").format(
            rep=rep["rep"],
            stage=stage_words.stage_name(rep["life_stage"]),
            since=stage_words.in_stage_since(since.iloc[0], form) if len(since) else "",
        )
    )
    parts.say(stage_words.evidence(rep, life_stage.rules(ask, scope).values, form))
    parts.say(stage_words.owes(rep["life_stage"]))
    left, right = st.columns(2, gap="large")
    with left:
        _given(rep, form)
    with right:
        _course(course.rows)
    _solutions(scope, rep, form)


def _given(rep: pd.Series, form: Formats) -> None:
    """What decides the stage, and what the company gives, in numbers."""
    evidence = {
        "attainment_last_year": rep["attainment"],
        "attainment_year_before": rep["attainment_before"],
        "repeat_share": rep["repeat_share"],
        "coverage_ahead": rep["coverage"],
        "support_per_deal": rep["support_per_deal"],
        "support_to_median": rep["support_to_median"],
        "new_deals_received": rep["new_deals"],
        "new_deal_share": rep["new_deal_share"],
    }
    rows = [(label(key), form.metric(key, value)) for key, value in evidence.items()]
    rows += [
        (_("Leads received in 12 months"), form.count(rep["leads"])),
        (_("Key accounts owned"), form.count(rep["key_owned"])),
        (_("Key accounts filled in for"), form.count(rep["key_filled_in"])),
        (_("Collaborations across units in 12 months"), form.count(rep["helped"])),
        (_("With the company"), stage_words.tenure(rep["employed_months"], form)),
    ]
    parts.heading(_("The evidence, and what the company gives"))
    parts.table(
        pd.DataFrame(rows, columns=["name", "value"]),
        {"name": Column(_("Number")), "value": Column(_("Value"), "written")},
        key="rep_evidence",
        height="content",  # all lines at once
    )
    if is_missing(rep["coverage"]):
        parts.note(_("No coverage: no target is set for the next two quarters yet."))


def _course(history: pd.DataFrame) -> None:
    """The stage at the ends of quarters."""
    parts.heading(_("The stage at the ends of quarters"))
    if history.empty:
        parts.nothing(_("No stage is known on any of these days."))
        return
    rows = history.iloc[::-1]
    parts.table(
        rows.assign(stage=[stage_words.stage_name(stage) for stage in rows["life_stage"]]),
        {"day": Column(_("As of"), "date"), **Column.each("stage")},
        key="rep_course",
    )


def _solutions(scope: Scope, rep: pd.Series, form: Formats) -> None:
    segments, found = answer_of(one_rep.best_matching, one_rep.of_rep(scope, rep["rep_id"]), rep["rep_id"])
    parts.heading(_("Which solutions win in the industries of these accounts?"))
    if found.empty:
        parts.nothing(
            _("No product has ten decided deals in these industries yet: {industries}.").format(
                industries=_(", ").join(segments) or _("none known")
            )
        )
        return
    rows = found.head(_MOST_SOLUTIONS)
    parts.table(
        rows.assign(track_name=[parts.track_name(track) for track in rows["track"]]),
        {
            **Column.each("solution"),
            "product": Column(_("Product")),
            "segment": Column(_("Segment")),
            "track_name": Column(_("Track")),
            "win_rate": Column.of("win_rate_count", n="decided"),
            "decided": Column(_("Decided deals"), "count"),
            "low": Column(_("At least (80 %)"), "share", help=_("The lower end of the 80 % Wilson interval.")),
        },
        key="rep_solutions",
    )
    parts.note(_("Of the whole company, everything decided so far, ten deals or more. The surest stand first."))
