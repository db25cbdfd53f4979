"""What moved the open pipeline between two days."""

from typing import Any

from dashboard.answers import Ask
from dashboard.metrics.pipeline import bridge as metrics
from data_access.pipeline import bridge as questions
from data_access.scope import Scope


def bridge(ask: Ask, scope: Scope) -> dict[str, Any]:
    """The numbers of `report bridge`: {"values": …, "rates_of": the day whose exchange rates are used}."""
    values = metrics.values(
        ask(questions.stock, scope, "opening"),
        ask(questions.movement_totals, scope),
        ask(questions.stock, scope, "closing"),
    )
    return {"values": values, "rates_of": scope.flow_end}
