"""Support resources: who is booked on what, what is asked for, and whether the best deals are served."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.metrics.amounts import HOUR_PARTS, MINOR_UNITS, ratio
from dashboard.metrics.support import resources as metrics
from data_access.opportunities import cost_of_sale
from data_access.scope import Period, Scope
from data_access.support import resources as questions


def support(ask: Ask, scope: Scope) -> dict:
    """values: the keys of `report support`, and met_in_time and needed_requests, the cases of its share; rows: see
    `utilisation` by person."""
    held = holds(ask, scope)
    alignment, n = metrics.alignment(ask(questions.served_deals, scope))
    return {
        "values": {
            **in_use(ask, scope),
            **metrics.queue(ask(questions.open_requests, scope), held),
            "hours_per_won_deal": metrics.hours_per_won_deal(ask(cost_of_sale.by_outcome, scope), held),
            "alignment": alignment,
            "alignment_n": n,
        },
        "rows": utilisation(ask, scope, ["resource_id", "person", "kind", "region"]),
    }


def in_use(ask: Ask, scope: Scope) -> dict[str, float | int | None]:
    """utilisation with its hours; met_in_time_share with its cases, met_in_time of needed_requests."""
    counts = ask(questions.needed_requests, scope)
    met, needed = (int(counts[name].sum()) for name in ("met", "needed"))
    return {
        **metrics.totals(person_weeks(ask, scope), holds(ask, scope)),
        "met_in_time_share": ratio(met, needed),
        "met_in_time": met,
        "needed_requests": needed,
    }


def holds(ask: Ask, scope: Scope) -> pd.Series:
    """How many people, requests and bookings the whole company has."""
    return ask(questions.kept, scope).iloc[0]


def person_weeks(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per person in the scope's regions and week whose Monday lies in the period, also after the as-of date:
    resource_id, week, available, booked (millionths of hours), person, kind, region_id, region."""
    people = ask(questions.people, scope.dateless)
    weeks = metrics.person_weeks(
        people,
        ask(questions.booked_weeks, scope),
        ask(questions.absent_weeks, scope),
        metrics.mondays(scope.period.start, scope.period.end),
    )
    return weeks.merge(people[["resource_id", "person", "kind", "region_id", "region"]], on="resource_id", how="left")


def utilisation(ask: Ask, scope: Scope, by: list[str]) -> pd.DataFrame:
    """One row per group of people or weeks (resource_id, person, kind, region_id, region, week): available_hours,
    booked_hours, utilisation. Persons stand in it also without a week of work in the period."""
    weeks = person_weeks(ask, scope)
    if weeks.empty:  # a period without a Monday: nobody has a week in it
        people = ask(questions.people, scope.dateless)
        weeks = people.assign(week=pd.NaT, available=0, booked=0)
    return metrics.summed(weeks, by)


def ahead(scope: Scope) -> Scope:
    """The same people in the coming eight weeks: those whose Monday comes after the as-of date."""
    return scope.but(period=Period(*metrics.weeks_ahead(scope.as_of)))


def coming(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per kind and coming week, in this order: kind, week, available_hours, booked_hours, asked_hours (what
    open requests still lack, spread up to the day they are needed; see metrics.support.demand)."""
    period = ahead(scope).period
    weeks = metrics.mondays(period.start, period.end)
    hours = metrics.summed(person_weeks(ask, ahead(scope)), ["kind", "week"]).drop(columns="utilisation")
    asked = metrics.demand(open_requests(ask, scope), weeks).rename(columns={"asked": "asked_hours"})
    found = hours.merge(asked, on=["kind", "week"], how="outer")
    numbers = ["available_hours", "booked_hours", "asked_hours"]
    return found.fillna(dict.fromkeys(numbers, 0.0)).sort_values(["kind", "week"], ignore_index=True)


def bookings(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per booking in the weeks whose Monday lies in the period, latest first: `support.bookings` in hours."""
    found = ask(questions.bookings, scope)
    return found.assign(
        hours=found["hours"].astype("float64") / HOUR_PARTS,
        is_locked=(found["is_locked"] == 1).astype(bool),
        is_done=(found["is_done"] == 1).astype(bool),
    )


def in_time(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per kind of the requests needed in the period: kind, needed, met, share."""
    found = ask(questions.needed_requests, scope)
    return found.assign(share=(found["met"] / found["needed"]).astype(float))


def overload(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per person and coming week with more booked than available, the worst first: resource_id, person, kind,
    region_id, region, week, available_hours, booked_hours, over_hours."""
    found = metrics.overload(person_weeks(ask, ahead(scope)))
    hours = {f"{name}_hours": found[name].astype("float64") / HOUR_PARTS for name in ("available", "booked", "over")}
    return found.drop(columns=["available", "booked", "over"]).assign(**hours)


def open_requests(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per request open as of the date, the soonest needed first: `support.open_requests` in hours and base
    currency units, with age_days (since requested_on), days_overdue (past needed_by; NaN where it is not), worth
    (the open deal's amount × probability)."""
    found = ask(questions.open_requests, scope)
    as_of = pd.Timestamp(scope.as_of)
    late = (as_of - found["needed_by"]).dt.days
    return found.assign(
        hours=found["hours"].astype("float64") / HOUR_PARTS,
        booked_hours=found["booked_hours"].astype("float64") / HOUR_PARTS,
        amount=found["amount"].astype("Float64") / MINOR_UNITS,
        worth=found["weighted"].astype("Float64") / MINOR_UNITS,
        age_days=(as_of - found["requested_on"]).dt.days,
        days_overdue=late.where(late > 0),
    ).drop(columns="weighted")


def overdue_requests(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The open requests needed by a day before the as-of date, longest overdue first; columns as `open_requests`.
    outcome is won or lost where the deal itself is over: such a request waits for nothing but being withdrawn."""
    found = open_requests(ask, scope)
    late = found[found["days_overdue"].notna()].astype({"days_overdue": "int64"})
    return late.sort_values(["days_overdue", "request_id"], ascending=[False, True], ignore_index=True)


def served_deals(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per deal open on the as-of date: `support.served_deals` in hours and base currency units; worth is the
    amount × probability, empty where one of them is not known."""
    found = ask(questions.served_deals, scope)
    return found.assign(
        hours=found["hours"].astype("float64") / HOUR_PARTS,
        amount=found["amount"].astype("Float64") / MINOR_UNITS,
        worth=found["weighted"].astype("Float64") / MINOR_UNITS,
    ).drop(columns="weighted")


def outcomes(ask: Ask, scope: Scope) -> pd.DataFrame:
    """Hours and cost of the deals closed in the period and of those open; see metrics.support.per_deal."""
    return metrics.per_deal(ask(cost_of_sale.by_outcome, scope))
