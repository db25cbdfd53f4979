"""Questions about what one account brings: open deals, receipts, purchases. Refuses as `accounts` does; deals are those
in the person's regions, the account's other facts are whole."""

import pandas as pd
import sqlalchemy as sa

from . import deals
from .accounts import as_entered, read_of
from .filters import seen, valid_on, was_withdrawn
from .schema import deal_span, opening, opportunity, opportunity_score, payment, product, purchase, rep
from .scope import Scope


def open_deals(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per deal of the account open as of the date in the person's regions, the largest first:
    opportunity_id, deal, owner, pipeline, track, stage, amount and weighted (minor units of the base currency),
    expected_close_on, category (of its product), and its latest opening: position, territory, opened_on."""
    open_ = deals.open_on(_of_person(scope))
    o = opening.c
    place = sa.func.row_number().over(
        partition_by=o.opportunity_id, order_by=[column.desc() for column in (o.assessed_on, *as_entered(opening))]
    )
    latest = (
        sa.select(o.opportunity_id, o.position, o.territory, o.assessed_on, place.label("place"))
        .where(o.assessed_on <= scope.as_of, ~was_withdrawn(opening))
        .subquery("latest")
    )
    of_deal = sa.and_(latest.c.opportunity_id == open_.c.opportunity_id, latest.c.place == 1)
    statement = (
        sa.select(
            open_.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, open_.c.opportunity_id),
            sa.func.coalesce(rep.c.name, open_.c.owner_id),
            open_.c.pipeline,
            open_.c.track,
            open_.c.stage,
            open_.c.amount,
            open_.c.weighted,
            open_.c.expected_close_day,
            product.c.category,
            latest.c.position,
            latest.c.territory,
            latest.c.assessed_on,
        )
        .select_from(
            open_.join(opportunity, opportunity.c.opportunity_id == open_.c.opportunity_id)
            .outerjoin(rep, rep.c.rep_id == open_.c.owner_id)
            .outerjoin(product, product.c.product == open_.c.product)
            .outerjoin(latest, of_deal)
        )
        .where(opportunity.c.account_id == account_id)
        .order_by(sa.func.coalesce(open_.c.amount, 0).desc(), open_.c.opportunity_id)
    )
    names = dict.fromkeys(("opportunity_id", "deal", "owner", "pipeline", "track", "stage"), "object")
    judged = dict.fromkeys(("category", "position", "territory"), "object") | {"opened_on": "datetime64[s]"}
    money = {"amount": "Int64", "weighted": "Int64", "expected_close_on": "day"}
    return read_of(database, scope, account_id, statement, names | money | judged)


def deal_values(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per (opportunity_id, question) of the account's deals: the latest answer as of the date, score 0–10."""
    s = opportunity_score.c
    place = sa.func.row_number().over(
        partition_by=(s.opportunity_id, s.question),
        order_by=[column.desc() for column in (s.assessed_on, *as_entered(opportunity_score))],
    )
    answers = (
        sa.select(s.opportunity_id, s.question, s.score, place.label("place"))
        .select_from(opportunity_score.join(opportunity, opportunity.c.opportunity_id == s.opportunity_id))
        .where(
            opportunity.c.account_id == account_id,
            s.assessed_on <= scope.as_of,
            ~was_withdrawn(opportunity_score),
        )
        .subquery("answers")
    )
    statement = (
        sa.select(answers.c.opportunity_id, answers.c.question, answers.c.score)
        .where(answers.c.place == 1)
        .order_by(answers.c.opportunity_id, answers.c.question)
    )
    dtypes = {"opportunity_id": "object", "question": "object", "score": "float64"}
    return read_of(database, scope, account_id, statement, dtypes)


def receipts(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per receipt up to the as-of date on the account's deals in the person's regions, the latest first:
    received_on, deal, amount (minor units of the base currency; a refund is negative)."""
    whose = _of_person(scope)
    statement = (
        sa.select(
            payment.c.received_on,
            sa.func.coalesce(opportunity.c.name, payment.c.opportunity_id),
            payment.c.amount,
        )
        .select_from(
            payment.join(opportunity, opportunity.c.opportunity_id == payment.c.opportunity_id).join(
                deal_span,
                sa.and_(deal_span.c.opportunity_id == payment.c.opportunity_id, valid_on(deal_span, scope.as_of)),
            )
        )
        .where(
            opportunity.c.account_id == account_id,
            payment.c.received_on <= scope.as_of,
            seen(deal_span.c.owner_id, deal_span.c.region_id, whose),
        )
        .order_by(payment.c.received_on.desc(), payment.c.opportunity_id, payment.c.sequence)
    )
    dtypes = {"received_on": "datetime64[s]", "deal": "object", "amount": "Int64"}
    return read_of(database, scope, account_id, statement, dtypes)


def _of_person(scope: Scope) -> Scope:
    """The same day and person, without any filter."""
    return Scope(scope.person, scope.period, scope.as_of, scope.last_day)


def purchases(database: sa.Engine, scope: Scope, account_id: str) -> pd.DataFrame:
    """One row per year, category and supplier up to the as-of date's year: year, category, supplier (`us` is us),
    amount (minor units of the base currency)."""
    p = purchase.c
    statement = (
        sa.select(p.year, p.category, p.supplier, p.amount)
        .where(p.account_id == account_id, p.year <= scope.as_of.year)
        .order_by(p.year, p.category, p.supplier)
    )
    dtypes = {"year": "Int64", "category": "object", "supplier": "object", "amount": "Int64"}
    return read_of(database, scope, account_id, statement, dtypes)
