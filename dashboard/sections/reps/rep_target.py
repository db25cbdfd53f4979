"""A rep's target: the running quarter with its pace, and attainment over the quarters before."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.answers.reps import one_rep
from dashboard.ask import answer_of
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import parts
from dashboard.frame.parts import Card, Column, Reading
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope


def verdict(found: dict, form: Formats) -> str:
    """Where the rep stands this quarter, in at most 90 characters."""
    if is_missing(found["target_amount"]) or not found["target_amount"]:
        return _("Won {won} this quarter; no target is set for it.").format(won=form.money(found["won_amount"]))
    attainment, pacing = found["attainment"], found["pacing"]
    if is_missing(attainment) or (attainment < 1 and is_missing(pacing)):
        said = _("No pace yet: won {won} this quarter, {attainment} of the target of {target}.")
    elif attainment >= 1:
        said = _("Made: won {won} this quarter, {attainment} of the target of {target}.")
    elif pacing >= 1:
        said = _("On track: won {won} this quarter, {attainment} of the target of {target}.")
    else:
        said = _("Behind: won {won} this quarter, {attainment} of the target of {target}.")
    return said.format(
        won=form.money(found["won_amount"]),
        attainment=form.share(found["attainment"]),
        target=form.money(found["target_amount"]),
    )


def cards(found: dict, form: Formats) -> list[Card]:
    """Five numbers of the rep's quarter."""
    beside = {"won_amount": _("target {amount}").format(amount=form.money(found["target_amount"]))}
    return [
        Card.of(key, Reading(form.metric(key, found[key]), exact=found[key]), beside=beside.get(key, ""))
        for key in _NUMBERS
        if key != "target_amount"
    ]


def asked(own: Scope, rep_id: str) -> Callable[[str], object]:
    """Asks again for what the cards are made of."""
    return lambda _key: answer_of(one_rep.target, own, rep_id)


def draw(scope: Scope, rep_id: str, found: dict, form: Formats) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _bullet(found, form)
    with right:
        _quarters(scope, rep_id, found, form)


def finding(found: dict, form: Formats) -> str:
    """Where the quarter ends at this pace; the question where there is no target, or no pace yet."""
    if is_missing(found["pacing"]):
        return _("Is the quarter's target within reach?")
    said = (
        _("Ahead: at this pace {pacing} of the target")
        if found["pacing"] >= 1
        else _("Behind: at this pace {pacing} of the target")
    )
    return said.format(pacing=form.share(found["pacing"]))


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
        title=finding(found, form),
        about=f"{label('won_amount')} ({form.money_unit})",
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
