"""Published profiles of any kind."""

from collections.abc import Mapping

import pandas as pd

from dashboard.answers import profiles as answers
from data_access import profiles
from data_access.engine import database_url, for_pages
from data_access.scope import Scope

from .cache import ask, now


def profile_versions(kind: str) -> pd.DataFrame:
    return ask(profiles.published, None, kind)


def held_profile(scope: Scope, kind: str, defaults: Mapping[str, float]) -> answers.Held:
    return answers.held(ask, scope, kind, defaults)


def publish_profile(scope: Scope, kind: str, payload: Mapping, reason: str, based_on: int) -> int:
    """Publishes as the person of the scope; gives the version. See data_access.profiles.publish."""
    return profiles.publish(
        for_pages(database_url()), scope.person, kind, dict(payload), reason, based_on=based_on, at=now()
    )
