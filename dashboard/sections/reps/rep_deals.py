"""A rep's open deals by stage: which are stalled or past their expected close. A click opens them."""

import pandas as pd
import streamlit as st

from dashboard.ask import ask
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import behind, parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.pipeline import risk
from dashboard.sections import drill
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.pipeline import funnel
from data_access.scope import Scope


def draw(scope: Scope, form: Formats) -> None:
    """`scope` asks for the rep's deals alone."""
    deals = risk.signs(behind.deals(scope, "open"), scope.as_of)
    at_risk = deals["is_stalled"] | deals["is_overdue"]
    counts = _by_stage(deals, at_risk, _positions(scope), form)
    words = {
        "fine": _("on track"),
        "at_risk": _("stalled or overdue"),
        "axis": label("open_count"),
        "nothing": _("No deal is open as of this date."),
    }

    def mark_of(customdata: list):
        of_pipeline, stage = customdata
        row = counts[(counts["pipeline"] == of_pipeline) & (counts["stage"] == stage)].iloc[0]
        narrower = {"pipeline": of_pipeline, "stage": stage}
        count = row["fine"] + row["at_risk"]
        return scope, Opened("open", row["name"], count, row["amount"], narrower, number="open_amount")

    left, right = st.columns([3, 2], gap="medium")  # on a telephone what is to be done comes first
    with left:
        _stuck(deals[at_risk], form)
    with right:
        drill.figure(
            figures.stages(counts, words=words, **parts.look()),
            mark_of,
            key="rep_stages",
            title=_("Where are the open deals, and which are stuck?"),
            alt=_("Open deals by stage: {told}").format(
                told=_(", ").join(f"{row.name} {row.fine + row.at_risk}" for row in counts.itertuples(index=False))
            ),
            twin=counts,
            columns={
                "name": Column(_("Stage")),
                "fine": Column(words["fine"], "count"),
                "stalled": Column(_("stalled"), "count"),
                "overdue": Column(_("overdue"), "count"),
                "amount": Column.of("amount"),
            },
            source=_(
                "Stalled: longer in the stage than its norm. Overdue: past the expected close. A click opens the deals."
            ),
        )


def _stuck(deals: pd.DataFrame, form: Formats) -> None:
    """The deals that are stalled or past their close, the largest first."""
    parts.heading(_("Which deals are stuck?"))
    if deals.empty:
        parts.nothing(_("No open deal is stalled or overdue."))
        return
    stuck = deals.sort_values("amount", ascending=False, na_position="last")
    n = len(stuck)
    text = one_of("{n} deal is stalled or overdue:", "{n} deals are stalled or overdue, the largest first:", n)
    parts.say(text.format(n=form.count(n)))
    columns = ("deal", "stage", "amount", "days_in_stage", "expected_close_on", "next_step_on")
    known = parts.deal_columns() | {"days_in_stage": Column.of("days_in_stage")}
    parts.table(stuck, {name: known[name] for name in columns}, key="rep_stuck", height=360, opens=parts.to_deal(stuck))


def _positions(scope: Scope) -> dict[tuple[str, str], int]:
    """(pipeline, stage) -> its position."""
    stages = ask(funnel.stages, scope)
    return {(row.pipeline, row.stage): int(row.position) for row in stages.itertuples(index=False)}


def _by_stage(deals: pd.DataFrame, at_risk: pd.Series, positions: dict, form: Formats) -> pd.DataFrame:
    """One row per pipeline and stage, in order: name, deals fine, at_risk, stalled, overdue; and their amount."""
    rows = []
    known = deals[deals["stage"].notna()]
    for (of_pipeline, stage), of_stage in known.groupby(["pipeline", "stage"], sort=False):
        risky = int(at_risk[of_stage.index].sum())
        amount = of_stage["amount"].sum(min_count=1)
        rows.append(
            {
                "pipeline": of_pipeline,
                "stage": stage,
                "position": positions.get((of_pipeline, stage), 0),
                "name": f"{stage} · {of_pipeline}",
                "fine": len(of_stage) - risky,
                "at_risk": risky,
                "stalled": int(of_stage["is_stalled"].sum()),
                "overdue": int(of_stage["is_overdue"].sum()),
                "amount": amount,
                "told": f"{form.count(len(of_stage))} · {form.money(amount)}",
            }
        )
    columns = ["pipeline", "stage", "position", "name", "fine", "at_risk", "stalled", "overdue", "amount", "told"]
    return pd.DataFrame(rows, columns=columns).sort_values(["pipeline", "position"], ignore_index=True)
