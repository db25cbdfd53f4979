"""What the account page calls things."""

from collections.abc import Mapping

import pandas as pd

from dashboard.metrics.accounts.key_accounts import FACTORS, OTHERS
from dashboard.metrics.accounts.one_account import WINDOWS
from dashboard.words.formats import DASH, Formats, is_missing
from dashboard.words.language import _, label


def group_name(group: str) -> str:
    return _("Others") if group == OTHERS else group


def role_name(role: str) -> str:
    return {"owner": _("Owner"), "director": _("Key-account director"), "fill_in": _("Fill-in")}[role]


def windows() -> dict[str, str]:
    return dict(zip(WINDOWS, (_("0–3 months"), _("3–12 months"), _("1–3 years")), strict=True))


def subjects() -> dict[str, str]:
    """What is assessed in a rhythm."""
    return (
        {factor: label(factor) for factor in FACTORS[1:]}
        | {window: _("Needs, {window}").format(window=name) for window, name in windows().items()}
        | {"closeness": label("closeness")}
    )


def level_name(seniority) -> str:
    return _("not known") if is_missing(seniority) else _("Level {n}").format(n=int(seniority))


def activity_kinds() -> dict[str, str]:
    return {
        "call": _("Call"),
        "email": _("E-mail"),
        "meeting": _("Meeting"),
        "visit": _("Visit"),
        "demo": _("Demo"),
        "proposal": _("Proposal"),
        "other": _("Other"),
    }


def origins() -> dict[str, str]:
    return {
        "plan": _("Customer plan"),
        "assigned": _("Assigned by a superior"),
        "collaboration": _("Collaboration"),
        "care": _("Customer care"),
    }


def territories() -> dict[str, str]:
    return {"ours": _("our territory"), "neutral": _("neutral territory"), "theirs": _("their territory")}


def positions() -> dict[str, str]:
    return {"ahead": _("we lead"), "even": _("even"), "behind": _("we trail")}


def openings() -> dict[str, str]:
    return {"normal": _("normal"), "problem": _("problem"), "abnormal": _("abnormal")}


def named(values: pd.Series, names: Mapping) -> pd.Series:
    """The values by their names; what has none stays empty."""
    return values.map(names).astype(object).where(values.notna(), None)


def out_of_ten(score, form: Formats) -> str:
    return DASH if is_missing(score) else _("{score} of 10").format(score=form.number(score))
