"""What leaks, how much is at stake, and whose is it?"""

import streamlit as st

from dashboard.answers.attention import handovers, leaks as leak_answers
from dashboard.answers.attention.limits import KIND
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.metrics.attention.rules import DEFAULTS
from dashboard.sections import thresholds
from dashboard.sections.attention import aside, given, leaks as attention, week, words
from dashboard.words.language import _

scope, form = chosen(), parts.formats()
leaks = answer_of(leak_answers.leaks, scope)
handed = handovers.given(ask, scope, leaks)
lines = leak_answers.lines(leaks, answer_of(leak_answers.week_ago, scope), handed[handed["is_waiting"]])

# 1. The answer, in a sentence. Leaks are as of a date, so the period says nothing here.
parts.page_head(
    _("Attention"),
    _("What leaks, how much is at stake, and whose is it?"),
    words.answer(lines, form),
    scope,
    about=words.looked_at(scope, form),
)
aside.just_done(scope)
given.just_done(scope)

# 2. This week: a line each, whose it is and what is to do, and what changed since last week; giving one to somebody.
week.draw(lines, handed, scope, form)

# 3. What was given to whom, and what became of it.
given.draw(handed, leaks, scope, form)

# 4. Every reason, most value first, and one of them more closely: why, how much, whose, where to go, dismissing it.
if leaks.rows.empty:
    parts.nothing(words.nothing_why(leaks, form))
else:
    attention.draw(leaks, scope, form)

# 5. All lines, by what they are about.
week.views(lines, handed, scope, form)

# 6. What somebody has put aside.
aside.dismissed(leaks, scope, form)

# 7. Which rules hold most; beside it what is muted.
left, right = st.columns(2, gap="large")
with left:
    attention.rules_compared(leaks, form)
with right:
    aside.muted(leaks, form)

# 8. The rules and their thresholds, which a director may change for everybody.
thresholds.draw(scope, KIND, _("Rules and thresholds"), words.thresholds(), DEFAULTS)
