"""`check` names what a database lacks, in sentences: tables, columns, types; also for views."""

import pytest
import sqlalchemy as sa

from data_access.database.check import check
from data_access.engine import provide

pytestmark = pytest.mark.postgresql


def test_a_migrated_database_lacks_nothing(database):
    assert check(database) == []


def test_an_empty_database_lacks_everything(tmp_path):
    made = provide(f"sqlite:///{tmp_path / 'empty.db'}")
    sentences = [finding.sentence for finding in check(made)]
    assert "new to this product" in sentences[0]
    assert any(sentence.startswith("`opportunity` (one deal as it stands now) is missing") for sentence in sentences)
    made.dispose()


def test_a_view_with_the_name_of_a_table_is_as_good(database):
    with database.begin() as connection:
        product = sa.Table("product", sa.MetaData(), autoload_with=connection)
        connection.execute(sa.schema.DropTable(product))
        connection.execute(
            sa.text(
                "create view product as select product as product, category as category,"
                " key_action as solution, position as colour from "
                " (select '' as product, '' as category) p, key_action"
            )
        )
    findings = check(database)
    assert [(finding.severity, finding.column) for finding in findings] == [
        ("error", "properties"),
        ("note", "colour"),
    ]
    assert findings[0].sentence.startswith("`product` lacks the column `properties`, which may be empty")


def test_a_wrong_type_is_named_with_the_right_one(database):
    with database.begin() as connection:
        payment = sa.Table("payment", sa.MetaData(), autoload_with=connection)
        connection.execute(sa.schema.DropTable(payment))
        changed = sa.Table(
            "payment",
            sa.MetaData(),
            *(
                sa.Column(column.name, sa.Text if column.name == "amount" else column.type)
                for column in payment.columns
            ),
        )
        connection.execute(sa.schema.CreateTable(changed))
    (finding,) = check(database)
    assert (finding.table, finding.column) == ("payment", "amount")
    assert finding.sentence == "`payment.amount` is text, and should be a whole number of cents (bigint)."


def test_a_finding_prints_as_its_sentence(tmp_path):
    made = provide(f"sqlite:///{tmp_path / 'empty.db'}")
    first = check(made)[0]
    assert str(first) == first.sentence
    made.dispose()
