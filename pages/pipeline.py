"""Where do deals stand, and what leaks on the way?"""

import streamlit as st

from dashboard.answers.pipeline import funnel as funnels
from dashboard.ask import answer_of, ask
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections import regions
from dashboard.sections.pipeline import bridge, cohort, funnel, open_deals, stage_time, transitions
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence. It stands on top, but is about the pipeline and track chosen below it.
head = st.container()
stages, totals = answer_of(funnels.funnel, scope), answer_of(funnels.funnel_totals, scope)
one = cohort.choose(totals, form)
rows = one.of(stages) if one else stages
with head:
    parts.page_head(
        _("Pipeline"),
        _("Where do deals stand, and what leaks on the way?"),
        cohort.answer(one, form),
        scope,
        more=cohort.more(rows, form) if one else None,
    )

# 2. The funnel of the deals created in the period, in one of five readings; beside it, who converts better.
if one is None:
    parts.nothing(cohort.instead())
else:
    left, right = st.columns(2, gap="large")
    with left:
        funnel.draw(scope, one, rows)
    with right:
        funnel.compare(scope, one, rows)
        regions.ways(scope, "pipeline")

# 3. One subject more closely: the open deals, how deals move between stages and how long they stay, or what the open
# pipeline of all tracks gained and lost.
tab = tabs.chosen({"deals": _("Open deals"), "stages": _("Stages"), "movement": _("Movement")})
if tab == "deals":
    open_deals.draw(scope)
elif tab == "movement":
    bridge.draw(scope)
elif one is not None:
    left, right = st.columns(2, gap="large")
    with left:
        transitions.draw(scope, one, one.of(funnels.transitions(ask, scope)), list(rows["stage"]))
    with right:
        stage_time.draw(scope, one, one.of(funnels.stage_times(ask, scope)))
