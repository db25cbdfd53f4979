"""Key actions of stages: what is still to be done for open deals, and whether doing them goes with winning."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.opportunities.openings import ever
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.pipeline import key_actions as metrics
from data_access.pipeline import key_actions
from data_access.scope import Scope


@dataclass(frozen=True)
class KeyActions:
    """Of one track: rows (one per open deal and action of its stage, amount in units of currency), of_open
    (metrics.of_open_deals), rates (metrics.win_rates, of the deals closed by the as-of date
    that stayed in the stage beyond its median day)."""

    rows: pd.DataFrame
    of_open: pd.DataFrame
    rates: pd.DataFrame


def key_actions_of(ask: Ask, scope: Scope) -> KeyActions:
    rows, rates = ask(key_actions.of_open_deals, scope), _rates(ask, scope)
    return KeyActions(
        rows=rows.assign(amount=rows["amount"].astype("Float64") / MINOR_UNITS),
        of_open=metrics.of_open_deals(rows),
        rates=rates[rates["track"] == scope.track] if scope.track else rates,
    )


def _rates(ask: Ask, scope: Scope) -> pd.DataFrame:
    """Of all tracks together: what is a finding must not depend on which of them is looked at."""
    asked = ever(ask, scope).but(track=None)
    landmarks = metrics.landmarks(ask(key_actions.first_stays, asked))
    return metrics.win_rates(ask(key_actions.at_landmarks, asked, landmarks))
