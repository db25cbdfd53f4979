"""A rep's open deals by stage: which are stalled or past their expected close. A click opens them."""

import pandas as pd

from dashboard import load
from dashboard.figures import style
from dashboard.figures.reps import one_rep as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.pipeline import risk
from dashboard.sections import drill
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def draw(scope: Scope, form: Formats) -> None:
    """`scope` asks for the rep's deals alone."""
    deals = risk.signs(load.deals(scope, "open"), scope.as_of)
    at_risk = deals["is_stalled"] | deals["is_overdue"]
    counts = _by_stage(deals, at_risk, load.stage_positions(scope), form)
    words = {
        "fine": _("on track"),
        "at_risk": _("stalled or overdue"),
        "axis": _("Open deals"),
        "nothing": _("No deal is open as of this date."),
    }

    def mark_of(customdata: list):
        pipeline, stage = customdata
        row = counts[(counts["pipeline"] == pipeline) & (counts["stage"] == stage)].iloc[0]
        narrower = {"pipeline": pipeline, "stage": stage}
        return scope, Opened("open", row["name"], row["fine"] + row["at_risk"], row["amount"], narrower)

    drill.figure(
        figures.stages(counts, words=words, formats=form, tokens=style.THEMES[parts.theme()]),
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
            "amount": Column(_("Amount"), "money"),
        },
        source=_(
            "Stalled: longer in the stage than its norm. Overdue: past the expected close. A click opens the deals."
        ),
    )
    stuck = deals[at_risk].sort_values("amount", ascending=False, na_position="last")
    if stuck.empty:
        return
    n = len(stuck)
    text = one_of("{n} deal is stalled or overdue:", "{n} deals are stalled or overdue, the largest first:", n)
    parts.say(text.format(n=form.count(n)))
    columns = ("deal", "account", "stage", "amount", "days_in_stage", "expected_close_on", "next_step_on")
    known = parts.deal_columns() | {"days_in_stage": Column(_("In stage"), "days")}
    parts.table(stuck, {name: known[name] for name in columns}, key="rep_stuck", height=260)


def _by_stage(deals: pd.DataFrame, at_risk: pd.Series, positions: dict, form: Formats) -> pd.DataFrame:
    """One row per pipeline and stage, in order: name, deals fine, at_risk, stalled, overdue; and their amount."""
    rows = []
    known = deals[deals["stage"].notna()]
    for (pipeline, stage), of_stage in known.groupby(["pipeline", "stage"], sort=False):
        risky = int(at_risk[of_stage.index].sum())
        amount = of_stage["amount"].sum(min_count=1)
        rows.append(
            {
                "pipeline": pipeline,
                "stage": stage,
                "position": positions.get((pipeline, stage), 0),
                "name": f"{stage} · {pipeline}",
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
