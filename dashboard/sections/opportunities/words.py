"""What the page Opportunities calls things, and the sentence that answers it."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.frame import parts
from dashboard.metrics.opportunities import worth as metrics
from dashboard.metrics.pipeline.losses import UNSAID
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def choose_track(deals: pd.DataFrame, scope: Scope, form: Formats) -> Scope:
    """The scope of one track, since tracks are never pooled: the one of the filter, else one of a switch, the largest
    first."""
    counts = deals["track"].value_counts()
    tracks = list(counts.index)
    if scope.track is not None or not tracks:
        return scope
    if len(tracks) == 1:
        return scope.but(track=tracks[0])
    if st.session_state.get("opportunity_track") not in tracks:
        st.session_state["opportunity_track"] = tracks[0]
    chosen = st.segmented_control(
        _("Track: never pooled"),
        tracks,
        format_func=literal.options(lambda track: f"{parts.track_name(track)} ({form.count(counts[track])})"),
        required=True,
        key="opportunity_track",
        persist_state="session",
    )
    return scope.but(track=chosen)


def verdict(deals: pd.DataFrame, cuts: Mapping[str, float], form: Formats) -> str:
    """Which deals deserve our best, in at most 90 characters."""
    if deals.empty:
        return _("No deal is open as of this date.")
    if not is_judged(deals):
        return _("Not known: no open deal is scored yet.")
    best = deals[metrics.in_quadrants(deals, cuts)["quadrant"] == "both"]
    return _("{n} of {open} open deals, {amount}, deserve our best people.").format(
        n=form.count(len(best)), open=form.count(len(deals)), amount=form.money(metrics.amount_of(best))
    )


def is_judged(deals: pd.DataFrame) -> bool:
    """Whether of any of them a value or the opening is known."""
    return deals[["short_term", "long_term", "opening"]].notna().any(axis=None)


def answer(deals: pd.DataFrame, cuts: Mapping[str, float], form: Formats) -> str:
    """Which deals deserve our best? One sentence about all open deals."""
    if deals.empty:
        return ""
    if not is_judged(deals):
        return one_of(
            "{n} open deal is not valued yet, and its opening is not known: score it below.",
            "None of the {n} open deals is valued yet; of none is the opening known: score some below.",
            len(deals),
        ).format(n=form.count(len(deals)))
    best = deals[metrics.in_quadrants(deals, cuts)["quadrant"] == "both"]
    abnormal = deals[deals["opening"] == "abnormal"]
    return _(
        "Of {open} open deals {valued} are valued; {best} of them, {amount}, are worth our best "
        "now and later; {abnormal} opened abnormally, {untold} of them without a word on what "
        "changed."
    ).format(
        open=form.count(len(deals)),
        valued=form.count(deals[["short_term", "long_term"]].notna().all(axis=1).sum()),
        best=form.count(len(best)),
        amount=form.money(metrics.amount_of(best)),
        abnormal=form.count(len(abnormal)),
        untold=form.count(abnormal["is_change_missing"].sum()),
    )


def quadrants() -> dict[str, str]:
    return {
        "both": _("Now and later"),
        "short": _("Now only"),
        "long": _("Later only"),
        "neither": _("Neither"),
    }


def policies() -> dict[str, str]:
    """What resources a deal of each quadrant gets."""
    return {
        "both": _("First call on the best people; management goes along."),
        "short": _("Win it quickly by standard means; no scarce experts."),
        "long": _("Invest within a set limit: experts and relationship, not price."),
        "neither": _("No support; qualify out early. That is a good outcome."),
    }


def advice() -> dict[str, str]:
    """What to do in each tile of the opening grid, by "territory position"."""
    return {
        "ours ahead": _("hold it"),
        "ours even": _("problem: find out why"),
        "ours behind": _("abnormal: crisis"),
        "neutral ahead": _("be faster"),
        "neutral even": _("break the tie first"),
        "neutral behind": _("catch up"),
        "theirs ahead": _("abnormal: chance"),
        "theirs even": _("their problem: press"),
        "theirs behind": _("expect resistance"),
    }


def questions() -> dict[str, str]:
    """The five questions about a deal's value."""
    return {
        "one_off_revenue": _("One-off revenue"),
        "quota_effect": _("Effect on this period's quota"),
        "follow_on": _("Follow-on business"),
        "brand": _("Brand or benchmark effect"),
        "morale": _("Team morale"),
    }


def reasons() -> dict[str, str]:
    """Why deals are lost, by key."""
    return {
        "relationship": _("Relationship not in place"),
        "support": _("Support not in place"),
        "price": _("Price"),
        "product": _("Product"),
        "competitor": _("Competitor"),
        "no_decision": _("No decision"),
        "other": _("Other reason"),
        UNSAID: _("Reason not given"),
    }
