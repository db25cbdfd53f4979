"""What one account comes to, for its record: whose it is, what it brings, what is open, what is wrong."""

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts import one_account
from dashboard.answers.accounts.one_account import Years
from dashboard.answers.overview import collection
from dashboard.answers.pipeline import deals as lists
from dashboard.answers.pipeline.deals import Norms
from dashboard.answers.reps.one_rep import SILENT_AFTER
from dashboard.metrics.accounts import one_account as metrics
from dashboard.metrics.pipeline import risk
from data_access.accounts import business, one_account as questions
from data_access.reps import activities
from data_access.scope import Scope


@dataclass(frozen=True)
class Record:
    """facts and years as in `one_account`; deals open as of the date with their signs of risk (`risk.signs`), those in
    the person's regions; last: its latest completed activity (None: none); silence: days since the last two-way one
    (None: never, or not known); is_silent (None: no activity was ever imported); late: overdue invoices."""

    facts: pd.Series
    years: Years
    deals: pd.DataFrame
    last: pd.Series | None
    silence: int | None
    is_silent: bool | None
    late: pd.DataFrame


def record(ask: Ask, scope: Scope, account_id: str, norms: Norms) -> Record:
    """Raises NotFound where the person sees no such account."""
    facts = one_account.facts(ask, scope, account_id)
    everything = one_account.of_account(scope)
    keys = tuple(sorted(ask(business.open_deals, everything, account_id)["opportunity_id"]))
    found = lists.deals(ask, everything, "open", norms, opportunity_ids=keys or ("",))
    done = ask(questions.activities, everything, account_id)
    silence = metrics.silence(done, scope.as_of)
    is_known = ask(activities.activities_are_recorded, scope)
    late = collection.overdue(ask, everything)
    return Record(
        facts=facts,
        years=one_account.years(ask, scope, account_id),
        deals=risk.signs(found, scope.as_of),
        last=None if done.empty else done.iloc[0],
        silence=silence,
        is_silent=(silence is None or silence > SILENT_AFTER) if is_known else None,
        late=late[late["account_id"] == account_id].reset_index(drop=True),
    )
