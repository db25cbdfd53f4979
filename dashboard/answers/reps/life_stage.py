"""Which stage each rep is in, and the evidence for it. Of a scope only the person, the regions, the owner and the
as-of date count: the period and the filters on deals change no stage, and the evidence is that of the whole company,
so that a rep's stage does not depend on who looks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from dashboard.answers import Ask, profiles
from dashboard.metrics import periods
from dashboard.metrics.reps import life_stage as metrics
from data_access import organisation
from data_access.pipeline import closing, targets
from data_access.reps import life_stage as questions
from data_access.schema import HOUR_SCALE
from data_access.scope import Period, Scope, company

KIND = "life_stage"
"""The kind of its published profiles."""

FOLLOWED = 40  # quarter ends: what was so ten years ago says nothing of a stage, and each end costs five questions


def rules(ask: Ask, scope: Scope) -> profiles.Held:
    """The thresholds that hold on the as-of date."""
    return profiles.held(ask, scope, KIND, metrics.DEFAULTS)


def of_people(scope: Scope) -> Scope:
    """The same people on the same day: what else is filtered changes no stage."""
    day = Period(scope.as_of, scope.as_of)
    return Scope(scope.person, day, scope.as_of, scope.last_day, scope.regions, owner=scope.owner)


def life_stages(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per rep that the scope shows (posted in its regions on the as-of date, hired by it), by rep_id.

    rep_id, rep, region_id, region, hired_on, left_on (empty: still here), is_here
    life_stage                subsistence, comfortable, affluent; None: not yet known
    reading                   what the evidence of the as-of date says by itself
    leaning_to, leaning_since what the last quarter ends say where that is another stage, and since which of them
    employed_months           whole months; empty: hired nobody knows when, read as long ago
    attainment, won, target   of the trailing 12 months; …_before: of the 12 months before them
    repeat_share, repeat_won  of what was won in the trailing 12 months
    coverage, expected, target_ahead    open pipeline expected to close in the next two fiscal quarters ÷ their target
    open_deals, support_hours, support_per_deal    hours booked so far on the deals open as of the date
    support_to_median         support_per_deal ÷ its median over the company's reps who are here and have open deals
    new_deals, new_deal_share deals created in the trailing 12 months, and their share of those that anybody received

    Amounts in base currency units; undefined is NaN.
    """
    found = stages(ask, scope)
    shown = found.pop("is_shown")
    year, everybody = _years(scope)[0], company(scope)
    ahead = everybody.but(period=_next_quarters(scope, ask(organisation.calendar, None).fiscal_year_start_month))
    open_ = ask(questions.open_by_rep, ahead).set_index("rep_id")
    found["open_deals"] = _of_rep(found, open_["open_deals"])
    if ask(questions.has_support, everybody):
        found["support_hours"] = _of_rep(found, open_["support_hours"]).astype("float64") / HOUR_SCALE
    else:
        found["support_hours"] = float("nan")
    found["support_per_deal"] = metrics.share(found["support_hours"], found["open_deals"])
    found["support_to_median"] = metrics.against_median(found["support_per_deal"], found["is_here"])
    expected = found["rep_id"].map(metrics.money_of(open_)).where(found["rep_id"].isin(open_.index), 0)
    found["expected"] = expected.astype("Float64") / metrics.MINOR_UNITS
    found["target_ahead"] = _targets(ask, ahead, found).astype("Float64") / metrics.MINOR_UNITS
    found["coverage"] = metrics.share(found["expected"], found["target_ahead"])
    created = ask(closing.created_totals, everybody.but(period=year), ("owner",)).dropna(subset=["owner"])
    new = created.set_index("owner")["counted"]
    # Where no deal of the organisation has a creation date, that nobody received a new one is not known.
    found["new_deals"] = _of_rep(found, new) if ask(organisation.knows_creation, None) else float("nan")
    found["new_deal_share"] = found["new_deals"].astype("float64") / (int(new.sum()) or float("nan"))
    return found[shown].reset_index(drop=True)


def stages(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per rep of the whole company with the stage and what decides it: the columns of `life_stages` up to
    repeat_won, and is_shown."""
    return stages_on(ask, scope, [scope.as_of])[scope.as_of]


def stages_on(ask: Ask, scope: Scope, days: Sequence[date]) -> dict[date, pd.DataFrame]:
    """The rows of `stages` as of several days, none after the scope's as-of date.

    A stage is followed from the first quarter end with a known one (of the last FOLLOWED before the day), by the rules
    that hold on the day; until there is one, the day's own reading counts.
    """
    all_ends = quarter_ends(ask, max(days))
    before = {day: [end for end in all_ends if end <= day][-FOLLOWED:] for day in days}
    everybody = company(scope)
    at_ends = {end: _evidence(ask, _as_of(everybody, end)) for end in sorted(set().union(*before.values()))}
    read: dict[tuple, dict[str, metrics.Reading]] = {}  # most days share their rules
    found = {}
    for day in days:
        held = rules(ask, _as_of(scope, day))
        for end in before[day]:
            if (end, held.version) not in read:
                read[end, held.version] = metrics.readings(at_ends[end], held.values)
        courses = [(end, read[end, held.version]) for end in before[day]]
        found[day] = _placed(_evidence(ask, _as_of(scope, day)), held.values, courses)
    return found


def _placed(evidence: pd.DataFrame, thresholds: Mapping[str, float], ends: list[tuple[date, dict]]) -> pd.DataFrame:
    now = metrics.readings(evidence, thresholds)
    courses = []
    for rep_id in evidence["rep_id"]:
        course = metrics.followed((end, readings[rep_id]) for end, readings in ends if rep_id in readings)
        courses.append(course if course.stage else metrics.Course(now[rep_id].stage))
    rows = metrics.measured(evidence)
    return rows.assign(
        life_stage=pd.Series([course.stage for course in courses], index=rows.index, dtype=object),
        reading=pd.Series([now[rep_id].stage for rep_id in rows["rep_id"]], index=rows.index, dtype=object),
        leaning_to=pd.Series([course.leaning_to for course in courses], index=rows.index, dtype=object),
        leaning_since=pd.to_datetime([course.leaning_since for course in courses]).astype("datetime64[s]"),
    )


def quarter_ends(ask: Ask, day: date) -> list[date]:
    """The ends of fiscal quarters up to the day. Before there was a target nothing is known of anybody."""
    first = ask(questions.first_target, None)
    month = ask(organisation.calendar, None).fiscal_year_start_month
    ends = []
    while first is not None and (end := periods.preset("this_quarter", first, month)[1]) <= day:
        ends.append(end)
        first = end + timedelta(days=1)
    return ends


def _as_of(scope: Scope, day: date) -> Scope:
    return scope.but(as_of=day, period=Period(day, day))


def _evidence(ask: Ask, scope: Scope) -> pd.DataFrame:
    found = ask(questions.reps, scope.but(period=_years(scope)[0]))
    months = [metrics.employed_months(row.hired_on, row.left_on, scope.as_of) for row in found.itertuples(index=False)]
    found = found.assign(is_here=found["left_on"].isna(), employed_months=pd.array(months, dtype="Int64"))
    for suffix, year in zip(("", "_before"), _years(scope), strict=True):
        of_year = company(scope).but(period=year)
        won = ask(questions.won_by_rep, of_year).set_index("rep_id")
        amounts = metrics.money_of(won)
        is_winner = found["rep_id"].isin(won.index)
        found[f"won{suffix}"] = found["rep_id"].map(amounts).where(is_winner, 0)
        found[f"target{suffix}"] = _targets(ask, of_year, found)
        if not suffix:
            repeat = metrics.money_of(won, "repeat_amount").where(won["with_account"] > 0)
            found["repeat_won"] = found["rep_id"].map(repeat).where(is_winner, 0)
    return found


def _years(scope: Scope) -> tuple[Period, Period]:
    """The trailing 12 months, and the 12 before them."""
    year = Period(*periods.preset("trailing_12_months", scope.as_of))
    return year, Period(*periods.preset("trailing_12_months", year.start - timedelta(days=1)))


def _next_quarters(scope: Scope, fiscal_year_start_month: int) -> Period:
    """The two fiscal quarters after the running one."""
    running = periods.preset("this_quarter", scope.as_of, fiscal_year_start_month)
    following = periods.preset("this_quarter", running[1] + timedelta(days=1), fiscal_year_start_month)
    second = periods.preset("this_quarter", following[1] + timedelta(days=1), fiscal_year_start_month)
    return Period(following[0], second[1])


def _of_rep(found: pd.DataFrame, values: pd.Series) -> pd.Series:
    return found["rep_id"].map(values).fillna(0)


def _targets(ask: Ask, of_period: Scope, found: pd.DataFrame) -> pd.Series:
    """Each rep's target of a period in minor units; empty: none."""
    totals = ask(targets.target_totals, of_period, ("owner",)).set_index("owner")["amount"]
    return found["rep_id"].map(totals)
