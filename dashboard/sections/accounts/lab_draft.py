"""The draft of a profile: what the lab's controls hold, in the session, begun from a published profile.

The session keeps the profile a draft began from (`lab_began`) and the newest version the person had seen then
(`lab_based_on`): publishing is refused when somebody has published since. The sliders hold whole percentages that sum
to 100; `lab_shares` holds what these are rounded from, so that many small moves come to the same as a large one.

The address holds what the draft says otherwise than the profile it began from, by the names of `_PARTS`. It is told at
every change, and heeded where it says something new: a draft waits while its author looks at a page that has none.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.answers.accounts import key_accounts
from dashboard.ask import answer_of
from dashboard.frame import bar, parts
from dashboard.frame.filters import DRAFT
from dashboard.metrics.accounts.key_accounts import FACTORS, Profile
from dashboard.metrics.accounts.key_review import given_way, whole_percents
from dashboard.sections.accounts import key_words
from dashboard.sections.accounts.ranking import Ranked
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

CUTS = tuple(f"lab_cut_{number}" for number in range(10))
WEIGHTS = tuple(f"lab_weight_{factor}" for factor in FACTORS)
_PARTS = ("weights", "cuts", "top", "floor", "groups")  # as `_choices` gives them
_TOLD = "lab_told"  # in the session: the draft as the address was told it last, or told us
_REMEMBERED = 20  # places of the sliders that a browser may still believe in


def begin(profile: Profile, newest: int) -> None:
    """Puts the profile into the controls, unless they hold a draft somebody has worked on."""
    is_there = all(key in st.session_state for key in (*WEIGHTS, *CUTS, "lab_top", "lab_floor"))
    if not is_there or (st.session_state["lab_began"] != profile and not is_touched()):
        start(profile, newest)
    asked = st.session_state.get(DRAFT)
    if asked and asked != st.session_state.get(_TOLD):
        st.session_state[_TOLD] = asked
        _take(asked)


def tell() -> None:
    """The draft into the address, where it has changed."""
    held = _in_address()
    if held != st.session_state.get(_TOLD):
        st.session_state[_TOLD] = held
        bar.tell(DRAFT, held)


def _in_address() -> str | None:
    differs = {part: now for part, now, was in zip(_PARTS, _choices(), _choices_of(began()), strict=True) if now != was}
    return json.dumps(differs, ensure_ascii=False, separators=(",", ":")) if differs else None


def _take(asked: str) -> None:
    """Puts a draft of the address into the controls; one that they cannot hold is left aside."""
    try:
        said = dict(zip(_PARTS, _choices_of(began()), strict=True)) | json.loads(asked)
        weights, cuts = [int(weight) for weight in said["weights"]], [float(cut) for cut in said["cuts"]]
        top, floor = float(said["top"]), float(said["floor"])
        groups = {str(group): (_share(own[0], 1), _share(own[1], 10)) for group, own in said["groups"].items()}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return
    is_possible = (
        (len(weights), sum(weights), len(cuts)) == (len(WEIGHTS), 100, len(CUTS))
        and all(isfinite(number) and number >= 0 for number in (*weights, *cuts, top, floor))
        and top <= 100
        and floor <= 10
    )
    if not is_possible:
        return
    state = st.session_state
    state["lab_shown"], state["lab_sliding"] = [], None
    _place([weight / 100 for weight in weights])
    for key, cut in zip(CUTS, cuts, strict=True):
        state[key] = cut
    state["lab_top"], state["lab_floor"], state["lab_groups"] = top, floor, groups
    state["lab_turn"] += 1


def _share(value, most: float) -> float | None:
    """A number of a group's own, or none; a ValueError where its field could not hold it."""
    if value is not None and not 0 <= float(value) <= most:
        raise ValueError(value)
    return None if value is None else float(value)


def start(profile: Profile, newest: int) -> None:
    """Puts the profile into the controls; `newest` is the version the person has seen. 0: none is published."""
    state = st.session_state
    state["lab_shown"], state["lab_sliding"] = [], None
    _place(profile.shares)
    for key, cut in zip(CUTS, profile.cut_points, strict=True):
        state[key] = float(cut)
    state["lab_top"], state["lab_floor"] = round(profile.top * 100, 1), float(profile.floor)
    state["lab_groups"] = {group: (profile.tops.get(group), profile.floors.get(group)) for group in _own(profile)}
    state["lab_turn"] = state.get("lab_turn", 0) + 1
    state["lab_began"], state["lab_based_on"] = profile, newest


def _place(shares: Sequence[float] | np.ndarray, moved: int | None = None) -> None:
    """What the sliders show. The one being moved is left alone: told anew, it would jump back to where it was when the
    server heard of it."""
    percents = whole_percents(shares)
    st.session_state["lab_shares"] = tuple(float(share) for share in shares)
    st.session_state["lab_shown"] = [*st.session_state.get("lab_shown", [])[-_REMEMBERED:], percents]
    for place, (key, percent) in enumerate(zip(WEIGHTS, percents, strict=True)):
        if place != moved:
            st.session_state[key] = percent


def _follow() -> None:
    """A slider was moved: where it stands is its share, and the others give way.

    Somebody goes on moving it before the browser has heard how they did: until then it says of each what that showed
    before, as if it had been moved back. So of several that differ, one that stands where it never stood counts, before
    all the one that was being moved.
    """
    state = st.session_state
    shown = state["lab_shown"]
    differ = [place for place, key in enumerate(WEIGHTS) if state[key] != shown[-1][place]]
    new = [place for place in differ if state[WEIGHTS[place]] not in {before[place] for before in shown}]
    last = state["lab_sliding"]
    likely = [last] if last in (new or differ) else new or (differ if len(differ) == 1 else [])
    moved = next(iter(likely), None)
    if moved is None:
        _place(state["lab_shares"])
    else:
        state["lab_sliding"] = moved
        _place(given_way(state["lab_shares"], moved, state[WEIGHTS[moved]] / 100), moved)


def forget() -> None:
    """The next run begins anew, from what is published then."""
    st.session_state.pop(WEIGHTS[0], None)


def began() -> Profile:
    return st.session_state["lab_began"]


def is_touched() -> bool:
    """Whether the controls say anything else than the profile they began from."""
    return _choices() != _choices_of(began())


def refused() -> str | None:
    """Why the controls make no profile, in words; None: they do."""
    state = st.session_state
    cuts = [state[key] for key in CUTS]
    if any(is_missing(cut) for cut in cuts) or cuts != sorted(cuts):
        return _("The cut points must rise from the first to the tenth.")
    return None


def read() -> Profile:
    """The profile the controls make. Of what is untouched, the exact published values: 33 % stands for a third."""
    state, start_of = st.session_state, began()
    weights = [state[key] for key in WEIGHTS]
    is_same = weights == whole_percents(start_of.shares)
    groups = state["lab_groups"]
    return replace(
        start_of,
        weights=start_of.weights if is_same else dict(zip(FACTORS, map(float, weights), strict=True)),
        cut_points=tuple(state[key] for key in CUTS),
        top=round(state["lab_top"] / 100, 6),
        floor=state["lab_floor"],
        tops={group: top for group, (top, _floor) in groups.items() if top is not None},
        floors={group: floor for group, (_top, floor) in groups.items() if floor is not None},
    )


def controls(ranked: Ranked, scope: Scope, form: Formats, *, disabled: bool) -> None:
    """The sliders and fields. Where a slider stands is its share of the score; the others give way to it."""
    for key, factor in zip(WEIGHTS, FACTORS, strict=True):
        st.slider(
            literal.markdown(label(factor)),
            0,
            100,
            key=key,
            format="%d%%",
            help=literal.markdown(meaning(factor)),
            disabled=disabled,
            persist_state="session",
            on_change=_follow,
        )
    with st.container(horizontal=True):
        st.number_input(
            _("Top of each group (%)"), 0.0, 100.0, step=1.0, key="lab_top", disabled=disabled, persist_state="session"
        )
        st.number_input(
            _("Score needed at least"), 0.0, 10.0, step=0.1, key="lab_floor", disabled=disabled, persist_state="session"
        )
    with st.expander(_("Top and floor of single groups")):
        _groups(ranked, disabled)
    with st.expander(_("Cut points of past revenue")):
        _cut_points(scope, form, disabled)


def _groups(ranked: Ranked, disabled: bool) -> None:
    """A row per group; empty cells follow the general top and floor."""
    key = f"lab_groups_{st.session_state['lab_turn']}"
    if key not in st.session_state:  # a data editor keeps what was changed in it, not the whole: its base stays
        own = st.session_state["lab_groups"]
        rows = [(group, key_words.group_name(group), *own.get(group, (None, None))) for group in ranked.matrix.members]
        base = pd.DataFrame(rows, columns=["group", "name", "top", "floor"]).set_index("group")
        base["top"] = base["top"].astype("float64") * 100
        st.session_state["lab_groups_base"] = base.astype({"floor": "float64"})
    edited = st.data_editor(
        st.session_state["lab_groups_base"],
        key=key,
        hide_index=True,
        placeholder="–",
        disabled=disabled or ["name"],
        column_config={
            "name": st.column_config.TextColumn(_("Group")),
            "top": st.column_config.NumberColumn(_("Top (%)"), min_value=0, max_value=100),
            "floor": st.column_config.NumberColumn(_("Score needed"), min_value=0, max_value=10),
        },
    )
    st.session_state["lab_groups"] = {
        row.Index: (
            None if is_missing(row.top) else round(row.top / 100, 6),
            None if is_missing(row.floor) else row.floor,
        )
        for row in edited.itertuples()
        if not (is_missing(row.top) and is_missing(row.floor))
    }


def _cut_points(scope: Scope, form: Formats, disabled: bool) -> None:
    """The ten revenues that earn one more point each."""
    with st.grid(5, min_column_width=110):
        for number, key in enumerate(CUTS):
            st.number_input(
                literal.markdown(_("{points} from").format(points=number + 1)),
                0.0,
                key=key,
                format="%.2f" if number == 0 else "%.0f",
                disabled=disabled,
                persist_state="session",
            )
    st.button(
        _("Propose from today's revenues"), key="lab_propose", disabled=disabled, on_click=_propose, args=(scope,)
    )
    parts.note(
        _(
            "Revenue of the last twelve months, in {currency}. Proposed: 0.01 and the tenths of all positive revenues."
        ).format(currency=form.money_unit)
    )


def _propose(scope: Scope) -> None:
    for key, cut in zip(CUTS, answer_of(key_accounts.proposed_cut_points, scope), strict=True):
        st.session_state[key] = float(cut)


def _own(profile: Profile) -> set[str]:
    return {*profile.tops, *profile.floors}


def _choices() -> tuple:
    state = st.session_state
    return (
        [state[key] for key in WEIGHTS],
        [state[key] for key in CUTS],
        state["lab_top"],
        state["lab_floor"],
        state["lab_groups"],
    )


def _choices_of(profile: Profile) -> tuple:
    """What the controls hold when they hold this profile."""
    return (
        whole_percents(profile.shares),
        [float(cut) for cut in profile.cut_points],
        round(profile.top * 100, 1),
        float(profile.floor),
        {group: (profile.tops.get(group), profile.floors.get(group)) for group in _own(profile)},
    )
