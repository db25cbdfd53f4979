"""Who commits to what, what is expected beside it, and how far can such forecasts be trusted?"""

from dashboard.answers.forecast import board as boards, outlook as forecasts
from dashboard.ask import answer_of
from dashboard.frame import filters, parts
from dashboard.sections import regions
from dashboard.sections.forecast import bias, board, judged, outlook, review
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()
found = answer_of(boards.board, scope)

# 1. The answer: whether the forecast makes the target, what is committed to beside it, and who is still to say.
parts.page_head(
    _("Forecast"),
    _("Who commits to what, and what is expected beside it?"),
    board.answer(found, answer_of(forecasts.forecast, scope), form),
    scope,
)

# 2. The board: the units right below what is looked at, and all of it; and the deals that are counted on.
if found is not None:
    board.draw(scope, found, form)
    regions.ways(scope, "forecast")
    judged.draw(scope, found, form)

# 3. The forecast in its band beside the own commit, and how far such forecasts missed.
outlook.draw(scope)
if found is None:
    bias.draw(scope, form)
weeks = outlook.draw_past(scope, form)
if weeks:
    review.draw(scope, weeks)
