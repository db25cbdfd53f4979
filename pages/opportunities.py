"""Which deals deserve our best, how did they open, where do we lose?"""

import streamlit as st

from dashboard.answers import profiles
from dashboard.answers.opportunities import worth
from dashboard.answers.opportunities.worth import KIND
from dashboard.ask import ask
from dashboard.frame import filters, parts, tabs
from dashboard.metrics.opportunities.worth import CUTS
from dashboard.sections.opportunities import openings, scoring, stop_loss, value, words
from dashboard.sections.pipeline import key_actions, losses
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. The verdict and what stands behind it, about all open deals.
deals, lines = worth.valued(ask, scope), profiles.held(ask, scope, KIND, CUTS).values
parts.page_head(
    _("Opportunities"),
    _("Which deals deserve our best, how did they open, where do we lose?"),
    words.verdict(deals, lines, form),
    scope,
)
if said := words.answer(deals, lines, form):
    parts.say(said)

# 2. Large projects and the fast lane apart: all below is about one of them.
one = words.choose_track(deals, scope, form)
of_track = deals[deals["track"] == one.track] if one.track else deals

# 3. Whose territory it is and who leads, beside what the deals are worth now and later, where anything is known of
# either; and the deals.
if words.is_judged(of_track):
    left, right = st.columns(2, gap="large")
    with left:
        openings.draw(one, of_track)
    with right:
        value.draw(one, of_track)
scoring.listed(of_track)

# 4. One subject more closely; where a deal is asked for, its scores.
tab = tabs.chosen(
    {
        "invest": _("Where to invest"),
        "openings": _("Openings"),
        "losses": _("Losses"),
        "actions": _("Key actions"),
        "stop": _("Stop-loss"),
        scoring.TAB: _("Score a deal"),
    },
    first=scoring.TAB if scoring.wanted() else None,
)
if tab == "invest":
    value.invest(one, of_track)
elif tab == "openings":
    openings.abnormal(one, of_track)
elif tab == "losses":
    losses.draw(one)
    losses.qualified_out(one)
elif tab == "actions":
    key_actions.draw(one)
elif tab == "stop":
    stop_loss.draw(one)
else:
    deal = scoring.choose(of_track, worth.valued(ask, filters.of_person(scope)), form)
    if deal is not None:
        scoring.draw(scope, deal, form)
