"""The team: activity by week, groups compared, silence on key accounts, credit, and how newcomers start."""

from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.reps import team as metrics
from data_access import organisation
from data_access.pipeline import closing
from data_access.reps import activities, people as questions
from data_access.scope import Period, Scope

WEEKS = 52  # of the heat map, the latest of the period


def last_weeks(scope: Scope) -> Scope:
    """The same question about the latest weeks of the period: WEEKS of them at most."""
    monday = scope.flow_end - timedelta(days=scope.flow_end.weekday())
    start = max(scope.period.start, monday - timedelta(weeks=WEEKS - 1))
    return scope.but(period=Period(min(start, scope.period.end), scope.period.end))


def weekly(ask: Ask, scope: Scope, by: str = "rep") -> pd.DataFrame:
    """Completed activities by rep or region and week: rep_id or region_id, week (its Monday), completed, meetings,
    bare."""
    return ask(activities.completed_totals, last_weeks(scope), (by, "week"))


def sorts(ask: Ask, scope: Scope) -> dict[str, pd.DataFrame]:
    """Completed activities by kind and by origin (None: none; of these, `bare` have no result either)."""
    return {by: ask(activities.completed_totals, scope, (by,)) for by in ("kind", "origin")}


def credited(ask: Ask, scope: Scope) -> dict[str, pd.DataFrame]:
    """What the period's activities and won deals credit to whom, see metrics.credited; rep: the name."""
    names = ask(questions.roster, scope).set_index("rep_id")["rep"]
    by_doer = ask(questions.activities_credited, scope).rename(columns={"rep_id": "by_doer"})
    done = metrics.credited(by_doer, ("by_doer", "owner_then", "owner_now"), "completed")
    won = metrics.credited(ask(questions.won_credited, scope), ("owner_then", "owner_now"), "amount")
    return {
        name: found.assign(rep=found["rep_id"].map(names).fillna(found["rep_id"]))
        for name, found in (("activities", done), ("won", won))
    }


def has_all_rates(ask: Ask, scope: Scope) -> bool:
    """Whether every deal won in the period has an exchange rate, so that amounts can be added."""
    return not ask(questions.won_credited, scope)["lacks_rate"].sum()


def silence(ask: Ask, scope: Scope, keys: pd.DataFrame) -> pd.DataFrame:
    """The given key accounts (account_id, account, owner, region), the longest silent first: last_on (the last two-way
    contact by the as-of date, whoever had it), days_silent (NaN: never), touches (of the period; empty where no
    activity was ever imported), is_open (whether a deal with it is open)."""
    last = ask(activities.last_two_way, scope).set_index("account_id")["last_on"]
    touches = ask(activities.touches_by_account, scope).set_index("account_id")["touches"]
    still_open = ask(questions.accounts_with_open_deals, scope)["account_id"]
    found = keys.assign(
        last_on=last.reindex(keys["account_id"]).to_numpy(),
        touches=keys["account_id"].map(touches).fillna(0).astype("Int64"),
        is_open=keys["account_id"].isin(still_open),
    )
    if not ask(activities.activities_are_recorded, scope):
        found["touches"] = pd.Series(pd.NA, index=found.index, dtype="Int64")
    found["days_silent"] = (pd.Timestamp(scope.as_of) - found["last_on"]).dt.days.astype("Float64")
    return found.sort_values(["days_silent", "account_id"], ascending=[False, True], na_position="first")


def ramp(ask: Ask, scope: Scope) -> tuple[pd.DataFrame, int]:
    """How much the newcomers of each year have won by month since they were hired, see metrics.ramp; and how many reps
    were hired before the data begin, of whom the start is not known."""
    first = ask(organisation.calendar, None).first_day or scope.as_of
    people = ask(questions.roster, scope)
    people = people[(people["is_here"] == 1) & people["hired_on"].notna()]
    starts = people[people["hired_on"] >= pd.Timestamp(first)]
    ever = scope.but(period=Period(first, max(first, scope.as_of)))
    closed = ask(closing.closed_totals, ever, ("owner", "month"))
    return metrics.ramp(starts, closed[closed["outcome"] == "won"], scope.as_of), len(people) - len(starts)
