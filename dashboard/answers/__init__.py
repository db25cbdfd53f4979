"""Answers: questions asked of the database and turned into numbers. Pages, exports and the command line alike take
them from here, so that there is one way of a number.

Every function takes `ask`, which asks one question of `data_access` about a scope: pages pass the door `dashboard.ask`.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from data_access.engine import Engine
from data_access.permitted import answered
from data_access.scope import Scope

_Asked = TypeVar("_Asked", bound=Scope | None)
_More = ParamSpec("_More")
_Found = TypeVar("_Found")


class Ask(Protocol):
    """ask(question, scope, *arguments): what the question finds about the scope, as the question itself types both."""

    def __call__(
        self,
        question: Callable[Concatenate[Engine, _Asked, _More], _Found],
        scope: _Asked,
        /,
        *arguments: _More.args,
        **named: _More.kwargs,
    ) -> _Found: ...


def asking(database: Engine) -> Ask:
    """How a command asks: each question of the database, once."""
    known: dict[tuple, Any] = {}

    def ask(question, scope, /, *arguments, **named):
        key = question, repr((scope, arguments, named))
        if key not in known:
            known[key] = answered(question, database, scope, *arguments, **named)
        return deepcopy(known[key])

    return ask
