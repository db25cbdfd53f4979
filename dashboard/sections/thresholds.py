"""Rules in sight: the thresholds of a profile as everybody sees them, and the form in which directors change them.

A profile here is a handful of plain numbers (`Threshold`s). Publishing makes a new version for everybody; every
version stays, with who, when and why, and publishing the old numbers again is how one goes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.profiles import Held, held
from dashboard.ask import ask, write
from dashboard.frame import parts, trouble
from dashboard.frame.parts import Column
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access import profiles
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import NotAllowed, Refused
from data_access.scope import Scope


@dataclass(frozen=True)
class Threshold:
    """One number of a profile: its key there, its name, how it is written, and what it may be.

    unit   share, days, count, money, ratio, number, as in `parts.Column`; a share is entered in percent
    """

    key: str
    name: str
    unit: str
    least: float = 0.0
    most: float | None = None
    step: float = 1.0


@parts.fragment
def draw(scope: Scope, kind: str, title: str, thresholds: Sequence[Threshold], defaults: Mapping[str, float]) -> None:
    """The thresholds that hold, who set them, and for directors the form to change them."""
    form, holding = parts.formats(), held(ask, scope, kind, defaults)
    versions = ask(profiles.published, None, kind)
    with st.expander(literal.markdown(title), key=f"{kind}_rules"):
        done = st.session_state.pop(f"{kind}_published", None)
        if done:
            parts.done(done)
        parts.table(
            pd.DataFrame(
                [(one.name, form.by_unit(holding.values[one.key], one.unit)) for one in thresholds],
                columns=["name", "value"],
            ),
            {"name": Column(_("Rule")), "value": Column(_("Holds now"), "written")},
            key=f"{kind}_held",
        )
        parts.note(_told(holding, versions, form))
        if len(versions):
            _history(kind, versions, thresholds, form)
        _change(scope, kind, thresholds, holding, versions)


def _told(held: Held, versions: pd.DataFrame, form: Formats) -> str:
    if not held.version:
        return _("These are the defaults. Nothing has been published yet.")
    row = versions[versions["version"] == held.version].iloc[0]
    return _("Version {version}, published by {who} on {day}: {reason}").format(
        version=held.version, who=row["published_by"], day=form.date(row["published_at"]), reason=row["reason"]
    )


def _history(kind: str, versions: pd.DataFrame, thresholds: Sequence[Threshold], form: Formats) -> None:
    """Every version with its numbers, the newest first."""
    written = {
        one.key: [form.by_unit(payload.get(one.key), one.unit) for payload in versions["payload"]] for one in thresholds
    }
    rows = versions.assign(day=versions["published_at"].dt.normalize(), **written).iloc[::-1]
    common = {
        "version": Column(_("Version"), "count"),
        "day": Column(_("Published on"), "date"),
        **Column.each("published_by", "reason"),
    }
    parts.table(rows, common | {one.key: Column(one.name, "written") for one in thresholds}, key=f"{kind}_versions")


def _change(scope: Scope, kind: str, thresholds: Sequence[Threshold], held: Held, versions: pd.DataFrame) -> None:
    """The form, or who may use it."""
    try:
        scope.person.must_be_allowed_to_write("scoring_profile")
    except NotAllowed:
        parts.note(_("Only directors may publish other rules."))
        return
    if not scope.is_live:
        parts.note(_("You are looking at the past. Set the as-of date to the last day to publish."))
        return
    turn = f"{kind}_turn"  # how often something was published here: until then a reason stays, whoever else publishes
    with st.container(border=True):  # no `st.form`, which knows nothing of what is typed until it is sent
        values = {one.key: _input(kind, one, held) for one in thresholds}
        reason = st.text_input(
            _("Reason (required)"),
            key=f"{kind}_reason_{st.session_state.get(turn, 0)}",
            max_chars=LONGEST_TEXT,
            persist_state="session",
        )
        wanted = st.button(_("Publish for everybody"), key=f"{kind}_publish", type="primary")
    if not wanted:
        return
    if not reason.strip():
        parts.notice(_("A profile is published with a reason. Say in a sentence why it changes."))
        return
    based_on = 0 if versions.empty else int(versions["version"].iloc[-1])
    try:
        version = write(profiles.publish, scope, kind, dict(values), reason, based_on=based_on, at=database.now())
    except Refused as refused:
        parts.notice(trouble.in_words(refused))
    else:
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        st.session_state[f"{kind}_published"] = _("Version {version} is published.").format(version=version)
        st.rerun(scope="app")


def _input(kind: str, one: Threshold, held: Held) -> float:
    """The field of one threshold, and the number entered: shares are written in percent."""
    factor = 100 if one.unit == "share" else 1
    entered = st.number_input(
        literal.markdown(f"{one.name} (%)" if one.unit == "share" else one.name),
        min_value=float(one.least * factor),
        max_value=None if one.most is None else float(one.most * factor),
        value=float(held.values[one.key] * factor),
        step=float(one.step),
        key=f"{kind}_{one.key}_{held.version}",
        persist_state="session",
    )
    return entered / factor
