"""Planted: three deals in four that were put off three times and won would have been lost. Large deals that are put off
three times now stand first on a Monday, whatever else leaks."""

from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access import demo
from data_access.engine import engine
from tests.independent.product import load, report
from tests.ui_fixtures import copied

LAST = date(2026, 11, 21)
CRISES = 8
SEEDS = range(811, 814)  # nothing was tuned on them; a demo of its own takes twenty seconds each


def ago(days: int) -> str:
    return str(LAST - timedelta(days=days))


def staged(deals: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    named = stages.set_index(["pipeline", "stage"])[["kind", "probability"]].add_prefix("stage_")
    return deals.join(named, on=["pipeline", "stage"])


def lost_instead(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three in four of the won deals that were put off three times, and their histories, lost."""
    history = tables["opportunity_history"].sort_values(["opportunity_id", "changed_at"], kind="stable")
    dates = history.dropna(subset=["expected_close_on"])
    is_later = dates["expected_close_on"] > dates.groupby("opportunity_id")["expected_close_on"].shift()
    pushes = is_later.groupby(dates["opportunity_id"]).sum()
    deals = staged(tables["opportunity"], tables["stage"])
    is_pushed = deals["opportunity_id"].isin(pushes.index[pushes >= 3])
    deals = deals[is_pushed & (deals["stage_kind"] == "won")].reset_index(drop=True)
    deals = deals[deals.index % 4 != 0]
    kinds = tables["stage"].set_index(["pipeline", "kind"])["stage"]
    instead = {(pipeline, kinds[pipeline, "won"]): kinds[pipeline, "lost"] for pipeline in deals["pipeline"].unique()}
    own = history[history["opportunity_id"].isin(deals["opportunity_id"])]
    own = own.merge(deals[["opportunity_id", "pipeline"]], on="opportunity_id")
    stages = [instead.get(key, key[1]) for key in zip(own["pipeline"], own["stage"], strict=True)]
    lost = deals.assign(stage=[instead[key] for key in zip(deals["pipeline"], deals["stage"], strict=True)])
    lost = lost.assign(loss_reason="price").drop(columns=["stage_kind", "stage_probability"])
    return lost, own.assign(stage=stages).drop(columns="pipeline")


def in_crisis(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The largest open deals by amount × probability that are there for a quarter: all in the top fifth."""
    rates = tables["exchange_rate"].sort_values("valid_from").drop_duplicates("currency", keep="last")
    deals = staged(tables["opportunity"], tables["stage"])
    deals = deals[deals["stage_kind"] == "open"]
    rate = deals["currency"].map(rates.set_index("currency")["rate"]).fillna(1)
    worth = (deals["amount"] * rate * deals["stage_probability"]).sort_values(ascending=False)
    chosen = deals.loc[worth.index][deals.loc[worth.index, "created_on"] < ago(90)].head(CRISES)
    assert set(chosen.index) <= set(worth.index[: len(worth) // 5])
    return chosen.drop(columns=["stage_kind", "stage_probability"])


def put_off(deals: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Their histories, put off three times in the last two months."""
    dates = ((70, 60), (61, 50), (51, 30), (31, -5))  # on which day, and to which
    moves = [
        {"opportunity_id": key, "changed_at": f"{ago(day)}T12:00:00", "expected_close_on": ago(to)}
        for key in deals["opportunity_id"]
        for day, to in dates
    ]
    own = history[history["opportunity_id"].isin(deals["opportunity_id"])]
    return pd.concat([own, pd.DataFrame(moves)]).sort_values(["opportunity_id", "changed_at"])


def planted(tables: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The deals that were changed, with their histories; and which are the crises."""
    crises, (lost, lost_history) = in_crisis(tables), lost_instead(tables)
    changed = {
        "opportunity": pd.concat([crises, lost]),
        "opportunity_history": pd.concat([put_off(crises, tables["opportunity_history"]), lost_history]),
    }
    return changed, crises["opportunity_id"].tolist()


def first_lines_have(database: sa.Engine, crises: list[str]) -> None:
    week = report(database, "attention", [])["this_week"]
    found = [line["subject_id"] for line in week if line["subject_id"] in crises and "pushed" in line["rules"]]
    assert len(week) == 15 and len(found) >= 0.8 * len(crises), (found, week)


def test_the_first_lines_of_a_week_are_the_crises(demo_url, demo_folder, tmp_path):
    changed, crises = planted({path.stem: pd.read_csv(path) for path in demo_folder.glob("*.csv")})
    database = engine(copied(demo_url, tmp_path))
    demo.export(changed, tmp_path / "files")
    load(database, tmp_path / "files")
    first_lines_have(database, crises)
    database.dispose()


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_so_they_are_in_other_organisations(seed, sqlite, tmp_path):
    tables = demo.generate("small", seed, LAST)
    changed, crises = planted(tables)
    for name, rows in changed.items():
        others = tables[name][~tables[name]["opportunity_id"].isin(changed["opportunity"]["opportunity_id"])]
        tables[name] = pd.concat([others, rows], ignore_index=True)
    demo.export(tables, tmp_path / "files")
    load(sqlite, tmp_path / "files")
    first_lines_have(sqlite, crises)
