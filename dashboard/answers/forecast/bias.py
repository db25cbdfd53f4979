"""Whether past forecasts, made as many days before the ends of their periods as today is, missed to one side."""

from dashboard.answers import Ask
from dashboard.answers.forecast import outlook
from dashboard.metrics.forecast import bias as metrics
from dashboard.metrics.forecast.bias import Bias
from dashboard.metrics.forecast.outlook import Course, back_test
from data_access.scope import Scope


def bias(ask: Ask, scope: Scope) -> Bias:
    """Of what is looked at; of an ended period there is none: what it brought is known."""
    return of_course(past(ask, scope))


def past(ask: Ask, scope: Scope, by: tuple[str, ...] = ()) -> Course | None:
    """The ended periods it is learnt from; None: the period has ended."""
    days_left = (scope.period.end - scope.as_of).days
    return outlook.course(ask, scope, days_left, by) if days_left > 0 else None


def of_course(course: Course | None) -> Bias:
    return Bias(0) if course is None else metrics.bias(back_test(course))


def report(ask: Ask, scope: Scope) -> dict:
    """periods, bias_share with its 80 % interval, the part of it that is believed, whether it is shown to be one; then
    the corrected forecast, else None; the error of the past periods, and what it had been, corrected."""
    found, made = bias(ask, scope), outlook.forecast(ask, scope)
    return {
        "periods": found.periods,
        "bias_share": found.share,
        "bias_low": found.low,
        "bias_high": found.high,
        "bias_shrunk": found.shrunk,
        "is_shown": found.is_shown,
        "corrected": found.corrected(made),
        "mean_abs_error_share": found.error,
        "corrected_error_share": found.corrected_error,
    }
