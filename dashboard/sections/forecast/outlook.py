"""Will we make it: the forecast of the period with its band, how far past ones missed, and people's own commits."""

import pandas as pd
import streamlit as st

from dashboard.answers.forecast import outlook, review
from dashboard.answers.overview import numbers
from dashboard.ask import answer_of, ask
from dashboard.figures.forecast import outlook as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.amounts import MINOR_UNITS
from dashboard.metrics.forecast.outlook import FEWEST_WINS, Forecast, errors
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, one_of
from data_access.pipeline import closing
from data_access.scope import Scope


def draw(scope: Scope) -> None:
    """The forecast in a sentence and its band, or why there is none."""
    found, target = answer_of(outlook.forecast, scope), answer_of(numbers.target, scope)
    if not found.refused:
        parts.say(answer(found, target, parts.formats()))
    band(scope)


def band(scope: Scope) -> None:
    """The forecast in its band alone, or why there is none."""
    form, found = parts.formats(), answer_of(outlook.forecast, scope)
    if found.refused:
        parts.nothing(refused(found, form))
    else:
        _fan(scope, found, answer_of(numbers.target, scope), form)


def answer(found: Forecast, target: float | None, form: Formats) -> str:
    """The forecast in a sentence, against the target where there is one."""
    told = {
        "expected": form.money(found.expected),
        "low": form.money(found.low),
        "high": form.money(found.high),
        "target": form.money(target),
    }
    if found.is_settled:
        return _("The period has ended with {expected}.").format(**told)
    if not target or is_missing(target):
        return _("Forecast {expected}, in 8 of 10 cases {low} to {high}.").format(**told)
    said = {
        True: _("We will make it: forecast {expected}, in 8 of 10 cases {low} to {high}, target {target}."),
        False: _("We will miss it: forecast {expected}, in 8 of 10 cases {low} to {high}, target {target}."),
        None: _("It is open: forecast {expected}, in 8 of 10 cases {low} to {high}, target {target}."),
    }[found.makes(target)]
    return said.format(**told)


def refused(found: Forecast, form: Formats) -> str:
    """Why there is no forecast, and what would bring one."""
    said = {
        "periods": _(
            "No forecast yet: it learns from {least} ended periods as long as this one; the data "
            "hold {n}. Choose a shorter period, or import older deals."
        ),
        "wins": _(
            "No forecast: it learns from {least} won deals of the periods before, and here are {n}. "
            "Choose a wider region, or a longer period."
        ),
        "amounts": _("No forecast: none of the deals that are open, or were won, has an amount. Import amounts."),
        "rates": _("No forecast: some amounts are in a currency without an exchange rate. Import exchange_rate."),
    }[found.refused or "periods"]
    few = found.refused == "periods"
    if few and found.is_long:
        said = _(
            "No forecast yet: a period this long is forecast in parts of a quarter. That takes "
            "{least} ended ones; the data hold {n}. Choose a shorter period, or import older deals."
        )
    return said.format(
        least=form.count(found.fewest_periods if few else FEWEST_WINS),
        n=form.count(found.periods if few else found.wins),
    )


def _fan(scope: Scope, found: Forecast, target: float | None, form: Formats) -> None:
    by_day = ask(closing.won_by_day, scope)
    by_day = by_day.assign(won=by_day["amount"].astype(float).cumsum() / MINOR_UNITS)
    held = answer_of(review.held_commit, scope)
    ahead = {
        "start": scope.period.start,
        "day": scope.as_of,
        "end": scope.period.end,
        "won": found.won,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "target": float("nan") if is_missing(target) else target,
        "committed": float("nan") if held is None else held["amount"],
    }
    words = {name: label(name) for name in ("expected", "low", "high")} | {
        "won": label("won_amount"),
        "target": label("target_amount"),
        "committed": _("Commit"),
        "axis": form.money_unit,
    }
    parts.figure(
        figures.fan(by_day, ahead, words=words, **parts.look()),
        key="forecast_fan",
        title=finding(found, target, scope, form),
        about=f"{label('won_amount')} ({form.money_unit})",
        alt=_("Won so far {won}; forecast by {day}: {expected}, between {low} and {high}.").format(
            won=form.money(found.won),
            day=form.date(scope.period.end),
            expected=form.money(found.expected),
            low=form.money(found.low),
            high=form.money(found.high),
        ),  # fmt: skip
        twin=made_of(scope, found, form),
        columns=made_of_columns(),
        source=_learnt_from(found).format(n=form.count(found.periods), wins=form.count(found.wins)),
    )


def made_of(scope: Scope, found: Forecast, form: Formats) -> pd.DataFrame:
    """A row per part of the forecast, it, and the ends of its band: part (in words), amount (units)."""
    return pd.DataFrame(
        [
            (_("Won so far"), found.won),
            (_("Expected of open deals"), found.open_expected),
            (_("Expected of deals still to come"), found.new_expected),
            *(
                (_("Of both from {start} to {end}").format(start=form.date(start), end=form.date(end)), amount)
                for (start, end), amount in outlook.parts(scope, found)
                if found.ahead > 1
            ),
            (label("expected"), found.expected),
            (label("low"), found.low),
            (label("high"), found.high),
        ],
        columns=["part", "amount"],
    )


def made_of_columns() -> dict[str, Column]:
    return {"part": Column(_("Part")), "amount": Column(_("Amount"), "money")}


def finding(found: Forecast, target: float | None, scope: Scope, form: Formats) -> str:
    """By how much the forecast misses the target, or clears it."""
    if is_missing(target) or not target or found.expected is None:
        said = _("Won so far, and where it goes by {day}")
    elif target > found.expected:
        said = _("Forecast: {amount} short of the target")
    else:
        said = _("Forecast: {amount} above the target")
    return said.format(day=form.date(scope.period.end), amount=form.money(abs((target or 0) - (found.expected or 0))))


def _learnt_from(found: Forecast) -> str:
    if found.is_wide:
        return _(
            "Learnt from {n} ended parts of a quarter at most and {wins} won deals. Shaded: the 80 % band, wide: "
            "little past, so that the bands of the parts ahead are added."
        )
    if found.is_long:
        return _("Learnt from {n} ended parts of a quarter at most and {wins} won deals. Shaded: the 80 % band.")
    return _("Learnt from {n} ended periods and {wins} won deals. Shaded: the 80 % band.")


def draw_past(scope: Scope, form: Formats) -> int | None:
    """How far past forecasts missed: one horizon drawn (they are never pooled), all three in the table beside. Gives
    how many weeks before the end of theirs these were made, as chosen; None: there are none."""
    tested = answer_of(outlook.back_tests, scope)
    if not any(len(rows) for rows in tested.values()):
        return None
    left, right = st.columns(2, gap="large")
    with left:
        weeks = st.segmented_control(
            _("Forecast made n weeks before the end"),
            list(tested),
            format_func=literal.options(),
            default=list(tested)[1],
            required=True,
            key=f"forecast_weeks_{min(tested)}",
            persist_state="session",
        )
        rows = tested[weeks]
        words = {
            "forecast": label("expected"),
            "band": _("80 % band"),
            "won": label("won_amount"),
            "axis": _("Error"),
            "nothing": _("No past period could be forecast so early."),
        }
        parts.figure(
            figures.past_errors(rows, words=words, **parts.look()),
            key="forecast_past",
            title=_("How far past forecasts missed"),
            alt=_("Forecast against won: {told}").format(
                told=_(", ").join(
                    f"{form.date(row.end)} {form.money(row.expected)} / {form.money(row.actual)}"
                    for row in rows.itertuples()
                )
            ),
            twin=rows,
            columns={
                "end": Column(_("End"), "date"),
                "day": Column(_("Forecast on"), "date"),
                **Column.each("expected", "low", "high"),
                "actual": Column.of("won_amount"),
                "error": Column(_("Difference"), "money"),
            },
            source=_("Each from what was known on its day. Amber: outside the band. Line: the band."),
        )
    with right:
        parts.heading(_("Error and bias of past forecasts"))
        told = pd.DataFrame([{"weeks": weeks, **errors(rows)} for weeks, rows in tested.items()])
        told["horizon"] = [
            one_of("{n} week before", "{n} weeks before", n).format(n=form.count(n)) for n in told["weeks"]
        ]
        parts.table(
            told,
            {
                "horizon": Column(_("Before the end")),
                **Column.each("periods", "mean_abs_error_share", "bias_share", "inside_band_share"),
            },
            key="forecast_errors",
        )
        parts.note(
            _("In shares of what was won; a bias above 0 means forecast too high. Of ten, eight should lie inside.")
        )
    return weeks
