"""One account, whole: who it is, who covers it, how we are with it, what is planned, what it needs (WHCSE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts as ranking
from dashboard.metrics import periods
from dashboard.metrics.accounts import key_accounts as scoring, one_account as metrics
from dashboard.metrics.opportunities.worth import with_value
from data_access.accounts import business as account_business, key_accounts, one_account as questions
from data_access.scope import Period, Scope


@dataclass(frozen=True)
class Standing:
    """Where an account stands: its row of `answers.accounts.key_accounts.ranked`, and what its group is like.

    scored, key_count, edge   accounts of the group with a score; how many are key; the lowest score among those
    medians                   of the group and of its key accounts: per factor, in the order of scoring.FACTORS
    won                       the trailing year's won amount (None: not known); next_cut: what the next point needs
    """

    row: pd.Series
    profile: scoring.Profile
    scored: int
    key_count: int
    edge: float | None
    stability: float | None
    medians: Mapping[str, list[float]]
    won: float | None
    next_cut: float | None


def of_account(scope: Scope) -> Scope:
    """The same day, for the same person, without filters: an account is looked at whole."""
    year = ranking.trailing_year(scope).period
    return Scope(scope.person, year, scope.as_of, scope.last_day)


def everyone(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per account that the person may see, by name: account_id, account, group, region, owner, director."""
    found = ask(key_accounts.accounts, of_account(scope))
    return found[found["is_shown"]].sort_values(["account", "account_id"], ignore_index=True)


def facts(ask: Ask, scope: Scope, account_id: str) -> pd.Series:
    """What the account is: account, industry, customer_class, region, owner, director, created_on, pool.

    Raises NotFound where the person sees no such account.
    """
    return ask(questions.facts, of_account(scope), account_id).iloc[0]


def standing(
    ask: Ask,
    scope: Scope,
    account_id: str,
    profile: scoring.Profile,
    everybody: pd.DataFrame,
    matrix: scoring.Matrix,
) -> Standing | None:
    """Where the account stands among everybody, ranked under a profile; None: not there yet on the as-of date."""
    facts(ask, scope, account_id)  # refuses before anything is said about the account
    place = np.flatnonzero(everybody["account_id"] == account_id)
    if not place.size:
        return None
    row = everybody.iloc[place[0]]
    members = matrix.members.get(row["group"], np.array([], dtype=int))
    of_group = everybody.iloc[members]
    key = of_group[of_group["is_key"]]
    stable = scoring.stability(scoring.Matrix(matrix.scores, {row["group"]: members}), profile)[place[0]]
    factors = list(scoring.FACTORS)
    reached = row["past_revenue"]
    return Standing(
        row=row,
        profile=profile,
        scored=len(members),
        key_count=len(key),
        edge=None if key.empty else float(key["score"].min()),
        stability=None if np.isnan(stable) else float(stable),
        medians={
            "group": of_group[factors].median().tolist(),
            "key": key[factors].median().tolist(),
        },
        won=None if pd.isna(row["revenue"]) else float(row["revenue"]) / metrics.MINOR_UNITS,
        next_cut=None if pd.isna(reached) or reached >= 10 else sorted(profile.cut_points)[int(reached)],
    )


# --- coverage -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covered:
    """Who had the account when (`stretches`, with is_now), and who is credited with the trailing year's won deals."""

    stretches: pd.DataFrame
    credit: pd.DataFrame
    totals: Mapping[str, float | None]
    period: Period


def coverage(ask: Ask, scope: Scope, account_id: str) -> Covered:
    scope = of_account(scope)
    present_director = facts(ask, scope, account_id)["director_id"]
    spells = ask(questions.coverage, scope, account_id)
    won = ask(questions.won_deals, scope, account_id)
    credited, totals = metrics.credit(won, metrics.directors(spells, won["closed_on"], present_director))
    is_now = spells["to_on"].isna() | (spells["to_on"] > pd.Timestamp(scope.as_of))
    return Covered(spells.assign(is_now=is_now), credited, totals, scope.period)


YEARS = 3


@dataclass(frozen=True)
class Years:
    """What the last three years of twelve months brought, the latest first (`by_year`; the first is past revenue's),
    all of them together (its one row), and every project won in them, amounts in units of currency."""

    by_year: pd.DataFrame
    together: pd.DataFrame
    projects: pd.DataFrame


def years(ask: Ask, scope: Scope, account_id: str) -> Years:
    """Of the whole company, as past revenue counts it: who may see the account sees what it brought."""
    ends, day = [], scope.as_of
    for _year in range(YEARS):
        ends.append(periods.preset("trailing_12_months", day))
        day = ends[-1][0] - timedelta(days=1)
    whole = (ends[-1][0], scope.as_of)
    won = ask(questions.won_deals, of_account(scope).but(period=Period(*whole)), account_id)
    return Years(metrics.by_year(won, ends), metrics.by_year(won, [whole]), _in_units(won, "amount", "gross_margin"))


# --- how we are with it -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Relationship:
    """closeness with its parts and its trend, contacts (with last_on and recent activities), their levels,
    activities, the judgements and how long it has been silent (days since the last two-way activity, since any)."""

    closeness: metrics.Closeness
    trend: pd.DataFrame
    contacts: pd.DataFrame
    levels: pd.DataFrame
    activities: pd.DataFrame
    judged: pd.DataFrame
    silence: int | None
    since_any: int | None


def relationship(ask: Ask, scope: Scope, account_id: str) -> Relationship:
    scope, day = of_account(scope), scope.as_of
    activities = ask(questions.activities, scope, account_id)
    judged = ask(questions.closeness_scores, scope, account_id)
    contacts = ask(questions.contacts, scope, account_id)
    last = activities.groupby("contact_id")["completed_on"].max()
    since = pd.Timestamp(day - timedelta(days=90))
    recent = activities[activities["completed_on"] > since].groupby("contact_id").size()
    return Relationship(
        closeness=metrics.closeness(activities, judged, day),
        trend=metrics.closeness_trend(activities, judged, day),
        contacts=contacts.assign(
            last_on=last.reindex(contacts["contact_id"]).to_numpy(),
            recent=recent.reindex(contacts["contact_id"], fill_value=0).to_numpy(),
        ),
        levels=metrics.by_seniority(contacts, activities, day),
        activities=activities,
        judged=judged,
        silence=metrics.silence(activities, day),
        since_any=None if activities.empty else (pd.Timestamp(day) - activities["completed_on"].max()).days,
    )


# --- strategy and evaluation --------------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluation:
    """Goals as they stand, needs by window, the calendar of assessments; and every assessment ever made."""

    goals: pd.DataFrame
    goal_versions: pd.DataFrame
    grid: pd.DataFrame
    calendar: pd.DataFrame
    scores: pd.DataFrame
    needs: pd.DataFrame


def evaluation(ask: Ask, scope: Scope, account_id: str) -> Evaluation:
    scope, day = of_account(scope), scope.as_of
    versions = ask(questions.goals, scope, account_id)
    scores = ask(questions.factor_scores, scope, account_id)
    needs = ask(questions.needs, scope, account_id)
    judged = ask(questions.closeness_scores, scope, account_id)
    return Evaluation(
        goals=metrics.goals(versions, day),
        goal_versions=versions,
        grid=metrics.needs_grid(needs),
        calendar=metrics.calendar(scores, needs, judged, day),
        scores=scores,
        needs=needs.assign(value=needs["value"].astype("Float64") / metrics.MINOR_UNITS),
    )


# --- deals, money, purchases --------------------------------------------------------------------------


@dataclass(frozen=True)
class Business:
    """Open deals with opening and value, receipts, and whose the account's purchases are by year (is_partial: the
    year still runs) and by year and category."""

    deals: pd.DataFrame
    receipts: pd.DataFrame
    by_year: pd.DataFrame
    by_category: pd.DataFrame


def business(ask: Ask, scope: Scope, account_id: str) -> Business:
    scope = of_account(scope)
    deals = ask(account_business.open_deals, scope, account_id)
    bought = ask(account_business.purchases, scope, account_id)
    deals = with_value(deals, ask(account_business.deal_values, scope, account_id))
    received = ask(account_business.receipts, scope, account_id)
    by_year = metrics.wallet(bought, ["year"])
    return Business(
        deals=_in_units(deals, "amount", "weighted").assign(is_territory_counted=deals["is_territory_counted"] == 1),
        receipts=_in_units(received, "amount"),
        by_year=by_year.assign(is_partial=by_year["year"] == scope.as_of.year),
        by_category=metrics.wallet(bought, ["year", "category"]).sort_values(
            ["year", "theirs"], ascending=False, ignore_index=True
        ),
    )


def _in_units(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].astype("Float64") / metrics.MINOR_UNITS for name in columns})


def minor_units(amount: float) -> int:
    """What a person typed, in minor units, rounded half up."""
    return int((Decimal(str(amount)) * metrics.MINOR_UNITS).quantize(Decimal(1), ROUND_HALF_UP))
