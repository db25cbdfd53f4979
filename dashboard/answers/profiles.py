"""Which published profile holds: the thresholds and weights that people agreed on, as of a date."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Ask
from data_access import profiles
from data_access.scope import Scope


@dataclass(frozen=True)
class Held:
    """A profile that holds: its version (0: nothing has been published, these are the defaults) and its values."""

    version: int
    values: Mapping[str, float]


def valid(published: pd.DataFrame, scope: Scope) -> pd.Series | None:
    """The row of `profiles.published` that holds at the end of the as-of date; before the first one, the first.

    As of the data's last day the present counts, also where it was published after that day. None: none published.
    """
    if published.empty:
        return None
    end_of_day = pd.Timestamp(scope.as_of) + pd.Timedelta(days=1)
    by_then = published if scope.is_live else published[published["published_at"] < end_of_day]
    return by_then.iloc[-1] if len(by_then) else published.iloc[0]


def held(ask: Ask, scope: Scope, kind: str, defaults: Mapping[str, float]) -> Held:
    """The values of a kind of profile made of plain numbers; what a version does not name stays at its default."""
    row = valid(ask(profiles.published, None, kind), scope)
    if row is None:
        return Held(0, dict(defaults))
    known = {key: value for key, value in row["payload"].items() if key in defaults}
    return Held(int(row["version"]), {**defaults, **known})
