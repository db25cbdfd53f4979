"""How deals opened: on whose territory, who leads, and what became of those that began alike."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.opportunities import openings as metrics
from data_access import organisation
from data_access.opportunities import openings
from data_access.scope import Period, Scope


def openings_of(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per deal open as of the date, the largest first: as `data_access.opportunities.openings.of_open_deals`,
    amount and weighted in units of currency, is_territory_counted, and is_change_missing: abnormal, and nobody said
    what changed.
    """
    found = ask(openings.of_open_deals, scope)
    return found.assign(
        amount=found["amount"].astype("Float64") / MINOR_UNITS,
        weighted=found["weighted"].astype("Float64") / MINOR_UNITS,
        is_territory_counted=found["is_territory_counted"] == 1,
        is_change_missing=metrics.is_change_missing(found),
    )


@dataclass(frozen=True)
class Grid:
    """Of one track: cells and classes of `metrics.opportunities.openings`; deals open and closed that stand in no
    cell, since territory or position was not known."""

    cells: pd.DataFrame
    classes: pd.DataFrame
    open_elsewhere: int
    closed_elsewhere: int


def ever(ask: Ask, scope: Scope) -> Scope:
    """The same scope over everything closed by the as-of date: what past win rates rest on."""
    first_day = ask(organisation.calendar, None).first_day or scope.as_of
    return scope.but(period=Period(min(first_day, scope.as_of), scope.as_of))


def grid(ask: Ask, scope: Scope) -> Grid:
    """The grid of the track in scope; its win rates are of all deals closed by the as-of date."""
    open_deals = ask(openings.of_open_deals, scope)
    closed = metrics.last_before_closing(ask(openings.of_closed_deals, ever(ask, scope)))
    cells = metrics.grid(open_deals, closed, openings.CLASSES)
    return Grid(
        cells=cells,
        classes=metrics.by_class(closed),
        open_elsewhere=len(open_deals) - int(cells["deals"].sum()),
        closed_elsewhere=len(closed) - int(cells["n"].sum()),
    )
