"""What an import mentions although it loads, and what a newcomer's first mistakes are answered with."""

import csv
import os
from datetime import date

import pytest
import sqlalchemy as sa
import xlsxwriter

from data_access.contract import EXAMPLE
from data_access.errors import ImportRefused
from data_access.imports import load
from data_access.schema import opportunity, setting
from tests.folders import FOLDER, dump, write_folder

TODAY = date(2025, 6, 30)
STAGES = FOLDER["stage"]


def _load(database, folder, **options):
    return load(database, folder, today=TODAY, **options)


def _files(folder, **texts: str):
    """A folder of just these tables."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def _deals(header: str, *lines: str) -> str:
    return "".join(f"{line}\n" for line in (f"opportunity_id,pipeline,stage,{header}", *lines))


HISTORY = "opportunity_id,changed_at,stage\nd1,2025-01-10,Lead\nd2,2025-01-11,Lead\n"


def test_the_example_of_the_contract_loads_without_a_word(database, tmp_path):
    for name, text in EXAMPLE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = _load(database, tmp_path)
    assert (loaded.tables["opportunity"].added, loaded.warnings) == (3, ())


NO_DEALS_LEFT = {
    "all bad": (
        {"opportunity": _deals("amount", "d1,Sales,Lead,x", "d2,Sales,Lead,x")},
        r"^2 of 2 rows of `opportunity` break a rule.*line 2: amount is not a number.*, and 2 rows that refer to",
    ),
    "only names": ({"opportunity": _deals("amount")}, "no rows of `opportunity`.*opportunity.csv has column names but"),
    "misspelt": (
        {"opportunities": _deals("amount", "d1,Sales,Lead,1")},
        "no rows of `opportunity`.*opportunities.csv \\(did you mean opportunity.csv",
    ),
}


@pytest.mark.parametrize(("files", "sentence"), NO_DEALS_LEFT.values(), ids=NO_DEALS_LEFT.keys())
def test_a_history_without_any_deal_left_is_refused(database, tmp_path, files, sentence):
    before = dump(database)
    folder = _files(tmp_path / "data", stage=STAGES, opportunity_history=HISTORY, **files)
    with pytest.raises(ImportRefused, match=sentence):
        _load(database, folder)
    assert dump(database) == before


def test_deals_that_are_all_rejected_are_refused_however_many_may_be(database, tmp_path):
    deals = _deals("amount", "d1,Sales,Lead,x", "d2,Sales,Lead,x")
    folder = _files(tmp_path / "data", stage=STAGES, opportunity_history=HISTORY, opportunity=deals)
    with pytest.raises(ImportRefused, match="^All rows of `opportunity` at .* are rejected"):
        _load(database, folder, max_bad=1)


def _reasons(file):
    with file.open(encoding="utf-8-sig") as lines:
        return [(row["file"], row["reason"]) for row in csv.DictReader(lines)]


def test_one_bad_deal_of_twenty_takes_its_history_along_and_the_others_load(database, tmp_path):
    deals = _deals("amount", "d1,Sales,Lead,x", *(f"d{n},Sales,Lead,5" for n in range(2, 21)))
    history = "opportunity_id,changed_at,stage\nd1,2025-01-10,Lead\nd1,2025-01-12,Lead\nd2,2025-01-11,Lead\n"
    folder = _files(tmp_path / "data", stage=STAGES, opportunity=deals, opportunity_history=history)
    loaded = _load(database, folder)
    assert (loaded.tables["opportunity"].added, loaded.tables["opportunity"].rejected) == (19, 1)
    assert (loaded.tables["opportunity_history"].added, loaded.tables["opportunity_history"].rejected) == (1, 2)
    assert loaded.warnings[0] == (
        "1 row breaks a rule and did not load, and 2 rows that refer to it did not either (opportunity_history 2)."
    )
    follows = ("opportunity_history.csv", "opportunity_id refers to a row of `opportunity` that is rejected")
    assert _reasons(loaded.rejected_file) == [
        ("opportunity.csv", "amount is not a number; write it as 1234.56, not 'x'"),
        follows,
        follows,
    ]


def test_a_wrong_region_is_named_before_all_that_refers_to_it(database, tmp_path):
    folder = write_folder(tmp_path / "data", {"region": FOLDER["region"].replace("g,Group,", "g,Group,x")})
    with pytest.raises(
        ImportRefused,
        match=r"^1 of 3 rows of `region`.*region.csv line 2: parent_id is not a known region \(x\), and \d+ rows that",
    ):
        _load(database, folder)
    reasons = _reasons(tmp_path / "data.rejected.csv")
    assert reasons[0] == ("region.csv", "parent_id is not a known region")
    assert all("refers to a row of" in reason for _, reason in reasons[1:])


def test_deals_in_a_rejected_stage_follow_it(database, tmp_path):
    folder = write_folder(tmp_path / "data", {"stage": STAGES.replace("Offer,2,open,0.5", "Offer,2,open,5")})
    with pytest.raises(ImportRefused, match=r"^1 of 4 rows of `stage`.*probability is over 1 \(5\), and"):
        _load(database, folder)


def test_column_names_are_known_in_capitals_and_others_are_named(database, tmp_path):
    deals = "Opportunity_ID, Pipeline ,STAGE,Amount,Close On,colour\nd1,Sales,Lead,5,2025-03-01,red\n"
    loaded = _load(database, _files(tmp_path / "data", stage=STAGES, opportunity=deals))
    assert loaded.warnings == (
        "opportunity.csv: Close On (did you mean closed_on?), colour are kept as custom properties; "
        "`opportunity` has no such column.",
    )
    with database.connect() as connection:
        kept = connection.execute(sa.select(opportunity.c.amount, opportunity.c.properties)).one()
    assert tuple(kept) == (500, {"Close On": "2025-03-01", "colour": "red"})


def test_a_column_in_two_spellings_is_refused(database, tmp_path):
    folder = _files(tmp_path / "data", stage=STAGES, opportunity=_deals("amount,Amount", "d1,Sales,Lead,1,2"))
    with pytest.raises(ImportRefused, match="opportunity.csv has the column amount twice"):
        _load(database, folder)


def test_file_names_are_known_in_capitals(database, tmp_path):
    folder = _files(tmp_path / "data", Stage=STAGES, OPPORTUNITY=_deals("amount", "d1,Sales,Lead,1"))
    assert _load(database, folder).tables["opportunity"].added == 1


CAUTIONS = {
    "no amounts": (
        {"opportunity": _deals("name", "d1,Sales,Lead,x")},
        "opportunity: none of the 1 deals has an amount; everything in money will be no data.",
    ),
    "thousands": (
        {"opportunity": _deals("amount", *(f"d{n},Sales,Lead,{n}2.000" for n in range(3)))},
        "opportunity.csv: all 3 values of amount look like 02.000; read as 2. "
        "If the point separates thousands, declare number_form in a mapping.",
    ),
    "currency": (
        {
            "opportunity": _deals(
                "amount,currency", "d1,Sales,Lead,1,EUR", "d2,Sales,Lead,1,EUR", "d3,Sales,Lead,1,USD"
            ),
            "exchange_rate": "currency,valid_from,rate\nUSD,2025-01-01,7.1\n",
        },
        "opportunity: 2 deals are in EUR, the base currency is CNY, and there is no exchange rate between them: their "
        "amounts are unknown. Add exchange_rate.csv (currency, valid_from, rate), or run `python -m dashboard setting "
        "base_currency EUR` if that is the organisation's own.",
    ),
    "absent table": (
        {"opportunity": _deals("amount,owner_id", "d1,Sales,Lead,1,ann", "d2,Sales,Lead,1,bob", "d3,Sales,Lead,1,ann")},
        "opportunity.owner_id names 2 reps, and there is no rep table: they show by id.",
    ),
}


@pytest.mark.parametrize(("files", "sentence"), CAUTIONS.values(), ids=CAUTIONS.keys())
def test_each_caution_is_one_sentence(database, tmp_path, files, sentence):
    loaded = _load(database, _files(tmp_path / "data", stage=STAGES, **files))
    assert loaded.warnings == (sentence,)


def test_the_base_currency_needs_no_rate(database, tmp_path):
    with database.begin() as connection:
        connection.execute(setting.delete().where(setting.c.name == "base_currency"))
        connection.execute(setting.insert().values(name="base_currency", value="EUR"))
    deals = _deals("amount,currency", "d1,Sales,Lead,1,EUR")
    assert _load(database, _files(tmp_path / "data", stage=STAGES, opportunity=deals)).warnings == ()


def test_two_amounts_of_three_decimals_are_no_pattern(database, tmp_path):
    deals = _deals("amount", "d1,Sales,Lead,12.000", "d2,Sales,Lead,13.000", "d3,Sales,Lead,14")
    assert _load(database, _files(tmp_path / "data", stage=STAGES, opportunity=deals)).warnings == ()


NOT_ITS_FORM = {
    "day number": (
        ("created_on", "45733"),
        r"looks like an Excel day number \(2025-03-17\).*date_forms = \[\"serial\"\]",
    ),
    "decimal comma": (("amount", '"1.234,5"'), r'number_form = "1.234,56"'),
    "thousands comma": (("amount", '"1,234"'), r'number_form = "1,234.56"'),
    "months first": (
        ("created_on", "3/31/2025"),
        r'its dates look like M/D/YYYY \(line 2 has .*date_forms = \["M/D/YYYY"\] under \[read."opportunity.csv"\]',
    ),
    "either first": (("created_on", "3/4/2025"), r"look like M/D/YYYY or D/M/YYYY.*declare the right one"),
    "pipeline": (("name", "x\nd2,Sale,Lead,"), "there is no pipeline 'Sale'; did you mean 'Sales'"),
}


@pytest.mark.parametrize(("cell", "sentence"), NOT_ITS_FORM.values(), ids=NOT_ITS_FORM.keys())
def test_another_form_is_answered_with_what_to_declare(database, tmp_path, cell, sentence):
    column, text = cell
    folder = _files(tmp_path / "data", stage=STAGES, opportunity=_deals(column, f"d1,Sales,Lead,{text}"))
    with pytest.raises(ImportRefused, match=sentence):
        _load(database, folder)


GERMAN = '[read."opportunity.csv"]\ndelimiter = ";"\nencoding = "windows-1252"\ndate_forms = ["D.M.YYYY"]\n'


def test_a_mapping_may_only_say_how_files_of_the_contract_are_written(database, tmp_path):
    folder = _files(tmp_path / "data", stage=STAGES)
    (folder / "opportunity.csv").write_text(
        "opportunity_id;pipeline;stage;name;amount;created_on\nd1;Sales;Lead;Tür;1.234,50;31.3.2025\n",
        encoding="windows-1252",
    )
    (tmp_path / "german.toml").write_text(GERMAN + 'number_form = "1.234,56"\n', encoding="utf-8")
    loaded = _load(database, folder, mapping=tmp_path / "german.toml")
    assert loaded.warnings == ()
    with database.connect() as connection:
        deal = connection.execute(sa.select(opportunity)).one()
    assert (deal.name, deal.amount, deal.created_on) == ("Tür", 123_450, date(2025, 3, 31))


def test_a_file_that_is_not_there_is_refused_with_those_that_are(database, tmp_path):
    folder = _files(tmp_path / "data", stage=STAGES, opportunity=_deals("amount", "d1,Sales,Lead,1"))
    (tmp_path / "mine.toml").write_text('[read."deals.csv"]\ndelimiter = ";"\n', encoding="utf-8")
    with pytest.raises(ImportRefused, match="'deals.csv' is written.*Found: opportunity.csv, stage.csv"):
        _load(database, folder, mapping=tmp_path / "mine.toml")


def test_a_workbook_of_several_sheets_is_told_to_be_one_per_table(database, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "crm.xlsx") as workbook:
        for name in ("stage", "opportunity"):
            workbook.add_worksheet(name).write_row(0, 0, ["pipeline", "stage"])
    with pytest.raises(ImportRefused, match="one workbook per table"):
        _load(database, tmp_path / "crm.xlsx")


def test_nothing_is_left_behind_after_a_clean_load(database, database_url, tmp_path):
    deals = _deals("amount", "d1,Sales,Lead,x", *(f"d{n},Sales,Lead,5" for n in range(2, 21)))
    folder = _files(tmp_path / "data", stage=STAGES, opportunity=deals)
    left = _load(database, folder).rejected_file
    assert left == tmp_path / "data.rejected.csv"
    (folder / "opportunity.csv").write_text(deals.replace("Lead,x", "Lead,5"), encoding="utf-8")
    _load(database, folder, dry_run=True)
    assert left.exists()
    _load(database, folder)
    assert not left.exists()
    left.write_text("somebody's own\n", encoding="utf-8")
    _load(database, folder)
    assert left.exists()


def test_rejected_rows_of_a_folder_that_may_not_be_written_go_to_the_working_folder(database, tmp_path, monkeypatch):
    deals = _deals("amount", "d1,Sales,Lead,x", *(f"d{n},Sales,Lead,5" for n in range(2, 21)))
    (tmp_path / "theirs").mkdir()
    (tmp_path / "mine").mkdir()
    folder = _files(tmp_path / "theirs" / "data", stage=STAGES, opportunity=deals)
    monkeypatch.chdir(tmp_path / "mine")
    os.chmod(tmp_path / "theirs", 0o555)
    try:
        assert _load(database, folder).rejected_file == tmp_path / "mine" / "data.rejected.csv"
    finally:
        os.chmod(tmp_path / "theirs", 0o755)
