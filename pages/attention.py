"""What leaks, how much is at stake, and whose is it?"""

import streamlit as st

from dashboard.answers.attention import handovers, leaks as leak_answers
from dashboard.answers.attention.limits import KIND
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.metrics.attention.rules import DEFAULTS
from dashboard.sections import thresholds
from dashboard.sections.attention import aside, given, leaks as attention, owners, week, words
from dashboard.words.language import _

scope, form = chosen(), parts.formats()
listed = answer_of(handovers.listed, scope)
leaks, handed = listed.leaks, listed.given
lines = leak_answers.lines(leaks, answer_of(leak_answers.week_ago, scope), listed.waiting)

# 1. The verdict, what is to do first, and five numbers. Leaks are as of a date, so the period says nothing here.
parts.page_head(
    _("Attention"),
    _("What leaks, how much is at stake, and whose is it?"),
    words.verdict(lines, form),
    scope,
    about=words.looked_at(scope, form),
    more=words.to_do(lines.this_week, lines.lines, form),
)
aside.just_done(scope)
given.just_done(scope)
parts.kpi_row(
    words.cards(lines, handed, form), key="attention_cards", asked=lambda _key: answer_of(handovers.listed, scope)
)

# 2. One subject: what is to do this week, beside whose turn it is, and what was given to whom; all lines about deals,
# accounts, capacity or what nobody wrote down; every reason of every line, and what was put aside of them.
tab = tabs.chosen(
    {
        "week": _("This week"),
        "deals": _("Deals"),
        "accounts": _("Accounts"),
        "capacity": _("Capacity and coverage"),
        "gaps": _("Data gaps"),
        "reasons": _("Reasons"),
    }
)
if tab == "week":
    left, right = st.columns([3, 1], gap="medium")  # on a telephone what is to be done comes first
    with left:
        week.draw(lines, handed, scope, form)
    with right:
        owners.draw(lines.lines, scope, form)
    given.draw(handed, leaks, scope, form)
elif tab == "reasons":
    if leaks.rows.empty:
        parts.nothing(words.nothing_why(leaks, form))
    else:
        attention.draw(leaks, scope, form)
    left, right = st.columns(2, gap="large")
    with left:
        attention.rules_compared(leaks, form)
    with right:
        aside.dismissed(leaks, scope, form)
        aside.muted(leaks, form)
else:
    week.view(tab, lines, handed, scope, form)

# 3. The rules and their thresholds, which a director may change for everybody.
thresholds.draw(scope, KIND, _("Rules and thresholds"), words.thresholds(), DEFAULTS)
