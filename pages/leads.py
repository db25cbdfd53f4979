"""What becomes of leads, what does the market cost, and which accounts slip?"""

import streamlit as st

from dashboard.answers.accounts import contested as contests, orphaned as orphans
from dashboard.answers.leads import outcomes, scissors
from dashboard.ask import answer_of
from dashboard.frame import filters, parts, tabs
from dashboard.sections.accounts import contested_orphaned
from dashboard.sections.leads import behind, pool, response as leads_time, scissors as leads_scissors, sources, words
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. The verdict and what stands behind it.
whole, alarms = answer_of(outcomes.whole, scope), answer_of(scissors.alarms, scope)
parts.page_head(
    _("Leads and market"),
    _("What becomes of leads, what does the market cost, and which accounts slip?"),
    words.verdict(whole, alarms, form),
    scope,
)
if said := words.answer(whole, alarms, form):
    parts.say(said)
caution = words.unknown_filters(scope)
if caution:
    parts.notice(caution)

# 2. Five cards, and the leads behind the one that was clicked.
parts.kpi_row(words.cards(whole, form), key="leads_cards")
behind.panel(scope, "leads_cards")

# 3. From lead to deal to won, by source or campaign.
rows = sources.draw(scope, form)

# 4. One subject more closely.
tab = tabs.chosen(
    {
        "sources": _("Sources"),
        "months": _("By month"),
        "nurture": _("Nurture pool"),
        "scissors": _("Scissors"),
        "pools": _("Pools"),
        "accounts": _("Contested and orphaned"),
    }
)
if tab == "sources":
    sources.rates(rows, form)
elif tab == "months":
    sources.cohorts(scope, form)
elif tab == "nurture":
    left, right = st.columns(2, gap="large")
    with left:
        leads_time.response(scope, form)
    with right:
        leads_time.nurture(scope, form)
elif tab == "scissors":
    leads_scissors.draw(scope, form)
elif tab == "pools":
    pool.draw(scope, form)
else:
    if slipping := words.slipping(answer_of(orphans.accounts, scope), answer_of(contests.accounts, scope), form):
        parts.say(slipping)
    contested_orphaned.orphaned(scope, form)
    contested_orphaned.contested(scope, form)
    contested_orphaned.handovers(scope, form)
