"""Who should support which deal in the coming weeks, and what is that worth?"""

import streamlit as st

from dashboard.answers.support import allocation as plans
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections.support import (
    allocation,
    allocation_plans,
    allocation_published,
    allocation_rules,
    allocation_run,
    allocation_what_if,
    allocation_words,
)
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

title = _("Recommended allocation")
question = _("Who should support which deal in the coming weeks, and what is it worth?")

# 1. The plan that holds, as it was published: nothing has to be worked out for it. Today's recommendation comes beside
# it, in room that is kept free; where no plan holds, what it brings is the page's answer.
holds = allocation_published.newest(scope)
head = st.container()
if holds is None:
    beside = st.container()
else:
    with head:
        parts.page_head(
            title,
            question,
            allocation_published.verdict(holds, form),
            scope,
            about=allocation_published.about(holds, scope, form),
        )
        allocation_plans.told()
    left, right = st.columns(2, gap="large")
    with left:
        allocation_published.draw(holds, form)
    with right:
        parts.heading(_("Today's recommendation beside it"))
        beside = st.container(key="allocation_today")

# 2. What is asked for and who is there, as things are.
asked = answer_of(plans.asked, scope)


def under_head(answer: str) -> None:
    """The page's answer; beside a plan that holds, today's."""
    if holds is not None:
        with beside:
            parts.say(answer)
        return
    with head:
        parts.page_head(title, question, answer, scope, about=allocation_words.about(asked, scope, form))
        allocation_plans.told()


if asked.problem.requests.empty or asked.people.empty:
    under_head(_("There is nothing to allocate."))
    parts.nothing(allocation_words.lacking(asked))
    allocation_plans.draw(scope, form)
    raise parts.PageEnds

# 3. The best plan, worked out in a process of its own; until it is there, what is known already.
with beside:
    solved = allocation_run.solved("plan", asked.problem, allocation_words.doing(asked, form))
if solved is None:
    if holds is None:
        under_head(_("The plan is not worked out yet."))
    allocation.asked_and_there(asked)
    allocation_plans.draw(scope, form)
    raise parts.PageEnds

# 4. What it brings.
review = allocation_run.reviewed("plan", asked, scope)
under_head(allocation_words.verdict(review, form))
if holds is not None:
    with beside:
        allocation_published.draw_today(holds, review, scope, form)
with head if holds is None else st.container():
    parts.say(allocation_words.aside(review, form))
if too_many := allocation_words.overbooked(asked, form):
    parts.notice(too_many)
allocation.cards(review, form)

# 5. One subject: what the plan is worth, beside what it moves first, and what that money rests on; who gains and who
# loses; what holds it back; other people and other rules; the rules in sight, and every plan ever published.
tab = tabs.chosen(
    {
        "brings": _("What it brings"),
        "who": _("Who gains and loses"),
        "limits": _("What holds it back"),
        "what_if": _("What if, and publish"),
        "plans": _("Rules and plans"),
    }
)
if tab == "brings":
    left, right = st.columns(2, gap="large")
    with left:
        allocation.first_moves(review, form)
    with right:
        allocation.plans_compared(review, form)
    parts.heading(_("What does support move?"))
    allocation.uplifts(review, form)
elif tab == "who":
    allocation.gains_and_losses(review, form)
    parts.heading(_("Who does it"))
    allocation.people(review)
    allocation.download(asked, solved)
elif tab == "limits":
    left, right = st.columns(2, gap="large")
    with left:
        allocation.binding(review, form)
        for sentence in allocation_words.left_aside(asked, scope, form):
            parts.note(sentence)
    with right:
        allocation.hour_worth(review, form)
elif tab == "what_if":
    other = allocation_what_if.draw(scope, review, form)
    allocation_plans.publish(scope, review, other)
else:
    allocation_rules.draw(scope)
    allocation_plans.draw(scope, form)
