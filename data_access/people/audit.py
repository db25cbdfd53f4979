"""What somebody did that others may ask about: written down once, and never changed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data_access.schema import audit_event


def note(
    connection: sa.Connection,
    action: str,
    subject: str,
    by: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Writes down who did what with what, in the transaction of the connection, and when: now unless given."""
    values = {"at": at or moment(), "by": by or "command", "action": action, "subject": subject}
    connection.execute(audit_event.insert().values(**values, detail=sa.null() if detail is None else dict(detail)))


def moment() -> datetime:
    """Now, in UTC and without zone, as it is kept here."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
