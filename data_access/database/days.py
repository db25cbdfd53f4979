"""Days as whole numbers in SQL, as Python's `date.toordinal` counts them: written once, whichever database reads it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_BEFORE_DAY_1 = 1721424.5  # what SQLite calls the day before the first, in days since noon of 4714 BC


class day_of(FunctionElement):
    """The day of a date or moment; NULL of NULL."""

    inherit_cache = True
    type = sa.Integer()


class month_of(FunctionElement):
    """The first day of the month of a date or moment; NULL of NULL."""

    inherit_cache = True
    type = sa.Integer()


def _moment(element: FunctionElement, compiler: Any, words: dict[str, Any]) -> str:
    return compiler.process(element.clauses, **words)


@compiles(day_of)
def _(element, compiler, **words) -> str:
    return f"(CAST({_moment(element, compiler, words)} AS DATE) - DATE '0001-01-01' + 1)"


@compiles(month_of)
def _(element, compiler, **words) -> str:
    return f"(CAST(date_trunc('month', {_moment(element, compiler, words)}) AS DATE) - DATE '0001-01-01' + 1)"


@compiles(day_of, "sqlite")
def _(element, compiler, **words) -> str:
    return f"CAST(julianday({_moment(element, compiler, words)}, 'start of day') - {_BEFORE_DAY_1} AS INTEGER)"


@compiles(month_of, "sqlite")
def _(element, compiler, **words) -> str:
    return f"CAST(julianday({_moment(element, compiler, words)}, 'start of month') - {_BEFORE_DAY_1} AS INTEGER)"
