"""One rep, whole: the quarter's target, the profile beside the peers, accounts, activity, and how it all came about.

Another's region is refused by `facts`. What is credited to a rep stands in the person's regions, as everywhere; the
stage and the profile are of the whole company, as in `life_stage`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.answers import Ask, profiles
from dashboard.answers.accounts import key_accounts
from dashboard.answers.overview.numbers import overview_for_people
from dashboard.answers.reps import results as team
from dashboard.answers.reps.company_help import given, solution_fit
from dashboard.metrics import periods
from dashboard.metrics.reps import rep_profile, results as team_metrics
from data_access import organisation
from data_access.accounts import key_accounts as accounts, ownership
from data_access.reps import activities, one_rep as questions, people
from data_access.scope import Period, Scope, company

KIND = "rep_profile"
SILENT_AFTER = 90  # days without a two-way contact
_CALENDAR_WEEKS = 26
_TOUCHED_DAYS = 90


def of_rep(scope: Scope, rep_id: str) -> Scope:
    """The same person on the same day, about one rep, in the twelve months up to that day."""
    year = Period(*periods.preset("trailing_12_months", scope.as_of))
    return Scope(scope.person, year, scope.as_of, scope.last_day, owner=rep_id)


def facts(ask: Ask, scope: Scope, rep_id: str) -> pd.Series:
    """rep, region_id, region, manager, hired_on, left_on. Raises NotFound where the person sees no such
    rep."""
    return ask(questions.facts, of_rep(scope, rep_id), rep_id).iloc[0]


def target(ask: Ask, scope: Scope, rep_id: str) -> dict:
    """The running fiscal quarter: won_amount, target_amount, attainment, pacing, pacing_basis, open_amount, coverage,
    quarter (its days), gone (the part of its days that has passed)."""
    start_month = ask(organisation.calendar, None).fiscal_year_start_month
    quarter = Period(*periods.preset("this_quarter", scope.as_of, start_month))
    values = overview_for_people(ask, of_rep(scope, rep_id).but(period=quarter))["values"]
    names = ("won_amount", "target_amount", "attainment", "pacing", "pacing_basis", "open_amount", "coverage")
    gone = ((scope.as_of - quarter.start).days + 1) / quarter.days
    return {name: values[name] for name in names} | {"quarter": quarter, "gone": gone}


@dataclass(frozen=True)
class Attained:
    """Attainment by ended fiscal quarter (quarter, won, target, attainment; the latest eight with a target), their
    swing, and how many quarters it rests on."""

    quarters: pd.DataFrame
    swing: float | None
    n: int


def attained(ask: Ask, scope: Scope, rep_id: str) -> Attained:
    found = team.attainments(ask, of_rep(scope, rep_id)).sort_values("quarter")
    swings = team_metrics.swings(found)
    latest = found.tail(team_metrics.SWING_QUARTERS)
    days = [pd.Timestamp(date.fromordinal(int(day))) for day in latest["quarter"]]
    swing = swings["swing"].iloc[0] if len(swings) else np.nan
    quarters = latest.assign(quarter=pd.Series(days, index=latest.index, dtype="datetime64[s]"))
    return Attained(quarters.reset_index(drop=True), None if pd.isna(swing) else float(swing), len(latest))


def owned_accounts(ask: Ask, scope: Scope, rep_id: str) -> pd.DataFrame:
    """One row per account owned on the as-of date, in the person's regions, the longest silent first: account_id,
    account, is_key, last_on (of a two-way contact, whoever had it), silent_days (empty: never), is_silent (empty where
    no activity was ever imported)."""
    found = ask(ownership.accounts_owned, of_rep(scope, rep_id))
    whole = company(scope)
    ranked, _matrix = key_accounts.ranked(ask, whole, key_accounts.profile(ask, whole))
    found = found.merge(ask(activities.last_two_way, whole), on="account_id", how="left")
    silent = (pd.Timestamp(scope.as_of) - found["last_on"]).dt.days.astype("Int64")
    is_silent = (silent > SILENT_AFTER).fillna(True).astype("boolean")
    rows = found.assign(
        is_key=found["account_id"].isin(ranked.loc[ranked["is_key"], "account_id"]),
        silent_days=silent,
        is_silent=is_silent if ask(activities.activities_are_recorded, scope) else pd.NA,
    )
    columns = ["account_id", "account", "is_key", "last_on", "silent_days", "is_silent"]
    never_first = rows.assign(order=silent.fillna(10**6)).sort_values(["order", "account_id"], ascending=[False, True])
    return never_first[columns].reset_index(drop=True)


def calendar(ask: Ask, scope: Scope, rep_id: str) -> pd.DataFrame:
    """One row per day of the last 26 weeks up to the as-of date: day, completed (activities of the rep)."""
    monday = scope.as_of - timedelta(days=scope.as_of.weekday())
    first = monday - timedelta(weeks=_CALENDAR_WEEKS - 1)
    asked = of_rep(scope, rep_id).but(period=Period(first, scope.as_of))
    done = ask(activities.completed_totals, asked, ("day",)).set_index("day")["completed"]
    days = pd.date_range(first, scope.as_of, name="day").astype("datetime64[s]")
    return done.reindex(days, fill_value=0).rename("completed").reset_index()


def day_activities(ask: Ask, scope: Scope, rep_id: str, day: date) -> pd.DataFrame:
    """The activities behind a day of the calendar, as activities.activity_list has them."""
    return ask(activities.activity_list, of_rep(scope, rep_id).but(period=Period(day, day)), "completed")


# --- the profile --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Profile:
    """The rep's profile beside the peers' median (rows: see metrics.rep_profile.profile), who the peers are
    (life_stage, region, unit; None: too few), how many, the weights that hold, and the composites of both."""

    rows: pd.DataFrame
    peers: str | None
    n: int
    weights: profiles.Held
    score: float | None
    of_peers: float | None


def weights(ask: Ask, scope: Scope) -> profiles.Held:
    return profiles.held(ask, scope, KIND, rep_profile.DEFAULTS)


def profile(ask: Ask, scope: Scope, rep_id: str) -> Profile:
    facts(ask, scope, rep_id)  # refuses before anything is said
    everybody = given(ask, company(scope))
    of_all = rep_profile.scores(_measured(ask, scope, everybody), ask(questions.latest_soft_scores, company(scope)))
    kind, peers = rep_profile.peers_of(everybody, rep_id)
    held = weights(ask, scope)
    rows = rep_profile.profile(of_all, rep_id, peers, held.values)
    return Profile(rows, kind, len(peers), held, rep_profile.composite(rows), rep_profile.composite(rows, "peers"))


def _measured(ask: Ask, scope: Scope, everybody: pd.DataFrame) -> pd.DataFrame:
    """The hard measures of every rep: shares, and the swing."""
    year = company(scope).but(period=Period(*periods.preset("trailing_12_months", scope.as_of)))
    whole = team.reps(ask, year).set_index("rep_id").reindex(everybody["rep_id"])
    planned = whole[["planned_done_on_time", "planned_done_late", "planned_overdue"]].sum(axis=1)
    lately = year.but(period=Period(scope.as_of - timedelta(days=_TOUCHED_DAYS - 1), scope.as_of))
    owned = ask(people.accounts_owned, lately)
    touched = (owned["touches"] > 0).groupby(owned["rep_id"]).mean()
    if not ask(activities.activities_are_recorded, lately):
        touched = touched.iloc[:0]
    return everybody[["rep_id", "attainment", "repeat_share"]].assign(
        swing=whole["attainment_swing"].astype("float64").to_numpy(),
        on_time=(whole["planned_done_on_time"] / planned.where(planned > 0)).astype("float64").to_numpy(),
        touched=everybody["rep_id"].map(touched).astype("float64"),
    )


def soft_scores(ask: Ask, scope: Scope, rep_id: str) -> pd.DataFrame:
    return ask(questions.soft_scores, of_rep(scope, rep_id), rep_id)


def best_matching(ask: Ask, scope: Scope, rep_id: str) -> tuple[tuple[str, ...], pd.DataFrame]:
    """The industries of the accounts owned, and what sells there; see given.solution_fit."""
    found = ask(ownership.accounts_owned, of_rep(scope, rep_id))
    groups = ask(accounts.accounts, company(scope)).set_index("account_id")["group"]
    segments = tuple(sorted(set(found["account_id"].map(groups).dropna())))
    return segments, solution_fit(ask, scope, segments)
