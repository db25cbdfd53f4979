"""Who is booked on what, who waits, and do the best deals get the best support?"""

from dashboard.answers.support import resources
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections import regions
from dashboard.sections.opportunities import stop_loss
from dashboard.sections.support import queue, use, words, worth
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, what is to do first, and its numbers.
values, requests = answer_of(resources.support, scope)["values"], answer_of(resources.open_requests, scope)
overload, held = answer_of(resources.overload, scope), resources.holds(ask, scope)
parts.page_head(
    _("Support resources"),
    _("Who is booked on what, who waits, and do the best deals get the best support?"),
    words.answer(values, requests, overload, form),
    scope,
)
if held["people"] or held["requests"]:
    parts.say(words.to_do(requests, overload, form))
parts.kpi_row(words.cards(scope, values, requests, overload, form), key="support_cards")
if not scope.person.sees_everything:
    parts.note(_("Support people of your regions, requests and deals of your regions."))

# 2. Who is booked how much: person by week, then by kind and region.
parts.header(_("How well is support used?"))
if values["available_hours"] is None:
    parts.nothing(_("No support person is known. They come in as support_person, their hours as support_booking."))
elif answer_of(resources.person_weeks, scope).empty:
    parts.nothing(_("No support person lies in what you look at, or no Monday in the period."))
else:
    use.heat(scope, form)
    use.compared(scope, form)
    regions.ways(scope, "support")

# 3. The coming weeks, and who waits for them.
parts.header(_("Is there enough for what is asked?"))
if held["people"] or held["requests"]:
    use.coming(scope, form)
queue.queue(scope, form)
queue.in_time(scope, form)

# 4. Does support go where it is worth most?
parts.header(_("Do the best deals get the best support?"))
if held["bookings"]:
    worth.alignment(scope, values, form)
    worth.unserved(scope, form)
else:
    parts.nothing(_("Without bookings nobody can say which deals support goes to. Import support_booking."))
worth.outcomes(scope, form)
if held["bookings"]:
    worth.by_life_stage(scope, form)

# 5. Where it should stop.
parts.header(_("Where should effort stop?"))
stop_loss.draw(scope)
