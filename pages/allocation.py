"""Who should support which deal in the coming weeks, and what is that worth?"""

import streamlit as st

from dashboard.answers.support import allocation as plans, allocation_review
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections.support import (
    allocation,
    allocation_plans,
    allocation_rules,
    allocation_run,
    allocation_what_if,
    allocation_words,
)
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. What is asked for and who is there, as things are.
head = st.container()
asked = answer_of(plans.asked, scope)
title = _("Recommended allocation")
question = _("Who should support which deal in the coming weeks, and what is it worth?")


def under_head(answer: str) -> None:
    with head:
        parts.page_head(title, question, answer, scope, about=allocation_words.about(asked, scope, form))
        allocation_plans.told()


if asked.problem.requests.empty or asked.people.empty:
    under_head(_("There is nothing to allocate."))
    parts.nothing(allocation_words.lacking(asked))
    allocation_plans.draw(scope, form)
    st.stop()

# 2. The best plan, worked out in a process of its own; until it is there, what is known already.
solved = allocation_run.solved("plan", asked.problem, allocation_words.doing(asked, form))
if solved is None:
    under_head(_("The plan is not worked out yet."))
    allocation.asked_and_there(asked)
    st.stop()

# 3. What it brings, and what it had to work around.
review = allocation_review.review(asked, solved)
under_head(allocation_words.answer(review, form))
if allocation_words.overbooked(asked, form):
    parts.notice(allocation_words.overbooked(asked, form))
allocation.cards(review, form)
for sentence in allocation_words.aside(asked, scope, form):
    parts.note(sentence)
left, right = st.columns(2, gap="large")
with left:
    allocation.plans_compared(review, form)
with right:
    allocation.hour_worth(review, form)

# 4. What its money rests on.
parts.header(_("What does support move?"))
allocation.uplifts(review, form)

# 5. Who gains and who loses, who does it, and what holds the plan back.
parts.header(_("Who gains, who loses, and why"))
allocation.gains_and_losses(review, form)
parts.header(_("Who does it"))
allocation.people(review)
parts.header(_("What holds the plan back"))
allocation.binding(review, form)
allocation.download(asked, solved)

# 6. What if there were others, or other rules?
parts.header(_("What if?"))
other = allocation_what_if.draw(scope, review, form)

# 7. The rules in sight, and every plan ever published.
allocation_rules.draw(scope)
allocation_plans.publish(scope, review, other)
allocation_plans.draw(scope, form)
