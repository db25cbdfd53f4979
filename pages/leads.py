"""What becomes of leads, what does the market cost, and which accounts slip?"""

import streamlit as st

from dashboard import filters, parts
from dashboard.answers import contested as contests
from dashboard.answers import leads, scissors
from dashboard.answers import orphaned as orphans
from dashboard.ask import answer_of
from dashboard.language import _
from dashboard.sections import (
    leads_accounts,
    leads_behind,
    leads_pool,
    leads_scissors,
    leads_sources,
    leads_time,
    leads_words,
)

scope, form = filters.chosen(), parts.formats()

# 1. The answer, in a sentence.
whole, response = answer_of(leads.whole, scope), answer_of(leads.response, scope)
orphaned, contested = answer_of(orphans.accounts, scope), answer_of(contests.accounts, scope)
parts.page_head(
    _("Leads and market"),
    _("What becomes of leads, what does the market cost, and which accounts slip?"),
    leads_words.answer(whole, orphaned, contested, answer_of(scissors.alarms, scope), form),
    scope,
)
caution = leads_words.unknown_filters(scope)
if caution:
    parts.notice(caution)

# 2. Six cards, and the leads behind the one that was clicked.
parts.kpi_row(leads_words.cards(whole, response, form), key="leads_cards")
leads_behind.panel(scope, "leads_cards")

# 3. From lead to deal to won: by source and campaign, and by the month the leads were created in.
st.header(_("From lead to won deal"), anchor=False)
leads_sources.draw(scope, form)
leads_sources.cohorts(scope, form)

# 4. How fast leads are answered, and how many are left to nurture.
left, right = st.columns(2, gap="large")
with left:
    leads_time.response(scope, form)
with right:
    leads_time.nurture(scope, form)

# 5. Does the market cost more than it brings?
st.header(_("Scissors of cost, revenue and margin"), anchor=False)
leads_scissors.draw(scope, form)

# 6. The public and the private pool.
st.header(_("Public and private pool"), anchor=False)
leads_pool.draw(scope, form)

# 7. Accounts that several work on, and accounts that nobody looks after.
st.header(_("Contested and orphaned accounts"), anchor=False)
leads_accounts.orphaned(scope, form)
leads_accounts.contested(scope, form)
leads_accounts.handovers(scope, form)
