"""What became of lines given to somebody, and of like lines that were not, straight from the words: every day on which
a line was given is worked out anew, as if it were today, but with what states cost as it is known now."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tests.independent.accounts.key_accounts import Profile
from tests.independent.attention.rules import company_of
from tests.independent.attention.rules_elsewhere import attention
from tests.independent.scopes import Asked

Subject = tuple[str, str]
LEFT_OUT = ("qualified_out", "duplicate")


@dataclass(frozen=True)
class Line:
    """A line on a day: its reasons, the one with most value (then the longest, then by name) first, and that value."""

    rules: tuple[str, ...]
    value: float | None

    def is_worse_than(self, other: "Line") -> bool:
        grown = None not in (self.value, other.value) and self.value > 1.1 * other.value
        return grown or not set(self.rules) <= set(other.rules)


def lines(rows: list[dict]) -> dict[Subject, Line]:
    of_subject = defaultdict(list)
    for row in rows:
        deal = row.get("opportunity_id")
        of_subject[("opportunity", deal) if deal else (row["subject_kind"], row["subject_id"])].append(row)
    found = {}
    for subject, own in of_subject.items():
        own.sort(key=lambda row: (_last(row["value_at_risk"]), _last(row["days"]), row["rule"]))
        found[subject] = Line(tuple(dict.fromkeys(row["rule"] for row in own)), own[0]["value_at_risk"])
    return found


def _last(number: float | None) -> tuple[bool, float]:
    return (number is None, 0 if number is None else -number)


def handed(
    folder: Path,
    asked: Asked,
    base: str,
    today: date,
    profile: Callable[[date], Profile],
    given: dict[Subject, tuple[Line, date]],
) -> dict:
    """`given`: by subject became and outcome; `followed`: by rule and whether given the counts of what became of them.

    given   the lines given, as they were, and the day on which they were seen
    """
    as_of = asked.as_of or today
    company = company_of(folder, asked, base, today, profile(as_of))
    now = lines(attention(folder, asked, base, today, profile(as_of)))
    deals, everything = {deal.key: deal for deal in company.deals}, company.everything()
    regions = {row["account_id"]: row.get("region_id") or None for row in company.facts.rows("account")}

    def outcome(subject: Subject) -> str | None:
        if subject[0] != "opportunity":
            return None
        deal = deals[subject[1]]
        if not everything.has_on(deal, as_of):
            return None
        said = deal.outcome_on(as_of)
        return "left_out" if said == "lost" and deal.loss_reason in LEFT_OUT else said

    def became(subject: Subject, then: Line) -> str:
        if subject not in now:
            return "gone"
        return "worse" if now[subject].is_worse_than(then) else "same"

    def is_seen(subject: Subject) -> bool:
        kind, key = subject
        if kind == "account":
            return company.seen.sees_region(regions[key])
        return company.seen.has_on(deals[key], as_of)

    shown = {subject: one for subject, one in given.items() if is_seen(subject)}
    told = {
        subject: {"became": became(subject, then), "outcome": outcome(subject)} for subject, (then, _) in shown.items()
    }
    groups = defaultdict(list)
    for subject, (then, _) in shown.items():
        groups[then.rules[0], True].append((told[subject]["became"], told[subject]["outcome"]))
    counted = set()
    for day in sorted({day for _, day in shown.values()}):
        wanted = {(subject[0], then.rules[0]) for subject, (then, seen) in shown.items() if seen == day}
        of_day = attention(folder, replace(asked, as_of=day), base, today, profile(day), company.shares)
        for subject, then in lines(
            [row for row in of_day if row["rule"] not in ("coverage", "overload", "scissors")]
        ).items():
            key = (subject, then.rules[0])
            if (subject[0], then.rules[0]) in wanted and subject not in shown and key not in counted:
                counted.add(key)
                groups[then.rules[0], False].append((became(subject, then), outcome(subject)))
    return {"given": told, "followed": {key: _counts(group) for key, group in groups.items()}}


def _counts(group: list[tuple[str, str | None]]) -> dict[str, int]:
    counts = {name: sum(one[0] == name for one in group) for name in ("gone", "same", "worse")}
    return {"lines": len(group)} | counts | {name: sum(one[1] == name for one in group) for name in ("won", "lost")}
