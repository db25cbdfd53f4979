"""Who carries the result: the regions right below what is looked at or, where that is a lowest one, its reps."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers.overview import compared
from dashboard.answers.regions import Level
from dashboard.ask import answer_of
from dashboard.figures.overview import on_target as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.sections import drill, regions
from dashboard.sections.overview.summary import Numbers
from dashboard.words.formats import FEW, Formats
from dashboard.words.language import _, label
from data_access.scope import Scope


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


def figure(places: Places, whole: Numbers, scope: Scope, words: dict, form: Formats) -> None:
    """Won against the target of each; a mark opens its deals.

    whole   the overview of all that is looked at, as its cards have it
    """
    told = _("Reps compared: {each}") if places.are_reps else _("Regions compared: {each}")
    each = [
        _("{region} won {won} of {target}").format(
            region=row.label, won=form.money(row.won_amount), target=form.money(row.target_amount)
        )
        for row in places.rows.itertuples()
    ]
    drill.figure(
        figures.regions_compared(places.rows, words=words, **parts.look()),
        lambda data: _behind(data[0], places, scope),
        key="overview_regions",
        title=finding(places, form),
        about=f"{label('won_amount')} ({form.money_unit})",
        alt=told.format(each=_("; ").join(each) or _("none")),
        twin=places.rows,
        columns={"label": Column(_("Rep") if places.are_reps else _("Region"))}
        | Column.each("won_count", "won_amount", "target_amount", "attainment", "open_amount", "coverage"),
        total=whole,
    )


def finding(places: Places, form: Formats) -> str:
    """Whose deals make up most of what is won; the question where too few are won to say."""
    won = places.rows["won_amount"].fillna(0)
    if len(won) < 2 or places.rows["won_count"].sum() < FEW or not won.sum():
        return _("Which rep carries the result?") if places.are_reps else _("Which region carries the result?")
    return _("{name} brings most: {share} of what is won").format(
        name=places.rows.loc[won.idxmax(), "label"], share=form.share(won.max() / won.sum())
    )


def _behind(key: str | None, places: Places, scope: Scope) -> tuple[Scope, Opened] | None:
    """The deals of a place. Of deals without an owner there is no list."""
    if places.are_reps and key is None:
        return None
    keys = places.rows["key"]
    row = places.rows[keys.isna() if key is None else keys == key].iloc[0]
    title = f"{label('won_amount')}, {row['label']}"
    return (
        scope.but(owner=key) if places.are_reps else scope,
        Opened(
            "won",
            title,
            row["won_count"],
            row["won_amount"],
            {} if places.are_reps else {"region": key},
            number="won_amount",
        ),
    )
