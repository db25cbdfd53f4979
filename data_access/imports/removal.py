"""What a whole export no longer has is removed as of the day of its import; what an export has again is there again."""

from collections.abc import Set
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from data_access.database.bulk import batches
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, opportunity

from .cautions import many
from .staging import Staged

_NAMED = 3


def with_the_absent(
    connection: sa.Connection, staged: Staged, rejected: Set[str], today: date, most: float
) -> tuple[Staged, list[str]]:
    """The staged rows of a whole export and, as removed, those of the database that it lacks; and a sentence about
    them. Rows that were rejected are in the export. Of deals it is whole for the pipelines that it names.

    Raises ImportRefused where it lacks more than the share `most` of what is there.
    """
    table, staging = CONTRACT[staged.table], staged.staging
    if "removed_on" not in table.c:
        return staged, []
    [key] = table.info["key"]
    of_the_source: sa.ColumnElement[bool] = table.c.removed_on.is_(None)
    if table is opportunity:
        of_the_source = sa.and_(of_the_source, table.c.pipeline.in_(sa.select(staging.c.pipeline)))
    there = sa.select(table.c[key]).where(of_the_source)
    absent = sorted(set(connection.scalars(there.except_(sa.select(staging.c[key])))) - rejected)
    if not absent:
        return staged, []
    count = connection.scalar(sa.select(sa.func.count()).select_from(there.subquery("there"))) or 0
    named = f"{', '.join(absent[:_NAMED])}{' …' if len(absent) > _NAMED else ''}"
    if len(absent) > most * count:
        raise ImportRefused(
            f"{len(absent):,} of the database's {count:,} {many(staged.table)} are not in this export ({named}), more "
            f"than the {most:.0%} that a whole one may lack: is it whole? Nothing was loaded. Load it without "
            "--full and without `full` in the mapping, or allow more with --max-removed."
        )
    are = "is" if len(absent) == 1 else "are"
    for keys in batches(absent):
        removed = (
            sa.literal(today, sa.Date) if column.name == "removed_on" else table.c[column.name] for column in staging.c
        )
        rows = sa.select(*removed).where(table.c[key].in_(keys))
        connection.execute(staging.insert().from_select(staging.c.keys(), rows))
    return replace(staged, accepted=staged.accepted + len(absent), removed=len(absent)), [
        f"{staged.table}: {len(absent):,} of the database's {count:,} {many(staged.table)} {are} not in this whole "
        f"export ({named}) and {are} removed as of {today}."
    ]
