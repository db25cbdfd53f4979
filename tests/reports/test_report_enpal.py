"""The funnel over months of a real change log equals a computation with pandas over the log itself."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data_access.engine import provide
from data_access.migrations import upgrade
from tests.independent.product import load, report

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "pipedrive_enpal"
DUPLICATE_ENTRY = "5"
MONTHS = pd.period_range("2024-01", "2024-09", freq="M")  # those in which deals were created
READINGS = ["in_stage_now", "visited", "strict_path", "reached_at_least"]
STEPS = ["step_entered", "step_advanced", "step_undecided"]

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason=f"the Pipedrive change log is not at {FILES}")


@pytest.fixture(scope="module")
def enpal(tmp_path_factory):
    made = provide(f"sqlite:///{tmp_path_factory.mktemp('enpal') / 'cockpit.db'}")
    upgrade(made)
    # 22 of the 4,579 activities share an id with another one
    load(made, FILES, mapping="pipedrive-changes", may_reject=("activity",))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def log():
    changes = pd.read_csv(FILES / "deal_changes.csv", dtype=str, parse_dates=["change_time"])
    return changes.sort_values(["deal_id", "change_time"], kind="stable")


@pytest.mark.parametrize("as_of", [date(2024, 6, 30), date(2024, 11, 15), date(2025, 3, 31)])
def test_funnel_over_months(enpal, log, as_of):
    expected = _funnel(log, pd.Timestamp(as_of))
    for month in MONTHS[MONTHS.start_time <= pd.Timestamp(as_of)]:
        days = ["--from", str(month.start_time.date()), "--to", str(month.end_time.date())]
        printed = report(enpal, "funnel", [*days, "--as-of", str(as_of)])["rows"]
        rows = pd.DataFrame(printed).set_index("position")[READINGS + STEPS]
        open_stages = rows.loc[1:9].astype("int64")
        pd.testing.assert_frame_equal(open_stages, expected.loc[str(month)], check_names=False)
        assert rows.loc[10, READINGS].tolist() == [0, 0, 0, 0]  # nothing in this log was ever won


def _funnel(log: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per (month of creation, stage 1–9), the readings as columns."""
    known = log[log["change_time"] < as_of + pd.Timedelta(days=1)]
    months = known.groupby("deal_id")["change_time"].min().dt.strftime("%Y-%m")
    moves = known[known["changed_field_key"].isin(["stage_id", "lost_reason"])]
    is_lost = moves.groupby("deal_id")["changed_field_key"].last() == "lost_reason"
    reasons = log[log["changed_field_key"] == "lost_reason"].groupby("deal_id")["new_value"].last()
    left_out = reasons.index[reasons == DUPLICATE_ENTRY].intersection(is_lost.index[is_lost])
    months = months.drop(left_out)

    stays = moves[moves["changed_field_key"] == "stage_id"].assign(stage=lambda f: f["new_value"].astype(int))
    stays["order"] = stays.groupby("deal_id").cumcount()
    # the highest stage from this stay on
    stays["ahead"] = stays[::-1].groupby("deal_id")["stage"].cummax()[::-1]
    first = stays.drop_duplicates(["deal_id", "stage"]).set_index(["deal_id", "stage"])
    entered = first["order"].unstack().reindex(index=months.index, columns=range(1, 10))
    ahead = first["ahead"].unstack().reindex_like(entered)
    furthest = stays.groupby("deal_id")["stage"].max().reindex(months.index)
    present = stays.groupby("deal_id")["stage"].last().reindex(months.index)
    present = present.mask(is_lost.reindex(months.index, fill_value=False))

    in_order = entered.notna() & (entered == entered.cummax(axis=1))
    stages = pd.Series(entered.columns, entered.columns)
    advanced = ahead.gt(stages, axis=1)
    readings = {
        "in_stage_now": pd.DataFrame({s: present == s for s in stages}),
        "visited": entered.notna(),
        "strict_path": in_order.cummin(axis=1),
        "reached_at_least": pd.DataFrame({s: furthest >= s for s in stages}),
        "step_entered": entered.notna(),
        "step_advanced": advanced,
        "step_undecided": entered.notna() & ~advanced & pd.DataFrame({s: present <= s for s in stages}),
    }
    counted = {name: frame.groupby(months).sum().stack() for name, frame in readings.items()}
    return pd.DataFrame(counted).astype("int64")
