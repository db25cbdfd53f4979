"""What moved the open pipeline between two days."""

from typing import Any

from dashboard.answers import Ask
from dashboard.metrics.pipeline import bridge as metrics
from data_access.pipeline import bridge as questions
from data_access.scope import Scope


def bridge(ask: Ask, scope: Scope) -> dict[str, Any]:
    """The numbers of `report bridge`: {"values": …, "rates_of": the day whose exchange rates are used, "unknown": the
    ends (opening, closing) of whose deals none has an amount}."""
    opening, closing = (ask(questions.stock, scope, end) for end in ("opening", "closing"))
    return {
        "values": metrics.values(opening, ask(questions.movement_totals, scope), closing),
        "rates_of": scope.flow_end,
        "unknown": metrics.unknown(opening, closing),
    }
