"""What leaks, and what was put aside of it."""

from datetime import date

from dashboard.answers.attention import leaks as answers
from data_access.attention import dismissals
from data_access.engine import database_url, for_pages
from data_access.scope import Scope

from .cache import kept, now


def leaks(scope: Scope) -> answers.Leaks:
    return kept(answers.leaks, scope)


def dismiss(scope: Scope, rule: str, subject_kind: str, subject_id: str, reason: str, until_on: date) -> int:
    """Puts a line aside as the person of the scope; gives the dismissal's id. See `data_access.attention`."""
    return dismissals.dismiss(
        for_pages(database_url()), scope.person, rule, subject_kind, subject_id, reason, until_on, at=now()
    )


def revert_dismissal(scope: Scope, dismissal_id: int) -> None:
    """Takes a dismissal back as the person of the scope. See data_access.attention.dismissals.revert."""
    dismissals.revert(for_pages(database_url()), scope.person, dismissal_id, at=now())
