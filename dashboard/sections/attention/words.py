"""What leaks, in words: rules, reasons, and the sentence that begins the page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.answers.attention.leaks import RULES, Leaks, Lines
from dashboard.frame import wording
from dashboard.frame.parts import Card, Reading
from dashboard.metrics.attention import lines as metrics
from dashboard.sections.accounts import words
from dashboard.sections.thresholds import Threshold
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

MOST_ROWS = 500
"""Of a list: nobody reads further; the file has all."""


def rule_name(rule: str) -> str:
    return label(f"leak_{rule}")


def verdict(lines: Lines, form: Formats) -> str:
    """How much is at risk in deals and accounts, and what of it the week begins with, in at most 90 characters."""
    found, week = lines.lines, lines.this_week
    if found.empty:
        return _("In order: nothing asks for attention by these rules.")
    if week.empty and metrics.is_risk_unknown(found):
        return _("Not known: nobody can say what is at risk.")
    if week.empty:
        return _("In order: no open deal has value at risk by these rules.")
    return _("At risk: {all}, of it {amount} in this week's {n}; {new} new, {worse} worse.").format(
        all=form.money(metrics.at_risk(found)),
        amount=form.money(metrics.at_risk(week)),
        n=form.count(len(week)),
        new=form.count((week["since"] == "new").sum()),
        worse=form.count((week["since"] == "worse").sum()),
    )


def cards(lines: Lines, handed: pd.DataFrame, form: Formats) -> list[Card]:
    """Five numbers: what is at risk, what of it the week begins with, what changed, what is given, what is nobody's."""
    found, week = lines.lines, lines.this_week
    is_nobodys = metrics.of_week(found)["owner_id"].isna()
    since = week["since"].value_counts()
    worse, gone = form.count(since.get("worse", 0)), form.count(len(lines.gone))
    at_risk, of_week = metrics.at_risk(found), metrics.at_risk(week)
    return [
        Card.of(
            "value_at_risk",
            Reading(form.money(at_risk), exact=at_risk),
            beside=how_many(len(found), form),
        ),
        Card(
            "this_week",
            _("This week"),
            _("The {n} lines with most at risk, without those given that still have time.").format(
                n=form.count(metrics.MOST)
            ),
            (Reading(form.money(of_week), exact=of_week),),
            beside=how_many(len(week), form),
            unit="money",
        ),
        Card(
            "since",
            _("New since last week"),
            _("Of this week's lines, those that were none seven days ago."),
            (Reading(form.count(since.get("new", 0)), exact=since.get("new", 0)),),
            beside=_("{worse} worse, {gone} gone").format(worse=worse, gone=gone),
        ),
        Card(
            "given",
            _("Given to somebody"),
            _("Lines that somebody was asked to see to, until a day."),
            (Reading(form.count(len(handed)), exact=len(handed)),),
            beside=_("{n} past their due day").format(n=form.count(handed["is_due"].sum())),
        ),
        Card(
            "nobodys",
            _("Without an owner"),
            _("Lines of deals and accounts whose owner left, moved or is missing. The region's manager names one."),
            (Reading(form.count(is_nobodys.sum()), exact=is_nobodys.sum()),),
            beside=_("of {n} of deals and accounts").format(n=form.count(len(is_nobodys))),
        ),
    ]


def how_many(lines: int, form: Formats) -> str:
    return one_of("{n} line", "{n} lines", lines).format(n=form.count(lines))


def asking(found: pd.DataFrame, form: Formats) -> str:
    """How many lines there are."""
    return one_of(
        "{n} deal, account or person asks for attention.",
        "{n} deals, accounts and persons ask for attention.",
        len(found),
    ).format(n=form.count(len(found)))


def to_do(first: pd.DataFrame, found: pd.DataFrame, form: Formats) -> str:
    """What the first of a week's lines asks of whom; where it has none, what that means of all that were found."""
    if first.empty and metrics.is_risk_unknown(found):
        return _("To do first: look through Attention; what is at risk in its lines is not known.")
    if first.empty:
        return _("To do first: nothing is at risk by the rules of Attention.")
    row = next(lines_with_words(first.head(1)).itertuples())
    return _("To do first: {subject} ({owner}, {amount} at risk): {action}.").format(
        subject=row.subject_name, owner=row.owner_name, amount=form.money(row.value_at_risk), action=row.action
    )


def with_words(rows: pd.DataFrame, form: Formats) -> pd.DataFrame:
    """The leaks with what people read: rule_name, subject_name, why, owner_name, region_name."""
    told = rows.to_dict("records")
    return rows.assign(
        rule_name=[rule_name(rule) for rule in rows["rule"]],
        subject_name=[subject(row) for row in told],
        why=[why(row, form) for row in told],
        owner_name=[_name(row, "owner") for row in told],
        region_name=[_name(row, "region") for row in told],
    )


def lines_with_words(lines: pd.DataFrame, given: pd.DataFrame | None = None) -> pd.DataFrame:
    """The lines with what people read: subject_name, reasons, owner_name (whose turn it is), action, since_name,
    rests_on; receiver and due_on of those given to somebody (`answers.attention.handovers.given`)."""
    if given is not None:
        lines = lines.merge(given[[*metrics.SUBJECT, "receiver", "due_on"]], on=metrics.SUBJECT, how="left")
    told, to_do = list(lines.itertuples()), actions()
    names = since_names()
    return lines.assign(
        subject_name=[subject_name(row) for row in told],
        reasons=[reasons(row.rules) for row in told],
        owner_name=[whose(row) for row in told],
        action=[to_do[row.rules[0]] for row in told],
        since_name=lines["since"].map(names) if "since" in lines else None,
        rests_on=[
            "" if is_missing(row.is_assumed) else _("an assumption") if row.is_assumed else _("past deals")
            for row in told
        ],
    )


def since_names() -> dict[str, str]:
    """What became of a line within a week, in words."""
    return {"new": _("new this week"), "worse": _("worse"), "same": _("as before")}


def since_badges() -> dict[str, str]:
    """The same words, each with the colour of its badge."""
    return dict(zip(since_names().values(), ("open", "lost", "undecided"), strict=True))


def marks(rows: pd.DataFrame, *also: str) -> pd.Series:
    """What each row is called in the address, by the deal, account, rep or region it is about, and these columns."""
    called = zip(*(rows[name] for name in (*also, *metrics.SUBJECT)), strict=True)
    return pd.Series([":".join(map(str, one)) for one in called], index=rows.index, dtype="object")


def reasons(rules: Sequence[str]) -> str:
    """The reasons of a line, by name."""
    return _(", ").join(rule_name(rule) for rule in rules)


def subject_name(row) -> str:
    """What a line is about, by its name."""
    if row.subject_kind == "company":
        return _("The whole company")
    return row.subject_id if is_missing(row.subject) else row.subject


def whose(row) -> str:
    """Whose turn it is: the owner, without one the manager of the region, without a region who leads the company."""
    known = [value for value in (row.owner, row.owner_id) if not is_missing(value)]
    if known:
        return known[0]
    place = [value for value in (row.region, row.region_id) if not is_missing(value)]
    return _("Manager of {region}").format(region=place[0]) if place else _("Head of sales")


def actions() -> dict[str, str]:
    """What to do next about each rule."""
    return {
        "stalled": _("Agree on what moves it on, or close it"),
        "pushed": _("Get a date, or take it out of the forecast"),
        "no_next_step": _("Plan the next step with the customer"),
        "overdue": _("Close it, or have the customer set a date"),
        "owner_left": _("Name an owner, and have the customer told"),
        "abnormal_opening": _("Say what changed, or step back"),
        "stop_loss": _("Decide whether it is worth going on"),
        "request_overdue": _("Grant or refuse the request for support"),
        "silent": _("Call, and agree on a meeting"),
        "assessment_overdue": _("Assess it again"),
        "never_assessed": _("Judge how close we are, and its needs"),
        "key_without_director": _("Name a key-account director"),
        "key_without_goal": _("Set the next goal with the account"),
        "large_unscored": _("Assess the factors that are missing"),
        "contested": _("Settle with the other region who leads"),
        "orphaned": _("Name an owner, and have the customer called"),
        "late_contact": _("Call, and introduce yourself as the new owner"),
        "coverage": _("Bring in pipeline, or say what will be missed"),
        "overload": _("Move bookings to others or to later weeks"),
        "scissors": _("Shift the budget to what brings margin"),
    }


def line(row: Mapping[str, Any]) -> str:
    """A leak of `with_words` by its name."""
    return _("{rule}: {subject}").format(rule=row["rule_name"], subject=row["subject_name"])


def _name(row: Mapping[str, Any], whose: str) -> str | None:
    """The name of a leak's owner or region, else its key; None where it has none."""
    known = [value for value in (row[whose], row[f"{whose}_id"]) if not is_missing(value)]
    return known[0] if known else None


def subject(row: Mapping[str, Any]) -> str:
    """What leaks, by its name."""
    if row["rule"] == "scissors" and row["subject_kind"] == "company":
        return _("All sources of leads")
    if row["rule"] == "coverage" and row["subject_kind"] == "company":
        return wording.region_name(None)
    return row["subject_id"] if is_missing(row["subject"]) else row["subject"]


def why(row: Mapping[str, Any], form: Formats) -> str:
    """Why a leak is one: what was found, and what is allowed."""
    return SAID[row["rule"]](row, form)


def _stalled(row: Mapping[str, Any], form: Formats) -> str:
    if is_missing(row["n"]):
        return _("{days} in {stage}; the target is {limit}").format(
            days=form.days(row["measure"]), stage=row["detail"], limit=form.days(row["limit"])
        )
    return _("{days} in {stage}; four in five of {n} deals left it within {limit}").format(
        days=form.days(row["measure"]), stage=row["detail"], limit=form.days(row["limit"]), n=form.count(row["n"])
    )


def _pushed(row: Mapping[str, Any], form: Formats) -> str:
    return _("expected close put off {n} times").format(n=form.count(row["measure"]))


def _no_next_step(row: Mapping[str, Any], form: Formats) -> str:
    if is_missing(row["days"]):
        return _("nothing was ever planned with it")
    return _("nothing planned for {days}").format(days=form.days(row["measure"]))


def _overdue(row: Mapping[str, Any], form: Formats) -> str:
    return _("still open {days} after its expected close").format(days=form.days(row["measure"]))


def _owner_left(row: Mapping[str, Any], form: Formats) -> str:
    return _("its owner left the company {days} ago").format(days=form.days(row["days"]))


def _abnormal_opening(row: Mapping[str, Any], _form: Formats) -> str:
    territory, position = row["detail"].split()
    return _("{territory}, {position}: nobody said what changed").format(
        territory=words.territories()[territory], position=words.positions()[position]
    )


def _stop_loss(row: Mapping[str, Any], form: Formats) -> str:
    return _("cost {cost} so far; {margin} can still be expected of it").format(
        cost=form.money(row["measure"]), margin=form.money(row["limit"])
    )


def _request_overdue(row: Mapping[str, Any], form: Formats) -> str:
    said = _("{kind}: undecided {days} after it was needed").format(
        kind=wording.support_kind_name(row["detail"]), days=form.days(row["measure"])
    )
    return said if not is_missing(row["opportunity_id"]) else said + _("; the deal is over, so withdraw it")


def _silent(row: Mapping[str, Any], form: Formats) -> str:
    if is_missing(row["measure"]):
        return _("never a two-way contact")
    return _("no two-way contact for {days}").format(days=form.days(row["measure"]))


def _assessment_overdue(row: Mapping[str, Any], form: Formats) -> str:
    names = words.subjects()
    return _("{what}: last assessed {days} ago").format(
        what=_(", ").join(names[one] for one in row["detail"].split()), days=form.days(row["measure"])
    )


def _never_assessed(row: Mapping[str, Any], _form: Formats) -> str:
    names = {"closeness": _("nobody ever judged how close we are"), "needs": _("nobody ever said what it needs")}
    return _("; ").join(names[one] for one in row["detail"].split())


def _key_without_director(row: Mapping[str, Any], _form: Formats) -> str:
    if is_missing(row["detail"]):
        return _("nobody directs it")
    return _("its key-account director left the company")


def _key_without_goal(row: Mapping[str, Any], form: Formats) -> str:
    if not row["measure"]:
        return _("it never had a goal")
    reached = one_of("its {n} goal is reached", "its {n} goals are reached", int(row["measure"]))
    return _("{reached}, and none is to come").format(reached=reached.format(n=form.count(row["measure"])))


def _large_unscored(row: Mapping[str, Any], form: Formats) -> str:
    by, *missing = row["detail"].split()
    said = {
        "revenue": _("the company's number {place} by revenue of twelve months; missing: {missing}"),
        "pipeline": _("the company's number {place} by open pipeline; missing: {missing}"),
    }
    return said[by].format(place=form.count(row["measure"]), missing=_(", ").join(label(factor) for factor in missing))


def _contested(row: Mapping[str, Any], _form: Formats) -> str:
    return _("worked by {regions} at the same time").format(regions=row["detail"])


def _orphaned(row: Mapping[str, Any], form: Formats) -> str:
    reasons = {
        "left": _("its owner left the company"),
        "moved": _("its owner moved to another region"),
        "missing": _("nobody owns it"),
        "silent": _("no completed activity for {days}").format(days=form.days(row["limit"])),
    }
    return _("; ").join(reasons[one] for one in row["detail"].split())


def _late_contact(row: Mapping[str, Any], form: Formats) -> str:
    return _("taken over from {name} {days} ago, and no contact yet").format(
        name=row["detail"], days=form.days(row["measure"])
    )


def _coverage(row: Mapping[str, Any], form: Formats) -> str:
    said = _("coverage {coverage}, needed {needed} at the win rate of {n} closed deals").format(
        coverage=form.ratio(row["measure"]), needed=form.ratio(row["limit"]), n=form.count(row["n"])
    )
    return said if is_missing(row["detail"]) else said + _("; only of what lies in none of its parts")


def _overload(row: Mapping[str, Any], form: Formats) -> str:
    return _("{booked} hours booked in the week of {day}, {available} allowed").format(
        booked=form.number(row["measure"]),
        day=form.day(pd.Timestamp(row["detail"])),
        available=form.number(row["limit"]),
    )


def _scissors(row: Mapping[str, Any], form: Formats) -> str:
    return _("marketing cost {cost}, margin {margin}, over three periods or more").format(
        cost=form.share(row["measure"], signed=True), margin=form.share(row["limit"], signed=True)
    )


SAID: dict[str, Callable[[Mapping[str, Any], Formats], str]] = {
    "stalled": _stalled,
    "pushed": _pushed,
    "no_next_step": _no_next_step,
    "overdue": _overdue,
    "owner_left": _owner_left,
    "abnormal_opening": _abnormal_opening,
    "stop_loss": _stop_loss,
    "request_overdue": _request_overdue,
    "silent": _silent,
    "assessment_overdue": _assessment_overdue,
    "never_assessed": _never_assessed,
    "key_without_director": _key_without_director,
    "key_without_goal": _key_without_goal,
    "large_unscored": _large_unscored,
    "contested": _contested,
    "orphaned": _orphaned,
    "late_contact": _late_contact,
    "coverage": _coverage,
    "overload": _overload,
    "scissors": _scissors,
}
"""What each rule says of a line, by the rule's key."""


def thresholds() -> list[Threshold]:
    """The numbers that a director publishes, by the names people know."""
    return [
        Threshold("stalled_days", _("Stalled: days beyond the norm that are borne"), "days"),
        Threshold("pushes", _("Pushed: so many times"), "count", least=1),
        Threshold("no_next_step_days", _("No next step: for so many days"), "days"),
        Threshold("overdue_days", _("Past its close date: days that are borne"), "days"),
        Threshold("stop_loss_share", _("Stop-loss: cost as a share of the expected margin"), "share", most=10, step=5),
        Threshold("request_days", _("Request overdue: days that are borne"), "days"),
        Threshold("silent_days", _("Silent key account: days that are borne"), "days", least=1),
        Threshold("importance_days", _("Importance assessed every so many days"), "days", least=1),
        Threshold("needs_days", _("Needs assessed every so many days"), "days", least=1),
        Threshold("closeness_days", _("Closeness judged every so many days"), "days", least=1),
        Threshold("large_accounts", _("Large but unscored: so many of the largest accounts"), "count", least=1),
        Threshold("contested_days", _("Contested: by contacts of so many days back"), "days", least=1),
        Threshold("contested_contacts", _("Contested: on so many different days"), "count", least=1),
        Threshold("orphaned_days", _("Orphaned: without an activity for so many days"), "days", least=1),
        Threshold("first_contact_days", _("First contact after a handover: days that are borne"), "days"),
        Threshold("coverage_share", _("Coverage: share of the needed one that is enough"), "share", most=3, step=5),
        Threshold("overload_share", _("Overload: booked hours as a share of those available"), "share", most=3, step=5),
        Threshold("least_n", _("Too few cases: limits that rest on fewer than"), "count"),
    ]


def silent_rules(leaks: Leaks) -> list[str]:
    """The rules that found nothing, by name, in the order of RULES."""
    speaking = {*leaks.rows["rule"], *leaks.muted["rule"], *leaks.dismissed["rule"]}
    return [rule_name(rule) for rule in RULES if rule not in speaking]


def looked_at(scope: Scope, form: Formats) -> str:
    """What the list is about: everything but the period."""
    told = wording.without_period(scope, form)
    if scope.asks_about_deals:
        return told + " · " + _("only rules about deals, since the filters are theirs")
    return told


def nothing_why(leaks: Leaks, form: Formats) -> str:
    """Why the list is empty, and what would fill it."""
    if len(leaks.dismissed) or len(leaks.muted):
        return _("All that would be listed is dismissed or has too few cases: {n} lines below.").format(
            n=form.count(len(leaks.dismissed) + len(leaks.muted))
        )
    return _("No rule finds anything here. The rules look at open deals, key accounts, targets and support.")
