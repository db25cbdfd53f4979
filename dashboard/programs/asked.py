"""What a program may ask of each report: the options of the command `report`, declared once for both doors."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from dashboard.metrics.periods import PRESETS
from dashboard.reports.contents import Wishes
from data_access.database.limits import FIRST_YEAR, LAST_YEAR, LONGEST_NAME
from data_access.errors import Refused
from data_access.scope import Track

_MOST = 50  # regions or segments of one question
_TOLD = 10  # mistakes


def _day(said: object) -> date:
    """A day as text alone: Pydantic would take a number for seconds since 1970."""
    try:
        day = datetime.strptime(said, "%Y-%m-%d").date() if isinstance(said, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("a day is written as 2026-01-31")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"days go from the year {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, Field(max_length=LONGEST_NAME)]
Texts = Annotated[tuple[Text, ...], Field(max_length=_MOST)]
_Read = TypeVar("_Read", bound=BaseModel)
Period = Literal[PRESETS]  # type: ignore[valid-type]  # the names are declared once, where their days are found


class Asked(BaseModel):
    """The scope of a report. What it does not know is refused: a filter passed over would answer for the company."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: Period | None = Field(None, description="A period around as_of, in place of `from` and `to`.")
    start: Day | None = Field(None, alias="from", description="First day; the first of the data unless given.")
    end: Day | None = Field(None, alias="to", description="Last day, inside; as_of unless given.")
    as_of: Day | None = Field(None, description="The state at the end of this day; the last of the data unless given.")
    region: Texts = Field(
        (), description="Regions by id or name, each with all below it; all one may see unless given."
    )
    segment: Texts = Field((), description="Industries or customer classes.")
    pipeline: Text | None = None
    track: Track | None = None
    owner: Text | None = Field(None, description="A rep's id.")
    product: Text | None = None
    source: Text | None = None
    with_left_out: bool = Field(False, description="Count qualified-out and duplicate deals as lost.")

    def filters(self) -> dict[str, Any]:
        """The scope as `as_text.scope_of` takes it."""
        names = ("period", "start", "end", "as_of", "pipeline", "track", "owner", "product", "source", "with_left_out")
        return {name: getattr(self, name) for name in names} | {"regions": self.region, "segments": self.segment}

    def wishes(self) -> Wishes:
        """What this report can be asked beyond its scope."""
        return Wishes()


class AskedDeals(Asked):
    of: Text = Field("open", description="Which deals: open, coverage, won, lost, closed, created, pipeline_created.")

    def wishes(self) -> Wishes:
        return Wishes(what=self.of)


class AskedKeyAccounts(Asked):
    weights: Text | None = Field(None, description="A draft, as past_revenue=4,potential=3.")
    top: float | None = Field(None, ge=0, le=1, description="The top share of each group that is key.")
    cut_points: Text | None = Field(None, description="The ten cut points of past revenue, separated by commas.")
    profile: int | None = Field(None, ge=1, description="A published version; the one valid then unless given.")

    def wishes(self) -> Wishes:
        return Wishes(version=self.profile, weights=self.weights, top=self.top, cut_points=self.cut_points)


class AskedAllocation(Asked):
    tilt: float | None = Field(None, ge=0, le=0.5, description="The share of hours kept for subsistence-stage reps.")

    def wishes(self) -> Wishes:
        return Wishes(tilt=self.tilt)


_OF: dict[str, type[Asked]] = {"deals": AskedDeals, "key-accounts": AskedKeyAccounts, "allocation": AskedAllocation}


def of(report: str) -> type[Asked]:
    """What this report can be asked."""
    return _OF.get(report, Asked)


def parameters(kind: type[BaseModel]) -> list[str]:
    """Their names, as programs write them."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def read(kind: type[_Read], said: dict[str, Any]) -> _Read:
    """What was asked, of names and values. Raises Refused with each that is wrong, and what there is; values that were
    said are not repeated: one of them may be a secret in the wrong place."""
    try:
        return kind.model_validate(said)
    except ValidationError as wrong:
        found = [f"{'.'.join(map(str, one['loc']))[:LONGEST_NAME]!r}: {_why(one)}" for one in wrong.errors()[:_TOLD]]
        raise Refused(f"{'; '.join(found)}. Parameters are {', '.join(parameters(kind))}.") from None


def _why(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such parameter"
    return error["msg"].removeprefix("Value error, ")
