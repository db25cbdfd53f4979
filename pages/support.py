"""Who is booked on what, who waits, and do the best deals get the best support?"""

import streamlit as st

from dashboard import parts
from dashboard.answers import support
from dashboard.ask import answer_of, ask
from dashboard.filters import chosen
from dashboard.language import _
from dashboard.sections import stop_loss, support_queue, support_use, support_words, support_worth

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, and its numbers.
values, requests = answer_of(support.support, scope)["values"], answer_of(support.open_requests, scope)
overload, held = answer_of(support.overload, scope), support.holds(ask, scope)
parts.page_head(
    _("Support resources"),
    _("Who is booked on what, who waits, and do the best deals get the best support?"),
    support_words.answer(values, requests, overload, form),
    scope,
)
parts.kpi_row(support_words.cards(scope, values, requests, overload, form), key="support_cards")
if not scope.person.sees_everything:
    parts.note(_("Support people of your regions, requests and deals of your regions."))

# 2. Who is booked how much: person by week, then by kind and region.
st.header(_("How well is support used?"), anchor=False)
if values["available_hours"] is None:
    parts.nothing(_("No support person is known. They come in as support_person, their hours as support_booking."))
elif answer_of(support.person_weeks, scope).empty:
    parts.nothing(_("No support person lies in what you look at, or no Monday in the period."))
else:
    support_use.heat(scope, form)
    support_use.compared(scope, form)

# 3. The coming weeks, and who waits for them.
st.header(_("Is there enough for what is asked?"), anchor=False)
if held["people"] or held["requests"]:
    support_use.coming(scope, form)
support_queue.queue(scope, form)
support_queue.in_time(scope, form)

# 4. Does support go where it is worth most?
st.header(_("Do the best deals get the best support?"), anchor=False)
if held["bookings"]:
    support_worth.alignment(scope, values, form)
    support_worth.unserved(scope, form)
else:
    parts.nothing(_("Without bookings nobody can say which deals support goes to. Import support_booking."))
support_worth.outcomes(scope, form)
if held["bookings"]:
    support_worth.by_life_stage(scope, form)

# 5. Where it should stop.
st.header(_("Where should effort stop?"), anchor=False)
stop_loss.draw(scope)
