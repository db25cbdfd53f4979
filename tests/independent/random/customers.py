"""Folders made for key accounts: a few accounts written by hand, or many random ones full of what goes wrong."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.independent.accounts.key_accounts import FACTORS, Profile, proposed_cut_points
from tests.independent.random.histories import FIRST_DAY, LAST_DAY
from tests.independent.random.organisations import REGIONS, Tables, organisation, random_day

ASSESSED_ON, WON_ON, LATER = "2026-01-10", "2026-03-01", date(2026, 6, 30)

STAGES = [
    {"pipeline": "sales", "stage": "open", "position": 1, "kind": "open"},
    {"pipeline": "sales", "stage": "won", "position": 2, "kind": "won"},
]


@dataclass(frozen=True)
class Customer:
    """One account. scores: potential, reference effect, winnability, "-" where missing; won: an amount per deal
    won on WON_ON, perhaps with its currency."""

    key: str
    scores: str = "5 5 5"
    won: tuple[str, ...] = ()
    industry: str = "mining"
    region: str = ""
    created_on: str = ""


def tables_of(customers: list[Customer], **more: list[dict]) -> Tables:
    """The tables of a company with these accounts, and further rows."""
    tables: Tables = {
        "stage": STAGES,
        "region": [{"region_id": key, "name": key, "parent_id": above} for key, above in REGIONS.items()],
        "account": [
            {
                "account_id": customer.key,
                "name": f"Account {customer.key}",
                "industry": customer.industry,
                "region_id": customer.region,
                "created_on": customer.created_on,
            }
            for customer in customers
        ],
        "account_score": [
            {"account_id": customer.key, "factor": factor, "score": score, "assessed_on": ASSESSED_ON}
            for customer in customers
            for factor, score in zip(FACTORS[1:], customer.scores.split(), strict=True)
            if score != "-"
        ],
        "opportunity": [
            won(f"{customer.key}-{number}", customer.key, worth)
            for customer in customers
            for number, worth in enumerate(customer.won)
        ],
    }
    for table, rows in more.items():
        tables[table] = tables.get(table, []) + rows
    # A deal without an account, so that there is always one and the last day is known.
    tables["opportunity"].append(won("nobody's", "", "1", closed_on=str(LATER)))
    return tables


def won(key: str, account: str, worth: str, closed_on: str = WON_ON) -> dict:
    """A won deal without history. worth: an amount, perhaps with its currency; empty: without an amount."""
    amount, _, currency = worth.partition(" ")
    return {
        "opportunity_id": key,
        "account_id": account,
        "pipeline": "sales",
        "stage": "won",
        "amount": amount,
        "currency": currency,
        "created_on": "2025-01-05",
        "closed_on": closed_on,
    }


# --- random ones ------------------------------------------------------------------------------------------


def random_company(seed: int) -> Tables:
    """A random organisation whose deals belong to 20 to 60 accounts, assessed often, seldom or never."""
    random = Random(seed + 30_000)
    tables = organisation(seed)
    keys = [f"c{number:02}" for number in range(random.randint(20, 60))]
    tables["account"] = [_account(random, key) for key in keys]
    tables["account_score"] = [row for key in keys for row in _assessments(random, key)]
    buyers = keys[: len(keys) * 2 // 3]
    tables["opportunity"] = [deal | {"account_id": random.choice(("", *buyers))} for deal in tables["opportunity"]]
    return tables


def _account(random: Random, key: str) -> dict:
    return {
        "account_id": key,
        "name": f"Account {key}",
        "industry": random.choice(("energy", "energy", "health", "others", "rare", "")),
        "customer_class": random.choice(("big", "small", "", "rare")),
        "region_id": random.choice(("", *REGIONS)),
        "created_on": random.choice(("", "", str(random_day(random, FIRST_DAY, LAST_DAY)))),
    }


def _assessments(random: Random, key: str) -> list[dict]:
    """Coarse scores, so that many accounts tie; several days per factor."""
    rows = []
    for factor in FACTORS[1:]:
        days = {random_day(random, FIRST_DAY, LAST_DAY) for _ in range(random.choice((0, 1, 1, 2, 3, 3)))}
        days |= {FIRST_DAY} if random.random() < 0.8 else set()
        for day in sorted(days):  # a set of dates has another order in each process
            score = random.choice(("0", "5", "5", "7", "7.5", "10", f"{random.uniform(0, 10):.3f}"))
            rows.append({"account_id": key, "factor": factor, "score": score, "assessed_on": str(day)})
    random.shuffle(rows)
    return rows


# --- questions --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One call of `report key-accounts`; None where nothing is asked."""

    as_of: date
    weights: str | None = None
    top: str | None = None
    cut_points: str | None = None
    regions: tuple[str, ...] = ()
    manager_of: str | None = None

    def arguments(self) -> list[str]:
        single = {
            "--as-of": str(self.as_of),
            "--weights": self.weights,
            "--top": self.top,
            "--cut-points": self.cut_points,
            "--role": f"manager:{self.manager_of}" if self.manager_of else None,
        }
        given = [part for option, value in single.items() if value for part in (option, value)]
        return given + [part for region in self.regions for part in ("--region", region)]

    def profile(self, published: Profile) -> Profile:
        """The published profile with what is asked in its place."""
        weights, cut_points = published.weights, published.cut_points
        if self.weights:
            named = (part.split("=") for part in self.weights.split(","))
            weights = {factor: Fraction(weight) for factor, weight in named}
        if self.cut_points:
            cut_points = tuple(Fraction(point) for point in self.cut_points.split(","))
        top = Fraction(self.top) if self.top else published.top
        return Profile(cut_points, weights, top, published.floor)


def unpublished(revenues: dict) -> Profile:
    """Profile 1 while nothing is published: cut points as the day's revenues propose them."""
    if not any(revenues.values()):
        return Profile((Fraction(1, 100),) * 10)
    return Profile(proposed_cut_points(revenues))


def random_questions(seed: int, number: int) -> list[Question]:
    """The default question of the last day, then random ones."""
    random = Random(seed + 40_000)
    return [Question(LAST_DAY)] + [_question(random) for _ in range(number - 1)]


def _question(random: Random) -> Question:
    weighing = random.sample(FACTORS, random.randint(1, 4))
    weights = ",".join(f"{factor}={random.choice(('1', '4', '0.3', '25', '0'))}" for factor in weighing)
    rising = sorted(random.choice((0, 0.01, 900, 40_000.5, 2_000_000, 7e9)) for _ in range(10))
    manager_of = random.choice((None, None, *REGIONS))
    return Question(
        as_of=random.choice((LAST_DAY, random_day(random, FIRST_DAY, LAST_DAY + timedelta(days=400)))),
        weights=random.choice((None, f"{weights},{random.choice(FACTORS)}=2")),
        top=random.choice((None, "0", "0.07", "0.1", "0.5", "1", "0.3333")),
        cut_points=random.choice((None, None, ",".join(map(str, rising)))),
        regions=() if manager_of or random.random() < 0.6 else tuple(random.sample(list(REGIONS), 2)),
        manager_of=manager_of,
    )
