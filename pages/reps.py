"""What does the team do, and what comes of it?"""

import streamlit as st

from dashboard import load
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections.leads import response
from dashboard.sections.reps import activity, credit, plans_kept, results, silent_accounts, team
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, and six numbers.
reps = load.reps(scope)
parts.page_head(_("Reps"), _("What does the team do, and what comes of it?"), team.answer(reps, form), scope)
if reps.empty:
    parts.nothing(_("No rep is in view. Choose another region or owner, or import rep."))
    st.stop()
team.cards(reps, form)

# 2. Who was active, on what.
if reps["completed"].isna().all():
    parts.nothing(_("No activity was imported, so nobody knows who did what, when. Import activity."))
else:
    activity.by_week(reps, scope, form)
    activity.by_sort(scope, form)

# 3. Plans kept, groups compared, and every rep.
st.header(_("Regions, teams and peers compared"), anchor=False)
plans_kept.compared(reps, scope, form)
st.header(_("Every rep"), anchor=False)
team.table(reps, form)

# 4. What is achieved, how steadily, and how newcomers start.
st.header(_("Results"), anchor=False)
results.beside(reps, form)
results.ramp(scope, form)

# 5. Whom nobody talks to, and how long a lead waits.
st.header(_("Silence"), anchor=False)
silent_accounts.silence(scope, form)
response.response(scope, form)

# 6. To whom things are credited.
st.header(_("Credit"), anchor=False)
credit.credit(scope, form)
