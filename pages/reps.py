"""What does the team do, and what comes of it?"""

import streamlit as st

from dashboard.answers.reps import results as rep_answers
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections import regions
from dashboard.sections.leads import response
from dashboard.sections.reps import activity, credit, plans_kept, results, silent_accounts, team
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, with whom to speak first, and six numbers.
reps = answer_of(rep_answers.reps, scope)
parts.page_head(_("Reps"), _("What does the team do, and what comes of it?"), team.answer(reps, form), scope)
if reps.empty:
    parts.nothing(_("No rep is in view. Choose another region or owner, or import rep."))
    st.stop()
if to_do := team.to_do(reps, form):
    parts.say(to_do)
team.cards(reps, form)

# 2. Who was active, on what.
if reps["completed"].isna().all():
    parts.nothing(_("No activity was imported, so nobody knows who did what, when. Import activity."))
else:
    activity.by_week(reps, scope, form)
    activity.by_sort(scope, form)

# 3. Plans kept, groups compared, and every rep.
parts.header(_("Regions, teams and peers compared"))
plans_kept.compared(reps, scope, form)
regions.ways(scope, "reps")
parts.header(_("Every rep"))
team.table(reps, form)

# 4. What is achieved, how steadily, and how newcomers start.
parts.header(_("Results"))
results.beside(reps, form)
results.ramp(scope, form)

# 5. Whom nobody talks to, and how long a lead waits.
parts.header(_("Silence"))
silent_accounts.silence(scope, form)
response.response(scope, form)

# 6. To whom things are credited.
parts.header(_("Credit"))
credit.credit(scope, form)
