"""The open deals, those with most value at risk first."""

import pandas as pd
import streamlit as st

from dashboard.frame import behind, parts
from dashboard.frame.parts import Column
from dashboard.metrics.pipeline import risk
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST_ROWS = 500  # nobody reads further; the file has all


@parts.fragment
def draw(scope: Scope) -> None:
    """A table of the deals open as of the date, with a switch for each sign of risk."""
    form = parts.formats()
    deals = risk.signs(behind.deals(scope, "open"), scope.as_of)
    parts.heading(_("Which open deals need attention?"))
    if deals.empty:
        parts.nothing(_("No deal is open as of this date."))
        return
    signs = {sign: name for sign, name in signs_of_risk().items() if deals[sign].any()}
    wanted = _wanted(deals, signs, form) if signs else []
    chosen = deals[deals[wanted].all(axis=1)]
    shown = chosen.head(_MOST_ROWS)
    shown = shown.assign(
        why=pd.Series(why(shown, signs), index=shown.index, dtype=object).replace("", None),
        stage=shown["stage"].fillna(_("not known")),
        # Without an expected close date there is nothing to push: not never pushed, but not known.
        pushes=shown["pushes"].where(shown["expected_close_on"].notna()),
    )
    parts.note(_said(chosen, form))
    known = {name: column for name, column in _columns().items() if shown[name].notna().any()}
    parts.table(shown, known, key="pipeline_open", height=420, opens=parts.to_deal(shown))
    if missing := [column.label for name, column in _columns().items() if name not in known]:
        parts.note(_("Not known of these deals: {what}.").format(what=_(", ").join(missing)))
    parts.download(chosen, key="pipeline_open")


def _wanted(deals: pd.DataFrame, signs: dict[str, str], form: Formats) -> list[str]:
    """The signs of risk that a deal must all have to be listed; none: every deal is."""
    counts = deals[list(signs)].sum()
    return st.segmented_control(
        _("Only deals that are"),
        list(signs),
        format_func=literal.options(lambda sign: f"{signs[sign]} ({form.count(counts[sign])})"),
        selection_mode="multi",
        key="pipeline_signs",
        persist_state="session",
    )


def signs_of_risk() -> dict[str, str]:
    """What `risk.signs` finds, in words."""
    return {
        "is_stalled": _("stalled"),
        "is_overdue": _("overdue"),
        "is_fiction": _("pushed 3 times or more"),
        "has_no_next_step": _("without a next step"),
    }


def why(deals: pd.DataFrame, signs: dict[str, str]) -> list[str]:
    """Each deal's signs of risk, in words."""
    flags = deals[list(signs)].to_numpy(dtype=bool)
    return [_(", ").join(name for name, is_set in zip(signs.values(), row, strict=True) if is_set) for row in flags]


def _said(deals: pd.DataFrame, form: Formats) -> str:
    text = _("{n} deals, {amount}; of it at risk {at_risk}, the most first.").format(
        n=form.count(len(deals)),
        amount=form.money(deals["amount"].sum(min_count=1)),
        at_risk=form.money(deals["value_at_risk"].sum(min_count=1)),
    )
    if deals["amount"].isna().all():
        text = one_of("{n} deal, without an amount.", "{n} deals, none with an amount.", len(deals)).format(
            n=form.count(len(deals))
        )
    if len(deals) > _MOST_ROWS:
        text += " " + _("The first {n} are shown; the file has all.").format(n=form.count(_MOST_ROWS))
    return text


def _columns() -> dict[str, Column]:
    return {
        **Column.each("deal", "account", "owner", "stage", "amount"),
        "why": Column(_("At risk because")),
        **Column.each("expected_close_on", "next_step_on", "days_in_stage", "age_days", "pushes"),
        "next_step_kind": Column(_("Kind of step")),
    }
