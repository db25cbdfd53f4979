"""One account: how close we are, what it will need, what is overdue, who gets the credit. Pure.

Frames are those of `data_access.accounts.one_account`, with money in minor units; the results have units of currency.
Assessments come in the order in which they hold, so the last one that is not withdrawn holds.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.metrics import periods
from dashboard.metrics.amounts import MINOR_UNITS, ratio, total

WINDOWS = ("0-3m", "3-12m", "1-3y")
LEVELS = (5, 4, 3, 2, 1)
"""Seniority of a contact, the highest first."""
US = "us"
"""Our own name among the suppliers of an account."""

# After how many days one is overdue: importance every 3 to 6 months, needs every one or two, closeness monthly.
RHYTHM = {
    "potential": 183,
    "reference_effect": 183,
    "winnability": 183,
    **dict.fromkeys(WINDOWS, 62),
    "closeness": 31,
}

CLOSENESS_DAYS = 90


# --- assessments --------------------------------------------------------------------------------------


def holding(assessments: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The assessment that holds, one row per value of `by`: the last one that is not withdrawn."""
    return assessments[~assessments["is_withdrawn"]].drop_duplicates(by, keep="last").reset_index(drop=True)


def until(assessments: pd.DataFrame, day: date) -> pd.DataFrame:
    """The assessments made by the end of a day."""
    return assessments[assessments["assessed_on"] <= pd.Timestamp(day)]


def calendar(scores: pd.DataFrame, needs: pd.DataFrame, closeness: pd.DataFrame, day: date) -> pd.DataFrame:
    """One row per subject of RHYTHM, in its order: subject, last_on, due_on (the last day on which it is not overdue),
    days_overdue (0: not; empty: never assessed), status: never, overdue or fine."""
    kept = {
        name: frame[~frame["is_withdrawn"]]
        for name, frame in (("scores", scores), ("needs", needs), ("closeness", closeness))
    }
    last = {
        **kept["scores"].groupby("factor")["assessed_on"].max().to_dict(),
        **kept["needs"].groupby("window")["assessed_on"].max().to_dict(),
        "closeness": kept["closeness"]["assessed_on"].max(),
    }
    rows = []
    for subject, days in RHYTHM.items():
        last_on = last.get(subject, pd.NaT)
        if pd.isna(last_on):
            rows.append((subject, pd.NaT, pd.NaT, None, "never"))
            continue
        due_on = last_on + pd.Timedelta(days=days)
        over = max((pd.Timestamp(day) - due_on).days, 0)
        rows.append((subject, last_on, due_on, over, "overdue" if over else "fine"))
    found = pd.DataFrame(rows, columns=["subject", "last_on", "due_on", "days_overdue", "status"])
    return found.assign(
        last_on=pd.to_datetime(found["last_on"]),
        due_on=pd.to_datetime(found["due_on"]),
        days_overdue=found["days_overdue"].astype("Int64"),
    )


def needs_grid(needs: pd.DataFrame) -> pd.DataFrame:
    """One row per need that holds, by window, then the widest gap first: window, solution, value, capability, gap =
    value × (1 − capability ÷ 10), expected = value × capability ÷ 10, assessed_on."""
    found = holding(needs, ["window", "solution"])
    value = found["value"].astype(float) / MINOR_UNITS
    share = found["capability"] / 10
    grid = found[["window", "solution", "capability", "assessed_on"]].assign(
        value=value, gap=value * (1 - share), expected=value * share
    )
    place = grid["window"].map(dict(zip(WINDOWS, range(3), strict=True)))
    return (
        grid.assign(place=place)
        .sort_values(["place", "gap", "solution"], ascending=[True, False, True], ignore_index=True)
        .drop(columns="place")
    )


def goals(versions: pd.DataFrame, day: date) -> pd.DataFrame:
    """One row per goal as it stands, the overdue first, then the open, then the done: goal, due_on, done_on,
    status (overdue, open, done), days_overdue (0 unless overdue)."""
    found = holding(versions, ["goal"])[["goal", "due_on", "done_on"]]
    is_done = found["done_on"].notna()
    is_over = ~is_done & (found["due_on"] < pd.Timestamp(day))
    late = (pd.Timestamp(day) - found["due_on"]).dt.days.where(is_over, 0)
    status = np.select([is_done, is_over], ["done", "overdue"], "open")
    order = pd.Series(status, index=found.index).map({"overdue": 0, "open": 1, "done": 2})
    return (
        found.assign(status=status, days_overdue=late.astype("Int64"), order=order)
        .sort_values(["order", "due_on", "goal"], ignore_index=True)
        .drop(columns="order")
    )


# --- closeness ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closeness:
    """How close we are on a day, 0–10, with its parts; None where something is not known.

    breadth     min(10, 2 × distinct contacts of completed activities in the last 90 days)
    seniority   2 × the highest seniority among them (0: no contact)
    two_way     min(10, completed two-way activities of the last 90 days)
    recency     max(0, 10 − days since the last two-way one ÷ 9) (0: more than 90 days)
    counted     the mean of the four
    judged      the latest judged closeness
    value       the mean of counted and judged; either missing: None
    """

    breadth: float | None
    seniority: float | None
    two_way: float | None
    recency: float | None
    judged: float | None
    contacts: int = 0
    two_way_activities: int = 0
    days_since: int | None = None

    @property
    def counted(self) -> float | None:
        parts = (self.breadth, self.seniority, self.two_way, self.recency)
        known = [part for part in parts if part is not None]
        return sum(known) / 4 if len(known) == len(parts) else None

    @property
    def is_counted_alone(self) -> bool:
        """Activities say how close we are, and nobody ever judged it."""
        return self.counted is not None and self.judged is None

    @property
    def value(self) -> float | None:
        return None if self.counted is None or self.judged is None else (self.counted + self.judged) / 2


def closeness(activities: pd.DataFrame, judged: pd.DataFrame, day: date) -> Closeness:
    """Closeness at the end of a day.

    An account nobody was ever active with has no counted half; one that fell silent has 0. Where no activity says
    whether it was two-way, or no contact met has a seniority, that part is not known.
    """
    known = activities[activities["completed_on"] <= pd.Timestamp(day)]
    latest = until(judged[~judged["is_withdrawn"]], day)["score"]
    last_judged = None if latest.empty else float(latest.iloc[-1])
    if known.empty:
        return Closeness(None, None, None, None, last_judged)
    recent = known[known["completed_on"] > pd.Timestamp(day - timedelta(days=CLOSENESS_DAYS))]
    met = recent[recent["contact_id"].notna()]
    return counted(
        contacts=int(met["contact_id"].nunique()),
        seniority=met["seniority"].max(),
        two_way_activities=int((recent["two_way"] == 1).sum()),
        days_since=silence(known, day),
        knows_two_way=bool(known["two_way"].notna().any()),
        judged=last_judged,
    )


def counted(
    *, contacts: int, seniority, two_way_activities: int, days_since: int | None, knows_two_way: bool, judged=None
) -> Closeness:
    """Closeness from what was counted over the last 90 days; seniority is the highest of the contacts met (empty: not
    known), days_since None where nobody spoke with us in them."""
    rank = 0.0 if not contacts else None if pd.isna(seniority) else 2.0 * int(seniority)
    return Closeness(
        breadth=min(10.0, 2.0 * contacts),
        seniority=rank,
        two_way=min(10.0, float(two_way_activities)) if knows_two_way else None,
        recency=None if not knows_two_way else 0.0 if days_since is None else max(0.0, 10 - days_since / 9),
        judged=judged,
        contacts=contacts,
        two_way_activities=two_way_activities,
        days_since=days_since,
    )


def silence(activities: pd.DataFrame, day: date) -> int | None:
    """Days since the last completed two-way activity; None where there is none."""
    spoken = activities[(activities["two_way"] == 1) & (activities["completed_on"] <= pd.Timestamp(day))]
    return None if spoken.empty else (pd.Timestamp(day) - spoken["completed_on"].max()).days


def closeness_trend(activities: pd.DataFrame, judged: pd.DataFrame, day: date, months: int = 12) -> pd.DataFrame:
    """One row per month's end up to the day, and the day itself: day, counted, judged, closeness (0–10, empty: no
    data), is_partial (the month still runs)."""
    first = pd.Timestamp(day).to_period("M")
    ends = [(first - back).end_time.date() for back in range(months, 0, -1)] + [day]
    found = [(end, closeness(activities, judged, end)) for end in ends]
    return pd.DataFrame(
        {
            "day": pd.to_datetime([end for end, _ in found]),
            "counted": pd.array([one.counted for _, one in found], dtype="Float64"),
            "judged": pd.array([one.judged for _, one in found], dtype="Float64"),
            "closeness": pd.array([one.value for _, one in found], dtype="Float64"),
            "is_partial": [end == day and end != first.end_time.date() for end, _ in found],
        }
    )


def by_seniority(contacts: pd.DataFrame, activities: pd.DataFrame, day: date) -> pd.DataFrame:
    """One row per level of seniority from 5 to 1, then those whose level is not known (if any): seniority, known
    contacts, reached (those with a completed activity in the last 90 days)."""
    since = pd.Timestamp(day - timedelta(days=CLOSENESS_DAYS))
    recent = activities[(activities["completed_on"] > since) & (activities["completed_on"] <= pd.Timestamp(day))]
    is_reached = contacts["contact_id"].isin(recent["contact_id"].dropna())
    rows: list[tuple[int | None, int, int]] = [
        (level, int((contacts["seniority"] == level).sum()), int(((contacts["seniority"] == level) & is_reached).sum()))
        for level in LEVELS
    ]
    unknown = contacts["seniority"].isna()
    if unknown.any():
        rows.append((None, int(unknown.sum()), int((unknown & is_reached).sum())))
    found = pd.DataFrame(rows, columns=["seniority", "known", "reached"])
    return found.assign(seniority=found["seniority"].astype("Int64"))


# --- credit -------------------------------------------------------------------------------------------


def directors(coverage: pd.DataFrame, days: pd.Series, present: str | None) -> list[str | None]:
    """The key-account director on each day; where no posting of one is known, the present one throughout."""
    spells = coverage[coverage["role"] == "director"]
    if spells.empty:
        return [present] * len(days)
    found = []
    for day in days:
        held = spells[(spells["from_on"] <= day) & (spells["to_on"].isna() | (spells["to_on"] > day))]
        found.append(None if held.empty else held.iloc[0]["rep_id"])
    return found


def credit(won: pd.DataFrame, director_ids: list[str | None]) -> tuple[pd.DataFrame, dict[str, float | None]]:
    """Who is credited with the deals won, and how that reconciles with the company's total.

    The frame: one row per person and role (owner of the closing day; director): rep_id (None: nobody), role, deals,
    amount. The totals: credited (all of them), twice (what a second person was credited with), company = credited −
    twice. Amounts are None where no deal has one, or a rate is missing. A director who owned the deal counts once.
    """
    owners = won.assign(rep_id=won["owner_id"], role="owner")
    directed = won.assign(rep_id=director_ids, role="director")
    directed = directed[directed["rep_id"].notna() & (directed["rep_id"] != directed["owner_id"])]
    rows = []
    for part in (owners, directed):
        for (role, rep_id), deals in part.groupby(["role", "rep_id"], dropna=False, sort=False):
            rows.append((None if pd.isna(rep_id) else rep_id, role, len(deals), _amount(deals)))
    company, twice = _amount(won), _amount(directed)
    credited = None if company is None or twice is None else company + twice
    found = pd.DataFrame(rows, columns=["rep_id", "role", "deals", "amount"])
    return found, {"credited": credited, "twice": twice, "company": company}


def _amount(deals: pd.DataFrame) -> float | None:
    return total(deals.assign(deals=1, with_amount=deals["has_amount"]))


# --- deals and purchases ------------------------------------------------------------------------------


def by_year(won: pd.DataFrame, years: list[periods.Days]) -> pd.DataFrame:
    """One row per year, in their order: from_on, to_on, projects (won deals), amount, with_amount (how many have one),
    size (amount ÷ those), margin, with_margin, margin_share (margin ÷ amount of the projects that have both). Amounts
    are empty where no project of the year has one, or a rate is missing, as everywhere; a size of nothing is empty.

    won   `won_deals` of all these years
    """
    rows = []
    for start, end in years:
        own = won[(won["closed_on"] >= pd.Timestamp(start)) & (won["closed_on"] <= pd.Timestamp(end))]
        amount, margin = _amount(own), _margin(own)
        both = own[(own["has_amount"] == 1) & (own["has_margin"] == 1)]
        rows.append(
            {
                "from_on": pd.Timestamp(start),
                "to_on": pd.Timestamp(end),
                "projects": len(own),
                "amount": amount,
                "with_amount": int(own["has_amount"].sum()),
                "size": ratio(amount, int(own["has_amount"].sum())),
                "margin": margin,
                "with_margin": int(own["has_margin"].sum()),
                "margin_share": ratio(_margin(both), _amount(both)),
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(("amount", "size", "margin", "margin_share"), "float64"))


def _margin(deals: pd.DataFrame) -> float | None:
    """The gross margin of some deals, as `amounts.total` says of amounts."""
    margin = deals["gross_margin"]
    lacks_rate = ((deals["has_margin"] == 1) & margin.isna()).astype(int)
    return total(deals.assign(deals=1, with_amount=deals["has_margin"], amount=margin, lacks_rate=lacks_rate))


def wallet(purchases: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row per value of `by` (year, category): ours, theirs (units of currency), share (ours ÷ both; empty of
    nothing), rival (the largest other supplier, empty: none), rival_amount."""
    rows = []
    for key, bought in purchases.groupby(by, sort=True):
        rivals = bought[bought["supplier"] != US].groupby("supplier")["amount"].sum()
        ours = int(bought.loc[bought["supplier"] == US, "amount"].sum())
        theirs = int(rivals.sum())
        rows.append(
            (
                *key,
                ours / MINOR_UNITS,
                theirs / MINOR_UNITS,
                _our_share(bought),
                rivals.idxmax() if theirs else None,
                rivals.max() / MINOR_UNITS if theirs else None,
            )
        )
    return pd.DataFrame(rows, columns=[*by, "ours", "theirs", "share", "rival", "rival_amount"])


def _our_share(purchases: pd.DataFrame) -> float | None:
    whole = int(purchases["amount"].sum())
    return int(purchases.loc[purchases["supplier"] == US, "amount"].sum()) / whole if whole else None
