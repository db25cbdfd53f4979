"""What is entered with an import, in its transaction: the first profile of key accounts, and the demo's lines given."""

from datetime import date, datetime, time, timedelta

from dashboard.answers import asking
from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention import leaks
from dashboard.metrics.attention.lines import ranked
from dashboard.reports import as_text
from data_access import organisation, profiles
from data_access.attention import handovers
from data_access.demo.languages import Language
from data_access.engine import Engine
from data_access.schema import MONEY_SCALE
from data_access.scope import Person

DEMO = "demo"  # who loaded the demo organisation, in the log of imports


def publish_first_profile(database: Engine) -> None:
    """With the first revenue comes profile 1, so that accounts added later move nobody's factor scores.

    `database`: the connection of the import, whose transaction it becomes part of.
    """
    ask = asking(database)
    scope = as_text.everything(ask)
    payload = key_accounts.first_profile(ask, scope)
    if payload is not None:
        system = Person("director", name=key_accounts.FIRST_BY)
        at = organisation.state(database).now()
        profiles.publish(database, system, key_accounts.KIND, payload, key_accounts.FIRST_REASON, based_on=0, at=at)


_NOTES: dict[Language, tuple[str, ...]] = {
    "zh": ("请先与客户通话", "", "周五例会上汇报"),
    "en": ("Call the customer first", "", "Report in Friday's meeting"),
}


def give_lines(database: Engine, last_day: date, language: Language) -> None:
    """Every other line that a week began with four weeks before the last day of the demo, given to its owner (or who is
    there where it has none) for two weeks: what becomes of it is then to be seen, and nothing of today's is away.

    `database`: the connection of the import, whose transaction it becomes part of.
    """
    ask, seen_on = asking(database), last_day - timedelta(weeks=4)
    scope = as_text.everything(ask)
    there = ask(handovers.receivers, scope)
    notes = _NOTES[language]
    for n, line in enumerate(ranked(leaks.lines_on(ask, scope, seen_on))[::2].itertuples()):
        near = there.loc[(there["rep_id"] == line.owner_id) | (there["region"] == line.region), "rep_id"]
        is_there = line.owner_id in set(near)
        if near.empty:
            continue
        handovers.give(
            database,
            Person("director", name=DEMO),
            line.subject_kind,
            line.subject_id,
            line.owner_id if is_there else near.iloc[0],
            seen_on + timedelta(weeks=2),
            notes[n % len(notes)],
            rules=line.rules,
            value_at_risk=round(line.value_at_risk * MONEY_SCALE),
            seen_on=seen_on,
            at=datetime.combine(seen_on, time(9)),
        )
