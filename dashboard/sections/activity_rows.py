"""The activities behind a mark."""

import pandas as pd

from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import words
from dashboard.words.language import _, one_of
from data_access.reps import activities
from data_access.scope import Scope


def panel(scope: Scope, key: str) -> None:
    """What is open under this key: the activities, their number, and whether it equals the mark's."""
    mark = parts.opened(key)
    if mark is None:
        return
    rows, form = in_words(ask(activities.activity_list, scope, mark.what, **mark.narrower)), parts.formats()
    parts.rows_panel(
        rows,
        columns(),
        key=key,
        what="activities",
        title=_("Activities behind: {mark}").format(mark=mark.title),
        told=one_of("{n} activity", "{n} activities", len(rows)).format(n=form.count(len(rows))),
        adds_up=mark.count is None or len(rows) == mark.count,
        none=_("No activities here."),
    )


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Kinds, origins and flags as people call them; what is not known stays empty."""
    flags = {1: _("yes"), 0: _("no")}
    return rows.assign(
        kind=rows["kind"].map(words.activity_kinds()),
        origin=rows["origin"].map(words.origins()),
        two_way=rows["two_way"].map(flags),
        has_result=rows["has_result"].map(flags),
    )


def columns() -> dict[str, Column]:
    return {
        **Column.each("completed_on", "rep", "kind", "account", "deal"),
        "origin": Column(_("Source of activity")),
        "has_result": Column(_("Has a result")),
        "planned_on": Column(_("First planned for"), "date"),
        **Column.each("two_way"),
        "minutes": Column(_("Minutes"), "count"),
        "activity_id": Column(_("Key")),
    }
