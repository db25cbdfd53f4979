"""May today's numbers be trusted?"""

from dashboard.answers.data import quality as answers
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections.data import freshness, imports, quality, trail, words
from dashboard.words.language import _

scope, form = chosen(), parts.formats()
loaded = freshness.loaded(scope)
fresh = freshness.of(loaded)
facts = answer_of(answers.facts, scope)

# 1. How fresh the facts are, whether the last load failed, what it rejected; and what most deals lack.
parts.page_head(
    _("Data"),
    _("May today's numbers be trusted?"),
    words.verdict(fresh, form),
    scope,
    more=quality.most_lacking(facts, form),
)
parts.kpi_row(words.cards(fresh, facts, form), key="data_cards")

# 2. One subject: how fresh each source is; what was imported; what deals lack that numbers need; who did what.
tab = tabs.chosen(
    {
        "freshness": _("Freshness per source"),
        "imports": _("Imports"),
        "quality": _("Quality"),
        "trail": _("What was done"),
    }
)
if tab == "freshness":
    freshness.draw(loaded, scope, form)
elif tab == "imports":
    imports.draw(loaded, form)
elif tab == "trail":
    trail.draw(scope)
else:
    quality.draw(facts, scope, form)
