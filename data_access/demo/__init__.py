"""The demo organisation: data of a company that behaves like a real one, drawn from a seed.

`generate` makes one frame per table of the contract, in the **file form**: the very rows that `export`
writes as CSV files and that the importer reads, so that demo data go exactly the way of a user's.

* money is a number in units of its currency, a share lies in 0–1, a rate is units of base per unit;
* dates are ISO text (`2026-11-21`), moments ISO text to the second (`2026-11-21T09:30:00`);
* an empty cell is None or NaN; whole numbers with empty cells are pandas' Int64.

Names are in one language, Chinese or English. The same size, seed, last day and language give the same rows, and the
language changes nothing but names. Everybody and everything named is invented.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from data_access.database.limits import FIRST_YEAR, LAST_YEAR

from ..errors import Refused
from ..schema import CONTRACT
from . import (
    accounts,
    activities,
    assessments,
    catalogue,
    deals,
    histories,
    languages,
    leads,
    organisation,
    revenue,
    support,
    targets,
)
from .forms import day_number
from .languages import LANGUAGES, Language

Size = Literal["small", "medium"]
_NOT_IN_FILES = ("properties", "entry")
_DAYS = 3 * 365  # three years of deals
# Reps were hired up to twelve years before the last day, contracts end up to three after it.
_FIRST_YEAR, _LAST_YEAR = FIRST_YEAR + 12, LAST_YEAR - 4


@dataclass(frozen=True)
class Plan:
    """How much of everything, and the days it happens in (days since 1970-01-01, both inside)."""

    deals: int
    reps: int
    accounts: int
    leads: int
    supporters: int
    offices_per_unit: int
    first_day: int
    until: int
    last_year: int


_SIZES = {
    "small": {
        "deals": 4_000,
        "reps": 60,
        "accounts": 600,
        "leads": 12_000,
        "supporters": 26,
        "offices_per_unit": 2,
    },
    "medium": {
        "deals": 100_000,
        "reps": 600,
        "accounts": 6_000,
        "leads": 120_000,
        "supporters": 520,
        "offices_per_unit": 3,
    },
}


def generate(size: Size, seed: int, until: datetime.date, language: Language = "zh") -> dict[str, pd.DataFrame]:
    """One frame per table of the contract, with its columns in its order; `until` is the last day.

    small   about 4,000 deals, 60 reps, 600 accounts; seconds
    medium  about 100,000 deals, 600 reps, 6,000 accounts; under a minute

    Raises Refused for another size or language, a negative seed, or a last day too near the ends of the calendar.
    """
    if size not in _SIZES:
        raise Refused(f"There is no demo of size {size!r}. Sizes are: {', '.join(_SIZES)}.")
    if language not in LANGUAGES:
        raise Refused(f"There is no demo in {language!r}. Languages are: {', '.join(LANGUAGES)}.")
    if seed < 0:
        raise Refused(f"The seed is {seed}; it must be 0 or more.")
    if not _FIRST_YEAR <= until.year <= _LAST_YEAR:
        raise Refused(f"The demo's last day is {until}; it must be in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    last = day_number(until)
    plan = Plan(**_SIZES[size], first_day=last - _DAYS + 1, until=last, last_year=until.year)
    # a stream of luck per subject: what one draws more does not change the others
    luck = iter(np.random.default_rng(seed).spawn(16))
    company = organisation.build(next(luck), plan)
    customers = accounts.build(next(luck), plan, company)
    drawn = deals.build(next(luck), plan, company, customers)
    history = histories.build(next(luck), plan, company, drawn)
    lead_rows = leads.build(next(luck), plan, company, customers, drawn, history)
    won = revenue.won_deals(company, drawn, history)
    made = [
        catalogue.frames(),
        organisation.frames(next(luck), plan, company),
        accounts.frames(next(luck), plan, company, customers),
        histories.frames(company, history),
        revenue.frames(next(luck), plan, company, customers, drawn, history),
        targets.frames(next(luck), plan, company, won),
        leads.frames(next(luck), plan, company, lead_rows),
        activities.frames(next(luck), plan, company, customers, drawn, history, lead_rows),
        assessments.frames(next(luck), plan, company, customers, drawn, history),
        support.frames(next(luck), next(luck), plan, company, drawn, history),
    ]
    return languages.in_one({name: _in_contract_form(table, made) for name, table in CONTRACT.items()}, language)


def export(frames: dict[str, pd.DataFrame], folder: Path | str) -> None:
    """Writes each frame as `<table>.csv` (UTF-8, comma, header) into the folder, made if need be."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8")


def _in_contract_form(table, made):
    """All rows made for a table, with every column of the contract; what nobody fills is empty."""
    parts = [part for frames in made for part in _listed(frames.get(table.name))]
    columns = [column.name for column in table.columns if column.info["form"] not in _NOT_IN_FILES]
    return pd.concat(parts, ignore_index=True).reindex(columns=columns)


def _listed(frames):
    if frames is None:
        return []
    return frames if isinstance(frames, list) else [frames]
