"""What does each number count?"""

from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections import definitions
from dashboard.words.language import _

# 1. How many there are. They are the same for everybody, whatever is chosen.
parts.page_head(
    _("Definitions"),
    _("What does each number count?"),
    definitions.verdict(),
    chosen(),
    about=_("The same for every period and region."),
)

# 2. Those of one area, or of all with a text in them.
text = definitions.asked()
tab = tabs.chosen(
    {
        "today": _("Today"),
        "pipeline": _("Pipeline"),
        "accounts": _("Accounts"),
        "team": _("Team"),
        "support": _("Support"),
    }
)
definitions.listed(tab, text)
