"""Why deals of the period were lost, where and to whom; and what was given up in time, which is no loss."""

import pandas as pd
import streamlit as st

from dashboard.answers import regions
from dashboard.answers.pipeline import losses
from dashboard.answers.pipeline.losses import Losses
from dashboard.ask import answer_of
from dashboard.figures.opportunities import worth as figures
from dashboard.frame import drawer, parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.pipeline.losses import QualifiedOut
from dashboard.sections import drill, regions as regions_words
from dashboard.sections.opportunities import words as opportunity_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

_MATTER = "relationship support"  # the two reasons that matter most
_OUT = "qualified_out"  # the reason, and the key of its panel


@parts.fragment
def draw(scope: Scope) -> None:
    """Losing reasons of one track in the period, and the qualified-out deals."""
    form, found = parts.formats(), answer_of(losses.of_period, scope)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _reasons(scope, found, form)
    with right:
        _matrix(scope, found, form)


def _reasons(scope: Scope, found: Losses, form: Formats) -> None:
    names = opportunity_words.reasons()
    rows = found.reasons.assign(name=found.reasons["loss_reason"].map(names))
    matter = rows.loc[rows["loss_reason"].isin(_MATTER.split()), "deals"].sum()
    title = _("{n} of {of} losses: relationship or support was not in place").format(
        n=form.count(matter), of=form.count(rows["deals"].sum())
    )
    words = {
        "first": _MATTER,
        "axis": label("lost_count"),
        "nothing": _("No deal of this track was lost in the period."),
    }
    drill.figure(
        figures.reasons(rows, words=words, **parts.look()),
        lambda data: _behind_reason(data[0], scope, rows),
        key="loss_reasons",
        title=title if len(rows) else _("Why were deals lost?"),
        alt=_("Lost deals by reason: {told}").format(
            told=_(", ").join(f"{row.name} {form.count(row.deals)}" for row in rows.itertuples(index=False))
        ),
        twin=rows.assign(n=rows["deals"].sum()),
        columns={
            "name": Column(_("Reason")),
            "deals": Column.of("lost_count"),
            "share": Column.of("loss_share", n="n"),
            "amount": Column.of("amount"),
        },
        source=meaning("loss_share"),
    )


def _behind_reason(reason: str, scope: Scope, rows: pd.DataFrame):
    row = rows[rows["loss_reason"] == reason].iloc[0]
    narrower = {"loss_reasons": (reason or None,)}
    return scope, Opened("lost", row["name"], int(row["deals"]), row["amount"], narrower, number="lost_count")


def _matrix(scope: Scope, found: Losses, form: Formats) -> None:
    by = {"region": _("by region"), "competitor": _("by competitor")}
    if st.session_state.get("loss_by") not in by:
        st.session_state["loss_by"] = "region"
    chosen = st.segmented_control(
        _("Losses"),
        list(by),
        format_func=literal.options(by.__getitem__),
        required=True,
        key="loss_by",
        persist_state="session",
    )
    cells = found.by_region if chosen == "region" else found.by_competitor
    reasons = opportunity_words.reasons()
    cells = cells.assign(
        name=[_place(one, chosen, scope) for one in cells["by"]],
        reason=cells["loss_reason"].map(reasons),
        place=cells["loss_reason"].map({reason: at for at, reason in enumerate(reasons)}),
    )
    drill.figure(
        figures.matrix(cells, words={"nothing": _("No deal of this track was lost in the period.")}, **parts.look()),
        lambda data: _behind_cell(data, scope, cells, chosen),
        key=f"losses_by_{chosen}",
        title=_("Where are deals lost, and why?") if chosen == "region" else _("To whom are deals lost, and why?"),
        alt=_("Lost deals: {told}").format(
            told=_(", ").join(f"{row.name} {row.reason} {form.count(row.deals)}" for row in cells.head(8).itertuples())
        ),
        twin=cells,
        columns={
            "name": Column(_("Region") if chosen == "region" else _("Competitor")),
            **Column.each("reason"),
            "deals": Column.of("lost_count"),
            "share": Column.of("loss_share", n="of"),
        },
        source=_("The darker, the larger the reason's share of the column's losses; their number stands on top."),
    )  # fmt: skip


def _place(key, by: str | None, scope: Scope) -> str:
    if by == "region":
        return regions_words.name(answer_of(regions.level, scope), key)
    return _("nobody named") if pd.isna(key) else key


def _behind_cell(data: list, scope: Scope, cells: pd.DataFrame, by: str | None):
    key, reason = data
    is_it = (cells["by"].isna() if key is None else cells["by"] == key) & (cells["loss_reason"] == reason)
    cell = cells[is_it].iloc[0]
    narrower: dict[str, object] = {"loss_reasons": (reason or None,)}
    narrower |= {"region": key} if by == "region" else {"competitors": (key,)}
    title = f"{cell['name']} · {cell['reason']}"
    return scope, Opened("lost", title, int(cell["deals"]), None, narrower, number="lost_count")


@parts.fragment
def qualified_out(scope: Scope) -> None:
    """What was given up in time: a good outcome of its own."""
    form, found = parts.formats(), answer_of(losses.of_period, scope).qualified_out
    parts.heading(_("What was qualified out in time?"))
    if not found.deals:
        parts.nothing(_("No deal of this track was qualified out in the period. Chasing everything wastes people."))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.say(_told(found, form))
        st.button(
            _("Show these deals"),
            key="qualified_out_open",
            type="tertiary",
            on_click=drawer.open_,
            args=(_OUT,),
        )
    parts.note(meaning("hours_saved"))
    parts.keep(_OUT, _mark(found))
    parts.panel_of(scope.but(with_left_out=True), _OUT)


def _mark(found: QualifiedOut) -> Opened:
    return Opened("lost", _("Qualified out"), found.deals, found.amount, {"loss_reasons": (_OUT,)})


def _told(found: QualifiedOut, form: Formats) -> str:
    text = one_of("{n} deal, {amount}.", "{n} deals, {amount}.", found.deals).format(
        n=form.count(found.deals), amount=form.money(found.amount)
    )
    if found.hours_saved is None:
        return text + " " + _("Hours saved are not known: no booking of support, or no lost deal, is.")
    text += " " + _("{hours} support hours went into each, {lost} into a lost one (n = {of}).").format(
        hours=form.number(found.hours), lost=form.number(found.lost_hours), of=form.count(found.lost_deals)
    )
    if found.hours_saved > 0:
        text += " " + _("Gone the way of the lost ones, they had cost {saved} hours more.").format(
            saved=form.number(found.hours_saved, 0)
        )
    return text
