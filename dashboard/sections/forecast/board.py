"""The commit board: a line per unit, and why it says what it says."""

from collections.abc import Sequence

import pandas as pd

from dashboard.answers.forecast.board import Board
from dashboard.answers.regions import level
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.amounts import ratio
from dashboard.metrics.forecast.outlook import Forecast
from dashboard.sections import regions
from dashboard.sections.forecast import bias
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

_NAMED = 3  # names of a line; the others are counted


def answer(found: Board | None, made: Forecast, form: Formats) -> tuple[str, str | None]:
    """Whether the forecast makes the target; and, in a line of its own, what is committed to and who said nothing. None
    where there is no forecast to say it beside: that line is the answer then."""
    committed = (
        _("Commits are for one region or the whole company. Take the other filters away.")
        if found is None
        else _committed(found, made, form)
    )
    if made.expected is None or made.is_settled:
        return committed, None
    return _outlook(made, found, form), committed


def _outlook(made: Forecast, found: Board | None, form: Formats) -> str:
    target = None if found is None else found.whole["target_amount"]
    if is_missing(target) or not target:
        return _("The forecast is {expected}.").format(expected=form.money(made.expected))
    said = {
        True: _("On track: forecast {expected} by its end, target {target}."),
        False: _("Short: forecast {expected} by its end, target {target}."),
        None: _("At risk: forecast {expected} by its end, target {target}."),
    }[made.makes(target)]
    return said.format(expected=form.money(made.expected), target=form.money(target))


def _committed(found: Board, made: Forecast, form: Formats) -> str:
    whole = found.whole
    if is_missing(whole["commit_amount"]):
        if made.is_settled or not whole["missing"]:
            return _("Nobody has committed to an amount for this period.")
        return _("Nobody has committed yet; still to say: {names}.").format(names=_names(whole["missing"], form))
    if is_missing(whole["target_amount"]):
        said = _("Committed {commit}.").format(commit=form.money(whole["commit_amount"]))
    else:
        said = _("Committed {commit}, {share} of the target of {target}.").format(
            commit=form.money(whole["commit_amount"]),
            share=form.share(ratio(whole["commit_amount"], whole["target_amount"])),
            target=form.money(whole["target_amount"]),
        )
    if whole["missing"]:
        said += " " + _("Incomplete without {names}.").format(names=_(", ").join(whole["missing"]))
    return said


def draw(scope: Scope, found: Board, form: Formats) -> None:
    parts.header(_("Who commits to what?"))
    together = pd.DataFrame([found.whole | {"key": None, "label": _("Together")}])
    rows = pd.concat([found.rows.assign(label=_labels(scope, found)), together], ignore_index=True)
    shown = _in_words(rows, form)
    parts.table(shown.iloc[:-1], _columns(found), key="forecast_board", height="content", total=shown.iloc[-1])
    for row in rows.itertuples():
        if said := _said(row, form):
            parts.note(_("{name}: {said}").format(name=row.label, said=said))
    biases = [*found.biases, found.whole_bias]
    told = [bias.said(*each, form) for each in zip(biases, rows["corrected"], strict=True)]
    for name, said in zip(rows["label"], told, strict=True):
        if said:
            parts.note(_("{name}: {said}").format(name=name, said=said))
    if any(told):
        parts.note(_("Of five units without a bias, chance alone shows one to have it."))
    notes = [
        _(
            "Won, target, commit and best case add up. Best case: won so far and every open deal expected to close in "
            "the period. Needed: what is left of the target, over the weeks left."
        )
    ]
    if found.difference is not None:
        notes.append(
            _("Each forecast learns from its own past: the parts together differ by {difference}.").format(
                difference=form.money(-found.difference)
            )
        )
    parts.note(" ".join(notes))


def _labels(scope: Scope, found: Board) -> list[str]:
    if found.by == "owner":
        return list(found.rows["label"].fillna(_("nobody’s")))
    placed = answer_of(level, scope)
    return [regions.name(placed, key) for key in found.rows["key"]]


def _columns(found: Board) -> dict[str, Column]:
    return {
        "label": Column(_("Region") if found.by == "region" else _("Owner")),
        **Column.each("won_amount", "target_amount", "commit_amount", "expected"),
        "band": Column(_("80 % band")),
        "gap": Column(label("forecast_gap"), help=meaning("forecast_gap")),
        **Column.each("best_case_amount", "needed_per_week"),
    }


def _in_words(rows: pd.DataFrame, form: Formats) -> pd.DataFrame:
    band = _("{low} to {high}")
    return rows.assign(
        gap=[_gap(row.forecast_gap, form) for row in rows.itertuples()],
        band=[
            None if is_missing(row.low) else band.format(low=form.money(row.low), high=form.money(row.high))
            for row in rows.itertuples()
        ],
    )


def _gap(gap: float | None, form: Formats) -> str | None:
    """In words: a gap below 0 read as one."""
    if gap is None or is_missing(gap):
        return None
    said = _("{amount} short") if gap > 0 else _("{amount} to spare")
    return said.format(amount=form.money(abs(gap)))


def _said(row, form: Formats) -> str | None:
    """How a commit came about: the own word and how it differs from those below, its reason, and who is missing."""
    said = []
    if row.is_own and not is_missing(row.commit_adjustment) and row.commit_adjustment:
        more = _("{amount} more than its parts") if row.commit_adjustment > 0 else _("{amount} less than its parts")
        said.append(more.format(amount=form.money(abs(row.commit_adjustment))))
    if row.is_own and not is_missing(row.note):
        said.append(row.note)
    if row.missing and not row.is_own and not is_missing(row.commit_amount):  # of nothing, everything is missing
        said.append(_("without {names}").format(names=_names(row.missing, form)))
    return _("; ").join(said) or None


def _names(missing: Sequence[str], form: Formats) -> str:
    names = _(", ").join(missing[:_NAMED])
    if len(missing) > _NAMED:
        names = _("{names} and {n} more").format(names=names, n=form.count(len(missing) - _NAMED))
    return names
