"""The funnel in its five readings, and conversion compared group by group."""

import pandas as pd
import streamlit as st

from dashboard.answers import regions
from dashboard.answers.pipeline import funnel
from dashboard.ask import answer_of
from dashboard.figures.pipeline import funnel as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.amounts import ratio
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.intervals import wilson
from dashboard.metrics.pipeline import conversion, leaks
from dashboard.sections import drill, regions as regions_words
from dashboard.sections.pipeline.cohort import Cohort
from dashboard.words import literal
from dashboard.words.formats import FEW, Formats, is_missing
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

_READINGS = ("reached_at_least", "step", "visited", "strict_path", "in_stage_now")
_WITHOUT_HISTORY = ("reached_at_least", "in_stage_now")  # what can be said of deals without one
_SURE = 0.8  # as the likely ranges are
_MOST_GROUPS = 15  # a dot plot of more is a list; the table has all


def reading_name(reading: str) -> str:
    return _("Step by step") if reading == "step" else label(reading)


def reading_explained(reading: str) -> str:
    if reading == "step":
        return _(
            "Of the deals that entered a stage, those that later reached a higher one; undecided are "
            "those still open that have not. The product of the steps is not the overall rate."
        )
    if reading in ("reached_at_least", "strict_path"):
        return meaning(reading) + " " + _("Step: the share of the stage before.")
    return meaning(reading)


@parts.fragment
def draw(scope: Scope, cohort: Cohort, rows: pd.DataFrame) -> None:
    """The funnel of one pipeline and track, with the switch between its readings.

    rows   `funnel.funnel` of that pipeline and track
    """
    form = parts.formats()
    reading = st.segmented_control(
        _("How to count"),
        _READINGS,
        format_func=literal.options(reading_name),
        default=_READINGS[0],
        required=True,
        key="pipeline_reading",
        persist_state="session",
        label_visibility="collapsed",
    )
    parts.note(reading_explained(reading))
    has_history = not leaks.with_lost(rows).empty
    if not has_history and reading not in _WITHOUT_HISTORY:
        parts.nothing(
            _(
                "Which stages these deals went through is not known: they came without a history. Import "
                "opportunity_history to see it."
            )
        )
        return
    drill.figure(
        _drawn(rows, cohort, reading, form),
        lambda data: _behind(data, scope, cohort, rows, reading),
        key="pipeline_funnel",
        title=_title(rows, cohort, reading, form),
        about=_("Deals created in the period, n = {n}").format(n=form.count(cohort.totals["created"])),
        alt=_in_words(rows, reading, form),
        twin=_twin(rows),
        columns=_columns(has_history),
    )
    _note_maturity(cohort, form)
    if not has_history and cohort.totals["lost"]:
        parts.note(_("How far the lost deals got is not known without their history: no stage counts them."))


def _drawn(rows: pd.DataFrame, cohort: Cohort, reading: str, form: Formats):
    words = {
        "lost": _("Lost"),
        "undecided": label("step_undecided"),
        "advanced": label("step_advanced"),
        "axis": _("Deals"),
        "nothing": _("No deals here."),
        "of_before": _("step {share}"),
        "of_all": _("{share} of all"),
        "step": _("{advanced} of {entered} · {share} · {decided} of the decided"),
    }
    if reading == "step":
        return figures.steps(rows, words=words, **parts.look())
    return figures.stages(rows, cohort.totals, reading=reading, words=words, **parts.look())


def _behind(data: list, scope: Scope, cohort: Cohort, rows: pd.DataFrame, reading: str):
    """What a bar opens: the deals it counts."""
    stage, segment = data
    if stage is None:  # lost and undecided of the whole cohort
        title = _("Lost") if segment == "lost" else label("step_undecided")
        return scope, Opened(f"cohort_{segment}", title, int(cohort.totals[segment]), None, cohort.narrower)
    what = segment or reading
    row = leaks.with_lost(rows) if segment else rows
    count = int(row.loc[row["stage"] == stage, what].iloc[0])
    name = _("Lost") if what == "step_lost" else label(what)
    number = what if what in DEFINITIONS else ""
    return scope, Opened(what, f"{stage} · {name}", count, None, cohort.narrower | {"stage": stage}, number)


def _title(rows: pd.DataFrame, cohort: Cohort, reading: str, form: Formats) -> str:
    leak = leaks.largest(rows)
    if reading == "step" and leak is not None:
        return _("{stage} loses most: {lost} of {entered}").format(
            stage=leak.stage, lost=form.count(leak.lost), entered=form.count(leak.entered)
        )
    if reading == "in_stage_now":
        return _("Where do the deals created in the period stand now?")
    return _("{won} of {created} created deals are won so far").format(
        won=form.count(cohort.totals["won"]), created=form.count(cohort.totals["created"])
    )


def _in_words(rows: pd.DataFrame, reading: str, form: Formats) -> str:
    column = "step_advanced" if reading == "step" else reading
    told = [f"{row['stage']} {form.count(row[column])}" for _i, row in rows[rows[column].notna()].iterrows()]
    return _("{reading}, deals per stage: {told}").format(reading=reading_name(reading), told=_(", ").join(told))


def _note_maturity(cohort: Cohort, form: Formats) -> None:
    totals = cohort.totals
    share = form.share(totals["undecided"] / totals["created"], totals["created"])
    text = _("n = {created} created; {share} undecided").format(created=form.count(totals["created"]), share=share)
    if totals["is_immature"]:
        text += " · " + _(
            "immature: 95 % of won deals are won within {days}; the youngest here had {youngest}. "
            "Later shares will still rise"
        ).format(days=form.days(totals["mature_after_days"]), youngest=form.days(totals["youngest_days"]))
    elif is_missing(totals["mature_after_days"]):
        text += " · " + _("not yet known when it is mature: too few deals have been won in three years")
    parts.note(text)


def _twin(rows: pd.DataFrame) -> pd.DataFrame:
    entered, advanced = rows["step_entered"].astype(float), rows["step_advanced"].astype(float)
    decided = entered - rows["step_undecided"].astype(float)
    return rows.assign(
        advanced_share=advanced / entered.where(entered > 0),
        decided=decided,
        decided_share=advanced / decided.where(decided > 0),
    )


def _columns(has_history: bool) -> dict[str, Column]:
    counted = ("reached_at_least", "visited", "strict_path", "in_stage_now") if has_history else _WITHOUT_HISTORY
    columns = Column.each("stage", *counted)
    if not has_history:
        return columns
    steps = ("step_entered", "step_advanced", "step_undecided")
    return (
        columns
        | Column.each(*steps)
        | {
            "advanced_share": Column(_("Advanced of entered"), "share", n="step_entered"),
            "decided_share": Column(_("Advanced of decided"), "share", n="decided"),
            "median_days_in_stage": Column.of("median_days_in_stage"),
        }
    )


@parts.fragment
def compare(scope: Scope, cohort: Cohort, rows: pd.DataFrame) -> None:
    """Conversion of one pipeline and track, group by group; a click opens the group's deals."""
    form = parts.formats()
    names = {
        "region": _("Region"),
        "owner": _("Owner"),
        "source": _("Source"),
        "product": _("Product"),
        "segment": _("Segment"),
    }
    left, right = st.columns(2, vertical_alignment="bottom")
    by = left.selectbox(
        _("Compare by"), list(names), format_func=names.__getitem__, key="pipeline_by", persist_state="session"
    )
    measures = [conversion.WON, *leaks.with_lost(rows)["stage"]]
    if st.session_state.get("pipeline_measure") not in measures:
        st.session_state["pipeline_measure"] = conversion.WON
    measure = right.selectbox(
        _("Conversion"),
        measures,
        format_func=literal.choices(_measure_name),
        key="pipeline_measure",
        persist_state="session",
    )
    groups = conversion.by_group(
        cohort.of(answer_of(funnel.funnel, scope, by)), cohort.of(answer_of(funnel.funnel_totals, scope, by)), measure
    )
    if by == "region":
        level = answer_of(regions.level, scope)
        groups["label"] = [regions_words.name(level, key) for key in groups["key"]]
    groups["label"] = groups["label"].where(groups["key"].notna(), _("Not given"))
    shown = groups.nlargest(_MOST_GROUPS, "cases")
    whole = groups[["successes", "cases", "undecided"]].sum().to_dict()
    whole["share"] = ratio(whole["successes"], whole["cases"])
    words = {
        "axis": _measure_name(measure),
        "cases": _("n = {n}"),
        "overall": _("together {share}"),  # of all groups, the ones not drawn too
        "nothing": _("No decided deals yet: nothing to compare."),
    }
    drill.figure(
        figures.conversion_by_group(
            shown,
            overall=float("nan") if whole["share"] is None else whole["share"],
            words=words,
            **parts.look(),
        ),
        lambda data: _behind_group(data[0], scope, by, groups, measure, cohort),
        key="pipeline_compare",
        title=finding(groups, whole["share"], form),
        about=_("{measure}, n = {n}").format(measure=_measure_name(measure), n=form.count(whole["cases"])),
        alt=_groups_in_words(shown, measure, form),
        source=_("Lines: the likely range (80 %). Undecided deals are left out; {shown} of {all} groups drawn.").format(
            shown=form.count(min(_MOST_GROUPS, (groups["cases"] > 0).sum())), all=form.count(len(groups))
        ),
    )
    # The table twin stands open: it has the groups the figure has no room for, and the undecided.
    columns = {
        "label": Column(names[by]),
        "share": Column(_("Share"), "share", n="cases"),
        "low": Column(_("80 % from"), "share", help=_("The lower end of the 80 % Wilson interval.")),
        "high": Column(_("80 % to"), "share", help=_("The upper end of the 80 % Wilson interval.")),
        "successes": Column(_("Successes"), "count"),
        "cases": Column(_("Decided"), "count"),
        "undecided": Column.of("step_undecided"),
    }
    parts.table(
        groups.sort_values("cases", ascending=False, kind="stable", ignore_index=True),
        columns,
        key="pipeline_groups",
        height=240,
        total=whole,
        order=_("Most decided first."),
    )


def finding(groups: pd.DataFrame, overall: float | None, form: Formats) -> str:
    """Who converts otherwise than all together, beyond chance; the question where too few are decided to say.

    The more groups are compared, the surer one must be: of twenty, one in five would stand out by chance alone at 80 %.
    """
    known = groups[groups["cases"] >= FEW]
    if len(known) < 2 or overall is None:
        return _("Who converts better, and is it more than chance?")
    low, high = wilson(known["successes"], known["cases"], 1 - (1 - _SURE) / len(known))
    away = known.assign(away=(known["share"] - overall).astype(float))[(low > overall) | (high < overall)]
    if away.empty:
        return _("No group differs by more than chance: together {share}").format(share=form.share(overall))
    far = away.loc[away["away"].abs().idxmax()]
    said = _("{name} converts better: {share}") if far["away"] > 0 else _("{name} converts worse: {share}")
    return said.format(name=far["label"], share=form.share(far["share"], far["cases"]))


def _measure_name(measure: str) -> str:
    if measure == conversion.WON:
        return _("Won of the decided deals created")
    return _("Advanced from {stage}, of the decided").format(stage=measure)


def _groups_in_words(groups: pd.DataFrame, measure: str, form: Formats) -> str:
    told = [f"{g.label} {form.share(g.share, g.cases)}" for g in groups.itertuples() if g.cases > 0]
    return _("{measure}: {told}").format(measure=_measure_name(measure), told=_(", ").join(told))


def _behind_group(key, scope: Scope, by: str, groups: pd.DataFrame, measure: str, cohort: Cohort):
    """The deals a group's dot rests on, the undecided too; those of no group cannot be asked for alone, nor those of a
    region in none of its parts: asking for it would bring those of all parts."""
    if key is None or (by == "region" and key == answer_of(regions.level, scope).whole):
        return None
    group = groups[groups["key"] == key].iloc[0]
    narrowed = {"region": "regions", "segment": "segments"}.get(by, by)
    value = (key,) if by in ("region", "segment") else key
    narrower = cohort.narrower
    what, number = "created", "created_count"
    if measure != conversion.WON:
        what = number = "step_entered"
        narrower = narrower | {"stage": measure}
    title = f"{group['label']} · {label(number) if what == 'created' else f'{measure} · {label(number)}'}"
    return scope.but(**{narrowed: value}), Opened(what, title, int(group["counted"]), None, narrower, number)
