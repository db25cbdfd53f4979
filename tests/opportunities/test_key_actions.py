"""Do key actions help? What is planted is named, chance is not; and what is said by hand."""

import shutil
from datetime import timedelta
from random import Random

import pandas as pd
import pytest

from dashboard.answers.pipeline import key_actions
from dashboard.metrics.intervals import difference, wilson
from dashboard.metrics.pipeline import key_actions as metrics
from data_access import demo
from data_access.engine import engine
from tests.accounts.market_fixtures import BASE, asking, scope_of
from tests.independent.opportunities import key_actions as words
from tests.independent.product import TODAY, load
from tests.independent.scopes import Asked
from tests.opportunities.test_report_opportunities import read_rates

# --- by hand ------------------------------------------------------------------------------------------


def facts(**actions: tuple[int, int, int, int]) -> pd.DataFrame:
    """Per action the deals with it done, won of them, without it, won of them."""
    rows = []
    for position, (action, (done, won, not_done, other)) in enumerate(actions.items()):
        of = {"pipeline": "p", "track": "large", "stage_position": 1, "stage": "s", "position": position}
        for is_done, all_, good in ((1, done, won), (0, not_done, other)):
            for outcome, deals in (("won", good), ("lost", all_ - good)):
                rows.append(of | {"key_action": action, "is_done": is_done, "outcome": outcome, "deals": deals})
    return pd.DataFrame(rows)


def test_a_finding_is_named_only_where_all_actions_together_pass():
    strong, weak, few = (50, 40, 50, 15), (50, 30, 50, 20), (9, 9, 60, 10)
    named = metrics.win_rates(facts(alone=weak)).set_index("key_action")["finding"]
    assert named.to_dict() == {"alone": "helps"}  # 60 of 100 against 40: a chance of 7 in 100
    among = {f"flat {number}": (50, 25, 50, 25) for number in range(8)}
    named = metrics.win_rates(facts(weak=weak, strong=strong, few=few, **among)).set_index("key_action")["finding"]
    assert (named["weak"], named["strong"], named["few"], named["flat 1"]) == ("none", "helps", "too_few", "none")
    assert metrics.win_rates(facts(bad=(50, 15, 50, 40)))["finding"].tolist() == ["hurts"]
    assert metrics.win_rates(facts(nobody=(0, 0, 50, 20)))["finding"].tolist() == ["too_few"]


def test_the_interval_of_a_difference_is_newcombes():
    """His example: 56 of 70 against 48 of 80, 95 %: 0.0524 to 0.3339."""
    low, high = difference(56, 70, 48, 80, 0.95)
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)
    assert pd.isna(difference(0, 0, 1, 2).low) and wilson(1, 2).low > 0


# --- planted ------------------------------------------------------------------------------------------

NEEDED = (
    "region", "rep", "rep_history", "product", "account", "stage", "key_action", "opportunity", "opportunity_history",
    "exchange_rate",
)  # fmt: skip
EFFECT = 0.25


def found(seed: int, database, folder) -> tuple[bool, bool]:
    """Whether any action of a demo is named; whether the one in which an effect was planted is."""
    frames = demo.generate("small", seed, TODAY)
    done = frames["activity"][frames["activity"]["key_action"].notna()].assign(lead_id=None, contact_id=None)
    demo.export({name: frames[name] for name in NEEDED} | {"activity": done}, folder)
    load(database, folder)
    ask = asking(database)
    scope = scope_of(ask, Asked())
    rates = key_actions.key_actions_of(ask, scope).rates
    assert read_rates(rates) == words.rates(folder, Asked(), BASE, TODAY)
    chosen = rates.loc[rates[["done", "not_done"]].min(axis=1).idxmax()]
    action = tuple(chosen[name] for name in ("pipeline", "track", "stage", "key_action"))
    share = chosen["done"] / (chosen["done"] + chosen["not_done"])
    cases = words.cases(folder, Asked(), BASE, TODAY)[action]
    demo.export({"activity": _with_effect(Random(seed), done, action[3], cases, share)}, folder / "planted")
    load(database, folder / "planted")
    planted = key_actions.key_actions_of(ask, scope).rates.set_index("key_action")["finding"]
    return bool(rates["finding"].isin(["helps", "hurts"]).any()), planted[action[3]] == "helps"


def _with_effect(random: Random, done: pd.DataFrame, action: str, cases: list[words.Case], share: float):
    """The action done for a share of the cases as before, but so that those done win by EFFECT more often; every other
    doing of it is none."""
    won = sum(case.is_won for case in cases) / len(cases)
    of_won = share * (won + (1 - share) * EFFECT) / won
    of_lost = share * (1 - won - (1 - share) * EFFECT) / (1 - won)
    template = done[done["completed_at"].notna()].iloc[0]
    rows = [
        template.to_dict()
        | {"activity_id": f"planted {case.deal}", "opportunity_id": case.deal, "account_id": None, "key_action": action}
        | {"created_on": None, "planned_on": None, "first_planned_on": None, "cancelled_on": None}
        | {"completed_at": f"{case.entered + timedelta(days=random.randint(0, case.median))}T10:00:00"}
        for case in cases
        if random.random() < (of_won if case.is_won else of_lost)
    ]
    others = done.assign(key_action=done["key_action"].where(done["key_action"] != action))
    return pd.concat([others, pd.DataFrame(rows)], ignore_index=True)


def test_in_one_demo_what_is_planted_is_named_and_nothing_else(sqlite, tmp_path):
    assert found(501, sqlite, tmp_path / "files") == (False, True)


@pytest.mark.long
def test_in_six_demos_chance_is_seldom_named_and_what_is_planted_mostly(sqlite_template, tmp_path):
    counts = []
    for seed in range(502, 508):
        database = engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{seed}.db')}")
        counts.append(found(seed, database, tmp_path / str(seed)))
        database.dispose()
    assert sum(named for named, _ in counts) <= 2 and sum(planted for _, planted in counts) >= 4, counts
