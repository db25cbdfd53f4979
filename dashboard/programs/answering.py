"""One report for one person, as both doors send it: the pages' numbers, what they rest on, and a line on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import database
from dashboard.answers.overview import numbers
from dashboard.ask import ask
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.definitions.reports import REPORTS, numbers as numbers_of
from dashboard.programs.asked import Asked
from dashboard.reports import NAMES, as_text, contents
from dashboard.server import sign_in
from data_access.database.url import database_url
from data_access.engine import for_pages
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.people import tokens
from data_access.scope import Person, Scope

_TRIES = 3  # to answer from one version of the facts, while others are imported


@dataclass(frozen=True)
class Caller:
    """Who asks, and for which reports: None for all. `name`: as what is on file of it calls them."""

    person: Person
    name: str
    reports: tuple[str, ...] | None = None
    token_id: int | None = None

    def must_open(self, report: str) -> None:
        """Raises NotFound where there is no such report, and NotAllowed where this is not one of theirs."""
        if report not in NAMES:
            raise NotFound(f"There is no such report. Reports are {', '.join(NAMES)}.")
        if self.reports is not None and report not in self.reports:
            raise NotAllowed(
                f"This token does not open the report {report}. It opens {', '.join(self.reports)}; "
                "`token new … --report` makes one that opens others."
            )


def by_token(token: str) -> Caller:
    """Who asks by a token; the call is counted. Raises tokens.NoToken, tokens.TooOften."""
    holder = tokens.used(for_pages(database_url()), token)
    return Caller(holder.person, holder.email, holder.reports, holder.token_id)


def by_role(role: str) -> Caller:
    """Who asks in a role, as it is typed. Raises Refused where people sign in."""
    if sign_in.mode() != "none":
        raise Refused("Where people sign in, programs ask by a token. Make one with `token new`.")
    return Caller(as_text.person_of(ask, database.state(), role), role)


def answered(person: Person, report: str, asked: Asked) -> dict[str, Any]:
    """The report as `python -m dashboard report` has it, and besides

    data         version of the data, and when its facts were loaded (UTC)
    n            of how many deals a number of the overview is, by its key; of a track's by `track.key`
    definitions  per part the key of each number's definition
    cautions     filters that nothing in view has
    """
    with database.one_version():
        for _try in range(_TRIES):
            version = database.version()
            scope = as_text.scope_of(
                ask, version.state, person, first_day=contents.first_day(ask, report), **asked.filters()
            )
            found = contents.answer(ask, scope, report, asked.wishes())
            besides = {
                "data": {"version": version.state.version, "loaded": _written(version.state.loaded)},
                "n": _cases(scope, found) if report == "overview" else {},  # of others it stands beside the numbers
                "definitions": definitions(report),
                "cautions": as_text.cautions(ask, scope),
            }
            if database.version().state.facts == version.state.facts:
                return {"report": report, "scope": as_text.scope_keys(scope), **found, **besides}
    raise Refused("The data are being loaded anew all the while. Ask again in a minute.")


def _written(moment) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _cases(scope: Scope, found: Mapping[str, Any]) -> dict[str, int]:
    counted = {key: numbers.counted(ask, scope, key) for key in numbers_of("overview.values")}
    for track in found["by_track"]:
        of_track = scope.but(track=track)
        counted |= {f"{track}.{key}": numbers.counted(ask, of_track, key) for key in numbers_of("overview.by_track")}
    return {key: one.n for key, one in counted.items() if one is not None}


def definitions(report: str) -> dict[str, dict[str, str]]:
    """Per part of a report the key of each number's definition."""
    return {
        place.partition(".")[2] or "values": numbers_of(place)
        for place in REPORTS
        if place.partition(".")[0] == report and numbers_of(place)
    }


def defined(key: str) -> dict[str, Any]:
    """A definition, in both languages. Raises NotFound where there is none of this key."""
    one = DEFINITIONS.get(key)
    if one is None:
        raise NotFound("There is no definition of this key. A report names those of its numbers.")
    return {
        "key": one.key,
        "name": one.label_en,
        "名称": one.label_zh,
        "unit": one.unit,
        "meaning": one.en,
        "定义": one.zh,
        "n": one.n or None,
    }


def on_file(
    caller: Caller,
    via: str,
    report: str,
    said: Mapping[str, Any],
    outcome: str,
    answer: Mapping[str, Any] | None = None,
) -> None:
    """Writes down, before anything is sent, who asked for which report, with which parameters, and how that ended."""
    call = tokens.Call(caller.name, caller.token_id, via, report, said)
    rows = None if answer is None else len(answer.get("rows", ()))
    tokens.note_call(for_pages(database_url()), call, outcome, rows)
