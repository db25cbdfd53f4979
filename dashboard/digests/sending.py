"""Who gets which digest now, and what became of it: each recipient apart, none twice."""

import logging
import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

from dashboard.answers import Ask, asking
from dashboard.answers.digests.contents import PERIODS, Cadence, digest
from dashboard.digests import mail, robots
from dashboard.digests.letter import Letter, Link, of_digest
from dashboard.frame import drawer
from dashboard.frame.filters import CUSTOM, Choice, to_url
from dashboard.metrics import periods
from dashboard.server import sign_in
from dashboard.words import language
from dashboard.words.formats import Formats
from data_access import organisation
from data_access.copies.serving import reading_copy
from data_access.engine import Engine
from data_access.errors import NotFound, Refused
from data_access.people import digests, known
from data_access.scope import Period, Person, Scope

log = logging.getLogger("dashboard")

TRIES = 3  # to write a letter from one version of the facts, while others are imported
ADDRESS = "DASHBOARD_ADDRESS"  # at which people open the cockpit


@dataclass(frozen=True)
class Recipient:
    """One subscription: whose permission it is under, and where it goes (robot: empty, by mail)."""

    email: str
    robot: str
    language: str
    person: Person

    @property
    def named(self) -> str:
        return f"robot {self.robot} as {self.email}" if self.robot else self.email


@dataclass(frozen=True)
class Became:
    """What became of one digest or alert: sent, sent before, or why not (`problem`); with both, perhaps."""

    to: Recipient
    was_sent: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Run:
    """One look at the data, for all who get a digest of this cadence."""

    database: Engine
    ask: Ask
    state: organisation.State
    cadence: Cadence
    period: Period
    as_of: date
    last_day: date
    address: str
    asked: date | None = None  # as of which day, in place of the data's last one

    def scope(self, person: Person) -> Scope:
        """All that somebody may see, of the period that is over."""
        return Scope(person, self.period, self.as_of, self.last_day)

    def letter(self, to: Recipient) -> Letter:
        """Their digest, in their language."""
        found = digest(self.ask, self.scope(to.person), self.cadence)
        with language.speaking(to.language):
            form = Formats(to.language, self.state.base_currency)
            return of_digest(found, form, link(self.address, to.language))


def begin(database: Engine, cadence: Cadence, as_of: date | None) -> Run:
    """What is to be told now: of the cadence the last period that is over (`periods.ended`), as of its end or, where
    the data end before, of their last day. as_of: another day, in place of the data's last one."""
    state = organisation.state(database)
    today = state.now().date()
    if as_of is not None and as_of > today:
        raise Refused(f"{as_of} is still to come; of a period that is not over there is no digest.")
    last_day = latest = min(state.days[1], today)
    if as_of is not None:
        latest, today = min(latest, as_of), as_of + timedelta(days=1)
    period = Period(*periods.ended(PERIODS[cadence], latest, today, state.fiscal_year_start_month))
    reading = reading_copy(database, state.facts, entries=state.stamp) or database
    return Run(
        database=database,
        ask=asking(reading),
        state=state,
        cadence=cadence,
        period=period,
        as_of=min(latest, period.end),
        last_day=last_day,
        address=address_of_cockpit(),
        asked=as_of,
    )


def address_of_cockpit() -> str:
    """Where people open it: what the environment says, else where the provider of the sign-in sends them back to.
    Raises Refused where nobody says it: a link has to lead somewhere."""
    parts = urlsplit(os.environ.get(ADDRESS) or sign_in.redirect_uri().removesuffix("/oauth2callback"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise Refused(
            f"Links in a digest lead to the cockpit: say by {ADDRESS} at which address people open it, "
            "as in https://cockpit.example.com."
        )
    return parts.geturl().rstrip("/")


def link(address: str, spoken: str) -> Link:
    """How a letter's links are made: whoever opens one sees the days that the letter is about, and all that they may
    see. Where nobody signs in, the role is in it."""

    def to(page: str, scope: Scope, open: str | None = None) -> str:
        regions = scope.person.regions or ()
        choice = Choice(
            role=scope.person.role,
            role_region=regions[0] if len(regions) == 1 else None,
            preset=CUSTOM,
            start=scope.period.start,
            end=scope.period.end,
            as_of=scope.as_of,
            open=open,
            language=spoken,
        )
        asked = to_url(choice)
        if len(regions) > 1:  # an address without a sign-in knows one alone
            asked.pop("role")
        return f"{address}/{page}?{urlencode(asked, doseq=True)}"

    return to


def recipients(database: Engine, cadence: Cadence, only: tuple[str, ...]) -> Iterator[Recipient]:
    """Who is to get it, under what they may see now: whoever may sign in no more gets nothing.

    only    of these addresses alone. Raises NotFound where one of them has no such subscription
    """
    found = digests.everybody(database)
    found = found[found["cadence"] == cadence]
    wanted = {one.strip().lower() for one in only}
    if missing := wanted - set(found["email"]):
        raise NotFound(f"{', '.join(sorted(missing))}: no {cadence} subscription. `subscribe` shows who has one.")
    for row in found.itertuples():
        if wanted and row.email not in wanted:
            continue
        to = recipient(database, row.email, row.robot, row.language)
        if to is not None:
            yield to


def recipient(database: Engine, email: str, robot: str, language: str) -> Recipient | None:
    """Somebody on file as what they may see now; None: they may sign in no more."""
    on_file = known.known(database, email)
    return Recipient(email, robot, language, on_file.person) if on_file is not None and on_file.person else None


def send(run: Run, only: tuple[str, ...]) -> Iterator[Became]:
    """Sends to each in turn; what stops one does not stop the others. Settings that all who get mail would lack are
    refused at once."""
    everybody = list(recipients(run.database, run.cadence, only))
    by = mail.server() if any(not one.robot for one in everybody) else None
    with mail.Post(by) as post:
        for to in everybody:
            yield _sent(run, to, post)


def _sent(run: Run, to: Recipient, post: mail.Post) -> Became:
    key = to.email, run.cadence, to.robot, run.period.end
    return once(
        to,
        partial(digests.begin, run.database, *key, data_stamp=run.state.stamp, at=now()),
        partial(_told, run, to, post),
        partial(digests.finish, run.database, *key),
    )


def once(to: Recipient, begin: Callable[[], bool], tell: Callable[[], None], finish: Callable[..., None]) -> Became:
    """Tells somebody of what is written down as begun, and afterwards as told: where it is told already, or another run
    is at it, `begin` says no. finish(at=…): at None: not told, and the next run may try again."""
    try:
        if not begin():
            return Became(to)
    except Refused as refused:
        return Became(to, problem=str(refused))
    try:
        problem, is_gone = _handed_over(to, tell)
    except BaseException:  # stopped: the next run may try again
        finish(at=None)
        raise
    try:
        finish(at=now() if is_gone else None)
    except Refused as refused:
        problem = f"{problem or 'sent'}, and that could not be written down: {refused}"
    return Became(to, was_sent=is_gone, problem=problem)


def _handed_over(to: Recipient, tell: Callable[[], None]) -> tuple[str, bool]:
    """What went wrong as somebody was told, empty: nothing; and whether it is gone, perhaps all the same."""
    try:
        tell()
    except mail.PerhapsSent as perhaps:
        return str(perhaps), True
    except (mail.NotSent, Refused) as refused:
        return str(refused), False
    except Exception as error:  # its text may hold what is secret
        return mistake(to, error), False
    return "", True


def mistake(to: Recipient, error: Exception) -> str:
    """What is said of a mistake of ours with one recipient; the log has where it was made."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("What %s is to get could not be made: %s\n%s", to.named, type(error).__name__, where)
    return f"a mistake of ours ({type(error).__name__})"


def _told(run: Run, to: Recipient, post: mail.Post) -> None:
    hand_over(_letter(run, to), to, run.scope(to.person), run.address, post)


def hand_over(letter: Letter, to: Recipient, scope: Scope, address: str, post: mail.Post) -> None:
    """Sends a letter the way its recipient wants it; by mail with where one ends that."""
    if to.robot:
        robots.post(robots.robot(to.robot), letter)
    else:
        wishes = link(address, to.language)("overview", scope, open=drawer.DIGEST)
        post.send(letter, to.email, to.person.name, end_link=wishes)


def _letter(run: Run, to: Recipient) -> Letter:
    """Their digest, all of it of the same facts: where others were loaded meanwhile, of these."""
    for _try in range(TRIES):
        letter = run.letter(to)
        if organisation.state(run.database).facts == run.state.facts:
            return letter
        run = begin(run.database, run.cadence, run.asked)
    raise Refused("The data are being loaded anew all the while. Run this again in some minutes.")


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
