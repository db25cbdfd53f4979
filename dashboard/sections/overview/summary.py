"""The overview in words: its sentence and its six cards."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard import load
from dashboard.frame.cards import Card, Reading
from dashboard.frame.wording import track_name
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.forecast.outlook import Forecast
from dashboard.metrics.overview.numbers import PER_TRACK
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

Numbers = Mapping[str, float]


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
    """The overviews of two scopes; of each track, too, where several occur."""
    now, earlier = load.overview(scope), load.overview(before)
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
    if forecast.expected is not None and forecast.low < forecast.high:
        parts.append(_outlook(forecast, values["target_amount"], form))
    elif not is_missing(values["pacing"]):
        parts.append(_("at this pace {pacing} by its end").format(pacing=form.share(values["pacing"])))
    short = (regions["target_amount"] - regions["won_amount"]).astype(float)
    if len(regions) > 1 and short.max() > 0:
        parts.append(
            _("{region} has the most to go: {amount}").format(
                region=regions.loc[short.idxmax(), "label"], amount=form.money(short.max())
            )
        )
    return _("; ").join(parts) + _(".")


def _outlook(forecast: Forecast, target: float, form: Formats) -> str:
    """Whether the forecast makes the target: surely, not, or perhaps, by its 80 % band."""
    if forecast.low >= target:
        said = _("the forecast makes it: {expected} by its end, {low} to {high}")
    elif forecast.high < target:
        said = _("the forecast misses it: {expected} by its end, {low} to {high}")
    else:
        said = _("the forecast leaves it open: {expected} by its end, {low} to {high}")
    return said.format(
        expected=form.money(forecast.expected), low=form.money(forecast.low), high=form.money(forecast.high)
    )


def cards(both: Compared, months: pd.DataFrame, form: Formats) -> list[Card]:
    """The six numbers an executive asks for first."""
    now = both.now
    won, lost, opened = now["won_count"], now["lost_count"], now["open_count"]
    return [
        Card(
            **_named("won_amount"),
            readings=(_reading(both, "won_amount", months, form, n=won),),
            beside=_against_target(now, form),
            **_opens("won", won, now["won_amount"], form),
        ),
        Card(
            **_named("coverage"),
            readings=(_reading(both, "coverage", months, form, n=now["closing_count"]),),
            beside=_needed(both, form),
            **_opens("coverage", now["closing_count"], now["closing_amount"], form),
        ),
        Card(
            **_named("open_amount"),
            readings=(_reading(both, "open_amount", months, form, n=opened),),
            beside=_("weighted {amount}").format(amount=form.money(now["weighted_amount"])),
            **_opens("open", opened, now["open_amount"], form),
        ),
        Card(
            **_named("win_rate_count"),
            readings=_readings_per_track(both, "win_rate_count", months, form),
            beside=_by_value(both, form),
            **_opens("closed", won + lost, None, form),
        ),
        Card(
            **_named("pipeline_created_amount"),
            readings=(_reading(both, "pipeline_created_amount", months, form, n=now["pipeline_created_count"]),),
            beside=_("no deal has a creation date") if is_missing(now["pipeline_created_count"]) else "",
            **_opens("pipeline_created", now["pipeline_created_count"], now["pipeline_created_amount"], form),
        ),
        Card(
            **_named("median_cycle_days"),
            readings=_readings_per_track(both, "median_cycle_days", months, form),
            beside=_cycle_beside(both, form),
            **_opens("won", won, now["won_amount"], form),
        ),
    ]


def _named(key: str) -> dict:
    return {"key": key, "label": label(key), "help": meaning(key)}


def _opens(what: str, count, amount, form: Formats) -> dict:
    action = _("Show deals")
    if not is_missing(count):
        action = one_of("{n} deal", "{n} deals", int(count)).format(n=form.count(count))
    return {"what": what, "count": count, "amount": amount, "action": action}


def _reading(both: Compared, key: str, months: pd.DataFrame, form: Formats, n=None, track: str = "") -> Reading:
    """One number with its change and its months; of one track where a track is given."""
    now, before = (both.by_track[track], both.tracks_before[track]) if track else (both.now, both.before)
    definition = DEFINITIONS[key]
    value, earlier = now.get(key), before.get(key)
    difference = None if is_missing(value) or is_missing(earlier) else value - earlier
    change = "" if difference is None else form.change(value, earlier, definition.unit)
    if change and definition.unit == "days":
        change = form.number(difference, signed=True)  # the value beside it says that they are days
    monthly = f"{key}_{track}" if track else key
    return Reading(
        value=form.by_unit(value, definition.unit, n),
        change=change,
        is_better=difference * definition.direction > 0 if difference and definition.direction else None,
        n="" if is_missing(n) else _("n = {n}").format(n=form.count(n)),
        name=track_name(track) if track else "",
        trend=tuple(months[monthly].astype(float)) if monthly in months else (),
        is_partial=bool(months["is_partial"].iloc[-1]),
    )


def _readings_per_track(both: Compared, key: str, months: pd.DataFrame, form: Formats) -> tuple[Reading, ...]:
    """A number that is never pooled: a reading per track where several occur."""
    return tuple(
        _reading(both, key, months, form, n=_cases(key, values), track=track)
        for track, values, _before in both.groups(key)
    )


def _cases(key: str, values: Numbers):
    """How many deals a per-track number rests on."""
    return values["won_count"] + values["lost_count"] if key == "win_rate_count" else values["n_cycles"]


def _against_target(now: Numbers, form: Formats) -> str:
    if is_missing(now["target_amount"]):
        return _("no target for this choice")
    text = _("{attainment} of {target}").format(
        attainment=form.share(now["attainment"]), target=form.money(now["target_amount"])
    )
    if not is_missing(now["pacing"]):
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
