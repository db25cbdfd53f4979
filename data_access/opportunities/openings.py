"""Questions about openings: on whose territory a deal is, who leads it, and what class that makes.

A territory nobody judged is counted from the account's purchases of the product's category in the three calendar years
before the year of a day: the year running is not over, and who looks back must not see what came later. Our share of
60 % or more makes it ours, of 40 % or less theirs, compared as integers; without a purchase there is none.
"""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from data_access import deals
from data_access.accounts.assessments import as_entered
from data_access.engine import per_group, read, reading
from data_access.filters import was_withdrawn
from data_access.names import rep_name
from data_access.permitted import must_see
from data_access.schema import account, opening, opportunity, product, purchase
from data_access.scope import Period, Scope

TERRITORIES = ("ours", "neutral", "theirs")
POSITIONS = ("ahead", "even", "behind")
CLASSES = {
    ("ours", "ahead"): "normal",
    ("ours", "even"): "problem",
    ("ours", "behind"): "abnormal",
    ("neutral", "ahead"): "normal",
    ("neutral", "even"): "normal",
    ("neutral", "behind"): "normal",
    ("theirs", "ahead"): "abnormal",
    ("theirs", "even"): "problem",
    ("theirs", "behind"): "normal",
}
"""(territory, position) -> normal, problem or abnormal."""

US = "us"  # our own name among the suppliers
YEARS_COUNTED = 3
_OURS, _THEIRS = 6, 4  # tenths of the purchases

_NONE = sa.cast(sa.null(), sa.Text)
_JUDGED = ("category", "position", "territory", "is_territory_counted", "opening", "opened_on", "what_changed")


def as_of(population: sa.Subquery, scope: Scope) -> sa.Subquery:
    """One row per deal of a population, with its latest opening as of the date.

    opportunity_id, category (of its product)
    position, opened_on, what_changed     of the opening; empty: none yet (what_changed: or nothing told)
    territory              as judged, else counted from purchases; is_territory_counted: 1 or 0
    opening                normal, problem, abnormal; empty while territory or position is not known
    """
    o = opening.c
    place = sa.func.row_number().over(
        partition_by=o.opportunity_id, order_by=[column.desc() for column in (o.assessed_on, *as_entered(opening))]
    )
    ranked = (
        sa.select(o.opportunity_id, o.position, o.territory, o.assessed_on, o.what_changed, place.label("place"))
        .where(o.assessed_on <= scope.as_of, ~was_withdrawn(opening))
        .subquery("ranked")
    )
    latest = sa.select(ranked).where(ranked.c.place == 1).subquery("latest")
    return _classed(population, latest, scope.as_of.year, is_outer=True)


def of_open_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal open as of the date, the largest amount first: opportunity_id, deal, account_id, account,
    owner_id, owner, region_id, pipeline, track, stage; amount and weighted (minor units of the base currency),
    has_amount, lacks_rate, unweighted (1 or 0); and its latest opening, as in `as_of`."""
    open_ = deals.open_on(scope)
    judged = as_of(open_, scope)
    statement = (
        sa.select(
            open_.c.opportunity_id,
            sa.func.coalesce(opportunity.c.name, open_.c.opportunity_id).label("deal"),
            opportunity.c.account_id,
            account.c.name.label("account"),
            open_.c.owner_id,
            rep_name(open_.c.owner_id).label("owner"),
            open_.c.region_id,
            open_.c.pipeline,
            open_.c.track,
            open_.c.stage,
            open_.c.amount,
            open_.c.weighted,
            open_.c.has_amount,
            open_.c.lacks_rate,
            open_.c.unweighted,
            *(judged.c[name] for name in _JUDGED),
        )
        .select_from(
            open_.join(judged, judged.c.opportunity_id == open_.c.opportunity_id)
            .join(opportunity, opportunity.c.opportunity_id == open_.c.opportunity_id)
            .outerjoin(account, account.c.account_id == opportunity.c.account_id)
        )
        .order_by(sa.func.coalesce(open_.c.amount, 0).desc(), open_.c.opportunity_id)
    )
    return read(database, statement)


def of_closed_deals(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per (deal closed in the period, opening of it), by deal, in the order in which the openings hold; deals
    without any are left aside. Whether an opening was judged before the closing is not looked at.

    opportunity_id, pipeline, track, outcome (won, lost), closed_on; amount (minor units, at the closing day's rate),
    has_amount, lacks_rate; and the opening, as in `as_of`, its territory counted as of the closing day
    """
    closed = deals.closed(scope)
    o = opening.c
    names = ("opportunity_id", "position", "territory", "assessed_on", "what_changed", "entered_at", "entry_id")
    held = sa.select(*(o[name] for name in names)).where(~was_withdrawn(opening)).subquery("held")
    judged = _classed(closed, held, _year_of(closed.c.closed_day, scope.period))
    c = closed.c
    told = (c.opportunity_id, c.pipeline, c.track, c.outcome, c.closed_day.label("closed_on"))
    statement = (
        sa.select(*told, c.amount, c.has_amount, c.lacks_rate, *(judged.c[name] for name in _JUDGED))
        .join(judged, judged.c.opportunity_id == closed.c.opportunity_id)
        .order_by(closed.c.opportunity_id, judged.c.opened_on, *as_entered(judged))
    )
    return read(database, statement, {"closed_on": "day"})


def bought(database: sa.Engine, scope: Scope, opportunity_id: str) -> pd.DataFrame:
    """One row per calendar year whose purchases the territory of a deal is counted from: year, ours and whole (minor
    units of the base currency, 0 where nothing was bought). None for a deal without an account or a category."""
    with reading(database) as connection:
        must_see(connection, scope.person, "opportunity_id", opportunity_id)
    of_deal, p = opportunity.c, purchase.c
    statement = (
        sa.select(p.year, sa.func.sum(_from_us(p)).label("ours"), sa.func.sum(p.amount).label("whole"))
        .select_from(
            opportunity.join(product, product.c.product == of_deal.product).join(
                purchase, sa.and_(p.account_id == of_deal.account_id, p.category == product.c.category)
            )
        )
        .where(of_deal.opportunity_id == opportunity_id, _is_counted(p.year, scope.as_of.year))
    )
    return read(database, per_group(statement, p.year))


def is_abnormal(
    connection: sa.Connection, opportunity_id: str, position: str, territory: str | None, day: date
) -> bool:
    """Whether a judgement of that day would make a deal's opening abnormal: something important changed."""
    if territory is None:
        statement = (
            sa.select(_territory_bought(opportunity.c.account_id, product.c.category, day.year))
            .select_from(opportunity.join(product, product.c.product == opportunity.c.product))
            .where(opportunity.c.opportunity_id == opportunity_id)
        )
        territory = connection.scalar(statement)
    return territory is not None and CLASSES.get((territory, position)) == "abnormal"


# --- territory and class, as SQL ----------------------------------------------------------------------


def _classed(population: sa.Subquery, openings: sa.Subquery, year, is_outer: bool = False) -> sa.Subquery:
    """The population's deals with openings of theirs, territory and class found; `year` is the one to count before."""
    o = openings.c
    counted = _territory_bought(opportunity.c.account_id, product.c.category, year)
    territory = sa.func.coalesce(o.territory, counted)
    entered = [o[name] for name in ("entered_at", "entry_id") if name in o]
    told = (
        sa.select(
            population.c.opportunity_id,
            product.c.category,
            o.position,
            territory.label("territory"),
            sa.case((o.territory.is_(None), 1), else_=0).label("is_unjudged"),
            o.assessed_on.label("opened_on"),
            sa.func.nullif(sa.func.trim(o.what_changed), "", type_=sa.Text).label("what_changed"),
            *entered,
        )
        .select_from(
            population.join(opportunity, opportunity.c.opportunity_id == population.c.opportunity_id)
            .outerjoin(product, product.c.product == opportunity.c.product)
            .join(openings, o.opportunity_id == population.c.opportunity_id, isouter=is_outer)
        )
        .subquery("told")
    )
    t = told.c
    its_class = sa.case(
        *((sa.and_(t.territory == whose, t.position == who), named) for (whose, who), named in CLASSES.items())
    )
    is_counted = sa.case((sa.and_(t.is_unjudged == 1, t.territory.is_not(None)), 1), else_=0)
    return sa.select(told, is_counted.label("is_territory_counted"), its_class.label("opening")).subquery("judged")


def _territory_bought(account_id, category, year):
    """Whose territory a category is at an account, by its purchases before `year`; NULL without any."""
    p = purchase.c
    ours, whole = sa.func.sum(_from_us(p)), sa.func.coalesce(sa.func.sum(p.amount), 0)
    return (
        sa.select(
            sa.case(
                (whole == 0, _NONE),
                (ours * 10 >= whole * _OURS, "ours"),
                (ours * 10 <= whole * _THEIRS, "theirs"),
                else_="neutral",
            )
        )
        .where(p.account_id == account_id, p.category == category, _is_counted(p.year, year))
        .scalar_subquery()
    )


def _from_us(p):
    return sa.case((p.supplier == US, p.amount), else_=0)


def _is_counted(purchase_year, year):
    return sa.and_(purchase_year >= year - YEARS_COUNTED, purchase_year < year)


def _year_of(day_column, period: Period):
    """The calendar year of a day of the period: a comparison per year, since days are ordinals."""
    years = range(period.start.year, period.end.year + 1)
    return sa.case(*((day_column <= date(year, 12, 31).toordinal(), year) for year in years), else_=period.end.year)
