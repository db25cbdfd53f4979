"""What the rules of Attention look at, gathered once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.answers import Ask, deals, key_accounts
from dashboard.metrics.amounts import MINOR_UNITS, total
from data_access import attention, coverage, organisation
from data_access.scope import Scope


@dataclass(frozen=True)
class Facts:
    """The open deals and key accounts of a scope, and the thresholds that hold."""

    ask: Ask
    scope: Scope
    limits: Mapping[str, float]

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
        """One row per open deal: `answers.deals.deals`, and of `data_access.attention.open_deals` its keys and days;
        subject and value_at_risk, as every rule about deals gives them; norm_n: how many stays the norm of its stage
        rests on (empty: the stage has target days)."""
        found = deals.deals(self.ask, self.scope, "open")
        days = self.ask(attention.open_deals, self.scope, int(self.limits["pushes"]))
        found = found.merge(days, on="opportunity_id", validate="one_to_one")
        cases = deals.stays(self.ask, self.scope).groupby(["pipeline", "track", "stage"])["deals"].sum()
        keys = pd.MultiIndex.from_frame(found[["pipeline", "track", "stage"]])
        norm_n = pd.Series(cases.reindex(keys).to_numpy(), index=found.index, dtype="Int64").fillna(0)
        return found.assign(
            subject_id=found["opportunity_id"],
            subject=found["deal"],
            value_at_risk=found["amount"],
            norm_n=norm_n.mask(found["target_days"].notna()),
        )

    @cached_property
    def has_next_steps(self) -> bool:
        """Whether next steps are recorded at all: some open deal that the person may see has one."""
        everywhere = self.ask(attention.open_deals, self.everything, int(self.limits["pushes"]))
        return bool((everywhere["step_until_day"] >= self.day).any())

    @cached_property
    def has_two_way(self) -> bool:
        """Whether two-way contact is recorded at all, with any account that the person may see."""
        return bool(self.ask(attention.accounts, self.everything)["two_way_day"].notna().any())

    @cached_property
    def key_accounts(self) -> pd.DataFrame:
        """One row per key account that the scope shows, under the profile that holds: account_id, subject_id, subject,
        owner_id, owner, region_id, region, value_at_risk, created_on, two_way_day."""
        profile = key_accounts.profile(self.ask, self.scope)
        ranked, _matrix = key_accounts.ranked(self.ask, self.scope, profile)
        shown = self.ask(attention.accounts, self.scope)
        found = ranked[ranked["is_key"]].merge(shown, on="account_id", validate="one_to_one")
        pipelines = self.ask(attention.open_by_account, self.scope).groupby("account_id")
        opened = {account_id: total(facts) for account_id, facts in pipelines}
        pipeline = pd.Series([opened.get(key, 0.0) for key in found["account_id"]], dtype="Float64")
        revenue = found["revenue"].astype("Float64") / MINOR_UNITS
        return found.assign(
            subject_id=found["account_id"],
            subject=found["account"],
            value_at_risk=revenue.where((pipeline == 0).fillna(False), pipeline),
        )

    @cached_property
    def rep_names(self) -> dict[str, str]:
        found = self.ask(coverage.people, None)
        return dict(zip(found["rep_id"], found["rep"], strict=True))

    @cached_property
    def region_names(self) -> dict[str, str]:
        found = self.ask(organisation.regions, self.scope)
        return dict(zip(found["region_id"], found["name"], strict=True))
