"""What a type checker must find at the door to the data (`make lint`): each line is wrong in the way that it names, and
one that is found no more is reported itself, as an ignored error that is none. Never run."""

from dashboard.answers import Ask
from dashboard.answers.forecast import review
from dashboard.answers.opportunities import openings
from dashboard.answers.pipeline import funnel
from dashboard.ask import answer_of, ask, write
from dashboard.database import now
from data_access import organisation
from data_access.attention import dismissals
from data_access.pipeline.closing import won_by_day
from data_access.scope import Scope


def questions(scope: Scope) -> None:
    names: list[str] = ask(organisation.values_of, scope, "segment")
    days: dict[str, int] = ask(organisation.values_of, scope, "segment")  # type: ignore[arg-type]
    ask(organisation.values_of, scope)  # type: ignore[call-arg]
    ask(organisation.values_of, scope, 7)  # type: ignore[arg-type]
    ask(organisation.values_of, scope, "segment", "product")  # type: ignore[call-arg]
    ask(organisation.values_of, scope, which="segment")  # type: ignore[call-arg]
    ask(won_by_day, None)  # type: ignore[misc]
    ask(organisation.state, scope)  # type: ignore[misc]
    ask(funnel.funnel, scope)  # type: ignore[arg-type]
    ask(dismissals.revert, scope, 1, at=now())  # type: ignore[misc]
    print(names, days)


def answers(scope: Scope) -> None:
    answer_of(funnel.funnel, scope, "region")
    answer_of(funnel.funnel, scope, by="region")
    answer_of(funnel.funnel, scope, 7)  # type: ignore[arg-type]
    answer_of(funnel.funnel, scope, per="region")  # type: ignore[call-arg]
    answer_of(funnel.funnel, None)  # type: ignore[arg-type]
    answer_of(won_by_day, scope)  # type: ignore[arg-type]
    answer_of(review.calibration, scope)  # type: ignore[call-arg]
    print(answer_of(openings.grid, scope).rows)  # type: ignore[attr-defined]


def writes(scope: Scope) -> None:
    write(dismissals.revert, scope, 1, at=now())
    write(dismissals.revert, scope, 1)  # type: ignore[call-arg]
    write(dismissals.revert, scope, "1", at=now())  # type: ignore[arg-type]
    write(won_by_day, scope)  # type: ignore[arg-type]


def within_an_answer(ask: Ask, scope: Scope) -> None:
    ask(organisation.values_of, scope, "segment").sort()
    ask(organisation.values_of, scope, 7)  # type: ignore[arg-type]
    print(ask(organisation.values_of, scope, "segment").frame)  # type: ignore[attr-defined]
    ask(won_by_day, None)  # type: ignore[misc]
