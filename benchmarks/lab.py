"""What one move of a slider costs the server with 100,000 accounts: `python -m benchmarks.lab`.

A move is the ranking under the draft and what it changes against the published one; where a cut point moves, the
revenue is scored anew before. Both must stay within the 150 ms that the lab promises. Machines differ, so beside
the milliseconds stands the ratio to a fixed piece of numpy work, done in the same run. The exit code is 1 where the
limit is broken.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from itertools import cycle

import numpy as np
import pandas as pd

from dashboard.metrics.accounts import key_accounts as metrics
from dashboard.metrics.accounts.key_accounts import FACTORS, Matrix, Profile
from dashboard.metrics.accounts.key_review import under_cut_points

ACCOUNTS = 100_000
GROUPS = 25
LIMIT = 0.150  # seconds, of one move
MOVES = 21
MOVE, MOVE_OF_CUT_POINT = "one move", "of a cut point"
CUT_POINTS = (0.01, 1e4, 3e4, 6e4, 1e5, 2e5, 4e5, 8e5, 2e6, 5e6)
PUBLISHED = Profile(cut_points=CUT_POINTS)


def accounts(number: int, seed: int = 1) -> pd.DataFrame:
    """Accounts with group, revenue (minor units, most of them none) and factor scores; one in twelve unscored."""
    random = np.random.default_rng(seed)
    buys = random.random(number) < 0.4
    revenue = np.where(buys, np.exp(random.normal(16.5, 2, number)), 0).astype(np.int64)
    found = pd.DataFrame(
        {
            "group": random.choice([f"group {n:02}" for n in range(GROUPS)], number, p=_sizes(random)),
            "revenue": pd.array(revenue, dtype="Int64"),
        }
    )
    found["past_revenue"] = metrics.revenue_scores(found["revenue"], CUT_POINTS)
    for factor in FACTORS[1:]:
        found[factor] = random.integers(0, 21, number) / 2  # half points
    found.loc[random.random(number) < 1 / 12, FACTORS[-1]] = np.nan
    return found


def _sizes(random: np.random.Generator) -> np.ndarray:
    """Groups as uneven as industries are."""
    return random.dirichlet(np.full(GROUPS, 2.0))


def seconds(work: Callable[[], object], times: int) -> list[float]:
    """How long each of some repetitions took, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def fixed_work() -> Callable[[], object]:
    """The yardstick: sorting a million floats, and a product of them with a vector."""
    random = np.random.default_rng(2)
    numbers, vector = random.random((250_000, 4)), random.random(4)
    return lambda: (np.sort(numbers, axis=None), numbers @ vector)


def drafts() -> list[Profile]:
    """As many drafts as moves: a weight that goes up step by step, and the top share with it."""
    return [
        Profile({"past_revenue": 1 + move / 5, "potential": 1, "reference_effect": 1, "winnability": 1},
                CUT_POINTS, top=0.1 + move / 100)
        for move in range(MOVES)
    ]  # fmt: skip


def measure() -> dict[str, list[float]]:
    """The seconds of each repetition, by what was repeated."""
    found = accounts(ACCOUNTS)
    matrix, value = Matrix.of(found), found["revenue"].astype("Float64") / 100
    before, draft = metrics.ranking(matrix, PUBLISHED), cycle(drafts())

    def move(under: Matrix) -> dict:
        return metrics.changes(before, metrics.ranking(under, next(draft)), value)

    def move_cut_point() -> dict:
        return move(under_cut_points(matrix, found["revenue"], tuple(2 * point for point in CUT_POINTS)))

    return {
        "fixed work": seconds(fixed_work(), MOVES),
        MOVE: seconds(lambda: move(matrix), MOVES),
        MOVE_OF_CUT_POINT: seconds(move_cut_point, MOVES),
        "stability of all": seconds(lambda: metrics.stability(matrix, PUBLISHED), 3),
        "map of two weights": seconds(lambda: metrics.same_set_map(matrix, PUBLISHED, "past_revenue", "potential"), 3),
    }


def main() -> int:
    taken = measure()
    yardstick = statistics.median(taken["fixed work"])
    print(f"{ACCOUNTS:,} accounts in {GROUPS} groups; Python {platform.python_version()}, numpy {np.__version__}\n")
    print(f"{'':20}{'median':>10}{'worst':>10}{'ratio':>8}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:20}{1000 * median:>7.1f} ms{1000 * max(times):>7.1f} ms{median / yardstick:>8.2f}")
    worst = max(taken[MOVE] + taken[MOVE_OF_CUT_POINT])
    outcome = "met" if worst <= LIMIT else "BROKEN"
    print(f"\nThe slowest move took {1000 * worst:.0f} ms; the limit of {1000 * LIMIT:.0f} ms is {outcome}.")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
