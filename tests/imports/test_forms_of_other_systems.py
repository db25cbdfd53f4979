"""The forms of other systems that ship: each loads by its header, and gives what plain Python counts in its file."""

import csv
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
import xlsxwriter

from data_access import imports
from data_access.errors import ImportRefused
from data_access.schema import CONTRACT, MONEY_SCALE
from tests.independent.product import TODAY, report, run

FORMS = Path(__file__).parents[1] / "cases" / "forms"
HEADERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "crm_export_headers"
NAMES = sorted(path.name for path in FORMS.iterdir())
HEADER_OF = {  # where the real line of column names lies, by the file that has it
    "hubspot-deals/hubspot-crm-exports-all-deals-2026-06-01.csv": "hubspot_deals_export.csv",
    "pipedrive-deals/deals-1234567-89.csv": "pipedrive_deals_export.csv",
    "pipedrive-deals/activities.csv": "pipedrive_activities_export.csv",
    "salesforce-opportunities/Opportunity.csv": "salesforce_opportunity_object_api.csv",
    "salesforce-opportunities/OpportunityHistory.csv": "salesforce_opportunityhistory_object_api.csv",
    "salesforce-report/report1717171717171.csv": "salesforce_opportunity_history_report.csv",
    "salesforce-field-history/report2.csv": "salesforce_opportunity_field_history_report.csv",
    "zoho-deals/Deals_001.csv": "zoho_deals_export.csv",
    "dynamics-opportunities/Open Opportunities.csv": "dynamics365_opportunity_export.csv",
}
EURO = 2.0  # dollars


def lines(file: str) -> list[dict[str, str]]:
    with (FORMS / file).open(encoding="utf-8", newline="") as text:
        return [row for row in csv.DictReader(text) if None not in row.values()]  # reports end in lines of one cell


def number(text: str) -> float:
    text = text.lstrip("$€")
    if "." in text and "," in text and text.rindex(",") > text.rindex("."):
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", "") or 0)


def of(kind: dict[str, str], deals: list[tuple[str, float]]) -> dict[str, float]:
    """How many of (stage, dollars) are won, lost and open, and what they are worth."""
    in_kind = {one: [dollars for stage, dollars in deals if kind.get(stage, "open") == one] for one in KINDS}
    return {
        "won_count": len(in_kind["won"]),
        "won_amount": sum(in_kind["won"]),
        "lost_count": len(in_kind["lost"]),
        "open_count": len(in_kind["open"]),
        "open_amount": sum(in_kind["open"]),
    }


KINDS = ("won", "lost", "open")
CLOSED = {"Closed Won": "won", "Closed Lost": "lost", "Closed-Lost to Competition": "lost"}


def hubspot():
    rows = lines("hubspot-deals/hubspot-crm-exports-all-deals-2026-06-01.csv")
    return of(CLOSED, [(row["Deal Stage"], number(row["Amount"])) for row in rows])


def pipedrive():
    rows = [row for row in lines("pipedrive-deals/deals-1234567-89.csv") if row["Deal - Status"] != "Deleted"]
    rate = {"EUR": EURO, "USD": 1}
    return of(
        {"won": "won", "lost": "lost"},
        [
            (row["Deal - Status"].lower(), number(row["Deal - Value"]) * rate[row["Deal - Currency of Value"]])
            for row in rows
        ],
    )


def salesforce():
    rows = [row for row in lines("salesforce-opportunities/Opportunity.csv") if row["IsDeleted"] == "false"]
    says = {("true", "true"): "won", ("true", "false"): "lost"}
    deals = [(says.get((row["IsClosed"], row["IsWon"]), "open"), number(row["Amount"])) for row in rows]
    return of({kind: kind for kind in KINDS}, deals)


def last_rows(file: str) -> list[tuple[str, float]]:
    """Of each deal its first line, as the files have the newest first."""
    found: dict[str, dict[str, str]] = {}
    for row in lines(file):
        found.setdefault(row["Opportunity ID"], row)
    return [(row["Stage"], number(row["Amount"])) for row in found.values()]


def zoho():
    return of(CLOSED, [
        (row["Stage"], number(row["Amount"]) * (EURO if "€" in row["Amount"] else 1))
        for row in lines("zoho-deals/Deals_001.csv")
    ])  # fmt: skip


def dynamics():
    return of({"Won": "won", "Lost": "lost"}, [
        (row["Status"], number(row["Actual Revenue"] or row["Est. revenue"]))
        for row in lines("dynamics-opportunities/Open Opportunities.csv")
    ])  # fmt: skip


EXPECTED = {
    "hubspot-deals": hubspot,
    "pipedrive-deals": pipedrive,
    "salesforce-opportunities": salesforce,
    "salesforce-report": lambda: of(CLOSED, last_rows("salesforce-report/report1717171717171.csv")),
    "salesforce-field-history": lambda: of(CLOSED, last_rows("salesforce-field-history/report2.csv")),
    "zoho-deals": zoho,
    "dynamics-opportunities": dynamics,
}


@pytest.fixture
def loaded(sqlite, tmp_path):
    """Loads a form without naming it, in US dollars; gives the database and what the import said."""

    def load(name: str, folder: Path | None = None):
        run(sqlite, "setting", "base_currency", "USD")
        done = imports.load(sqlite, folder or FORMS / name, today=TODAY)
        assert not done.rejected_file, done.rejected_file.read_text(encoding="utf-8")
        rates = tmp_path / "exchange_rate.csv"
        rates.write_text(f"currency,valid_from,rate\nEUR,2020-01-01,{EURO}\n", encoding="utf-8")
        imports.load(sqlite, rates, today=TODAY)
        return sqlite, done.warnings

    return load


def rows_of(database: sa.Engine, table: str) -> list[dict]:
    with database.connect() as connection:
        found = connection.execute(sa.select(CONTRACT[table]).order_by(*CONTRACT[table].primary_key))
        return [dict(row) for row in found.mappings()]


def funnel(database: sa.Engine, pipeline: str = "") -> dict[str, int]:
    arguments = ["--pipeline", pipeline] if pipeline else []
    return {row["stage"]: row["visited"] for row in report(database, "funnel", arguments)["rows"]}


@pytest.mark.skipif(not HEADERS.is_dir(), reason=f"the real headers are not at {HEADERS}")
@pytest.mark.parametrize("file", HEADER_OF)
def test_the_cases_have_the_columns_that_the_exports_have(file):
    ours, theirs = (next(csv.reader(path.open(encoding="utf-8"))) for path in (FORMS / file, HEADERS / HEADER_OF[file]))
    assert ours == theirs


@pytest.mark.parametrize("name", NAMES)
def test_a_form_is_recognised_and_its_numbers_are_those_of_the_file(name, loaded):
    database, said = loaded(name)
    assert f"recognised as {name}" in said[0] and "--mapping" in said[0]
    values = report(database, "overview", [])["values"]
    expected = EXPECTED[name]()
    assert {key: values[key] for key in expected} == pytest.approx(expected)


@pytest.mark.parametrize("name", NAMES)
def test_loading_a_form_again_under_another_name_changes_nothing(name, sqlite, tmp_path):
    first = imports.load(sqlite, FORMS / name, today=TODAY)
    for place, file in enumerate(sorted((FORMS / name).iterdir())):
        (tmp_path / f"x{place}.CSV").write_bytes(file.read_bytes())
    again = imports.load(sqlite, tmp_path, today=TODAY)
    assert again.version == first.version
    assert imports.load(sqlite, tmp_path, mapping=name, today=TODAY).version == first.version


def test_hubspots_columns_per_stage_are_the_history_of_the_own_pipeline(loaded):
    database, said = loaded("hubspot-deals")
    rows = lines("hubspot-deals/hubspot-crm-exports-all-deals-2026-06-01.csv")
    own = [row for row in rows if row["Pipeline"] == "Sales Pipeline"]
    entered = {
        stage: sum(bool(row[f'Date entered "{stage} (Sales Pipeline)"']) for row in own)
        for stage in ("Discovery", "Closed Won")
    }
    found = funnel(database, "Sales Pipeline")
    assert {stage: found[stage] for stage in entered} == entered
    assert len(rows_of(database, "opportunity_history")) == sum(
        bool(row[column]) for row in own for column in row if column.startswith("Date entered")
    )
    assert any("in the order of the columns that tell when each was entered" in one for one in said)
    assert any("of Partner Pipeline, open: Qualified; won: none; lost: none" in one for one in said)
    kinds = {row["opportunity_id"]: (row["kind"], row["owner_id"]) for row in rows_of(database, "opportunity")}
    assert kinds["101"] == ("new", "Ann Lee") and kinds["105"][0] == "renewal" and kinds["104"] == (None, None)
    assert rows_of(database, "opportunity")[2]["properties"]["Closed Lost Reason"] == "Price; timing"


def test_hubspots_export_in_utf_16_with_tabs_is_the_same(loaded, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    with (FORMS / next(iter(HEADER_OF))).open(encoding="utf-8", newline="") as given:
        rows = list(csv.reader(given))
    with (folder / "deals.csv").open("w", encoding="utf-16", newline="") as text:
        csv.writer(text, delimiter="\t").writerows(rows)
    database, _ = loaded("hubspot-deals", folder)
    assert len(rows_of(database, "opportunity")) == len(lines(next(iter(HEADER_OF))))


def test_a_workbook_is_the_same_as_the_csv(loaded, tmp_path):
    (file,) = (FORMS / "dynamics-opportunities").iterdir()
    with file.open(encoding="utf-8", newline="") as given:
        header, *body = csv.reader(given)
    (tmp_path / "in").mkdir()
    with xlsxwriter.Workbook(tmp_path / "in" / "Book1.xlsx") as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "m/d/yyyy h:mm"})
        sheet.write_row(0, 0, header)
        for line, row in enumerate(body, start=1):
            for place, (name, cell) in enumerate(zip(header, row, strict=True)):
                if name in ("Close Date", "Created On", "Modified On", "(Do Not Modify) Modified On"):
                    sheet.write_number(line, place, float(cell), day)
                else:
                    sheet.write(line, place, float(cell) if cell.replace(".", "").isdigit() else cell)
        workbook.add_worksheet("hiddenSheet")
    database, said = loaded("dynamics-opportunities", tmp_path / "in")
    assert "Book1.xlsx has all 4 columns that dynamics-opportunities needs" in said[0]
    values = report(database, "overview", [])["values"]
    assert {key: values[key] for key in dynamics()} == pytest.approx(dynamics())
    of_csv = imports.load(database, FORMS / "dynamics-opportunities", today=TODAY, dry_run=True)
    assert of_csv.tables["opportunity"].unchanged == len(body), "serial numbers are the same days"


def test_an_export_with_fewer_columns_is_recognised(loaded, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Record ID,Deal Stage,Pipeline,Close Date\n1,Closed Won,P,2026-02-03 10:00\n2,Demo,P,\n"
    (folder / "a.csv").write_text(text, encoding="utf-8")
    database, said = loaded("hubspot-deals", folder)
    assert "has all 3 columns that hubspot-deals needs and 4 of the 12 that it reads" in said[0]
    assert [row["closed_on"] is None for row in rows_of(database, "opportunity")] == [False, True]


def test_pipedrives_activities_are_there_beside_the_deals(loaded):
    database, said = loaded("pipedrive-deals")
    found = sorted(
        (row["rep_id"], row["account_id"], row["kind"], row["completed_at"] is not None)
        for row in rows_of(database, "activity")
    )
    assert found == [
        ("Ann", "Acme", "call", True),
        ("Bob", "Acme", "meeting", True),
        ("Bob", "Dune", "other", False),
    ]
    deals = rows_of(database, "opportunity")
    assert [(row["stage"], row["closed_on"] and row["closed_on"].isoformat()) for row in deals] == [
        ("Won", "2026-02-20"),
        ("Won", "2026-03-02"),
        ("Lost", "2026-02-10"),
        ("Proposal", None),
        ("Qualified", None),
    ]
    order = [row["stage"] for row in sorted(rows_of(database, "stage"), key=lambda row: row["position"])]
    assert order == ["Qualified", "Proposal", "Won", "Lost"]
    assert any("in the order of their deals' probability" in one for one in said)


def test_an_activity_that_is_done_by_the_next_export_is_the_same_one(loaded, tmp_path):
    database, _ = loaded("pipedrive-deals")
    folder = copytree(FORMS / "pipedrive-deals", tmp_path / "next")
    file = folder / "activities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("To do", "Done"), encoding="utf-8")
    imports.load(database, folder, today=TODAY)
    assert [row["completed_at"] is not None for row in rows_of(database, "activity")] == [True] * 3


def test_salesforces_stages_are_what_their_deals_say_and_their_history_counts(loaded):
    database, said = loaded("salesforce-opportunities")
    history = lines("salesforce-opportunities/OpportunityHistory.csv")
    reached = {row["OpportunityId"] for row in history if row["StageName"] == "Proposal"}
    found = funnel(database)
    assert found["Proposal"] == len(reached) and found["Discovery"] == len({row["OpportunityId"] for row in history})
    assert len(rows_of(database, "opportunity_history")) == len(history), "two changes of one moment are two"
    assert any("won: Signed; lost: Closed Lost" in one for one in said)
    assert not any("another expected close" in one for one in said), "closed deals expect nothing any more"


@pytest.mark.parametrize(("name", "to"), [("salesforce-report", "To Stage"), ("salesforce-field-history", "New Value")])
def test_salesforces_reports_of_changes_are_histories(name, to, loaded):
    database, _ = loaded(name)
    (file,) = (FORMS / name).iterdir()
    rows = lines(f"{name}/{file.name}")
    found = funnel(database)
    assert found["Proposal"] == len({row["Opportunity ID"] for row in rows if row[to] == "Proposal"}) == 2
    assert found["Discovery"] == len({row["Opportunity ID"] for row in rows})
    order = [row["stage"] for row in sorted(rows_of(database, "stage"), key=lambda row: row["position"])]
    assert order == ["Discovery", "Proposal", "Closed Won", "Closed Lost"]
    amounts = [row["amount"] for row in rows_of(database, "opportunity_history") if row["amount"] is not None]
    assert 45_000 * MONEY_SCALE in amounts


def test_zohos_currency_and_kinds(loaded):
    database, _ = loaded("zoho-deals")
    deals = rows_of(database, "opportunity")
    assert [(row["amount"] / MONEY_SCALE, row["currency"]) for row in deals][:2] == [(1234.56, "EUR"), (2500, None)]
    assert {row["name"] for row in rows_of(database, "rep")} == {"Ann Lee", "Bob Ray"}


def test_days_that_can_be_read_in_two_ways_are_refused(sqlite, tmp_path):
    text = "Record ID,Deal Stage,Pipeline,Close Date\n1,Closed Won,P,3/4/2026\n2,Closed Won,P,%s\n"
    (tmp_path / "a.csv").write_text(text % "5/6/2026", encoding="utf-8")
    with pytest.raises(ImportRefused, match="can be read as M/D/YYYY and as D/M/YYYY .line 2 has '3/4/2026'"):
        imports.load(sqlite, tmp_path, today=TODAY)
    (tmp_path / "a.csv").write_text(text % "25/6/2026", encoding="utf-8")
    imports.load(sqlite, tmp_path, today=TODAY)
    assert [row["closed_on"].month for row in rows_of(sqlite, "opportunity")] == [4, 6]


# --- which form it is -----------------------------------------------------------------------------------


def test_nothing_that_is_known_names_the_nearest_form_and_what_is_missing(sqlite, tmp_path):
    (tmp_path / "a.csv").write_text("Record ID,Deal Stage,Amount\n1,Demo,5\n", encoding="utf-8")
    with pytest.raises(
        ImportRefused, match=r"nearest is hubspot-deals: a.csv lacks Pipeline of its 3 needed.*new FILE"
    ):
        imports.load(sqlite, tmp_path, today=TODAY)
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="None of the files has columns of a form that is known"):
        imports.load(sqlite, tmp_path, today=TODAY)


def test_two_forms_that_fit_are_refused(sqlite, tmp_path):
    for name in ("hubspot-deals", "zoho-deals"):
        copytree(FORMS / name, tmp_path, dirs_exist_ok=True)
    with pytest.raises(ImportRefused, match="could be hubspot-deals or zoho-deals: .*Say which with --mapping"):
        imports.load(sqlite, tmp_path, today=TODAY)
    done = imports.load(sqlite, tmp_path, mapping="zoho-deals", today=TODAY)
    assert done.tables["opportunity"].added == 5


def test_two_files_of_one_form_are_refused(sqlite, tmp_path):
    (file,) = (FORMS / "zoho-deals").iterdir()
    for name in ("may.csv", "june.csv"):
        (tmp_path / name).write_bytes(file.read_bytes())
    for mapping in (None, "zoho-deals"):
        with pytest.raises(ImportRefused, match="2 files .*june.csv, may.csv"):
            imports.load(sqlite, tmp_path, mapping=mapping, today=TODAY)


def test_a_folder_of_the_contract_is_never_taken_for_another_form(sqlite, tmp_path):
    copytree(FORMS / "zoho-deals", tmp_path, dirs_exist_ok=True)
    (tmp_path / "stage.csv").write_text("pipeline,stage,position,kind\nS,Lead,1,open\n", encoding="utf-8")
    (tmp_path / "OPPORTUNITY.csv").write_text("Opportunity_ID,pipeline,stage\n1,S,Lead\n", encoding="utf-8")
    done = imports.load(sqlite, tmp_path, today=TODAY)
    assert done.tables["opportunity"].added == 1
    assert any("Left aside" in one and "Deals_001.csv" in one for one in done.warnings)


def test_what_is_left_aside_beside_a_recognised_form_is_said(sqlite, tmp_path):
    copytree(FORMS / "zoho-deals", tmp_path, dirs_exist_ok=True)
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert any(
        "Left aside" in one and "notes.csv" in one for one in imports.load(sqlite, tmp_path, today=TODAY).warnings
    )
