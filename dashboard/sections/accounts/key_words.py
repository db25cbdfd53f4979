"""Key accounts in words: the answer of the page, and what its sections call things."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from dashboard.answers.accounts.key_accounts import FIRST_BY, FIRST_REASON
from dashboard.frame.parts import Column
from dashboard.metrics.accounts.key_accounts import FACTORS, OTHERS, Profile, middle
from dashboard.metrics.accounts.key_review import ASSESSED, EDGE, whole_percents
from dashboard.sections.accounts.ranking import Ranked
from dashboard.sections.attention import words as attention
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label
from data_access.scope import Scope


def group_name(group: str) -> str:
    return _("Others") if group == OTHERS else group


def with_words(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts with group_name and status in words."""
    status = accounts["is_key"].map({True: _("key"), False: ""}).where(accounts["score"].notna(), _("unscored"))
    return accounts.assign(group_name=accounts["group"].map(group_name), status=status)


def status_column() -> dict[str, Column]:
    """The column of that status, in badges."""
    badges = {_("key"): "open", _("unscored"): "undecided", _("provisional"): "warning"}
    return {"status": replace(Column.each("status")["status"], badges=badges)}


def standing_out(accounts: pd.DataFrame, medians: Mapping[str, float], form: Formats) -> str:
    """Which account is furthest above its group, and by which factor, else furthest below; "" where none is off it.

    accounts   account and a column per factor
    medians    of the group, by factor
    """
    ahead = pd.DataFrame({factor: accounts[factor].astype(float) - medians[factor] for factor in FACTORS}).stack()
    if ahead.empty or not ahead.abs().max() > 0:
        return ""
    row, factor = ahead.idxmax() if ahead.max() > 0 else ahead.idxmin()
    told = _("{account} is furthest ahead by {factor}: {value}, group median {median}")
    if ahead.max() <= 0:
        told = _("{account} is furthest behind by {factor}: {value}, group median {median}")
    return told.format(
        account=accounts.loc[row, "account"],
        factor=label(factor),
        value=form.number(accounts.loc[row, factor]),
        median=form.number(medians[factor]),
    )


def shares_in_words(profile: Profile) -> str:
    """Past revenue 40 %, Potential 30 %, …: whole percentages that sum to 100."""
    percents = whole_percents(profile.shares)
    return _(", ").join(f"{label(factor)} {percent}%" for factor, percent in zip(FACTORS, percents, strict=True))


def published_in_words(published: pd.DataFrame) -> pd.DataFrame:
    """Published versions with who and why in words: people's stand as they wrote them, the first import's are ours."""
    words = {
        FIRST_BY: _("the system"),
        FIRST_REASON: _("Equal weights, the top 20 %, cut points from the revenue at hand."),
    }
    return published.assign(
        published_by=published["published_by"].replace(words), reason=published["reason"].replace(words)
    )


def version_in_words(profile: Profile, published: pd.DataFrame, scope: Scope, form: Formats) -> str:
    """Which profile is in use, who published it, when and why."""
    if published.empty:
        return _("Nothing has been published yet: equal weights, the top {top}, no floor.").format(
            top=form.share(profile.top)
        )
    row = published_in_words(published[published["version"] == profile.version]).iloc[0]
    told = _("Version {version}, published on {day} by {who}: “{reason}”").format(
        version=profile.version, day=form.date(row["published_at"]), who=row["published_by"], reason=row["reason"]
    )
    if not scope.is_live and row["published_at"].date() > scope.as_of:
        told += " " + _("On {day} none was published yet: this first one stands in.").format(day=form.date(scope.as_of))
    elif profile.version != published["version"].iloc[-1]:
        told += " " + _("It was the valid one on {day}; today version {newest} is.").format(
            day=form.date(scope.as_of), newest=published["version"].iloc[-1]
        )
    return told


def missing_in_words(account) -> str:
    """What keeps an account from being scored. `account`: a row of the ranking as a tuple."""
    return _(", ").join(label(factor) for factor in FACTORS if pd.isna(getattr(account, factor)))


def provisional(accounts: pd.DataFrame, form: Formats) -> list[str | None]:
    """Of each account without a score the middle of what it may be, the lowest and the highest: 5 (2.5–7.5)."""
    return [
        _("{middle} ({low}–{high})").format(
            middle=form.number(at, 2), low=form.number(row.score_low, 2), high=form.number(row.score_high, 2)
        )
        if pd.isna(row.score)
        else None
        for at, row in zip(middle(accounts), accounts.itertuples(), strict=True)
    ]


def overdue_in_words(overdue: pd.DataFrame, form: Formats) -> list[str]:
    """Per account the factors whose reassessment is overdue and by how long; see metrics.key_review.days_overdue."""
    return [
        _(", ").join(
            _("{factor} by {days}").format(factor=label(factor), days=form.days(getattr(row, factor)))
            for factor in ASSESSED
            if not pd.isna(getattr(row, factor))
        )
        for row in overdue.itertuples()
    ]


def verdict(shown: pd.DataFrame, form: Formats) -> str:
    """Who is key, and how sure is that: at most 90 characters. `shown`: the accounts shown, with stability."""
    if shown.empty:
        return _("There is no account here.")
    scored, keys = int(shown["score"].notna().sum()), shown[shown["is_key"]]
    if not scored:
        return _("No account here is scored, so none is key.")
    return _("{keys} of {n} scored accounts are key: {sure} are sure, {edge} stand at the edge.").format(
        keys=form.count(len(keys)),
        n=form.count(scored),
        sure=form.count(int((keys["stability"] >= EDGE[1]).sum())),
        edge=form.count(int(shown["stability"].between(*EDGE, inclusive="neither").sum())),
    )


def aside(ranked: Ranked, shown: pd.DataFrame, form: Formats) -> str:
    """What would change it: the nearest weight that tips an account; where nothing is scored, what is missing."""
    if shown["score"].isna().all():
        return _("{missing}.").format(missing=_lacking(shown, form))
    near = ranked.tipping().dropna(subset=["distance"])
    if near.empty:
        return ""
    return _("Nearest to tip: {what}.").format(what=_tips(near.loc[near["distance"].idxmin()], ranked.profile, form))


def to_do(undecided: pd.DataFrame, shown: pd.DataFrame, form: Formats) -> str:
    """What to decide first, of the largest account of which something is undecided, and how much else there is; where
    nothing is scored, that is first.

    undecided   `answers.attention.undecided.undecided` · shown: the accounts shown
    """
    if shown["score"].isna().all():
        return _("To do first: score accounts, the largest first, on the account page or by the file account_score.")
    if undecided.empty:
        return _("To do first: nothing is undecided by the rules of Attention.")
    first, rules = next(undecided.itertuples()), undecided["rule"].value_counts()
    told = _("To do first: {account} ({owner}, {amount} won in 12 months): {action}.").format(
        account=first.account_id if is_missing(first.subject) else first.subject,
        owner=attention.whose(first),
        amount=form.money(first.revenue),
        action=attention.actions()[first.rule],
    )
    each = [f"{attention.rule_name(rule)} {form.count(accounts)}" for rule, accounts in rules.items()]
    return told + " " + _("Undecided accounts: {each}.").format(each=_(", ").join(each))


def _tips(account: pd.Series, profile: Profile, form: Formats) -> str:
    now = profile.shares[FACTORS.index(account["nearest"])]
    told = {
        "account": account["account"],
        "factor": label(account["nearest"]),
        "now": form.share(now),
        "weight": form.share(account["weight"]),
    }
    if told["now"] == told["weight"]:  # at the edge itself, often a tie
        if account["is_key"]:
            return _("the slightest change of {factor}'s weight would make {account} drop out").format(**told)
        return _("the slightest change of {factor}'s weight would make {account} key").format(**told)
    if account["is_key"]:
        return _("with {factor} at {weight} instead of {now}, {account} would drop out").format(**told)
    return _("with {factor} at {weight} instead of {now}, {account} would become key").format(**told)


def _lacking(shown: pd.DataFrame, form: Formats) -> str:
    """Which factors are missing, and for how many accounts."""
    missing = {factor: int(shown[factor].isna().sum()) for factor in FACTORS}
    return _(", ").join(
        _("{factor} is missing for {n} of {all} accounts").format(
            factor=label(factor), n=form.count(n), all=form.count(len(shown))
        )
        for factor, n in missing.items()
        if n
    )
