"""Who asks, and about what. Every question takes a `Scope`; a question without one does not exist."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple, Self

from data_access.database.limits import LONGEST_NOTE, must_fit

from .errors import NotAllowed, Refused

Role = Literal["executive", "director", "manager"]
Track = Literal["large", "fast", "none"]  # none: deals without a track

_MAY_WRITE: dict[str, tuple[Role, ...]] = {
    "rep_score": ("manager", "director"),
    "opportunity_score": ("manager", "director"),
    "opening": ("manager", "director"),
    "account_score": ("manager", "director"),
    "closeness_score": ("manager", "director"),
    "account_need": ("manager", "director"),
    "account_goal": ("manager", "director"),
    "scoring_profile": ("director",),
    "allocation_plan": ("director",),
    "forecast_commit": ("manager", "executive"),
    "deal_judgement": ("manager", "executive"),
    "attention_dismissal": ("manager", "director"),
    "attention_handover": ("manager", "director"),
    "saved_view": ("manager", "director", "executive"),
    "board": ("manager", "director", "executive"),
}


@dataclass(frozen=True)
class Person:
    """Somebody who asks: a role, and the regions (with all below them) they may see. None: everything.

    name   who enters what they enter; what they may see does not depend on it, nor do the answers kept for them
    email  by which somebody who signed in is known, in small letters; likewise
    """

    role: Role
    regions: tuple[str, ...] | None = None
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    def __post_init__(self):
        if self.role not in ("executive", "director", "manager"):
            raise Refused(f"Unknown role {self.role!r}. Roles are executive, director and manager:REGION.")
        if self.role == "manager" and not self.regions:
            raise Refused("A manager needs a region: manager:REGION.")

    @property
    def sees_everything(self) -> bool:
        return self.regions is None

    @property
    def key(self) -> str:
        """Under what their own things are kept: two may have one name. Where nobody signs in, each role has its own."""
        return self.email or ":".join((self.role, *(self.regions or ())))

    def must_be_allowed_to_write(self, what: str) -> None:
        """Raises NotAllowed, naming who may, unless this role may write `what` (a table's name)."""
        allowed = _MAY_WRITE[what]
        if self.role not in allowed:
            raise NotAllowed(
                f"A {self.role} cannot change {what.replace('_', ' ')}. That is for: {', '.join(allowed)}."
            )


@dataclass(frozen=True)
class Period:
    """Two calendar days, both inside."""

    start: date
    end: date

    def __post_init__(self):
        if self.end < self.start:
            raise Refused(f"The period ends on {self.end}, before it starts on {self.start}.")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


class Moment(NamedTuple):
    """A period as of a day (all inside): where one question is asked of several, each stands in for a scope's own."""

    start: date
    end: date
    as_of: date

    @property
    def flow_end(self) -> date:
        """The last day whose flows count."""
        return min(self.end, self.as_of)


@dataclass(frozen=True)
class Scope:
    """What a question is about. Days are inclusive here and half-open in SQL (see `filters.py`).

    as_of       the state at the end of this day; flows of the period count up to it
    last_day    the last day on which anything in the data happened: as of it, the present counts
    regions     chosen region ids, each with all below it; empty: all the person may see
    segments    industries (or customer classes); empty: all
    """

    person: Person
    period: Period
    as_of: date
    last_day: date
    regions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    owner: str | None = None
    product: str | None = None
    source: str | None = None
    track: Track | None = None
    pipeline: str | None = None
    with_left_out: bool = field(default=False)  # count qualified-out and duplicate deals as lost

    def __post_init__(self):
        if self.track not in (None, "large", "fast", "none"):
            raise Refused(f"Unknown track {self.track!r}. Tracks are large, fast and none.")
        for asked in (self.owner, self.product, self.source, self.pipeline, *self.regions, *self.segments):
            must_fit("A filter", asked or "", LONGEST_NOTE)

    @property
    def is_live(self) -> bool:
        """Whether the present state of deals without history counts."""
        return self.as_of >= self.last_day

    @property
    def flow_end(self) -> date:
        """The last day whose flows count: the period's end, or the as-of date if that is earlier."""
        return min(self.period.end, self.as_of)

    @property
    def asks_about_deals(self) -> bool:
        """Whether a filter is chosen that only deals have: what is about no deal says nothing under it."""
        return bool(self.product or self.source or self.track or self.pipeline)

    @property
    def moment(self) -> Moment:
        return Moment(self.period.start, self.period.end, self.as_of)

    @property
    def dateless(self) -> Self:
        """The same on the data's last day: for questions that know no days, so that each is asked once."""
        return self.but(period=Period(self.last_day, self.last_day), as_of=self.last_day)

    @property
    def everything(self) -> "Scope":
        """All the person may see, likewise: for questions that know no filters either."""
        return Scope(self.person, Period(self.last_day, self.last_day), self.last_day, self.last_day)

    @property
    def day_before(self) -> date:
        return self.period.start - timedelta(days=1)

    @property
    def asks_beyond_people_regions_months(self) -> bool:
        """A target knows people, regions and months only: under any other filter there is none."""
        return bool(self.segments or self.product or self.source or self.track or self.pipeline)

    def but(self, **changes) -> Self:
        return replace(self, **changes)


def company(scope: Scope) -> Scope:
    """The whole company on the same day: ranks and edges never depend on who asks, or about which region."""
    return Scope(Person("executive"), scope.period, scope.as_of, scope.last_day)
