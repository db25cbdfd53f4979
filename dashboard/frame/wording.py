"""Ids in words, in the session's language: what the bar offers and what a page says it is looking at."""

import streamlit as st

from dashboard.frame import identity
from dashboard.frame.filters import CUSTOM
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.scope import Scope


def role_name(role: str) -> str:
    return {"executive": _("Executive"), "director": _("Director"), "manager": _("Regional manager")}[role]


def who(name: str) -> str:
    """Who entered something: a name, or the role of somebody who has none."""
    return role_name(name) if name in identity.ROLES else name


def track_name(track: str) -> str:
    return {"large": _("Large projects"), "fast": _("Fast lane"), "none": _("No track")}[track]


def support_kind_name(kind: str) -> str:
    """A kind of support: of a person, a request, an hour."""
    return {
        "presales": _("Presales"),
        "expert": _("Experts"),
        "solution": _("Solutions"),
        "delivery": _("Delivery"),
        "lab": _("Labs"),
        "budget": _("Budget"),
    }[kind]


def period_name(preset: str) -> str:
    return period_names()[preset]


def period_names() -> dict[str, str]:
    """Every period the bar offers, in its order."""
    return {
        "this_day": _("As-of day"),
        "last_day": _("Day before"),
        "this_week": _("This week"),
        "last_week": _("Last week"),
        "this_month": _("This month"),
        "last_month": _("Last month"),
        "this_quarter": _("This quarter"),
        "last_quarter": _("Last quarter"),
        "this_half_year": _("This half-year"),
        "last_half_year": _("Last half-year"),
        "this_fiscal_year": _("This fiscal year"),
        "last_fiscal_year": _("Last fiscal year"),
        "trailing_12_months": _("Trailing 12 months"),
        CUSTOM: _("Own dates"),
    }


def names() -> dict[str, dict[str, str]]:
    """The names behind ids, by kind (region, owner). `bar.choose` has put them there."""
    return st.session_state.get("names", {"region": {}, "owner": {}})


def region_name(region_id: str | None) -> str:
    return _("No region") if region_id is None else names()["region"].get(region_id, region_id)


def owner_name(rep_id: str) -> str:
    return names()["owner"].get(rep_id, rep_id)


def in_words(scope: Scope, formats: Formats) -> str:
    """What is being looked at: period, people and places, filters, and as of when."""
    return " · ".join([_period_in_words(scope, formats), without_period(scope, formats)])


def in_lines(scope: Scope, formats: Formats) -> list[tuple[str, str]]:
    """The same, each thing by its name; filters that are not set are not named."""
    told = [
        (_("Region"), _regions_in_words(scope)),
        (_("Period"), _period_in_words(scope, formats)),
        (_("As of"), formats.date(scope.as_of)),
        (_("Segment"), _(", ").join(scope.segments)),
        (_("Owner"), scope.owner and owner_name(scope.owner)),
        (_("Track"), scope.track and track_name(scope.track)),
        (_("Sales pipeline"), scope.pipeline),
        (_("Product"), scope.product),
        (_("Source"), scope.source),
    ]
    return [(name, value) for name, value in told if value]


def without_period(scope: Scope, formats: Formats) -> str:
    """People and places, filters, and as of when."""
    parts = [_regions_in_words(scope), *scope.segments]
    if scope.owner:
        parts.append(owner_name(scope.owner))
    if scope.track:
        parts.append(track_name(scope.track))
    parts += [value for value in (scope.pipeline, scope.product, scope.source) if value]
    parts.append(_("as of {day}").format(day=formats.date(scope.as_of)))
    return " · ".join(parts)


def _period_in_words(scope: Scope, formats: Formats) -> str:
    days = f"{formats.date(scope.period.start)} – {formats.date(scope.period.end)}"
    if scope.period != st.session_state.get("scope", scope).period:  # of something on the page with days of its own
        return days
    name = period_name(st.session_state.get("f_period", CUSTOM))
    if scope.as_of < scope.period.end:
        return _("{period} to date ({days})").format(period=name, days=days)
    return _("{period} ({days})").format(period=name, days=days)


def _regions_in_words(scope: Scope) -> str:
    chosen = scope.regions or scope.person.regions
    if not chosen:
        return _("All regions")
    return _("{regions} and below").format(regions=_(", ").join(region_name(region) for region in chosen))
