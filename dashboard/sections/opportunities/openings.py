"""How the open deals began, in nine tiles, and whether deals that began so were won."""

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities import openings
from dashboard.answers.opportunities.openings import Grid
from dashboard.ask import answer_of
from dashboard.figures.opportunities import worth as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections import drill
from dashboard.sections.accounts import words as account_words
from dashboard.sections.opportunities import scoring, words as opportunity_words
from dashboard.sections.opportunities.value import opened
from dashboard.words.formats import FEW, Formats
from dashboard.words.language import _, meaning
from data_access.scope import Scope


@parts.fragment
def draw(scope: Scope, deals: pd.DataFrame) -> None:
    """The opening grid of one track; a click opens a tile's deals.

    deals   `opportunities.valued` of that track
    """
    _tiles(scope, deals, answer_of(openings.grid, scope), parts.formats())


def abnormal(scope: Scope, deals: pd.DataFrame) -> None:
    """Whether abnormal openings of one track lose, and those of which nobody said what changed."""
    form = parts.formats()
    left, right = st.columns(2, gap="large")
    with left:
        _classes(answer_of(openings.grid, scope), form)
    with right:
        _untold(deals, form)


def _tiles(scope: Scope, deals: pd.DataFrame, grid: Grid, form: Formats) -> None:
    advice = opportunity_words.advice()
    words = account_words.territories() | account_words.positions() | {"open": _("{n} open")}
    cells = grid.cells.assign(
        territory_name=grid.cells["territory"].map(words),
        position_name=grid.cells["position"].map(words),
        advice=[advice[f"{cell.territory} {cell.position}"] for cell in grid.cells.itertuples()],
        past=[_past(cell, form) for cell in grid.cells.itertuples()],
    )
    drill.figure(
        figures.tiles(cells, words=words, **parts.look()),
        lambda data: _behind(data, scope, deals, words),
        key="opening_grid",
        title=finding(grid.cells, form),
        about=_("Open deals; the opening is known of {n} of {of}").format(
            n=form.count(grid.cells["deals"].sum()), of=form.count(len(deals))
        ),
        alt=_("Open deals by territory and position: {told}").format(
            told=_(", ").join(
                f"{cell.territory_name} {cell.position_name} {form.count(cell.deals)}" for cell in cells.itertuples()
            )
        ),
        twin=cells,
        columns={
            "territory_name": Column(_("Territory")),
            "position_name": Column(_("Position")),
            "advice": Column(_("What to do")),
            "deals": Column.of("open_count"),
            "amount": Column.of("amount"),
            "n": Column.of("closed_count"),
            "win_rate": Column.of("opening_win_rate", n="n"),
        },
        source=meaning("opening_win_rate"),
    )


def finding(cells: pd.DataFrame, form: Formats) -> str:
    """In how many of the deals whose opening is known we trail; the question where these are too few."""
    known = int(cells["deals"].sum())
    if known < FEW:
        return _("Whose territory, and who leads?")
    behind, ahead = (int(cells.loc[cells["position"] == one, "deals"].sum()) for one in ("behind", "ahead"))
    if behind > ahead:
        return _("We trail in {n} of {of} deals, and lead in {ahead}").format(
            n=form.count(behind), of=form.count(known), ahead=form.count(ahead)
        )
    return _("We lead in {n} of {of} deals, and trail in {behind}").format(
        n=form.count(ahead), of=form.count(known), behind=form.count(behind)
    )


def _behind(data: list, scope: Scope, deals: pd.DataFrame, words: dict[str, str]):
    territory, position = data
    here = deals[(deals["territory"] == territory) & (deals["position"] == position)]
    title = f"{words[territory]} · {words[position]}"
    return (scope, opened(title, here)) if len(here) else None


def _classes(grid: Grid, form: Formats) -> None:
    """Do abnormal openings lose?"""
    rows, cells = grid.classes, grid.cells.set_index(["territory", "position"])
    parts.heading(_("Do abnormal openings lose?"))
    crisis, chance, normal = cells.loc[("ours", "behind")], cells.loc[("theirs", "ahead")], rows.iloc[0]
    if not rows["n"].sum():
        parts.nothing(_("No deal with a known opening is closed yet."))
        return
    parts.say(
        _("Won: of the crises {crisis}, of the chances {chance}, of the normal openings {normal}.").format(
            **{name: _rate(row, form) for name, row in (("crisis", crisis), ("chance", chance), ("normal", normal))}
        )
    )
    parts.table(
        rows.assign(name=rows["opening"].map(account_words.openings())),
        {
            "name": Column(_("Opening")),
            "n": Column.of("closed_count"),
            "won": Column.of("won_count"),
            "win_rate": Column.of("opening_win_rate", n="n"),
        },
        key="opening_classes",
    )
    parts.note(
        _(
            "A crisis: we trail on our own territory. A chance: we lead on theirs. Both are abnormal, so the class "
            "alone pools opposites."
        )
    )


def _past(cell, form: Formats) -> str:
    """How often deals that began in a tile were won."""
    return _("won {share}").format(share=_rate(cell, form)) if cell.n else _("none closed yet")


def _rate(row, form: Formats) -> str:
    """A past win rate with its cases; of few cases the fraction has them in it."""
    share = form.share(row.win_rate, row.n)
    return share if row.n < FEW else _("{share} of {n}").format(share=share, n=form.count(row.n))


def _untold(deals: pd.DataFrame, form: Formats) -> None:
    """The abnormal openings of which nobody said what changed."""
    untold = deals[deals["is_change_missing"]]
    if untold.empty:
        return
    parts.heading(_("What changed? Nobody has said it of these {n}").format(n=form.count(len(untold))))
    keys = list(untold["opportunity_id"])
    parts.table(
        untold,
        Column.each("deal", "owner", "amount"),
        key="opening_untold",
        height=180,
        opens=lambda row: scoring.take(keys[row]),
    )
