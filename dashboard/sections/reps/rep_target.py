"""A rep's target: the running quarter with its pace, and attainment over the quarters before."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import one_rep
from dashboard.ask import answer_of
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope


def answer(found: dict, stage: str, form: Formats) -> str:
    """Where the rep stands, in a sentence."""
    if is_missing(found["target_amount"]) or not found["target_amount"]:
        text = _("Won {won} this quarter; no target is set for it.").format(won=form.money(found["won_amount"]))
    else:
        text = _("Won {won} this quarter, {attainment} of the target of {target}").format(
            won=form.money(found["won_amount"]),
            attainment=form.share(found["attainment"]),
            target=form.money(found["target_amount"]),
        )
        if not is_missing(found["pacing"]):
            text += _("; {pacing} of the usual pace").format(pacing=form.share(found["pacing"]))
        text += _(".")
    return text + " " + _("Life stage: {stage}.").format(stage=stage)


def draw(scope: Scope, rep_id: str, found: dict, form: Formats) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _bullet(found, form)
    with right:
        _quarters(scope, rep_id, found, form)


def _bullet(found: dict, form: Formats) -> None:
    quarter = found["quarter"]
    words = {
        "won": label("won_amount"),
        "target": _("target {amount}").format(amount=form.money(found["target_amount"])),
        "even": _("even pace"),
        "axis": _("Won this quarter"),
        "nothing": _("No target is set for this quarter. Import target."),
    }
    twin = pd.DataFrame([(label(key), form.metric(key, found[key])) for key in _NUMBERS], columns=["name", "value"])
    parts.figure(
        figures.bullet(found["won_amount"], found["target_amount"], found["gone"], words=words, **parts.look()),
        key="rep_bullet",
        title=_("Is the quarter's target within reach?"),
        alt=_("Won {won} of a target of {target}; {gone} of the quarter's days have passed").format(
            won=form.money(found["won_amount"]),
            target=form.money(found["target_amount"]),
            gone=form.share(found["gone"]),
        ),
        twin=twin,
        columns={"name": Column(_("Number")), "value": Column(_("Value"), "written")},
        source=_("{start} – {end}. {pacing}: {meaning}").format(
            start=form.date(quarter.start),
            end=form.date(quarter.end),
            pacing=label("pacing"),
            meaning=meaning("pacing"),
        ),
    )
    told = [f"{label(key)} {form.metric(key, found[key])}" for key in _NUMBERS if not is_missing(found[key])]
    parts.say(" · ".join(told))


_NUMBERS = ("won_amount", "target_amount", "attainment", "pacing", "open_amount", "coverage")


def _quarters(scope: Scope, rep_id: str, found: dict, form: Formats) -> None:
    history = answer_of(one_rep.attained, one_rep.of_rep(scope, rep_id), rep_id)
    quarters = history.quarters[["quarter", "won", "target", "attainment"]].assign(is_partial=False)
    if found["target_amount"]:
        running = {
            "quarter": pd.Timestamp(found["quarter"].start),
            "won": found["won_amount"],
            "target": found["target_amount"],
            "attainment": found["attainment"],
            "is_partial": True,
        }
        quarters = pd.DataFrame([*quarters.to_dict("records"), running])
    words = {
        "so_far": _("so far"),
        "axis": label("attainment"),
        "nothing": _("No quarter with a target has ended yet. Import target."),
    }
    parts.figure(
        figures.attained(quarters, words=words, **parts.look()),
        key="rep_attained",
        title=_("How steady is the attainment?"),
        alt=_("Attainment by quarter: {told}").format(
            told=_(", ").join(
                f"{form.month(row.quarter)} {form.share(row.attainment)}" for row in quarters.itertuples(index=False)
            )
        ),
        twin=quarters,
        columns={
            "quarter": Column(_("Quarter from"), "month"),
            "won": Column.of("won_amount"),
            "target": Column.of("target_amount"),
            "attainment": Column.of("attainment"),
        },
        source=_swing(history, form),
    )


def _swing(history, form: Formats) -> str:
    if history.swing is None:
        return _("Swing: no data; it takes four ended quarters with a target.")
    text = one_of(
        "Swing {swing} over {n} ended quarter with a target.",
        "Swing {swing} over {n} ended quarters with a target.",
        history.n,
    )
    return text.format(swing=form.share(history.swing), n=form.count(history.n))
