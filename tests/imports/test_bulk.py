"""Many rows at once: they come back as they were given, what the database refuses is an error like any other, and a
file costs what is different in it."""

from datetime import date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.database import bulk
from data_access.errors import ImportRefused
from data_access.imports.forms import typed
from data_access.imports.readers import Reading, read_source
from data_access.schema import lead_day

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


def test_indexes_come_back_as_they_were(database):
    def indexes(connection):
        return sorted(map(str, sa.inspect(connection).get_indexes(lead_day.name)))

    row = ("l1", 1, 1, *[None] * (len(lead_day.c) - 3))
    with database.connect() as connection:
        with connection.begin():
            before = indexes(connection)
            with bulk.indexes_at_the_end(connection, lead_day):
                assert (len(indexes(connection)) == 0) == (connection.dialect.name == "sqlite")
                bulk.write(connection, lead_day, [row])
            assert before == indexes(connection) != []
        with pytest.raises(sa.exc.IntegrityError), connection.begin(), bulk.indexes_at_the_end(connection, lead_day):
            bulk.write(connection, lead_day, [row])
        assert before == indexes(connection)


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


READ_ALIKE = {
    "nothing": "",
    "spaces": " r1 ,\u00a0Ann\u3000Lee\u2003\nr2,\t\n",
    "lines of Windows": "r1,Ann\r\nr2,\r\n",
    "line ends of all kinds": "r1,Ann\rr2,Bo\r\nr3,Cy\n",
    "blank rows": "r1,Ann\n ,\n,\nr2,Bo\n,\n",
    "blank lines": "\nr1,Ann\n\nr2,Bo\n\n",
    "no line end at the end": "r1,Ann\nr2,Bo",
    "signs that end lines elsewhere": "r1,An\x0bn\x0c\nr2,B\x85o\u2028\x1d\n",
    "an error of a spreadsheet": "r1,#N/A\nnull,NaN\nNone,0\n",
    "cells beyond the width": "r1,Ann,\nr2,Bo, \n",
    "a row too short": "r1,Ann\nr2\n",
    "a row too long": "r1,Ann\nr2,Bo,x\n",
    "apostrophes and strokes": "r1,An\\n\nr2,B'o\n",
    "NUL": "r1,A\0\n",
    "many": "".join(f"r{n},{'x' * 40}{n % 7}\n" for n in range(25_000)),  # more than is read at a time
}


@pytest.mark.parametrize("rows", READ_ALIKE.values(), ids=READ_ALIKE)
def test_a_file_without_quotation_marks_reads_as_with_them(tmp_path, rows):
    found = []
    for header in ("rep_id,name", '"rep_id",name'):  # by columns, and by lines
        file = tmp_path / "rep.csv"
        file.write_bytes(f"{header}\n{rows}".encode())
        try:
            cells = read_source(file).cells
            found.append((cells.columns.tolist(), cells.index.tolist(), cells.to_numpy().tolist(), set(cells.dtypes)))
        except ImportRefused as refused:
            found.append(str(refused))
    assert found[0] == found[1]


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path):
    file = tmp_path / "rep.csv"
    file.write_bytes(b"rep_id,name\nr1,Ann\nr2,\xff\n")
    with pytest.raises(ImportRefused, match="line 3 holds the byte 0xFF"):
        read_source(file)


def test_moments_are_read_alike_at_once_and_one_by_one():
    texts = ["2026-02-28 23:59:59", "2024-02-29T00:00:00", "1900-01-01 00:00:00", "2200-12-31T23:59:59"]
    wrong = [
        "2026-02-30 10:00:00",
        "2026-01-01 24:00:00",
        "2026-01-01 10:00:60",
        "1899-12-31 23:59:59",
        "2201-01-01 00:00:00",
    ]
    apart = [f"{text}.000000" for text in texts + wrong]  # written so, each is read by itself
    at_once, by_itself = (typed(pd.Series(cells, dtype=object), "moment", None) for cells in (texts + wrong, apart))
    assert at_once.values.equals(by_itself.values) and at_once.values.isna().tolist() == [False] * 4 + [True] * 5
    assert [*at_once.reasons.values()] == [reason.replace(".000000", "") for reason in by_itself.reasons.values()]
