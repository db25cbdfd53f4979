"""Which account is looked at: the one in the address, else one chosen from a searchable list; and the way to its page
from anywhere."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import key_accounts, one_account
from dashboard.ask import answer_of, ask
from dashboard.frame import bar, parts
from dashboard.frame.parts import Column
from dashboard.sections.accounts import key_words, ranking
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.database.limits import LONGEST_NAME
from data_access.errors import Refused
from data_access.scope import Scope

_ACCOUNT_PAGE = "../pages/account.py"  # as seen from main.py
_LONG = 2_000  # from here on a list is searched on the server: a browser would be slow to receive it
_MOST_MATCHES = 200
_MOST_ROWS = 100
_IN_ADDRESS = "account"  # in the session; the bar keeps the address equal to it
_PICK = "account_pick"
# Of the thirty columns of an account; the others would be sorted along at every rerun.
_LISTED = ["account_id", "account", "revenue", "is_key", "score", "group", "owner", "region"]


def choose(scope: Scope) -> str | None:
    """The list to choose from, and the account chosen if the person may see it; says why it cannot be shown."""
    found = one_account.everyone(ask, scope)
    names = dict(zip(found["account_id"], found["account"], strict=True))
    wanted = st.session_state.get(_IN_ADDRESS)
    refused = None if wanted is None else _refusal(scope, wanted)
    shown = wanted if refused is None else None
    _pick(names, shown)
    if refused:
        parts.notice(refused)
    return shown


def link(account_id: str, name: str) -> None:
    """The way to the page of an account, with the filters."""
    st.page_link(
        _ACCOUNT_PAGE,
        label=literal.markdown(_("Open the page of {account}").format(account=name)),
        query_params=bar.address_of("account") | {"account": account_id},
    )


def _refusal(scope: Scope, account_id: str) -> str | None:
    """Why an account cannot be shown, in words; None where it can."""
    try:
        one_account.facts(ask, scope, account_id)
    except Refused:
        return _("There is no account {account} that you may see. Choose one from the list.").format(account=account_id)
    return None


def _pick(names: dict[str, str], shown: str | None) -> None:
    options = list(names)
    if len(options) > _LONG:
        options = _matches(names, shown)
    if shown is not None and shown not in options:  # created after the as-of date
        options = [shown, *options]
    st.session_state[_PICK] = shown
    st.selectbox(
        _("Account"),
        options,
        format_func=literal.choices(lambda account_id: f"{names.get(account_id, account_id)} · {account_id}"),
        index=None if shown is None else options.index(shown),  # also as the default: see bar.py
        key=_PICK,
        placeholder=_("Search by name or key"),
        on_change=lambda: st.session_state.update({_IN_ADDRESS: st.session_state[_PICK]}),
    )


def _matches(names: dict[str, str], shown: str | None) -> list[str]:
    """The accounts whose name or key contains what was typed."""
    asked = st.text_input(
        _("Search by name or key"), key="account_search", persist_state="session", max_chars=LONGEST_NAME
    )
    text = asked.strip().lower()
    found = [key for key, name in names.items() if text in name.lower() or text in key.lower()][:_MOST_MATCHES]
    return found if shown is None or shown in found else [shown, *found]


def everyone(scope: Scope, form: Formats) -> None:
    """The accounts in view, those that brought most first; a click opens one."""
    ranked = ranking.ranked(scope, answer_of(key_accounts.profile, scope)).accounts
    shown = ranked.loc[ranked["is_shown"], _LISTED]
    if shown.empty:
        parts.nothing(_("No account stands in these regions. Its region comes with the file account, as region_id."))
        return
    rows = shown.sort_values(["revenue", "account_id"], ascending=[False, True]).head(_MOST_ROWS)
    keys = list(rows["account_id"])
    parts.table(
        key_words.with_words(rows).assign(
            won=rows["revenue"].astype("Float64") / 100,
        ),
        {
            **Column.each("account"),
            "won": Column(_("Won in 12 months"), "money"),
            **key_words.status_column(),
            "score": Column.of("composite_score"),
            **Column.each("owner", "region"),
            "account_id": Column(_("Key")),
        },
        key="account_list",
        height=520,
        opens=lambda row: st.session_state.update({_IN_ADDRESS: keys[row]}),
    )
    if len(shown) > len(rows):
        parts.note(_("The first {n} are shown; the list above finds all.").format(n=form.count(len(rows))))


def in_words(account: pd.Series, scope: Scope, form: Formats) -> str:
    """What is being looked at: one account, whatever the filters say."""
    said = [account["account_id"], account["region"], account["industry"], account["customer_class"]]
    told = [part for part in said if part]
    return " · ".join([*told, _("as of {day}").format(day=form.date(scope.as_of))])
