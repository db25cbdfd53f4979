"""The ranking of a group: its table, accounts over the medians, two ranks against each other, a score over time."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import key_review as reviews
from dashboard.ask import answer_of
from dashboard.figures.accounts import key_accounts as figures
from dashboard.frame import parts
from dashboard.frame.filters import GROUP
from dashboard.frame.parts import Column
from dashboard.metrics.accounts import key_review
from dashboard.metrics.accounts.key_accounts import FACTORS, in_order
from dashboard.sections.accounts import key_words
from dashboard.sections.accounts.ranking import Ranked
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

MOST_ROWS = 2_000  # of a table in the browser
_PICK = "key_group"


def shown_accounts(ranked: Ranked) -> pd.DataFrame:
    """The accounts the scope shows, with stability; a progress bar where that has to be worked out first."""
    if "stability" in ranked.worked_out:
        stability = ranked.stability()
    else:
        bar = st.progress(0.0, _("Trying 2,000 sets of weights …"))
        stability = ranked.stability(lambda share: bar.progress(share, _("Trying 2,000 sets of weights …")))
        bar.empty()
    accounts = ranked.accounts.assign(stability=stability)
    return accounts[accounts["is_shown"].to_numpy(dtype=bool)]


def choose_group(shown: pd.DataFrame) -> pd.DataFrame:
    """The accounts of the group looked at, best first; the group with most accounts to begin with."""
    sizes = shown["group"].value_counts()
    groups = list(sizes.index)
    asked = st.session_state.get(GROUP)
    st.session_state[_PICK] = asked if asked in groups else groups[0]
    group = st.selectbox(
        _("Group: accounts are ranked by composite score inside their industry or class"),
        groups,
        format_func=literal.choices(lambda name: f"{key_words.group_name(name)} ({sizes[name]})"),
        key=_PICK,
        on_change=lambda: st.session_state.update({GROUP: st.session_state[_PICK]}),
    )
    return in_order(shown[shown["group"] == group])


def table(accounts: pd.DataFrame, scope: Scope, form: Formats) -> pd.DataFrame:
    """Every account of the group: its score, rank, how sure, and what is overdue; one without a score where the range
    of it stands. The file has the factors and days, too. Gives the account whose row is clicked, if that is scored."""
    listed = accounts.head(MOST_ROWS)
    is_provisional = listed["score"].isna()
    overdue = key_review.days_overdue(listed, scope.as_of)
    rows = key_words.with_words(listed)
    rows = rows.assign(
        status=rows["status"].mask(is_provisional, _("provisional")),
        composite=listed["score"].round(2),
        provisional=key_words.provisional(listed, form),
        last_assessed=key_review.last_assessed(listed),
        days_overdue=overdue.max(axis=1),
        overdue=key_words.overdue_in_words(overdue, form),
    )
    columns = {**Column.each("account"), "rank": Column(_("Rank"), "count")}
    columns["composite"] = Column.of("composite_score")
    columns |= Column.each("stability") | key_words.status_column() | Column.each("days_overdue")
    if is_provisional.any():
        columns["provisional"] = Column(_("Provisional score"))
    opens = parts.to_account(rows)
    clicked = parts.table(
        rows, columns, key="key_ranking", height=390, clickable=True, opens=opens, order=_("Best score first.")
    )
    parts.download(rows, key="key_ranking")
    if is_provisional.any():
        parts.note(_provisional(int(is_provisional.sum()), len(listed), form))
    late = int(overdue.notna().any(axis=1).sum())
    parts.note(
        _(
            "Overdue: not assessed for more than {days} days; {late} of {n} accounts here. {stability}: {meaning}"
        ).format(
            days=key_review.OVERDUE_AFTER,
            late=form.count(late),
            n=form.count(len(listed)),
            stability=label("stability"),
            meaning=meaning("stability"),
        )
    )
    chosen = listed.iloc[[] if clicked is None else [clicked]]
    return chosen[chosen["score"].notna()].set_index("account_id", drop=False)


def _provisional(number: int, listed: int, form: Formats) -> str:
    """What a provisional score is, and how many accounts have only one."""
    told = _(
        "{n} of {all} accounts here have no score, no rank, and are not key. Each stands by the "
        "middle of its possible scores: missing factors at 0 and at 10."
    ).format(n=form.count(number), all=form.count(listed))
    return told if number < listed else told + " " + _("No account of this group is scored yet.")


def choose_accounts(accounts: pd.DataFrame) -> pd.DataFrame:
    """Up to four scored accounts of the group to look at closely; the best two to begin with."""
    scored = accounts[accounts["score"].notna()].head(MOST_ROWS)
    names = dict(zip(scored["account_id"], scored["account"], strict=True))
    kept = [account for account in st.session_state.get("key_looked_at", ()) if account in names]
    st.session_state["key_looked_at"] = kept or list(names)[:2]
    chosen = st.multiselect(
        _("Look closely at (up to four)"),
        list(names),
        format_func=literal.choices(names.__getitem__),
        max_selections=figures.MOST_OVERLAID,
        key="key_looked_at",
        placeholder=_("None"),
        persist_state="session",
    )
    return scored.set_index("account_id", drop=False).loc[chosen]


def radar(chosen: pd.DataFrame, ranked: Ranked, form: Formats) -> None:
    """The factor scores of the accounts looked at, over the group's median and that of its key accounts."""
    if chosen.empty:
        parts.nothing(_("Choose an account above to see its four factors over the group's."))
        return
    group = chosen["group"].iloc[0]
    medians = key_review.medians(ranked.accounts, group)
    words = _factor_words() | {
        "group": _("median of the group"),
        "key": _("median of its key accounts"),
        "nothing": _("Choose an account."),
    }
    twin = pd.concat([chosen[["account", *FACTORS]], medians.assign(account=[words["group"], words["key"]])])
    parts.figure(
        figures.radar(
            chosen, {name: medians.loc[name].tolist() for name in ("group", "key")}, words=words, **parts.look()
        ),
        key="key_radar",
        title=key_words.standing_out(chosen, medians.loc["group"].to_dict(), form)
        or _("Where do they stand out in {group}?").format(group=key_words.group_name(group)),
        alt=_("Factor scores: {told}").format(
            told=_("; ").join(
                f"{one.account} " + _(", ").join(f"{label(f)} {form.number(getattr(one, f))}" for f in FACTORS)
                for one in chosen.itertuples()
            )
        ),
        twin=twin,
        columns=Column.each("account", *FACTORS),
    )


def two_ranks(accounts: pd.DataFrame, form: Formats) -> None:
    """Yesterday's order against the composite one, and who rose on one big order."""
    scored = accounts[accounts["score"].notna()].head(MOST_ROWS)
    if scored.empty:
        return
    spikes = scored[scored["is_one_off"]]
    words = {
        "revenue_rank": label("revenue_rank"),
        "rank": label("rank_in_group"),
        "key": _("key"),
        "other": _("not key"),
        "one_off": _("one big order"),
        "nothing": _("Nothing to draw for this choice."),
    }
    parts.figure(
        figures.two_ranks(scored, words=words, **parts.look()),
        key="key_two_ranks",
        title=_("Whose revenue rank flatters them? {n} rose on one big order").format(n=form.count(len(spikes))),
        alt=_("Rank by revenue against composite rank; on one big order: {told}").format(
            told=_(", ").join(spikes["account"]) or _("none")
        ),
        twin=key_words.with_words(scored).assign(one_off=scored["is_one_off"].map({True: words["one_off"], False: ""})),
        columns={
            **Column.each("account", "revenue_rank"),
            "rank": Column.of("rank_in_group"),
            **Column.each("status"),
            "largest_share": Column(_("Largest deal's share"), "share"),
            "one_off": Column(_("One big order")),
        },
        source=_(
            "One big order: a single deal is 80 % of the year's revenue or more; it lifts the rank "
            "by revenue a tenth, three places at least. Next year's target should not be built on it."
        ),
    )


def trend(chosen: pd.DataFrame, scope: Scope, ranked: Ranked, form: Formats) -> None:
    """How the score of one account came about, assessment by assessment, under the profile in use."""
    if chosen.empty:
        return
    names = dict(zip(chosen["account_id"], chosen["account"], strict=True))
    account_id = _one_of(list(names), names)
    found = answer_of(reviews.trend, scope, ranked.profile, account_id)
    words = _factor_words() | {
        "score": label("composite_score"),
        "nothing": _("Not all factors were assessed at any time."),
    }
    known = found.dropna(subset=["score"])
    parts.figure(
        figures.score_over_time(found, words=words, **parts.look()),
        key="key_trend",
        title=_("How did the score of {account} come about?").format(account=names[account_id]),
        alt=_("Composite score from {first} to {last}").format(
            first=form.number(known["score"].iloc[0] if len(known) else None),
            last=form.number(known["score"].iloc[-1] if len(known) else None),
        ),
        twin=found.assign(composite=found["score"].round(2)),
        columns={"on": Column(_("Day"), "date")} | Column.each(*FACTORS) | {"composite": Column.of("composite_score")},
        source=_("At each assessment: the revenue of the twelve months before, the profile in use."),
    )


def _one_of(options: Sequence[str], names: dict[str, str]) -> str:
    """Which of the accounts looked at; a switch only where there are several."""
    if len(options) == 1:
        return options[0]
    if st.session_state.get("key_trend_of") not in options:
        st.session_state["key_trend_of"] = options[0]
    return st.selectbox(
        _("Score over time of"),
        options,
        format_func=literal.choices(names.__getitem__),
        key="key_trend_of",
        persist_state="session",
    )


def _factor_words() -> dict[str, str]:
    return {factor: label(factor) for factor in FACTORS}
