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
    """The quadrants of one track's open deals, under lines that everybody may try; those published hold.

    deals   `opportunities.valued` of that track
    """
    form, held = parts.formats(), profiles.held(ask, scope, KIND, metrics.CUTS).values
    parts.heading(_("Which deals are worth it, now and later?"))
    cuts = _tried(held, form)
    placed = metrics.in_quadrants(deals, cuts)
    left, right = st.columns([3, 2], gap="large")
    with right:
        _policies(placed, form)
        thresholds.draw(scope, KIND, _("Cut lines of the quadrants"), _lines(), metrics.CUTS)
    with left:
        _plot(scope, placed, cuts, form)


def _lines() -> tuple[thresholds.Threshold, ...]:
    return tuple(
        thresholds.Threshold(term, _("{value} from").format(value=label(term)), "number", 0.0, 10.0, 0.5)
        for term in metrics.CUTS
    )


def _tried(held: Mapping[str, float], form: Formats) -> dict[str, float]:
    """The lines in use: those published, or others that somebody tries for themselves."""
    left, right = st.columns(2)
    tried = {}
    for column, term in zip((left, right), metrics.CUTS, strict=True):
        with column:
            key = f"value_cut_{term}_{held[term]}"  # other published lines: a fresh slider
            tried[term] = st.slider(
                literal.markdown(_("What if {value} counted from").format(value=label(term))),
                0.0,
                10.0,
                float(held[term]),
                0.5,
                key=key,
            )
    if tried != {term: float(value) for term, value in held.items()}:
        parts.note(
            _("You are trying other lines, for yourself. Published: {short} and {long}.").format(
                short=form.number(held["short_term"]), long=form.number(held["long_term"])
            )
        )
    return tried


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
    return Opened("open", title, len(deals), metrics.amount_of(deals), {"opportunity_ids": ids})


def _policies(placed: pd.DataFrame, form: Formats) -> None:
    """Counts, amounts and the policy of each quadrant; last, what has no value yet."""
    names, policies = opportunity_words.quadrants(), opportunity_words.policies()
    for row in metrics.by_quadrant(placed).itertuples():
        if row.quadrant is None and not row.deals:
            continue
        with st.container(border=True, gap="xxsmall"):
            parts.say(
                _("{quadrant}: {n} deals, {amount}").format(
                    quadrant=names.get(row.quadrant, _("Not valued")),
                    n=form.count(row.deals),
                    amount=form.money(row.amount),
                )
            )
            parts.note(policies.get(row.quadrant, _("Answer the five questions first.")))
