"""What caches go by: the same number of two databases is not the same state."""

import pytest
import sqlalchemy as sa

from data_access import migrations, organisation
from data_access.database.versions import raise_version
from data_access.engine import writing

pytestmark = pytest.mark.postgresql


def raised(database: sa.Engine) -> organisation.State:
    with writing(database) as connection:
        raise_version(connection)
    return organisation.state(database)


def test_an_empty_database_has_a_version_from_its_first_change_on(database):
    assert (organisation.state(database).version, organisation.state(database).stamp) == (0, "")
    organisation.set_setting(database, "organisation", "Acme")
    first = organisation.state(database)
    assert first.version == 1 and first.stamp


@pytest.mark.parametrize("times", [1, 3])
def test_two_databases_reach_one_number_by_different_stamps(database, sqlite, times):
    reached = [[raised(one) for _ in range(times)][-1] for one in (database, sqlite)]
    assert reached[0].version == reached[1].version == times
    assert reached[0].stamp != reached[1].stamp


def test_an_older_database_with_data_gets_a_stamp_with_the_migration(database):
    from alembic import command

    raised(database)
    with writing(database) as connection:
        command.downgrade(migrations._config(connection), "0003")
    migrations.upgrade(database)
    assert organisation.state(database).stamp
