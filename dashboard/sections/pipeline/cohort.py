"""Which deals a funnel is about: those created in the period, of one pipeline and one track, never pooled."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.metrics.pipeline import leaks
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access import organisation


@dataclass(frozen=True)
class Cohort:
    """One pipeline and track, with its row of the totals: created, won, lost, undecided, and its maturity."""

    pipeline: str
    track: str
    totals: pd.Series

    @property
    def narrower(self) -> dict[str, str]:
        """For `behind.deals`."""
        return {"pipeline": self.pipeline, "track": self.track}

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a frame that are about this pipeline and track."""
        return frame[(frame["pipeline"] == self.pipeline) & (frame["track"] == self.track)]


def choose(totals: pd.DataFrame, form: Formats) -> Cohort | None:
    """The cohort looked at, the largest first; a switch where there are several, None where there is none."""
    if totals.empty:
        return None
    rows = totals.sort_values("created", ascending=False, kind="stable").reset_index(drop=True)
    cohorts = {(row["pipeline"], row["track"]): row for _position, row in rows.iterrows()}
    first = next(iter(cohorts))
    if len(cohorts) == 1:
        return Cohort(*first, cohorts[first])
    several = rows["pipeline"].nunique() > 1

    def name(pair: tuple[str, str]) -> str:
        track = parts.track_name(pair[1])
        named = f"{pair[0]} · {track}" if several else track
        return f"{named} ({form.count(cohorts[pair]['created'])})"

    if st.session_state.get("pipeline_cohort") not in cohorts:  # at first, or gone with another filter
        st.session_state["pipeline_cohort"] = first
    pipeline, track = (
        st.segmented_control(
            _("Pipeline and track: never pooled"),
            list(cohorts),
            format_func=literal.options(name),
            required=True,
            key="pipeline_cohort",
            persist_state="session",
        )
        or first
    )
    return Cohort(pipeline, track, cohorts[pipeline, track])


def answer(cohort: Cohort | None, form: Formats) -> str:
    """What became of the deals created, in at most 90 characters."""
    if cohort is None:
        if not ask(organisation.knows_creation, None):
            return _("No funnel to look at: no deal has a creation date.")
        return _("No funnel to look at: no deal was created in this period.")
    created, won = cohort.totals["created"], cohort.totals["won"]
    text = _("Of {created} deals created, {won} are won and {undecided} still undecided").format(
        created=form.count(created),
        won=form.count(won),
        undecided=form.count(cohort.totals["undecided"]),
    )
    return text + _(".")


def instead() -> str:
    """What to do where there is no cohort."""
    if not ask(organisation.knows_creation, None):
        return _("The funnel counts deals by the day they were created. Import created_on, or a history.")
    return _("The funnel counts deals by the day they were created. Choose a longer period.")


def more(rows: pd.DataFrame, form: Formats) -> str | None:
    """Where most are lost; None: nowhere."""
    leak = leaks.largest(rows)
    if leak is None:
        return None
    said = _("most are lost at {stage}: {lost} of the {entered} that entered it").format(
        stage=leak.stage, lost=form.count(leak.lost), entered=form.count(leak.entered)
    )
    return said[:1].upper() + said[1:] + _(".")
