"""`report key-accounts`, its back-test, straight from the words: who would have been key, and who won since."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.independent.accounts.key_accounts import (
    Profile,
    a_year_earlier,
    key_accounts,
    won_in_the_year_to,
)
from tests.independent.facts import Facts

DRAWS = 600


def back_test(folder: Path, as_of: date, base: str, published: Profile, draft: Profile) -> dict:
    """What the report prints of both; the intervals as `low` and `high`, which are drawn and agree only nearly."""
    then = a_year_earlier(as_of)
    since = {key: amount for key, amount in won_in_the_year_to(Facts(folder, base), as_of).items() if amount > 0}
    rows = [key_accounts(folder, then, base, profile, with_stability=False) for profile in (published, draft)]
    listed = list(rows[0])
    # Of equal amounts the one of the smaller key stands first.
    order = sorted((key for key in listed if key in since), key=lambda key: (-since[key], key))
    keys = [{key for key, row in of_profile.items() if row["is_key"]} for of_profile in rows]
    best = [set(order[: len(picked)]) for picked in keys]
    total = sum((since[key] for key in order), Decimal(0))
    told = [_told(picked, top, since, total) for picked, top in zip(keys, best, strict=True)]
    rates = [one["hit_rate"] for one in told]
    moved = [
        {
            "account_id": key,
            "enters": key in keys[1],
            "won_since": float(since.get(key, 0)),
            "is_hit": key in best[1] if key in keys[1] else key in best[0],
        }
        for key in keys[0] ^ keys[1]
    ]
    return {
        "profiles": told,
        "as_of": str(then),
        "difference": None if None in rates else rates[1] - rates[0],
        "intervals": _drawn(listed, keys, best) if None not in rates else None,
        "moves": sorted(moved, key=lambda row: (not row["enters"], -row["won_since"], row["account_id"])),
    }


def _told(picked: set[str], best: set[str], since: dict[str, Decimal], total: Decimal) -> dict:
    if not picked or not total:
        return {"n": len(picked), "hit_rate": None, "captured": None}
    return {
        "n": len(picked),
        "hit_rate": Fraction(len(picked & best), len(picked)),
        "captured": float(sum((since.get(key, Decimal(0)) for key in picked), Decimal(0)) / total),
    }


def _drawn(listed: list[str], keys: list[set[str]], best: list[set[str]]) -> list[tuple[float, float]]:
    """The 80 % intervals of both hit rates and of their difference, from accounts drawn one by one."""
    random, found = Random(5), []
    for _ in range(DRAWS):
        drawn = random.choices(listed, k=len(listed))
        rates = []
        for picked, top in zip(keys, best, strict=True):
            of_set = [key for key in drawn if key in picked]
            rates.append(sum(key in top for key in of_set) / len(of_set) if of_set else None)
        found.append([*rates, None if None in rates else rates[1] - rates[0]])
    return [_middle([one for one in column if one is not None]) for column in zip(*found, strict=True)]


def _middle(values: list[float]) -> tuple[float, float]:
    values = sorted(values)
    return values[len(values) // 10], values[len(values) * 9 // 10]
