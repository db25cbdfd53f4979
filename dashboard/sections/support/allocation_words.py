"""The recommended allocation in words: the answer of the page, why a request gets what it gets, what is amiss."""

from datetime import timedelta

import pandas as pd

from dashboard.answers.support.allocation import Asked
from dashboard.answers.support.allocation_review import Review, late_hours
from dashboard.frame import wording
from dashboard.frame.wording import support_kind_name
from dashboard.metrics.support.allocation import Recommendation
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope

_MOST_NAMED = 3  # people or groups that a sentence names


def about(asked: Asked, scope: Scope, form: Formats) -> str:
    """What is being looked at: the coming weeks, whose deals, as of when. The period chosen has no say here."""
    return _("{first} to {last} · {rest}").format(
        first=form.date(asked.weeks[0]),
        last=form.date(asked.weeks[-1] + timedelta(days=6)),
        rest=wording.without_period(scope, form),
    )


def verdict(review: Review, form: Formats) -> str:
    """What part of the hours asked for can be given, and what that brings: at most 90 characters."""
    totals, kinds = review.totals, review.kinds
    return _("{planned} of {asked} hours can be given; the best use brings {value}, {today} on today.").format(
        planned=form.number(kinds["planned"].sum(), 0),
        asked=form.number(kinds["asked"].sum(), 0),
        value=form.money(totals["recommended"]),
        today=form.money(totals["recommended"] - totals["todays_bookings"], signed=True),
    )


def aside(review: Review, form: Formats) -> str:
    """What of the plan's value no data show, and whose hour is worth most."""
    groups, said = review.groups, [assumed(review, form)]
    if len(groups) and groups["worth"].iloc[0] > 0:
        best = groups.iloc[0]
        said.append(
            _("One more hour of {group} is worth most, {worth}.").format(
                group=group_name(best), worth=form.money(best["worth"])
            )
        )
    return " ".join(said)


def assumed(review: Review, form: Formats) -> str:
    """What part of the plan's value no data show."""
    whole, part = review.totals["recommended"], review.totals["on_assumption"]
    if not whole:
        return _("The plan has no value in money.")
    return _(
        "{part} of the value ({amount}) is not shown by the data: it leans on the assumption that support moves "
        "{share} of a deal's worth."
    ).format(
        part=form.share(part / whole),
        amount=form.money(part),
        share=form.share(review.asked.profile.values["assumption"]),
    )


def doing(asked: Asked, form: Formats) -> str:
    return _("Working out the best allocation of {requests} requests to {people} people …").format(
        requests=form.count(len(asked.problem.requests)), people=form.count(len(asked.people))
    )


def group_name(group: pd.Series) -> str:
    """A group of people alike: kind, skills, and the region it serves."""
    reach = group["region"] or _("all regions")
    return " · ".join(filter(None, (support_kind_name(group["kind"]), group["skills"], reach)))


def with_words(rows: pd.DataFrame, form: Formats) -> pd.DataFrame:
    """Requests with kind_name and reason as texts."""
    return rows.assign(
        kind_name=rows["kind"].map(support_kind_name),
        reason=[why_in_words(row, form) for row in rows.itertuples(index=False)],
    )


def why_in_words(row, form: Formats) -> str:
    """Why a request gets what it gets. `row`: of answers.allocation_review.by_request."""
    texts = {
        "nobody_of_kind": _("Nobody of this kind is there."),
        "nobody_skilled": _("Nobody of this kind has the skill {skill}."),
        "nobody_reaches": _("Nobody who could do it reaches the deal's region."),
        "no_time": _("Whoever could do it has no hours left before the deadline."),
        "tilt_for": _("The tilt gives it more than its value alone would."),
        "tilt_against": _("The tilt takes from it what its value alone would give."),
        "spare": _("Whoever could do it has hours to spare."),
        "tie": _("An hour here brings {value}, elsewhere as much: the higher priority, then the earlier, comes first."),
        "worth": _("An hour here brings {value}, elsewhere {price} at most."),
        "worthless": _("The deal brings nothing: its hours come last, by priority and day."),
        "edge": _("Served in part: hours end where one brings {value}."),
        "outbid": _("An hour here brings {value}; what brings more comes first."),
    }
    return texts[row.why].format(skill=row.skill, value=form.money(row.value_per_hour), price=form.money(row.price))


def binding(groups: pd.DataFrame, asked: Asked, form: Formats) -> list[str]:
    """Which groups' hours are all given out, and up to when, the dearest first."""
    return [
        _("{group}: every hour up to the week of {week} is given out; one more is worth {worth}.").format(
            group=group_name(group),
            week=form.date(asked.weeks[group["full_until"] - 1]),
            worth=form.money(group["worth"]),
        )
        for group in (groups.loc[at] for at in groups.index[groups["full_until"] > 0])
    ]


def tilt_in_words(solved: Recommendation, form: Formats) -> str:
    """Whether the tilt binds, what share it reaches, and what it costs. Of the whole company."""
    tilt, share = solved.problem.tilt, solved.subsistence_share(solved.plan)
    if not solved.problem.requests["is_subsistence"].any():
        return _("A tilt would change nothing: no deal of a Building rep asks for hours.")
    if not tilt:
        text = _("No tilt holds: deals of Building reps get {share} of the hours by their value alone.")
        return text.format(share=form.share(share))
    if solved.plan is solved.untilted or solved.tilt_price <= 0.005:
        return _("The tilt of {tilt} does not bind: these deals get {share} of the hours by their value alone.").format(
            tilt=form.share(tilt), share=form.share(share)
        )
    reached = _("The tilt of {tilt} binds: deals of Building reps get {share} of the hours, which costs {price}.")
    if share < tilt - 1e-6:
        reached = _(
            "The tilt of {tilt} cannot be reached: deals of Building reps can use {share} of the "
            "hours at most. That costs {price}. More people with their skills would help, or a lower "
            "tilt."
        )
    return reached.format(tilt=form.share(tilt), share=form.share(share), price=form.money(solved.tilt_price))


# --- what is amiss, and what would mend it ------------------------------------------------------------


def lacking(asked: Asked) -> str:
    """Why there is nothing to allocate, and what would change it."""
    if asked.people.empty:
        return _("Nobody is there to allocate. Import support_person: who can support, with kind, hours and skills.")
    if len(asked.left_out):
        return _(
            "Nobody can say what an hour brings to the requests there are: their deals lack a margin, a "
            "probability or an "
            "exchange rate. Import gross_margin of opportunity, or exchange_rate."
        )
    return _(
        "No request wants hours in the coming weeks. Import support_request; those declined, "
        "withdrawn, late, fully booked or on closed deals are not planned."
    )


def overbooked(asked: Asked, form: Formats) -> str:
    """Where more is locked than there is, and what would mend it; '' where nowhere."""
    over = asked.overbooked[asked.overbooked["is_shown"] == 1]
    if over.empty:
        return ""
    worst = over.sort_values("hours", ascending=False, kind="stable").head(_MOST_NAMED)
    named = _(", ").join(
        _("{who} in the week of {week} ({hours} hours too many)").format(
            who=one.person, week=form.day(one.week), hours=form.number(one.hours)
        )
        for one in worst.itertuples()
    )
    return one_of(
        "In {n} person-week more hours are locked than there are: {named}. Unlock or move some.",
        "In {n} person-weeks more hours are locked than there are: {named}. Unlock or move some.",
        len(over),
    ).format(n=form.count(len(over)), named=named + (" …" if len(over) > len(worst) else ""))


def left_aside(asked: Asked, scope: Scope, form: Formats) -> list[str]:
    """What is no part of the plan, and what would make it one. Bookings behind no request have no region."""
    found = []
    late = late_hours(asked)
    if late > 0:
        found.append(
            _("{hours} of today's hours are booked too late, and count for nothing.").format(hours=form.number(late, 0))
        )
    left_out = asked.left_out[asked.left_out["is_shown"] == 1]
    if len(left_out):
        found.append(
            one_of(
                "{n} request is left out; nobody can say what an hour of it brings: {why}.",
                "{n} requests are left out; nobody can say what an hour of them brings: {why}.",
                len(left_out),
            ).format(n=form.count(len(left_out)), why=_(", ").join(_left_out(left_out, form)))
        )
    if asked.loose > 0 and scope.person.sees_everything and not scope.regions:
        found.append(
            _(
                "{hours} unlocked hours are booked for no planned request (closed deals, past "
                "deadlines). The plan gives them to others; lock what must stay."
            ).format(hours=form.number(asked.loose, 0))
        )
    return found


def _left_out(rows: pd.DataFrame, form: Formats) -> list[str]:
    texts = {
        "no_rate": _("{n} without an exchange rate"),
        "no_margin": _("{n} without a margin"),
        "no_probability": _("{n} in a stage without probability"),
        "no_value": _("{n} whose deal costs more than it brings"),
    }
    counts = rows["why"].value_counts()
    return [text.format(n=form.count(int(counts[why]))) for why, text in texts.items() if why in counts]
