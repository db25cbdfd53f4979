"""What a board can be made of: the cards of the pages, by the keys of their numbers, and figures and lists of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention import handovers, leaks as leak_answers
from dashboard.answers.forecast import board as commits, outlook as forecasts
from dashboard.answers.leads import outcomes
from dashboard.answers.overview import numbers
from dashboard.answers.pipeline import funnel as funnels
from dashboard.answers.regions import level as level_of
from dashboard.answers.reps import results as rep_answers
from dashboard.answers.support import resources
from dashboard.ask import answer_of
from dashboard.frame import filters, parts
from dashboard.frame.parts import Card
from dashboard.sections.accounts import key_ranking, ranking
from dashboard.sections.attention import leaks, owners, week, words as attention
from dashboard.sections.forecast import board as commit_board, deciding, outlook
from dashboard.sections.leads import behind, sources, words as lead_words
from dashboard.sections.overview import detail, places, summary
from dashboard.sections.pipeline import bridge, cohort, funnel, open_deals
from dashboard.sections.reps import team
from dashboard.sections.support import queue, use, words as support
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.people.boards import Width
from data_access.scope import Scope

Asked = Callable[[str], object]


@dataclass(frozen=True)
class Row:
    """The cards of a page: the keys of their numbers, what makes them (with what asks again for one of them), and what
    offers the rows behind one."""

    page: str
    keys: tuple[str, ...]
    made: Callable[[Scope, Formats], tuple[Sequence[Card], Asked]]
    panel: Callable[[Scope, str], None] = parts.panel_of


@dataclass(frozen=True)
class Figure:
    """A figure or a list of a page, and how wide it stands first."""

    page: str
    draw: Callable[[Scope, Formats], None]
    width: Width = "half"


def card_of(row: Row, key: str, scope: Scope, form: Formats) -> tuple[Card | None, Asked]:
    """One of the cards, as its page has it; None where that has none of these data."""
    made, asked = row.made(scope, form)
    return next((card for card in made if card.key == key), None), asked


def _overview(scope: Scope, form: Formats) -> tuple[Sequence[Card], Asked]:
    both = summary.compare(scope, filters.before(scope))
    made = summary.cards(both, answer_of(numbers.by_month, scope), answer_of(forecasts.forecast, scope), form)
    return made, lambda key: answer_of(numbers.counted, scope, key)


def _attention(scope: Scope, form: Formats) -> tuple[Sequence[Card], Asked]:
    listed = answer_of(handovers.listed, scope)
    lines = leak_answers.lines(listed.leaks, answer_of(leak_answers.week_ago, scope), listed.waiting)
    return attention.cards(lines, listed.given, form), lambda _key: answer_of(handovers.listed, scope)


def _leads(scope: Scope, form: Formats) -> tuple[Sequence[Card], Asked]:
    whole = answer_of(outcomes.whole, scope)
    return lead_words.cards(whole, form), lambda _key: answer_of(outcomes.whole, scope)


def _reps(scope: Scope, form: Formats) -> tuple[Sequence[Card], Asked]:
    reps = answer_of(rep_answers.reps, scope)
    return [] if reps.empty else team.cards(reps, form), lambda _key: reps


def _support(scope: Scope, form: Formats) -> tuple[Sequence[Card], Asked]:
    values, requests = answer_of(resources.support, scope)["values"], answer_of(resources.open_requests, scope)
    made = support.cards(scope, values, requests, answer_of(resources.overload, scope), form)
    return made, lambda _key: answer_of(resources.support, scope)


_ROWS = (
    Row("overview", ("won_amount", "coverage", "open_amount", "win_rate_count", "pipeline_created_amount"), _overview),
    Row("attention", ("value_at_risk",), _attention),
    Row("leads", ("leads", "mql", "conversion", "leads_won", "cost_per_won"), _leads, behind.panel),
    Row("reps", ("attainment", "completed", "on_time_share", "meetings_held", "touched_share"), _reps),
    Row("support", ("utilisation", "open_requests", "met_in_time_share", "alignment", "overload_ahead"), _support),
)
CARDS = {key: row for row in _ROWS for key in row.keys}


def _regions(scope: Scope, form: Formats) -> None:
    whole = summary.compare(scope, filters.before(scope)).now
    places.figure(places.below(scope, answer_of(level_of, scope)), whole, scope, detail.words(form), form)


def _leaks(scope: Scope, form: Formats) -> None:
    leaks.top(scope, form)


def _week(scope: Scope, form: Formats) -> None:
    listed = answer_of(handovers.listed, scope)
    lines = leak_answers.lines(listed.leaks, answer_of(leak_answers.week_ago, scope), listed.waiting)
    week.draw(lines, listed.given, scope, form)


def _owners(scope: Scope, form: Formats) -> None:
    owners.draw(answer_of(handovers.listed, scope).leaks.lines, scope, form)


def _funnel(scope: Scope, form: Formats) -> None:
    one = cohort.choose(answer_of(funnels.funnel_totals, scope), form)
    if one is None:
        parts.nothing(cohort.instead())
    else:
        funnel.draw(scope, one, one.of(answer_of(funnels.funnel, scope)))


def _commits(scope: Scope, form: Formats) -> None:
    found = answer_of(commits.board, scope)
    if found is None:
        parts.nothing(_("Commits are for one region or the whole company. Take the other filters away."))
    else:
        commit_board.draw(scope, found, form)


def _sources(scope: Scope, form: Formats) -> None:
    sources.draw(scope, answer_of(outcomes.whole, scope), form)


def _key_accounts(scope: Scope, form: Formats) -> None:
    ranked = ranking.ranked(scope, answer_of(key_accounts.profile, scope))
    shown = key_ranking.shown_accounts(ranked)
    if shown.empty:
        parts.nothing(_("No account stands in these regions. Its region comes with the file account, as region_id."))
    else:
        key_ranking.table(key_ranking.choose_group(shown), scope, form)


def _team(scope: Scope, form: Formats) -> None:
    reps = answer_of(rep_answers.reps, scope)
    if reps.empty:
        parts.nothing(_("No rep is in view. Choose another region or owner, or import rep."))
    else:
        team.first(reps, scope, form)


def _load(scope: Scope, form: Formats) -> None:
    if answer_of(resources.support, scope)["values"]["available_hours"] is None:
        parts.nothing(_("No support person is known. They come in as support_person, their hours as support_booking."))
    elif answer_of(resources.person_weeks, scope).empty:
        parts.nothing(_("No support person is in view, or no Monday in the period."))
    else:
        use.heat(scope, form)


def _urgent(scope: Scope, form: Formats) -> None:
    queue.urgent(answer_of(resources.open_requests, scope), answer_of(resources.overload, scope), form)


FIGURES = {
    "regions": Figure("overview", _regions),
    "months": Figure("overview", lambda scope, form: detail.by_month(answer_of(numbers.by_month, scope), scope, form)),
    "forecast": Figure("overview", lambda scope, _form: outlook.band(scope)),
    "deciding": Figure("overview", deciding.draw, "full"),
    "leaks": Figure("overview", _leaks, "full"),
    "week": Figure("attention", _week, "full"),
    "owners": Figure("attention", _owners),
    "funnel": Figure("pipeline", _funnel),
    "open_deals": Figure("pipeline", lambda scope, _form: open_deals.draw(scope), "full"),
    "movement": Figure("pipeline", lambda scope, _form: bridge.draw(scope), "full"),
    "commits": Figure("forecast", _commits, "full"),
    "sources": Figure("leads", _sources, "full"),
    "key_accounts": Figure("key_accounts", _key_accounts, "full"),
    "team": Figure("reps", _team, "full"),
    "load": Figure("support", _load, "half"),
    "urgent": Figure("support", _urgent, "half"),
}


def figure_names() -> dict[str, str]:
    """What they are called where one chooses."""
    return {
        "regions": _("Won against target, by region"),
        "months": _("Won against target, by month"),
        "forecast": _("Forecast in its range"),
        "deciding": _("Deals that decide"),
        "leaks": _("What leaks most"),
        "week": _("What is to do this week"),
        "owners": _("Whose turn it is"),
        "funnel": _("Funnel"),
        "open_deals": _("Open deals"),
        "movement": _("What moved the pipeline"),
        "commits": _("Commit board"),
        "sources": _("Sources of leads"),
        "key_accounts": _("Ranking of accounts"),
        "team": _("Who has the most to go"),
        "load": _("Load of support"),
        "urgent": _("Support that cannot wait"),
    }


# What a board may begin with, by role.
READY: dict[str, tuple[tuple[str, Width], ...]] = {
    "executive": (
        ("won_amount", "third"),
        ("open_amount", "third"),
        ("value_at_risk", "third"),
        ("regions", "half"),
        ("months", "half"),
        ("deciding", "full"),
    ),
    "director": (
        ("won_amount", "third"),
        ("coverage", "third"),
        ("utilisation", "third"),
        ("deciding", "full"),
        ("regions", "half"),
        ("months", "half"),
    ),
    "manager": (
        ("won_amount", "third"),
        ("attainment", "third"),
        ("value_at_risk", "third"),
        ("week", "full"),
        ("months", "half"),
        ("regions", "half"),
    ),
}
