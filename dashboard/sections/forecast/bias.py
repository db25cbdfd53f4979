"""A bias of past forecasts, in words, and the forecast without it."""

from dashboard.answers.forecast import bias, outlook
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.metrics.forecast.bias import Bias
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _
from data_access.scope import Scope


def draw(scope: Scope, form: Formats) -> None:
    """Of what is looked at, where no board says it."""
    found = answer_of(bias.bias, scope)
    if text := said(found, found.corrected(answer_of(outlook.forecast, scope)), form):
        parts.note(text)


def said(found: Bias, corrected: float | None, form: Formats) -> str | None:
    """What is shown of a bias, and what it makes of the forecast; None: none is shown, or nothing left to correct."""
    if is_missing(corrected) or found.share is None or found.low is None or found.high is None:
        return None
    too = (
        _("Forecasts made this early were {share} too high over {n} periods ({low} to {high}).")
        if found.share > 0
        else _("Forecasts made this early were {share} too low over {n} periods ({low} to {high}).")
    )
    low, high = sorted((abs(found.low), abs(found.high)))
    shares = {"share": form.share(abs(found.share)), "low": form.share(low), "high": form.share(high)}
    corrects = _(
        "Without the {believed} of it that is believed, the forecast is {corrected}; their mean error of {error} would "
        "have been {after}."
    )
    return " ".join(
        (
            too.format(**shares, n=form.count(found.periods)),
            corrects.format(
                believed=form.share(abs(found.shrunk or 0.0)),
                corrected=form.money(corrected),
                error=form.share(found.error),
                after=form.share(found.corrected_error),
            ),
        )
    )
