"""Whose turn it is: owners by what is at risk in their lines; behind each, the lines, in the drawer."""

from collections.abc import Sequence

import pandas as pd

from dashboard.figures.attention import rules as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.attention import lines as metrics
from dashboard.sections import drill
from dashboard.sections.attention import week, words
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

FIRST = 11  # owners: what stands beside the lines of a week at their height
_KEY = "leaks_owners"


def draw(found: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The owners with most at risk in their lines of deals and accounts; a bar opens the owner's lines."""
    rows = metrics.by_owner(found)
    rows = rows.assign(
        name=[words.whose(row) for row in rows.itertuples()],
        told=[words.how_many(n, form) for n in rows["lines"]],
        is_chosen=False,
    )
    named = rows.set_index("key")

    def mark_of(custom: Sequence) -> tuple[Scope, Opened] | None:
        if custom[0] not in named.index:  # a mark of other filters
            return None
        owner = named.loc[custom[0]]
        return scope, Opened(str(custom[0]), owner["name"], int(owner["lines"]), owner["value_at_risk"])

    drill.figure(
        figures.at_risk(
            rows.head(FIRST),
            words={"axis": form.money_unit, "nothing": _("No deal and no account has a line.")},
            **parts.look(),
        ),
        mark_of,
        key=_KEY,
        panel=lambda _scope, key: _lines_of(found, key, form),
        title=finding(rows, form),
        about=f"{label('value_at_risk')} ({form.money_unit})",
        alt=_("Value at risk by owner: {told}").format(
            told=_("; ").join(f"{row.name} {form.money(row.value_at_risk)}" for row in rows.head(FIRST).itertuples())
        ),
        twin=rows,
        columns={
            "name": Column(_("Owner")),
            "lines": Column(_("Lines"), "count"),
            "value_at_risk": Column.of("value_at_risk"),
        },
    )


def finding(rows: pd.DataFrame, form: Formats) -> str:
    """Who, or what, holds most value at risk; the question where it is nobody, or no other is there.

    rows   of owners: name, value_at_risk
    """
    known = rows[rows["value_at_risk"].fillna(0) > 0]
    if len(known) < 2:
        return _("Whose turn is it?")
    most = known.loc[known["value_at_risk"].astype(float).idxmax()]
    return _("Most at risk: {name}, {amount}").format(name=most["name"], amount=form.money(most["value_at_risk"]))


def _lines_of(found: pd.DataFrame, key: str, form: Formats) -> None:
    """The lines behind the bar that is open."""
    mark: Opened | None = parts.opened(key)
    if mark is None:
        return
    own = metrics.of_week(found)
    own = words.lines_with_words(own[metrics.owner_key(own) == mark.what])
    total = own["value_at_risk"].sum(min_count=1)
    parts.rows_panel(
        own,
        {name: column for name, column in week.columns().items() if name not in ("owner_name", "since_name")},
        key=key,
        what="lines",
        title=_("Lines of {name}").format(name=mark.title),
        told=one_of("{n} line, {amount} at risk", "{n} lines, {amount} at risk", len(own)).format(
            n=form.count(len(own)), amount=form.money_exact(total)
        ),
        adds_up=len(own) == mark.count and not parts.differs(total, mark.amount),
        none=_("No deal and no account has a line."),
    )
