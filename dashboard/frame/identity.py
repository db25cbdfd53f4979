"""Who is asking. Until there is a sign-in, the role switch of the bar stands in for it."""

from typing import cast

from data_access.errors import Refused
from data_access.scope import Person, Role

ROLES = ("executive", "director", "manager")


def person(role: str, region: str | None = None) -> Person:
    """The person a role stands for: an executive or director sees everything, a manager their region."""
    if role == "manager":
        return Person("manager", regions=(region,) if region else None)
    return Person(cast(Role, role))  # which refuses what is no role


def from_text(text: str) -> Person:
    """The person `executive`, `director` or `manager:REGION` stands for, as in a URL or a command."""
    role, _, region = text.partition(":")
    if region and role != "manager":
        raise Refused(f"A {role} sees every region, so {text!r} means nothing. Only managers have a region.")
    return person(role, region or None)
