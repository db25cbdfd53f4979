"""What the company gives its reps, and how their stages came about."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.accounts import key_accounts
from dashboard.answers.reps.life_stage import life_stages, stages_on
from dashboard.metrics import periods
from dashboard.metrics.reps import fairness, stage_moves
from data_access import organisation
from data_access.accounts import coverage, ownership
from data_access.pipeline import closing
from data_access.reps import company_help as questions
from data_access.scope import Period, Scope, company

QUARTERS = 8  # how far back stages are looked at


def given(ask: Ask, scope: Scope) -> pd.DataFrame:
    """The rows of `life_stages`, with what each rep was given, and

    tenure           a class of fairness.TENURES
    unit_id, unit    the region directly below the root in which the rep is posted; empty: in none
    leads            received in the trailing 12 months
    key_owned, key_filled_in    key accounts of the published profile that the rep owns, or fills in for, on the day
    helped           collaborations completed in the trailing 12 months on deals of another unit
    is_selling       here, and with a target, an open deal or a new one in the trailing 12 months: those compared
    """
    found = life_stages(ask, scope)
    everybody = company(scope)
    year = everybody.but(period=Period(*periods.preset("trailing_12_months", scope.as_of)))
    day = everybody.but(period=Period(scope.as_of, scope.as_of))
    leads = ask(questions.leads_received, year).set_index("rep_id")["leads"]
    helped = ask(questions.help_across_units, year).set_index("rep_id")["helped"]
    key = _key_accounts(ask, day)
    owners = ask(ownership.accounts_owned, day)
    fill_ins = ask(coverage.fill_ins, day)
    units = ask(questions.units, None).set_index("region_id")
    counts = {
        "leads": leads,
        "key_owned": owners[owners["account_id"].isin(key)].groupby("owner_id").size(),
        "key_filled_in": fill_ins[fill_ins["account_id"].isin(key)].groupby("rep_id")["account_id"].nunique(),
        "helped": helped,
    }
    of_rep = {name: found["rep_id"].map(count).fillna(0).astype("Int64") for name, count in counts.items()}
    has_work = (found["target"].fillna(0) > 0) | (found["open_deals"] > 0) | (found["new_deals"] > 0)
    return found.assign(
        tenure=fairness.tenure(found["employed_months"]),
        unit_id=found["region_id"].map(units["unit_id"]),
        unit=found["region_id"].map(units["unit"]),
        is_selling=found["is_here"] & has_work.astype(bool),
        **of_rep,
    )


def _key_accounts(ask: Ask, day: Scope) -> set[str]:
    ranked, _matrix = key_accounts.ranked(ask, day, key_accounts.profile(ask, day))
    return set(ranked.loc[ranked["is_key"], "account_id"])


def history(ask: Ask, scope: Scope) -> pd.DataFrame:
    """One row per rep that the scope shows now and per day: the last 8 ends of fiscal quarters before the as-of date,
    and that date: rep_id, rep, day, life_stage. Each as of its day, by the rules valid then; who was not hired yet has
    no row, who had left neither; nor who does not sell and never had a stage."""
    shown = given(ask, scope)[["rep_id", "rep", "is_selling"]]
    rows = []
    days = _days(scope.as_of, ask(organisation.calendar, None).fiscal_year_start_month)
    for day, then in stages_on(ask, scope, days).items():
        rows.append(then.loc[then["is_here"], ["rep_id", "life_stage"]].assign(day=pd.Timestamp(day)))
    found = pd.concat(rows, ignore_index=True).merge(shown, on="rep_id")
    ever_known = found["rep_id"].isin(found.loc[found["life_stage"].notna(), "rep_id"])
    kept = found[ever_known | found["is_selling"]]
    return kept[["rep_id", "rep", "day", "life_stage"]].sort_values(["day", "rep_id"], ignore_index=True)


@dataclass(frozen=True)
class Course:
    """How stages came about: `history` (rows), and what `metrics.reps.stage_moves` reads out of it."""

    rows: pd.DataFrame
    by_day: pd.DataFrame
    moves: pd.DataFrame
    transitions: pd.DataFrame
    since: pd.DataFrame


def course(ask: Ask, scope: Scope) -> Course:
    """The stages of `history`, counted by day, and who moved, how often, and since when each is where they are."""
    rows = history(ask, scope)
    counted = stage_moves.by_day(rows), stage_moves.moves(rows), stage_moves.transitions(rows), stage_moves.since(rows)
    return Course(rows, *counted)


def _days(as_of: date, fiscal_year_start_month: int) -> list[date]:
    quarter = periods.preset("this_quarter", as_of, fiscal_year_start_month)
    ends = [days[1] for days in periods.earlier(quarter, QUARTERS)]
    return [*reversed(ends), as_of]


def solution_fit(ask: Ask, scope: Scope, segments: tuple[str, ...]) -> pd.DataFrame:
    """What sells in some industries: one row per product, industry and track of all that was closed by the as-of date
    with ten or more decided: solution, product, segment, track, won, decided, win_rate, low (the lower end of the 80 %
    Wilson interval), the surest first. Of the whole company; tracks are never pooled."""
    ever = company(scope).but(period=Period(date(1, 1, 1), scope.as_of))
    found = ask(closing.closed_totals, ever, ("product", "segment", "track"))
    return fairness.best_matching(found, ask(questions.solutions, None), segments)
