"""A digest in words, in the language of its reader: what every form of it is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.answers.digests.contents import Digest, month_to_date
from dashboard.frame import drawer
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.revenue import KINDS
from dashboard.sections.attention import words
from dashboard.sections.overview.detail import kind_names
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

MOST = 10  # won deals and reps: who wants more follows the link
_PERIOD = (
    "won_amount", "net_won_amount", "won_count", "lost_count", "created_count", "pipeline_created_amount",
    "collected_amount",
)  # fmt: skip
_QUARTER = ("won_amount", "target_amount", "attainment", "open_amount", "coverage")
_RETENTION = ("gross_retention", "net_retention", "repeat_purchase_rate")

Link = Callable[..., str]
"""Link(page, scope, open=…): the address of a page that shows this scope as of its date, for who reads it."""


@dataclass(frozen=True)
class Row:
    """Some cells beside each other. link: where the first leads; bar: the share of the largest, drawn as a bar."""

    cells: tuple[str, ...]
    link: str = ""
    bar: float | None = None


@dataclass(frozen=True)
class Part:
    """One subject. columns: names above the cells; note: a sentence below; link: the page that shows it; words: the
    places of cells that are read as words, all others but the first being numbers."""

    title: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()
    note: str = ""
    link: str = ""
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What is sent. said: what is read first; link: the page of all of it, called `way`; foot: why one gets it."""

    language: str
    subject: str
    said: tuple[str, ...]
    parts: tuple[Part, ...]
    link: str
    way: str
    foot: str


def of_digest(digest: Digest, form: Formats, link: Link) -> Letter:
    """The words of a digest, in the language that is spoken."""
    overview = link("overview", digest.scope)
    parts = (
        _numbers(digest, form, overview),
        _part(_("Quarter to date"), _values(_QUARTER, digest.quarter, form), link("overview", digest.in_quarter)),
        _to_do(digest, form, link),
        _won(digest, form, link),
        _reps(digest, form, link("reps", month_to_date(digest.scope))),
        _activity(digest, form, link("reps", digest.scope)),
        _part(_("Retention"), _values(_RETENTION, digest.now, form), overview),
        _months(digest, form, overview),
    )
    when = days_of(digest.scope, form)
    return Letter(
        language=form.language,
        subject=_("{when}: {won}").format(when=when, won=_deals_won(digest.now, form)),
        said=(_since(digest, form), words.to_do(digest.lines.this_week, digest.lines.lines, form)),
        parts=tuple(part for part in parts if part.rows),
        link=overview,
        way=_("Open the Overview as of {day}").format(day=form.date(digest.scope.as_of)),
        foot=_foot(digest, form),
    )


def days_of(scope: Scope, form: Formats) -> str:
    """The days of its period."""
    first, last = scope.period.start, scope.period.end
    return form.date(first) if first == last else f"{form.date(first)} – {form.date(last)}"


def _deals_won(values: Mapping[str, Any], form: Formats) -> str:
    n = int(values["won_count"] or 0)
    return one_of("won {won} in {n} deal", "won {won} in {n} deals", n).format(
        won=form.money(values["won_amount"]), n=form.count(n)
    )


def _since(digest: Digest, form: Formats) -> str:
    """What became since the last one: what was won beside it, and what of the lines is new, worse or gone."""
    since = digest.lines.this_week["since"].value_counts()
    return _("Lines to see to since {day}: {new} new, {worse} worse, {gone} gone. Period before: {won}.").format(
        day=form.date(digest.before.as_of),
        new=form.count(since.get("new", 0)),
        worse=form.count(since.get("worse", 0)),
        gone=form.count(len(digest.lines.gone)),
        won=_deals_won(digest.earlier, form),
    )


def _foot(digest: Digest, form: Formats) -> str:
    often = {
        "daily": _("You get this every day."),
        "weekly": _("You get this every week."),
        "monthly": _("You get this every month."),
        "quarterly": _("You get this every quarter."),
    }[digest.cadence]
    seen = _("All that you may see, as of {day}.").format(day=form.date(digest.scope.as_of))
    return f"{seen} {often} " + _("To change that, open Share this on any page.")


def _part(title: str, rows: Sequence[Row], link: str) -> Part:
    return Part(title, tuple(rows), link=link)


def _values(keys: Sequence[str], values: Mapping[str, Any], form: Formats) -> list[Row]:
    """What is known of these numbers."""
    return [Row((label(key), exact(key, values[key], form))) for key in keys if not is_missing(values.get(key))]


def exact(key: str, value: Any, form: Formats) -> str:
    """A number as a digest writes it: money to the cent."""
    return form.money_exact(value) if DEFINITIONS[key].unit == "money" else form.metric(key, value)


def _numbers(digest: Digest, form: Formats, link: str) -> Part:
    """The period beside the one before."""
    rows = [
        Row(_beside(label(key), key, digest.now.get(key), digest.earlier.get(key), form))
        for key in _PERIOD
        if not is_missing(digest.now.get(key))
    ]
    now, earlier = digest.now["won_by_kind"], digest.earlier["won_by_kind"]
    rows += [
        Row(_beside(name, "won_amount", now[kind], earlier[kind], form))
        for kind, name in kind_names().items()
        if now[kind] or earlier[kind]
    ]
    columns = "", _("This period"), _("Period before"), _("Change")
    return Part(days_of(digest.scope, form), tuple(rows), columns, link=link)


def _beside(name: str, key: str, now: Any, before: Any, form: Formats) -> tuple[str, ...]:
    return name, exact(key, now, form), exact(key, before, form), form.change(now, before, DEFINITIONS[key].unit)


def _to_do(digest: Digest, form: Formats, link: Link) -> Part:
    """The lines that a week begins with, each with its way; and those that are gone."""
    lines, since = digest.lines, {"new": _("new"), "worse": _("worse"), "same": _("as before")}
    rows = tuple(
        Row(
            (
                row.subject_name,
                form.money(row.value_at_risk),
                row.reasons,
                _("{owner}: {action}").format(owner=row.owner_name, action=row.action),
                since[row.since],
            ),
            link("attention", digest.scope, open=_record(row)),
        )
        for row in words.lines_with_words(lines.this_week).itertuples()
    )
    gone = _(", ").join(words.subject_name(row) for row in lines.gone.itertuples())
    note = _("Gone since {day}: {names}.").format(day=form.date(digest.before.as_of), names=gone) if gone else ""
    columns = _("What"), _("At risk"), _("Why"), _("Next"), _("Since the last one")
    return Part(_("What is to do"), rows, columns, note, link("attention", digest.scope), words=(2, 3, 4))


def _record(line) -> str:
    """What is open over the page where a line of a week leads: a deal or an account."""
    record = drawer.DEAL if line.subject_kind == "opportunity" else drawer.ACCOUNT
    return f"{record}:{line.subject_id}"


def _won(digest: Digest, form: Formats, link: Link) -> Part:
    found = digest.won
    rows = tuple(
        Row(
            (row.deal, *(_or_dash(one) for one in (row.account, row.owner)), form.money_exact(row.amount)),
            link("overview", digest.scope, open=f"{drawer.DEAL}:{row.opportunity_id}"),
        )
        for row in found.head(MOST).itertuples()
    )
    columns = _("Deal"), _("Account"), _("Owner"), label("won_amount")
    way = link("overview", digest.scope, open="cards:won_amount")
    return Part(_("Deals won"), rows, columns, _more(len(found) - MOST, form), way, words=(1, 2))


def _reps(digest: Digest, form: Formats, link: str) -> Part:
    """Month to date: the kinds that occur, total and net."""
    found, names = digest.reps, kind_names()
    kinds = [kind for kind in KINDS if (found[kind].fillna(0) != 0).any()]
    amounts = [*kinds, "won_amount", "net_won_amount"]
    rows = tuple(
        Row((_or_dash(row["rep"]), *(form.money_exact(row[amount]) for amount in amounts)))
        for row in found.head(MOST).to_dict("records")
    )
    columns = _("Rep"), *(names[kind] for kind in kinds), label("won_amount"), label("net_won_amount")
    title = _("{month} to date, by rep").format(month=form.month(digest.scope.as_of))
    return Part(title, rows, columns, _more(len(found) - MOST, form), link)


def _activity(digest: Digest, form: Formats, link: str) -> Part:
    rows = tuple(
        Row(_beside(label(key), key, now, before, form))
        for key, (now, before) in digest.activity.items()
        if now is not None
    )
    columns = "", _("This period"), _("Period before"), _("Change")
    return Part(_("Activities"), rows, columns, link=link)


def _months(digest: Digest, form: Formats, link: str) -> Part:
    won = digest.months["won_amount"].astype(float).fillna(0).clip(lower=0)
    most = won.max() or 1
    rows = tuple(
        Row((form.month(row.month), form.money(row.won_amount)), bar=share)
        for row, share in zip(digest.months.itertuples(), won / most, strict=True)
    )
    return Part(_("Won by month"), rows, link=link)


def _more(left: int, form: Formats) -> str:
    return more(left, form) if left > 0 else ""


def more(left: int, form: Formats) -> str:
    """What is not shown of a list."""
    return _("{n} more.").format(n=form.count(left))


def _or_dash(text: Any) -> str:
    return "–" if is_missing(text) else text
