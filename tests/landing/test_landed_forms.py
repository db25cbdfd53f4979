"""The shipped mappings of dlt's Pipedrive and Salesforce tables, on tables of that form: deals, stages and histories.

HubSpot's is tried on what dlt really lands, in `test_syncs_from_dlt.py`.
"""

import sqlite3
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from data_access import landing
from data_access.schema import account, activity, opportunity, opportunity_history, rep, stage

PIPEDRIVE = """
    create table pipelines (id integer, name text, _dlt_load_id text, _dlt_id text);
    create table stages (id integer, name text, order_nr integer, pipeline_id integer, _dlt_load_id text);
    create table users (id integer, name text, email text, _dlt_load_id text);
    create table organizations (id integer, name text, owner_id integer, _dlt_load_id text);
    create table deals (id integer, title text, value numeric, currency text, status text, stage_id integer,
      pipeline_id integer, user_id integer, org_id integer, add_time text, close_time text, expected_close_date text,
      lost_reason text, _dlt_load_id text);
    create table deals_flow_deal_change (id integer, item_id integer, field_key text, old_value text, new_value text,
      log_time text, _dlt_load_id text);
    create table activities (id integer, subject text, type text, done integer, due_date text, marked_as_done_time text,
      user_id integer, deal_id integer, org_id integer, _dlt_load_id text);
    insert into pipelines values (1, 'Sales', '1', 'a');
    insert into stages values (11, 'Offer', 2, 1, '1'), (10, 'Talk', 1, 1, '1');
    insert into users values (7, 'Ann', 'ann@example.com', '1');
    insert into organizations values (5, 'Coal', 7, '1');
    insert into deals values
      (1, 'Pump', 100.5, 'EUR', 'won', 11, 1, 7, 5, '2026-01-05 10:00:00', '2026-03-01 09:00:00', null, null, '1'),
      (2, 'Valve', 0, 'EUR', 'open', 10, 1, 99, null, '2026-02-05 10:00:00', null, '2026-09-01', null, '1'),
      (3, 'Gone', 1, 'EUR', 'deleted', 10, 1, 7, null, '2026-02-05 10:00:00', null, null, null, '1');
    insert into deals_flow_deal_change values
      (1, 1, 'stage_id', '10', '11', '2026-02-01 08:00:00', '1'),
      (5, 1, 'status', 'open', 'won', '2026-03-01 09:00:00', '1'),
      (4, 1, 'stage_id', '10', '11', '2026-03-01 09:00:00', '1'),
      (2, 1, 'stage_id', '11', '10', '2026-03-01 09:00:00', '1'),
      (3, 1, 'value', '90', '100.5', '2026-02-02 08:00:00', '1');
    insert into activities values
      (1, 'Call them', 'call', 1, '2026-01-07', '2026-01-08 11:00:00', 7, 1, 5, '1'),
      (2, 'Later', 'lunch', 0, '2026-08-01', null, 7, 2, null, '1');
"""
SALESFORCE = """
    create table sf_user (id text, name text, _dlt_load_id text);
    create table account (id text, name text, industry text, owner_id text, last_modified_date text, _dlt_load_id text);
    create table opportunity (id text, name text, account_id text, owner_id text, stage_name text, amount numeric,
      probability numeric, close_date text, created_date text, is_closed text, is_won text, is_deleted text,
      colour__c text, system_modstamp text, _dlt_load_id text);
    create table opportunity_history (id text, opportunity_id text, stage_name text, amount numeric, close_date text,
      created_date text, _dlt_load_id text);
    insert into sf_user values ('u1', 'Ann', '1');
    insert into account values ('a1', 'Coal', 'Mining', 'u1', '2026-01-01T00:00:00Z', '1'),
      ('a1', 'Coal & Co', 'Mining', 'u1', '2026-02-01T00:00:00Z', '2');
    insert into opportunity values
      ('o1', 'Pump', 'a1', 'u1', 'Offer', 90, 60, '2026-04-01', '2026-01-05T10:00:00Z', 0, 0, 'false', 'red',
       '2026-02-01T08:00:00Z', '1'),
      ('o1', 'Pump', 'a1', 'u1', 'Closed Won', 100.5, 100, '2026-03-01', '2026-01-05T10:00:00Z', 1, 1, 'false', 'red',
       '2026-03-01T08:00:00Z', '2'),
      ('o2', 'Valve', null, 'u9', 'Talk', null, 10, '2026-09-01', '2026-02-05T10:00:00Z', 0, 0, 'false', null,
       '2026-02-05T10:00:00Z', '1');
    insert into opportunity_history values
      ('h1', 'o1', 'Offer', 90, '2026-04-01', '2026-01-05T10:00:00Z', '1'),
      ('h2', 'o1', 'Closed Won', 100.5, '2026-03-01', '2026-03-01T08:00:00Z', '2');
"""
DEAL = opportunity.c.opportunity_id, opportunity.c.stage, opportunity.c.amount, opportunity.c.owner_id
DAYS = opportunity.c.created_on, opportunity.c.closed_on, opportunity.c.expected_close_on
MOVE = tuple(opportunity_history.c[name] for name in ("opportunity_id", "changed_at", "sequence", "stage"))


def _synced(database: sa.Engine, folder: Path, tables: str, mapping: str, monkeypatch):
    monkeypatch.chdir(folder)
    connection = sqlite3.connect(folder / "landed.db")
    connection.executescript(tables)
    connection.close()
    what = landing.prepare(f"sqlite:///{folder / 'landed.db'}", mapping)
    loaded = landing.load(database, Path("sync"), landing=what, today=date(2026, 6, 30))
    assert not landing.has_news(database, what)
    return loaded


def _rows(database: sa.Engine, *columns) -> list[tuple]:
    with database.connect() as connection:
        return list(map(tuple, connection.execute(sa.select(*columns).order_by(*columns))))


def test_pipedrive_as_dlt_lands_it(sqlite, tmp_path, monkeypatch):
    loaded = _synced(sqlite, tmp_path, PIPEDRIVE, "dlt-pipedrive", monkeypatch)
    assert loaded.rejected_file is None
    assert [name for _, name in _rows(sqlite, stage.c.position, stage.c.stage)] == ["Talk", "Offer", "Won", "Lost"]
    assert _rows(sqlite, rep.c.name) == [("Ann",)]
    assert _rows(sqlite, account.c.name) == [("Coal",)]
    assert _rows(sqlite, *DEAL, *DAYS) == [
        ("1", "Won", 10_050, "7", date(2026, 1, 5), date(2026, 3, 1), None),
        ("2", "Talk", 0, None, date(2026, 2, 5), None, date(2026, 9, 1)),
    ]
    assert [(deal, at, name) for deal, at, _, name in _rows(sqlite, *MOVE)] == [
        ("1", datetime(2026, 1, 5, 10), "Talk"),
        ("1", datetime(2026, 2, 1, 8), "Offer"),
        ("1", datetime(2026, 3, 1, 9), "Talk"),  # of one moment, in the order of their numbers
        ("1", datetime(2026, 3, 1, 9), "Offer"),
        ("1", datetime(2026, 3, 1, 9), "Won"),
    ]
    assert _rows(sqlite, activity.c.kind, activity.c.opportunity_id, activity.c.completed_at) == [
        ("call", "1", datetime(2026, 1, 8, 11)),
        ("meeting", "2", None),
    ]


def test_salesforce_as_dlt_lands_it_with_a_row_for_every_change(sqlite, tmp_path, monkeypatch):
    tables = SALESFORCE.replace("is_closed text, is_won text", "is_closed boolean, is_won boolean")
    loaded = _synced(sqlite, tmp_path, tables, "dlt-salesforce", monkeypatch)
    assert loaded.rejected_file is None
    assert [row[1:] for row in _rows(sqlite, stage.c.position, stage.c.stage, stage.c.kind)] == [
        ("Talk", "open"), ("Offer", "open"), ("Closed Won", "won"),
    ]  # fmt: skip
    assert _rows(sqlite, account.c.name, account.c.industry) == [("Coal & Co", "Mining")]
    assert _rows(sqlite, *DEAL, *DAYS) == [
        ("o1", "Closed Won", 10_050, "u1", date(2026, 1, 5), date(2026, 3, 1), None),
        ("o2", "Talk", None, None, date(2026, 2, 5), None, date(2026, 9, 1)),
    ]
    with sqlite.connect() as connection:
        kept = connection.scalar(sa.select(opportunity.c.properties).where(opportunity.c.opportunity_id == "o1"))
    assert kept == {"colour__c": "red"}
    assert [(row[0], row[-1]) for row in _rows(sqlite, *MOVE)] == [("o1", "Offer"), ("o1", "Closed Won")]
