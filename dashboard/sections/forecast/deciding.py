"""Which open deals decide whether the period makes its target, and which few would close the gap."""

import pandas as pd

from dashboard.answers.forecast import deciding
from dashboard.answers.forecast.deciding import Deciding
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.forecast.deciding import HANDFUL, adds
from dashboard.sections.accounts import words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, meaning, one_of
from data_access.scope import Scope


def draw(scope: Scope, form: Formats) -> None:
    """The few heaviest deals. Nothing where there is no forecast, which says so itself, or the period has ended."""
    found = answer_of(deciding.deciding, scope)
    if found.forecast.refused or found.forecast.is_settled:
        return
    parts.heading(_("Which deals decide?"))
    if found.rows.empty:
        parts.nothing(_("No open deal with an amount may still be won in this period."))
        return
    parts.say(answer(found, form))
    rows = _in_words(found.rows.head(HANDFUL), form)
    parts.table(rows, _columns(), key="forecast_deciding", opens=parts.to_deal(rows))
    parts.note(
        _("Ranked by amount × chance × (1 − chance) of a win by the period's end. Changes: against seven days before.")
    )


def answer(found: Deciding, form: Formats) -> str:
    """Which of the deals close the gap, with what chance; or that none need to, or not even all of them do."""
    if found.gap is None:
        return _("No target is set for this choice. The result depends most on these deals.")
    if found.closing.deals == 0:
        said = _("The forecast makes the target, with {more} to spare. The result depends most on these deals.")
        if found.target is not None and found.forecast.makes(found.target) is None:  # as the forecast itself says
            said = _("The forecast lies {more} above the target, not surely. The result depends most on these deals.")
        return said.format(more=form.money(-found.gap))
    first = found.rows.head(HANDFUL)
    if found.closing.deals is None:
        return one_of(
            "No handful of deals closes the gap of {gap}: won, the {n} heaviest deal brings {brings} of it.",
            "No handful of deals closes the gap of {gap}: won, the {n} heaviest deals bring {brings} of it.",
            len(first),
        ).format(gap=form.money(found.gap), n=form.count(len(first)), brings=form.money(adds(first).sum()))
    return one_of(
        "{n} deal closes the gap of {gap}, the first of these: the chance that it is won is {chance}.",
        "{n} deals close the gap of {gap}, the first of these: the chance that all are won is {chance}.",
        found.closing.deals,
    ).format(n=form.count(found.closing.deals), gap=form.money(found.gap), chance=form.share(found.closing.chance))


def _columns() -> dict[str, Column]:
    return {
        "deal": Column(_("Deal"), width=250),
        "owner": Column(_("Owner"), width=95),
        "amount": Column.of("amount"),
        "chance": Column(_("Chance"), "share", help=meaning("win_chance")),
        "next_step": Column(_("Next step"), width=110),
        "last_touch": Column(_("Last touch"), width=110),
        "changed": Column(_("Changed in seven days"), width=155),
    }


def _in_words(rows: pd.DataFrame, form: Formats) -> pd.DataFrame:
    return rows.assign(
        next_step=[_step(row.next_step_on, row.next_step_kind, form) for row in rows.itertuples()],
        last_touch=[_step(row.last_touch_on, row.last_touch_kind, form) for row in rows.itertuples()],
        changed=[_changed(row, form) for row in rows.itertuples()],
    )


def _step(day, kind: str, form: Formats) -> str | None:
    return None if is_missing(day) else f"{form.day(day)} · {words.activity_kinds().get(kind, kind)}"


def _changed(row, form: Formats) -> str | None:
    """What is another thing than seven days before, and what it was; None: nothing."""
    stage = _("stage was not known") if is_missing(row.stage_before) else _("stage was {before}")
    owner = _("had no owner") if is_missing(row.owner_before) else _("owner was {before}")
    said = {
        "created": _("new"),
        "reopened": _("reopened"),
        "moved_in": _("came from elsewhere"),
        "amount": _("amount was {before}").format(before=form.money(row.amount_before)),
        "stage": stage.format(before=row.stage_before),
        "expected_close": _("expected close was {before}").format(before=form.day(row.expected_close_before)),
        "owner": owner.format(before=row.owner_before),
    }
    return _("; ").join(said[change] for change in row.changes) or None
