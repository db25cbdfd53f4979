"""The shared filters: a `Choice`, written to the URL and read from it, and the `Scope` it stands for.

Pure but for `chosen`. The URL holds stable ids, never labels, so a link means the same in both languages;
what equals the default is left out of it:

    role=manager:EAST (where there is no sign-in)  period=last_quarter | from=2026-07-01&to=2026-09-30  as_of=2026-11-21
    region=EAST&region=WEST  segment=…  owner=…  track=large|fast|none  pipeline=…  product=…  source=…
    lang=en  present=1  account=A00031  deal=D000123  rep=R0012  rule=stalled&rule=overdue  group=…
    draft={"weights":[20,40,20,20]}  text=win%20rate  tab=stages  open=cards:won_amount

`account`, `deal`, `rep`, `rule`, `group`, `draft` and `text` are each one page's own: they go along to no other page,
and the page sees to those it does not know. So are `tab` and `open` (see `drawer`), whichever page shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

import streamlit as st

from dashboard.frame import identity
from dashboard.metrics import periods
from dashboard.words.language import LANGUAGES, of_address
from data_access.scope import Period, Person, Scope, Track

PRESETS = periods.PRESETS
CUSTOM = "custom"
DEFAULT_PRESET = "this_quarter"
# Of the session's state and of the address: which rules Attention lists, all where there are none; which group the
# ranking shows, the largest where there is none; what the weight lab holds, see `sections.accounts.lab_draft`; and the
# text that Definitions looks for.
RULE, GROUP, DRAFT, TEXT = "rule", "group", "draft", "text"
PRESENT = "present"  # likewise
LARGER = 1.25  # in presentation, so many times

# Characters of an address's query: what HAProxy takes of a request's first line (16 KB), with room for the path.
LONGEST_QUERY = 15_000

# A period chosen by hand may reach this far beyond the data: targets lie ahead, and a typing error farther.
_FARTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Offered:
    """What there is to choose from: the ids in the data, for the whole organisation.

    last_day   the last day on which anything in the data happened
    today      the day it is; nobody looks at a later one
    below      each region id with all ids under it, itself included
    """

    first_day: date
    last_day: date
    today: date
    fiscal_year_start_month: int = 1
    below: Mapping[str, frozenset[str]] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def latest(self) -> date:
        """The as-of date that nothing needs to be said for."""
        return min(self.last_day, self.today)

    def regions_for(self, role: str | None, role_region: str | None) -> frozenset[str]:
        """The regions this role may choose."""
        if role == "manager":
            return self.below.get(role_region or "", frozenset())
        return frozenset(self.below if role else ())

    def regions_of(self, person: Person) -> frozenset[str]:
        """The regions somebody who has signed in may choose."""
        if person.regions is None:
            return frozenset(self.below)
        return frozenset().union(*(self.below.get(region, frozenset()) for region in person.regions))


@dataclass(frozen=True)
class Choice:
    """What the bar holds. None or empty: no narrowing; `as_of` None: the last day of the data."""

    role: str | None = "executive"  # None: the address asks for one that does not exist, and nothing may be shown
    role_region: str | None = None  # of a manager
    preset: str = DEFAULT_PRESET  # or CUSTOM, with start and end
    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    regions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    owner: str | None = None
    track: str | None = None
    pipeline: str | None = None
    product: str | None = None
    source: str | None = None
    account: str | None = None  # of the account page
    deal: str | None = None  # of the page Opportunities
    rep: str | None = None  # of the rep's page
    rule: tuple[str, ...] = ()  # of the page Attention
    group: str | None = None  # of the page Key accounts
    draft: str | None = None  # of its weight lab
    text: str | None = None  # of the page Definitions
    tab: str | None = None  # of the page that is open; None: its first
    open: str | None = None  # in that page's drawer; None: nothing
    present: str | None = None  # "1": in front of people, without the frame
    language: str | None = None  # None: the browser's


def to_url(choice: Choice) -> dict[str, str | list[str]]:
    """The query parameters of a choice, without what equals the default."""
    given: dict[str, str | list[str] | None] = {
        "role": f"manager:{choice.role_region}" if choice.role == "manager" else choice.role,
        "period": choice.preset if choice.preset != CUSTOM else None,
        "from": choice.start.isoformat() if choice.preset == CUSTOM and choice.start else None,
        "to": choice.end.isoformat() if choice.preset == CUSTOM and choice.end else None,
        "as_of": choice.as_of.isoformat() if choice.as_of else None,
        "region": list(choice.regions),
        "segment": list(choice.segments),
        "owner": choice.owner,
        "track": choice.track,
        "pipeline": choice.pipeline,
        "product": choice.product,
        "source": choice.source,
        "account": choice.account,
        "deal": choice.deal,
        "rep": choice.rep,
        "rule": list(choice.rule),
        "group": choice.group,
        "draft": choice.draft,
        "text": choice.text,
        "tab": choice.tab,
        "open": choice.open,
        "present": choice.present,
        "lang": choice.language,
    }
    defaults = {"role": "executive", "period": DEFAULT_PRESET}
    return {key: value for key, value in given.items() if value and value != defaults.get(key)}


def from_url(
    parameters: Mapping[str, Sequence[str]], offered: Offered, person: Person | None = None
) -> tuple[Choice, list[str]]:
    """The choice a URL stands for, and what in it means nothing here (as `key=value`), left at its default.

    person   who has signed in: whatever role the URL asks for is passed over then

    Parameters that are none of ours are ignored: links get decorated on their way.
    """
    meaningless: list[str] = []
    parameters = {**parameters, "lang": [of_address(asked) or asked for asked in parameters.get("lang", ())]}

    def several(key: str, known) -> tuple[str, ...]:
        values = dict.fromkeys(parameters.get(key, ()))
        meaningless.extend(f"{key}={value}" for value in values if value not in known)
        return tuple(value for value in values if value in known)

    def one(key: str, known) -> str | None:
        return next(reversed(several(key, known)), None)

    def day(key: str, earliest: date, latest: date) -> date | None:
        text = _last(parameters, key)
        found = _day(text)
        if text and not (found and earliest <= found <= latest):
            meaningless.append(f"{key}={text}")
            return None
        return found

    role, role_region = _role(() if person else parameters.get("role", ()), offered)
    visible = offered.regions_of(person) if person else offered.regions_for(role, role_region)
    if role is None:
        meaningless.extend(f"role={asked}" for asked in parameters["role"])
    start, end = day("from", *bounds(offered)), day("to", *bounds(offered))
    is_custom = bool(start and end and start <= end)
    if (start or end) and not is_custom:  # half a period, or one that ends before it starts
        meaningless.extend(f"{key}={found}" for key, found in (("from", start), ("to", end)) if found)
    as_of = day("as_of", offered.first_day, offered.latest)
    choice = Choice(
        role=role,
        role_region=role_region,
        preset=CUSTOM if is_custom else one("period", PRESETS) or DEFAULT_PRESET,
        start=start if is_custom else None,
        end=end if is_custom else None,
        as_of=None if as_of == offered.latest else as_of,
        regions=several("region", visible),
        segments=several("segment", offered.segments),
        owner=one("owner", offered.owners),
        track=one("track", offered.tracks),
        pipeline=one("pipeline", offered.pipelines),
        product=one("product", offered.products),
        source=one("source", offered.sources),
        account=_last(parameters, "account") or None,
        deal=_last(parameters, "deal") or None,
        rep=_last(parameters, "rep") or None,
        rule=tuple(dict.fromkeys(parameters.get("rule", ()))),
        group=_last(parameters, "group") or None,
        draft=_last(parameters, "draft") or None,
        text=_last(parameters, "text") or None,
        tab=_last(parameters, "tab") or None,
        open=_last(parameters, "open") or None,
        present=one("present", ("1",)),
        language=one("lang", LANGUAGES),
    )
    return choice, meaningless


def _last(parameters: Mapping[str, Sequence[str]], key: str) -> str | None:
    values = parameters.get(key)
    return values[-1] if values else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def shows_nothing(parameters: Mapping[str, Sequence[str]], choice: Choice) -> bool:
    """Whether a page must show nothing at this URL: it asks for a role that does not exist, or narrows by values that
    all mean nothing here. Left aside they would show more than was asked for."""
    narrowed = {
        "region": choice.regions,
        "segment": choice.segments,
        **{key: getattr(choice, key) for key in ("owner", "track", "pipeline", "product", "source")},
    }
    return choice.role is None or any(parameters.get(key) and not left for key, left in narrowed.items())


def is_too_long(parameters: Mapping[str, Sequence[str]]) -> bool:
    """Whether a URL says more than any page of ours writes into it."""
    return sum(len(key) + len(value) for key, values in parameters.items() for value in values) > LONGEST_QUERY


def _role(asked: Sequence[str], offered: Offered) -> tuple[str | None, str | None]:
    """The role in a URL and the region of a manager; no role where it means none, or several are asked for."""
    if len(set(asked)) > 1:
        return None, None
    text = asked[0] if asked else "executive"
    role, _, region = text.partition(":")
    if role == "manager" and region in offered.below:
        return role, region
    return (text, None) if text in ("executive", "director") else (None, None)


def bounds(offered: Offered) -> tuple[date, date]:
    """The earliest and latest day a period chosen by hand may have."""
    return offered.first_day - _FARTHEST, offered.last_day + _FARTHEST


def to_scope(choice: Choice, offered: Offered, person: Person | None = None) -> Scope:
    """The scope a choice stands for: of who has signed in, else of the role chosen."""
    as_of = choice.as_of or offered.latest
    return Scope(
        person=person or identity.person(choice.role or "", choice.role_region),
        period=_period(choice, as_of, offered.fiscal_year_start_month),
        as_of=as_of,
        last_day=offered.latest,
        regions=choice.regions,
        segments=choice.segments,
        owner=choice.owner,
        product=choice.product,
        source=choice.source,
        track=cast(Track | None, choice.track),  # the scope refuses what is no track
        pipeline=choice.pipeline,
    )


def before(scope: Scope) -> Scope:
    """The like-for-like scope: a period still running is compared with as many days of the one before."""
    period, as_of = periods.like_for_like((scope.period.start, scope.period.end), scope.as_of)
    return scope.but(period=Period(*period), as_of=as_of)


def _period(choice: Choice, as_of: date, fiscal_year_start_month: int) -> Period:
    if choice.preset == CUSTOM and choice.start and choice.end:
        return Period(choice.start, choice.end)
    return Period(*periods.preset(choice.preset, as_of, fiscal_year_start_month))


def chosen() -> Scope:
    """The scope of this run, for pages. `bar.choose` has put it there."""
    return st.session_state["scope"]


def of_person(scope: Scope) -> Scope:
    """The same person and days, without any filter."""
    return Scope(scope.person, scope.period, scope.as_of, scope.last_day)


def in_month(scope: Scope, month: date) -> Scope:
    """The same scope in the calendar month that begins on this day."""
    start = date(month.year, month.month, 1)
    return scope.but(period=Period(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)))
