"""Which deals deserve our best, how did they open, and what do we lose on?"""

from dashboard.answers import profiles
from dashboard.answers.opportunities import worth
from dashboard.answers.opportunities.worth import KIND
from dashboard.ask import ask
from dashboard.frame import filters, parts
from dashboard.metrics.opportunities.worth import CUTS
from dashboard.sections.opportunities import openings, scoring, stop_loss, value, words
from dashboard.sections.pipeline import key_actions, losses
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. The answer, in a sentence, about all open deals.
deals = worth.valued(ask, scope)
parts.page_head(
    _("Opportunities"),
    _("Which deals deserve our best, how did they open, and what do we lose on?"),
    words.answer(deals, profiles.held(ask, scope, KIND, CUTS).values, form),
    scope,
)

# 2. Large projects and the fast lane apart: all below is about one of them.
one = words.choose_track(deals, scope, form)
of_track = deals[deals["track"] == one.track] if one.track else deals

# 3. What they are worth now and later, and what each quadrant gets.
value.draw(one, of_track)

# 4. Whose territory it is and who leads, and whether deals that opened so were won.
openings.draw(one, of_track)

# 5. A deal judged here: five questions, position, territory, what changed.
parts.header(_("Judge a deal"))
deal = scoring.choose(of_track, worth.valued(ask, filters.of_person(scope)), form)
if deal is not None:
    scoring.draw(scope, deal, form)

# 6. Why deals were lost in the period, where and to whom; and what was given up in time.
parts.header(_("Lost, and given up in time"))
losses.draw(one)
losses.qualified_out(one)

# 7. The key actions of the stages, done and not done.
parts.header(_("Key actions"))
key_actions.draw(one)

# 8. Where to stop.
parts.header(_("Stop-loss"))
stop_loss.draw(one)
