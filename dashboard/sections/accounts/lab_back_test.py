"""Would the draft have picked the right accounts a year ago? Beside the published weights, and whose would move."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.answers.accounts.key_accounts import a_year_ago
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.accounts import key_back_test as metrics
from dashboard.metrics.accounts.key_accounts import Profile
from dashboard.sections.accounts import key_words
from dashboard.sections.accounts.ranking import Ranked
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

_MOST_ROWS = 100


def draw(scope: Scope, ranked: Ranked, draft: Profile, form: Formats) -> None:
    """What the published weights picked a year ago, what the draft would have, and how sure the difference is."""
    parts.heading(_("Would it have picked the right accounts a year ago?"))
    year = ranked.year_back(scope)
    then = form.date(a_year_ago(scope).as_of)
    published = metrics.tested(year, year.published)
    if published["hit_rate"] is None:
        parts.nothing(
            _("No back-test: on {then} no account would have been key, or nothing was won since.").format(then=then)
        )
        return
    parts.say(_published(published, then, form))
    drafted = year.picked(draft)
    if (drafted == year.published).all():
        parts.note(_("The draft would have picked the same accounts."))
        return
    parts.say(_compared(year, published, drafted, form))
    _moves(year, drafted, form)


def _published(tested: dict, then: str, form: Formats) -> str:
    n = tested["n"]
    told = _(
        "A year ago, on {then}, the published weights would have picked {n} accounts; {hits} of them ({rate}) are "
        "among the {n} that won us most since. Revenue alone would have found {plain} ({plain_rate})"
    ).format(
        then=then,
        n=form.count(n),
        hits=form.count(tested["hits"]),
        rate=form.share(tested["hit_rate"]),
        plain=form.count(round(tested["by_revenue"] * n)),
        plain_rate=form.share(tested["by_revenue"]),
    )
    if tested["lift"] is not None:
        told += _(": {name} {lift}").format(name=label("lift"), lift=form.ratio(tested["lift"]))
    return told + _(".") + " " + _brought(tested, form)


def _brought(tested: dict, form: Formats) -> str:
    return _("They brought {captured} of the revenue and {margin} of the margin won since.").format(
        captured=form.share(tested["captured"]), margin=form.share(tested["margin_captured"])
    )


def _compared(year: metrics.YearBack, published: dict, drafted: np.ndarray, form: Formats) -> str:
    """The draft's hits, and how far its hit rate is from the published one, with its interval and a verdict."""
    tested, found = metrics.tested(year, drafted), metrics.compared(year, drafted)["difference"]
    if found is None:
        return _("Under the draft no account would have been key then.")
    low, high = found
    differing = int((year.published != drafted).sum())
    counted = {
        "n": form.count(tested["n"]),
        "hits": form.count(tested["hits"]),
        "rate": form.share(tested["hit_rate"]),
        "difference": form.points(tested["hit_rate"] - published["hit_rate"]),
    }
    if metrics.are_few(year.published, drafted):
        told = one_of(
            "The draft would have picked {n}; {hits} of them ({rate}) are among the {n} best: {difference}, by the "
            "{few} account in which the two differ, too few to tell.",
            "The draft would have picked {n}; {hits} of them ({rate}) are among the {n} best: {difference}, by the "
            "{few} accounts in which the two differ, too few to tell.",
            differing,
        )
        return f"{told.format(few=form.count(differing), **counted)} {_brought(tested, form)}"
    verdict = _("no difference is shown")
    if not metrics.are_alike(year.published, drafted):
        verdict = _("but sets of such different sizes do not compare: a larger one hits more by itself")
    elif low > 0:
        verdict = _("the draft would have picked better")
    elif high < 0:
        verdict = _("the draft would have picked worse")
    told = _(
        "The draft would have picked {n}; {hits} of them ({rate}) are among the {n} best: {difference} (80 % interval "
        "{low} to {high}), {verdict}."
    ).format(low=form.points(low), high=form.points(high), verdict=verdict, **counted)
    return told + " " + _brought(tested, form)


def _moves(year: metrics.YearBack, drafted: np.ndarray, form: Formats) -> None:
    """How many of the accounts shown would have entered and left then; asked for, which ones, and whose they are."""
    is_shown = year.accounts["is_shown"].to_numpy(dtype=bool)
    entered, left = (
        int((is_shown & now & ~then).sum()) for now, then in ((drafted, year.published), (year.published, drafted))
    )
    parts.note(
        _("Of the accounts shown {entered} would have entered and {left} left.").format(
            entered=form.count(entered), left=form.count(left)
        )
    )
    # Two tables take longer than all that the move of a slider asks for beside them.
    opened = entered + left and st.toggle(
        _("Whose key accounts would have moved?"), key="lab_moved", persist_state="session"
    )
    if opened:
        moved = metrics.moves(year, drafted)
        _tables(moved[moved["is_shown"]])


def _tables(moved: pd.DataFrame) -> None:
    left, right = st.columns([2, 3], gap="large")
    owners = metrics.by_owner(moved)
    with left:
        parts.table(
            owners.assign(owner=owners["owner"].fillna(owners["owner_id"]).fillna(_("No owner"))),
            {
                **Column.each("owner"),
                "gained": Column(_("Would gain"), "count"),
                "lost": Column(_("Would lose"), "count"),
                "won_gained": Column(_("These won since"), "money"),
                "won_lost": Column(_("Those won since"), "money"),
            },
            key="lab_moved_owners",
            height=300,
        )
    with right:
        parts.table(
            moved.head(_MOST_ROWS).assign(
                move=np.where(moved["enters"], _("enters"), _("leaves"))[:_MOST_ROWS],
                hit=np.where(moved["is_hit"], _("hit"), "")[:_MOST_ROWS],
                group_name=moved["group"].map(key_words.group_name),
            ),
            {
                "move": Column(_("Move")),
                **Column.each("account", "group_name", "owner", "won_since"),
                "hit": Column(_("Hit")),
            },
            key="lab_moved_accounts",
            height=300,
        )
