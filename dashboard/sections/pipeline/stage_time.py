"""How long deals stay in each stage, and which have stayed too long."""

import pandas as pd
import streamlit as st

from dashboard.figures.pipeline import stage_time as figures
from dashboard.frame import behind, parts
from dashboard.frame.parts import Column
from dashboard.metrics import survival
from dashboard.sections.pipeline.cohort import Cohort
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST_ROWS = 50  # of the stalled deals: the largest; the rest is in the list of open deals


@parts.fragment
def draw(scope: Scope, cohort: Cohort, stays: pd.DataFrame) -> None:
    """Survival in one stage of one pipeline and track, against the others; the stage's stalled deals below.

    stays   `funnel.stage_times` of that pipeline and track
    """
    if stays.empty:
        parts.nothing(_("How long these deals stayed is not known: they came without a history of stages."))
        return
    form = parts.formats()
    summary = _summary(stays)
    stages = list(summary["stage"])
    if st.session_state.get("pipeline_stage") not in stages:
        st.session_state["pipeline_stage"] = summary.loc[summary["median"].fillna(-1).idxmax(), "stage"]
    stage = (
        st.segmented_control(
            _("Stage"),
            stages,
            format_func=literal.options(),
            required=True,
            key="pipeline_stage",
            persist_state="session",
        )
        or stages[0]
    )
    row = summary[summary["stage"] == stage].iloc[0]
    words = {
        "days": _("Days in the stage"),
        "still_there": _("Share still there"),
        "median": _("median {days}"),
        "nothing": _("Nobody has left this stage yet: no estimate."),
    }
    parts.figure(
        figures.survival(_curves(stays), stage=stage, words=words, **parts.look()),
        key="pipeline_stage_time",
        title=_title(row, form),
        alt=_in_words(summary, form),
        twin=summary,
        columns={
            **Column.each("stage", "deals"),
            "still_there": Column(_("Still there"), "count"),
            "median": Column.of("median_days_in_stage"),
            "p80": Column(_("80th percentile"), "days"),
        },
        source=_("Deals still in the stage count as not yet ended. Grey: the other stages."),
    )
    _list_stalled(scope, cohort, stage, form)


def _summary(stays: pd.DataFrame) -> pd.DataFrame:
    """One row per stage, by position: deals, still_there (deals), median, p80 (days)."""
    found = []
    for (_position, stage), group in stays.groupby(["position", "stage"]):
        lasted = group["days"], group["still_there"], group["deals"]
        found.append(
            {
                "stage": stage,
                "deals": int(group["deals"].sum()),
                "still_there": int(group.loc[group["still_there"].astype(bool), "deals"].sum()),
                "median": survival.quantile(*lasted, 0.5),
                "p80": survival.quantile(*lasted, 0.8),
            }
        )
    return pd.DataFrame(found)


def _curves(stays: pd.DataFrame) -> pd.DataFrame:
    """One row per stage and day on which its estimate falls: stage, days, share."""
    return pd.concat(
        [
            survival.curve(group["days"], group["still_there"], group["deals"]).assign(stage=stage)
            for stage, group in stays.groupby("stage")
        ],
        ignore_index=True,
    )


def _title(row: pd.Series, form: Formats) -> str:
    if pd.isna(row["median"]):
        return _("{stage}: fewer than half have left so far").format(stage=row["stage"])
    return _("{stage}: half have left after {days}").format(stage=row["stage"], days=form.days(row["median"]))


def _in_words(summary: pd.DataFrame, form: Formats) -> str:
    told = [f"{row.stage} {form.days(row.median)} (n = {form.count(row.deals)})" for row in summary.itertuples()]
    return _("Median days in stage: {told}").format(told=_(", ").join(told))


def _list_stalled(scope: Scope, cohort: Cohort, stage: str, form: Formats) -> None:
    """The open deals longer in the stage than its norm, whenever they were created."""
    here = behind.deals(scope, "open", **cohort.narrower, stage=stage)
    if here.empty:
        return
    stalled = here[here["is_stalled"].fillna(False).astype(bool)].nlargest(_MOST_ROWS, "amount")
    count = int(here["is_stalled"].fillna(False).sum())
    parts.say(
        one_of(
            "{n} of {all} open deal in this stage is stalled: longer in it than its norm.",
            "{n} of {all} open deals in this stage are stalled: longer in it than its norm.",
            len(here),
        ).format(n=form.count(count), all=form.count(len(here)))
    )
    if count:
        columns = Column.each("deal", "owner", "amount", "days_in_stage", "norm_days", "next_step_on")
        parts.table(stalled, columns, key="pipeline_stalled", height=220, opens=parts.to_deal(stalled))
