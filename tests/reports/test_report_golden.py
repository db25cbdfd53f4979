"""The golden case of the definitions, through import and `report`, on each database.

Stages 1–4; W won, L lost; day 0 is 2026-01-01; as of day 100. Each deal is its stages with their days.
"""

import statistics
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.metrics.pipeline import leaks
from tests.independent.product import load, report
from tests.independent.random.organisations import write

pytestmark = pytest.mark.postgresql

DAY_0 = date(2026, 1, 1)
DEALS = {
    "D1": "1@0 2@10 3@20 4@30 W@40",
    "D2": "1@0 2@12 3@25 L@50",
    "D3": "1@0 3@15 4@35 W@60",
    "D4": "1@0 2@20 1@30 2@45 L@70",
    "D5": "3@5 W@25",
    "D6": "1@0 2@30",
    "D7": "1@10 2@20 3@40 4@80",
    "D8": "1@60",
    "D9": "1@0 L@8",
    "D10": "1@0 2@5 3@9 L@30 3@50 4@60 W@90",
}
STAGES = {"1": "open", "2": "open", "3": "open", "4": "open", "W": "won", "L": "lost"}
AS_OF = ["--as-of", str(DAY_0 + timedelta(days=100))]
WON_CYCLES = (20, 40, 60, 90)


def _day(number: str) -> str:
    return str(DAY_0 + timedelta(days=int(number)))


def _tables() -> dict:
    deals, history = [], []
    for key, path in DEALS.items():
        rows = [step.split("@") for step in path.split()]
        last_stage, last_day = rows[-1]
        deals.append(
            {
                "opportunity_id": key,
                "pipeline": "golden",
                "stage": last_stage,
                "track": "large",
                "created_on": _day(rows[0][1]),
                "closed_on": _day(last_day) if last_stage in "WL" else "",
            }
        )
        history += [{"opportunity_id": key, "changed_at": _day(day), "stage": stage} for stage, day in rows]
    stages = [
        {"pipeline": "golden", "stage": stage, "position": position, "kind": kind}
        for position, (stage, kind) in enumerate(STAGES.items(), start=1)
    ]
    return {"stage": stages, "opportunity": deals, "opportunity_history": history}


def golden_case(database, folder):
    load(database, write(_tables(), folder / "golden"))


@pytest.fixture
def golden(database_after):
    return database_after(golden_case)


def _column(rows: list[dict], name: str) -> list:
    return [row[name] for row in rows]


def test_the_five_readings(golden):
    rows = report(golden, "funnel", AS_OF)["rows"]

    assert _column(rows, "stage") == ["1", "2", "3", "4", "W"]
    assert _column(rows, "position") == [1, 2, 3, 4, 5]
    assert {(row["pipeline"], row["track"]) for row in rows} == {("golden", "large")}
    assert _column(rows, "in_stage_now") == [1, 1, 0, 1, 4]
    assert _column(rows, "visited") == [9, 6, 6, 4, 4]
    assert _column(rows, "strict_path") == [9, 6, 4, 3, 2]
    assert _column(rows, "reached_at_least") == [10, 8, 6, 5, 4]
    assert _column(rows, "step_entered") == [9, 6, 6, 4, None]
    assert _column(rows, "step_advanced") == [7, 4, 5, 3, None]
    assert _column(rows, "step_undecided") == [1, 1, 0, 1, None]


def test_the_product_of_the_steps_is_not_the_overall_rate(golden):
    rows = report(golden, "funnel", AS_OF)["rows"][:-1]
    product = 1.0
    for row in rows:
        product *= row["step_advanced"] / row["step_entered"]

    assert product == pytest.approx(0.3241, abs=5e-5)
    assert report(golden, "overview", AS_OF)["values"]["created_win_rate"] == pytest.approx(4 / 10)


def test_who_neither_advanced_nor_is_undecided_was_lost_there(golden):
    """One each at stages 1, 2 and 3: of equals the earliest stands first."""
    rows = pd.DataFrame(report(golden, "funnel", AS_OF)["rows"])
    assert leaks.with_lost(rows)["step_lost"].tolist() == [1, 1, 1, 0]
    assert leaks.largest(rows) == leaks.Leak("1", entered=9, lost=1, undecided=1)


def test_median_days_in_stage(golden):
    """Stage 2: 4, 10, 13, 20, 35 days and one of 70 still open: half is left after 13.

    Stage 1: D1 10, D2 12, D3 15, D4 20 + 15, D6 30, D7 10, D8 40 still open, D9 8, D10 5: half after 12
    of nine are five. Stage 3: 10, 25, 20, 20, 40, D10 21 + 10. Stage 4: 10, 25, 30, D7 20 still open.
    """
    rows = report(golden, "funnel", AS_OF)["rows"]

    assert _column(rows, "median_days_in_stage") == [12, 13, 20, 25, None]


def test_win_rates_and_cycles(golden):
    values = report(golden, "overview", AS_OF)["values"]

    assert (values["won_count"], values["lost_count"], values["open_count"]) == (4, 3, 3)
    assert values["created_count"] == 10
    assert values["win_rate_count"] == pytest.approx(4 / 7)
    assert values["created_win_rate"] == pytest.approx(4 / 10)
    assert values["mean_cycle_days"] == pytest.approx(statistics.mean(WON_CYCLES))
    assert values["median_cycle_days"] == statistics.median(WON_CYCLES)


def test_what_has_no_amounts_is_no_data(golden):
    values = report(golden, "overview", AS_OF)["values"]

    assert values["won_amount"] is None
    assert values["open_amount"] is None
    assert values["win_rate_amount"] is None
    assert values["velocity_per_day"] is None
    assert values["target_amount"] is None
