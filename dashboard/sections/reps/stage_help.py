"""What reps are given, by stage, tenure or region; and whether support leans towards those who need it most."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard.answers.regions import Level
from dashboard.figures.reps import life_stage as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps import fairness
from dashboard.metrics.reps.stage_moves import UNKNOWN
from dashboard.sections import regions as regions_words
from dashboard.sections.reps import stage_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning

_MEASURES = ("to_even", "leads_per_rep", "support_per_deal", "key_per_rep", "helped_per_rep")


def draw(reps: pd.DataFrame, level: Level, form: Formats) -> None:
    """By a grouping and for a measure of the reader's choice; all measures in the table twin."""
    left, right = st.columns(2)
    with left:
        names = {"stage": _("Stage"), "tenure": _("With the company"), "region": _("Region")}
        first = next(iter(names))
        by = st.segmented_control(
            _("Compare by"),
            list(names),
            format_func=literal.options(names.__getitem__),
            default=first,
            required=True,
            key="given_by",
        )
    with right:
        measures = {key: label(key) for key in _MEASURES}
        measure = st.selectbox(
            _("What is given"), list(measures), format_func=measures.__getitem__, key="given_measure"
        )
    groups, group_names = _grouped(reps, by, level)
    found = fairness.by_group(reps, groups)
    order = {group: place for place, group in enumerate(group_names)}
    found = found.assign(name=found["group"].map(group_names)).sort_values(
        "group", key=lambda column: column.map(order), ignore_index=True
    )
    _figure(reps, groups, found, measure, form)


def _grouped(reps: pd.DataFrame, by: str, level: Level) -> tuple[pd.Series, dict[str, str]]:
    """The group of each rep, and the groups' names in their order."""
    if by == "stage":
        return reps["life_stage"].fillna(UNKNOWN), stage_words.stage_names()
    if by == "tenure":
        return reps["tenure"], stage_words.tenure_names()
    places = level.of(reps["region_id"]).fillna("")
    return places, {place: regions_words.name(level, place or None) for place in sorted(set(places), key=_none_last)}


def _none_last(place: str) -> tuple[bool, str]:
    return not place, place


def _figure(reps: pd.DataFrame, groups: pd.Series, found: pd.DataFrame, measure: str, form: Formats) -> None:
    everybody = fairness.by_group(reps, pd.Series("all", index=reps.index))[measure].iloc[0]
    drawn = found.assign(value=found[measure])
    drawn.attrs["everybody"] = float(everybody)

    write = partial(form.metric, measure)  # no function of this place: a kept figure takes none
    words = {
        "value": label(measure),
        "everybody": _("all reps compared {value}"),
        "reps": _("{n} reps"),
        "nothing": _("Nobody was given any of it, as far as the data go."),
    }
    points = parts.figure(
        figures.given(drawn, words=words, write=write, **parts.look()),
        key="given_by_group",
        title=_("Who gets how much: {measure}").format(measure=label(measure)),
        alt=_("{measure} by group: {told}").format(
            measure=label(measure),
            told=_(", ").join(f"{row.name} {write(getattr(row, measure))}" for row in found.itertuples(index=False)),
        ),
        twin=found,
        columns=_twin_columns(),
        source=meaning(measure) + " " + meaning("reps_compared"),
        clickable=True,
    )
    if points and points[0].get("customdata"):
        _reps_of(reps[groups == points[0]["customdata"][0]], form)


def _twin_columns() -> dict[str, Column]:
    groups = {"name": Column(_("Group")), "reps": Column(_("Reps"), "count")}
    return groups | Column.each("new_deals_per_rep", *_MEASURES)


def _reps_of(reps: pd.DataFrame, form: Formats) -> None:
    """The reps behind a bar, each with what was given."""
    with st.container(border=True, key="given_reps"):
        parts.table(
            reps.sort_values("rep"),
            {
                **Column.each("rep", "region"),
                "new_deals": Column.of("new_deals_received"),
                "leads": Column(_("Leads"), "count"),
                "open_deals": Column.of("open_count"),
                **Column.each("support_hours"),
                "key_owned": Column(_("Key accounts owned"), "count"),
                "key_filled_in": Column(_("Filled in"), "count"),
                "helped": Column(_("Help across units"), "count"),
            },
            key="given_reps_rows",
        )


def tilt(reps: pd.DataFrame, level: Level, form: Formats) -> None:
    """Is the tilt real? For all reps shown, and for each region of them."""
    whole = fairness.tilt(reps)
    parts.say(tilt_in_words(whole, form))
    rows = []
    for place, of_region in reps.groupby(level.of(reps["region_id"])):
        found = fairness.tilt(of_region)
        rows.append(
            (
                regions_words.name(level, str(place)),
                found.ratio,
                found.low,
                found.high,
                found.subsistence,
                found.others,
                _verdict(found),
            )
        )
    names = ["region", "ratio", "low", "high", "subsistence", "others", "verdict"]
    parts.table(
        pd.DataFrame(rows, columns=names),
        {
            **Column.each("region"),
            "ratio": Column.of("support_tilt"),
            "low": Column(_("80 % from"), "ratio"),
            "high": Column(_("80 % to"), "ratio"),
            "subsistence": Column(_("Building reps"), "count"),
            "others": Column(_("Other reps"), "count"),
            "verdict": Column(_("What the data say")),
        },
        key="tilt_by_region",
    )
    parts.note(meaning("support_tilt"))


def _verdict(found: fairness.Tilt) -> str:
    if found.is_shown is None:
        return _("no data: each side needs two reps with open deals and support")
    if not found.is_shown:
        return _("not shown by the data")
    return _("towards Building") if found.ratio is not None and found.ratio > 1 else _("away from Building")


def tilt_in_words(found: fairness.Tilt, form: Formats) -> str:
    """The tilt in a sentence, with its interval and n; or why there is none."""
    if found.is_shown is None:
        return _("Whether support leans towards Building cannot be said: {why}.").format(why=_verdict(found))
    numbers = _(
        "{ratio} the others' support hours per open deal (80 % interval {low} to {high}; {n} and {others} reps)"
    )
    told = numbers.format(
        ratio=form.ratio(found.ratio),
        low=form.ratio(found.low),
        high=form.ratio(found.high),
        n=form.count(found.subsistence),
        others=form.count(found.others),
    )
    if not found.is_shown:
        return _("Building reps get {numbers}: a tilt is not shown by the data.").format(numbers=told)
    if found.ratio is not None and found.ratio > 1:
        return _("Building reps get {numbers}: support leans towards them.").format(numbers=told)
    return _("Building reps get {numbers}: support leans away from them.").format(numbers=told)
