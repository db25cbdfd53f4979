"""What if there were another person, one were away, or the rules were others: another plan beside the one there is."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.answers.support import allocation
from dashboard.answers.support.allocation import Added, Away, Wish
from dashboard.answers.support.allocation_review import Review, moved
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.parts import Card, Column, Reading
from dashboard.frame.wording import support_kind_name
from dashboard.metrics.support.allocation import HIGHEST_TILT, KINDS
from dashboard.sections.support import allocation_run, allocation_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, meaning
from data_access.errors import NotAllowed
from data_access.scope import Scope

_WISH = "allocation_wish"
_TURN = "allocation_turn"  # how often the form was begun anew
_HOURS = 40.0  # a week of the person added, to begin with


def may_change(scope: Scope) -> bool:
    try:
        scope.person.must_be_allowed_to_write("allocation_plan")
    except NotAllowed:
        return False
    return True


def draw(scope: Scope, before: Review, form: Formats) -> Review | None:
    """The questions, and once asked, their answer: the review of the other plan."""
    if not may_change(scope):
        parts.note(_("Directors try other people and rules here, and publish plans; you see what holds."))
        return None
    _ask(before, form)
    wish = st.session_state.get(_WISH)
    if wish is None:
        return None
    st.button(_("Drop the what-if"), key="allocation_drop", on_click=_drop)
    asked = answer_of(allocation.asked, scope, wish)
    solved = allocation_run.solved("draft", asked.problem, allocation_words.doing(asked, form))
    if solved is None:
        return None
    after = allocation_run.reviewed("draft", asked, scope)
    _differences(before, after, form)
    return after


def _drop() -> None:
    """Back to how things are; the form too, whose fields keep what they hold as long as their keys stay."""
    st.session_state.pop(_WISH, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    allocation_run.forget("draft")


def _key(name: str) -> str:
    """The key of a field of the form."""
    return f"what_if_{name}_{st.session_state.get(_TURN, 0)}"


# --- the questions ------------------------------------------------------------------------------------


def _ask(before: Review, form: Formats) -> None:
    """Nothing is worked out before all is said; and what is said is kept, of which `st.form` would know nothing."""
    held = before.asked.profile.values
    with st.container(border=True, key="allocation_what_if"):
        rules, away, added = st.columns(3, gap="large")
        with rules:
            values = _rules(held)
        with away:
            absent = _away(before, form)
        with added:
            more = _added(before)
        if st.button(_("Work it out"), key="allocation_ask", type="primary"):
            wish = Wish(tuple((key, value) for key, value in values.items() if value != held[key]), more, absent)
            if wish.is_as_things_are:
                st.session_state.pop(_WISH, None)
                parts.notice(_("That is how things are already: change a rule, take somebody away, or add somebody."))
            else:
                st.session_state[_WISH] = wish


def _rules(held: Mapping[str, float]) -> dict[str, float]:
    parts.heading(_("Other rules"))
    tilt = st.slider(
        _("Tilt toward Building reps (%)"),
        0,
        round(100 * HIGHEST_TILT),
        round(100 * held["tilt"]),
        5,
        key=_key("tilt"),
        persist_state="session",
        help=literal.markdown(meaning("tilt_share")),
    )
    return {"tilt": held["tilt"] if tilt == round(100 * held["tilt"]) else tilt / 100}


def _away(before: Review, form: Formats) -> Away | None:
    asked = before.asked
    parts.heading(_("Somebody away for two weeks"))
    names = dict(zip(asked.people["resource_id"], asked.people["person"], strict=True))
    who = st.selectbox(
        _("Person"),
        list(names),
        index=None,
        format_func=literal.choices(names.__getitem__),
        key=_key("away"),
        persist_state="session",
        placeholder=_("Nobody"),
    )
    first = st.selectbox(
        _("From the week of"),
        range(len(asked.weeks) - 1),
        format_func=lambda number: form.date(asked.weeks[number]),
        key=_key("away_from"),
        persist_state="session",
    )
    return None if who is None else Away(who, first)


def _added(before: Review) -> Added | None:
    people = before.asked.people
    parts.heading(_("Somebody more"))
    kind = st.selectbox(
        _("Kind"), KINDS, index=None, format_func=support_kind_name, key=_key("add_kind"), placeholder=_("Nobody"),
        persist_state="session",
    )  # fmt: skip
    regions = dict(zip(people["region_id"], people["region"], strict=True))
    places = {region: name for region, name in regions.items() if isinstance(region, str)}
    region = st.selectbox(
        _("Serves the region"), list(places), index=None, format_func=literal.choices(places.__getitem__),
        key=_key("add_region"), placeholder=_("All regions"), persist_state="session",
    )  # fmt: skip
    skills = st.multiselect(
        _("Skills"),
        sorted(set().union(*people["skills"])),
        format_func=literal.choices(),
        key=_key("add_skills"),
        persist_state="session",
        placeholder=_("None"),
    )
    hours = st.number_input(_("Hours a week"), 0.0, 168.0, _HOURS, 1.0, key=_key("add_hours"), persist_state="session")
    return None if kind is None else Added(kind, region, tuple(skills), hours)


# --- the answer ---------------------------------------------------------------------------------------


def _differences(before: Review, after: Review, form: Formats) -> None:
    """What the other plan brings more or less, by the value an hour has as things are, and whom it moves."""
    rows = moved(before, after)
    hours = {side: review.requests["recommended"].sum() for side, review in (("before", before), ("after", after))}
    shares = [review.solved.subsistence_share(review.solved.plan) for review in (before, after)]
    change = rows["value_change"].sum()
    value, written = before.totals["recommended"] + change, form.money(change, signed=True)
    parts.kpi_row(
        [
            _card("allocation_value", form.money(value), value, written),
            _card(
                "planned_hours",
                form.number(hours["after"], 0),
                hours["after"],
                form.number(hours["after"] - hours["before"], 0, signed=True),
            ),
            _card("tilt_share", form.share(shares[1]), shares[1], form.change(shares[1], shares[0], "share")),
            _card("tilt_price", form.money(after.totals["tilt_price"]), after.totals["tilt_price"]),
        ],
        key="cards_what_if",
    )
    parts.say(allocation_words.tilt_in_words(after.solved, form))
    new = after.people[after.people["person"].isna()]
    if len(new):
        parts.say(
            _("The person added would be given {planned} of {available} hours.").format(
                planned=form.number(new["planned"].iloc[0], 0), available=form.number(new["available"].iloc[0], 0)
            )
        )
    if rows.empty:
        parts.nothing(_("Nobody would get other hours."))
        return
    parts.table(
        rows.assign(kind=rows["kind"].map(support_kind_name)),
        {
            **Column.each("deal", "owner", "kind"),
            "before": Column(_("Hours before"), "number"),
            "after": Column(_("Hours after"), "number"),
            **Column.each("value_change", "request_id"),
        },
        key="allocation_moved",
        height=300,
    )


def _card(key: str, value: str, exact: float | None, change: str = "") -> Card:
    return replace(Card.of(key, Reading(value, change, exact=exact)), key=f"what_if_{key}")
