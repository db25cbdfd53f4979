"""What does each rep need, and does the company give it?"""

import streamlit as st

from dashboard.answers import regions
from dashboard.answers.reps import company_help
from dashboard.answers.reps.life_stage import of_people
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.metrics.reps import stage_moves as metrics
from dashboard.metrics.reps.life_stage import DEFAULTS
from dashboard.sections import thresholds
from dashboard.sections.reps import stage_help, stage_moves, stage_team, stage_words
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence. Of the filters only people, regions and the as-of date count here.
with st.spinner(_("Looking at the last eight quarter ends …")):
    people = of_people(scope)
    reps, history = answer_of(company_help.given, people), answer_of(company_help.history, people)
selling = reps[reps["is_selling"]].reset_index(drop=True)
parts.page_head(
    _("Life stage"),
    _("What does each rep need, and does the company give it?"),
    stage_words.answer(selling, metrics.moves(history), form)
    if len(selling)
    else _("No rep here has a target, an open deal or a new one, so there is nothing to compare."),
    scope,
    about=stage_words.looked_at(scope, form),
)

# 2. Who is in which stage, why, and since when.
parts.header(_("Who is in which stage, and why?"))
if len(selling):
    stage_team.table(scope, selling, history, form)
else:
    parts.nothing(_("There are no reps here. Import rep, and target for their stages."))

# 3. The rules, in sight for everybody; directors may publish others.
thresholds.draw(scope, "life_stage", _("The rules, and who set them"), stage_words.thresholds(), DEFAULTS)

# 4. How the stages came about.
parts.header(_("How did the stages move in the last two years?"))
if len(history):
    stage_moves.draw(history, form)
else:
    parts.nothing(_("No rep has a stage yet: a stage needs a target and 12 months with the company."))

level = answer_of(regions.level, people)

# 5. What each stage is given, and by tenure and region.
parts.header(_("Is what the company gives shared fairly?"))
stage_help.draw(selling, level, form)

# 6. Does support lean towards those who need it most?
if len(selling):
    parts.header(_("Is the tilt of support real?"))
    stage_help.tilt(selling, level, form)
