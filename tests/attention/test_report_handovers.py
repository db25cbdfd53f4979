"""`given` and `followed` of `report attention` equal a second, independent computation, on the demo and on random
companies; and what must hold whatever became of the lines."""

from datetime import date, datetime, time, timedelta
from random import Random

import pandas as pd
import pytest

from dashboard.answers.attention.leaks import lines_on
from data_access.attention import handovers
from data_access.engine import engine
from data_access.schema import MONEY_SCALE
from data_access.scope import Period, Person, Scope
from tests.attention.test_report_attention import BASE, company
from tests.independent.accounts.key_accounts import past_revenues
from tests.independent.attention.handovers import Line, handed
from tests.independent.facts import Facts
from tests.independent.product import TODAY, load, report_of
from tests.independent.random.customers import unpublished
from tests.independent.random.organisations import write
from tests.independent.scopes import Asked
from tests.rings import rings

DIRECTOR = Person("director", name="Dora")
COUNTS = ("lines", "gone", "same", "worse", "won", "lost")


def give_some(database, facts: Facts, seed: int, as_of: date) -> dict:
    """A third of the lines of some earlier days, given on these days: by subject the line and the day."""
    random, given = Random(seed), {}
    stayed = [row["rep_id"] for row in facts.rows("rep") if not row.get("left_on")]
    everything = Scope(Person("executive"), Period(as_of, as_of), as_of, as_of)
    for weeks in (30, 12, 4):
        day = as_of - timedelta(weeks=weeks)
        found = lines_on(lambda question, asked, *more: question(database, asked, *more), everything, day)
        for row in found.itertuples():
            subject = (row.subject_kind, row.subject_id)
            if row.subject_kind not in ("opportunity", "account") or subject in given or random.random() < 0.67:
                continue
            value = None if pd.isna(row.value_at_risk) else round(row.value_at_risk * MONEY_SCALE)
            at = datetime.combine(day, time(9))
            handovers.give(
                database, DIRECTOR, *subject, random.choice(stayed), day + timedelta(weeks=2), "",
                rules=row.rules, value_at_risk=value, seen_on=day, at=at,
            )  # fmt: skip
            given[subject] = (Line(row.rules, None if value is None else value / MONEY_SCALE), day)
    return given


def printed(database, asked: Asked) -> dict:
    told = report_of(database, "attention", asked.arguments())
    rows = {(row["subject_kind"], row["subject_id"]): row for row in told["given"]}
    followed = {(row["rule"], row["is_given"]): row for row in told["followed"]}
    assert len(rows) == len(told["given"]) and len(followed) == len(told["followed"])
    return {
        "given": {key: {name: row[name] for name in ("became", "outcome")} for key, row in rows.items()},
        "followed": {key: {name: row[name] for name in COUNTS} for key, row in followed.items()},
    }


def holds(told: dict) -> None:
    """Each line given counts once, under one reason and as one of the three; and what has ended is gone."""
    groups = told["followed"]
    assert sum(row["lines"] for (_, is_given), row in groups.items() if is_given) == len(told["given"])
    for name in ("gone", "same", "worse"):
        of_given = sum(row[name] for (_, is_given), row in groups.items() if is_given)
        assert of_given == sum(row["became"] == name for row in told["given"].values())
    assert all(row["gone"] + row["same"] + row["worse"] == row["lines"] for row in groups.values())
    assert all(row["won"] + row["lost"] <= row["gone"] for row in groups.values())
    assert all(row["became"] == "gone" for row in told["given"].values() if row["outcome"] in ("won", "lost"))


@pytest.mark.parametrize(
    ("seed", "managers"),
    rings([(3, [None]), (3, ["north"]), *((seed, [None, "north"]) for seed in (0, 4))]),
)
def test_random_companies_equal_the_independent_computation(seed, managers, sqlite, tmp_path):
    folder = write(company(seed), tmp_path / "company")
    load(sqlite, folder)
    facts = Facts(folder, BASE)
    as_of = min(facts.last_day, TODAY)
    given = give_some(sqlite, facts, seed, as_of)
    for manager_of in managers:
        asked = Asked(as_of=as_of, manager_of=manager_of)
        ours = handed(folder, asked, BASE, TODAY, lambda day: unpublished(past_revenues(facts, day)), given)
        told = printed(sqlite, asked)
        holds(told)
        assert told == ours
    assert given


def test_the_demo_has_lines_given_of_which_each_counts_once(demo_url):
    told = printed(engine(demo_url), Asked())
    holds(told)
    assert len(told["given"]) == 8
    assert {row["became"] for row in told["given"].values()} == {"gone", "worse"}
