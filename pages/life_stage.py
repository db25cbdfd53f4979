"""What does each rep need, and does the company give it?"""

import streamlit as st

from dashboard.answers import regions
from dashboard.answers.reps import company_help
from dashboard.answers.reps.life_stage import of_people
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.metrics.reps.life_stage import DEFAULTS
from dashboard.sections import thresholds
from dashboard.sections.regions import ways
from dashboard.sections.reps import stage_help, stage_moves, stage_team, stage_words
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The verdict, and how many are in each stage. Of the filters only people, regions and the as-of date count here.
with st.spinner(_("Looking at the last eight quarter ends …")):
    people = of_people(scope)
    reps, course = answer_of(company_help.given, people), answer_of(company_help.course, people)
selling = reps[reps["is_selling"]].reset_index(drop=True)
parts.page_head(
    _("Life stage"),
    _("What does each rep need, and does the company give it?"),
    stage_words.verdict(selling, course.moves, form)
    if len(selling)
    else _("Nothing to compare: no rep here has a target, an open deal or a new one."),
    scope,
    about=stage_words.looked_at(scope, form),
)
if len(selling):
    parts.kpi_row(
        stage_words.cards(selling, course.by_day, form),
        key="stage_cards",
        asked=lambda _key: answer_of(company_help.given, people),
    )

# 2. Who is in which stage, why, and since when; beside it, how the stages came about.
left, right = st.columns(2, gap="large")
with left:
    parts.heading(_("Who is in which stage, and why?"))
    if len(selling):
        stage_team.table(scope, selling, course.since, form)
    else:
        parts.nothing(_("There are no reps here. Import rep, and target for their stages."))
with right:
    if len(course.rows):
        stage_moves.over_time(course, form)
    else:
        parts.nothing(_("No rep has a stage yet: a stage needs a target and 12 months with the company."))

# 3. One subject: who moved and when; what each stage, tenure and region is given; whether support leans towards those
# who need it most; the evidence for each rep's stage.
tab = tabs.chosen(
    {
        "moves": _("Who moved"),
        "given": _("What is given"),
        "tilt": _("Support"),
        "evidence": _("Evidence"),
    }
)
if not len(selling):
    parts.nothing(_("Nothing to compare: no rep here has a target, an open deal or a new one."))
elif tab == "moves":
    stage_moves.moved(course)
elif tab == "given":
    stage_help.draw(selling, answer_of(regions.level, people), form)
    ways(scope, "life_stage")
elif tab == "tilt":
    stage_help.tilt(selling, answer_of(regions.level, people), form)
else:
    stage_team.evidence(selling, course.since, form)

# 4. The rules, in sight for everybody; directors may publish others.
thresholds.draw(scope, "life_stage", _("The rules, and who set them"), stage_words.thresholds(), DEFAULTS)
