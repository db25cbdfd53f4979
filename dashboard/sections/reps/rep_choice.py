"""Which rep is looked at: the one in the address, else one of the list; and the way to a rep's page from anywhere."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import life_stage, one_rep
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, parts
from dashboard.frame.parts import Column
from dashboard.sections.reps import stage_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access import organisation
from data_access.errors import Refused
from data_access.scope import Scope

_REP_PAGE = "../pages/rep.py"  # as seen from main.py
_IN_ADDRESS = "rep"  # in the session; the bar keeps the address equal to it
_PICK = "rep_pick"
# Of the fifty columns of a rep; the others would be sorted along at every rerun.
_LISTED = ["rep_id", "rep", "region", "life_stage", "employed_months", "attainment", "open_deals"]


def link(rep_id: str, name: str) -> None:
    """The way to the page of a rep, with the filters."""
    st.page_link(
        _REP_PAGE,
        label=literal.markdown(_("Open the page of {rep}").format(rep=name)),
        query_params=bar.address_of("rep") | {"rep": rep_id},
    )


def may_see(scope: Scope, rep_id: str) -> bool:
    """Whether the person may see the rep's page."""
    return _refusal(scope, rep_id) is None


def choose(scope: Scope) -> str | None:
    """The list to choose from, and the rep chosen if the person may see them; says why one cannot be shown."""
    people = ask(organisation.people, scope)
    names = dict(zip(people["rep_id"], people["name"], strict=True))
    wanted = st.session_state.get(_IN_ADDRESS)
    refused = None if wanted is None else _refusal(scope, wanted)
    shown = wanted if refused is None else None
    options = list(names) if shown is None or shown in names else [shown, *names]
    st.session_state[_PICK] = shown
    st.selectbox(
        _("Rep"),
        options,
        format_func=literal.choices(lambda rep_id: f"{names.get(rep_id, rep_id)} · {rep_id}"),
        index=None if shown is None else options.index(shown),  # also as the default: see bar.py
        key=_PICK,
        placeholder=_("Search by name or key"),
        on_change=lambda: st.session_state.update({_IN_ADDRESS: st.session_state[_PICK]}),
    )
    if refused:
        parts.notice(refused)
    return shown


def _refusal(scope: Scope, rep_id: str) -> str | None:
    """Why a rep cannot be shown, in words; None where they can."""
    try:
        one_rep.facts(ask, scope, rep_id)
    except Refused:
        return _("There is no rep {rep} that you may see. Choose one from the list.").format(rep=rep_id)
    return None


def everyone(scope: Scope, form: Formats) -> None:
    """The reps the scope shows, those who are here; a click opens one."""
    found = answer_of(life_stage.life_stages, life_stage.of_people(scope.but(owner=None)))
    shown = found.loc[found["is_here"], _LISTED].sort_values(["region", "rep"], na_position="last", ignore_index=True)
    if shown.empty:
        parts.nothing(_("There are no reps here. Import rep, and target for their stages."))
        return
    rows = shown.assign(
        stage=[stage_words.stage_name(one) for one in shown["life_stage"]],
        tenure=[stage_words.tenure(months, form) for months in shown["employed_months"]],
    )
    keys = list(rows["rep_id"])
    parts.table(
        rows,
        {
            **Column.each("rep", "region"),
            "stage": stage_words.stage_column(_("Stage")),
            "attainment": Column.of("attainment_last_year"),
            "open_deals": Column.of("open_count"),
            **Column.each("tenure"),
            "rep_id": Column(_("Key")),
        },
        key="rep_list",
        height=520,
        opens=lambda row: st.session_state.update({_IN_ADDRESS: keys[row]}),
    )


def in_words(rep: pd.Series, scope: Scope, form: Formats) -> str:
    """What is being looked at: one rep, whatever the filters say."""
    manager = None if pd.isna(rep["manager"]) else _("led by {manager}").format(manager=rep["manager"])
    left = None if pd.isna(rep["left_on"]) else _("left on {day}").format(day=form.date(rep["left_on"]))
    told = [rep["rep_id"], rep["region"], manager, left, _("as of {day}").format(day=form.date(scope.as_of))]
    return " · ".join(part for part in told if part and not pd.isna(part))
