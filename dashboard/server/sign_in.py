"""Who is asking: nobody signs in (the role switch of the bar, for demonstrations), a proxy says it in a header, or a
provider of OpenID Connect in a token. Whoever is not known for sure is nobody.

The environment says which, for all ways in which the app is started; `serve` sets it from its options.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard import database
from dashboard.frame import identity
from data_access.errors import DatabaseUnusable, Refused
from data_access.people import audit, known as people
from data_access.scope import Person

log = logging.getLogger(__name__)
Mode = Literal["none", "proxy", "oidc"]
MODES = get_args(Mode)
MODE = "DASHBOARD_SIGN_IN"
HOSTS = "DASHBOARD_HOSTS"  # by which browsers may come, beside this machine's own names; separated by commas
HEADER = "DASHBOARD_USER_HEADER"  # in which a proxy says who is asking, by e-mail address
ROLE_CLAIM = "DASHBOARD_ROLE_CLAIM"  # in which a provider says the role of who is not on file, as `report --role` does
SECRETS = "DASHBOARD_SECRETS_FILE"  # with [auth], where it is not .streamlit/secrets.toml
_USUAL_HEADER = "X-Forwarded-Email"
_LONGEST = timedelta(hours=12)  # of a session: a token's own end is minutes away, and ends nothing by itself
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32
_CAME = "came_in"  # in a session, who was last written down as having come, or as turned away


class Nobody(Refused):
    """Nobody known is asking. `name`: who they say they are; empty: they have not signed in."""

    def __init__(self, name: str = ""):
        super().__init__("Sign in first.")
        self.name = name


def mode() -> Mode:
    """How people sign in. Raises Refused where the environment says what is none of the ways."""
    said = os.environ.get(MODE) or "none"
    if said not in MODES:
        raise Refused(f"{MODE} is {said!r}. Ways to sign in are {', '.join(MODES)}.")
    return cast(Mode, said)


def person() -> Person | None:
    """Who is asking in this run; None where nobody signs in. Raises Nobody where it is nobody known."""
    if mode() == "none":
        return None
    return _who(*_asking())


def _asking() -> tuple[str, datetime | None, Mapping[str, Any]]:
    return _of_proxy() if mode() == "proxy" else _of_token()


def _who(email: str, since: datetime | None, claims: Mapping[str, Any]) -> Person:
    """The person with this address, as the files have it now."""
    found = people.known(database.engine(), email)
    if found is None:
        return _of_claim(email, claims)
    if found.person is None or (since and found.signed_out_at and since <= found.signed_out_at):
        raise Nobody(email)
    return found.person


def address() -> str | None:
    """The e-mail address of who is asking; None where nobody signs in. Raises Nobody where they have not."""
    return None if mode() == "none" else _asking()[0]


def is_still(who: Person) -> bool:
    """Whether it is this person who is asking: a part of a page that is drawn alone, or an entry, may come later."""
    try:
        asking = person()
    except Nobody:
        return False
    return asking is None or asking == who


def later(who: Person) -> Callable[[], bool]:
    """`is_still`, for what is asked outside of every run: a file that is made when it is called for."""
    if mode() == "none":
        return lambda: True
    asking = _asking()

    def is_still() -> bool:
        try:
            return _who(*asking) == who
        except Nobody:
            return False

    return is_still


def came(who: Person) -> None:
    """Writes down that somebody came in: once for a sign-in, or for a day where a proxy says who they are."""
    _email, since, _claims = _asking()
    _note("sign_in", f"{since or audit.moment().date()}", who.email)


def was_turned_away(name: str) -> None:
    """Writes down, once a day, that nothing was open to somebody who was asking."""
    if name:
        _note("turn_away", f"{audit.moment().date()}", name)


def _note(action: audit.Access, subject: str, name: str) -> None:
    """Once in a session. A database that takes no writing now stands in nobody's way: the next run tries again."""
    what = action, subject, name
    if st.session_state.get(_CAME) == what:
        return
    try:
        audit.note_access(database.engine(), action, subject, name, once=True)
    except DatabaseUnusable as unusable:
        log.warning("%s of %s could not be written down: %s", action, name, unusable)
    else:
        st.session_state[_CAME] = what


def sign_out() -> None:
    """Ends what this person has open, here and in other tabs."""
    email, _since, _claims = _of_token()
    people.sign_out(database.engine(), email)
    st.logout()


def _of_proxy() -> tuple[str, None, Mapping[str, Any]]:
    said = st.context.headers.get_all(os.environ.get(HEADER) or _USUAL_HEADER)
    if len(said) != 1 or not said[0].strip():  # two of them: one is the browser's own
        raise Nobody
    return said[0], None, {}


def _of_token() -> tuple[str, datetime, Mapping[str, Any]]:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        raise Nobody
    section = _secrets().get(str(claims.get("provider"))) or _secrets()
    email, since = of_claims(claims, str(section.get("client_id", "")), datetime.now(UTC))
    return email, since, claims


def of_claims(claims: Mapping[str, Any], client_id: str, now: datetime) -> tuple[str, datetime]:
    """Whom a token is about, and when it was given, in UTC and without zone. Raises Nobody where it was given to
    another client, too long ago, or about an address that nobody has verified."""
    email, issued, audience = claims.get("email"), claims.get("iat"), claims.get("aud")
    if not isinstance(email, str) or not email.strip():
        raise Nobody
    given_to = [audience] if isinstance(audience, str) else audience
    is_ours = isinstance(given_to, list) and bool(client_id) and given_to == [client_id]
    if not is_ours or not claims.get("email_verified", True) or isinstance(issued, bool):
        raise Nobody(email)
    if not isinstance(issued, int | float) or not -_LONGEST < now - datetime.fromtimestamp(issued, UTC) < _LONGEST:
        raise Nobody(email)
    return email, datetime.fromtimestamp(issued, UTC).replace(tzinfo=None)


def _of_claim(email: str, claims: Mapping[str, Any]) -> Person:
    """The person that a provider's claim makes of somebody who is not on file."""
    name = os.environ.get(ROLE_CLAIM)
    if not name:
        raise Nobody(email)
    said = claims.get(name)
    try:
        return of_roles([said] if isinstance(said, str) else said, email)
    except Refused:
        raise Nobody(email) from None


def of_roles(said: object, name: str) -> Person:
    """The person of these roles: one of a kind, a manager of as many regions as are said. Raises Refused."""
    if not isinstance(said, list) or not said or not all(isinstance(one, str) for one in said):
        raise Refused("A role is a text, or a list of texts.")
    roles = [identity.from_text(one) for one in cast(Sequence[str], said)]
    if len({one.role for one in roles}) > 1:
        raise Refused("Somebody has one role.")
    regions = None if roles[0].regions is None else tuple(one for each in roles for one in each.regions or ())
    return Person(roles[0].role, regions, name=name, email=name.strip().lower())


def _secrets() -> Mapping[str, Any]:
    """[auth] of the secrets, which Streamlit signs in by as well."""
    file = os.environ.get(SECRETS)
    if file and config.get_option("secrets.files") != [file]:
        config.set_option("secrets.files", [file])
    try:
        return st.secrets.get("auth") or {}
    except StreamlitSecretNotFoundError:
        return {}


def must_be_set_up(address: str) -> None:
    """Raises Refused where people could not sign in, or others could pass by the way that is meant."""
    if mode() != "oidc":
        if not is_loopback(address):
            raise Refused(
                f"Without a sign-in of its own the cockpit listens on this machine alone, not on {address}. "
                "Put a proxy in front of it, or choose --sign-in oidc."
            )
        return
    missing = [name for name in _NEEDED if not _secrets().get(name)]
    if missing:
        raise Refused(f"To sign in, [auth] of .streamlit/secrets.toml (or {SECRETS}) needs {', '.join(missing)}.")
    if len(str(_secrets()["cookie_secret"])) < _SHORTEST_SECRET:
        raise Refused(f"The cookie_secret of [auth] is too short. Take {_SHORTEST_SECRET} random characters or more.")


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def redirect_uri() -> str:
    """Where a provider sends people back to; empty where there is none."""
    return str(_secrets().get("redirect_uri", "")) if mode() == "oidc" else ""


def hosts() -> frozenset[str]:
    """The names by which a browser may come."""
    said = (one.strip().lower() for one in os.environ.get(HOSTS, "").split(","))
    return _LOOPBACK | frozenset(filter(None, (*said, urlsplit(redirect_uri()).hostname)))
