"""The public and the private pool: what is held, what goes back, what is taken, and what comes of it."""

import pandas as pd
import streamlit as st

from dashboard.answers.leads import pool
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.frame.wording import owner_name
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

_MOST_ROWS = 500


def draw(scope: Scope, form: Formats) -> None:
    rows = answer_of(pool.summary, scope)
    if rows.empty:
        parts.nothing(
            _("Nobody holds a lead or an account in what is recorded. Import the file assignment to see the pools.")
        )
        return
    kinds = {"lead": _("Leads"), "account": _("Accounts")}
    parts.table(
        rows.assign(kind=rows["subject_kind"].map(kinds)),
        {
            **Column.each("kind"),
            "private": Column(_("Private pool"), "count"),
            "public": Column(_("Public pool"), "count"),
            "recycled": Column.of("pool_recycled"),
            "days_held": Column(_("Median days with a rep"), "number"),
            "claimed": Column.of("pool_claimed"),
            "pool_yield": Column.of("pool_yield", n="claimed"),
            "days_in_pool": Column(_("Median days in the public pool"), "number"),
        },
        key="leads_pool",
    )
    parts.note(
        _("Held: on the as-of date, leads only while undecided. The rest: in the period. {name}: {meaning}").format(
            name=label("pool_yield"), meaning=meaning("pool_yield")
        )
    )
    _moves(pool.moves(ask, scope), rows, kinds, form)


def _moves(moves: pd.DataFrame, rows: pd.DataFrame, kinds: dict[str, str], form: Formats) -> None:
    """The moves behind the counts, one kind and direction at a time."""
    counts = {
        f"{row.subject_kind} {what}": int(getattr(row, what))
        for row in rows.itertuples()
        for what in ("recycled", "claimed")
    }
    options = [which for which, count in counts.items() if count]
    if not options:
        return
    with st.expander(_("Show what was recycled and claimed"), key="leads_moves"):
        chosen = st.segmented_control(
            _("Show"),
            options,
            format_func=literal.options(lambda which: _named(which, kinds, form.count(counts[which]))),
            default=options[0],
            required=True,
            key="leads_moves_of",
            label_visibility="collapsed",
        )
        kind, is_claim = chosen.split()[0], chosen.endswith("claimed")
        shown = moves[(moves["subject_kind"] == kind) & (moves["is_claim"] == is_claim)].sort_values(
            ["moved_on", "subject_id"], ascending=[False, True]
        )
        named = shown.assign(
            subject=shown["subject"].fillna(shown["subject_id"]),
            rep=[owner_name(rep) for rep in shown["to_rep_id" if is_claim else "from_rep_id"]],
            outcome=shown["has_yielded"].map({True: _("yes"), False: _("not yet")}),
        )
        columns = {
            "subject": Column(kinds[kind]),
            "moved_on": Column(_("On"), "date"),
            "rep": Column(_("By") if is_claim else _("From")),
            "days": Column(_("In the pool") if is_claim else label("pool_days"), "days"),
        } | ({"outcome": Column(_("Came to something"))} if is_claim else {})
        parts.table(named.head(_MOST_ROWS), columns, key="leads_moves_rows", height=300)
        parts.download(named, key="leads_moves")


def _named(which: str, kinds: dict[str, str], count: str) -> str:
    kind, what = which.split()
    return f"{kinds[kind]} · {label(f'pool_{what}')} ({count})"
