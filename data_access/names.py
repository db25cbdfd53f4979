"""What people and regions are called where rows carry their ids: one way, instead of a join in every question; and what
a name is searched by.

A look-up costs some 4 µs a row more than a join on SQLite, which shows only where there are tens of thousands of
rows: `lists`, the longest there is, joins.
"""

from functools import cache

import sqlalchemy as sa

from data_access.schema import region, rep


def folded(name: str) -> str:
    """A name as the reading copy keeps it for searches: each letter small, unless another letter is that small letter's
    capital, or ASCII's is; the databases replace capitals letter by letter, and find the same.
    """
    return name.lower() if name.isascii() else "".join(map(_small, name))


@cache  # a copy folds hundreds of thousands of names, of a few thousand letters
def _small(letter: str) -> str:
    low = letter.lower()
    return low if letter.isascii() or len(low) == 1 and not low.isascii() and low.upper() == letter else letter


def rep_name(rep_id: sa.ColumnElement) -> sa.ColumnElement:
    """The name of this rep; the id itself where nobody is on file under it, null where it is null."""
    one = rep.alias()  # of its own: the question around it may stand on the same table
    return sa.func.coalesce(sa.select(one.c.name).where(one.c.rep_id == rep_id).scalar_subquery(), rep_id)


def region_name(region_id: sa.ColumnElement) -> sa.ColumnElement:
    """The name of this region; the id itself where none is on file under it, null where it is null."""
    one = region.alias()
    return sa.func.coalesce(sa.select(one.c.name).where(one.c.region_id == region_id).scalar_subquery(), region_id)
