"""What does the team do, and what comes of it?"""

import streamlit as st

from dashboard import parts
from dashboard.answers import reps as rep_answers
from dashboard.ask import answer_of
from dashboard.filters import chosen
from dashboard.language import _
from dashboard.sections import (
    leads_time,
    reps_accounts,
    reps_activity,
    reps_credit,
    reps_plans,
    reps_results,
    reps_team,
)

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, and six numbers.
reps = answer_of(rep_answers.reps, scope)
parts.page_head(_("Reps"), _("What does the team do, and what comes of it?"), reps_team.answer(reps, form), scope)
if reps.empty:
    parts.nothing(_("No rep is in view. Choose another region or owner, or import rep."))
    st.stop()
reps_team.cards(reps, form)

# 2. Who was active, on what.
if reps["completed"].isna().all():
    parts.nothing(_("No activity was imported, so nobody knows who did what, when. Import activity."))
else:
    reps_activity.by_week(reps, scope, form)
    reps_activity.by_sort(scope, form)

# 3. Plans kept, groups compared, and every rep.
st.header(_("Regions, teams and peers compared"), anchor=False)
reps_plans.compared(reps, scope, form)
st.header(_("Every rep"), anchor=False)
reps_team.table(reps, form)

# 4. What is achieved, how steadily, and how newcomers start.
st.header(_("Results"), anchor=False)
reps_results.beside(reps, form)
reps_results.ramp(scope, form)

# 5. Whom nobody talks to, and how long a lead waits.
st.header(_("Silence"), anchor=False)
reps_accounts.silence(scope, form)
leads_time.response(scope, form)

# 6. To whom things are credited.
st.header(_("Credit"), anchor=False)
reps_credit.credit(scope, form)
