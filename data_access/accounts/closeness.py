"""Questions about how close the company is to all its accounts at once, and what they will need."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access.accounts.assessments import latest
from data_access.engine import read
from data_access.filters import table_of
from data_access.schema import account, account_need, activity, activity_day, closeness_score, contact, opportunity
from data_access.scope import Scope


def contacts(database: sa.Engine, _scope: Scope, days: Sequence[date], back: int) -> pd.DataFrame:
    """One row per day asked about and account of the whole company that anybody was ever active with by then. As on the
    page of one account, an activity that names none belongs to that of its deal. The scope does not count.

    at           the day's place among `days`
    account_id
    contacts, two_way_activities    of the last days, as many as `back`: distinct contacts, completed two-way activities
    seniority                       the highest among those contacts, 1 to 5 (empty: none is known)
    two_way_day                     of the last two-way activity among them (an ordinal; empty: none)
    knows_two_way                   1 where any activity ever told whether it was two-way, else 0
    """
    asked = [(at, day.toordinal(), day.toordinal() - back) for at, day in enumerate(days)]
    looked = table_of("days", ("at", "day", "since"), asked)
    a = activity_day.c
    counts, spoke = ~_is_of_its_lead(), a.two_way.is_(True)
    recent = (
        sa.select(
            looked.c.at,
            a.account_id,
            sa.func.count(sa.distinct(a.contact_id)).label("contacts"),
            sa.func.max(contact.c.seniority).label("seniority"),
            sa.func.sum(sa.case((spoke, 1), else_=0)).label("two_way_activities"),
            sa.func.max(sa.case((spoke, a.completed_day))).label("two_way_day"),
        )
        .select_from(
            looked.join(
                activity_day, sa.and_(a.completed_day > looked.c.since, a.completed_day <= looked.c.day)
            ).outerjoin(contact, contact.c.contact_id == a.contact_id)
        )
        .where(counts)
        .group_by(looked.c.at, a.account_id)
        .subquery("recent")
    )

    def first(*conditions):
        """Of an account. SQLite reads it off the index, where a sum over all accounts would read every activity."""
        of_it = sa.select(sa.func.min(a.completed_day)).where(a.account_id == account.c.account_id, counts, *conditions)
        return of_it.correlate(account).scalar_subquery()

    # For all days at once: DuckDB looks through all activities for each time that a day is part of what is looked for.
    told = first(a.two_way.is_not(None))
    known = sa.select(account.c.account_id, first().label("first_day"), told.label("told_day")).subquery("known")
    statement = (
        sa.select(
            looked.c.at,
            known.c.account_id,
            *(sa.func.coalesce(recent.c[name], 0).label(name) for name in ("contacts", "two_way_activities")),
            recent.c.seniority,
            recent.c.two_way_day,
            sa.case((known.c.told_day <= looked.c.day, 1), else_=0).label("knows_two_way"),
        )
        .select_from(
            looked.join(known, known.c.first_day <= looked.c.day).outerjoin(
                recent, sa.and_(recent.c.account_id == known.c.account_id, recent.c.at == looked.c.at)
            )
        )
        .order_by(looked.c.at, known.c.account_id)
    )
    return read(database, statement)


def _is_of_its_lead():
    """Whether an activity has its account from its lead alone: neither it nor its deal names one."""
    a, own, deal = activity_day.c, activity.alias("own"), opportunity.alias("deal")
    named = sa.func.coalesce(own.c.account_id, deal.c.account_id)
    itself = (
        sa.select(own.c.activity_id)
        .select_from(own.outerjoin(deal, deal.c.opportunity_id == own.c.opportunity_id))
        .where(own.c.activity_id == a.activity_id, named.is_(None))
        .correlate(activity_day)
    )
    return sa.and_(a.lead_id.is_not(None), itself.exists())


def judged(database: sa.Engine, scope: Scope, days: Sequence[date]) -> pd.DataFrame:
    """One row per day asked about and account with a judged closeness as of it: at (the day's place among `days`),
    account_id, score 0–10 (the one that holds)."""
    of_days = []
    for at, day in enumerate(days):
        held = latest(closeness_score, ("account_id",), scope.but(as_of=day))
        of_days.append(sa.select(sa.literal(at, sa.Integer).label("at"), held.c.account_id, held.c.score))
    held_then = sa.union_all(*of_days).subquery("held_then")
    return read(database, sa.select(held_then).order_by(held_then.c.at, held_then.c.account_id))


def needs(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per account, window and solution with a need assessed by the as-of date: account_id, window, solution,
    value (minor units of the base currency), capability 0–10 (those that hold)."""
    names = ("account_id", "window", "solution")
    held = latest(account_need, names, scope)
    columns = [held.c[name] for name in (*names, "value", "capability")]
    statement = sa.select(*columns).order_by(*columns[:3])
    return read(database, statement)
