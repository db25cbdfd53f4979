"""The overview in words: its verdict and its five cards."""

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


def verdict(values: Numbers, forecast: Forecast, form: Formats) -> str:
    """Are we on target, and will we make it? In a state and one figure: by the forecast where there is one, else by
    the pace."""
    target = values["target_amount"]
    if is_missing(target) or not target:
        return one_of(
            "Won {won} in {n} deal. No target is set for this choice.",
            "Won {won} in {n} deals. No target is set for this choice.",
            int(values["won_count"] or 0),
        ).format(won=form.money(values["won_amount"]), n=form.count(values["won_count"]))
    if forecast.is_settled and not is_missing(values["attainment"]):
        said = (
            _("Made: won {won}, target {target}.")
            if values["attainment"] >= 1
            else _("Short: won {won}, target {target}.")
        )
        return said.format(won=form.money(values["won_amount"]), target=form.money(target))
    if forecast.expected is not None and not forecast.is_settled:
        said = {
            True: _("On track: forecast {expected} by its end, target {target}."),
            False: _("Short: forecast {expected} by its end, target {target}."),
            None: _("At risk: forecast {expected} by its end, target {target}."),
        }[forecast.makes(target)]
        return said.format(expected=form.money(forecast.expected), target=form.money(target))
    if is_missing(values["pacing"]):
        return _won(values, form) + _(".")
    said = (
        _("On track: at this pace {pacing} of the target by its end.")
        if values["pacing"] >= 1
        else _("At risk: at this pace {pacing} of the target by its end.")
    )
    return said.format(pacing=form.share(values["pacing"]))


def more(values: Numbers, regions: pd.DataFrame, forecast: Forecast, form: Formats) -> str | None:
    """What the verdict rests on: what is won, the forecast's band, and where most is still to go. None: no target."""
    target = values["target_amount"]
    if is_missing(target) or not target:
        return None
    said = [_won(values, form)]
    if forecast.expected is not None and not forecast.is_settled:
        said.append(
            _("in 8 of 10 cases {low} to {high}").format(low=form.money(forecast.low), high=form.money(forecast.high))
        )
    is_made = forecast.expected is not None and forecast.makes(target)
    short = (regions["target_amount"] - regions["won_amount"]).astype(float)
    if not is_made and len(regions) > 1 and short.max() > 0:
        said.append(
            _("{region} has the most to go: {amount}").format(
                region=regions.loc[short.idxmax(), "label"], amount=form.money(short.max())
            )
        )
    return _("; ").join(said) + _(".")


def _won(values: Numbers, form: Formats) -> str:
    return _("Won {won}, {attainment} of the target of {target}").format(
        won=form.money(values["won_amount"]),
        attainment=form.share(values["attainment"]),
        target=form.money(values["target_amount"]),
    )


def cards(both: Compared, months: pd.DataFrame, forecast: Forecast, form: Formats) -> list[Card]:
    """The five numbers an executive asks for first."""
    now = both.now
    beside = {
        "won_amount": _against_target(now, forecast, form),
        "coverage": _needed(both, form),
        "open_amount": _("weighted {amount}").format(amount=form.money(now["weighted_amount"])),
        "win_rate_count": _by_value(both, form),
        "pipeline_created_amount": _("no deal has a creation date") if is_missing(now["created_count"]) else "",
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
        exact=value,
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
