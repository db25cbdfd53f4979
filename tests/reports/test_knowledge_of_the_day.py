"""A law: what is entered after a day changes no report as of that day.

Planned activities, requests for support and bookings, goals, leads, judgements, all entered after it, and what is done
after it. Left out
is what the definitions let in, whenever it was typed in:

* what was done by the day: it counts by the day it was done;
* the first rows of their kind (activities, next steps, requests, judgements): whether a thing is recorded at all is
  asked of all data, so that who never uses it reads a dash and not 0;
* rows without a day of entry (an activity without created_on, a booking without booked_on), known from always;
* what has no history: a row that is there and comes again, otherwise.
"""

from datetime import date, timedelta
from random import Random

import pytest

from dashboard.__main__ import REPORTS
from tests.independent.product import load, report
from tests.independent.random.histories import LAST_DAY
from tests.independent.random.judgements import judged_organisation
from tests.independent.random.organisations import REPS, Tables, random_day, write
from tests.independent.random.people import KINDS, ORIGINS, busy_organisation
from tests.independent.random.planned import AS_OF, planned_organisation

QUARTER = ["--from", "2026-04-01", "--to", "2026-06-30"]
FURTHER = {"deals": [["--of", "won"], ["--of", "created"]], "overview": [["--role", "manager:north"]]}


def organisation_of(seed: int) -> Tables:
    """One whose reps do something, with much to allocate around the day, and judgements of deals and accounts."""
    random = Random(seed + 90_000)
    tables, planned, judged = busy_organisation(seed), planned_organisation(seed), judged_organisation(seed)
    further = {name: rows for one in (planned, judged) for name, rows in one.items() if name not in tables}
    margins = {row["opportunity_id"]: row["gross_margin"] for row in planned["opportunity"]}
    deals = [row | {"gross_margin": margins[row["opportunity_id"]]} for row in tables["opportunity"]]
    first = {"activity_id": "known", "rep_id": REPS[0], "kind": "call", "created_on": "2026-01-01"}
    first |= {"opportunity_id": deals[0]["opportunity_id"], "planned_on": "2026-12-31"}
    return tables | further | _judged(random, tables, date(2025, 4, 1), AS_OF, "early") | {
        "opportunity": deals,
        "activity": [*tables["activity"], first],
    }  # fmt: skip


def _judged(random: Random, tables: Tables, since: date, until: date, what: str) -> Tables:
    def some(**cells) -> list[dict]:
        accounts = [row["account_id"] for row in tables["account"]]
        return [
            {"account_id": key} | {name: random.choice(values) for name, values in cells.items()}
            | {"assessed_on": str(random_day(random, since, until))}
            for key in accounts if random.random() < 0.7
        ]  # fmt: skip

    return {
        "account_score": some(factor=("potential", "reference_effect", "winnability"), score=(2, 5, 9)),
        "account_need": some(window=("0-3m", "1-3y"), solution=(what,), value=(10, 20), capability=(3, 7)),
        "closeness_score": some(score=(1, 5, 8)),
    }


def entered_later(seed: int, tables: Tables) -> Tables:
    """Rows that nobody knew of on AS_OF."""
    random, after = Random(seed), AS_OF + timedelta(days=1)
    deals = [row["opportunity_id"] for row in tables["opportunity"]]
    accounts, leads = ([row[f"{name}_id"] for row in tables[name]] for name in ("account", "lead"))
    days = [random_day(random, after, LAST_DAY) for _ in range(200)]

    def activity(at: int, entered: date) -> dict:
        planned = random_day(random, AS_OF - timedelta(days=90), LAST_DAY)
        ended = random.choice(("", "completed_at", "cancelled_on"))
        return {
            "activity_id": f"later{at}",
            "rep_id": random.choice(REPS),
            "account_id": random.choice(("", *accounts)),
            "opportunity_id": random.choice(("", *deals)),
            "lead_id": random.choice(("", *leads)),
            "kind": random.choice(KINDS),
            "origin": random.choice(("", *ORIGINS)),
            "two_way": random.choice(("", "true", "false")),
            "created_on": str(entered),
            "planned_on": str(planned),
            "first_planned_on": random.choice(("", str(planned - timedelta(days=9)))),
        } | ({ended: str(random_day(random, after, LAST_DAY))} if ended else {})

    def request(at: int, entered: date) -> dict:
        decided = random.choice(("", "granted", "declined", "withdrawn"))
        return {
            "request_id": f"later{at}",
            "opportunity_id": random.choice(deals),
            "kind": random.choice(("presales", "expert")),
            "hours": random.choice((4, "10.5")),
            "requested_on": str(entered),
            "needed_by": random.choice(("", str(entered), str(entered + timedelta(days=20)))),
            "decision": decided,
            "decided_on": str(entered) if decided else "",
        }

    def booking(at: int, entered: date) -> dict:
        return {
            "resource_id": random.choice(tables["support_person"])["resource_id"],
            "opportunity_id": random.choice(deals),
            "week": str(AS_OF + timedelta(days=5 + 7 * (at % 8 - 4))),  # a Monday
            "hours": random.choice((4, "10.5")),
            "request_id": f"later{at}",
            "booked_on": str(entered),
        }

    def lead(at: int, entered: date) -> dict:
        return {
            "lead_id": f"later{at}",
            "source": random.choice(("", "fair", "web form")),
            "owner_id": random.choice(("", *REPS)),
            "created_on": str(entered),
            "converted_on": random.choice(("", str(entered))),
        }

    return _judged(random, tables, after, LAST_DAY, "late") | {
        "activity": [activity(*each) for each in enumerate(days)],
        "support_request": [request(*each) for each in enumerate(days[:60])],
        "support_booking": [booking(*each) for each in enumerate(days[:60])],
        "account_goal": [
            {"account_id": key, "goal": "later", "due_on": str(day), "created_on": str(day)}
            for key, day in zip(accounts, days, strict=False)
        ],
        "lead": [lead(*each) for each in enumerate(days[:40])],
        "opportunity_score": [
            {"opportunity_id": key, "question": "quota_effect", "score": 7, "assessed_on": str(day)}
            for key, day in zip(deals, days, strict=False)
        ],
        "opening": [
            {"opportunity_id": key, "position": "ahead", "territory": "ours", "assessed_on": str(day)}
            for key, day in zip(deals, days, strict=False)
        ],
    }


@pytest.mark.long
@pytest.mark.parametrize("seed", [901, 902, 903])
def test_what_is_entered_after_a_day_changes_no_report_as_of_it(seed, sqlite, tmp_path):
    tables = organisation_of(seed)
    load(sqlite, write(tables, tmp_path / "before"))
    asked = [(what, [*QUARTER, *more]) for what in REPORTS for more in [[], *FURTHER.get(what, [])]]

    def answers() -> list[dict]:
        return [report(sqlite, what, ["--as-of", str(AS_OF), *more]) for what, more in asked]

    before = answers()
    load(sqlite, write(entered_later(seed, tables), tmp_path / "later"))
    assert [what for what, one, other in zip(asked, before, answers(), strict=True) if one != other] == []
