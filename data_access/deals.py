"""The populations: which deals a number counts, one row each. Totals and drill-down lists both stand on
these selects, so that the rows behind a number always sum to it.

Each function returns a sub-select for one Scope, one row per deal (per movement for `movements`), with the same
descriptive columns: opportunity_id, pipeline, track, product, source, segment, kind, owner_id, region_id (both
of the anchor day), and

    month        ordinal of the first day of the anchor day's month (closed and created deals)
    has_amount   1 or 0
    amount       minor units of the base currency; NULL without an amount, or without a rate
    lacks_rate   1 where there is an amount but no rate to convert it, else 0

One of several moments at once takes a table of them (see `filters.moments_table`; no period or as-of date of the scope
then counts): one row per deal and moment, with the columns of that table.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from .filters import (
    counts_as_lost,
    in_flow,
    is_left_out_loss,
    of_deal,
    seen,
    segment,
    track,
    valid_on,
)
from .money import base_amount, is_base, rate_on, weighted
from .schema import (
    account,
    deal_creation,
    deal_movement,
    deal_span,
    opportunity,
    rate_span,
    setting,
    stage,
)
from .scope import Scope

DEFAULT_BASE_CURRENCY = "CNY"


class BaseCurrency(sa.sql.functions.FunctionElement):
    """The organisation's base currency, as the setting says."""

    inherit_cache = True  # without it no statement with an amount is kept as SQL
    type = sa.Text()


base_currency = BaseCurrency()
_set_or_default = sa.func.coalesce(
    sa.select(setting.c.value).where(setting.c.name == "base_currency").scalar_subquery(), DEFAULT_BASE_CURRENCY
)


@compiles(BaseCurrency)
def _(_element, compiler, **kwargs) -> str:
    return compiler.process(_set_or_default, **kwargs)


def _described(anchor):
    """What a deal is, and whose it was on the anchor day."""
    return (
        opportunity.c.opportunity_id,
        opportunity.c.pipeline,
        track.label("track"),
        opportunity.c.product,
        opportunity.c.source,
        segment.label("segment"),
        opportunity.c.kind,
        anchor.c.owner_id,
        anchor.c.region_id,
    )


def _amounts(amount):
    converted = base_amount(amount, opportunity.c.currency, rate_span.c.rate, base_currency)
    has_rate = sa.or_(is_base(opportunity.c.currency, base_currency), rate_span.c.rate.is_not(None))
    return (
        sa.case((amount.is_not(None), 1), else_=0).label("has_amount"),
        converted.label("amount"),
        sa.case((sa.and_(amount.is_not(None), ~has_rate), 1), else_=0).label("lacks_rate"),
    )


def _margins():
    """The gross margin in base currency (may be negative; NULL without a rate), and whether there is one."""
    margin = base_amount(opportunity.c.gross_margin, opportunity.c.currency, rate_span.c.rate, base_currency)
    return (
        margin.label("gross_margin"),
        sa.case((opportunity.c.gross_margin.is_not(None), 1), else_=0).label("has_margin"),
    )


def _with_rate(anchored, anchor_day, moments: sa.CTE | None = None, is_of_moment=None):
    """Everything a deal's row needs: the deal, its account for the segment, the rate of the anchor day; where it is one
    of several moments, that too."""
    return (
        (anchored if moments is None else moments.join(anchored, is_of_moment))
        .join(opportunity, opportunity.c.opportunity_id == anchored.c.opportunity_id)
        .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        .outerjoin(rate_span, rate_on(opportunity.c.currency, anchor_day))
    )


def _stage_now(span, scope: Scope, moments: sa.CTE | None = None):
    """The stage and rank as of the date. A deal without history shows its present ones on the last day."""
    present = (
        sa.func.coalesce(span.c.stage, span.c.present_stage),
        sa.func.coalesce(span.c.position, span.c.present_position),
    )
    past = span.c.stage, span.c.position
    if moments is None:
        return present if scope.is_live else past
    is_live = moments.c.day >= scope.last_day.toordinal()
    return tuple(sa.case((is_live, now), else_=then) for now, then in zip(present, past, strict=True))


def _columns(moments: sa.CTE | None) -> tuple:
    return () if moments is None else tuple(moments.c)


def closed(scope: Scope, moments: sa.CTE | None = None) -> sa.Subquery:
    """Deals whose closing, as it stands on the as-of date, lies in the period; by the closing day's owner,
    region and rate. Qualified-out and duplicate losses are left out.

    Adds outcome (won, lost), cycle_days (empty without a creation date), closed_day, gross_margin (base
    currency; may be negative; empty without a rate), has_margin (1 or 0)."""
    is_counted = sa.or_(deal_span.c.outcome == "won", counts_as_lost(scope))
    holds = valid_on(deal_span, scope.as_of if moments is None else moments.c.day)
    flows = in_flow(deal_span.c.closed_day, scope, moments)
    return (
        sa.select(
            *_columns(moments),
            *_described(deal_span),
            opportunity.c.account_id,
            deal_span.c.closed_month.label("month"),
            *_amounts(deal_span.c.amount),
            deal_span.c.outcome,
            deal_span.c.cycle_days,
            deal_span.c.closed_day,
            *_margins(),
        )
        .select_from(_with_rate(deal_span, deal_span.c.closed_day, moments, sa.and_(holds, flows)))
        .where(
            holds,
            deal_span.c.outcome.in_(("won", "lost")),
            flows,
            seen(deal_span.c.owner_id, deal_span.c.region_id, scope),
            of_deal(scope),
            is_counted,
        )
        .subquery("closed")
    )


def open_on(
    scope: Scope, day: date | None = None, rates_of: date | None = None, moments: sa.CTE | None = None
) -> sa.Subquery:
    """Deals open at the end of the as-of date (or of `day`), at that day's rate (or that of `rates_of`); of moments,
    whose table needs no column but `day`, at the rate of each.

    Adds stage and position (empty: in no known stage), probability (the stage's today), weighted (amount × it),
    unweighted (1 where there is an amount but no probability), gross_margin and has_margin as in `closed`,
    expected_close_day, has_history, pushes, created_day, stage_since_day, target_days.
    """
    scope = scope if day is None else scope.but(as_of=day)
    stage_now, position_now = _stage_now(deal_span, scope, moments)
    has_amount, amount, lacks_rate = _amounts(deal_span.c.amount)
    holds = valid_on(deal_span, scope.as_of if moments is None else moments.c.day)
    rates_day = (rates_of or scope.as_of).toordinal() if moments is None else moments.c.day
    joined = _with_rate(deal_span, rates_day, moments, holds).outerjoin(
        stage, sa.and_(stage.c.pipeline == opportunity.c.pipeline, stage.c.stage == stage_now)
    )
    return (
        sa.select(
            *_columns(moments),
            *_described(deal_span),
            has_amount,
            amount,
            lacks_rate,
            stage_now.label("stage"),
            position_now.label("position"),
            stage.c.probability,
            *_margins(),
            weighted(amount.element, stage.c.probability).label("weighted"),
            sa.case((sa.and_(deal_span.c.amount.is_not(None), stage.c.probability.is_(None)), 1), else_=0).label(
                "unweighted"
            ),
            deal_span.c.expected_close_day,
            deal_span.c.has_history,
            deal_span.c.pushes,
            deal_span.c.created_day,
            deal_span.c.stage_since_day,
            stage.c.target_days,
        )
        .select_from(joined)
        .where(
            holds,
            deal_span.c.outcome == "open",
            seen(deal_span.c.owner_id, deal_span.c.region_id, scope),
            of_deal(scope),
        )
        .subquery("open_deals")
    )


def created(scope: Scope, moments: sa.CTE | None = None) -> sa.Subquery:
    """Deals created in the period up to the as-of date, by the creation day's owner, region, rate and amount.

    Adds the state as of the date: outcome, stage, position, has_history, created_day; and is_counted, 0 for
    deals removed by then, or lost for a reason that is left out: they are in pipeline created, not in counts or funnel.
    """
    stage_now, position_now = _stage_now(deal_span, scope, moments)
    is_counted = sa.or_(
        deal_span.c.outcome.in_(("open", "won")), sa.and_(deal_span.c.outcome == "lost", counts_as_lost(scope))
    )
    flows = in_flow(deal_creation.c.created_day, scope, moments)
    joined = _with_rate(deal_creation, deal_creation.c.created_day, moments, flows).join(
        deal_span, deal_span.c.opportunity_id == deal_creation.c.opportunity_id
    )
    return (
        sa.select(
            *_columns(moments),
            *_described(deal_creation),
            deal_creation.c.created_month.label("month"),
            *_amounts(deal_creation.c.amount),
            deal_creation.c.created_day,
            deal_span.c.outcome,
            stage_now.label("stage"),
            position_now.label("position"),
            deal_span.c.has_history,
            sa.case((is_counted, 1), else_=0).label("is_counted"),
        )
        .select_from(joined)
        .where(
            flows,
            valid_on(deal_span, scope.as_of if moments is None else moments.c.day),
            seen(deal_creation.c.owner_id, deal_creation.c.region_id, scope),
            of_deal(scope),
        )
        .subquery("created")
    )


def movements(scope: Scope, moments: sa.CTE | None = None) -> sa.Subquery:
    """What moved the open pipeline in the period up to the as-of date, or in that of each moment: one row per movement
    and bar.

    bar is created, reopened, amount_up, amount_down, moved_in, moved_out, won, lost, left_out or removed; amount is
    signed (minor units of the base currency at the rates of the last day), 0 without an amount; owner and
    region are those before a move out, else after. A move counts only where it crosses the scope's edge.
    """
    m = deal_movement.c
    was_in = seen(m.owner_before, m.region_before, scope)
    is_in = seen(m.owner_after, m.region_after, scope)
    rises = sa.func.coalesce(m.amount_after, 0) > sa.func.coalesce(m.amount_before, 0)
    leaves = sa.and_(is_left_out_loss, sa.false() if scope.with_left_out else sa.true())
    is_now_in = sa.case((is_in, 1), else_=0)
    was_then_in = sa.case((was_in, 1), else_=0)
    bar = sa.case(
        (sa.and_(m.kind.in_(("created", "reopened")), is_in), m.kind),
        (sa.and_(m.kind == "amount", is_in, rises), "amount_up"),
        (sa.and_(m.kind == "amount", is_in), "amount_down"),
        (sa.and_(m.kind == "moved", is_now_in > was_then_in), "moved_in"),
        (sa.and_(m.kind == "moved", is_now_in < was_then_in), "moved_out"),
        (sa.and_(m.kind == "won", is_in), "won"),
        (sa.and_(m.kind == "lost", is_in, leaves), "left_out"),
        (sa.and_(m.kind == "lost", is_in), "lost"),
        (sa.and_(m.kind == "removed", is_in), "removed"),
    )

    def converted(amount):
        return base_amount(sa.func.coalesce(amount, 0), opportunity.c.currency, rate_span.c.rate, base_currency)

    signed = sa.case(
        (m.kind == "amount", converted(m.amount_after) - converted(m.amount_before)),
        (m.kind.in_(("won", "lost", "removed")), -converted(m.amount_after)),
        (sa.and_(m.kind == "moved", is_now_in < was_then_in), -converted(m.amount_after)),
        else_=converted(m.amount_after),
    )
    has_amount = sa.or_(m.amount_before.is_not(None), m.amount_after.is_not(None))
    has_rate = sa.or_(is_base(opportunity.c.currency, base_currency), rate_span.c.rate.is_not(None))
    goes_out = sa.and_(m.kind == "moved", is_now_in < was_then_in)
    flows = in_flow(m.day, scope, moments)
    rates_day = scope.flow_end.toordinal() if moments is None else moments.c.flow_end_day
    rows = (
        sa.select(
            *(() if moments is None else (moments.c.moment,)),
            opportunity.c.opportunity_id,
            opportunity.c.pipeline,
            track.label("track"),
            opportunity.c.product,
            opportunity.c.source,
            segment.label("segment"),
            opportunity.c.kind,
            sa.case((goes_out, m.owner_before), else_=m.owner_after).label("owner_id"),
            sa.case((goes_out, m.region_before), else_=m.region_after).label("region_id"),
            m.day,
            m.month,
            m.ordinal,
            bar.label("bar"),
            sa.case((has_amount, signed), else_=0).label("amount"),
            sa.case((has_amount, 1), else_=0).label("has_amount"),
            sa.case((sa.and_(has_amount, ~has_rate), 1), else_=0).label("lacks_rate"),
        )
        .select_from(_with_rate(deal_movement, rates_day, moments, flows))
        .where(flows, of_deal(scope))
        .subquery("rows")
    )
    return sa.select(rows).where(rows.c.bar.is_not(None)).subquery("movements")
