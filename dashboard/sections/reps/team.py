"""The team: its answer in a sentence, its cards, and a row for every rep."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.figures.overview import on_target as bullets
from dashboard.frame import parts
from dashboard.frame.parts import Card, Column, Opened, Reading
from dashboard.metrics.reps import team as metrics
from dashboard.sections import drill
from dashboard.sections.reps import activity, plans_kept, stage_words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, one_of
from data_access.scope import Scope

FIRST = 10  # reps, of those with the most to go: what stands beside the list at its height
_BESIDE = 430  # pixels: the height of that figure
_AMOUNTS = dict.fromkeys(("won_amount", "target_amount", "attainment"), "float64")


def together(reps: pd.DataFrame) -> pd.Series:
    """All reps in view as one group."""
    return metrics.grouped(reps.assign(everybody=True), "everybody").iloc[0]


def verdict(reps: pd.DataFrame, scope: Scope, form: Formats) -> str:
    """What comes of what the team does, in at most 90 characters: how far the target is, and what is overdue."""
    whole = together(reps)
    if is_missing(whole["attainment"]):
        return _did(reps, whole, form) + _(".")
    short = whole["target_amount"] - whole["won_amount"]
    if short <= 0:
        text = _("On target: {attainment} of it is won")
    elif scope.as_of < scope.period.end:
        text = _("{short} to go: {attainment} of the target is won")
    else:
        text = _("Short by {short}: {attainment} of the target was won")
    text = text.format(short=form.money(short), attainment=form.share(whole["attainment"]))
    if not is_missing(whole["planned"]) and whole["planned_overdue"] > 0:
        text += one_of("; {n} plan is overdue", "; {n} plans are overdue", whole["planned_overdue"]).format(
            n=form.count(whole["planned_overdue"])
        )
    return text + _(".")


def answer(reps: pd.DataFrame, form: Formats) -> str:
    """What does the team do, and how much of what was planned is done? One sentence."""
    whole = together(reps)
    text = _did(reps, whole, form)
    if not is_missing(whole["planned"]) and whole["planned"] > 0:
        text += _("; {on_time} of what was planned was done in time, {overdue} are overdue").format(
            on_time=form.share(whole["on_time_share"], whole["planned"]), overdue=form.count(whole["planned_overdue"])
        )
    return text + _(".")


def _did(reps: pd.DataFrame, whole: pd.Series, form: Formats) -> str:
    if is_missing(whole["completed"]):
        text = one_of(
            "{n} rep; what they did is not known, since no activity was imported",
            "{n} reps; what they did is not known, since no activity was imported",
            len(reps),
        )
    else:
        text = one_of(
            "{n} rep completed {completed} activities", "{n} reps completed {completed} activities", len(reps)
        )
    return text.format(n=form.count(len(reps)), completed=form.count(whole["completed"]))


def to_do(reps: pd.DataFrame, form: Formats) -> str:
    """Whose plans are most overdue, and who has the most to go; nothing where neither is known or left."""
    told = []
    late = reps["planned_overdue"].astype("float64")
    if late.max() > 0:
        told.append(
            _("{rep} has {n} overdue of what was planned, the most").format(
                rep=reps.loc[late.idxmax(), "rep"], n=form.count(late.max())
            )
        )
    short = (reps["target_amount"] - reps["won_amount"]).astype("float64")
    if len(reps) > 1 and short.max() > 0:
        told.append(
            _("{rep} has the most to go to the target, {amount}").format(
                rep=reps.loc[short.idxmax(), "rep"], amount=form.money(short.max())
            )
        )
    return _("Speak first with: {whom}.").format(whom=_("; ").join(told)) if told else ""


def cards(reps: pd.DataFrame, form: Formats) -> list[Card]:
    """Five numbers of the team, what comes of its work first."""
    whole = together(reps)
    faces = {
        "attainment": (form.share(whole["attainment"]), _of_target(whole, form)),
        "completed": (
            form.count(whole["completed"]),
            _("no activity was imported")
            if is_missing(whole["completed"])
            else _("{n} with neither source nor result").format(n=form.count(reps["bare"].sum())),
        ),
        "on_time_share": (
            form.share(whole["on_time_share"], whole["planned"]),
            _("{overdue} of {n} overdue").format(
                overdue=form.count(whole["planned_overdue"]), n=form.count(whole["planned"])
            ),
        ),
        "meetings_held": (form.count(whole["meetings_held"]), _of(whole["completed"], form)),
        "touched_share": (
            form.share(whole["touched_share"], whole["accounts_owned"]),
            _of(whole["accounts_owned"], form),
        ),
    }
    return [Card.of(key, Reading(value, exact=whole[key]), beside=beside) for key, (value, beside) in faces.items()]


def _of(n, form: Formats) -> str:
    return _("n = {n}").format(n=form.count(n))


def _of_target(whole: pd.Series, form: Formats) -> str:
    if is_missing(whole["target_amount"]):
        return _("no target in view")
    return _("{won} of {target}").format(won=form.money(whole["won_amount"]), target=form.money(whole["target_amount"]))


@parts.fragment  # a click draws nothing else of the page anew
def first(reps: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Who has the most to go to the target, beside what each of them has to do."""
    rows = reps.assign(to_go=(reps["target_amount"] - reps["won_amount"]).astype("float64"))
    rows = rows.sort_values("to_go", ascending=False, na_position="last", kind="stable", ignore_index=True)
    left, right = st.columns(2, gap="large")
    with left:
        _to_go(rows[rows["to_go"].notna()].head(FIRST), scope, form)
    with right:
        _needs(rows, form)


def _to_go(rows: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The bars of those with the most to go; a click opens what one has won."""
    named = rows.set_index("rep_id")

    def mark_of(custom: Sequence) -> tuple[Scope, Opened] | None:
        if custom[0] not in named.index:  # a mark of other filters
            return None
        rep = named.loc[custom[0]]
        title = f"{label('won_amount')}, {rep['rep']}"
        mark = Opened("won", title, int(rep["won_deals"]), rep["won_amount"], number="won_amount")
        return scope.but(owner=custom[0]), mark

    drill.figure(
        bullets.regions_compared(
            rows.assign(key=rows["rep_id"], label=rows["rep"]).astype(_AMOUNTS),
            order=["to_go"],
            words={
                "won": label("won_amount"),
                "target": label("target_amount"),
                "axis": f"{label('won_amount')} ({form.money_unit})",
                "nothing": _("No target in view, so nobody is short of one. Import target."),
            },
            **parts.look(),
        ),
        mark_of,
        key="reps_to_go",
        title=finding(rows, form),
        about=f"{label('won_amount')} ({form.money_unit})",
        alt=_(", ").join(f"{rep.rep} {form.money(rep.to_go)}" for rep in rows.itertuples(index=False)),
        twin=rows,
        columns=Column.each("rep", "won_amount", "target_amount", "attainment") | {"to_go": _to_go_column()},
    )


def finding(rows: pd.DataFrame, form: Formats) -> str:
    """Who has the most to go; that nobody has; or the question, where nobody has a target."""
    if rows.empty:
        return _("Who has the most to go?")
    most = rows.loc[rows["to_go"].idxmax()]
    if most["to_go"] <= 0:
        return _("Everybody has made the target")
    return _("{rep} has the most to go: {amount}").format(rep=most["rep"], amount=form.money(most["to_go"]))


def _needs(rows: pd.DataFrame, form: Formats) -> None:
    """What each rep has to do, in the order of the bars; a name opens the rep's record."""
    parts.heading(_("Who has to do what?"))
    shown = rows.assign(
        to_do=[_in_words(rep, form) for rep in rows.itertuples(index=False)],
        stage=[stage_words.stage_name(_known(stage)) for stage in rows["life_stage"]],
    )
    columns = Column.each("rep") | {"to_do": Column(_("To do"), width=200), "to_go": _to_go_column()}
    columns |= {"stage": stage_words.stage_column(_("Life stage"))}
    parts.table(
        shown,
        columns,
        key="reps_needs",
        height=_BESIDE,
        opens=parts.to_rep(shown),
        order=_("Most to go first.") if rows["to_go"].notna().any() else "",
    )


def _in_words(rep, form: Formats) -> str:
    """What a rep's plans and accounts wait for."""
    told = []
    if not is_missing(rep.planned_overdue) and rep.planned_overdue:
        told.append(_("{n} overdue").format(n=form.count(rep.planned_overdue)))
    if not is_missing(rep.accounts_touched) and rep.accounts_touched < rep.accounts_owned:
        told.append(
            _("{n} of {all} untouched").format(
                n=form.count(rep.accounts_owned - rep.accounts_touched), all=form.count(rep.accounts_owned)
            )
        )
    return _(", ").join(told)


def _to_go_column() -> Column:
    return Column(_("To go"), "money")


def table(reps: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """A row per rep, by region and name; a name opens the rep's record."""
    rows = metrics.with_shares(reps)
    shown = rows.assign(
        stage=[stage_words.stage_name(_known(stage)) for stage in rows["life_stage"]],
        weeks=activity.courses(rows, scope),
    )
    columns = Column.each("rep", "region") | {"stage": stage_words.stage_column(_("Life stage"))}
    columns |= Column.each("attainment", "won_amount") | {"weeks": Column(_("Activities by week"), "trend")}
    columns |= Column.each("planned_overdue") | plans_kept.measures() | {"manager": Column(_("Manager"))}
    columns |= Column.each("attainment_swing", "repeat_share")
    parts.table(
        shown,
        columns,
        key="reps_table",
        height=420,
        opens=parts.to_rep(rows),
        total=together(reps),
        order=_("By region and name."),
    )
    parts.note(_("The file has every column."))
    parts.download(rows, key="reps")


def _known(stage) -> str | None:
    return None if is_missing(stage) else stage
