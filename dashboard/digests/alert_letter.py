"""An alert in words, in the language of its reader: what crossed its threshold, or which lines are new."""

from collections.abc import Sequence

import pandas as pd

from dashboard.answers.digests.watched import NUMBERS
from dashboard.digests.letter import MOST, Letter, Link, Part, Row, days_of, exact, more
from dashboard.frame import drawer
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections.attention import words
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning, one_of
from data_access.people.alerts import Crossing, Wish
from data_access.scope import Scope


def limit(wish: Wish, form: Formats) -> str:
    """On which side of what a number is told of."""
    is_count = DEFINITIONS[wish.metric].unit == "count"  # which has no decimals, while what it crosses may
    at = form.number(wish.threshold, 2) if is_count else exact(wish.metric, wish.threshold, form)
    return (_("below {threshold}") if wish.side == "below" else _("above {threshold}")).format(threshold=at)


def of_number(wish: Wish, crossing: Crossing, scope: Scope, places: Sequence[str], form: Formats, link: Link) -> Letter:
    """A number that crossed its threshold. scope: as of the crossing; places: the regions of who reads it, by name."""
    name, value = label(wish.metric), exact(wish.metric, crossing.value, form)
    before = _("{value}, as of {day}").format(
        value=exact(wish.metric, crossing.before_value, form), day=form.date(crossing.before_on)
    )
    address = link(NUMBERS[wish.metric].page, scope)
    rows = (
        (_("Value"), value),
        (_("Threshold"), limit(wish, form)),
        (_("At the last look"), before),
        (_("As of"), form.date(scope.as_of)),
        (_("Period"), days_of(scope, form)),
        (_("Region"), _regions(places)),
        (_("What it counts"), meaning(wish.metric)),
    )
    return Letter(
        language=form.language,
        subject=_("{name} is {limit}: {value}").format(name=name, limit=limit(wish, form), value=value),
        said=(_("At the last look it was {before}.").format(before=before),),
        parts=(Part(name, tuple(Row(row) for row in rows), link=address, words=(1,)),),
        link=address,
        way=_("Open the page as of {day}").format(day=form.date(scope.as_of)),
        foot=_foot(scope, form),
    )


def of_lines(
    wish: Wish, crossing: Crossing, found: pd.DataFrame, scope: Scope, places: Sequence[str], form: Formats, link: Link
) -> Letter:
    """New lines of a rule of Attention: `watched.lines_of`. scope: as of the crossing."""
    name, address = label(wish.metric), link("attention", scope)
    rows = tuple(
        Row(
            (row.subject_name, form.money(row.value_at_risk), row.why, row.owner_name or "–"),
            link("attention", scope, open=_record(row)) if _record(row) else "",
        )
        for row in words.with_words(found.head(MOST), form).itertuples()
    )
    columns = _("What"), _("At risk"), _("Why"), _("Owner")
    note = more(len(found) - MOST, form) if len(found) > MOST else ""
    n = len(found)
    return Letter(
        language=form.language,
        subject=one_of("{name}: {n} new line", "{name}: {n} new lines", n).format(name=name, n=form.count(n)),
        said=(
            _("New since the last look, as of {day}.").format(day=form.date(crossing.before_on)),
            _("{name}: {meaning}").format(name=name, meaning=meaning(wish.metric)),
            _("Region: {places}").format(places=_regions(places)),
        ),
        parts=(Part(_("New lines"), rows, columns, note, address, words=(2, 3)),),
        link=address,
        way=_("Open the page as of {day}").format(day=form.date(scope.as_of)),
        foot=_foot(scope, form),
    )


def _record(row) -> str:
    """What is open over the page where a line leads; empty: it is about neither a deal nor an account."""
    kinds = {"opportunity": drawer.DEAL, "account": drawer.ACCOUNT}
    return f"{kinds[row.subject_kind]}:{row.subject_id}" if row.subject_kind in kinds else ""


def _regions(places: Sequence[str]) -> str:
    return _("{regions} and below").format(regions=_(", ").join(places)) if places else _("All regions")


def _foot(scope: Scope, form: Formats) -> str:
    seen = _("All that you may see, as of {day}.").format(day=form.date(scope.as_of))
    return f"{seen} {_('Each is told once.')} {_('To change that, open Share this on any page.')}"
