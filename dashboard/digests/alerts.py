"""Who is told of which crossing now: each alert looked at under its recipient's permission, each crossing told once.

A look writes down what it saw and the crossing it found, whatever becomes of the message; then what is untold is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar

from dashboard.answers import Ask, asking
from dashboard.answers.attention import leaks
from dashboard.answers.digests import watched
from dashboard.answers.overview.compared import labels_of
from dashboard.digests import alert_letter, mail
from dashboard.digests.letter import Letter
from dashboard.digests.sending import (
    TRIES,
    Became,
    Recipient,
    address_of_cockpit,
    hand_over,
    link,
    mistake,
    now,
    once,
    recipient,
)
from dashboard.metrics import crossings, periods
from dashboard.words import language
from dashboard.words.formats import Formats
from data_access import organisation
from data_access.copies.serving import reading_copy
from data_access.engine import Engine
from data_access.errors import Refused
from data_access.people import alerts
from data_access.people.alerts import Alert, Crossing, Seen
from data_access.scope import Period, Person, Scope

PERIOD = "this_quarter"  # of which numbers of a period are: what the pages open with

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Look:
    """One look at the data, for all who have alerts. found: what was answered in it, by what answers and the scope."""

    database: Engine
    ask: Ask
    state: organisation.State
    last_day: date
    address: str
    found: dict[tuple[object, str], Any] = field(default_factory=dict, repr=False)

    def scope(self, person: Person, as_of: date | None = None) -> Scope:
        """All that somebody may see in the running quarter, as of the last day of the data or a day before."""
        day = as_of or self.last_day
        period = Period(*periods.preset(PERIOD, day, self.state.fiscal_year_start_month))
        return Scope(person, period, day, self.last_day)

    def answer(self, answered_by: Callable[[Ask, Scope], _Found], scope: Scope) -> _Found:
        """An answer, worked out once for all who may see the same."""
        key = answered_by, repr(scope)
        if key not in self.found:
            self.found[key] = answered_by(self.ask, scope)
        return self.found[key]


@dataclass(frozen=True)
class Told:
    """What became of one alert: its crossing was told, or not (`became.problem`)."""

    alert: Alert
    became: Became


def begin(database: Engine) -> Look:
    """The data as they are now. Raises Refused where nobody says at which address the cockpit is opened."""
    state = organisation.state(database)
    reading = reading_copy(database, state.facts, entries=state.stamp) or database
    last_day = min(state.days[1], state.now().date())
    return Look(database, asking(reading), state, last_day, address_of_cockpit())


def tell(database: Engine) -> Iterator[Told]:
    """Looks at everything that is watched, then tells of each crossing that is untold; what stops one does not stop the
    others. Raises Refused where settings are missing that all who get mail would lack: its crossings stay untold."""
    look, watching = begin(database), list(_watching(database))
    for alert, to in watching:
        problem = _problem(to, partial(_looked, look, alert, to.person))
        if problem:
            yield Told(alert, Became(to, problem=problem))
    # As they stand now: what was found under a permission that somebody has no more is not theirs to read.
    untold = [(alert, to, one) for alert, to in _watching(database) for one in _untold(database, alert, to.person)]
    by = mail.server() if any(not to.robot for _alert, to, _crossing in untold) else None
    with mail.Post(by) as post:
        for alert, to, crossing in untold:
            begin_it = partial(alerts.begin, database, crossing, at=now())
            tell_it = partial(_told, look, alert, crossing, to, post)
            yield Told(alert, once(to, begin_it, tell_it, partial(alerts.finish, database, crossing)))


def preview(database: Engine) -> Iterator[tuple[Recipient, Letter]]:
    """What each would be told now, of what is untold and of what a look finds; nothing is written down."""
    look = begin(database)
    for alert, to in _watching(database):
        _seen, crossing = seen(look, alert, to.person)
        for one in (*_untold(database, alert, to.person), *filter(None, [crossing])):
            written = letter(look, alert, one, to)
            if written is not None:
                yield to, written


def _watching(database: Engine) -> Iterator[tuple[Alert, Recipient]]:
    """Every alert of somebody who may sign in, as what they may see now."""
    for alert in alerts.everybody(database):
        to = recipient(database, alert.email, alert.wish.robot, alert.wish.language)
        if to is not None:
            yield alert, to


def _untold(database: Engine, alert: Alert, person: Person) -> list[Crossing]:
    """What is still to be told of an alert, as far as it was found under the permission that its reader has now."""
    is_theirs = alert.seen is not None and alert.seen.seen_as == _permission(person)
    return alerts.untold(database, alert.alert_id) if is_theirs else []


def _problem(to: Recipient, look_at: Callable[[], None]) -> str:
    """What stopped a look; empty: nothing."""
    try:
        look_at()
    except Refused as refused:
        return str(refused)
    except Exception as error:
        return mistake(to, error)
    return ""


def _looked(look: Look, alert: Alert, person: Person) -> None:
    """Looks, and writes down what was seen; of two runs at once one does."""
    was_seen, crossing = _of_one_version(look, lambda one: seen(one, alert, person))
    if was_seen is not None:
        alerts.looked(look.database, alert, was_seen, crossing)


def seen(look: Look, alert: Alert, person: Person) -> tuple[Seen | None, Crossing | None]:
    """What is seen now of what an alert watches, and the crossing since the look before.

    A first look, or one under another permission, finds no crossing: it has nothing to compare with. A number that is
    not known changes nothing (None).
    """
    wish, scope, seen_as = alert.wish, look.scope(person), _permission(person)
    watched.must_be_watched(wish)
    before = alert.seen if alert.seen is not None and alert.seen.seen_as == seen_as else None
    rule = watched.rule_of(wish.metric)
    if rule is not None:
        lines = tuple(watched.lines_of(look.answer(leaks.leaks, scope), rule)["line"])
        found = Seen(scope.as_of, seen_as, lines=lines)
        new = crossings.new_lines(before.lines, lines) if before is not None else ()
        return found, _crossing(alert, before, found, new) if before is not None and new else None
    value = watched.number(look.answer(watched.NUMBERS[wish.metric].found, scope), wish.metric)
    if value is None and before is not None:
        return None, None
    found = Seen(scope.as_of, seen_as, value)
    if before is None or before.value is None or value is None or wish.side is None or wish.threshold is None:
        return found, None
    is_crossed = crossings.crosses(before.value, value, wish.side, wish.threshold)
    return found, _crossing(alert, before, found) if is_crossed else None


def _crossing(alert: Alert, before: Seen, found: Seen, new: tuple[str, ...] = ()) -> Crossing:
    return Crossing(alert.alert_id, alert.looks + 1, found.on, found.value, new, before.on, before.value)


def _permission(person: Person) -> str:
    """What somebody may see, as it is written down with what they saw."""
    return "everything" if person.regions is None else ", ".join(sorted(person.regions))


def _told(look: Look, alert: Alert, crossing: Crossing, to: Recipient, post: mail.Post) -> None:
    written = _of_one_version(look, lambda one: letter(one, alert, crossing, to))
    if written is not None:
        hand_over(written, to, look.scope(to.person, crossing.as_of), look.address, post)


def letter(look: Look, alert: Alert, crossing: Crossing, to: Recipient) -> Letter | None:
    """A crossing in the language of who reads it, as of its day. None where its lines are no more by now, also as of
    that day: what was loaded since says that there never was anything to tell."""
    wish, scope = alert.wish, look.scope(to.person, crossing.as_of)
    rule = watched.rule_of(wish.metric)
    with language.speaking(to.language):
        form, ways = Formats(to.language, look.state.base_currency), link(look.address, to.language)
        names = labels_of(look.ask, scope, "region")
        places = [names.get(region, region) for region in to.person.regions or ()]
        if rule is None:
            return alert_letter.of_number(wish, crossing, scope, places, form, ways)
        lines = watched.lines_of(look.answer(leaks.leaks, scope), rule)
        lines = lines[lines["line"].isin(crossing.lines)]
        return None if lines.empty else alert_letter.of_lines(wish, crossing, lines, scope, places, form, ways)


def _of_one_version(look: Look, make: Callable[[Look], _Found]) -> _Found:
    """What is made of one version of the facts: where others were loaded meanwhile, of these."""
    for _try in range(TRIES):
        if organisation.state(look.database).facts != look.state.facts:
            look = begin(look.database)
        made = make(look)
        if organisation.state(look.database).facts == look.state.facts:
            return made
    raise Refused("The data are being loaded anew all the while. Run this again in some minutes.")
