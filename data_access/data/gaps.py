"""What deals lack that numbers need: a condition for each gap, on the rows of a population of `deals`."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from data_access.filters import is_next_step
from data_access.schema import activity, opportunity
from data_access.scope import Scope

_Gap = Callable[[sa.Subquery, Scope], sa.ColumnElement[bool]]


def _empty(column: str) -> _Gap:
    return lambda rows, _scope: rows.c[column].is_(None)


def _is(column: str, value: int | bool) -> _Gap:
    return lambda rows, _scope: rows.c[column] == value


def _overdue(rows: sa.Subquery, scope: Scope) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(rows.c.expected_close_day < scope.as_of.toordinal(), sa.false())


def _next_step(rows: sa.Subquery, scope: Scope) -> sa.ColumnElement[bool]:
    planned = activity.c.opportunity_id
    return rows.c.opportunity_id.not_in(sa.select(planned).where(planned.is_not(None), is_next_step(scope.as_of)))


def _reason(rows: sa.Subquery, _scope: Scope) -> sa.ColumnElement[bool]:
    nameless = sa.select(opportunity.c.opportunity_id).where(opportunity.c.loss_reason.is_(None))
    return rows.c.opportunity_id.in_(nameless)


_WHOSE: Mapping[str, _Gap] = {"owner": _empty("owner_id"), "region": _empty("region_id"), "segment": _empty("segment")}
_SUM: Mapping[str, _Gap] = {"amount": _is("has_amount", 0), "rate": _is("lacks_rate", 1)}

GAPS: Mapping[str, Mapping[str, _Gap]] = {
    "open": {
        **_SUM,
        "probability": _is("unweighted", 1),
        "expected_close": _empty("expected_close_day"),
        "overdue": _overdue,
        "next_step": _next_step,
        **_WHOSE,
        "stage": _empty("stage"),
        "history": _is("has_history", False),
        "creation": _empty("created_day"),
    },
    "closed": {**_SUM, **_WHOSE},
    "won": {**_SUM, "margin": _is("has_margin", 0), "creation": _empty("cycle_days")},
    "lost": {"loss_reason": _reason},
    "created": {**_SUM, "source": _empty("source"), "history": _is("has_history", False)},
}
"""Per list of deals (`lists.BEHIND`) what one of them may lack, in the order in which it is told."""
