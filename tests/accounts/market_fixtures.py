"""The two computations about the market side by side, and a company of one account written by hand."""

from datetime import date, timedelta

from dashboard.answers.accounts import contested, orphaned
from dashboard.answers.leads import scissors
from dashboard.reports import as_text
from tests.independent.accounts import contested_orphaned
from tests.independent.compare import differences
from tests.independent.deals import replay
from tests.independent.facts import Facts
from tests.independent.product import TODAY, load
from tests.independent.random.organisations import REGIONS, write
from tests.independent.scopes import Asked, view

BASE = "CNY"


def asking(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def scope_of(ask, asked: Asked):
    return as_text.scope(
        ask,
        role=f"manager:{asked.manager_of}" if asked.manager_of else "executive",
        start=asked.start, end=asked.end, as_of=asked.as_of, regions=asked.regions,
        with_left_out=asked.with_left_out, owner=asked.owner, pipeline=asked.pipeline, track=asked.track,
        segments=(asked.segment,) if asked.segment else (), product=asked.product, source=asked.source,
    )  # fmt: skip


def plain(frame, key, columns) -> dict:
    """The frame's rows by key, with plain values."""
    rows = {}
    for row in as_text.rows(frame):
        name = row[key] if isinstance(key, str) else tuple(row[part] for part in key)
        rows[name] = {ours: row[theirs] for ours, theirs in columns.items()}
    return rows


# --- both computations over the same question ---------------------------------------------------------


def differing(database, folder, asked: Asked) -> list[str]:
    ask, facts = asking(database), Facts(folder, BASE)
    scope, looked = scope_of(ask, asked), view(facts, replay(facts), asked, TODAY)
    pairs = {
        "contested": (_contested(looked), _contested_answer(ask, scope)),
        "orphaned": (contested_orphaned.orphaned(looked), _orphaned_answer(ask, scope)),
        "handovers": (_handovers(looked), _handovers_answer(ask, scope)),
        "scissors": (_scissors(looked), _scissors_answer(ask, scope)),
    }
    return [f"{what}{line}" for what, (ours, theirs) in pairs.items() for line in differences(ours, theirs)]


def _contested(looked) -> dict:
    return contested_orphaned.contested(looked)


def _contested_answer(ask, scope) -> dict:
    found = contested.accounts(ask, scope)
    found = found.assign(region_ids=[sorted(regions) for regions in found["region_ids"]])
    names = ("units", "deals", "activities", "days", "value_at_risk")
    rows = plain(found.drop(columns="region_ids"), "account_id", {name: name for name in names})
    regions = dict(zip(found["account_id"], found["region_ids"], strict=True))
    return {account: {"regions": regions[account]} | row for account, row in rows.items()}


def _orphaned_answer(ask, scope) -> dict:
    found = orphaned.accounts(ask, scope)
    rows = plain(found.drop(columns="reasons"), "account_id", {n: n for n in ("owner_id", "days", "value_at_risk")})
    reasons = dict(zip(found["account_id"], map(list, found["reasons"]), strict=True))
    return {account: row | {"reasons": reasons[account]} for account, row in rows.items()}


def _handovers(looked) -> dict:
    return {f"{account} {day}": row for (account, day), row in contested_orphaned.handovers(looked).items()}


def _handovers_answer(ask, scope) -> dict:
    names = {"from": "from_rep_id", "to": "to_rep_id"}
    names |= {name: name for name in ("days_without_owner", "days_to_first")}
    rows = plain(orphaned.handovers(ask, scope), ("account_id", "handed_on"), names)
    return {f"{account} {day}": row for (account, day), row in rows.items()}


def _scissors(looked) -> dict:
    sources = [
        None,
        *sorted({name for name, _ in contested_orphaned.costs(looked, date(1900, 1, 1), looked.as_of) or []}),
    ]
    found = {source or scissors.ALL_SOURCES: contested_orphaned.scissors(looked, source) for source in sources}
    return {
        "periods": {source: rows for source, rows in found.items() if rows},
        "alarms": {
            source: contested_orphaned.alarm(rows) for source, rows in found.items() if contested_orphaned.alarm(rows)
        },
    }


def _scissors_answer(ask, scope) -> dict:
    found, names = scissors.by_source(ask, scope), ["end", "cost", "revenue", "margin"]
    alarms = scissors.alarms(ask, scope)
    return {
        "periods": {source: as_text.rows(own[names]) for source, own in found.groupby("source")},
        "alarms": dict(zip(alarms["source"], alarms["periods_running"], strict=True)),
    }


# --- written by hand ----------------------------------------------------------------------------------

DAY = date(2026, 6, 30)
STAGES = [
    {"pipeline": "sales", "stage": name, "position": number, "kind": name}
    for number, name in enumerate(("open", "won"))
]
# One rep per region, named after it; "mover" went from north-1 to south-1.
PEOPLE = [{"rep_id": region, "name": region, "region_id": region, "hired_on": "2020-01-01"} for region in REGIONS]
MOVER = [
    {"rep_id": "mover", "from_on": "2020-01-01", "region_id": "north-1"},
    {"rep_id": "mover", "from_on": "2026-05-31", "region_id": "south-1"},
]


def ago(days: int) -> str:
    return str(DAY - timedelta(days=days))


def deal(key: str = "d", region: str = "north-1", amount: str = "100", **more) -> dict:
    open_deal = {"opportunity_id": key, "account_id": "a", "region_id": region, "pipeline": "sales", "stage": "open"}
    return open_deal | {"amount": amount, "created_on": ago(400)} | more


def won(key: str, days: int, amount: str, **more) -> dict:
    return deal(key, amount=amount, stage="won", closed_on=ago(days), **{"created_on": ago(900)} | more)


def did(rep: str, days: int, **more) -> dict:
    return {"activity_id": f"{rep}-{days}-{more}", "rep_id": rep, "account_id": "a", "kind": "call"} | {
        "completed_at": ago(days),
        **more,
    }


def spell(role: str, rep: str, from_days: int, to_days: int | None = None) -> dict:
    to_on = "" if to_days is None else ago(to_days)
    begun = {"subject_kind": "account", "subject_id": "a", "role": role, "rep_id": rep, "from_on": ago(from_days)}
    return begun | {"to_on": to_on}


def company(database, tmp_path, activities=(), deals=None, spells=(), account=None, reps=(), **more):
    """One account "a" of north-1, owned by its rep and worked on every day; the question about it, and the files."""
    case = {"activities": activities, "spells": spells, "account": account or {}}
    return companies(database, tmp_path, [case if deals is None else case | {"deals": deals}], ("a",), reps, **more)


def companies(database, tmp_path, cases, keys=None, reps=(), **more):
    """One company with such an account per case, "a0" and so on in their order: what is said of one is its own."""
    own = list(zip(keys or [f"a{n}" for n in range(len(cases))], cases, strict=True))
    tables = {
        "region": [{"region_id": key, "name": key, "parent_id": above} for key, above in REGIONS.items()],
        "rep": [*PEOPLE, {"rep_id": "mover", "name": "mover", "region_id": "south-1"}, *reps],
        "rep_history": MOVER,
        "stage": STAGES,
        "account": [
            *(
                {"account_id": key, "name": "A", "region_id": "north-1", "owner_id": "north-1", "created_on": ago(900)}
                | case.get("account", {})
                for key, case in own
            ),
            {"account_id": "b", "name": "B", "region_id": "south-1", "owner_id": "south-1"},
        ],
        "opportunity": [_of(key, row) for key, case in own for row in case.get("deals", [deal()])],
        "activity": [
            did("overseas", 1, account_id="b"),
            *(_of(key, row) for key, case in own for row in case.get("activities", ())),
        ],
        "assignment": [_of(key, row) for key, case in own for row in case.get("spells", ())],
        **more,
    }
    folder = write(tables, tmp_path / "company")
    load(database, folder)
    ask = asking(database)

    def question(**asked):
        asked = Asked(**{"start": DAY - timedelta(days=90), "end": DAY, "as_of": DAY} | asked)
        assert differing(database, folder, asked) == []
        return ask, scope_of(ask, asked)

    return question


def _of(key: str, row: dict) -> dict:
    """The row about "a" as one about that account."""
    keys = {name: key for name in ("account_id", "subject_id") if row.get(name) == "a"}
    own = {name: f"{key} {row[name]}" for name in ("opportunity_id", "activity_id") if name in row}
    return row if key == "a" else row | keys | own
