"""Who carries the result: the regions right below what is looked at or, where that is a lowest one, its reps."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers.overview import compared
from dashboard.answers.regions import Level
from dashboard.ask import answer_of
from dashboard.figures.overview import on_target as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections import regions
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.scope import Scope

_KEY = "overview_regions"


@dataclass(frozen=True)
class Places:
    """The overview of each place (`answers.overview.compared.compared`) with its label; whether these are reps."""

    rows: pd.DataFrame
    are_reps: bool


def below(scope: Scope, level: Level) -> Places:
    """A lowest region stands beside nothing but itself, so its reps are compared."""
    if level.lowest is None:
        found = answer_of(compared.compared, scope, "region")
        return Places(found.assign(label=[regions.name(level, key) for key in found["key"]]), are_reps=False)
    found = answer_of(compared.compared, scope, "owner")
    return Places(found.assign(label=found["label"].fillna(_("No owner"))), are_reps=True)


def figure(places: Places, words: dict, form: Formats) -> list:
    """Won against the target of each; the marks clicked."""
    title = _("Which rep carries the result?") if places.are_reps else _("Which region carries the result?")
    told = _("Reps compared: {each}") if places.are_reps else _("Regions compared: {each}")
    each = [
        _("{region} won {won} of {target}").format(
            region=row.label, won=form.money(row.won_amount), target=form.money(row.target_amount)
        )
        for row in places.rows.itertuples()
    ]
    return parts.figure(
        figures.regions_compared(places.rows, words=words, **parts.look()),
        key=_KEY,
        title=title,
        alt=told.format(each=_("; ").join(each) or _("none")),
        twin=places.rows,
        columns={"label": Column(_("Rep") if places.are_reps else _("Region"))}
        | Column.each("won_count", "won_amount", "target_amount", "attainment", "open_amount", "coverage"),
        clickable=True,
    )


def behind(places: Places, clicked: list, scope: Scope) -> None:
    """The deals of the places clicked. Of deals without an owner there is no list."""
    for row in places.rows[places.rows["key"].isin([click["customdata"][0] for click in clicked])].itertuples():
        if places.are_reps and pd.isna(row.key):
            continue
        parts.deals_panel(
            scope.but(owner=row.key) if places.are_reps else scope,
            "won",
            title=f"{label('won_amount')}, {row.label}",
            key=_KEY,
            count=row.won_count,
            amount=row.won_amount,
            **({} if places.are_reps else {"region": row.key}),
        )
