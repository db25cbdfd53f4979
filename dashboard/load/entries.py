"""What people enter on pages."""

from data_access import entries
from data_access.engine import database_url, for_pages
from data_access.scope import Scope

from .cache import now


def enter(scope: Scope, table: str, subject_id: str, rows: list[dict]) -> tuple[str, ...]:
    """Writes entries about an account, a deal or a rep as the person of the scope; gives their ids.
    See data_access.entries.enter.
    """
    return entries.enter(for_pages(database_url()), scope.person, table, subject_id, rows, at=now())


def withdraw(scope: Scope, table: str, subject_id: str, entry_ids: tuple[str, ...]) -> None:
    """Takes entries back as the person of the scope. See data_access.entries.withdraw."""
    entries.withdraw(for_pages(database_url()), scope.person, table, subject_id, entry_ids, at=now())
