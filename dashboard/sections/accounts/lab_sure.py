"""How sure a draft is: the accounts near the edge, the weights that tip them, and where the key set stays the same.

Thousands of rankings: for many accounts seconds, so it is asked for by a button, and kept for the draft it is about.
"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.figures.accounts import key_accounts as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.accounts import key_review
from dashboard.metrics.accounts.key_accounts import FACTORS, Matrix, Profile, same_set_map, stability
from dashboard.sections.accounts.ranking import MOST_TIPPED, Ranked
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

_MOST_DOTS = 25


def draw(scope: Scope, ranked: Ranked, draft: Profile, matrix: Matrix, is_key: pd.Series, form: Formats) -> None:
    """A button; once pressed, what it worked out, as long as the draft stays the one it is about."""
    parts.heading(_("How sure is this draft?"))
    pressed = st.button(_("How sure?"), key="lab_sure", help=literal.markdown(meaning("stability")))
    asked = (repr(draft), scope.as_of, scope.person, scope.regions)
    kept = st.session_state.get("lab_sure_about")
    if kept is None or kept["asked"] != asked:
        if not pressed:
            parts.note(
                _(
                    "Tries 2,000 sets of weights around the draft, and 231 pairs of two weights. "
                    "Not yet done for this draft."
                )
            )
            return
        kept = {"asked": asked} | _worked_out(ranked, draft, matrix, is_key)
        st.session_state["lab_sure_about"] = kept
    left, right = st.columns(2, gap="large")
    with left:
        _dots(kept["tipping"], kept["edge"], form)
    with right:
        _map(kept, draft, matrix, form)
    _tipping(kept["tipping"], draft, form)


def _worked_out(ranked: Ranked, draft: Profile, matrix: Matrix, is_key: pd.Series) -> dict:
    """Stability of all accounts and tipping weights of the least sure ones, told by a progress bar."""
    told = _("Trying 2,000 sets of weights …")
    bar = st.progress(0.0, told)
    found = stability(matrix, draft, lambda share: bar.progress(share, told))
    accounts = ranked.accounts.assign(is_key=is_key.to_numpy())
    rows = key_review.near_edge(accounts, found, MOST_TIPPED)
    tipped = key_review.tipping(matrix, draft, accounts, rows).assign(stability=found[rows])
    bar.empty()
    shown = found[accounts["is_shown"].to_numpy(dtype=bool)]
    edge = (shown > key_review.EDGE[0]) & (shown < key_review.EDGE[1])
    return {"tipping": tipped, "edge": int(edge.sum()), "maps": {}}


def _dots(tipped: pd.DataFrame, edge: int, form: Formats) -> None:
    near = tipped.head(_MOST_DOTS).sort_values("stability", ascending=False, ignore_index=True)
    words = {
        "axis": label("stability"),
        "edge": _("the edge"),
        "key": _("key"),
        "other": _("not key"),
        "nothing": _("No set of weights close by changes anybody."),
    }
    parts.figure(
        figures.stability_dots(near, words=words, **parts.look()),
        key="lab_dots",
        title=_("{n} accounts stand at the edge; the least sure ones").format(n=form.count(edge)),
        alt=_("Stability of the least sure accounts: {told}").format(
            told=_(", ").join(f"{one.account} {form.share(one.stability)}" for one in near.itertuples())
        ),
        twin=tipped,
        columns=Column.each("account", "stability"),
        source=meaning("stability"),
    )


def _map(kept: dict, draft: Profile, matrix: Matrix, form: Formats) -> None:
    """The plane of two weights, the other two keeping their proportion."""
    with st.container(horizontal=True):
        first = st.selectbox(_("Across"), FACTORS, format_func=label, key="lab_map_first", persist_state="session")
        second = st.selectbox(
            _("Upwards"),
            [factor for factor in FACTORS if factor != first],
            format_func=label,
            key="lab_map_second",
            persist_state="session",
        )
    if (first, second) not in kept["maps"]:
        told = _("Ranking under 231 pairs of weights …")
        bar = st.progress(0.0, told)
        kept["maps"][first, second] = same_set_map(
            matrix, draft, first, second, progress=lambda share: bar.progress(share, told)
        )
        bar.empty()
    grid = kept["maps"][first, second]
    here = (float(draft.shares[FACTORS.index(first)]), float(draft.shares[FACTORS.index(second)]))
    same = int((grid["changed"] == 0).sum())
    parts.figure(
        figures.same_set(
            grid,
            here,
            words={
                "first": label(first),
                "second": label(second),
                "here": _("the draft"),
                "same": _("the same key accounts"),
                "changed": _("{n} accounts change"),
                "nothing": _("Nothing to draw for this choice."),
            },
            **parts.look(),
        ),
        key="lab_map",
        title=_("The key accounts stay the same in {same} of {all} pairs of weights").format(
            same=form.count(same), all=form.count(len(grid))
        ),
        alt=_("Map of two weights: {first} and {second}; the draft is marked.").format(
            first=label(first), second=label(second)
        ),
        twin=grid,
        columns={
            "first": Column.of(first),
            "second": Column.of(second),
            "changed": Column(_("Accounts that change"), "count"),
        },
        source=_("Blue: the same key accounts as under the draft, which is the cross. The paler, the more change."),
    )


def _tipping(tipped: pd.DataFrame, draft: Profile, form: Formats) -> None:
    """Per account the weight of each factor at which its status flips."""
    if tipped.empty:
        return
    now = dict(zip(FACTORS, draft.shares, strict=True))
    rows = tipped.assign(status=np.where(tipped["is_key"], _("key"), _("not key")))
    parts.heading(_("Which weight would tip them?"))
    parts.table(
        rows,
        Column.each("account", "status", "stability")
        | {
            factor: Column(_("{factor} (now {now})").format(factor=label(factor), now=form.share(now[factor])), "share")
            for factor in FACTORS
        },
        key="lab_tipping",
        height=260,
    )
    parts.note(meaning("tipping_weight") + " " + _("A dash: no value of this weight would."))
