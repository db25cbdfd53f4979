"""Are we on target, will we make it, and what moved?"""

import streamlit as st

from dashboard.answers.forecast import outlook as forecasts
from dashboard.answers.overview import compared, numbers
from dashboard.answers.regions import level as level_of
from dashboard.ask import answer_of
from dashboard.figures.overview import on_target as figures
from dashboard.frame import filters, parts, tabs
from dashboard.sections import drill, regions as region_words
from dashboard.sections.attention import leaks
from dashboard.sections.forecast import commit, deciding, outlook
from dashboard.sections.overview import detail, lines, places, summary
from dashboard.words.language import _, label

scope = filters.chosen()
before = filters.before(scope)
form = parts.formats()

# 1. The verdict, and what it rests on.
both = summary.compare(scope, before)
forecast = answer_of(forecasts.forecast, scope)
level = answer_of(level_of, scope)
side_by_side = places.below(scope, level)
parts.page_head(
    _("Overview"),
    _("Are we on target, will we make it, and what moved?"),
    summary.verdict(both.now, forecast, form),
    scope,
    more=summary.more(both.now, side_by_side.rows, forecast, form),
)

to_do = st.empty()  # said at the end, since its answer takes longest; its line is kept free
to_do.markdown("&nbsp;")

# 2. Five cards, and the deals behind the one that was clicked.
months = answer_of(numbers.by_month, scope)
parts.kpi_row(
    summary.cards(both, months, forecast, form), key="cards", asked=lambda key: answer_of(numbers.counted, scope, key)
)
parts.note(
    _("Change against {start} – {end}, like for like. Lines: the last 13 months.").format(
        start=form.date(before.period.start), end=form.date(before.flow_end)
    )
)
parts.panel_of(scope, "cards")

# 3. Will we make it? The deals that decide beside the forecast in its band; what leaks most beside where. What is to
# do stands left, so that on a phone it comes first.
if forecast.refused or forecast.is_settled:  # and nothing is left to decide
    outlook.band(scope)
else:
    deals, band = st.columns([2, 1], gap="medium")
    with deals:
        deciding.draw(scope, form)
        commit.way("tertiary")
    with band:
        outlook.band(scope)
leaking, across = st.columns([2, 1], gap="medium")
with across:
    places.figure(side_by_side, both.now, scope, detail.words(form), form)
    region_words.ways(scope, "overview")

# 4. The other lines of business: key accounts, support, collection.
lines.draw(scope, form)

# 5. One subject more closely: won against target over time, what moved most, or every other number.
tab = tabs.chosen({"months": _("Months"), "moved": _("What moved"), "numbers": _("All numbers")})
if tab == "months":
    detail.by_month(months, scope, form)
elif tab == "moved":
    moves = answer_of(compared.moved_most, scope, before)
    moves["region"] = [region_words.name(level, key) for key in moves["region_id"]]
    drill.figure(
        figures.moved_most(moves, words=detail.words(form) | detail.causes() | detail.against_before(), **parts.look()),
        lambda data: detail.behind_move(data, moves, scope),
        key="overview_moves",
        title=detail.moves_finding(moves, form),
        about=f"{label('open_amount')} ({form.money_unit})",
        alt=detail.moves_in_words(moves, form),
        twin=moves.assign(cause=moves["cause"].map(detail.causes())),
        columns=detail.move_columns(),
    )
else:
    parts.heading(_("Other numbers"))
    parts.table(detail.rest(both, form), detail.rest_columns(), key="overview_rest", height=330)

# 6. Drawn last, since it takes longest, and read first: what leaks most, and what to do about it.
with leaking:
    told = leaks.top(scope, form)
with to_do:
    parts.say(told)
