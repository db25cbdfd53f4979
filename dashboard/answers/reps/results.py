"""What each rep did and achieved.

An activity counts for the person who did it, in the region of their posting of the day; a won deal for the owner and
region of its closing day; a target for its rep, region and months; accounts for who owned them on the as-of date.
"""

from datetime import timedelta

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.regions import level
from dashboard.answers.reps import life_stage
from dashboard.metrics import periods
from dashboard.metrics.amounts import ratio, units
from dashboard.metrics.reps import results as metrics, team
from data_access import organisation
from data_access.pipeline import closing, targets
from data_access.reps import activities, people as questions
from data_access.scope import Period, Scope

_PLANNED = {
    "on_time": "planned_done_on_time",
    "late": "planned_done_late",
    "overdue": "planned_overdue",
    "cancelled": "planned_cancelled",
    "due": "planned_due",
}


def activity(ask: Ask, scope: Scope) -> pd.DataFrame:
    """`report activity`: completed activities by rep, week (its Monday), kind and origin (empty: none)."""
    return ask(activities.completed_totals, scope, ("rep", "week", "kind", "origin"))


def reps(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per rep posted in the scope on the as-of date (unless they left before the period, or come later), and
    per rep with anything counted in it; by region, name and id.

    Where no activity was ever imported, what was completed, planned, held and touched is empty: no data is not 0.

    The keys of `report reps`, and region_id, manager_id, manager, hired_on, left_on, is_here, bare (completed with
    neither origin nor result), planned_cancelled, planned_due, won_deals, swing_quarters.
    """
    rows = ask(questions.roster, scope)
    closed = ask(closing.closed_totals, scope, ("owner",))
    won = closed[closed["outcome"] == "won"].set_index("owner")["deals"]
    rows = _with_unknown(rows, won.index.dropna())
    rows = _with_counts(ask, scope, rows)
    keys = rows["rep_id"]
    rows["won_deals"] = keys.map(won).fillna(0).astype("Int64")
    amounts = metrics.won_amounts(closed)
    rows["won_amount"] = keys.map(amounts).where(rows["won_deals"] > 0, 0.0).astype("Float64")
    aims = _targets(ask, scope)
    rows["target_amount"] = keys.map(aims).astype("Float64")
    rows["attainment"] = [
        None if pd.isna(won) or pd.isna(aim) else ratio(won, aim)
        for won, aim in zip(rows["won_amount"], rows["target_amount"], strict=True)
    ]
    swings = metrics.swings(attainments(ask, scope))
    rows["attainment_swing"] = keys.map(swings["swing"]).astype("Float64")
    rows["swing_quarters"] = keys.map(swings["quarters"]).fillna(0).astype("Int64")
    stages = life_stage.stages(ask, scope).set_index("rep_id")
    rows = rows.assign(life_stage=keys.map(stages["life_stage"]), repeat_share=keys.map(stages["repeat_share"]))
    is_employed = _is_employed(rows, scope)
    shown = rows[(rows["is_here"] & is_employed) | metrics.has_anything(rows, rows["won_deals"])]
    return shown.sort_values(["region", "rep", "rep_id"], na_position="last", ignore_index=True)


def by_region(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per region right below what is looked at, with all that lies in it, as `regions.level` has it: region
    (empty: none), the columns of metrics.team.grouped. Everything counts in the region of its day, as on every page:
    a won deal does not follow its owner. reps are those employed and posted there on the as-of date."""
    roster, done = ask(questions.roster, scope), ask(activities.completed_totals, scope, ("region",))
    plans, owned = ask(activities.planned_totals, scope, ("region",)), ask(questions.accounts_owned, scope)
    closed = ask(closing.closed_totals, scope, ("region",))
    facts = [
        roster[(roster["is_here"] == 1) & _is_employed(roster, scope)][["region_id"]].assign(reps=1),
        done.rename(columns={"meetings": "meetings_held"}),
        plans.rename(columns=_PLANNED),
        owned[["region_id"]].assign(accounts_owned=1, accounts_touched=(owned["touches"] > 0).astype(int)),
        closed[closed["outcome"] == "won"].rename(columns={"region": "region_id"}),
    ]
    if not scope.asks_beyond_people_regions_months:
        aims = ask(targets.target_totals, scope, ("region",))
        facts.append(aims.rename(columns={"region": "region_id", "amount": "target"})[["region_id", "target"]])
    counted = pd.concat(facts, ignore_index=True).reindex(columns=["region_id", *team.FACTS])
    counted = counted.astype(dict.fromkeys(team.FACTS, "Int64"))
    found = team.of_regions(counted.assign(region=level(ask, scope).of(counted["region_id"])))
    if not ask(activities.activities_are_recorded, scope):
        found.loc[:, [name for name in _OF_ACTIVITIES if name in found]] = pd.NA
    return found


_OF_ACTIVITIES = (
    *("completed", "meetings_held", "accounts_touched", "planned", "on_time_share", "overdue_share", "touched_share"),
    *_PLANNED.values(),
)


def _with_unknown(rows: pd.DataFrame, owners: pd.Index) -> pd.DataFrame:
    """Owners that `rep` does not list, by their id: an export may have owners without a table of reps."""
    unknown = sorted(set(owners) - set(rows["rep_id"]))
    more = pd.DataFrame({"rep_id": unknown, "rep": unknown, "is_here": 0}, columns=rows.columns)
    return pd.concat([rows, more.astype(rows.dtypes.to_dict())], ignore_index=True) if unknown else rows


def _with_counts(ask: Ask, scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    done = ask(activities.completed_totals, scope, ("rep",)).set_index("rep_id")
    plans = ask(activities.planned_totals, scope, ("rep",)).set_index("rep_id").rename(columns=_PLANNED)
    owned = ask(questions.accounts_owned, scope)
    counts = pd.DataFrame(
        {
            "completed": done["completed"],
            "meetings_held": done["meetings"],
            "bare": done["bare"],
            **{name: plans[name] for name in _PLANNED.values()},
            "accounts_owned": owned.groupby("rep_id").size(),
            "accounts_touched": (owned["touches"] > 0).groupby(owned["rep_id"]).sum(),
        }
    )
    counts = counts.reindex(rows["rep_id"]).fillna(0).astype("Int64").reset_index(drop=True)
    if not ask(activities.activities_are_recorded, scope):
        counts.loc[:, counts.columns != "accounts_owned"] = pd.NA
    return pd.concat([rows.assign(is_here=rows["is_here"] == 1), counts], axis=1)


def _targets(ask: Ask, scope: Scope) -> dict[str, float]:
    """Target by rep; none under filters that a target does not know."""
    if scope.asks_beyond_people_regions_months:
        return {}
    found = ask(targets.target_totals, scope, ("owner",))
    return {row.owner: units(row.amount) for row in found.itertuples(index=False)}


def attainments(ask: Ask, scope: Scope) -> pd.DataFrame:
    """Attainment by rep and ended fiscal quarter, see metrics.quarter_attainments; empty where a target is unknown."""
    quarters = ended_quarters(ask, scope)
    if scope.asks_beyond_people_regions_months or not quarters:
        return metrics.quarter_attainments(_NO_CLOSED, _NO_TARGETS, [])
    whole = scope.but(period=Period(quarters[-1][0], quarters[0][1]))
    by_month = ("owner", "month")
    closed, aims = ask(closing.closed_totals, whole, by_month), ask(targets.target_totals, whole, by_month)
    return metrics.quarter_attainments(closed, aims, quarters)


_NO_TARGETS = pd.DataFrame({"owner": [], "month": [], "amount": []})
_NO_CLOSED = _NO_TARGETS.assign(outcome=[], with_amount=[], lacks_rate=[])


def ended_quarters(ask: Ask, scope: Scope) -> list[periods.Days]:
    """The fiscal quarters ended by the as-of date, the latest first, back to that of the first target."""
    first = ask(targets.first_month, scope)
    if first is None:
        return []
    start_month = ask(organisation.calendar, None).fiscal_year_start_month
    latest = periods.preset("last_quarter", scope.as_of + timedelta(days=1), start_month)
    found = []
    while latest[1] >= first:
        found.append(latest)
        latest = periods.earlier(latest, 1)[0]
    return found


def _is_employed(rows: pd.DataFrame, scope: Scope) -> pd.Series:
    """Not left before the period, nor hired after the as-of date."""
    start, as_of = pd.Timestamp(scope.period.start), pd.Timestamp(scope.as_of)
    left_before = (rows["left_on"] < start).fillna(False)
    comes_later = (rows["hired_on"] > as_of).fillna(False)
    return ~left_before & ~comes_later
