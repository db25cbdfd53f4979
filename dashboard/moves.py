"""The Overview as it opens for who sees everything, as a dry run of an import looks at it before and after."""

from dataclasses import dataclass
from typing import Any

from dashboard.answers import asking
from dashboard.answers.forecast import outlook
from dashboard.answers.overview import numbers
from dashboard.frame.filters import DEFAULT_PRESET
from dashboard.metrics import periods
from dashboard.reports import as_text, contents
from dashboard.sections.overview import summary
from dashboard.words.formats import Formats
from dashboard.words.language import speaking
from data_access import organisation
from data_access.engine import Engine
from data_access.scope import Period


@dataclass(frozen=True)
class Seen:
    """The numbers of `report overview`, and what stands above them: the verdict, its period and its day."""

    head: str
    values: dict[str, Any]


def seen(database: Engine) -> Seen | None:
    """None where there is no deal. `database`: the connection of the import."""
    ask = asking(database)
    state = ask(organisation.state, None)
    if state.first_day is None:
        return None
    scope = as_text.everything(ask)
    period = periods.preset(DEFAULT_PRESET, scope.as_of, state.fiscal_year_start_month)
    scope = scope.but(period=Period(*period))
    with speaking("en"):
        verdict = summary.verdict(
            numbers.overview_for_people(ask, scope)["values"],
            outlook.forecast(ask, scope, True),
            Formats("en", state.base_currency),
        )
    head = f"{verdict} ({period[0]} to {period[1]}, as of {scope.as_of})"
    return Seen(head, as_text.flat(contents.answer(ask, scope, "overview", contents.Wishes())))
