"""Which deals decide whether the period makes its target."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.forecast import outlook
from dashboard.answers.overview import numbers
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.forecast import deciding as metrics, outlook as forecasts
from dashboard.metrics.forecast.deciding import Closing
from dashboard.metrics.forecast.outlook import Forecast
from data_access import lists
from data_access.forecast import deciding as questions
from data_access.scope import Scope

MOST = 20  # deals told: further down one deal moves little
LATELY = timedelta(days=7)

_BESIDE = ("last_touch_on", "last_touch_kind", "changes", "amount_before", "stage_before", "expected_close_before",
           "owner_before")  # fmt: skip
_TOLD = ("deal", "account", "owner", "region", "pipeline", "track", "stage", "expected_close_on", "next_step_on",
         "next_step_kind")  # fmt: skip
COLUMNS = ("opportunity_id", "amount", "chance", "weight", "is_closing", *_TOLD, *_BESIDE)


@dataclass(frozen=True)
class Deciding:
    """The deals that decide, beside the forecast they are weighed by.

    gap        target − forecast, below 0 where the forecast is the higher; None: no target, or no forecast
    closing    the few that close it
    open_count    how many deals are open; None: no forecast, nothing was asked
    rows       the MOST heaviest deals, the heaviest first: COLUMNS. amount and amount_before in units; is_closing:
               whether it is one of those that close the gap; changes: since the day LATELY before the as-of date,
               `metrics.CHANGES`
    """

    forecast: Forecast
    target: float | None
    gap: float | None
    closing: Closing
    open_count: int | None
    rows: pd.DataFrame


def deciding(ask: Ask, scope: Scope) -> Deciding:
    """The deals that decide the period, from what was known on the as-of date."""
    course, target = outlook.present(ask, scope), numbers.target(ask, scope)
    made = outlook.of_course(scope, course)
    if made.expected is None:
        return Deciding(made, target, None, Closing(), None, pd.DataFrame(columns=COLUMNS))
    opened = ask(questions.open_deals, scope)
    deals = metrics.ranked(opened, forecasts.chances(forecasts.Table(course.looks, course.ahead)))
    gap = None if target is None else round(target - made.expected, 2)
    closing = metrics.closing(deals, gap)
    rows = deals.head(MOST).assign(is_closing=lambda found: found.index < (closing.deals or 0))
    return Deciding(made, target, gap, closing, len(opened), _described(ask, scope, rows))


def report(ask: Ask, scope: Scope) -> dict:
    """values: won_amount, expected, target_amount, gap, open_count, closing_deals, closing_chance, refused (a sentence,
    or None); rows: one per deal told."""
    found = deciding(ask, scope)
    values = {
        "won_amount": found.forecast.won,
        "expected": found.forecast.expected,
        "target_amount": found.target,
        "gap": found.gap,
        "open_count": found.open_count,
        "closing_deals": found.closing.deals,
        "closing_chance": found.closing.chance,
        "refused": outlook.refused_in_words(found.forecast),
    }
    return {"values": values, "rows": found.rows.assign(changes=found.rows["changes"].map(";".join))}


def _described(ask: Ask, scope: Scope, deals: pd.DataFrame) -> pd.DataFrame:
    """The deals with what a person wants to know of each."""
    if deals.empty:
        return pd.DataFrame(columns=COLUMNS)
    keys = tuple(sorted(deals["opportunity_id"]))
    since = scope.as_of - LATELY
    beside = ask(questions.lately, scope, since, keys)
    beside = beside.assign(
        changes=metrics.changes(beside, pd.Timestamp(since)),
        amount_before=beside["amount_before"].astype("Float64") / MINOR_UNITS,
    )
    told = ask(lists.deal_list, scope, "open", opportunity_ids=keys)
    found = deals.merge(told[["opportunity_id", *_TOLD]], on="opportunity_id")
    return found.merge(beside[["opportunity_id", *_BESIDE]], on="opportunity_id")[list(COLUMNS)]
