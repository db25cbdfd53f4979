"""How well the forecast did: where it missed, and whether deals won as often as their chances said."""

import pandas as pd
import streamlit as st

from dashboard.answers import regions
from dashboard.answers.forecast import review
from dashboard.ask import answer_of
from dashboard.figures.forecast import outlook as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections import regions as regions_words
from dashboard.words.formats import FEW, Formats
from dashboard.words.language import _
from data_access.scope import Scope


def draw(scope: Scope, weeks: int) -> None:
    """Calibration, and error and bias by region and owner, of forecasts made so many weeks before the end."""
    form = parts.formats()
    st.subheader(_("How far can the forecast be trusted?"), anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _calibration(scope, weeks, form)
    with right:
        of_region, of_owner = st.tabs([_("By region"), _("By owner")], key="forecast_by")
        with of_region:
            _errors(scope, weeks, "region")
        with of_owner:
            _errors(scope, weeks, "owner")
        parts.note(
            _("A part of the whole's forecast: its chances, with the deals of each. The parts add up to the whole.")
        )


def _calibration(scope: Scope, weeks: int, form: Formats) -> None:
    bands = answer_of(review.calibration, scope, weeks)
    told = _("Deals given a chance of {chance}: {share} won (n = {n})")
    parts.figure(
        figures.calibration(
            bands,
            words={
                "chance": _("Chance the forecast gave"),
                "won_share": _("Share won by the period's end"),
                "deals": _("deals"),
                "right": _("as forecast"),
                "nothing": _("No past period could be forecast so early."),
            },
            **parts.look(),
        ),
        key="forecast_calibration",
        title=calibration_finding(bands, form),
        alt=_("; ").join(
            told.format(
                chance=form.share(row.chance),
                share=form.share(row.won_share, row.deals),
                n=form.count(row.deals),
            )
            for row in bands.itertuples()
        ),
        twin=bands,
        columns={
            "from_chance": Column(_("Chance from"), "share"),
            "to_chance": Column(_("Chance to"), "share"),
            "chance": Column(_("Mean chance"), "share"),
            **Column.each("deals"),
            "won": Column.of("won_count"),
            "won_share": Column(_("Share won"), "share", n="deals"),
        },
        source=_("Dots: bands of chances. Lines: 80 % intervals. On the dotted line the chances were right."),
    )


def calibration_finding(bands: pd.DataFrame, form: Formats) -> str:
    """What share of the deals was won, beside what their chances said; the question where too few were forecast."""
    n = bands["deals"].sum()
    if n < FEW:
        return _("Did deals win as often as their chances said?")
    said = (bands["chance"] * bands["deals"]).sum() / n
    return _("Won {won}; their chances said {said}").format(
        won=form.share(bands["won"].sum() / n), said=form.share(said)
    )


def _errors(scope: Scope, weeks: int, by: str) -> None:
    found = answer_of(review.errors_by, scope, weeks, by)
    if by == "region":
        level = answer_of(regions.level, scope)
        found["label"] = [regions_words.name(level, key) for key in found["key"]]
    parts.table(
        found,
        {
            "label": Column(_("Region") if by == "region" else _("Owner")),
            "periods": Column.of("periods"),
            "won": Column.of("won_amount"),
            **Column.each("mean_abs_error_share", "bias_share"),
        },
        key=f"forecast_errors_{by}",
        height=300,
    )
