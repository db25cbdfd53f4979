"""The team: its answer in a sentence, its cards, and a row for every rep."""

import pandas as pd

from dashboard.frame import parts
from dashboard.frame.parts import Card, Column, Reading
from dashboard.metrics.reps import team as metrics
from dashboard.sections.reps import plans_kept, rep_choice, stage_words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of


def together(reps: pd.DataFrame) -> pd.Series:
    """All reps in view as one group."""
    return metrics.grouped(reps.assign(everybody=True), "everybody").iloc[0]


def answer(reps: pd.DataFrame, form: Formats) -> str:
    """What does the team do, and what comes of it? One sentence."""
    if reps.empty:
        return _("No rep is in view.")
    whole = together(reps)
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
    text = text.format(n=form.count(len(reps)), completed=form.count(whole["completed"]))
    if not is_missing(whole["planned"]) and whole["planned"] > 0:
        text += _("; {on_time} of what was planned was done in time, {overdue} are overdue").format(
            on_time=form.share(whole["on_time_share"], whole["planned"]), overdue=form.count(whole["planned_overdue"])
        )
    if not is_missing(whole["attainment"]):
        text += _("; they won {won}, {attainment} of their target").format(
            won=form.money(whole["won_amount"]), attainment=form.share(whole["attainment"])
        )
    return text + _(".")


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


def cards(reps: pd.DataFrame, form: Formats) -> None:
    """Six numbers of the team."""
    whole = together(reps)
    planned, owned = _of(whole["planned"], form), _of(whole["accounts_owned"], form)
    faces = {
        "completed": (
            form.count(whole["completed"]),
            _("no activity was imported")
            if is_missing(whole["completed"])
            else _("{n} with neither source nor result").format(n=form.count(reps["bare"].sum())),
        ),
        "on_time_share": (form.share(whole["on_time_share"], whole["planned"]), planned),
        "planned_overdue": (form.count(whole["planned_overdue"]), planned),
        "meetings_held": (form.count(whole["meetings_held"]), ""),
        "touched_share": (form.share(whole["touched_share"], whole["accounts_owned"]), owned),
        "attainment": (form.share(whole["attainment"]), _of_target(whole, form)),
    }
    row = [Card.of(key, Reading(value), beside=beside) for key, (value, beside) in faces.items()]
    parts.kpi_row(row, key="cards_reps")


def _of(n, form: Formats) -> str:
    return _("n = {n}").format(n=form.count(n))


def _of_target(whole: pd.Series, form: Formats) -> str:
    if is_missing(whole["target_amount"]):
        return _("no target in view")
    return _("{won} of {target}").format(won=form.money(whole["won_amount"]), target=form.money(whole["target_amount"]))


@parts.fragment  # a click on a row draws no figure anew
def table(reps: pd.DataFrame, form: Formats) -> None:
    """A row per rep, by region and name; a click leads to the rep's page."""
    rows = metrics.with_shares(reps)
    rows = rows.assign(stage=[stage_words.stage_name(_known(stage)) for stage in rows["life_stage"]])
    columns = Column.each("rep", "region") | {"manager": Column(_("Manager"))}
    columns |= {"stage": Column(_("Life stage"))} | plans_kept.measures()
    columns |= Column.each("attainment_swing", "repeat_share")
    clicked = parts.table(rows, columns, key="reps_table", height=420, clickable=True)
    if clicked is not None:
        rep_choice.link(rows.iloc[clicked]["rep_id"], rows.iloc[clicked]["rep"])
    parts.note(_("In the order of regions and names. The file has every column."))
    parts.download(rows, key="reps")


def _known(stage) -> str | None:
    return None if is_missing(stage) else stage
