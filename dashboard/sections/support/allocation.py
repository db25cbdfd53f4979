"""The recommended allocation: what it brings, what an hour is worth, who gains and loses, who does it."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.answers.support import allocation as answers
from dashboard.answers.support.allocation import Asked
from dashboard.answers.support.allocation_review import Review, is_shown
from dashboard.figures.support import allocation as figures
from dashboard.frame import filters, parts, taking
from dashboard.frame.parts import Card, Column, Reading
from dashboard.frame.wording import support_kind_name
from dashboard.metrics.amounts import HOUR_PARTS
from dashboard.metrics.definitions.reports import RENAMED
from dashboard.metrics.support.allocation import Recommendation
from dashboard.reports import exports
from dashboard.sections import drill
from dashboard.sections.support import allocation_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label

_MOST_FIRST = 8  # of what to book first: beside the figure, on one screen
_MOST_BARS = 8  # groups that the figure shows; its table has all


def cards(review: Review, form: Formats) -> None:
    """The plan in a row of numbers."""
    rows, totals, solved = review.requests, review.totals, review.solved
    above = {key: totals["recommended"] - totals[key] for key in ("todays_bookings", "first_come_first_served")}
    tilt = solved.subsistence_share(solved.plan)
    served = int((rows["recommended"] == rows["wanted"]).sum())
    parts.kpi_row(
        [
            _card("allocation_value", form.money(totals["recommended"]), totals["recommended"]),
            _card("allocation_today", form.money(above["todays_bookings"], signed=True), above["todays_bookings"]),
            _card(
                "allocation_first_come",
                form.money(above["first_come_first_served"], signed=True),
                above["first_come_first_served"],
            ),
            _card(
                "planned_hours",
                form.number(rows["recommended"].sum(), 0),
                rows["recommended"].sum(),
                _("of {asked} asked for; {served} of {n} requests in full").format(
                    asked=form.number(rows["wanted"].sum(), 0), served=form.count(served), n=form.count(len(rows))
                ),
            ),
            _card("tilt_share", form.share(tilt), tilt, _("of the whole company's hours")),
        ],
        key="cards_allocation",
    )


def _card(key: str, value: str, exact: float | None, beside: str = "") -> Card:
    return Card.of(key, Reading(value, exact=exact), beside=beside)


def asked_and_there(asked: Asked) -> None:
    """Hours asked for and hours there are, by kind: known before any plan is."""
    requests, people = asked.problem.requests, asked.people
    rows = pd.DataFrame(
        [
            (
                support_kind_name(kind),
                int((requests["kind"] == kind).sum()),
                requests.loc[requests["kind"] == kind, "hours"].sum() / HOUR_PARTS,
                asked.problem.capacity[(people["kind"] == kind).to_numpy()].sum() / HOUR_PARTS,
            )
            for kind in sorted({*requests["kind"], *people["kind"]})
        ],
        columns=["kind", "requests", "asked", "available"],
    )
    parts.table(
        rows,
        Column.each("kind", "requests", "asked", "available"),
        key="allocation_asked",
    )


def plans_compared(review: Review, form: Formats) -> None:
    """The three plans as bars; by kind in the table."""
    names = {
        "recommended": _("Recommended"),
        "todays_bookings": _("Today's bookings"),
        "first_come_first_served": _("First come, first served"),
    }
    bars = pd.DataFrame(
        {
            "name": list(names.values()),
            "value": [review.totals[key] for key in names],
            "is_recommended": [key == "recommended" for key in names],
        }
    )
    kinds = review.kinds
    parts.figure(
        figures.plans_compared(
            bars, words={"axis": form.money_unit, "nothing": _("No plan gives any hours here.")}, **parts.look()
        ),
        key="allocation_plans",
        title=finding(review.totals, form),
        about=f"{label('allocation_value')} ({form.money_unit})",
        alt=_("Expected value of the recommended plan, of today's bookings and of first come, first served."),
        twin=kinds.assign(kind=kinds["kind"].map(support_kind_name)),
        columns={
            **Column.each("kind", "asked"),
            "planned": Column.of("planned_hours"),
            **Column.each("available"),
            **{key: Column(name, "money") for key, name in names.items()},
        },
        source=_(
            "Expected value over the eight weeks. First come, first served keeps to the same constraints, the tilt "
            "included; of today's bookings counts what is in time and within the hours there are."
        ),
    )


def uplifts(review: Review, form: Formats) -> None:
    """What each kind of support moves of a deal's worth, and whether the data show it."""
    brings = review.kinds.set_index("kind")["recommended"]
    rows = answers.uplift_rows(review.asked.uplifts).rename(columns=RENAMED["allocation.uplifts"])
    parts.table(
        rows.assign(
            brings=rows["kind"].map(brings),
            verdict=rows["is_shown"].map({True: _("shown by the data"), False: _("no, not shown by the data")}),
            kind=rows["kind"].map(support_kind_name),
        ),
        {
            **Column.each("kind", "uplift"),
            "verdict": Column(_("Is it shown?")),
            **Column.each("assumed_share", "uplift_low", "uplift_high"),
            "brings": Column.of("allocation_value"),
        },
        key="allocation_uplifts",
        height="content",
    )
    parts.note(
        _(
            "Measured on requests whose deal was open on the needed day and closed since: met "
            "against not met, inside pipeline, track and stage. Shrunk towards the assumption of "
            "{share}. Where the 80 % interval holds 0, the data show nothing; all of the share "
            "counts as assumed."
        ).format(share=form.share(review.asked.profile.values["assumption"]))
    )


def finding(totals: Mapping[str, float], form: Formats) -> str:
    """What the recommended plan brings against what is booked."""
    more = totals["recommended"] - totals["todays_bookings"]
    if more <= 0:
        return _("Today's bookings are the best plan already")
    return _("The best plan brings {amount} more than today's bookings").format(amount=form.money(more))


def hour_worth(review: Review, form: Formats) -> None:
    """What one more hour of each group is worth; by week in the table; a click opens the people of the group."""
    groups, asked = review.groups, review.asked
    named = groups.assign(name=[allocation_words.group_name(groups.loc[at]) for at in groups.index])
    weekly = [f"week_{number}" for number in range(len(asked.weeks))]
    by_week = pd.DataFrame(list(groups["worths"]), columns=weekly, index=groups.index)
    drill.figure(
        figures.hour_worth(
            named[named["worth"] > 0].head(_MOST_BARS),
            words={
                "axis": form.money_unit,
                "nothing": _("Everybody has hours to spare: one more hour of anybody would bring nothing."),
            },
            **parts.look(),
        ),
        lambda data: (filters.chosen(), named.iloc[int(data[0])]),
        key="allocation_worth",
        panel=lambda _scope, key: _people_of(review.people, parts.opened(key), key),
        title=_("What would one more hour be worth?"),
        alt=_("Value of one more hour in the first coming week, per group of people alike."),
        twin=named.join(by_week),
        columns={
            "name": Column(_("People alike")),
            **Column.each("people", "available"),
            "planned": Column.of("planned_hours"),
            **{
                key: Column(_("Week of {day}").format(day=form.day(week)), "money")
                for key, week in zip(weekly, asked.weeks, strict=True)
            },
        },
        source=_("The {n} groups of highest worth; the table has all, and every week.").format(n=_MOST_BARS),
    )


def _people_of(rows: pd.DataFrame, group: pd.Series, key: str) -> None:
    """In the drawer, the people of one group, with what they have and get."""
    alike = rows[rows["group"] == group["group"]]
    parts.offer(group["name"], lambda: _people_table(alike, f"{key}_rows"), key=f"{key}_group")


def first_moves(review: Review, form: Formats) -> None:
    """The requests that gain most against today's bookings: what to book first."""
    rows = review.requests[review.requests["change"] > 0]
    rows = rows.sort_values(["value_change", "request_id"], ascending=[False, True], ignore_index=True)
    parts.heading(_("Book these first"))
    if rows.empty:
        parts.nothing(_("Today's bookings are the best plan already."))
        return
    shown = rows.head(_MOST_FIRST)
    parts.table(
        shown.assign(kind_name=shown["kind"].map(support_kind_name)),
        {
            **Column.each("deal", "value_change"),
            "today": Column(_("At present"), "number"),
            "recommended": Column(_("Recommended"), "number"),
            **Column.each("kind_name"),
        },
        key="allocation_first",
    )
    if len(rows) > len(shown):
        parts.note(_("The first {n} of {all} are shown.").format(n=len(shown), all=form.count(len(rows))))


def gains_and_losses(review: Review, form: Formats) -> None:
    """Per request what it gets against today, and why; those that gain most first."""
    rows = allocation_words.with_words(review.requests, form)
    choices = {
        "gain": (_("Gain"), rows["change"] > 0),
        "lose": (_("Lose"), rows["change"] < 0),
        "nothing": (_("Get nothing"), rows["recommended"] == 0),
        "all": (_("All"), rows["change"].notna()),
    }
    chosen = st.segmented_control(
        _("Requests against today's bookings"),
        list(choices),
        default=next(iter(choices)),
        format_func=literal.options(lambda key: f"{choices[key][0]} ({form.count(int(choices[key][1].sum()))})"),
        key="allocation_side",
        persist_state="session",
    )
    some = rows[choices[chosen or "all"][1]].sort_values(
        ["value_change", "request_id"], ascending=[chosen == "lose", True], ignore_index=True
    )
    if some.empty:
        parts.nothing(_("No request here."))
        return
    parts.table(some, request_columns(), key="allocation_requests", height=340)
    parts.note(
        _("Together {hours} hours and {value} against today's bookings. Priority 3 is the highest.").format(
            hours=form.number(some["change"].sum(), 0, signed=True),
            value=form.money(some["value_change"].sum(), signed=True),
        )
    )


def request_columns() -> dict[str, Column]:
    """What it gets and why; all that it is stands in the file."""
    return {
        **Column.each("deal", "owner", "kind_name"),
        "today": Column(_("At present"), "number"),
        "recommended": Column(_("Recommended"), "number"),
        **Column.each("value_change"),
        "reason": Column(_("Why")),
    }


def people(review: Review) -> None:
    """Per person what they have, what the plan gives them, and what one more hour of theirs is worth."""
    if review.people.empty:
        parts.nothing(_("Nobody serves the regions you look at."))
        return
    _people_table(review.people, "allocation_people")


def _people_table(rows: pd.DataFrame, key: str) -> None:
    parts.table(
        rows.assign(person=rows["person"].fillna(_("The person added")), kind_name=rows["kind"].map(support_kind_name)),
        {
            **Column.each("person"),
            "skills": Column(_("Skills")),
            **Column.each("available"),
            "today": Column(_("At present"), "number"),
            "planned": Column(_("Recommended"), "number"),
            "utilisation": Column(_("Share used"), "bar"),
            "worth": Column.of("hour_worth"),
        },
        key=key,
        height=340,
    )


def binding(review: Review, form: Formats) -> None:
    """Which constraints hold the plan back, in sentences."""
    told = allocation_words.binding(review.groups, review.asked, form)
    for sentence in told[:5]:
        parts.say("– " + sentence)
    if len(told) > 5:
        parts.note(_("and {n} more groups, as the table of hours shows").format(n=form.count(len(told) - 5)))
    if not told:
        parts.say(_("Nobody's hours are scarce: every request that somebody may serve in time is served in full."))
    parts.say("– " + allocation_words.tilt_in_words(review.solved, form))


def rows_for_people(asked: Asked, solved: Recommendation) -> pd.DataFrame:
    """The plan as rows with names, for a file: request, deal, person, hours by week, value."""
    plan = answers.rows(asked, solved.plan)
    plan = plan[is_shown(asked)[plan["request"].to_numpy(dtype=int)]]
    weekly = solved.plan.dealt.assign(hours=solved.plan.dealt["hours"] / HOUR_PARTS).pivot_table(
        index=["request", "person"], columns="week", values="hours", aggfunc="sum", fill_value=0.0
    )
    weekly.columns = [f"{asked.weeks[week]}" for week in weekly.columns]
    named = plan.join(asked.requests[["deal", "account", "owner", "kind", "skill", "needed_by"]], on="request").join(
        asked.people[["person"]].rename(columns={"person": "person_name"}), on="person"
    )
    named = named.join(weekly, on=["request", "person"])
    return named.drop(columns=["request", "person"])


def download(asked: Asked, solved: Recommendation) -> None:
    taking.button(
        _("Download the plan for Excel"),
        lambda: exports.workbook(rows_for_people(asked, solved), "plan"),
        "allocation.xlsx",
        key="allocation_file",
    )
