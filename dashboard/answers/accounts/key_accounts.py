"""Who is a key account, under which profile, and how sure that is."""

import pandas as pd

from dashboard.answers import Ask
from dashboard.answers.profiles import valid
from dashboard.metrics.accounts import key_accounts as metrics
from dashboard.metrics.periods import year_before
from data_access import profiles
from data_access.accounts import key_accounts
from data_access.errors import Refused
from data_access.scope import Period, Scope

KIND = "key_account"


def trailing_year(scope: Scope) -> Scope:
    """The twelve months whose revenue counts as past revenue."""
    return scope.but(period=key_accounts.year_before(scope))


def accounts(ask: Ask, scope: Scope, cut_points: tuple[float, ...]) -> pd.DataFrame:
    """One row per account of the whole company, with group, revenue (minor units) and factor scores; see
    metrics.accounts_with_factors. `is_shown` says which the scope shows."""
    return metrics.accounts_with_factors(
        ask(key_accounts.accounts, scope),
        ask(key_accounts.won_by_account, trailing_year(scope)),
        ask(key_accounts.latest_scores, scope),
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


def report(ask: Ask, scope: Scope, using: metrics.Profile) -> dict:
    """`report key-accounts`: the rows shown to the person, and the profile used."""
    found, matrix = ranked(ask, scope, using)
    found["stability"] = metrics.stability(matrix, using)
    shown = metrics.in_order(found[found["is_shown"]])
    return {"profile": {"version": using.version, **to_payload(using)}, "rows": shown}


def back_test(ask: Ask, scope: Scope, using: metrics.Profile) -> dict:
    """Would this profile, a year before the as-of date, have picked the accounts that won since? See metrics.back_test;
    `margin_captured` is the set's share of all gross margin won since. None before the data begin."""
    then = scope.but(as_of=year_before(scope.as_of), period=Period(year_before(scope.as_of), year_before(scope.as_of)))
    found, matrix = ranked(ask, then, using)
    since = ask(key_accounts.won_by_account, trailing_year(scope)).set_index("account_id")
    won = found["account_id"].map(since["amount"]).fillna(0).astype(float)
    margin = found["account_id"].map(since["gross_margin"]).fillna(0).astype(float)
    tested = metrics.back_test(found, matrix, found["revenue"], won)
    captured = float(margin[found["is_key"]].sum() / margin.sum()) if margin.sum() > 0 else None
    return tested | {"margin_captured": captured, "as_of": then.as_of}


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
    ask: Ask, scope: Scope, version: int | None, weights: str | None, top: float | None, cut_points: str | None
) -> metrics.Profile:
    """A published profile with what a person wrote in its place: weights `past_revenue=4,potential=3` (a factor not
    named weighs 0), a top share, ten cut points separated by commas."""
    published = profile(ask, scope, version)
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
