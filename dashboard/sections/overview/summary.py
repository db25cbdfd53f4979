"""The overview in words: its sentence and its six cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.answers.overview import numbers
from dashboard.ask import answer_of
from dashboard.frame.cards import Card, Reading
from dashboard.frame.wording import track_name
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.forecast.outlook import Forecast
from dashboard.metrics.overview.numbers import PER_TRACK
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """The overview of a scope beside the like-for-like one before it.

    now, before              the values, with pacing, needed coverage and what follows the win among them
    by_track, tracks_before  the values of each track alone, where more than one occurs: some are never pooled
    """

    now: Numbers
    before: Numbers
    by_track: Mapping[str, Numbers]
    tracks_before: Mapping[str, Numbers]

    def groups(self, key: str) -> list[tuple[str, Numbers, Numbers]]:
        """(track or "", values, values before): one where the metric is one number, else one per track."""
        if key not in PER_TRACK or not self.by_track:
            return [("", self.now, self.before)]
        return [(track, values, self.tracks_before[track]) for track, values in self.by_track.items()]


def compare(scope: Scope, before: Scope) -> Compared:
    """The overviews of a scope and of the same at another moment, of each track, too, where several occur."""
    now, earlier = answer_of(numbers.overviews_for_people, scope, (scope.moment, before.moment))
    several = len(now["by_track"]) > 1
    return Compared(
        now=now["values"],
        before=earlier["values"],
        by_track=now["by_track"] if several else {},
        tracks_before={
            track: earlier["by_track"].get(track, dict.fromkeys(earlier["values"])) for track in now["by_track"]
        },
    )


def sentence(values: Numbers, regions: pd.DataFrame, forecast: Forecast, form: Formats) -> str:
    """Are we on target, and will we make it? One sentence, of what is known: by the forecast where there is one, else
    by the pace."""
    won, target = form.money(values["won_amount"]), values["target_amount"]
    if is_missing(target) or not target:
        return one_of(
            "Won {won} in {n} deal. No target is set for this choice.",
            "Won {won} in {n} deals. No target is set for this choice.",
            int(values["won_count"] or 0),
        ).format(won=won, n=form.count(values["won_count"]))
    parts = [
        _("Won {won}, {attainment} of the target of {target}").format(
            won=won, attainment=form.share(values["attainment"]), target=form.money(target)
        )
    ]
    if forecast.expected is not None and not forecast.is_settled:
        parts.append(_outlook(forecast, values["target_amount"], form))
    elif not is_missing(values["pacing"]):
        parts.append(_("at this pace {pacing} by its end").format(pacing=form.share(values["pacing"])))
    is_made = forecast.expected is not None and forecast.makes(target)
    short = (regions["target_amount"] - regions["won_amount"]).astype(float)
    if not is_made and len(regions) > 1 and short.max() > 0:
        parts.append(
            _("{region} has the most to go: {amount}").format(
                region=regions.loc[short.idxmax(), "label"], amount=form.money(short.max())
            )
        )
    return _("; ").join(parts) + _(".")


def _outlook(forecast: Forecast, target: float, form: Formats) -> str:
    """Whether the forecast makes the target: surely, not, or perhaps, by its 80 % band."""
    said = {
        True: _("the forecast makes it: {expected} by its end, {low} to {high}"),
        False: _("the forecast misses it: {expected} by its end, {low} to {high}"),
        None: _("the forecast leaves it open: {expected} by its end, {low} to {high}"),
    }[forecast.makes(target)]
    return said.format(
        expected=form.money(forecast.expected), low=form.money(forecast.low), high=form.money(forecast.high)
    )


def cards(both: Compared, months: pd.DataFrame, forecast: Forecast, form: Formats) -> list[Card]:
    """The six numbers an executive asks for first."""
    now = both.now
    beside = {
        "won_amount": _against_target(now, forecast, form),
        "coverage": _needed(both, form),
        "open_amount": _("weighted {amount}").format(amount=form.money(now["weighted_amount"])),
        "win_rate_count": _by_value(both, form),
        "pipeline_created_amount": _("no deal has a creation date") if is_missing(now["created_count"]) else "",
        "median_cycle_days": _cycle_beside(both, form),
    }
    return [
        Card.of(key, *_readings(both, key, months, form), beside=beside[key], **_opens(key, now, form))
        for key in beside
    ]


_SUMS: dict[str, tuple[str, str]] = {
    "won": ("won_count", "won_amount"),
    "coverage": ("closing_count", "closing_amount"),
    "open": ("open_count", "open_amount"),
    "closed": ("closed_count", ""),
    "pipeline_created": ("pipeline_created_count", "pipeline_created_amount"),
}
"""How many the deals of a list must be, and what they must sum to, by the names of these values."""


def _opens(key: str, now: Numbers, form: Formats) -> dict:
    what = DEFINITIONS[key].opens
    count, amount = (now.get(name) for name in _SUMS[what])
    action = _("Show deals")
    if count is not None and not is_missing(count):
        action = one_of("{n} deal", "{n} deals", int(count)).format(n=form.count(count))
    return {"what": what, "count": count, "amount": amount, "action": action}


def _readings(both: Compared, key: str, months: pd.DataFrame, form: Formats) -> tuple[Reading, ...]:
    """A number, or one per track where several occur and it is never pooled."""
    return tuple(_reading(both, key, months, form, track) for track, _values, _before in both.groups(key))


def _reading(both: Compared, key: str, months: pd.DataFrame, form: Formats, track: str) -> Reading:
    """One number with its change and its months; of one track where a track is given."""
    now, before = (both.by_track[track], both.tracks_before[track]) if track else (both.now, both.before)
    definition = DEFINITIONS[key]
    value, earlier, n = now.get(key), before.get(key), now.get(definition.n)
    difference = None if value is None or earlier is None or is_missing(value - earlier) else value - earlier
    change = "" if difference is None else form.change(value, earlier, definition.unit)
    if change and definition.unit == "days":
        change = form.number(difference, signed=True)  # the value beside it says that they are days
    monthly = f"{key}_{track}" if track else key
    return Reading(
        value=form.metric(key, value, n),
        change=change,
        is_better=difference * definition.direction > 0 if difference and definition.direction else None,
        n="" if is_missing(n) else _("n = {n}").format(n=form.count(n)),
        name=track_name(track) if track else "",
        trend=tuple(months[monthly].astype(float)) if monthly in months else (),
        is_partial=bool(months["is_partial"].iloc[-1]),
    )


def _against_target(now: Numbers, forecast: Forecast, form: Formats) -> str:
    """How much of the target is won; the pace where there is no forecast, which knows more and may say otherwise."""
    if is_missing(now["target_amount"]):
        return _("no target for this choice")
    text = _("{attainment} of {target}").format(
        attainment=form.share(now["attainment"]), target=form.money(now["target_amount"])
    )
    if forecast.expected is None and not is_missing(now["pacing"]):
        text += " · " + _("pacing {share}").format(share=form.share(now["pacing"]))
    return text


def _needed(both: Compared, form: Formats) -> str:
    """What coverage it takes; per track where several occur."""
    needed = [
        " ".join(filter(None, (track and track_name(track), form.ratio(values.get("needed_coverage")))))
        for track, values, _before in both.groups("win_rate_amount")
    ]
    return _("needed {ratio}").format(ratio=" · ".join(needed))


def _by_value(both: Compared, form: Formats) -> str:
    shares = [form.share(values.get("win_rate_amount")) for _t, values, _b in both.groups("win_rate_count")]
    return _("by value {share}").format(share=" | ".join(shares))


def _cycle_beside(both: Compared, form: Formats) -> str:
    means = [form.number(values.get("mean_cycle_days")) for _t, values, _b in both.groups("mean_cycle_days")]
    return _("mean {days}").format(days=" | ".join(means))
