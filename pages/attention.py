"""What leaks, how much is at stake, and whose is it?"""

import streamlit as st

from dashboard import parts
from dashboard.answers import attention as leak_answers
from dashboard.answers.attention_limits import KIND
from dashboard.ask import answer_of
from dashboard.filters import chosen
from dashboard.language import _
from dashboard.metrics.attention import DEFAULTS
from dashboard.sections import attention, attention_aside, attention_words, thresholds

scope, form = chosen(), parts.formats()
leaks = answer_of(leak_answers.leaks, scope)

# 1. The answer, in a sentence. Leaks are as of a date, so the period says nothing here.
parts.page_head(
    _("Attention"),
    _("What leaks, how much is at stake, and whose is it?"),
    attention_words.answer(leaks, form),
    scope,
    about=attention_words.looked_at(scope, form),
)
attention_aside.just_done(scope)

# 2. The leaks, most value first, and one of them more closely: why, how much, whose, where to go, and dismissing it.
if leaks.rows.empty:
    parts.nothing(attention_words.nothing_why(leaks, form))
else:
    attention.draw(leaks, scope, form)

# 3. What somebody has put aside.
attention_aside.dismissed(leaks, scope, form)

# 4. Which rules hold most; beside it what is muted.
left, right = st.columns(2, gap="large")
with left:
    attention.rules_compared(leaks, form)
with right:
    attention_aside.muted(leaks, form)

# 5. The rules and their thresholds, which a director may change for everybody.
thresholds.draw(scope, KIND, _("Rules and thresholds"), attention_words.thresholds(), DEFAULTS)
