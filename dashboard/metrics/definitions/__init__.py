"""What every number means: one home, read by the pages, the reports, the exports and `docs/metrics.md`.

A module per subject, each with its `DEFINITIONS`.
"""

from . import (
    allocation,
    attention,
    bridge,
    closing,
    deal,
    flow,
    forecast,
    funnel,
    key_accounts,
    leads,
    life_stage,
    lines,
    one_account,
    opportunities,
    reps,
    revenue,
    support,
)
from .definition import Definition, Unit
from .reports import reported_as

__all__ = ["DEFINITIONS", "SUBJECTS", "Definition", "Unit", "as_markdown"]

SUBJECTS = (
    closing,
    flow,
    forecast,
    revenue,
    bridge,
    funnel,
    key_accounts,
    one_account,
    lines,
    support,
    reps,
    life_stage,
    opportunities,
    deal,
    attention,
    leads,
    allocation,
)
_ALL = tuple(definition for subject in SUBJECTS for definition in subject.DEFINITIONS)

DEFINITIONS: dict[str, Definition] = {definition.key: definition for definition in _ALL}

_UNITS_IN_WORDS = {
    "money": "money, base currency",
    "count": "count",
    "share": "share, 0–1",
    "days": "days",
    "money_per_day": "money per day, base currency",
    "ratio": "times",
    "number": "number",
}


def as_markdown() -> str:
    """`docs/metrics.md`, whole: a test holds the file against it, `make docs` writes it."""
    lines = [
        "# What every number means",
        "",
        "Generated from `dashboard/metrics/definitions/` by `make docs`; edit there. The conventions behind them",
        "(periods, as-of, history, money, credit) are in [conventions.md](conventions.md).",
        "",
        "| key | name | 名称 | unit | meaning | 定义 | n | in reports |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{one.key}` | {one.label_en} | {one.label_zh} | {_UNITS_IN_WORDS[one.unit]} | {one.en} | {one.zh} "
        f"| {one.n} | {', '.join(reported_as(one.key))} |"
        for one in _ALL
    ]
    return "\n".join(lines) + "\n"
