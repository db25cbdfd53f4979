"""One line per deal, account, region or person: its reasons together. Pure."""

from collections.abc import Sequence

import pandas as pd

MOST = 15
"""So many lines of a week are read by one person."""
WORSE = 1.10
"""A value at risk that grew by more than a tenth is worse: a deal that moves a stage on moves a little."""

GAPS = frozenset({"assessment_overdue", "never_assessed", "key_without_director", "key_without_goal", "large_unscored"})
"""Rules about what nobody wrote down."""

SUBJECT = ["subject_kind", "subject_id"]
"""What makes a line the same one on another day."""

OF_A_WEEK = frozenset({"opportunity", "support_request", "account"})
"""What the rules are about whose lines a week begins with."""

_VIEWS = {"opportunity": "deals", "account": "accounts", "support_request": "gaps"}


def lines(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per subject, most value at risk first.

    rows    the rows of all rules; a request for support on an open deal is a reason of the deal
    subject_kind, subject_id, subject, opportunity_id, account_id
    rules             its reasons, a tuple; the first of them is the one with most value, then the longest
    value_at_risk     of the largest reason, never the sum; empty: not known
    is_assumed        whether that value rests on too few cases of its own
    is_revenue        whether it is revenue of twelve months, on an account without an open deal; of no line of a week
    days              of the longest (empty: nobody knows)
    owner_id, owner   empty where one has to be named first: the owner left, moved or is missing
    region_id, region
    view              deals, accounts, capacity, or gaps: nothing but what nobody wrote down
    """
    of_deal = rows["opportunity_id"].notna()
    found = rows.assign(
        subject_kind=rows["subject_kind"].mask(of_deal, "opportunity"),
        subject_id=rows["subject_id"].mask(of_deal, rows["opportunity_id"]),
    )
    found = found.sort_values(
        ["value_at_risk", "days", "rule"], ascending=[False, False, True], na_position="last", kind="stable"
    )
    reasons: dict[tuple, dict] = {}  # a dictionary keeps the order, and each rule once
    for kind, subject_id, rule in found[[*SUBJECT, "rule"]].itertuples(index=False, name=None):
        reasons.setdefault((kind, subject_id), {})[rule] = None
    named = ["subject", "value_at_risk", "is_assumed", "is_revenue", "opportunity_id", "account_id"]
    named += ["owner_id", "owner", "region_id", "region"]
    first = found.drop_duplicates(SUBJECT).set_index(SUBJECT)[named]
    longest = found.groupby(SUBJECT, sort=False)["days"].max()
    together = first.assign(rules=list(map(tuple, reasons.values())), days=longest).reset_index()
    is_ownerless = pd.MultiIndex.from_frame(together[SUBJECT]).isin(pd.MultiIndex.from_frame(_ownerless(found)))
    together.loc[is_ownerless, ["owner_id", "owner"]] = None
    is_gap = pd.Series([set(rules) <= GAPS for rules in together["rules"]], index=together.index, dtype=bool)
    view = together["subject_kind"].map(_VIEWS).fillna("capacity").mask(is_gap, "gaps")
    return together.assign(view=view)


def _ownerless(rows: pd.DataFrame) -> pd.DataFrame:
    """The subjects for which somebody has to be named, so that it is the manager's turn."""
    has_lost = rows["detail"].str.contains("left|moved|missing", na=False)
    return rows.loc[(rows["rule"] == "owner_left") | ((rows["rule"] == "orphaned") & has_lost), SUBJECT]


def is_worse(rules: Sequence[str], at_risk: float, earlier_rules: Sequence[str], earlier_at_risk: float) -> bool:
    """Whether a line has a reason more than earlier, or over a tenth more at risk; what is not known has not grown."""
    is_known = pd.notna(at_risk) and pd.notna(earlier_at_risk)
    return (is_known and bool(at_risk > earlier_at_risk * WORSE)) or bool(set(rules) - set(earlier_rules))


def this_week(now: pd.DataFrame, before: pd.DataFrame, waiting: pd.DataFrame | None = None) -> pd.DataFrame:
    """The first lines of deals and accounts by value at risk, with since: new (no line seven days earlier), worse (a
    reason more, or a value at risk more than a tenth higher), or same.

    now, before   `lines` as of the date and seven days earlier
    waiting       SUBJECT of lines given to somebody who still has time: they make room for others
    """
    first = ranked(now if waiting is None else without(now, waiting))
    known = dict(zip(subjects(before), zip(before["rules"], before["value_at_risk"], strict=True), strict=True))
    since = []
    for subject, rules, at_risk in zip(subjects(first), first["rules"], first["value_at_risk"], strict=True):
        was = known.get(subject)
        since.append("new" if was is None else "worse" if is_worse(rules, at_risk, *was) else "same")
    return first.assign(since=pd.Series(since, index=first.index, dtype=object))


def subjects(found: pd.DataFrame) -> list[tuple[str, str]]:
    """What each line is about, in their order: its kind and its key. An index of two levels would say the same, and
    costs ten times as much to make as the few lines looked for in it."""
    return list(zip(found["subject_kind"].tolist(), found["subject_id"].tolist(), strict=True))


def without(found: pd.DataFrame, waiting: pd.DataFrame) -> pd.DataFrame:
    """The lines but for those given to somebody who still has time (SUBJECT)."""
    return _but(found, set(subjects(waiting)))


def gone(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The lines among the first of seven days earlier of whose subjects none is left."""
    return _but(ranked(before), set(subjects(now))).reset_index(drop=True)


def _but(found: pd.DataFrame, others: set[tuple[str, str]]) -> pd.DataFrame:
    return found[[subject not in others for subject in subjects(found)]] if others else found


def ranked(found: pd.DataFrame) -> pd.DataFrame:
    """The first lines of those that a week begins with: deals, and accounts with open deals."""
    own = of_week(found)
    return own[(own["value_at_risk"] > 0).fillna(False)].head(MOST).reset_index(drop=True)


def is_risk_unknown(found: pd.DataFrame) -> bool:
    """Whether something leaks of deals and accounts whose value at risk nobody knows."""
    return bool((_is_open(found) & found["value_at_risk"].isna()).any())


def at_risk(found: pd.DataFrame) -> float:
    """What is at risk of the weighted pipeline: of every line about open deals, each deal's money once. NaN where of
    none of them it is known: nothing at risk would be 0."""
    amounts = found.loc[_is_open(found), "value_at_risk"].astype(float)
    return float(amounts.sum(min_count=1)) if len(amounts) else 0.0


def by_owner(found: pd.DataFrame) -> pd.DataFrame:
    """Whose turn it is in the lines of deals and accounts with open deals: one row per owner, and per region where
    one has to be named first; most value at risk first.

    key             of `owner_key`
    owner_id, owner, region_id, region   as in `lines`
    lines, value_at_risk                 empty where none of it is known
    """
    own = of_week(found)
    key = owner_key(own).rename("key")
    of_owner = own["value_at_risk"].groupby(key, sort=False)
    named = own[["owner_id", "owner", "region_id", "region"]].groupby(key, sort=False).first()
    told = named.assign(lines=of_owner.size(), value_at_risk=of_owner.sum(min_count=1)).reset_index()
    return told.sort_values(["value_at_risk", "lines"], ascending=False, na_position="last", ignore_index=True)


def owner_key(found: pd.DataFrame) -> pd.Series:
    """Whose turn a line is: its owner, else its region, else nobody's but the company's."""
    return found["owner_id"].fillna("region " + found["region_id"]).fillna("")


def of_week(found: pd.DataFrame) -> pd.DataFrame:
    """The lines that a week may begin with, whatever they are worth: of deals, and of accounts with open deals."""
    return found[_is_open(found) & found["view"].isin(("deals", "accounts"))]


def _is_open(found: pd.DataFrame) -> pd.Series:
    is_revenue = found["is_revenue"].fillna(False).astype(bool)
    return found["subject_kind"].isin(("opportunity", "account")) & ~is_revenue
