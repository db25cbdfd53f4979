"""Who is unscored, who covers the accounts, and who is credited for them."""

import pandas as pd

from dashboard.answers.accounts import key_review
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.amounts import MINOR_UNITS, each_total, ratio
from dashboard.sections.accounts import key_words
from dashboard.sections.accounts.key_ranking import MOST_ROWS
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.accounts import coverage as covering, ownership
from data_access.scope import Scope


def unscored(shown: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The accounts without a score, of all groups, the largest first, and what each is missing."""
    without = shown[shown["score"].isna()]
    parts.heading(_("Unscored accounts"))
    if without.empty:
        parts.nothing(_("Every account shown is scored."))
        return
    opened = each_total(ask(ownership.open_by_account, scope).set_index("account_id"))
    rows = without.assign(
        won=without["revenue"].astype("Float64") / MINOR_UNITS,
        open=without["account_id"].map(opened),
    )
    rows = rows.sort_values(["won", "open", "account_id"], ascending=[False, False, True]).head(MOST_ROWS)
    rows = key_words.with_words(rows).assign(
        missing=[key_words.missing_in_words(account) for account in rows.itertuples()],
        provisional=key_words.provisional(rows, form),
    )
    parts.table(
        rows,
        {
            "account": Column(_("Account"), width=140),
            "won": Column(_("Won in 12 months"), "money"),
            "open": Column.of("open_amount"),
            "missing": Column(_("Missing"), width=140),
            "provisional": Column(_("Provisional score"), width=110),
            **Column.each("group_name", "owner"),
        },
        key="key_unscored",
        height=300,
        most=5,  # it stands beside another
    )
    parts.note(
        one_of(
            "{n} of {all} account is unscored. Assessments come in as account_score, or are entered on its page.",
            "{n} of {all} accounts are unscored. Assessments come in as account_score, or are entered on their page.",
            len(shown),
        ).format(n=form.count(len(without)), all=form.count(len(shown)))
        + _held(without, shown, form)
    )


def _held(without: pd.DataFrame, shown: pd.DataFrame, form: Formats) -> str:
    """The share of twelve months' wins that accounts without a score hold."""
    share = ratio(without["revenue"].sum(), shown["revenue"].sum())
    if share is None:
        return ""
    return " " + _("They hold {share} of what the accounts here brought in twelve months.").format(
        share=form.share(share)
    )


def coverage(shown: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Who owns each key account, who directs it across regions, and who fills in where the local base is weak."""
    fill_ins = ask(covering.fill_ins, scope)
    named = fill_ins["rep"].fillna(fill_ins["rep_id"])
    of_account = named.groupby(fill_ins["account_id"]).agg(_(", ").join)
    keys = shown[shown["is_key"] | shown["account_id"].isin(of_account.index)]
    parts.heading(_("Who covers the key accounts?"))
    if keys.empty:
        parts.nothing(_("No key account, and no fill-in."))
        return
    rows = key_words.with_words(keys).sort_values(["is_key", "group", "rank"], ascending=[False, True, True])
    rows = rows.assign(fill_in=rows["account_id"].map(of_account))
    parts.table(
        rows.head(MOST_ROWS),
        {
            **Column.each("account", "owner"),
            "director": Column(_("Key-account director")),
            "fill_in": Column(_("Fills in")),
            **Column.each("region", "group_name"),
            **key_words.status_column(),
        },
        key="key_coverage",
        height=300,
    )
    only_keys = rows[rows["is_key"]]
    parts.note(
        _("Of {n} key accounts {owner} have no owner and {director} no key-account director.").format(
            n=form.count(len(only_keys)),
            owner=form.count(int(only_keys["owner_id"].isna().sum())),
            director=form.count(int(only_keys["director_id"].isna().sum())),
        )
    )


def credit(scope: Scope, form: Formats) -> None:
    """What was won in the period, as people's views credit it, and the line that reconciles it with the company."""
    parts.heading(_("Who is credited with what was won?"))
    found = answer_of(key_review.credit, scope)
    if found is None:
        parts.nothing(_("Some deals lack an exchange rate, so credit cannot be added up. Import exchange_rate."))
        return
    people, line = found
    if people.empty:
        parts.nothing(_("Nothing was won in this period."))
        return
    money = ["as_owner", "as_director", "credited"]
    rows = people.assign(**{name: people[name] / 100 for name in money})
    rows["person"] = rows["rep"].fillna(rows["rep_id"]).fillna(_("No owner"))
    parts.table(
        rows.head(MOST_ROWS),
        {
            **Column.each("person"),
            "credited": Column(_("Credited"), "money"),
            "as_owner": Column(_("As owner"), "money"),
            "as_director": Column(_("As key-account director"), "money"),
        },
        key="key_credit",
        height=300,
    )
    parts.note(
        _("{credited} credited − {twice} credited twice ({n} deals) = {company} won in all, each deal once.").format(
            credited=form.money_exact(line["credited"] / 100),
            twice=form.money_exact(line["double_counted"] / 100),
            n=form.count(line["deals_twice"]),
            company=form.money_exact(line["company"] / 100),
        )
    )
