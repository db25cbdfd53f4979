"""What the rules of Attention look at, gathered once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts
from dashboard.answers.pipeline import deals
from dashboard.answers.profiles import Held
from data_access import organisation
from data_access.accounts import ownership
from data_access.attention import since
from data_access.scope import Scope, company


@dataclass(frozen=True)
class Facts:
    """The open deals and key accounts of a scope, and the thresholds that hold."""

    ask: Ask
    scope: Scope
    held: Held

    @property
    def limits(self) -> Mapping[str, float]:
        return self.held.values

    @property
    def everything(self) -> Scope:
        """All the person may see: what norms rest on, and whether something is recorded at all."""
        scope = self.scope
        return Scope(scope.person, scope.period, scope.as_of, scope.last_day)

    @property
    def day(self) -> int:
        """The as-of date as an ordinal."""
        return self.scope.as_of.toordinal()

    @cached_property
    def deals(self) -> pd.DataFrame:
        """One row per open deal: `answers.pipeline.deals.deals`, and its keys and days of
        `data_access.attention.since.open_deals`; subject, as every rule about deals gives it;
        norm_n: how many stays the norm of its stage rests on (empty: the stage has target days)."""
        found = deals.deals(self.ask, self.scope, "open")
        days = self.ask(since.open_deals, self.scope, int(self.limits["pushes"]))
        found = found.merge(days, on="opportunity_id", validate="one_to_one")
        cases = deals.stays(self.ask, self.scope).groupby(["pipeline", "track", "stage"])["deals"].sum()
        keys = pd.MultiIndex.from_frame(found[["pipeline", "track", "stage"]])
        norm_n = pd.Series(cases.reindex(keys).to_numpy(), index=found.index, dtype="Int64").fillna(0)
        return found.assign(
            subject_id=found["opportunity_id"],
            subject=found["deal"],
            norm_n=norm_n.mask(found["target_days"].notna()),
        )

    @cached_property
    def has_next_steps(self) -> bool:
        """Whether next steps are recorded at all: some open deal that the person may see has one."""
        everywhere = self.ask(since.open_deals, self.everything, int(self.limits["pushes"]))
        return bool((everywhere["has_step"] == 1).any())

    @cached_property
    def key_accounts(self) -> pd.DataFrame:
        """One row per key account that the scope shows, under the profile that holds: `accounts`."""
        keys = self.ranked.loc[self.ranked["is_key"], "account_id"]
        return self.accounts[self.accounts["account_id"].isin(keys)].reset_index(drop=True)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """One row per account that the scope shows: `ownership.accounts_owned`, with subject_id, subject and region."""
        return self.of_accounts(self.ask(ownership.accounts_owned, self.scope))

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """One row per account of the whole company under the profile that holds: `key_accounts.ranked`."""
        ranked, _matrix = key_accounts.ranked(self.ask, self.scope, key_accounts.profile(self.ask, self.scope))
        return ranked

    def of_accounts(self, accounts: pd.DataFrame) -> pd.DataFrame:
        """Accounts as every rule about them names them: subject_id, subject, region."""
        return accounts.assign(
            subject_id=accounts["account_id"],
            subject=accounts["account"],
            region=accounts["region_id"].map(self.region_names),
        )

    @cached_property
    def region_names(self) -> dict[str, str]:
        """The names of all regions: an account may be contested by one that is not the person's to see."""
        found = self.ask(organisation.regions, company(self.scope).everything)
        return dict(zip(found["region_id"], found["name"], strict=True))
