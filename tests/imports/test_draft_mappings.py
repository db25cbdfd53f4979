"""`mapping new`: for an unknown file a mapping that is read as it is, each guess marked, and what is unknown said."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.__main__ import cli
from data_access import imports
from data_access.errors import ImportRefused
from data_access.imports.mapping import read_mapping
from data_access.schema import MONEY_SCALE, opportunity, stage
from tests.independent.product import TODAY

FORMS = Path(__file__).parents[1] / "cases" / "forms"
EXPORT = (
    "Deal No;Deal Title;Customer;Sales Rep;Sales Stage;Deal Value;Created;Close date;Type;Colour\n"
    "1;A;Acme;ann;Closed Won;1.234,50;25.03.2026;30.04.2026;New business;red\n"
    "2;B;Blix;bob;Lead;200,00;26.03.2026;30.12.2026;Renewal;\n"
    "3;C;;;Lost;300,00;26.03.2026;30.05.2026;Odd;\n"
)


@pytest.fixture
def drafted(tmp_path):
    """Writes a file and its mapping; gives the mapping's text and the mapping."""

    def draft(text: str, name: str = "x.csv", encoding: str = "utf-8"):
        (tmp_path / name).write_text(text, encoding=encoding)
        (tmp_path / "m.toml").write_text(imports.draft(tmp_path / name), encoding="utf-8")
        return (tmp_path / "m.toml").read_text(encoding="utf-8"), read_mapping(tmp_path / "m.toml")

    return draft


def test_a_draft_loads_the_file_that_it_is_of(drafted, sqlite, tmp_path):
    text, _ = drafted(EXPORT)
    for line in (
        'date_forms = ["D.M.YYYY"] # guess',
        'number_form = "1.234,56" # guess',
        'opportunity_id = "Deal No" # guess',
        'stage = "Sales Stage" # guess',
        "# region_id: no column is called like it",
    ):
        assert line in text.splitlines()
    imports.load(sqlite, tmp_path / "x.csv", mapping=tmp_path / "m.toml", today=TODAY)
    with sqlite.connect() as connection:
        deals = connection.execute(sa.select(opportunity).order_by(opportunity.c.opportunity_id)).all()
        kinds = {one.stage: one.kind for one in connection.execute(sa.select(stage.c.stage, stage.c.kind))}
    assert [(one.amount / MONEY_SCALE, one.kind, one.owner_id, one.closed_on is not None) for one in deals] == [
        (1234.5, "new", "ann", True),
        (200, "renewal", "bob", False),
        (300, None, None, True),
    ]
    assert kinds == {"Closed Won": "won", "Lead": "open", "Lost": "lost"}
    assert deals[0].properties == {"Colour": "red"}


def test_every_contract_column_is_guessed_or_said_to_be_unknown(drafted):
    text, _ = drafted("a,b\n1,2\n")
    for column in opportunity.columns:
        if column.name != "properties":
            assert f"\n{column.name} = " in text or f"\n# {column.name}: no column" in text, column.name
    assert "a row that changes is another deal then" in text
    of_columns = text.partition("[table.columns]")[2].splitlines()
    assert all("# guess" in line for line in of_columns if " = " in line)


@pytest.mark.parametrize("file", sorted(FORMS.glob("*/*.csv")), ids=lambda path: path.name)
def test_a_draft_of_a_real_header_is_a_mapping(file, tmp_path):
    (tmp_path / "m.toml").write_text(imports.draft(file), encoding="utf-8")
    assert read_mapping(tmp_path / "m.toml").files == ("deals",)


HOSTILE = 'Id,"Sta""ge","Own\ner","Am\\ount","Ty\tpe","=Kind","Close ] date",{},Kind\n1,a"b,c,5,x,y,2026-01-05,z,"*"\n'


def test_no_name_or_text_breaks_out_of_the_mapping(drafted):
    for name in ("x.csv", 'a"b #[x].csv', "a\nb.csv"):
        _, mapping = drafted(HOSTILE, name)
        assert mapping.files == ("deals",)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("3/4/2026", "5/6/2026"), '# date_forms: day and month could be taken for each other, ["M/D/YYYY"] or'),
        (("3/14/2026", "5/6/2026"), 'date_forms = ["M/D/YYYY"] # guess'),
        (("14/3/2026", "5/6/2026"), 'date_forms = ["D/M/YYYY"] # guess'),
        (("2026-03-04", "2026-03-05"), 'date_forms = ["YYYY-MM-DD"] # guess'),
        (("soon", "2026-03-05"), "# date_forms: the dates of Created has soon"),
        (("", ""), "# date_forms: no column of dates was found"),
    ],
)
def test_the_form_of_dates_is_said_only_where_it_is_certain(days, said, drafted):
    text, _ = drafted("Id,Created\n" + "".join(f"{place},{day}\n" for place, day in enumerate(days)))
    assert any(line.startswith(said) for line in text.splitlines())


def test_the_form_of_numbers_is_said_only_where_it_is_certain(drafted):
    assert "fits all amounts: declare the right one" in drafted('Id,Amount\n1,"1,234"\n2,"5,678"\n')[0]
    assert 'number_form = "1,234.56" # guess' in drafted('Id,Amount\n1,"1,234.50"\n')[0]
    assert "number_form" not in drafted("Id,Amount\n1,1234.50\n")[0]


def test_the_command_prints_or_writes_and_overwrites_nothing(tmp_path):
    (tmp_path / "x.csv").write_text(EXPORT, encoding="utf-8")
    ask = ["mapping", "new", str(tmp_path / "x.csv")]
    printed = CliRunner().invoke(cli, ask)
    assert printed.exit_code == 0 and printed.stdout == imports.draft(tmp_path / "x.csv")
    target = tmp_path / "m.toml"
    assert CliRunner().invoke(cli, [*ask, "--to", str(target)]).exit_code == 0
    assert target.read_text(encoding="utf-8") == printed.stdout
    again = CliRunner().invoke(cli, [*ask, "--to", str(target)])
    assert again.exit_code == 1 and "Name another file" in again.stderr
    assert "a .toml file" in CliRunner().invoke(cli, [*ask, "--to", str(tmp_path / "m.txt")]).stderr


def test_a_file_that_is_not_there_or_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="There is no file"):
        imports.draft(tmp_path / "no.csv")
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(ImportRefused, match="neither a .csv nor a .xlsx"):
        imports.draft(tmp_path / "x.pdf")
    (tmp_path / "x.csv").write_bytes(b"")
    with pytest.raises(ImportRefused, match="is empty"):
        imports.draft(tmp_path / "x.csv")
