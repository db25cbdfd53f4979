"""Which stage deals went to from which."""

from collections.abc import Sequence

import pandas as pd

from dashboard.figures.pipeline import transitions as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.sections import drill
from dashboard.sections.pipeline.cohort import Cohort
from dashboard.words.language import _
from data_access.scope import Scope


@parts.fragment
def draw(scope: Scope, cohort: Cohort, moves: pd.DataFrame, stages: Sequence[str]) -> None:
    """The transition matrix of one pipeline and track.

    moves    `funnel.transitions` of that pipeline and track
    stages   its open stages and won, in order; others in the moves are losses and have no rank
    """
    if moves.empty:
        parts.nothing(_("The moves of these deals are not known: they came without a history of stages."))
        return
    form = parts.formats()
    words = {
        "created": _("(created)"),
        "from": _("From stage"),
        "to": _("To stage"),
        "entries": _("{n} moves"),
        "nothing": _("No moves."),
    }
    rank = {stage: position for position, stage in enumerate(stages)}
    moves = moves.assign(from_position=moves["from_stage"].map(rank), to_position=moves["to_stage"].map(rank))
    named = moves.assign(from_name=moves["from_stage"].fillna(words["created"]))
    back = moves[moves["to_position"] < moves["from_position"]]["entries"].sum()
    drill.figure(
        figures.matrix(moves, words=words, **parts.look()),
        lambda data: _behind(data, scope, cohort, moves, words["created"]),
        key="pipeline_transitions",
        title=_("{back} of {all} moves between stages go back").format(
            back=form.count(back), all=form.count(moves["entries"].sum())
        ),
        alt=_("Moves between stages: {told}").format(
            told=_(", ").join(
                f"{m.from_name} → {m.to_stage} {form.count(m.entries)}"
                for m in named.nlargest(8, "entries").itertuples()
            )
        ),
        twin=named,
        columns={
            "from_name": Column(words["from"]),
            "to_stage": Column(words["to"]),
            "entries": Column(_("Moves"), "count"),
        },
        source=_("On the diagonal deals took the next step; to its right they skipped, to its left they went back."),
    )


def _behind(data: list, scope: Scope, cohort: Cohort, moves: pd.DataFrame, created: str):
    from_stage, to_stage = data
    is_from = moves["from_stage"].isna() if from_stage is None else moves["from_stage"] == from_stage
    count = int(moves.loc[is_from & (moves["to_stage"] == to_stage), "entries"].iloc[0])
    narrower = cohort.narrower | {"from_stage": from_stage, "stage": to_stage}
    return scope, Opened("transition", f"{from_stage or created} → {to_stage}", count, None, narrower)
