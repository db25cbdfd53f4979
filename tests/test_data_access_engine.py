"""The way to the database: one file wherever the process stands, and frames that keep their promise."""

import pytest
import sqlalchemy as sa

from data_access.engine import engine, read
from data_access.errors import DatabaseUnusable
from data_access.schema import region


def test_a_relative_file_stays_where_it_was_named(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    made = engine("sqlite:///relative-of-this-test.db")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with made.connect():
        pass
    assert (tmp_path / "relative-of-this-test.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "mysql://host/name", "nonsense"])
def test_what_is_no_database_of_ours_is_refused_in_words(url):
    with pytest.raises(DatabaseUnusable, match="sqlite:///FILE|must be a file"):
        engine(url)


def test_no_rows_have_the_columns_and_types_of_some(database):
    statement = sa.select(region.c.region_id, sa.literal(1), sa.literal(739_000)).order_by(region.c.region_id)
    dtypes = {"region_id": "object", "n": "Int64", "day": "day"}
    empty = read(database, statement, dtypes)
    with database.begin() as connection:
        connection.execute(region.insert().values(region_id="east", name="East"))
    some = read(database, statement, dtypes)
    assert list(empty.columns) == list(some.columns) and (empty.dtypes == some.dtypes).all()
    assert (len(empty), len(some)) == (0, 1)
    assert some["day"].iloc[0].toordinal() == 739_000


def test_a_database_without_tables_says_what_to_run(tmp_path):
    bare = engine(f"sqlite:///{tmp_path / 'bare.db'}")
    with pytest.raises(DatabaseUnusable, match="python -m dashboard migrate"):
        read(bare, sa.select(region.c.region_id), {"region_id": "object"})
