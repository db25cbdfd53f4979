"""Many rows at once: they come back as they were given, what the database refuses is an error like any other, and a
file costs what is different in it."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from data_access.database import bulk
from data_access.imports.readers import Reading, read_source

KINDS = sa.Table(
    "kinds_of_values",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("moment", sa.DateTime),
    sa.Column("share", sa.Float),
    sa.Column("is_so", sa.Boolean),
    sa.Column("more", sa.JSON),
    prefixes=["TEMPORARY"],
)
ROWS = [
    (1, "a\tb\\N\n", date(1, 1, 1), datetime(2026, 2, 28, 23, 59, 59, 999_999), 0.1, True, {"a": ["é", None]}),
    (2, "", date(9999, 12, 31), datetime(1, 1, 1), -1e300, False, {}),
    (3, "中", None, None, None, None, {"quote": '"'}),
]


def test_every_kind_of_value_comes_back(database):
    rows = [(number, *rest) for number, (_, *rest) in enumerate(ROWS * (bulk.BATCH // len(ROWS) + 1))]
    with database.begin() as connection:
        KINDS.create(connection)
        bulk.fill(connection, KINDS, list(zip(*rows, strict=True)))
        assert connection.execute(sa.select(KINDS).order_by(KINDS.c.number)).all() == rows


def test_a_row_that_is_refused_is_an_error_of_the_database(database):
    with database.connect() as connection, connection.begin():
        KINDS.create(connection)
        with pytest.raises(sa.exc.IntegrityError):
            bulk.write(connection, KINDS, [(1, None, None, None, None, None, None)])


def test_what_is_written_alike_is_kept_once(tmp_path):
    file = tmp_path / "rep.csv"
    file.write_text("rep_id,name\n" + "".join(f"r{n},  Ann Lee \n" for n in range(2_000)), encoding="utf-8")
    cells = read_source(file).cells
    assert list(cells.index[[0, -1]]) == [2, 2_001]
    assert set(cells["name"]) == {"Ann Lee"} and len(set(map(id, cells["name"]))) == 1


def test_nothing_below_the_footer_is_read(tmp_path):
    file = tmp_path / "rep.csv"
    file.write_text('rep_id,name\nr1,Ann\n\nTotal,1\nmade by "somebody",,,\n', encoding="utf-8")
    assert list(read_source(file, Reading(footer=("Total",))).cells["rep_id"]) == ["r1"]
