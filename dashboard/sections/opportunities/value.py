"""What the open deals are worth, soon and later: four quadrants, what each gets, and where the lines lie."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.answers import profiles
from dashboard.answers.opportunities.worth import KIND
from dashboard.ask import ask
from dashboard.figures.opportunities import worth as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.opportunities import worth as metrics
from dashboard.sections import drill, thresholds
from dashboard.sections.opportunities import words as opportunity_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.scope import Scope


@parts.fragment
def draw(scope: Scope, deals: pd.DataFrame) -> None:
    """The quadrants of one track's open deals, under the lines that hold, or that somebody tries for themselves.

    deals   `opportunities.valued` of that track
    """
    form, held = parts.formats(), _held(scope)
    cuts = _tried(held)
    _plot(scope, metrics.in_quadrants(deals, cuts), cuts, form)
    if cuts != held:
        parts.note(
            _("You are trying other lines, for yourself. Published: {short} and {long}.").format(
                short=form.number(held["short_term"]), long=form.number(held["long_term"])
            )
        )


def invest(scope: Scope, deals: pd.DataFrame) -> None:
    """What each quadrant gets, and the lines between them: everybody may try others, directors publish them.

    Not drawn anew alone: other lines move the quadrants, too, and these stand elsewhere on the page.

    deals   `opportunities.valued` of that track
    """
    held = _held(scope)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _policies(metrics.in_quadrants(deals, _tried(held)), parts.formats())
    with right:
        for term in metrics.CUTS:
            st.slider(
                literal.markdown(_("What if {value} counted from").format(value=label(term))),
                0.0,
                10.0,
                held[term],
                0.5,
                key=_key(term, held),
                persist_state="session",
            )
        thresholds.draw(scope, KIND, _("Cut lines of the quadrants"), _lines(), metrics.CUTS)


def _held(scope: Scope) -> dict[str, float]:
    """The published lines."""
    return {term: float(line) for term, line in profiles.held(ask, scope, KIND, metrics.CUTS).values.items()}


def _key(term: str, held: Mapping[str, float]) -> str:
    return f"value_cut_{term}_{held[term]}"  # other published lines: a fresh slider


def _tried(held: Mapping[str, float]) -> dict[str, float]:
    """The lines in use: those published, or others that somebody tries for themselves."""
    return {term: st.session_state.get(_key(term, held), line) for term, line in held.items()}


def _lines() -> tuple[thresholds.Threshold, ...]:
    return tuple(
        thresholds.Threshold(term, _("{value} from").format(value=label(term)), "number", 0.0, 10.0, 0.5)
        for term in metrics.CUTS
    )


def _plot(scope: Scope, placed: pd.DataFrame, cuts: Mapping[str, float], form: Formats) -> None:
    points = metrics.at_points(placed)
    names = opportunity_words.quadrants()
    words = names | {term: label(term) for term in metrics.CUTS}
    words |= {"more": _("and {n} more"), "nothing": _("No open deal has all five answers yet. Score some below.")}
    counts = placed["quadrant"].value_counts().to_dict()
    ours, of = counts.get("both", 0), int(placed["quadrant"].notna().sum())
    title = _("{n} of {of} valued deals are worth our best now and later").format(n=form.count(ours), of=form.count(of))
    drill.figure(
        figures.value(points, cuts, counts, words=words, **parts.look()),
        lambda data: _behind(data, scope, placed, names, form),
        key="value_quadrants",
        title=title if of else _("Nothing is valued yet"),
        alt=_("Deals per quadrant: {told}").format(
            told=_(", ").join(f"{name} {form.count(counts.get(key, 0))}" for key, name in names.items())
        ),
        twin=placed.dropna(subset=["quadrant"]).assign(quadrant=lambda found: found["quadrant"].map(names)),
        columns={
            **Column.each("deal", "short_term", "long_term"),
            "quadrant": Column(_("Quadrant")),
            "amount": Column.of("amount"),
        },
        source=_("The larger a point, the more deals lie on it. A click on it, or on a quadrant's name, opens them."),
    )


def _behind(data: list, scope: Scope, placed: pd.DataFrame, names: dict[str, str], form: Formats):
    kind, *which = data
    if kind == "quadrant":
        here, title = placed[placed["quadrant"] == which[0]], names[which[0]]
    else:
        here = placed[(placed["short_term"] == which[0]) & (placed["long_term"] == which[1])]
        title = _("{short} now, {long} later").format(short=form.number(which[0]), long=form.number(which[1]))
    return scope, opened(title, here) if len(here) else None


def opened(title: str, deals: pd.DataFrame) -> Opened:
    """The mark of some of the open deals."""
    ids = tuple(deals["opportunity_id"])
    amount = metrics.amount_of(deals)
    return Opened("open", title, len(deals), amount, {"opportunity_ids": ids}, number="open_amount")


def _policies(placed: pd.DataFrame, form: Formats) -> None:
    """Counts, amounts and the policy of each quadrant; last, what has no value yet."""
    names, policies = opportunity_words.quadrants(), opportunity_words.policies()
    rows = metrics.by_quadrant(placed)
    rows = rows[rows["quadrant"].notna() | (rows["deals"] > 0)]
    with st.grid(2, min_column_width=260):
        for row in rows.itertuples():
            named = isinstance(row.quadrant, str)
            with st.container(border=True, gap="xxsmall", height="stretch"):
                parts.say(
                    _("{quadrant}: {n} deals, {amount}").format(
                        quadrant=names[row.quadrant] if named else _("Not valued"),
                        n=form.count(row.deals),
                        amount=form.money(row.amount),
                    )
                )
                parts.note(policies[row.quadrant] if named else _("Answer the five questions first."))
