"""Mappings: the two that ship, on the real exports, and each option of the form on small files."""

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.errors import ImportRefused
from data_access.imports import load, shipped
from data_access.imports.mapping import read_mapping
from data_access.schema import account, activity, opportunity, opportunity_history, product, rep, stage
from tests.folders import dump

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MAVEN, ENPAL = DATA / "maven_crm", DATA / "pipedrive_enpal"
TODAY = date(2026, 1, 31)

needs_maven = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"the CRM export is not at {MAVEN}")
needs_enpal = pytest.mark.skipif(not ENPAL.is_dir(), reason=f"the change log is not at {ENPAL}")


def _frame(database, statement) -> pd.DataFrame:
    with database.connect() as connection:
        rows = connection.execute(statement)
        return pd.DataFrame(rows.all(), columns=list(rows.keys()), dtype=object)


@needs_maven
def test_both_variants_of_maven_load_equal_facts(database):
    first = load(database, MAVEN, mapping="maven", today=TODAY)
    before = dump(database)
    second = load(database, MAVEN / "variant_us_dates", mapping="maven", today=TODAY)
    assert dump(database) == before
    assert second.version == first.version == 1
    assert first.rejected_file is None


@needs_maven
def test_maven_is_mended_and_nothing_is_invented(database):
    load(database, MAVEN / "variant_us_dates", mapping="maven", today=TODAY)
    deals = _frame(database, sa.select(opportunity))
    assert deals["stage"].value_counts().to_dict() == {
        "Won": 4238,
        "Lost": 2473,
        "Engaging": 1589,
        "Prospecting": 500,
    }
    assert deals.loc[deals["stage"] == "Won", "amount"].sum() == 1_000_553_400
    assert deals.loc[deals["stage"] == "Lost", "amount"].isna().all()
    assert deals.loc[deals["stage"] == "Prospecting", "created_on"].isna().all()
    assert deals["account_id"].isna().sum() == 1425
    assert set(deals["product"]) <= set(_frame(database, sa.select(product.c.product))["product"])
    assert "technology" in set(_frame(database, sa.select(account))["industry"])
    assert _frame(database, sa.select(stage))["probability"].isna().all()
    people = _frame(database, sa.select(rep))
    assert len(people) == 35
    assert people["manager_id"].isna().all()
    assert people.set_index("rep_id").at["Moses Frase", "properties"] == {"manager": "Dustin Brinkmann"}


@needs_maven
def test_mixed_dates_are_refused_with_their_lines(database, tmp_path):
    before = dump(database)
    for name in ("accounts", "products", "sales_teams"):
        (tmp_path / f"{name}.csv").write_bytes((MAVEN / f"{name}.csv").read_bytes())
    deals = (MAVEN / "sales_pipeline.csv").read_text(encoding="utf-8")
    (tmp_path / "sales_pipeline.csv").write_text(deals.replace("2016-10-25", "10/25/2016", 1), encoding="utf-8")
    with pytest.raises(ImportRefused, match="line 3 has '10/25/2016' in engage_date"):
        load(database, tmp_path, mapping="maven", today=TODAY)
    assert dump(database) == before


@needs_enpal
@pytest.mark.long
def test_enpals_change_log_becomes_deals_and_their_history(database, tmp_path):
    options = {"mapping": "pipedrive-changes", "today": TODAY, "rejected_to": tmp_path / "rejected.csv"}
    first = load(database, ENPAL, **options)
    log = pd.read_csv(ENPAL / "deal_changes.csv", dtype=str)
    deals, history = (
        _frame(database, sa.select(opportunity)),
        _frame(database, sa.select(opportunity_history)),
    )
    assert len(deals) == log["deal_id"].nunique()
    assert set(deals["stage"]) == {"Lost"}
    assert len(history) == len(log.drop_duplicates(["deal_id", "change_time"]))
    lost_on = pd.to_datetime(log[log["changed_field_key"] == "lost_reason"].set_index("deal_id")["change_time"])
    once = lost_on[~lost_on.index.duplicated(keep=False)].dt.date
    assert (deals.set_index("opportunity_id")["closed_on"].reindex(once.index) == once).all()
    # 11 numbers of activities stand for two different ones each; nobody can tell which is meant.
    assert first.tables["activity"].rejected == 22
    done = _frame(database, sa.select(activity))
    assert done["opportunity_id"].notna().sum() == 8
    assert any("5 deals were created more than once" in warning for warning in first.warnings)
    assert any("4,571 of 4,579 rows refer to an unknown opportunity_id" in warning for warning in first.warnings)
    before = dump(database)
    assert load(database, ENPAL, **options).version == first.version
    assert dump(database) == before


FOREIGN = """\
[read."*export*.csv"]
delimiter = "\\t"
encoding = "utf-16"
footer = ["Grand Totals"]
empty = ["TBD"]
date_forms = ["MM/DD/YYYY", "DD-MMM-YYYY"]
number_form = "1,234.56"

[[table]]
name = "stage"
rows = [
  { pipeline = "P", stage = "Open", position = 1, kind = "open" },
  { pipeline = "P", stage = "Won", position = 2, kind = "won" },
]

[[table]]
name = "opportunity"
file = "*export*.csv"
properties = ["Colour"]
ignore = ["Age"]
[table.columns]
opportunity_id = "Id"
pipeline = { always = "P" }
stage = { column = "State", values = { "Closed Won" = "Won", "Working" = "Open" } }
amount = "Amount"
closed_on = { column = "Close Date", only_where = { State = "Closed Won" } }
expected_close_on = { column = "Close Date", empty_where = { State = ["Closed Won", "Closed Lost"] } }
source = { column = "Source", default = "unknown" }
"""

EXPORT = (
    "Id\tState\tAmount\tClose Date\tSource\tColour\tAge\tExtra\n"
    "1\tClosed Won\t$45,000.10\t03/31/2025\tweb\tred\t4\t\n"
    "2\tWorking\tTBD\t04/30/2025\t\tblue\t4\tx\n"
    "Grand Totals (2 records)\t\t45,000\t\t\t\t\t\n"
)


def test_the_options_of_a_mapping(database, tmp_path):
    (tmp_path / "deals-export-2025.csv").write_text(EXPORT, encoding="utf-16")
    (tmp_path / "mine.toml").write_text(FOREIGN, encoding="utf-8")
    loaded = load(database, tmp_path, mapping=tmp_path / "mine.toml", today=TODAY)
    won, working = _frame(database, sa.select(opportunity).order_by("opportunity_id")).to_dict("records")
    assert (won["stage"], won["amount"], won["closed_on"]) == ("Won", 4_500_010, date(2025, 3, 31))
    assert won["expected_close_on"] is None
    assert (working["stage"], working["amount"]) == ("Open", None) or pd.isna(working["amount"])
    assert (working["closed_on"], working["expected_close_on"]) == (None, date(2025, 4, 30))
    assert (won["source"], working["source"]) == ("web", "unknown")
    assert won["properties"] == {"Colour": "red"}
    assert loaded.warnings == ("deals-export-2025.csv: the mapping leaves out Extra.",)


LOG = """\
[change_log]
file = "log.csv"
deal = "deal"
time = "at"
field = "field"
value = "value"
pipeline = "P"
won = "Won"
lost = "Lost"
[change_log.fields]
made = { created = true }
stage = { column = "stage" }
value = { column = "amount" }
won = { closes_as = "Won" }
reason = { column = "loss_reason", closes_as = "Lost", values = { dear = "price" } }
"""


def test_a_change_log_closes_reopens_and_keeps_the_order_of_a_moment(database, tmp_path):
    (tmp_path / "log.csv").write_text(
        "deal,at,field,value\n"
        "a,2025-01-01,made,x\na,2025-01-02,stage,1\na,2025-01-02,value,100\na,2025-01-05,reason,dear\n"
        "a,2025-01-09,stage,2\na,2025-01-09,won,yes\n"  # reopened and won within a moment
        # not in the order of time, and with a field that the mapping does not name
        "b,2025-01-05,stage,1\nb,2025-01-01,made,x\nb,2025-01-06,colour,red\n",
        encoding="utf-8",
    )
    (tmp_path / "log.toml").write_text(LOG, encoding="utf-8")
    loaded = load(database, tmp_path, mapping=tmp_path / "log.toml", today=TODAY)
    deals = _frame(database, sa.select(opportunity)).set_index("opportunity_id")
    assert deals.loc["a", ["stage", "amount", "closed_on", "created_on", "loss_reason"]].tolist() == [
        "Won",
        10_000,
        date(2025, 1, 9),
        date(2025, 1, 1),
        None,
    ]
    assert deals.loc["b", ["stage", "closed_on", "created_on"]].tolist() == ["1", None, date(2025, 1, 1)]
    ordered = sa.select(opportunity_history).order_by("opportunity_id", "changed_at", "sequence")
    history = _frame(database, ordered)
    assert history[["opportunity_id", "sequence", "stage"]].values.tolist() == [
        ["a", 0, None],
        ["a", 0, "1"],
        ["a", 0, "Lost"],
        ["a", 0, "2"],
        ["a", 1, "Won"],
        ["b", 0, None],
        ["b", 0, "1"],
    ]
    assert history.at[1, "changed_at"] == datetime(2025, 1, 2)
    assert "through them: 1, 2." in loaded.warnings[0]
    assert loaded.warnings[1:] == ("log.csv: 1 changes of fields not in the mapping are left out (colour).",)


def test_every_shipped_mapping_is_valid_and_explains_itself():
    assert {"maven", "pipedrive-changes", "hubspot-deals", "salesforce-opportunities"} <= {*shipped()}
    for name in shipped():
        assert read_mapping(name).files and read_mapping(name).about


WRONG = {
    "an unknown key": (
        ("file =", "fiel ="),
        r"has a key in \[\[table\]\] opportunity that does not exist: 'fiel'.*'file'",
    ),
    "an unknown table": (
        ('name = "opportunity"', 'name = "opportunities"'),
        "a table that does not exist.*'opportunity'",
    ),
    "an unknown column": (("amount =", "amont ="), "a column in .* that does not exist: 'amont'.*'amount'"),
    "an unknown part of a column": (("default =", "defualt ="), "'defualt'. Did you mean 'default'"),
    "a date form that is none": (("MM/DD/YYYY", "MM/DD"), "declares a date form 'MM/DD'"),
    "a number form that is none": (("1,234.56", "1'234"), "a number form"),
    "a file that no table uses": (('[read."*export*.csv"]', '[read."deals.csv"]'), "a file under \\[read\\]"),
    "no TOML": (("[[table]]", "[[table"), "is not valid TOML"),
}


def test_a_wrong_mapping_is_refused_by_name(tmp_path, subtests):
    for what, (change, sentence) in WRONG.items():
        with subtests.test(what):
            (tmp_path / "mine.toml").write_text(FOREIGN.replace(*change), encoding="utf-8")
            with pytest.raises(ImportRefused, match=sentence):
                read_mapping(tmp_path / "mine.toml")


def test_a_mapping_that_does_not_exist_names_those_that_do():
    with pytest.raises(ImportRefused, match="Shipped ones: .*maven, pipedrive-changes"):
        read_mapping("mavn")


def test_a_file_the_mapping_needs_is_named(database, tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="reads 'sales_teams.csv', which is not at .* Found: other.csv"):
        load(database, tmp_path, mapping="maven", today=TODAY)
