"""Stages in words: their names, the evidence behind one, and the answer of the page."""

from collections.abc import Mapping

import pandas as pd

from dashboard.frame import wording
from dashboard.frame.parts import Card, Column, Reading
from dashboard.metrics.reps.life_stage import FULL_YEAR, STAGES, marks_missed
from dashboard.metrics.reps.stage_moves import UNKNOWN
from dashboard.sections.thresholds import Threshold
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def stage_name(stage: str | None) -> str:
    return {
        "affluent": _("Leading"),
        "comfortable": _("Steady"),
        "subsistence": _("Building"),
    }.get(stage or "", _("Not yet known"))


def stage_names() -> dict[str, str]:
    """Every stage, the furthest first, and where it is not yet known."""
    return {stage: stage_name(stage) for stage in (*reversed(STAGES), UNKNOWN)}


def stage_column(name: str) -> Column:
    """The column of a stage by its name, in badges."""
    colours = ("ours", "open", "theirs", "undecided")  # as in the figures
    return Column(name, width=105, badges=dict(zip(stage_names().values(), colours, strict=True)))


def tenure_names() -> dict[str, str]:
    return {
        "under_1": _("under 1 year"),
        "1_to_3": _("1 to 3 years"),
        "3_to_5": _("3 to 5 years"),
        "5_and_more": _("5 years and more"),
        "unknown": _("Tenure not known"),
    }


def tenure(months, form: Formats) -> str:
    """Time with the company: years and months."""
    if is_missing(months):
        return _("tenure not known")
    years, rest = divmod(int(months), 12)
    told = [
        one_of("{n} year", "{n} years", years).format(n=form.count(years)) if years else None,
        one_of("{n} month", "{n} months", rest).format(n=form.count(rest)) if rest or not years else None,
    ]
    return " ".join(filter(None, told))


def owes(stage: str | None) -> str:
    """What a rep in this stage needs from the company."""
    return {
        "subsistence": _("Needs a fair share of new opportunities, matching solutions and extra support."),
        "comfortable": _("Needs early key-account work, and relationship and solution resources."),
        "affluent": _("Needs a stage across units: to share resources and relationships."),
    }.get(stage or "", _("Too early to say what is needed most."))


def evidence(rep: pd.Series, rules: Mapping[str, float], form: Formats) -> str:
    """Why a rep is in the stage, in a sentence."""
    if is_missing(rep["reading"]):
        return _why_unknown(rep, form)
    year, before, repeat = (form.share(rep[name]) for name in ("attainment", "attainment_before", "repeat_share"))
    told = _("Attainment {year} in the last 12 months, {before} in the 12 before; {repeat} from repeat customers.")
    told = told.format(year=year, before=before, repeat=repeat)
    return " ".join(filter(None, (told, _bar_missed(rep, rules, form), _leaning(rep, form))))


def _bar_missed(rep: pd.Series, rules: Mapping[str, float], form: Formats) -> str:
    """Which threshold of the next stage is not reached."""
    following, missed = marks_missed(rep, rules)
    if following is None:
        return _("Every mark is reached.")
    words = {
        "attainment": _("attainment {mark} in the last 12 months"),
        "attainment_before": _("attainment {mark} in the 12 months before"),
        "repeat_share": _("a repeat share of {mark}"),
    }
    told = [words[name].format(mark=form.share(mark)) for name, mark in missed.items()]
    return _("To be {stage} it takes {missed}.").format(stage=stage_name(following).lower(), missed=_(", ").join(told))


def _leaning(rep: pd.Series, form: Formats) -> str | None:
    """Why the stage is not what the evidence says, where it is not."""
    if not is_missing(rep["leaning_to"]):
        return _(
            "Leaning to {stage} since {day}: a stage is left after two quarter ends in a row, by five points."
        ).format(stage=stage_name(rep["leaning_to"]), day=form.date(rep["leaning_since"]))
    if rep["reading"] != rep["life_stage"]:
        return _("Today's evidence alone would say {stage}; a stage changes at ends of quarters only.").format(
            stage=stage_name(rep["reading"])
        )
    return None


def _why_unknown(rep: pd.Series, form: Formats) -> str:
    months = rep["employed_months"]
    if not is_missing(months) and months < FULL_YEAR:
        return _("Not yet known: with the company for {time}; a stage is given from 12 months on.").format(
            time=tenure(months, form)
        )
    if is_missing(rep["target"]) or rep["target"] == 0:
        return _("Not yet known: there is no target in the last 12 months. Import target.")
    if is_missing(rep["won"]):
        return _("Not yet known: what was won cannot be summed; an amount or an exchange rate is missing.")
    return _("Not yet known: without the accounts of what was won there is no repeat share.")


def thresholds() -> list[Threshold]:
    """The rules that directors may publish, as the page names them."""
    return [
        Threshold("affluent_attainment", _("Leading: attainment in each of the last two years, at least"), "share"),
        Threshold("affluent_repeat_share", _("Leading: repeat share, at least"), "share", most=1.0),
        Threshold("comfortable_attainment", _("Steady: attainment in the last 12 months, at least"), "share"),
        Threshold("comfortable_repeat_share", _("Steady: repeat share, at least"), "share", most=1.0),
    ]


def in_stage_since(since: pd.Series, form: Formats) -> str:
    """How long a rep has been in the stage, as far as the quarter ends looked at say."""
    if is_missing(since["since"]):
        return ""
    at_least = _("since {day} or longer") if since["is_from_start"] else _("since {day}")
    return at_least.format(day=form.date(since["since"]))


def verdict(reps: pd.DataFrame, moves: pd.DataFrame, form: Formats) -> str:
    """Whether reps get further, in at most 90 characters: how many are in the first stage, and who moved."""
    if reps["life_stage"].isna().all():
        return _("No rep has a stage yet: a stage needs a target and 12 months with the company.")
    up = int(moves["is_up"].sum())
    down = len(moves) - up
    said = (
        _("Getting further: {n} of {all} reps at {stage}; in two years {up} moves up, {down} down.")
        if up > down
        else _("Slipping: {n} of {all} reps at {stage}; in two years {up} moves up, {down} down.")
        if down > up
        else _("Level: {n} of {all} reps at {stage}; in two years {up} moves up, {down} down.")
    )
    return said.format(
        n=form.count((reps["life_stage"] == STAGES[0]).sum()),
        all=form.count(len(reps)),
        stage=stage_name(STAGES[0]).lower(),
        up=form.count(up),
        down=form.count(down),
    )


def cards(reps: pd.DataFrame, by_day: pd.DataFrame, form: Formats) -> list[Card]:
    """How many reps are in each stage, and how that went over the quarter ends."""
    stage = reps["life_stage"].fillna(UNKNOWN)
    over_time = by_day.pivot(index="day", columns="life_stage", values="reps")
    return [
        Card(
            one,
            name,
            owes(one),
            (
                Reading(
                    form.count((stage == one).sum()),
                    trend=tuple(over_time[one].astype(float)) if one in over_time else (),
                    is_partial=True,
                    exact=(stage == one).sum(),
                ),
            ),
            beside=_("{share} of {n} reps").format(
                share=form.share((stage == one).mean(), len(stage)), n=form.count(len(stage))
            ),
        )
        for one, name in stage_names().items()
    ]


def looked_at(scope: Scope, form: Formats) -> str:
    """What is looked at: people and places on a day. The period and the filters on deals change nothing here."""
    chosen = scope.regions or scope.person.regions
    where = _("All regions")
    if chosen:
        where = _("{regions} and below").format(regions=_(", ").join(wording.region_name(one) for one in chosen))
    told = [where, wording.owner_name(scope.owner) if scope.owner else None]
    told.append(_("as of {day}").format(day=form.date(scope.as_of)))
    return " · ".join(filter(None, told))
