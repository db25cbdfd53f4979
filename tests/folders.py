"""A small folder in the contract's form, written by hand, and a dump of a database to compare."""

from pathlib import Path

import sqlalchemy as sa

from data_access.schema import metadata

FOLDER = {
    "region": "region_id,name,parent_id\ng,Group,\nn,North,g\ns,South,g\n",
    "rep": "rep_id,name,region_id\nr1,Ann,n\nr2,Bob,s\n",
    "account": "account_id,name,industry,owner_id\nc1,Coal & Co,mining,r1\n",
    "stage": (
        "pipeline,stage,position,kind,probability\n"
        "Sales,Lead,1,open,0.1\nSales,Offer,2,open,0.5\nSales,Won,3,won,1\nSales,Lost,4,lost,0\n"
    ),
    "opportunity": (
        "opportunity_id,name,account_id,owner_id,pipeline,stage,loss_reason,amount,gross_margin,"
        "created_on,closed_on,colour\n"
        'd1,"Pump, large",c1,r1,Sales,Won,,1000.005,-20.5,2025-01-10,2025-03-01,red\n'
        "d2,Valve,,r2,Sales,Offer,,,,2025-02-01,,\n"
        "d3,Pipe,c1,r2,Sales,Lost,,,,2025-02-01,2025-04-01,blue\n"
    ),
    "opportunity_history": (
        "opportunity_id,changed_at,sequence,stage,amount\n"
        "d1,2025-01-10 08:00:00,,Lead,900\nd1,2025-02-10 08:00:00,,Offer,1000.005\nd1,2025-03-01,,Won,\n"
    ),
    "activity": (
        "activity_id,rep_id,opportunity_id,kind,two_way,planned_on,completed_at\n"
        "a1,r1,d1,call,true,2025-02-01,2025-02-01T09:30\n"
    ),
    "payment": "opportunity_id,received_on,amount\nd1,2025-03-20,400\n",
}

# Written by every import, and not data.
_NOT_DATA = ("import_batch", "import_undo", "load_attempt")


def write_folder(folder: Path, instead: dict[str, str] | None = None) -> Path:
    """The folder's files, some with another text."""
    folder.mkdir()
    for name, text in {**FOLDER, **(instead or {})}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def dump(database: sa.Engine) -> dict[str, list[tuple]]:
    """All rows of all tables, sorted."""
    with database.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for name, table in metadata.tables.items()
            if name not in _NOT_DATA
        }
