"""Who is a key account, under which profile, and how sure that is."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.profiles import valid
from dashboard.metrics.accounts import key_accounts as metrics, key_back_test
from dashboard.metrics.accounts.key_back_test import YearBack
from dashboard.metrics.periods import year_before
from data_access import profiles
from data_access.accounts import key_accounts
from data_access.errors import Refused
from data_access.scope import Period, Scope, company

KIND = "key_account"


def trailing_year(scope: Scope) -> Scope:
    """The twelve months whose revenue counts as past revenue."""
    return scope.but(period=key_accounts.year_before(scope))


def accounts(ask: Ask, scope: Scope, cut_points: tuple[float, ...]) -> pd.DataFrame:
    """One row per account of the whole company, with group, revenue (minor units) and factor scores; see
    metrics.accounts_with_factors. `is_shown` says which the scope shows."""
    return metrics.accounts_with_factors(
        ask(key_accounts.accounts, scope),
        ask(key_accounts.won_by_account, trailing_year(company(scope))),
        ask(key_accounts.latest_scores, company(scope)),
        cut_points,
    )


def proposed_cut_points(ask: Ask, scope: Scope) -> tuple[float, ...]:
    """The cut points of past revenue that today's revenues propose; a single 0.01 ten times where there are none."""
    found = accounts(ask, scope, (0.01,) * 10)  # the revenues do not depend on cut points
    return metrics.proposed_cut_points(found["revenue"]) or (0.01,) * 10


def to_payload(profile: metrics.Profile) -> dict:
    """A profile as it is stored: weights as shares."""
    return {
        "weights": dict(zip(metrics.FACTORS, map(float, profile.shares), strict=True)),
        "cut_points": list(profile.cut_points),
        "top": profile.top,
        "floor": profile.floor,
        "tops": dict(profile.tops),
        "floors": dict(profile.floors),
    }


def made(payload: dict, version: int | None = None) -> metrics.Profile:
    """A profile of a stored payload, or of a person's choices; refuses what makes no score."""
    try:
        return metrics.Profile(
            weights=payload["weights"],
            cut_points=tuple(payload["cut_points"]),
            top=payload["top"],
            floor=payload["floor"],
            tops=payload.get("tops", {}),
            floors=payload.get("floors", {}),
            version=version,
        )
    except metrics.ProfileRefused as refused:
        raise Refused(str(refused)) from refused


def profile(ask: Ask, scope: Scope, version: int | None = None) -> metrics.Profile:
    """The published profile: of a version, else the one valid at the end of the as-of date (on the data's last
    day: the newest), else the first.

    Before anything is published there is version 1: equal weights, the top 20 %, no floor, cut points as proposed.
    """
    found = ask(profiles.published, None, KIND)
    row = valid(found, scope)
    if row is None:
        if version not in (None, 1):
            raise Refused(f"There is no profile {version}. Nothing has been published yet; profile 1 is the default.")
        return metrics.Profile(cut_points=proposed_cut_points(ask, scope), version=1)
    if version is not None:
        matching = found[found["version"] == version]
        if matching.empty:
            known = ", ".join(map(str, found["version"]))
            raise Refused(f"There is no profile {version}. Published versions: {known}.")
        row = matching.iloc[0]
    return made(row["payload"], int(row["version"]))


def ranked(ask: Ask, scope: Scope, using: metrics.Profile) -> tuple[pd.DataFrame, metrics.Matrix]:
    """Every account of the company with score, rank, is_key and the range of its score under a profile; and their
    matrix, for stability."""
    found = accounts(ask, scope, using.cut_points)
    matrix = metrics.Matrix.of(found)
    return found.join([metrics.ranking(matrix, using), metrics.score_ranges(matrix, using)]), matrix


def report(ask: Ask, scope: Scope, published: metrics.Profile, using: metrics.Profile) -> dict:
    """`report key-accounts`: the rows shown to the person, the profile used, and how it would have done a year back
    beside the published one."""
    found, matrix = ranked(ask, scope, using)
    found["stability"] = metrics.stability(matrix, using)
    shown = metrics.in_order(found[found["is_shown"]])
    return {"profile": {"version": using.version, **to_payload(using)}, "rows": shown} | back_test(
        ask, scope, published, using
    )


def year_back(ask: Ask, scope: Scope, using: metrics.Profile) -> YearBack:
    """The company a year before the as-of date under a published profile, and what each account brought since."""
    then = a_year_ago(scope)
    found = accounts(ask, then, using.cut_points)
    since = ask(key_accounts.won_by_account, trailing_year(company(scope))).set_index("account_id")
    won, margin = (found["account_id"].map(since[name]).fillna(0) for name in ("amount", "gross_margin"))
    return YearBack.of(using, found, won, margin)


def a_year_ago(scope: Scope) -> Scope:
    day = year_before(scope.as_of)
    return scope.but(as_of=day, period=Period(day, day))


def back_test(ask: Ask, scope: Scope, published: metrics.Profile, draft: metrics.Profile) -> dict:
    """A draft beside the published profile, a year back: `backtest`, a row for each (see metrics.key_back_test.tested;
    low, high: of the hit rate), `backtest_difference` (of the draft's hit rate from the published one), and
    `backtest_moves`, the accounts shown that would have entered and left."""
    then = year_back(ask, scope, published)
    sets = {"published": then.published, "draft": then.picked(draft)}
    found = key_back_test.compared(then, sets["draft"])
    intervals = {name: ends or (None, None) for name, ends in found.items()}
    rows = [
        key_back_test.tested(then, is_key) | {"profile": name, "low": intervals[name][0], "high": intervals[name][1]}
        for name, is_key in sets.items()
    ]
    before, after = (row["hit_rate"] for row in rows)
    low, high = intervals["difference"]
    moved = key_back_test.moves(then, sets["draft"])
    return {
        "backtest": rows,
        "backtest_difference": {
            "as_of": a_year_ago(scope).as_of,
            "difference": None if before is None or after is None else after - before,
            "low": low,
            "high": high,
            "is_alike": key_back_test.are_alike(*sets.values()),
        },
        "backtest_moves": moved[moved["is_shown"]],
    }


# Who publishes the first version, and why; pages say both in the reader's language.
FIRST_BY = "first import"
FIRST_REASON = "Equal weights, the top 20 %, cut points from the revenue at hand."


def first_profile(ask: Ask, scope: Scope) -> dict | None:
    """What the first import publishes, so that accounts added later move nobody's polygon; None without revenue."""
    if len(ask(profiles.published, None, KIND)):
        return None
    cut_points = proposed_cut_points(ask, scope)
    if cut_points[-1] == cut_points[0]:
        return None
    return to_payload(metrics.Profile(cut_points=cut_points))


def drafted(
    published: metrics.Profile, weights: str | None, top: float | None, cut_points: str | None
) -> metrics.Profile:
    """A published profile with what a person wrote in its place: weights `past_revenue=4,potential=3` (a factor not
    named weighs 0), a top share, ten cut points separated by commas."""
    payload = to_payload(published)
    if weights is not None:
        payload["weights"] = dict(_named_number(part) for part in weights.split(","))
    if top is not None:
        payload |= {"top": top, "tops": {}}
    if cut_points is not None:
        payload["cut_points"] = [_number(part) for part in cut_points.split(",")]
    return made(payload, published.version)


def _named_number(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    return name.strip(), _number(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Refused(f"{text!r} is not a number. Write past_revenue=4,potential=3, or 0.01,1000,5000 …") from error
