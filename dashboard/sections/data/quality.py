"""What deals lack that numbers need: per rule, per number, and the deals themselves in the drawer."""

import pandas as pd

from dashboard.frame import drawer, parts
from dashboard.frame.parts import Column
from dashboard.metrics.data import quality as metrics
from dashboard.metrics.data.needs import MAKES_UNKNOWN
from dashboard.sections.data import words
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.scope import Scope

_KEY = "data_gaps"


def most_lacking(facts: metrics.Facts, form: Formats) -> str:
    """The gap that most deals of a list have and that matters to some number, and these numbers."""
    rows = metrics.by_rule(facts)
    rows = rows[(rows["lacking"] > 0) & rows["numbers"].map(bool)]
    if rows.empty:
        return _("Every deal has what the numbers below need.")
    one = rows.iloc[0]
    makes_unknown = not MAKES_UNKNOWN.isdisjoint(one["gaps"])
    told = _("{lacking} ({share}); only the others are in: {numbers}.")
    told = _("{lacking} ({share}); not known until then: {numbers}.") if makes_unknown else told
    return told.format(
        lacking=words.lacking_name(one["what"], one["gaps"]),
        share=form.share(one["share"], one["deals"]),
        numbers=_labels(one["numbers"]),
    )


def draw(facts: metrics.Facts, scope: Scope, form: Formats) -> None:
    """Both tables, and behind a row of either the deals that lack it."""
    rules, numbers = metrics.by_rule(facts), metrics.by_number(facts)
    rules = rules.assign(
        name=[words.lacking_name(row.what, row.gaps) for row in rules.itertuples()],
        rests=[_resting(row.gaps, row.numbers, row.lacking) for row in rules.itertuples()],
    )
    numbers = numbers.assign(
        name=numbers["key"].map(label),
        on=numbers["what"].map(words.list_name),
        leaves_out=numbers["gaps"].map(words.gaps_in_words),
    )
    parts.heading(_("What do deals lack?"), about=_("Of the deals of your filters and period."))
    parts.table(
        rules,
        {
            "name": Column(_("Rule"), width=290),
            "share": Column(_("Share"), "bar"),
            "lacking": Column(_("Deals"), "count"),
            "deals": Column(_("Of"), "count"),
            "rests": Column(_("Numbers that rest on the others"), width=420),
        },
        key="data_rules",
        height=420,
        opens=lambda row: drawer.open_(_KEY, _mark(rules.iloc[row])),
        order=_("Largest share first."),
    )
    parts.heading(_("What does each number rest on?"), about=_("The share of its deals that have all it needs."))
    parts.table(
        numbers,
        {
            "name": Column(_("Metric")),
            "has_share": Column(_("Have all"), "bar"),
            "lacking": Column(_("Lacking"), "count"),
            "deals": Column(_("Of"), "count"),
            "on": Column(_("Deals")),
            "leaves_out": Column(_("What some lack")),
        },
        key="data_numbers",
        height=420,
        opens=lambda row: drawer.open_(_KEY, _mark(numbers.iloc[row])),
        order=_("Smallest share first."),
    )
    parts.note(_("Where an exchange rate or a probability is lacking, the sum is not known."))
    _behind(pd.concat([rules, numbers], ignore_index=True), scope)


def _behind(rows: pd.DataFrame, scope: Scope) -> None:
    """The deals behind the row that is open, if any."""
    mark = drawer.at(_KEY)
    found = next((row for row in rows.to_dict("records") if _mark(row) == mark), None)
    if found is not None:
        title = words.lacking_name(found["what"], found["gaps"])
        parts.deals_panel(
            scope, found["what"], title=title, key=_KEY, count=found["lacking"], lacks=tuple(found["gaps"])
        )


def _mark(row) -> str:
    return f"{row['what']}:{'+'.join(row['gaps'])}"


def _resting(gaps: tuple[str, ...], keys: tuple[str, ...], lacking: int) -> str | None:
    """The numbers of the deals that do not lack it; those that are not known while some deal does."""
    if not keys:
        return None
    if lacking and not MAKES_UNKNOWN.isdisjoint(gaps):
        return _("Not known: {numbers}").format(numbers=_labels(keys))
    return _labels(keys)


def _labels(keys: tuple[str, ...]) -> str:
    return _(", ").join(label(key) for key in keys)
