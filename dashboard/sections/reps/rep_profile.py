"""A rep's profile over the peers, its weights in sight, and the soft metrics as they are entered."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import one_rep
from dashboard.answers.reps.one_rep import KIND, Profile
from dashboard.ask import answer_of, ask
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps.rep_profile import DEFAULTS, HARD, NOUGHT_AT, SOFT, TEN_AT
from dashboard.sections import entry, entry_history, thresholds
from dashboard.sections.thresholds import Threshold
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.scope import Scope


def measure_name(measure: str) -> str:
    return {
        "attainment": label("attainment"),
        "repeat_share": label("repeat_share"),
        "steadiness": _("Steadiness"),
        "touched": label("touched_share"),
        "on_time": _("Plans kept"),
        "innovation": _("Innovation"),
        "collaboration": _("Collaboration"),
        "learning": _("Learning"),
    }.get(measure, measure)


def _scale(measure: str, form: Formats) -> str:
    """What 0 and 10 stand for."""
    return {
        "attainment": _("last 12 months; 10 is {most} of target").format(most=form.share(TEN_AT)),
        "repeat_share": _("part of the won amount of the last 12 months; 10 is all of it"),
        "steadiness": _("swing of the last 8 quarters; 10 is none, 0 is {most} of the mean").format(
            most=form.share(NOUGHT_AT)
        ),
        "touched": _("accounts owned with an activity in the last 90 days; 10 is all"),
        "on_time": _("activities planned in the last 12 months, done by their day; 10 is all"),
    }.get(measure, _("judged, 0 to 10; the latest assessment"))


def draw(scope: Scope, rep: pd.Series, form: Formats) -> None:
    found = answer_of(one_rep.profile, one_rep.of_rep(scope, rep["rep_id"]), rep["rep_id"])
    left, right = st.columns([3, 2], gap="large")
    with left:
        _radar(found, rep, form)
    scores = one_rep.soft_scores(ask, scope, rep["rep_id"])
    with right:
        _entry(scope, rep["rep_id"], scores)
    entry_history.draw(
        scores.assign(metric=scores["metric"].map(measure_name)),
        {"metric": Column(_("Soft metric")), "score": Column(_("Score"), "number")},
        ["metric"],
        "rep_score",
        form,
    )
    thresholds.draw(scope, KIND, _("The weights of the profile, and who set them"), _weights(), DEFAULTS)


def _radar(found: Profile, rep: pd.Series, form: Formats) -> None:
    rows = found.rows.assign(
        name=[measure_name(measure) for measure in found.rows["measure"]],
        scale=[_scale(measure, form) for measure in found.rows["measure"]],
    )
    words = {
        "rep": rep["rep"],
        "peers": _("median of the peers"),
        "nothing": _("A profile takes three measures with data. Import target, activity or rep_score."),
    }
    parts.figure(
        figures.radar(rows, words=words, **parts.look()),
        key="rep_radar",
        title=finding(rows, form),
        alt=_("Profile 0–10, rep and peers: {told}").format(
            told=_(", ").join(
                f"{name} {form.number(score)} / {form.number(peers)}"
                for name, score, peers in rows[["name", "score", "peers"]].itertuples(index=False)
            )
        ),
        twin=rows,
        columns={
            "name": Column(_("Measure")),
            "score": Column(words["rep"], "number"),
            "peers": Column(words["peers"], "number"),
            "n": Column(_("Peers with data"), "count"),
            **Column.each("weight"),
            "scale": Column(_("Scale")),
        },
        source=_who(found, form),
    )
    parts.say(_in_words(found, rows, form))


def finding(rows: pd.DataFrame, form: Formats) -> str:
    """In how many measures the rep is ahead of the peers, and where furthest behind; the question where none is known.

    rows   name, score, peers (the peers' median)
    """
    known = rows.dropna(subset=["score", "peers"])
    if known.empty:
        return _("Where is the rep ahead of the peers, and where behind?")
    ahead = (known["score"] - known["peers"]).set_axis(known["name"])
    said = _("Ahead of the peers in {n} of {of} measures").format(
        n=form.count((ahead > 0).sum()), of=form.count(len(known))
    )
    if ahead.min() < 0:
        said += _("; furthest behind: {measure}").format(measure=ahead.idxmin())
    return said


def _who(found: Profile, form: Formats) -> str:
    """Who the peers are."""
    if found.peers is None:
        return _("Fewer than three peers in the same stage, region or unit: no median is shown.")
    text = {
        "life_stage": _("Peers: the {n} others of the company in the same life stage."),
        "region": _("Peers: the {n} others in the same region."),
        "unit": _("Peers: the {n} others in the same unit."),
    }[found.peers]
    return text.format(n=form.count(found.n)) + " " + _("Every axis goes from 0 to 10; the table says what 10 is.")


def _in_words(found: Profile, rows: pd.DataFrame, form: Formats) -> str:
    weights = _(", ").join(f"{row.name} {form.share(row.weight)}" for row in rows.itertuples(index=False))
    if found.score is None:
        return _("No weighted mean: nothing is known of both the rep and the peers.")
    return _("Weighted mean {score}, of the peers' medians {peers}. Weights: {weights}.").format(
        score=form.number(found.score, 2), peers=form.number(found.of_peers, 2), weights=weights
    )


def _weights() -> list[Threshold]:
    hard = [Threshold(measure, measure_name(measure), "number", step=0.5) for measure in HARD]
    return [*hard, Threshold("soft", _("Each soft metric"), "number", step=0.5)]


def _entry(scope: Scope, rep_id: str, scores: pd.DataFrame) -> None:
    """The soft metrics: a new score for any of them."""
    metrics = [*SOFT, *sorted(set(scores["metric"]) - set(SOFT))]
    names, of = {metric: measure_name(metric) for metric in metrics}, ("metric", _("Soft metric"))
    entry.scores(scope, rep_id, "rep_score", _("Assess the soft metrics"), of, names, scores)
