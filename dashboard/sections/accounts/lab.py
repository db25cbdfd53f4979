"""The scoring lab: another meaning of "key", and at once who enters, who leaves and what it moves."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.frame import parts
from dashboard.frame.parts import Card, Column, Reading
from dashboard.metrics.accounts import key_accounts as metrics
from dashboard.metrics.accounts.key_review import under_cut_points
from dashboard.sections.accounts import lab_back_test, lab_draft, lab_publish, lab_sure
from dashboard.sections.accounts.ranking import Ranked
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.errors import NotAllowed
from data_access.scope import Scope

_MOST_ROWS = 100  # of those that enter and leave: a draft that moves more is told by its number


def may_publish(scope: Scope) -> bool:
    try:
        scope.person.must_be_allowed_to_write("scoring_profile")
    except NotAllowed:
        return False
    return True


@parts.fragment
def draw(scope: Scope, ranked: Ranked) -> None:
    """Controls and publishing; beside them what they change, and whether that is better; below, how sure that is."""
    form, allowed = parts.formats(), may_publish(scope)
    if not allowed:
        parts.note(_("Directors change and publish what key means; you see the published profile, read-only."))
    controls, outcome = st.columns([2, 3], gap="large")
    with controls:
        lab_draft.controls(ranked, scope, form, disabled=not allowed)
    lab_draft.tell()
    refused = lab_draft.refused()
    if refused:
        with outcome:
            parts.notice(refused)
        return
    draft = lab_draft.read()
    with controls:
        lab_publish.draft(scope, draft, allowed=allowed)
    matrix = ranked.matrix
    if draft.cut_points != ranked.profile.cut_points:
        matrix = under_cut_points(matrix, ranked.accounts, draft.cut_points)
    after = metrics.ranking(matrix, draft)
    with outcome:
        _changes(ranked, after, form)
        lab_back_test.draw(scope, ranked, draft, form)
    lab_sure.draw(scope, ranked, draft, matrix, after["is_key"], form)


def _changes(ranked: Ranked, after: pd.DataFrame, form: Formats) -> None:
    """Who enters and leaves among the accounts shown, the revenue that moves, how much the order changes."""
    shown = np.flatnonzero(ranked.accounts["is_shown"].to_numpy(dtype=bool))
    is_all = len(shown) == len(after)
    before = ranked.accounts if is_all else ranked.accounts.iloc[shown].reset_index(drop=True)
    after = after if is_all else after.iloc[shown].reset_index(drop=True)
    value = before["revenue"].astype("Float64") / 100
    moved = metrics.changes(before, after, value)
    keys_now, keys_then = int(after["is_key"].sum()), int(before["is_key"].sum())
    enters, leaves = len(moved["enters"]), len(moved["leaves"])
    cards = [
        Card("keys", _("Key accounts"), _("Under the draft, among the accounts shown."), (
            Reading(form.count(keys_now), form.count(keys_now - keys_then, signed=True), exact=keys_now),)),
        Card("enters", _("Enter"), _("Key under the draft, not under the published profile."), (
            Reading(form.count(enters), form.money(moved["value_entering"]), exact=enters),)),
        Card("leaves", _("Leave"), _("Key under the published profile, not under the draft."), (
            Reading(form.count(leaves), form.money(moved["value_leaving"]), exact=leaves),)),
        Card("ranks", _("Ranks changed"), _("Accounts whose rank in their group is another."), (
            Reading(form.count(moved["rank_changes"]), exact=moved["rank_changes"]),)),
        Card.of("rank_agreement", Reading(form.number(moved["tau"], 3), exact=moved["tau"])),
    ]  # fmt: skip
    parts.kpi_row(cards, key="lab_cards")
    rows = np.concatenate([moved["enters"], moved["leaves"]])
    if not len(rows):
        parts.nothing(_("The draft makes nobody enter and nobody leave."))
        return
    both = before.iloc[rows[:_MOST_ROWS]]
    both = both.assign(
        move=[_("enters") if place < len(moved["enters"]) else _("leaves") for place in range(len(both))],
        before=both["score"].round(2),
        after=after["score"].iloc[both.index].round(2),
        rank_after=after["rank"].iloc[both.index],
        value=value.iloc[both.index],
    )
    parts.table(
        both,
        {
            "move": Column(_("Move")),
            **Column.each("account"),
            "before": Column(_("Score before"), "number"),
            "after": Column(_("Score after"), "number"),
            "rank_after": Column(_("Rank after"), "count"),
            "value": Column(_("Revenue, 12 months"), "money"),
        },
        key="lab_moves",
        height=250,
    )
    if len(rows) > _MOST_ROWS:
        parts.note(_("The first {n} of {all} are shown.").format(n=_MOST_ROWS, all=form.count(len(rows))))
