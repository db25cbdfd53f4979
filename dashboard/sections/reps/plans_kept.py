"""Groups of reps compared: plans kept, accounts touched, won against target."""

from collections.abc import Sequence

import pandas as pd

from dashboard.figures.reps import team as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.reps import team as metrics
from dashboard.sections import activity_rows, drill
from dashboard.sections.reps import groups as reps_groups
from dashboard.sections.reps.groups import Grouping
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _
from data_access.scope import Scope

_COLUMNS = {
    "on_time": "planned_done_on_time",
    "late": "planned_done_late",
    "overdue": "planned_overdue",
}


@parts.fragment  # the choice at its head draws nothing else of the page anew
def compared(reps: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Regions, teams, or peers of the same life stage: what was planned and what became of it, and the whole table."""
    by = reps_groups.choose("reps_compared_by", ("region", "team", "stage"), "region")
    groups = reps_groups.grouping(reps, by, scope)
    found = reps_groups.summed(reps, groups, scope)
    _plans(found, groups, scope, form)
    parts.table(
        found,
        {"name": Column(reps_groups.titles()[by]), "reps": Column(_("Reps"), "count")} | measures(),
        key=f"reps_compared_{by}",
        total=metrics.whole(found),
    )
    parts.note(
        _(
            "Regions hold all that lies in them and counts there on its day; reps are those posted "
            "there on the as-of date. Teams and stages hold that date's reps and what is credited to "
            "them. The order is no ranking."
        )
    )


def finding(whole: pd.Series, form: Formats) -> str:
    """How much of all that was planned was done in time; the question where nothing was."""
    if is_missing(whole["planned"]) or not whole["planned"]:
        return _("Is what was planned done, and in time?")
    return _("{share} of what was planned was done in time, {overdue} are overdue").format(
        share=form.share(whole["on_time_share"], whole["planned"]), overdue=form.count(whole["planned_overdue"])
    )


def measures() -> dict[str, Column]:
    """The measures of a rep, or of a group of them."""
    return Column.each(
        "completed",
        "on_time_share",
        "planned_overdue",
        "meetings_held",
        "accounts_owned",
        "touched_share",
        "won_amount",
        "target_amount",
        "attainment",
    )


def _plans(found: pd.DataFrame, groups: Grouping, scope: Scope, form: Formats) -> None:
    words = {"on_time": _("on time"), "late": _("late"), "overdue": _("overdue")}

    def mark_of(custom: Sequence) -> tuple[Scope, Opened] | None:
        row, state = int(custom[0]), custom[1]
        if row >= len(found):  # a mark of another grouping
            return None
        group = found.iloc[row]
        title = f"{group['name']} · {words[state]}"
        number, narrower = _COLUMNS[state], groups.narrower(group["group"])
        return scope, Opened(state, title, int(group[number]), narrower=narrower, number=number)

    drill.figure(
        figures.plans(
            found,
            words=words
            | {
                "axis": _("Planned activities"),
                "nothing": _("Nothing was planned for this period. Plans come in as activity, with planned_on."),
            },
            **parts.look(),
        ),
        mark_of,
        key=f"reps_plans_{groups.by}",
        panel=activity_rows.panel,
        title=finding(metrics.whole(found), form),
        about=_("Planned activities"),
        alt=_(", ").join(
            f"{one.name}: {form.share(one.on_time_share, one.planned)} {words['on_time']}"
            for one in found.itertuples(index=False)
        ),
        twin=found,
        columns={
            "name": Column(reps_groups.titles()[groups.by]),
            **Column.each("planned_done_on_time", "planned_done_late", "planned_overdue"),
            "planned_cancelled": Column(_("Cancelled"), "count"),
            "planned_due": Column(_("Due on the as-of date"), "count"),
        },
        source=_("By the day for which it was first planned. What was cancelled is in neither count."),
    )
