"""`lead_day` follows every import: what an update leaves is what a fresh import of the same files makes."""

import sqlalchemy as sa

from data_access.schema import lead_day
from tests.folders import write_folder
from tests.independent.product import load

LEADS = (
    "lead_id,owner_id,region_id,created_on,converted_on\n"
    "l1,r1,,2025-03-05,2025-04-01\n"  # its owner's region of that day
    "l2,r1,s,2025-03-05,\n"  # its own
    "l3,,,2025-03-05,\n"  # nobody's
    "l4,r1,,2025-02-05,\n"  # before the owner moved
)
MOVED = "rep_id,from_on,region_id\nr1,2025-01-01,n\nr1,2025-03-01,s\n"


def regions(database) -> dict:
    with database.connect() as connection:
        return dict(connection.execute(sa.select(lead_day.c.lead_id, lead_day.c.region_id)).all())


def test_it_follows_leads_and_postings(database, tmp_path):
    load(database, write_folder(tmp_path / "all", {"lead": LEADS, "rep_history": MOVED}))
    assert regions(database) == {"l1": "s", "l2": "s", "l3": None, "l4": "n"}
    with database.connect() as connection:
        first = connection.execute(sa.select(lead_day).where(lead_day.c.lead_id == "l1")).one()
    days = (first.created_day, first.created_month, first.converted_day, first.qualified_day)
    assert days == (739_315, 739_311, 739_342, None)

    (tmp_path / "lead.csv").write_text("lead_id,owner_id,created_on\nl3,r2,2025-03-05\n")
    load(database, tmp_path / "lead.csv")
    assert regions(database) == {"l1": "s", "l2": "s", "l3": "s", "l4": "n"}
    (tmp_path / "rep_history.csv").write_text("rep_id,from_on,region_id\nr1,2025-01-01,s\n")
    load(database, tmp_path / "rep_history.csv")
    assert regions(database)["l4"] == "s"
