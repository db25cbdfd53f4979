"""What the page Reps costs the server with 1,000 reps over 52 weeks: `python -m benchmarks.reps [DATABASE_URL]`.

Makes an organisation of 40 offices and 1,000 reps with about two activities each a week, imports it, and measures the
questions behind the page and its heat map, a page of 40 rows at a time and by region. Machines differ, so beside the
milliseconds stands the ratio to a fixed piece of numpy work, done in the same run. With a URL of an empty database the
organisation stays there, to be looked at with `serve`.
"""

import csv
import platform
import statistics
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from benchmarks.lab import fixed_work, seconds
from dashboard.answers.reps import results as answers, team
from dashboard.figures import style
from dashboard.figures.reps import team as figures
from dashboard.words.formats import Formats
from data_access.engine import engine
from data_access.imports import load
from data_access.migrations import upgrade
from data_access.scope import Period, Person, Scope

REPS, OFFICES, WEEKS = 1_000, 40, 52
LAST_DAY = date(2026, 11, 20)  # a Friday
PER_WEEK = 2.0  # activities of a rep, on average
TIMES = 5
KINDS = ("call", "email", "meeting", "visit")
ORIGINS = ("plan", "assigned", "collaboration", "care", "")
WORDS = {"cell": "{row} {week} {n}", "axis": "week", "nothing": "nothing"}


def write(folder: Path, seed: int = 1) -> None:
    """The organisation as CSV files."""
    random = np.random.default_rng(seed)
    offices = [f"office-{number:02}" for number in range(OFFICES)]
    tables = {
        "region": [
            {"region_id": "company", "name": "Company"},
            *({"region_id": office, "name": office.title(), "parent_id": "company"} for office in offices),
        ],
        "rep": [
            {"rep_id": f"r{n:04}", "name": f"Rep {n:04}", "region_id": offices[n % OFFICES], "manager_id": _manager(n)}
            for n in range(REPS)
        ],
        "stage": [
            {"pipeline": "sales", "stage": "open", "position": 1, "kind": "open"},
            {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
        ],
        "opportunity": [_deal(random, n) for n in range(4 * REPS)],
        "target": [
            {"rep_id": f"r{n:04}", "month": f"2026-{month:02}-01", "amount": 50_000}
            for n in range(REPS)
            for month in range(1, 13)
        ],
        "activity": _activities(random),
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, max(rows, key=len).keys())
            writer.writeheader()
            writer.writerows(rows)


def _manager(number: int) -> str:
    """The first rep of an office leads it."""
    return f"r{number % OFFICES:04}" if number >= OFFICES else ""


def _deal(random: np.random.Generator, number: int) -> dict:
    day = LAST_DAY - timedelta(days=int(random.integers(0, 7 * WEEKS)))
    return {
        "opportunity_id": f"d{number:05}",
        "owner_id": f"r{number % REPS:04}",
        "pipeline": "sales",
        "stage": "won",
        "amount": int(random.lognormal(11, 1)),
        "created_on": day - timedelta(days=60),
        "closed_on": day,
    }


def _activities(random: np.random.Generator) -> list[dict]:
    """Some reps do much, some little; a few weeks are quiet for everybody."""
    first = datetime.combine(LAST_DAY - timedelta(days=4 + 7 * (WEEKS - 1)), datetime.min.time())
    busy, week_is = random.gamma(2, PER_WEEK / 2, REPS), random.choice([0.4, 1, 1.1], WEEKS, p=[0.1, 0.6, 0.3])
    counts = random.poisson(np.outer(busy, week_is))
    rep, week = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), axis=1)
    weekday, kind, origin = (random.integers(0, top, len(rep)) for top in (5, len(KINDS), len(ORIGINS)))
    return [
        {
            "activity_id": f"t{place:06}",
            "rep_id": f"r{rep[place]:04}",
            "kind": KINDS[kind[place]],
            "origin": ORIGINS[origin[place]],
            "planned_on": (first + timedelta(days=int(7 * week[place]))).date(),
            "completed_at": first + timedelta(days=int(7 * week[place] + weekday[place]), hours=10),
            "result": "" if place % 3 else "done",
        }
        for place in range(len(rep))
    ]


def measure(database: sa.Engine) -> dict[str, list[float]]:
    """The seconds of each repetition, by what was repeated."""
    year = Period(LAST_DAY - timedelta(days=7 * WEEKS - 3), LAST_DAY)
    scope = Scope(Person("executive"), year, LAST_DAY, LAST_DAY)

    def ask(question, scope, *arguments, **named):
        return question(database, scope, *arguments, **named)

    people, cells = answers.reps(ask, scope), team.weekly(ask, scope)
    of_region = cells.assign(key=cells["rep_id"].map(people.set_index("rep_id")["region_id"]))
    of_region = of_region.groupby(["key", "week"], as_index=False)["completed"].sum()
    weeks = sorted(cells["week"].unique())

    def drawn(shown, rows):
        figures.heat(
            shown, rows, weeks, most=float(shown["completed"].max()), words=WORDS, formats=Formats(),
            tokens=style.LIGHT,
        ).to_json()  # fmt: skip

    page = [(rep.rep_id, rep.rep) for rep in people.head(40).itertuples(index=False)]
    return {
        "fixed work": seconds(fixed_work(), TIMES),
        "a row per rep": seconds(lambda: answers.reps(ask, scope), TIMES),
        "rep by week": seconds(lambda: team.weekly(ask, scope), TIMES),
        "a page of 40 reps": seconds(lambda: drawn(cells.rename(columns={"rep_id": "key"}), page), TIMES),
        "40 regions": seconds(lambda: drawn(of_region, [(key, key) for key in sorted(set(of_region["key"]))]), TIMES),
    }


def main() -> int:
    with TemporaryDirectory() as place:
        write(Path(place))
        database = engine(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{place}/reps.db")
        upgrade(database)
        counted = load(database, Path(place), today=LAST_DAY).tables["activity"].added
        taken = measure(database)
        database.dispose()
    yardstick = statistics.median(taken["fixed work"])
    print(f"{REPS:,} reps, {WEEKS} weeks, {counted:,} activities; Python {platform.python_version()}\n")
    print(f"{'':20}{'median':>10}{'worst':>10}{'ratio':>8}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:20}{1000 * median:>7.0f} ms{1000 * max(times):>7.0f} ms{median / yardstick:>8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
