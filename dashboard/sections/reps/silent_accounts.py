"""Key accounts that hear nothing."""

import pandas as pd

from dashboard.answers.accounts import key_accounts
from dashboard.answers.reps import team
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import ranking
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.scope import Scope

QUIET_DAYS = 30  # a key account heard from longer ago is named as silent
_MOST_ROWS = 500


def silence(scope: Scope, form: Formats) -> None:
    """The key accounts by days since the last two-way contact, the longest silent first."""
    parts.heading(_("Which key accounts have fallen silent?"))
    found = _key_accounts_heard_from(scope)
    if found.empty:
        parts.nothing(_("No key account in view. Who is key is decided on the page Key accounts."))
        return
    if found["touches"].isna().all():
        parts.nothing(_("No activity was imported, so nobody knows which accounts hear nothing. Import activity."))
        return
    quiet = found["days_silent"].isna() | (found["days_silent"] > QUIET_DAYS)
    still_open = found[found["is_open"]]
    parts.say(
        _(
            "{quiet} of {n} key accounts had no two-way contact for more than {days} days. {touches} activities in the "
            "period went to {open} key accounts with an open deal{per}."
        ).format(
            quiet=form.count(quiet.sum()),
            n=form.count(len(found)),
            days=QUIET_DAYS,
            touches=form.count(still_open["touches"].sum()),
            open=form.count(len(still_open)),
            per=_per_account(still_open, form),
        )
    )
    flags = found["is_open"].map({True: _("yes"), False: _("no")})
    shown = found.assign(has_open=flags).head(_MOST_ROWS)
    parts.table(
        shown,
        {
            **Column.each("account", "owner", "region"),
            "last_on": Column(_("Last two-way contact"), "date"),
            "days_silent": Column.of("days_silent"),
            "touches": Column(_("Touches in the period"), "count"),
            "has_open": Column(_("Open deal")),
        },
        key="reps_silence",
        height=330,
        opens=parts.to_account(shown),
    )


def _key_accounts_heard_from(scope: Scope) -> pd.DataFrame:
    """The key accounts that the scope shows, of the owner asked for; see answers.team.silence."""
    ranked = ranking.ranked(scope, answer_of(key_accounts.profile, scope)).accounts
    keys = ranked[ranked["is_key"] & ranked["is_shown"]]
    if scope.owner is not None:
        keys = keys[keys["owner_id"] == scope.owner]
    if scope.segments:
        keys = keys[keys["group"].isin(scope.segments)]
    return team.silence(ask, scope, keys[["account_id", "account", "owner_id", "owner", "region"]])


def _per_account(still_open: pd.DataFrame, form: Formats) -> str:
    if still_open.empty:
        return ""
    return _(": {n} each").format(n=form.number(still_open["touches"].sum() / len(still_open)))
