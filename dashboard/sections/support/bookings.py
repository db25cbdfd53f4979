"""The bookings behind a mark of utilisation: who, on which deal, how many hours."""

from dataclasses import dataclass

from dashboard.answers.support import resources
from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.support import words
from dashboard.words.language import _, one_of
from data_access.scope import Scope


@dataclass(frozen=True)
class Booked:
    """A mark: the bookings of the scope's weeks whose `column` is one of `values` (no column: all), and their hours."""

    title: str
    hours: float
    column: str | None = None
    values: tuple[str | None, ...] = ()


def panel(scope: Scope, key: str) -> None:
    """The bookings of the mark open under this key, and whether they sum to it."""
    mark, form = parts.opened(key), parts.formats()
    rows = resources.bookings(ask, scope)
    if mark.column:
        belongs = rows[mark.column]
        rows = rows[belongs.isin(mark.values) | (belongs.isna() & (None in mark.values))]
    shown = rows.assign(
        deal=rows["deal"].fillna(_("(a deal of another region)")),
        kind=words.kind_names(rows["kind"]),
        state=rows["outcome"].map(words.outcome_name, na_action="ignore"),
        locked=rows["is_locked"].map({True: _("locked"), False: None}),
    )
    parts.rows_panel(
        shown,
        {
            **Column.each("week", "person"),
            "kind": Column(_("Kind of support")),
            **Column.each("hours", "deal", "owner"),
            "state": Column(_("Deal is")),
            "locked": Column(_("Fixed")),
            **Column.each("account"),
        },
        key=key,
        what="bookings",
        title=_("Bookings behind: {mark}").format(mark=mark.title),
        told=one_of("{n} booking, together {hours} hours", "{n} bookings, together {hours} hours", len(rows)).format(
            n=form.count(len(rows)), hours=form.number(rows["hours"].sum())
        ),
        adds_up=abs(rows["hours"].sum() - mark.hours) <= 1e-6,
        none=_("Nothing is booked here."),
    )
