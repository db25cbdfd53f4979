"""What becomes of leads, what does the market cost, and which accounts slip?"""

import streamlit as st

from dashboard.answers.accounts import contested as contests, orphaned as orphans
from dashboard.answers.leads import outcomes, scissors
from dashboard.ask import answer_of
from dashboard.frame import filters, parts
from dashboard.sections.accounts import contested_orphaned
from dashboard.sections.leads import behind, pool, response as leads_time, scissors as leads_scissors, sources, words
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. The answer, in a sentence.
whole, response = answer_of(outcomes.whole, scope), answer_of(outcomes.response, scope)
orphaned, contested = answer_of(orphans.accounts, scope), answer_of(contests.accounts, scope)
parts.page_head(
    _("Leads and market"),
    _("What becomes of leads, what does the market cost, and which accounts slip?"),
    words.answer(whole, orphaned, contested, answer_of(scissors.alarms, scope), form),
    scope,
)
caution = words.unknown_filters(scope)
if caution:
    parts.notice(caution)

# 2. Six cards, and the leads behind the one that was clicked.
parts.kpi_row(words.cards(whole, response, form), key="leads_cards")
behind.panel(scope, "leads_cards")

# 3. From lead to deal to won: by source and campaign, and by the month the leads were created in.
parts.header(_("From lead to won deal"))
sources.draw(scope, form)
sources.cohorts(scope, form)

# 4. How fast leads are answered, and how many are left to nurture.
left, right = st.columns(2, gap="large")
with left:
    leads_time.response(scope, form)
with right:
    leads_time.nurture(scope, form)

# 5. Does the market cost more than it brings?
parts.header(_("Scissors of cost, revenue and margin"))
leads_scissors.draw(scope, form)

# 6. The public and the private pool.
parts.header(_("Public and private pool"))
pool.draw(scope, form)

# 7. Accounts that several work on, and accounts that nobody looks after.
parts.header(_("Contested and orphaned accounts"))
contested_orphaned.orphaned(scope, form)
contested_orphaned.contested(scope, form)
contested_orphaned.handovers(scope, form)
