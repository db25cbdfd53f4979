"""Who commits to what, what is expected beside it, and how far can such forecasts be trusted?"""

from dashboard.answers.forecast import board as boards, outlook as forecasts
from dashboard.ask import answer_of
from dashboard.frame import filters, parts, tabs
from dashboard.sections import regions
from dashboard.sections.forecast import bias, board, commit, judged, outlook, review
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()
found = answer_of(boards.board, scope)

# 1. The verdict: whether the forecast makes the target; below it what is committed to, who is still to say, and the way
# to commit.
verdict, more = board.answer(found, answer_of(forecasts.forecast, scope), form)
parts.page_head(_("Forecast"), _("Who commits to what, and what is expected beside it?"), verdict, scope, more=more)
commit.way("secondary")

# 2. One subject at a time: the board (the units right below what is looked at, and all of it) with the deals that are
# counted on; the forecast in its band; how far such forecasts missed.
tab = tabs.chosen(
    {"board": _("Commit board"), "band": _("Forecast and range"), "errors": _("Past errors")},
    first="band" if found is None else None,
)
if tab == "board":
    if found is None:
        parts.nothing(_("Commits are for one region or the whole company. Take the other filters away."))
    else:
        board.draw(scope, found, form)
        regions.ways(scope, "forecast")
        judged.draw(scope, found, form)
elif tab == "band":
    outlook.draw(scope)
    if found is None:
        bias.draw(scope, form)
else:
    weeks = outlook.draw_past(scope, form)
    if weeks:
        review.draw(scope, weeks)
    else:
        parts.nothing(_("No past period could be forecast so early."))
