"""Who is booked, who waits, and do the best deals get the best support?"""

import streamlit as st

from dashboard.answers.support import resources
from dashboard.ask import answer_of, ask
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections import regions
from dashboard.sections.opportunities import stop_loss
from dashboard.sections.support import queue, use, words, worth
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, what is to do first, and its numbers.
values, requests = answer_of(resources.support, scope)["values"], answer_of(resources.open_requests, scope)
overload, held = answer_of(resources.overload, scope), resources.holds(ask, scope)
to_do = words.to_do(requests, overload, form)
parts.page_head(
    _("Support resources"),
    _("Who is booked, who waits, and do the best deals get the best support?"),
    words.verdict(values, requests, overload, form),
    scope,
    more=f"{to_do} {words.aside(values, overload, form)}" if held["people"] or held["requests"] else None,
)
parts.kpi_row(
    words.cards(scope, values, requests, overload, form),
    key="support_cards",
    asked=lambda _key: answer_of(resources.support, scope),
)
if not scope.person.sees_everything:
    parts.note(_("Support people of your regions, requests and deals of your regions."))

# 2. One subject: who is booked how much beside what cannot wait; which kinds and regions are short; who waits for what
# and whether there is enough for it; whether it goes where it is worth most.
tab = tabs.chosen(
    {
        "load": _("Load"),
        "short": _("Kinds and regions"),
        "queue": _("Queue"),
        "worth": _("Where it goes"),
    }
)
if tab in ("load", "short"):
    if values["available_hours"] is None:
        parts.nothing(_("No support person is known. They come in as support_person, their hours as support_booking."))
    elif answer_of(resources.person_weeks, scope).empty:
        parts.nothing(_("No support person is in view, or no Monday in the period."))
    elif tab == "short":
        use.compared(scope, values, form)
        regions.ways(scope, "support")
    else:
        left, right = st.columns([2, 3], gap="large")  # on a telephone what is to be done comes first
        with left:
            queue.urgent(requests, overload, form)
        with right:
            use.heat(scope, form)
elif tab == "queue":
    left, right = st.columns([3, 2], gap="large")
    with left:
        if held["people"] or held["requests"]:
            use.coming(scope, form)
    with right:
        queue.in_time(scope, form)
    queue.queue(scope, form)
else:
    if held["bookings"]:
        left, right = st.columns(2, gap="large")
        with left:
            worth.alignment(scope, values, form)
        with right:
            worth.unserved(scope, form)
    else:
        parts.nothing(_("Without bookings nobody can say which deals support goes to. Import support_booking."))
    left, right = st.columns(2, gap="large")
    with left:
        worth.outcomes(scope, values, form)
    with right:
        if held["bookings"]:
            worth.by_life_stage(scope, form)
    stop_loss.way()
