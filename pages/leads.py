"""What becomes of leads, what does the market cost, and which accounts slip?"""

import streamlit as st

from dashboard import load
from dashboard.frame import filters, parts
from dashboard.sections.accounts import contested_orphaned
from dashboard.sections.leads import behind, pool, scissors, sources, words
from dashboard.sections.leads import response as leads_time
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. The answer, in a sentence.
whole, response = load.leads_whole(scope), load.lead_response(scope)
orphaned, contested = load.orphaned_accounts(scope), load.contested_accounts(scope)
parts.page_head(
    _("Leads and market"),
    _("What becomes of leads, what does the market cost, and which accounts slip?"),
    words.answer(whole, orphaned, contested, load.scissors_alarms(scope), form),
    scope,
)
caution = words.unknown_filters(scope)
if caution:
    parts.notice(caution)

# 2. Six cards, and the leads behind the one that was clicked.
parts.kpi_row(words.cards(whole, response, form), key="leads_cards")
behind.panel(scope, "leads_cards")

# 3. From lead to deal to won: by source and campaign, and by the month the leads were created in.
st.header(_("From lead to won deal"), anchor=False)
sources.draw(scope, form)
sources.cohorts(scope, form)

# 4. How fast leads are answered, and how many are left to nurture.
left, right = st.columns(2, gap="large")
with left:
    leads_time.response(scope, form)
with right:
    leads_time.nurture(scope, form)

# 5. Does the market cost more than it brings?
st.header(_("Scissors of cost, revenue and margin"), anchor=False)
scissors.draw(scope, form)

# 6. The public and the private pool.
st.header(_("Public and private pool"), anchor=False)
pool.draw(scope, form)

# 7. Accounts that several work on, and accounts that nobody looks after.
st.header(_("Contested and orphaned accounts"), anchor=False)
contested_orphaned.orphaned(scope, form)
contested_orphaned.contested(scope, form)
contested_orphaned.handovers(scope, form)
