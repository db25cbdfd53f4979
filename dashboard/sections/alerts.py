"""What somebody is told of by mail once it happens, in the drawer of the digests: their own alerts alone."""

from functools import partial

import streamlit as st

from dashboard.answers.digests import watched
from dashboard.ask import own_of, write
from dashboard.digests.alert_letter import limit
from dashboard.frame import parts, trouble
from dashboard.frame.drawer import DIGEST
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections.attention.words import how_many
from dashboard.sections.definitions import unit_name
from dashboard.words import language, literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.database.limits import LARGEST_AMOUNT
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.people import alerts
from data_access.people.alerts import SIDES, Alert, Wish
from data_access.people.kept import NotKept
from data_access.scope import Scope

_LARGEST = float(LARGEST_AMOUNT)
_TURN = f"{DIGEST}_alert_turn"  # of the session's state: how many were made, so that the form begins anew


def draw(scope: Scope, address: str) -> None:
    """Those there are, each with its end, and the form for another."""
    parts.heading(_("Alerts"), about=_("Told once a number crosses a threshold, or a line is new"))
    try:
        found = own_of(alerts.own, scope, address)
    except NotAllowed:
        parts.note(_("You are not on file by this address. Ask who runs this."))
        return
    form = parts.formats()
    for one in found:
        _draw(one, scope, address, form)
    _new(scope, address)


def _draw(one: Alert, scope: Scope, address: str, form: Formats) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"alert_{one.alert_id}"):
        parts.say(" · ".join(filter(None, (_said(one.wish, form), _last(one, form)))))
        if st.button(
            literal.markdown(_("Remove {alert}").format(alert=_said(one.wish, form))),
            icon=":material/delete:",
            key=f"alert_end_{one.alert_id}",
            type="tertiary",
        ):
            _write(partial(write, alerts.end_own, scope, address, one.alert_id))


def _said(wish: Wish, form: Formats) -> str:
    if wish.metric not in DEFINITIONS:  # of a former version
        return wish.metric
    return f"{name(wish.metric)} {limit(wish, form)}" if wish.side else name(wish.metric)


def _last(one: Alert, form: Formats) -> str:
    """What was seen last; a number may not be known."""
    if one.seen is None or one.wish.metric not in DEFINITIONS:
        return _("not looked at yet")
    day = form.date(one.seen.on)
    if one.wish.side is None:
        return _("{n} as of {day}").format(n=how_many(len(one.seen.lines), form), day=day)
    return _("{n} as of {day}").format(n=form.metric(one.wish.metric, one.seen.value), day=day)


def name(metric: str) -> str:
    """What is watched: a number by its name, a rule of Attention as such."""
    rule = watched.rule_of(metric)
    return label(metric) if rule is None else _("New in Attention: {rule}").format(rule=label(metric))


def _new(scope: Scope, address: str) -> None:
    turn = st.session_state.get(_TURN, 0)
    metric = st.selectbox(
        _("Tell me of"),
        watched.WATCHED,
        format_func=literal.choices(name),
        key=f"alert_metric_{turn}",
        persist_state="session",
    )
    side, threshold = None, None
    if watched.rule_of(metric) is None:
        sides = {"below": _("Below"), "above": _("Above")}
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            side = st.segmented_control(
                _("When it is"),
                SIDES,
                default=SIDES[0],
                required=True,
                format_func=literal.options(sides.__getitem__),
                key=f"alert_side_{turn}",
                persist_state="session",
            )
            threshold = _threshold(metric, turn)
    if st.button(_("Add alert"), key="alert_add", type="primary"):
        if side is not None and threshold is None:
            parts.notice(_("The threshold is missing. Give a number."))
            return
        wish = Wish(metric, side, threshold, language.current())
        _write(partial(write, alerts.make_own, scope, address, wish))


def _threshold(metric: str, turn: int) -> float | None:
    """The number entered, a share in percent; None: none."""
    unit = DEFINITIONS[metric].unit
    entered = st.number_input(
        literal.markdown(_("Threshold, {unit}").format(unit="%" if unit == "share" else unit_name(unit))),
        value=None,
        min_value=-_LARGEST,
        max_value=_LARGEST,
        key=f"alert_threshold_{metric}_{turn}",
        persist_state="session",
    )
    return None if entered is None else float(entered) / (100 if unit == "share" else 1)


def _write(entered: partial) -> None:
    """Does it, and begins the list anew; or says why not, and all that was typed stays."""
    try:
        entered()
    except NotKept as refused:
        parts.notice(
            _("You have this alert already.")
            if refused.rule == "taken"
            else _("You have as many as can be kept. Delete one first.")
        )
    except NotFound:
        parts.notice(_("This alert is there no more."))
    except Refused as refused:
        parts.notice(_("Nothing was saved. {why}").format(why=trouble.in_words(refused)))
    else:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.rerun(scope="fragment")
