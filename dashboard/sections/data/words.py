"""The words of the page Data: its sentence, its cards, and how sources, lists and gaps are named."""

from collections.abc import Sequence
from datetime import date, datetime

from dashboard import database
from dashboard.frame.cards import Card, Reading
from dashboard.metrics.data import quality
from dashboard.metrics.data.freshness import Freshness
from dashboard.words.formats import DASH, Formats, is_missing
from dashboard.words.language import _, one_of


def verdict(fresh: Freshness, form: Formats) -> str:
    """How fresh the facts are, in a word, and what the last import rejected: at most 90 characters."""
    day, age = form.date(fresh.last_day), _age(fresh, form)
    if fresh.failed is not None:
        told = _("Not renewed: the last {way} failed; facts to {day}, loaded {age}.")
        return told.format(way=way_name(fresh.failed), day=day, age=age)
    state = {"stale": _("Out of date"), "fresh": _("Fresh")}[fresh.state]
    if fresh.rejected is None:
        return _("{state}: facts to {day}, loaded {age}.").format(state=state, day=day, age=age)
    return one_of(
        "{state}: facts to {day}, loaded {age}; {n} row rejected.",
        "{state}: facts to {day}, loaded {age}; {n} rows rejected.",
        fresh.rejected,
    ).format(state=state, day=day, age=age, n=form.count(fresh.rejected))


def cards(fresh: Freshness, facts: quality.Facts, form: Formats) -> list[Card]:
    """The last day, the last load, what it rejected (for who sees everything), and two shares of the open deals."""
    loaded = DASH if fresh.loaded is None else moment(fresh.loaded, form)
    found = [
        Card(
            "data_last_day",
            _("Last day of the data"),
            _("The last day on which anything in the data happened."),
            (Reading(_ago(fresh.last_day, fresh.today, form)),),
            beside=form.date(fresh.last_day),
        ),
        Card(
            "data_loaded",
            _("Last load"),
            _("How long ago an import or a sync last loaded anything."),
            (Reading(_age(fresh, form)),),
            beside=loaded,
        ),
    ]
    if fresh.rejected is not None:
        found.append(
            Card(
                "data_rejected",
                _("Rows rejected"),
                _("Rows of the last import that broke a rule. They stand in its file of rejected rows."),
                (Reading(form.count(fresh.rejected)),),
                beside=_("of {n} rows read").format(n=form.count(fresh.read)),
            )
        )
    helps = {
        "amount": (_("Open deals with an amount"), _("Open deals without an amount are counted, not summed.")),
        "expected_close": (
            _("Open deals with a close date"),
            _("Open deals without an expected close are in no coverage."),
        ),
    }
    for gap, (name, told) in helps.items():
        having = quality.having(facts["open"], gap)
        beside = _("{n} of {all}").format(n=form.count(having.deals), all=form.count(having.all))
        found.append(Card(f"data_{gap}", name, told, (Reading(form.share(having.share, having.all)),), beside=beside))
    return found


def moment(there: datetime, form: Formats) -> str:
    """A moment where the organisation is, as said in a sentence."""
    return f"{form.date(there.date())} {there:%H:%M}"


def moment_in_table(utc) -> str | None:
    """A moment of the log, where the organisation is, so that a column of them sorts; None where there is none."""
    return None if is_missing(utc) else f"{database.state().there(utc):%Y-%m-%d %H:%M}"


def way_name(way: str) -> str:
    return {"import": _("import"), "sync": _("sync")}[way]


def source_name(mapping: str) -> str:
    """A source by its mapping; without one, the files of the contract's own form."""
    return mapping or _("Files as in the contract")


def list_name(what: str) -> str:
    return {
        "open": _("Open deals"),
        "closed": _("Decided deals"),
        "won": _("Won deals"),
        "lost": _("Lost deals"),
        "created": _("Created deals"),
    }[what]


def lacking_name(what: str, gaps: Sequence[str]) -> str:
    """Deals of a list that lack something, in words."""
    return _("{deals}: {gap}").format(deals=list_name(what), gap=gaps_in_words(gaps))


def gaps_in_words(gaps: Sequence[str]) -> str:
    """What deals lack, or what is wrong with them."""
    names = {
        "amount": _("no amount"),
        "rate": _("no exchange rate"),
        "probability": _("no probability at their stage"),
        "expected_close": _("no expected close"),
        "overdue": _("expected close has passed"),
        "next_step": _("no next step"),
        "owner": _("no owner"),
        "region": _("no region"),
        "segment": _("no industry or class"),
        "stage": _("in no known stage"),
        "history": _("no stage history"),
        "creation": _("no creation day"),
        "margin": _("no gross margin"),
        "loss_reason": _("no loss reason"),
        "source": _("no source"),
    }
    return _(", ").join(names[gap] for gap in gaps)


def newest_name(what: str) -> str:
    return {
        "deal": _("Deals created or closed"),
        "movement": _("Movements of the pipeline"),
        "activity": _("Completed activities"),
        "lead": _("Leads created"),
    }[what]


def _age(fresh: Freshness, form: Formats) -> str:
    return _("at an unknown time") if fresh.loaded is None else _ago(fresh.loaded.date(), fresh.today, form)


def _ago(day: date, today: date, form: Formats) -> str:
    days = (today - day).days
    return one_of("{n} day ago", "{n} days ago", days).format(n=form.count(days)) if days > 0 else _("today")
