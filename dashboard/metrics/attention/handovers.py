"""What became of lines that were given to somebody, and of like lines that were not. Pure.

A line is followed from the day on which it was seen to the as-of date, under its first reason alone, so that it counts
once. The two groups differ (who gives chooses), so that the one beside the other says nothing of whether giving helps.
"""

import pandas as pd

from dashboard.metrics.attention.lines import SUBJECT, is_worse, subjects
from dashboard.metrics.intervals import wilson

COUNTS = ("lines", "gone", "same", "worse", "won", "lost")


def became(then: pd.DataFrame, now: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """Per line what it is now: gone (nothing is listed of it), worse (a reason more, or over a tenth more at risk), or
    same: still there.

    then     lines as they were seen: SUBJECT, rules (a tuple), value_at_risk
    now      `lines.lines` as of the date
    listed   the same of whatever is listed, what is dismissed too: putting a line aside does not mend it
    """
    there = set(subjects(listed))
    known = dict(zip(subjects(now), zip(now["rules"], now["value_at_risk"], strict=True), strict=True))
    found = []
    for subject, rules, at_risk in zip(subjects(then), then["rules"], then["value_at_risk"], strict=True):
        if subject not in there:
            found.append("gone")
            continue
        is_so = subject in known and is_worse(*known[subject], rules, at_risk)
        found.append("worse" if is_so else "same")
    return pd.Series(found, index=then.index, dtype=object)


def not_given(earlier: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Of the lines of earlier days (seen_on) those comparable with lines given: seen on a day on which a line with the
    same first reason, of the same kind, was given, and not given to anybody. Each once, from the first such day on.
    """
    alike = ["seen_on", "subject_kind", "rule"]
    wanted = pd.MultiIndex.from_frame(given[alike])
    found = earlier[pd.MultiIndex.from_frame(earlier[alike]).isin(wanted)]
    found = found[~pd.MultiIndex.from_frame(found[SUBJECT]).isin(pd.MultiIndex.from_frame(given[SUBJECT]))]
    return found.sort_values("seen_on", kind="stable").drop_duplicates([*SUBJECT, "rule"])


def followed(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per rule and whether its lines were given, those with most lines given first: rule, is_given, COUNTS,
    gone_share with the ends of its 80 % interval (low, high). Each line counts once among gone, same and worse; won
    and lost are deals, and gone too.

    lines   rule, is_given, became, outcome
    """
    parts = {name: lines["became"] == name for name in ("gone", "same", "worse")}
    parts |= {name: lines["outcome"] == name for name in ("won", "lost")}
    counted = pd.DataFrame({"rule": lines["rule"], "is_given": lines["is_given"].astype(bool), "lines": 1, **parts})
    found = counted.groupby(["rule", "is_given"])[list(COUNTS)].sum().astype(int)
    given = counted[counted["is_given"]].groupby("rule").size()
    found = found.reset_index().assign(of_rule=lambda rows: rows["rule"].map(given))
    found = found.sort_values(["of_rule", "rule", "is_given"], ascending=[False, True, False], ignore_index=True)
    low, high = wilson(found["gone"], found["lines"])
    return found.drop(columns="of_rule").assign(gone_share=found["gone"] / found["lines"], low=low, high=high)
