"""How long the recommended allocation takes at the promised size: `python -m benchmarks.allocation`.

500 people in about 60 groups alike × 5,000 requests × 8 weeks, in the child process the page uses: starting Python,
the linear program, dealing the hours to persons and the two plans it is compared with. Once without a tilt, once with
one that binds, which takes up to four programs. Machines differ, so beside the seconds stands the ratio to a fixed
piece of numpy work, done in the same run. The exit code is 1 where the limit is broken.
"""

import platform
import statistics
import sys
import time
from datetime import date, timedelta

import numpy as np
import pandas as pd
import scipy

from benchmarks.lab import fixed_work, seconds
from dashboard.metrics.support import allocation as metrics
from dashboard.metrics.support.allocation import Problem, parts
from dashboard.server import long_work

PEOPLE, REQUESTS, WEEKS = 500, 5_000, 8
LIMIT = 5.0  # seconds
TIMES = 3
REGIONS = ("north", "east", "south", "west")
SKILLS = ("a", "b", "c", "d")


def problem(people: int = PEOPLE, requests: int = REQUESTS, tilt: float = 0.0, seed: int = 1) -> Problem:
    """An organisation where everything is scarce: about one hour and a sixth asked for each there is."""
    random = np.random.default_rng(seed)
    who = pd.DataFrame(
        {
            "resource_id": [f"S{row:05}" for row in range(people)],
            "kind": random.choice(metrics.KINDS, people),
            "skills": [frozenset(SKILLS[s % 4] for s in (first, first + 1)) for first in random.integers(0, 2, people)],
            "region_id": random.choice(REGIONS, people),
            "reach": random.choice(["own", "any"], people, p=[0.7, 0.3]),
        }
    )
    capacity = random.choice([40.0, 32.0, 24.0, 0.0], (people, WEEKS), p=[0.7, 0.1, 0.15, 0.05])
    asked = np.maximum(4, np.round(random.lognormal(np.log(24), 0.6, requests)))
    asked *= capacity.sum() * 7 / 6 / asked.sum()
    what = pd.DataFrame(
        {
            "request_id": [f"Q{row:06}" for row in range(requests)],
            "kind": random.choice(metrics.KINDS, requests),
            "skill": np.where(random.random(requests) < 0.45, None, random.choice(SKILLS[:3], requests)),
            "region_id": random.choice(REGIONS, requests),
            "hours": parts(asked),
            "weeks": random.integers(1, WEEKS + 1, requests),
            "value": random.lognormal(6, 1.2, requests),
            "requested_on": [date(2026, 9, 1) + timedelta(days=int(day)) for day in random.integers(0, 80, requests)],
            "is_subsistence": random.random(requests) < 0.2,
            "priority": random.integers(1, 4, requests),
        }
    )
    booked = pd.DataFrame(
        {
            "person": random.integers(0, people, 2 * requests),
            "request": random.integers(0, requests, 2 * requests),
            "week": random.integers(0, WEEKS, 2 * requests),
            "hours": parts(random.integers(1, 12, 2 * requests)),
        }
    )
    within = frozenset((region, region) for region in REGIONS)
    return Problem(who, parts(capacity), what, booked, within, tilt)


def taken(made: Problem) -> tuple[list[float], object]:
    """The seconds of each repetition in a child process, and the answer."""
    found, times = None, []
    for _ in range(TIMES):
        start = time.perf_counter()
        running = long_work.start(metrics.recommend, made, limit=60)
        found = running.answer()
        times.append(time.perf_counter() - start)
    return times, found


def main() -> int:
    yardstick = statistics.median(seconds(fixed_work(), 5))
    print(f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}\n")
    worst = 0.0
    for tilt in (0.0, 0.4):
        made = problem(tilt=tilt)
        times, found = taken(made)
        worst = max(worst, *times)
        print(
            f"{PEOPLE} people in {len(made.groups)} groups × {len(made.requests):,} requests × {WEEKS} weeks, "
            f"tilt {tilt:.0%}: median {statistics.median(times):.2f} s, worst {max(times):.2f} s, "
            f"ratio {statistics.median(times) / yardstick:.1f}; value {found.plan.value:,.0f}, "
            f"first come {found.first_come.value / found.plan.value:.0%} of it"
        )
    outcome = "met" if worst <= LIMIT else "BROKEN"
    print(f"\nThe slowest took {worst:.2f} s; the limit of {LIMIT:.0f} s is {outcome}.")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
