"""One deal: how it came to be where it is, what is done and asked for, what it has cost."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.opportunities import stop_loss
from dashboard.answers.pipeline import deals
from dashboard.answers.pipeline.deals import Norms
from dashboard.answers.reps.company_help import solution_fit
from dashboard.metrics.amounts import HOUR_PARTS, MINOR_UNITS
from dashboard.metrics.opportunities import one_deal as metrics, worth
from data_access.opportunities import one_deal as questions
from data_access.pipeline import key_actions
from data_access.scope import Scope


@dataclass(frozen=True)
class Deal:
    """facts (`one_deal.facts`), stays (`one_deal.stays`, with norm_days: the stage's target days, else its norm; and
    days_there: those in the stage up to the end of the stay, the earlier ones included, which the norm counts) and
    changes (`metrics.changes`), amounts in units of the deal's currency. Of an open deal alone: open (its row of the
    list of deals), key_actions of its stage, cost (its row of `stop_loss`; None too where a side of it is not known).

    opened, value   its opening, as `openings.as_of`; short_term and long_term (`worth.with_value`), one row
    people          who is in touch about it (`one_deal.people`)
    requests        all ever made for it (`one_deal.requests`), in hours
    spent           `one_deal.spent`, in hours and units of the base currency, with cost, the sum of both
    alike           closed deals like it (`metrics.alike`), amounts in units of the base currency
    fit             what sells in its industry and track (`company_help.solution_fit`), with references
    """

    facts: pd.Series
    stays: pd.DataFrame
    changes: pd.DataFrame
    open: pd.Series | None
    key_actions: pd.DataFrame
    cost: pd.Series | None
    opened: pd.Series
    value: pd.Series
    people: pd.DataFrame
    requests: pd.DataFrame
    spent: pd.Series
    alike: pd.DataFrame
    fit: pd.DataFrame


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

    opened = ask(questions.opened, scope, opportunity_id)
    of_deal = opened[["opportunity_id"]]
    now = one(deals.deals(ask, everything, "open", norms, opportunity_ids=(opportunity_id,)))
    alike, fit = _beside(ask, everything, facts, now)
    return Deal(
        facts=facts,
        stays=stays.assign(
            norm_days=stays["target_days"].astype("Float64").fillna(norm),
            days_there=stays.groupby("stage")["days"].cumsum(),
        ),
        changes=metrics.changes(stretches.assign(amount=stretches["amount"].astype("Float64") / MINOR_UNITS)),
        open=now,
        key_actions=own(ask(key_actions.of_open_deals, everything)),
        cost=one(stop_loss.candidates(ask, everything, (opportunity_id,))),
        opened=opened.iloc[0],
        value=worth.with_value(of_deal, ask(questions.answers, scope, opportunity_id)).iloc[0],
        people=ask(questions.people, scope, opportunity_id),
        requests=_in_hours(ask(questions.requests, scope, opportunity_id), "hours", "booked_hours"),
        spent=_spent(ask(questions.spent, scope, opportunity_id)),
        alike=alike,
        fit=fit,
    )


def _beside(ask: Ask, everything: Scope, facts: pd.Series, now: pd.Series | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The closed deals like it, and the products that fit; nothing where its industry is not known."""
    segment = facts["segment"] if isinstance(facts["segment"], str) else ""
    closed = ask(questions.closed_alike, everything, facts["track"], segment)
    closed = closed.assign(amount=closed["amount"].astype("Float64") / MINOR_UNITS)
    of_it = closed["opportunity_id"] == facts["opportunity_id"]
    itself = closed.loc[of_it, "amount"] if now is None else pd.Series([now["amount"]])
    amount = None if itself.dropna().empty else float(itself.iloc[0])
    product = facts["product"] if isinstance(facts["product"], str) else None
    others = closed[~of_it]
    fit = solution_fit(ask, everything, (segment,))
    fit = fit[fit["track"] == facts["track"]].reset_index(drop=True)
    return metrics.alike(others, facts["pipeline"], product, amount), metrics.with_references(fit, others)


def _in_hours(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].astype(float) / HOUR_PARTS for name in columns})


def _spent(found: pd.DataFrame) -> pd.Series:
    money = {name: found[name].astype(float) / MINOR_UNITS for name in ("support_cost", "activity_cost")}
    row = _in_hours(found, "support_hours", "ahead_hours").assign(**money).iloc[0]
    return pd.concat([row, pd.Series({"cost": row["support_cost"] + row["activity_cost"]})])
