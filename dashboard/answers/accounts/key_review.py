"""What stands beside the ranking of accounts: one-off spikes, trends, coverage and double credit."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts.key_accounts import trailing_year
from dashboard.metrics.accounts import key_review as metrics
from dashboard.metrics.accounts.key_accounts import Profile
from data_access.accounts import coverage, key_accounts
from data_access.scope import Scope, company


def with_revenue_ranks(ask: Ask, scope: Scope, ranked: pd.DataFrame) -> pd.DataFrame:
    """The ranked accounts with revenue_rank, largest_share (of the revenue, the largest deal's) and is_one_off."""
    largest = ask(key_accounts.largest_win, trailing_year(company(scope))).set_index("account_id")["largest"]
    of_account = ranked["account_id"].map(largest).astype("Float64")
    ranks = metrics.revenue_rank(ranked)
    revenue = ranked["revenue"].astype("Float64")
    return ranked.assign(
        revenue_rank=ranks,
        largest_share=(of_account / revenue.where(revenue > 0)).astype("float64"),
        is_one_off=metrics.one_offs(ranked, ranks, of_account),
    )


def trend(ask: Ask, scope: Scope, profile: Profile, account_id: str) -> pd.DataFrame:
    """How an account's factor scores and score came about; see metrics.key_review.trend."""
    return metrics.trend(
        ask(key_accounts.assessments, scope, account_id),
        ask(key_accounts.wins_of, scope, account_id),
        profile,
        scope.as_of,
    )


def credit(ask: Ask, scope: Scope) -> tuple[pd.DataFrame, dict] | None:
    """People's views of what was won in the period, and the reconciling line; see metrics.key_review.credit.
    rep: the name. None where an exchange rate is missing, so that nothing can be summed."""
    by_owner = ask(coverage.won_by_owner, scope)
    if by_owner["lacks_rate"].sum() > 0:
        return None
    wins = ask(coverage.won_under_directors, scope)
    wins = wins.assign(director_id=metrics.director_on(wins, ask(coverage.directors, company(scope))))
    rows, line = metrics.credit(by_owner, wins)
    names = ask(coverage.people, scope).set_index("rep_id")["rep"]
    return rows.assign(rep=rows["rep_id"].map(names)), line
