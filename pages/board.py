"""What do I look at first?"""

from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections.board import arranging, draw
from dashboard.words.language import _

scope, form = chosen(), parts.formats()
board = arranging.looked_at(scope)

# 1. What it is made of, and the way to add, arrange and share.
parts.page_head(
    board.name if not board.is_own else _("My dashboard"),
    _("What do I look at first?"),
    arranging.verdict(board, form),
    scope,
)
arranging.controls(board, scope, form)

# 2. The tiles, or while they are arranged a line of controls each.
if board.is_own and arranging.is_arranged():
    arranging.arranging(board, scope)
else:
    draw.board(board.tiles, scope, form)
