"""What a reading is asked about, as the command line takes it, and which deals are in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from .deals import LEFT_OUT_REASONS, Deal, State
from .facts import Facts


@dataclass(frozen=True)
class Asked:
    """One call of `report`: None or empty where nothing was asked."""

    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    regions: tuple[str, ...] = ()
    owner: str | None = None
    pipeline: str | None = None
    track: str | None = None
    manager_of: str | None = None
    segment: str | None = None
    product: str | None = None
    source: str | None = None
    with_left_out: bool = False

    def arguments(self) -> list[str]:
        """The same, as arguments of the command line."""
        single = {
            "--from": self.start,
            "--to": self.end,
            "--as-of": self.as_of,
            "--owner": self.owner,
            "--pipeline": self.pipeline,
            "--track": self.track,
            "--role": f"manager:{self.manager_of}" if self.manager_of else None,
            "--segment": self.segment,
            "--product": self.product,
            "--source": self.source,
        }
        given = [part for option, value in single.items() if value for part in (option, str(value))]
        given += [part for region in self.regions for part in ("--region", region)]
        return given + ["--with-left-out"] * self.with_left_out

    @property
    def asks_beyond_people_regions_months(self) -> bool:
        return bool(self.pipeline or self.track or self.segment or self.product or self.source)


@dataclass(frozen=True)
class View:
    """A call with its defaults filled in, and the regions it may see (None: everything)."""

    facts: Facts
    asked: Asked
    start: date
    end: date
    as_of: date
    visible: frozenset[str] | None

    @property
    def flow_end(self) -> date:
        return min(self.end, self.as_of)

    @property
    def day_before(self) -> date:
        return self.start - timedelta(days=1)

    def region_of(self, state: State, day: date) -> str | None:
        """The deal's own region, else its owner's of that day."""
        if state.region:
            return state.region
        return self.facts.region_of_rep(state.owner, day) if state.owner else None

    def sees_region(self, region: str | None) -> bool:
        return self.visible is None or region in self.visible

    def has(self, deal: Deal, state: State, day: date) -> bool:
        """Whether the deal in this state belongs to what was asked, on that day."""
        asked = self.asked
        return (
            asked.pipeline in (None, deal.pipeline)
            and asked.track in (None, deal.track)
            and asked.owner in (None, state.owner)
            and asked.segment in (None, deal.segment)
            and asked.product in (None, deal.product)
            and asked.source in (None, deal.source)
            and self.sees_region(self.region_of(state, day))
        )

    def leaves_out(self, deal: Deal) -> bool:
        """Lost for a reason that is no loss (the present reason counts for every loss), unless asked for."""
        return (
            not self.asked.with_left_out
            and deal.outcome_on(self.as_of) == "lost"
            and deal.loss_reason in LEFT_OUT_REASONS
        )

    def has_on(self, deal: Deal, day: date) -> bool:
        return self.has(deal, deal.on(day), day)

    def in_flow(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.flow_end


def view(facts: Facts, deals: list[Deal], asked: Asked, today: date, first_day: date | None = None) -> View:
    """first_day: where a question without a start begins, unless with the first creation or closing of a deal."""
    as_of = asked.as_of or min(facts.last_day, today)
    days = [deal.created for deal in deals] + [
        step.day for deal in deals for step in deal.steps if step.after.outcome != "open"
    ]
    start = asked.start or first_day or min(day for day in days if day is not None)
    visible = None
    if asked.manager_of:
        visible = facts.within(asked.manager_of)
    if asked.regions:
        chosen = set().union(*(facts.within(region) for region in asked.regions))
        visible = chosen if visible is None else visible & chosen
    regions = None if visible is None else frozenset(visible)
    return View(facts, asked, start, asked.end or as_of, as_of, regions)
