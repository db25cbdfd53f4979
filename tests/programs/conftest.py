"""The demo organisation with people who have a token each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from data_access.engine import engine
from data_access.people import known, tokens
from data_access.schema import report_call
from data_access.scope import Person
from tests.ui_fixtures import copied

PEOPLE = {
    "eve": Person("executive", name="Eve"),
    "dan": Person("director", name="Dan"),
    "ann": Person("manager", ("east",), name="Ann"),
    "may": Person("manager", ("east-shanghai", "west"), name="May"),
}


@dataclass(frozen=True)
class Door:
    """A database of the tests' own, with a token per person, which opens all reports."""

    url: str
    database: sa.Engine
    tokens: dict[str, str]

    def new_token(self, name: str, *reports: str) -> str:
        return tokens.new(self.database, f"{name}@example.com", reports or None, 9, by="test")

    def on_file(self) -> list[dict]:
        """What was asked for, the latest first."""
        with self.database.connect() as connection:
            found = connection.execute(report_call.select().order_by(report_call.c.call_id.desc()))
            return [dict(row._mapping) for row in found]


@pytest.fixture(scope="session")
def door(demo_url, tmp_path_factory) -> Iterator[Door]:
    url = copied(demo_url, tmp_path_factory.mktemp("door"))
    database = engine(url)
    for name, person in PEOPLE.items():
        known.put(database, f"{name}@example.com", person, by="test")
    yield Door(
        url, database, {name: tokens.new(database, f"{name}@example.com", None, 9, by="test") for name in PEOPLE}
    )
    database.dispose()
