"""The plan that holds: what it gives, known at once, and what today's recommendation does otherwise."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from dashboard.answers.support.allocation_review import Review, against
from dashboard.ask import ask
from dashboard.frame import parts, wording
from dashboard.frame.parts import Column
from dashboard.sections.support.allocation_plans import named, of_regions
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope
from data_access.support import plans

_MOST, _MOST_CHANGED = 8, 6  # rows of either table, which end at about one line


@dataclass(frozen=True)
class Published:
    """The newest published plan, of the deals that the scope's regions show. rows: see allocation_plans.named."""

    number: int
    day: date
    by: str
    weeks: list[str]
    rows: pd.DataFrame


def newest(scope: Scope) -> Published | None:
    """The plan that holds; None where none was ever published, or it gives nothing to deals one may see."""
    found = ask(plans.published, of_regions(scope))
    if found.empty or not found["payload"].iloc[-1]["rows"]:
        return None
    last = found.iloc[-1]
    return Published(
        int(last["version"]),
        last["published_at"].date(),
        last["published_by"],
        last["payload"]["weeks"],
        named(scope, last["payload"]),
    )


def verdict(plan: Published, form: Formats) -> str:
    """What it gives, and what for: at most 90 characters."""
    return _("Plan {n} gives {hours} hours, for {value} expected when it was published.").format(
        n=plan.number, hours=form.number(plan.rows["hours"].sum(), 0), value=form.money(plan.rows["value"].sum())
    )


def about(plan: Published, scope: Scope, form: Formats) -> str:
    """Its weeks, and whose deals are looked at."""
    first, last = (date.fromisoformat(week) for week in (plan.weeks[0], plan.weeks[-1]))
    weeks = _("{first} to {last} · {rest}").format(
        first=form.date(first), last=form.date(last + timedelta(days=6)), rest=wording.without_period(scope, form)
    )
    published = _("{weeks} · published by {who} on {day}")
    return published.format(weeks=weeks, who=wording.who(plan.by), day=form.date(plan.day))


def draw(plan: Published, form: Formats) -> None:
    """Who gets how many hours, the largest value first."""
    parts.heading(_("Who supports what, under plan {n}").format(n=plan.number))
    rows = plan.rows.sort_values(["value", "request_id"], ascending=[False, True], ignore_index=True)
    parts.table(
        rows.head(_MOST),
        {**Column.each("deal", "person", "hours"), "value": Column.of("allocation_value")},
        key="plan_holds",
        height="content",
    )
    if len(rows) > _MOST:
        parts.note(_("The first {n} of {all} are shown.").format(n=_MOST, all=form.count(len(rows))))


def draw_today(plan: Published, review: Review, scope: Scope, form: Formats) -> None:
    """What today's recommendation gives otherwise in the weeks to come, at what an hour is worth today."""
    found = against(review, plan.rows, plan.weeks, is_whole=scope == of_regions(scope))
    changed = found[found["change"].abs() > 1e-9]
    if changed.empty:
        parts.nothing(_("Today's recommendation gives the same hours."))
        return
    parts.say(
        _("It gives {more} more hours and {less} fewer, and brings {value} against the plan.").format(
            more=form.number(changed["change"].clip(lower=0).sum(), 0),
            less=form.number(-changed["change"].clip(upper=0).sum(), 0),
            value=form.money(changed["value_change"].sum(), signed=True),
        )
    )
    parts.table(
        changed.head(_MOST_CHANGED),
        {
            **Column.each("deal"),
            "published": Column(_("Plan {n}").format(n=plan.number), "number"),
            "recommended": Column(_("Recommended"), "number"),
            **Column.each("value_change"),
        },
        key="plan_against",
        height="content",
    )
    gone = int(changed["value_change"].isna().sum())
    said = one_of(
        "{n} request of the plan is no longer asked for; it has no value today.",
        "{n} requests of the plan are no longer asked for; they have no value today.",
        gone,
    ).format(n=form.count(gone))
    parts.note(" ".join([_("Of the weeks to come."), *([said] if gone else [])]))
