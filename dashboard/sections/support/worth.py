"""Whether the best deals get the best support: alignment, deals left without, what hours were spent on."""

import pandas as pd

from dashboard.answers.reps import company_help
from dashboard.answers.reps.life_stage import of_people
from dashboard.answers.support import resources
from dashboard.ask import answer_of, ask
from dashboard.figures.support import resources as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.reps import fairness
from dashboard.metrics.reps.stage_moves import UNKNOWN
from dashboard.metrics.support import resources as metrics
from dashboard.sections import drill
from dashboard.sections.reps import stage_help, stage_words
from dashboard.sections.support import words as support_words
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

_MOST_DOTS = 2_000  # a browser draws more, slowly; those of most worth are what the question is about
_MOST_ROWS = 200
_OUTCOMES = ("won", "lost", "qualified_out", "duplicate", "open")


def _marked(deals: pd.DataFrame) -> pd.DataFrame:
    """Those of known worth, with is_unserved: among the quarter of most worth, and without an hour."""
    high = metrics.high_worth(deals)
    known = deals[deals["worth"].notna()]
    if high is None:
        return known.assign(is_unserved=False)
    return known.assign(
        is_unserved=((known["worth"] >= high) & (known["hours"] == 0) & (known["worth"] > 0)).astype(bool)
    )


@parts.fragment
def alignment(scope: Scope, values: dict, form: Formats) -> None:
    """Worth against hours, a dot per open deal; a dot opens its deal."""
    deals = _marked(resources.served_deals(ask, scope))
    dots = deals[deals["worth"] > 0].sort_values("worth", ascending=False, kind="stable").head(_MOST_DOTS)
    words = {
        "served": _("open deal"),
        "unserved": _("of high worth, without an hour"),
        "worth": _("Worth (probability × amount)"),
        "hours": _("Hours so far"),
        "nothing": _("No open deal has an amount and a probability."),
    }
    if dots.empty:
        parts.nothing(words["nothing"])
        return
    drill.figure(
        figures.against_worth(dots, words=words, **parts.look()),
        lambda data: (scope, data[0]),
        key="support_worth",
        panel=lambda of, key: _deal(of, key, form),
        title=_("Does support follow worth? {rho} of 1 over {n} open deals").format(
            rho=form.number(values["alignment"], 2), n=form.count(values["alignment_n"])
        ),
        alt=_("{n} open deals by worth and hours; {unserved} of high worth have no hour.").format(
            n=form.count(len(dots)), unserved=form.count(dots["is_unserved"].sum())
        ),
        twin=dots.head(_MOST_ROWS),
        columns=_columns(),
        source=_("1: the best deals get most; 0: unrelated; −1: reversed."),
    )


def _deal(scope: Scope, key: str, form: Formats) -> None:
    deals = resources.served_deals(ask, scope)
    rows = deals[deals["opportunity_id"] == parts.opened(key)]
    one = rows.iloc[0]
    title = _("{deal}: worth {worth}, {hours} hours so far").format(
        deal=one["deal"], worth=form.money(one["worth"]), hours=form.number(one["hours"])
    )
    parts.offer(
        title, lambda: parts.table(rows, _columns(), key=f"{key}_rows", opens=parts.to_deal(rows)), key=f"{key}_deal"
    )


def _columns() -> dict[str, Column]:
    return {
        **Column.each("deal", "account", "owner", "region", "amount"),
        "worth": Column(_("Worth"), "money"),
        "hours": Column(_("Hours so far"), "number"),
    }


def unserved(scope: Scope, form: Formats) -> None:
    """The quarter of open deals of most worth: those without an hour, and whether one is asked for."""
    deals = _marked(resources.served_deals(ask, scope))
    without = deals[deals["is_unserved"]].sort_values("worth", ascending=False, kind="stable")
    parts.heading(_("Which deals of high worth have no support?"))
    if without.empty:
        parts.nothing(_("Every open deal of high worth has had support, or no worth is known."))
        return
    asked = set(answer_of(resources.open_requests, scope)["opportunity_id"])
    parts.say(
        one_of(
            "{n} deal of the worthiest quarter (from {high}) has had no hour; {asked} of them asked for one.",
            "{n} deals of the worthiest quarter (from {high}) have had no hour; {asked} of them asked for one.",
            len(without),
        ).format(
            n=form.count(len(without)),
            high=form.money(metrics.high_worth(deals)),
            asked=form.count(without["opportunity_id"].isin(asked).sum()),
        )
    )
    rows = without.head(_MOST_ROWS).assign(
        asked=[_("asked for") if one in asked else None for one in without.head(_MOST_ROWS)["opportunity_id"]]
    )
    columns = {name: column for name, column in _columns().items() if name in ("deal", "owner", "worth")}
    parts.table(
        rows, columns | {"asked": Column(_("Asked for"))}, key="support_unserved", height=300, opens=parts.to_deal(rows)
    )
    parts.download(without, key="support_unserved")


def outcomes(scope: Scope, values: dict, form: Formats) -> None:
    """Hours and cost of the deals closed in the period and of those open, by what became of them."""
    rows = answer_of(resources.outcomes, scope)
    if rows["support_hours"].sum() == 0 or not resources.holds(ask, scope)["bookings"]:
        parts.heading(_("What were hours and money spent on?"))
        parts.nothing(_("No hour is booked on these deals. Bookings come in as support_booking."))
        return
    rows = rows.set_index("outcome").reindex([one for one in _OUTCOMES if one in set(rows["outcome"])]).reset_index()
    rows = rows.assign(
        name=[support_words.outcome_name(one) for one in rows["outcome"]],
        text=[
            _("{hours} hours · {each} a deal · n = {n}").format(
                hours=form.number(one.support_hours, 0), each=form.number(one.hours_per_deal), n=form.count(one.deals)
            )
            for one in rows.itertuples()
        ],
    )
    closed = rows[rows["outcome"] != "open"]
    spent, in_vain = closed["support_hours"].sum(), closed.loc[closed["outcome"] != "won", "support_hours"].sum()
    parts.figure(
        figures.outcomes(rows, words={"axis": _("Hours")}, **parts.look()),
        key="support_outcomes",
        title=_("{share} of the hours on closed deals went to deals that were not won").format(
            share=form.share(in_vain / spent if spent else None)
        ),
        alt=_(", ").join(f"{one.name} {one.text}" for one in rows.itertuples()),
        twin=rows,
        columns={
            "name": Column(_("Deals")),
            "deals": Column(_("Number"), "count"),
            **Column.each("support_hours"),
            "hours_per_deal": Column(_("Hours a deal"), "number"),
            "cost": Column.of("cost_of_sale"),
            "cost_per_deal": Column(_("Cost a deal"), "money"),
            "support_cost": Column(_("Support cost"), "money"),
            "activity_cost": Column(_("Activity cost"), "money"),
        },
        source=_("Deals closed in the period, and those open; hours and cost so far."),
    )
    table = [
        _("{name}: {cost} a deal").format(name=one.name, cost=form.money(one.cost_per_deal))
        for one in rows.itertuples()
    ]
    parts.say(
        _("{name}: {hours}.").format(name=label("hours_per_won_deal"), hours=form.number(values["hours_per_won_deal"]))
    )
    parts.note(_("Cost of sale by deal: {told}.").format(told=_("; ").join(table)))
    unknown = int(rows["without_cost"].sum())
    if unknown:
        parts.note(
            _("{n} bookings or activities have no known cost: where they belong, none is shown.").format(
                n=form.count(unknown)
            )
        )


def by_life_stage(scope: Scope, form: Formats) -> None:
    """Hours per open deal by the owner's life stage, and whether a tilt towards subsistence is real."""
    parts.heading(_("Does support lean towards the reps who need it most?"))
    reps = answer_of(company_help.given, of_people(scope))
    reps = reps[reps["is_selling"]].reset_index(drop=True)
    if reps["support_hours"].isna().all():
        parts.nothing(_("No rep here has deals and support to compare."))
        return
    parts.say(stage_help.tilt_in_words(fairness.tilt(reps), form))
    names = stage_words.stage_names()
    rows = fairness.by_group(reps, reps["life_stage"].fillna(UNKNOWN)).set_index("group")
    rows = rows.reindex([stage for stage in names if stage in rows.index]).reset_index()
    parts.table(
        rows.assign(name=rows["group"].map(names)),
        {
            "name": Column(_("Life stage")),
            "reps": Column(_("Reps"), "count"),
            "open_deals": Column.of("open_count"),
            **Column.each("support_hours", "support_per_deal"),
        },
        key="support_by_stage",
    )
    parts.note(meaning("support_tilt"))
