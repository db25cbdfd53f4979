"""The funnel's readings and the time in its stages."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "in_stage_now", "In stage now", "当前所在", "count", 0, opens="in_stage_now", of="created",
        en="Deals whose stage is this one as of the date: a stock, from which no conversion is computed.",
        zh="截至所选日期正处于该阶段的商机：存量，不据此计算转化率。",
    ),
    Definition(
        "visited", "Visited", "曾进入", "count", 0, opens="visited", of="created",
        en="Deals that ever entered the stage.",
        zh="曾进入该阶段的商机。",
    ),
    Definition(
        "strict_path", "Strict path", "逐级经过", "count", 0, opens="strict_path", of="created",
        en="Deals that entered this stage and every earlier one, first entries in order.",
        zh="依次首次进入此前每个阶段并进入该阶段的商机。",
    ),
    Definition(
        "reached_at_least", "Reached at least", "至少到达", "count", 0, opens="reached_at_least", of="created",
        en="Deals whose furthest stage is this one or a later one: a skipped stage counts as passed.",
        zh="最远到达该阶段或更后阶段的商机：跳过的阶段视为已通过。",
    ),
    Definition(
        "step_entered", "Entered", "进入数", "count", 0, opens="step_entered", of="created",
        en="Deals that ever entered the stage.",
        zh="曾进入该阶段的商机。",
    ),
    Definition(
        "step_advanced", "Advanced", "推进数", "count", 0, opens="step_advanced", of="created",
        en="Of those that entered, the deals that later reached a higher stage.",
        zh="进入后又到达更高阶段的商机。",
    ),
    Definition(
        "step_undecided", "Undecided", "未定数", "count", 0, opens="step_undecided", of="created",
        en="Of those that entered, the deals that have not advanced and are still open at this stage or before.",
        zh="进入后尚未推进、且仍在该阶段或更早阶段的商机。",
    ),
    Definition(
        "median_days_in_stage", "Median days in stage", "阶段停留中位天数", "days", -1,
        en="Kaplan–Meier median of the days spent in the stage over all stays, open stays censored.",
        zh="在该阶段累计停留天数的 Kaplan–Meier 中位数，尚未离开的按删失处理。",
    ),
)
