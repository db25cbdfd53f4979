"""What becomes of leads, and what does the market cost?"""

import streamlit as st

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
    _("What becomes of leads, and what does the market cost?"),
    words.verdict(whole, alarms, form),
    scope,
)
if said := words.answer(whole, alarms, form):
    parts.say(said)
caution = words.unknown_filters(scope)
if caution:
    parts.notice(caution)

# 2. Five cards, and the leads behind the one that was clicked.
parts.kpi_row(words.cards(whole, form), key="leads_cards", asked=lambda _key: answer_of(outcomes.whole, scope))
behind.panel(scope, "leads_cards")

# 3. From lead to deal to won, by source or campaign.
rows = sources.draw(scope, whole, form)

# 4. One subject more closely.
tab = tabs.chosen(
    {
        "sources": _("Sources"),
        "months": _("By month"),
        "nurture": _("Nurture pool"),
        "scissors": _("Scissors"),
        "pools": _("Pools"),
    }
)
if tab == "sources":
    sources.rates(rows, whole, form)
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
else:
    pool.draw(scope, form)

# 5. What became of accounts has its home elsewhere.
contested_orphaned.way()
