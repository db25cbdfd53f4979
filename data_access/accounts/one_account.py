"""Questions about one account. Each refuses an account outside the person's regions; the region filter and all
other filters of a scope change nothing here: who may see an account sees it whole, as of the date.

What people entered on pages stands in the same tables as what was imported (see `entries.py`). Assessments come in
the order in which they hold: by day, on one day the imported one first, then as they were entered; the last one that
is not withdrawn holds.
"""

from datetime import datetime, time, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.accounts import assessments
from data_access.accounts.assessments import as_entered, entry_columns, with_flag
from data_access.engine import read, reading
from data_access.filters import entered_by, is_planned_by
from data_access.names import region_name, rep_name
from data_access.permitted import must_see
from data_access.schema import (
    account,
    account_goal,
    account_need,
    account_score,
    activity,
    assignment,
    closeness_score,
    contact,
    opportunity,
    rep,
)
from data_access.scope import Scope, company


def read_of(
    database: sa.Engine, scope: Scope, account_id: str, statement: sa.Select, dtypes: dict | None = None
) -> pd.DataFrame:
    """The rows of a question about an account, if the person may see it."""
    with reading(database) as connection:
        must_see(connection, scope.person, "account_id", account_id)
    return read(database, statement, dtypes)


def facts(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row: the account as it is today: account_id, account (its name), industry, customer_class, region, owner,
    director (names, else ids), owner_id, owner_left_on (the company; empty: still there), director_id, created_on,
    pool (public, private; empty: not known)."""
    a = account.c
    statement = sa.select(
        a.account_id,
        a.name.label("account"),
        a.industry,
        a.customer_class,
        region_name(a.region_id).label("region"),
        rep_name(a.owner_id).label("owner"),
        rep_name(a.key_account_director_id).label("director"),
        a.owner_id,
        sa.select(rep.c.left_on).where(rep.c.rep_id == a.owner_id).scalar_subquery().label("owner_left_on"),
        a.key_account_director_id.label("director_id"),
        a.created_on,
        a.pool,
    ).where(a.account_id == account_id)
    return read_of(database, scope, account_id, statement)


def coverage(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per stretch in which somebody had the account, begun by the as-of date, the latest first:
    role (owner, director, fill_in), rep_id (empty: the public pool), rep (name), from_on, to_on (the day it passed
    to the next; empty: still), reason."""
    a = assignment.c
    statement = (
        sa.select(a.role, a.rep_id, rep_name(a.rep_id).label("rep"), a.from_on, a.to_on, a.reason)
        .where(a.subject_kind == "account", a.subject_id == account_id, a.from_on <= scope.as_of)
        .order_by(a.role, a.from_on.desc())
    )
    return read_of(database, scope, account_id, statement)


def won_deals(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per deal of the account won in the period, of the whole company, as past revenue counts it:
    opportunity_id, deal, owner_id and owner (of the closing day), closed_on, has_amount (1 or 0), amount (minor units
    of the base currency; empty without an amount or rate), lacks_rate (1 or 0), has_margin (1 or 0), gross_margin
    (minor units likewise)."""
    won = deals.closed(company(scope))
    statement = (
        sa.select(
            won.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, won.c.opportunity_id).label("deal"),
            won.c.owner_id,
            rep_name(won.c.owner_id).label("owner"),
            won.c.closed_day.label("closed_on"),
            won.c.has_amount,
            won.c.amount,
            won.c.lacks_rate,
            won.c.has_margin,
            won.c.gross_margin,
        )
        .select_from(
            won.join(opportunity, opportunity.c.opportunity_id == won.c.opportunity_id).outerjoin(
                rep, rep.c.rep_id == won.c.owner_id
            )
        )
        .where(won.c.outcome == "won", won.c.account_id == account_id)
        .order_by(won.c.closed_day.desc(), won.c.opportunity_id)
    )
    return read_of(database, scope, account_id, statement, {"closed_on": "day"})


def contacts(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per person known at the account, the most senior first: contact_id, name, title,
    seniority (1 to 5, the highest; empty: not known)."""
    c = contact.c
    statement = (
        sa.select(c.contact_id, c.name, c.title, c.seniority)
        .where(c.account_id == account_id)
        .order_by(sa.func.coalesce(c.seniority, 0).desc(), c.contact_id)
    )
    return read_of(database, scope, account_id, statement)


def activities(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per activity with the account completed by the as-of date, the latest first. An activity that names no
    account belongs to that of its deal.

    activity_id, completed_on, kind, origin, two_way (1 or 0; empty: not known), rep (name),
    contact_id, contact (name), seniority (of the contact, 1 to 5), deal (name), result
    """
    a = activity.c
    statement = (
        sa.select(
            a.activity_id,
            a.completed_at.label("completed_on"),
            a.kind,
            a.origin,
            sa.case((a.two_way.is_(True), 1), (a.two_way.is_(False), 0)).label("two_way"),
            rep_name(a.rep_id).label("rep"),
            a.contact_id,
            contact.c.name.label("contact"),
            contact.c.seniority,
            opportunity.c.name.label("deal"),
            a.result,
        )
        .select_from(
            activity.outerjoin(contact, contact.c.contact_id == a.contact_id).outerjoin(
                opportunity, opportunity.c.opportunity_id == a.opportunity_id
            )
        )
        .where(
            sa.func.coalesce(a.account_id, opportunity.c.account_id) == account_id,
            a.completed_at < datetime.combine(scope.as_of + timedelta(days=1), time()),
        )
        .order_by(a.completed_at.desc(), a.activity_id)
    )
    found = read_of(database, scope, account_id, statement)
    return found.assign(completed_on=found["completed_on"].dt.normalize())


# --- what people judged -------------------------------------------------------------------------------


def factor_scores(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per assessment of a factor up to the as-of date, in the order in which they hold: factor, score 0–10,
    assessed_on, assessed_by (a rep's name, else as it was written), and who entered it (empty where imported):
    entry_id, entered_by, entered_at, is_withdrawn."""
    return assessments.of_subject(database, scope, account_score, account_id, ("factor", "score"))


def closeness_scores(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per judged closeness up to the as-of date, in the order in which they hold: score 0–10, assessed_on,
    assessed_by, and who entered it, as in `factor_scores`."""
    return assessments.of_subject(database, scope, closeness_score, account_id, ("score",))


def needs(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per assessment of a need up to the as-of date, in the order in which they hold: window (0-3m, 3-12m,
    1-3y), solution, value (minor units of the base currency), capability 0–10, assessed_on, and who entered it."""
    columns = ("window", "solution", "value", "capability")
    return assessments.of_subject(database, scope, account_need, account_id, columns)


def goals(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per version of a stage goal, in the order in which they hold: goal, due_on, done_on (empty while it
    is not done by the as-of date), and who entered it, as in `factor_scores`. A version entered
    or created after the as-of date is not there yet; an imported one without created_on always is."""
    g = account_goal.c
    statement = (
        sa.select(
            g.goal,
            g.due_on,
            sa.case((g.done_on <= scope.as_of, g.done_on)).label("done_on"),
            *entry_columns(account_goal),
        )
        .where(
            g.account_id == account_id,
            sa.or_(g.entered_at.is_(None), entered_by(g.entered_at, scope)),
            is_planned_by(g.created_on, scope.as_of),
        )
        .order_by(*as_entered(account_goal), g.due_on, g.goal)
    )
    return with_flag(read_of(database, scope, account_id, statement))
