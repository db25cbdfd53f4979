"""The rules of Attention about support resources."""

import pandas as pd

from dashboard.answers.attention.facts import Facts
from dashboard.answers.support import allocation, resources


def overload(facts: Facts) -> pd.DataFrame:
    """A person or pool with more hours booked than the share named of those available, in one of the coming eight
    weeks. One line per person, about the worst week. value at risk: of the hours that cannot be delivered

    measure: hours booked · limit: that share of the available ones · detail: the Monday of the week
    """
    ask, scope = facts.ask, facts.scope
    if scope.owner or scope.segments:
        return pd.DataFrame()
    weeks = resources.utilisation(ask, resources.ahead(scope), ["resource_id", "person", "region_id", "region", "week"])
    limit = weeks["available_hours"] * facts.limits["overload_share"]
    over = weeks.assign(measure=weeks["booked_hours"], limit=limit, over=weeks["booked_hours"] - limit)
    over = over[over["over"] > 0].sort_values(["over", "week"], ascending=[False, True])
    worst = over.drop_duplicates("resource_id")
    return worst.assign(
        subject_id=worst["resource_id"],
        subject=worst["person"],
        value_at_risk=worst["resource_id"].map(_undelivered(facts, over)).fillna(0.0),
        detail=worst["week"].map(lambda week: week.date().isoformat()),
    )


def _undelivered(facts: Facts, over: pd.DataFrame) -> dict[str, float]:
    """What the hours beyond those available would bring, by person: each booking of a week loses the same part. As the
    allocation values them, an hour that no open request asked for brings nothing, and no more hours of a request are
    lost than it asked for."""
    booked = allocation.booked_ahead(facts.ask, facts.everything).merge(over, on=["resource_id", "week"])
    lost = booked["hours"] * (1 - booked["available_hours"] / booked["booked_hours"]).clip(lower=0)
    most = booked["asked"] / lost.groupby(booked["request_id"]).transform("sum")
    value = lost * most.clip(upper=1) * booked["value"]
    return value.groupby(booked["resource_id"]).sum().to_dict()


def request_overdue(facts: Facts) -> pd.DataFrame:
    """A request for support that nobody has decided, past the day on which it was needed by more days than are borne.

    value at risk: the deal's; 0 where the deal is over, and the request only waits to be withdrawn
    measure: days past it · detail: the kind of support
    """
    found, borne = resources.overdue_requests(facts.ask, facts.scope), facts.limits["request_days"]
    is_open = found["outcome"] == "open"
    found = found.assign(
        subject_id=found["request_id"],
        subject=found["deal"],
        value_at_risk=is_open.map({True: pd.NA, False: 0.0}),
        opportunity_id=found["opportunity_id"].where(is_open),
        days=found["days_overdue"] - int(borne),
        measure=found["days_overdue"],
        limit=borne,
        detail=found["kind"],
    )
    return found[found["days"] > 0]
