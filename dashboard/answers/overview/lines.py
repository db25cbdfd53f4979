"""The lines of business beside the deals: key accounts, support and collection, each in a few numbers."""

from datetime import timedelta

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts as ranking
from dashboard.answers.overview.collection import collection
from dashboard.answers.support import resources
from dashboard.metrics.accounts import together
from dashboard.metrics.accounts.one_account import CLOSENESS_DAYS
from data_access.accounts import closeness
from data_access.pipeline import closing
from data_access.scope import Scope, company


def key_accounts(ask: Ask, scope: Scope) -> dict[str, float | int | None]:
    """The key accounts that the scope shows, under the profile that holds, and what the period's wins owe to key
    accounts anywhere; the keys of `overview.key_accounts`. All None where no account is scored."""
    ranked, _matrix = ranking.ranked(ask, scope, ranking.profile(ask, scope))
    if ranked["score"].isna().all():
        return {"key_account_count": None, **dict.fromkeys(_OF_KEY)}
    key = ranked[ranked["is_key"]]
    shown = set(key.loc[key["is_shown"], "account_id"])
    days = (scope.as_of, scope.as_of - timedelta(days=CLOSENESS_DAYS))
    spoken = ask(closeness.contacts, company(scope), days, CLOSENESS_DAYS)
    judged = ask(closeness.judged, company(scope), days)
    judged = judged[judged["account_id"].isin(shown)]
    now, before = (
        together.closeness(spoken[spoken["at"] == at], judged[judged["at"] == at].drop(columns="at"), day.toordinal())
        for at, day in enumerate(days)
    )
    needs = ask(closeness.needs, company(scope))
    return {
        "key_account_count": len(shown),
        **together.won_share(ask(closing.won_by_account, scope), set(key["account_id"])),
        **together.closeness_change(now, before),
        **together.needs_gap(needs[needs["account_id"].isin(shown)]),
    }


_OF_KEY = (
    "key_won_amount", "key_won_share", "key_closeness", "key_closeness_count", "key_closeness_change",
    "key_needs_gap", "key_needs_count",
)  # fmt: skip


def lines(ask: Ask, scope: Scope) -> dict[str, dict]:
    """The parts of `report overview` beside its deals: key_accounts, support, collection."""
    return {
        "key_accounts": key_accounts(ask, scope),
        "support": resources.in_use(ask, scope),
        "collection": collection(ask, scope),
    }
