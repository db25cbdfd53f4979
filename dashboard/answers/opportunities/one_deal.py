"""One deal: how it came to be where it is, what is done and asked for, what it has cost."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.opportunities import stop_loss
from dashboard.answers.pipeline import deals
from dashboard.answers.pipeline.deals import Norms
from dashboard.answers.support import resources
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.opportunities import one_deal as metrics
from data_access.opportunities import one_deal as questions
from data_access.pipeline import key_actions
from data_access.scope import Scope


@dataclass(frozen=True)
class Deal:
    """facts (`one_deal.facts`), stays (`one_deal.stays`, with norm_days: the stage's target days, else its norm) and
    changes (`metrics.changes`), amounts in units of the deal's currency. Of an open deal alone: open (its row of the
    list of deals), key_actions of its stage, requests for support that are open, cost (its row of `stop_loss`)."""

    facts: pd.Series
    stays: pd.DataFrame
    changes: pd.DataFrame
    open: pd.Series | None
    key_actions: pd.DataFrame
    requests: pd.DataFrame
    cost: pd.Series | None


def deal(ask: Ask, scope: Scope, opportunity_id: str, norms: Norms) -> Deal | None:
    """The deal as of the date, whatever the filters; None before it was created."""
    found = ask(questions.facts, scope, opportunity_id)
    if found.empty:
        return None
    facts = found.assign(amount=found["amount"].astype("Float64") / MINOR_UNITS).iloc[0]
    stays = ask(questions.stays, scope, opportunity_id)
    keys = [(facts["pipeline"], facts["track"], stage) for stage in stays["stage"]]
    norm = pd.Series([norms.get(key) for key in keys], index=stays.index, dtype="Float64")
    stretches = ask(questions.stretches, scope, opportunity_id)
    everything = Scope(scope.person, scope.period, scope.as_of, scope.last_day)

    def own(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["opportunity_id"] == opportunity_id].reset_index(drop=True)

    def one(rows: pd.DataFrame) -> pd.Series | None:
        return rows.iloc[0] if len(rows) else None

    return Deal(
        facts=facts,
        stays=stays.assign(norm_days=stays["target_days"].astype("Float64").fillna(norm)),
        changes=metrics.changes(stretches.assign(amount=stretches["amount"].astype("Float64") / MINOR_UNITS)),
        open=one(deals.deals(ask, everything, "open", norms, opportunity_ids=(opportunity_id,))),
        key_actions=own(ask(key_actions.of_open_deals, everything)),
        requests=own(resources.open_requests(ask, everything)),
        cost=one(own(stop_loss.candidates(ask, everything))),
    )
