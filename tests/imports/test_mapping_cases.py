"""Small exports that a mapping has to be able to speak of, each with its right values worked out by hand."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.__main__ import REPORTS
from data_access import imports
from data_access.engine import DATABASE_VARIABLE
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT
from tests.independent.product import TODAY, report, run
from tests.pages import ROOT, opened

CASES = Path(__file__).parents[1] / "cases" / "import"
# Of each case what is loaded, one after the other, and the mapping: relative to its folder.
LOADED = {
    "01-status-apart-from-stage": [(".", "declared.toml")],
    "02-two-digit-years": [(".", "mapping.toml")],
    "03-date-and-time-columns-in-one-file": [(".", "mapping.toml")],
    "07-deleted-between-exports": [("04-deleted-1", None), ("04-deleted-2", None)],
    "08-stage-field-holds-the-closing": [(".", "15.toml")],
    "09-date-in-a-log-value": [(".", "15b.toml")],
    "10-title-lines-above-the-header": [(".", "24a.toml")],
    "11-currency-code-in-the-amount": [(".", "35.toml")],
    "12-currency-written-another-way": [("08-currency-1", None), ("08-currency-3", None)],
    "13-negative-amount": [(".", None)],
    "14-owners-in-two-files": [(".", "declared.toml")],
    "15-rows-that-are-no-deals": [(".", "declared.toml")],
    "18-only_where-with-always": [("in", "m.toml")],
    "19-change-log-alphabetical": [("in", "m.toml")],
    "20-hubspot-wide": [("in", "declared.toml")],
}


@pytest.fixture
def loaded(sqlite):
    """Loads a case, in US dollars; gives the database and what the imports said."""

    def load(name: str):
        run(sqlite, "setting", "base_currency", "USD")
        warnings = []
        for path, mapping in LOADED[name]:
            folder = CASES / name
            chosen = folder / mapping if mapping else None
            warnings += imports.load(sqlite, folder / path, mapping=chosen, today=TODAY).warnings
        return sqlite, warnings

    return load


@pytest.mark.parametrize("name", [name for name in LOADED if (CASES / name / "expected.json").is_file()])
def test_the_numbers_are_those_of_the_export(name, loaded):
    expected = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    database, _ = loaded(name)
    wanted = next(values for key, values in expected.items() if key.endswith("overview.values"))
    values = report(database, "overview", [])["values"]
    assert {key: values[key] for key in wanted} == pytest.approx(wanted)


def test_what_a_later_export_no_longer_has_is_named(loaded):
    (said,) = [one for one in loaded("07-deleted-between-exports")[1] if "not in this export" in one]
    assert said.startswith("opportunity: 1 of the database's 3 deals is not in this export (d3) and stays as it was.")


def test_a_closing_in_the_field_of_stages_closes_and_the_order_is_that_of_the_moves(loaded):
    database, said = loaded("08-stage-field-holds-the-closing")
    assert [row["stage"] for row in report(database, "funnel", [])["rows"]] == [
        "Prospecting",
        "Negotiation",
        "Closed Won",
    ]
    assert any("Prospecting, Negotiation" in one for one in said)


def test_a_day_in_a_change_log_is_read_in_the_files_form(loaded):
    database, _ = loaded("09-date-in-a-log-value")
    deals = report(database, "deals", ["--of", "won"])["rows"]
    assert [(deal["expected_close_on"], deal["pushes"]) for deal in deals] == [("2026-04-30", 1)]


def test_columns_of_one_file_have_their_own_form_of_dates(loaded):
    database, _ = loaded("03-date-and-time-columns-in-one-file")
    deals = report(database, "deals", ["--of", "won"])["rows"]
    assert [(deal["opportunity_id"], deal["closed_on"]) for deal in deals] == [("1", "2026-03-07")]


def test_lines_above_the_column_names_are_counted(loaded):
    assert any("2 lines above the column names" in one for one in loaded("10-title-lines-above-the-header")[1])


def test_amounts_with_codes_are_named_by_them(loaded):
    said = [one for one in loaded("11-currency-code-in-the-amount")[1] if "exchange rate" in one]
    assert [(code in one) for code, one in zip(("1 deals are in EUR", "1 deals are in JPY"), said, strict=True)] == [
        True
    ] * 2


def test_credits_are_counted_shown_everywhere_and_refused_where_a_mapping_says_so(loaded, monkeypatch, tmp_path):
    database, said = loaded("13-negative-amount")
    assert any("2 deals have a negative amount" in one for one in said)
    monkeypatch.setenv(DATABASE_VARIABLE, str(database.url))
    for name in REPORTS:
        report(database, name, [])
    for page in sorted(path.name for path in (ROOT / "pages").glob("*.py")):
        assert [error.value for error in opened(page).error] == [], page
    mapping = tmp_path / "m.toml"
    mapping.write_text(REFUSING, encoding="utf-8")
    with pytest.raises(ImportRefused, match="amount is negative, which the mapping refuses"):
        imports.load(database, CASES / "13-negative-amount", mapping=mapping, today=TODAY)


REFUSING = """
[[table]]
name = "opportunity"
file = "opportunity.csv"
[table.columns]
opportunity_id = "opportunity_id"
pipeline = "pipeline"
stage = "stage"
amount = { column = "amount", negative = "refuse" }
"""


def test_people_of_two_files_are_there(loaded):
    database, _ = loaded("14-owners-in-two-files")
    rows = {row["rep_id"]: row["completed"] for row in report(database, "reps", [])["rows"]}
    assert rows == {"p1": 1, "p2": 1}


def test_a_condition_holds_for_what_is_always_there(loaded):
    database, _ = loaded("18-only_where-with-always")
    (leads,) = report(database, "leads", ["--from", "2020-01-01", "--to", "2020-12-31"])["rows"]
    assert (leads["leads"], leads["converted"]) == (3, 1)


def test_stages_of_a_log_stand_in_the_order_of_the_moves(loaded):
    database, said = loaded("19-change-log-alphabetical")
    assert any("Submitted, Accepted" in one for one in said)
    rows = {row["stage"]: row["visited"] for row in report(database, "funnel", [])["rows"]}
    assert rows["Submitted"] == 2 and rows["Accepted"] == 1


def test_a_column_for_each_stage_becomes_history(loaded):
    database, _ = loaded("20-hubspot-wide")
    rows = {row["stage"]: (row["visited"], row["in_stage_now"]) for row in report(database, "funnel", [])["rows"]}
    assert rows["Discovery"] == (2, 0) and rows["Demo"] == (2, 1) and rows["Closed Won"][0] == 1


def test_leads_load_without_any_deal_and_every_page_and_report_goes_on(sqlite, tmp_path, monkeypatch):
    (tmp_path / "lead.csv").write_text("lead_id,source,created_on\nl1,web,2024-01-01\nl2,web,2024-06-01\n")
    assert imports.load(sqlite, tmp_path, today=TODAY).tables["lead"].added == 2
    monkeypatch.setenv(DATABASE_VARIABLE, str(sqlite.url))
    assert report(sqlite, "leads", [])["rows"][0]["leads"] == 2
    for name in REPORTS:
        report(sqlite, name, [])
    for page in sorted(path.name for path in (ROOT / "pages").glob("*.py")):
        assert [error.value for error in opened(page).error] == [], page


# --- by hand ------------------------------------------------------------------------------------------

STAGES = """
[[table]]
name = "stage"
rows = [ { pipeline = "S", stage = "Lead", position = 1, kind = "open" },
         { pipeline = "S", stage = "Won", position = 2, kind = "won" } ]
"""
DEALS = """
[[table]]
name = "opportunity"
file = "deals.csv"
[table.columns]
opportunity_id = %s
pipeline = { always = "S" }
stage = "Stage"
created_on = "Created"
amount = "Amount"
"""


@pytest.fixture
def of(sqlite, tmp_path):
    """Loads files by a mapping; gives the rows of a table, and what the import said."""

    def load(mapping: str, table: str = "opportunity", **files: str):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
        said = imports.load(sqlite, tmp_path, mapping=tmp_path / "m.toml", today=TODAY).warnings
        with sqlite.connect() as connection:
            rows = (
                connection.execute(sa.select(CONTRACT[table]).order_by(*CONTRACT[table].primary_key)).mappings().all()
            )
        return rows, said

    return load


def test_a_key_of_two_columns_and_one_made_of_the_row(of):
    deals = "Firm,No,Stage,Created,Amount\nA,1,Lead,2026-01-05,10\nA,2,Lead,2026-01-05,20\nB,1,Lead,2026-01-06,30\n"
    rows, _ = of(STAGES + DEALS % '{ columns = ["Firm", "No"] }', deals=deals)
    assert [row["opportunity_id"] for row in rows] == ["A/1", "A/2", "B/1"]
    keyless = deals.replace("Firm,No", "Firm,Kind")
    made = [
        {row["opportunity_id"] for row in of(STAGES + DEALS % "{ row = true }", deals=keyless)[0]} for _ in range(2)
    ]
    assert len(made[0]) == 6 and made[0] == made[1], "loading it again adds nothing"


def test_rows_are_told_apart_by_what_another_file_says_of_them(of):
    activity = """
[[table]]
name = "activity"
file = "calls.csv"
join = [ { file = "people.csv", on = { Who = "Record ID" } } ]
columns = { activity_id = "ID", rep_id = "people.csv: Owner", kind = { always = "call" }, completed_at = "Done" }
[[table]]
name = "rep"
file = "people.csv"
distinct = true
columns = { rep_id = "Owner", name = "Owner" }
"""
    files = {
        "calls": "ID,Who,Done\nc1,p1,2026-01-06\nc2,p2,2026-01-07\n",
        "people": "Record ID,Owner\np1,ann\np2,bob\np3,ann\n",
        "deals": "ID,Stage,Created,Amount\n1,Lead,2026-01-05,10\n",
    }
    rows, _ = of(STAGES + DEALS % '"ID"' + activity, "activity", **files)
    assert [(row["activity_id"], row["rep_id"]) for row in rows] == [("c1", "ann"), ("c2", "bob")]
    with pytest.raises(ImportRefused, match="people.csv: line 4 has 'p1' in Record ID once more"):
        of(STAGES + DEALS % '"ID"' + activity, **files | {"people": "Record ID,Owner\np1,ann\np2,bob\np1,cy\n"})


def test_columns_of_one_name_are_refused_only_where_they_are_read(of):
    deals = "ID,Stage,Created,Amount,Note,Note\n1,Lead,2026-01-05,10,x,y\n"
    rows, said = of(STAGES + DEALS % '"ID"', deals=deals)
    assert len(rows) == 1 and said == ("deals.csv: the mapping leaves out Note, Note (2).",)
    with pytest.raises(ImportRefused, match="has the column Note twice"):
        of(STAGES + (DEALS % '"ID"').replace('"Stage"', '{ column = "Stage", otherwise = "Note" }'), deals=deals)


def test_rows_that_a_condition_names_are_left_out(of):
    deals = "ID,Stage,Created,Amount,Test\n1,Lead,2026-01-05,10,no\n2,Lead,2026-01-05,20,yes\n"
    without = (DEALS % '"ID"').replace("[table.columns]", 'except_where = { Test = "yes" }\n[table.columns]')
    rows, _ = of(STAGES + without, deals=deals)
    assert [row["opportunity_id"] for row in rows] == ["1"]


FORMS = '[read."deals.csv"]\ndate_forms = ["M/D/YYYY", "D/M/YYYY", "YYYY-MM-DD"]\n'


def test_day_and_month_are_never_taken_for_each_other_in_two_columns(of):
    more = (DEALS % '"ID"').replace('amount = "Amount"', 'amount = "Amount"\nexpected_close_on = "Due"')
    deals = "ID,Stage,Created,Due,Amount\n1,Lead,%s,%s,10\n2,Lead,%s,%s,10\n"
    rows, _ = of(FORMS + STAGES + more, deals=deals % ("2/1/2026", "2026-03-04", "14/1/2026", "2026-03-04"))
    assert [row["created_on"].isoformat() for row in rows] == ["2026-01-02", "2026-01-14"]
    with pytest.raises(ImportRefused, match="dates are not all written as"):
        of(FORMS + STAGES + more, deals=deals % ("1/14/2026", "14/2/2026", "1/2/2026", "2/3/2026"))


def test_years_of_two_digits_turn_at_the_pivot(of):
    said = '[read."deals.csv"]\ndate_forms = ["D.M.YY"]\npivot = 30\n' + STAGES + DEALS % '"ID"'
    rows, _ = of(said, deals="ID,Stage,Created,Amount\n1,Lead,5.1.26,10\n2,Lead,5.1.30,10\n")
    assert [row["created_on"].year for row in rows] == [2026, 1930]


def test_the_column_of_currencies_counts_and_another_in_the_amount_is_named(of):
    more = (DEALS % '"ID"').replace('amount = "Amount"', 'amount = "Amount"\ncurrency = "Cur"')
    deals = (
        "ID,Stage,Created,Amount,Cur\n1,Lead,2026-01-05,EUR 10,usd\n2,Lead,2026-01-05,£ 10,\n3,Lead,2026-01-05,$ 10,€\n"
    )
    rows, said = of(STAGES + more, deals=deals)
    assert [row["currency"] for row in rows] == ["USD", "GBP", "EUR"]
    assert any("1 amounts are written in another currency" in one and "line 2: EUR beside USD" in one for one in said)


# --- stages told from the deals -------------------------------------------------------------------------

TOLD = """
[stages]
won = ["won", "*closed*won*"]
lost = ["lost"]
%s
[[table]]
name = "opportunity"
file = "deals.csv"
[table.columns]
opportunity_id = "ID"
pipeline = { always = "S" }
stage = "Stage"
closed_on = { column = "Day", of_kind = ["won", "lost"] }
expected_close_on = { column = "Day", of_kind = ["open"] }
"""
HISTORY = """
[[table]]
name = "opportunity_history"
file = "log.csv"
columns = { opportunity_id = "ID", changed_at = "At", sequence = { number = true }, stage = "To" }
"""
DEALS_TOLD = (
    "ID,Stage,Day,Chance,Over\n1,Offer,2026-12-01,60%,\n2,Lead,2026-12-02,20%,\n3,4 - Closed WON,2026-03-01,,\n"
)


def _stages(rows) -> list[tuple[str, str]]:
    return [(row["stage"], row["kind"]) for row in sorted(rows, key=lambda row: row["position"])]


def test_stages_stand_in_the_order_that_is_known_best(of):
    rows, said = of(TOLD % "", "stage", deals=DEALS_TOLD)
    assert _stages(rows) == [("Offer", "open"), ("Lead", "open"), ("4 - Closed WON", "won")]
    assert any("in the order in which they first occur, as nothing says another" in one for one in said)
    log = "ID,At,To\n1,2026-01-05,Lead\n1,2026-01-06,Offer\n2,2026-01-05,Lead\n"
    rows, said = of(TOLD % "" + HISTORY, "stage", deals=DEALS_TOLD, log=log)
    assert _stages(rows)[:2] == [("Lead", "open"), ("Offer", "open")]
    assert any("in the order in which deals move through them" in one for one in said)
    rows, said = of(TOLD % 'probability = "Chance"', "stage", deals=DEALS_TOLD)
    assert _stages(rows)[:2] == [("Lead", "open"), ("Offer", "open")]
    assert any("in the order of their deals' probability" in one for one in said)


def test_one_column_of_days_is_the_closing_or_what_is_expected(of):
    rows, _ = of(TOLD % "", deals=DEALS_TOLD)
    days = [(row["expected_close_on"] is not None, row["closed_on"] is not None) for row in rows]
    assert days == [(True, False), (True, False), (False, True)]


def test_a_stage_is_what_most_of_its_deals_say_and_the_others_are_counted(of):
    deals = "ID,Stage,Day,Over\n1,Signed,2026-03-01,yes\n2,Signed,2026-03-02,yes\n3,Signed,2026-03-03,no\n4,Lead,,no\n"
    rows, said = of(TOLD % 'won_where = { Over = "yes" }', "stage", deals=deals)
    assert _stages(rows) == [("Lead", "open"), ("Signed", "won")]
    assert any(
        "1 deals say of themselves another outcome" in one and "3 in Signed, which is won" in one for one in said
    )


def test_no_name_of_a_closing_is_said(of):
    _, said = of(TOLD % "", deals="ID,Stage,Day\n1,Gewonnen,\n2,Anfrage,\n")
    assert any("No stage is called like one of won, *closed*won*, lost" in one for one in said)


def test_a_spread_takes_the_columns_of_the_rows_own_pipeline_even_with_parentheses_in_names(of):
    mapping = """
[stages]
won = ["won"]
lost = ["lost"]
[[table]]
name = "opportunity"
file = "deals.csv"
ignore = ["In *"]
columns = { opportunity_id = "ID", pipeline = "Pipe", stage = "Stage" }
[[table]]
name = "opportunity_history"
file = "deals.csv"
columns = { opportunity_id = "ID" }
spread = { header = "In {} ({Pipe})", name = "stage", cell = "changed_at" }
"""
    deals = (
        "ID,Pipe,Stage,In Demo (x) (EU (new)),In Lead (EU (new)),In Lead (US),In Old (Gone)\n"
        "1,EU (new),Demo (x),2026-01-06,2026-01-05,2026-01-01,2025-01-01\n2,US,Lead,2026-01-07,,2026-01-08,\n"
    )
    rows, said = of(mapping, "opportunity_history", deals=deals)
    assert [(row["opportunity_id"], row["stage"], row["changed_at"].day) for row in rows] == [
        ("1", "Lead", 5),
        ("1", "Demo (x)", 6),
        ("2", "Lead", 8),
    ]
    assert not any("leaves out" in one for one in said)


def test_changes_of_one_moment_are_numbered_as_they_came_about(of):
    log = "ID,At,To\n1,2026-01-07,Won\n1,2026-01-06,Offer\n1,2026-01-06,Lead\n"
    deals = "ID,Stage,Day\n1,Won,2026-01-07\n"
    rows, _ = of(TOLD % "" + HISTORY, "opportunity_history", deals=deals, log=log)
    assert [(row["sequence"], row["stage"]) for row in rows] == [(0, "Lead"), (1, "Offer"), (0, "Won")]
    oldest_first = "ID,At,To\n1,2026-01-06,Lead\n1,2026-01-06,Offer\n1,2026-01-07,Won\n"
    again, _ = of(TOLD % "" + HISTORY, "opportunity_history", deals=deals, log=oldest_first)
    assert again == rows


def test_all_other_texts_and_empty_cells_can_be_spoken_of(of):
    more = (DEALS % '"ID"').replace("[table.columns]", 'except_where = { Owner = "" }\n[table.columns]')
    more += (
        'kind = { column = "Type", values = { New = "new", "*" = "" } }\nsource = { column = "From", optional = true }'
    )
    deals = "ID,Stage,Created,Amount,Owner,Type\n" + "\n".join(
        f"{key},Lead,2026-01-05,1,{owner},{kind}"
        for key, owner, kind in ((1, "a", "New"), (2, "a", "Old"), (3, "", "New"))
    )
    rows, _ = of(STAGES + more, deals=deals)
    assert [(row["opportunity_id"], row["kind"], row["source"]) for row in rows] == [
        ("1", "new", None),
        ("2", None, None),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("[stages]", STAGES + "[stages]"), "gives its stages twice"),
        (('lost = ["lost"]', ""), r"needs `won` and `lost` in \[stages\]"),
        (('name = "opportunity"', 'name = "lead"'), "a column in .* that does not exist|to tell them from"),
        (('of_kind = ["open"]', 'of_kind = ["opened"]'), "a kind in .* that does not exist: 'opened'"),
        (('[stages]\nwon = ["won", "*closed*won*"]\nlost = ["lost"]', ""), "uses `of_kind`, which needs"),
    ],
)
def test_stages_told_wrongly_are_refused(change, sentence, of):
    with pytest.raises(ImportRefused, match=sentence):
        of((TOLD % "").replace(*change), deals=DEALS_TOLD)
