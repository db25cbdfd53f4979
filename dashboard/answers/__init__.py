"""Answers: questions asked of the database and turned into numbers. Pages, exports and the command line alike take
them from here, so that there is one way of a number.

Every function takes `ask`, which asks one question of `data_access` about a scope: pages pass a cached one.
"""

from collections.abc import Callable

Ask = Callable[..., object]
"""ask(question, scope, *arguments): the question's frame for the scope."""
