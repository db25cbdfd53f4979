"""What reps do and achieve."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "completed", "Completed activities", "已完成活动", "count", 0, of="completed",
        en="Activities completed in the period up to the as-of date, credited to who did them, in the region of "
        "their posting that day.",
        zh="期间内截至所选日期完成的活动，归属于执行人及其当日所在区域。",
    ),
    Definition(
        "activities_added", "Activities added", "新增活动", "count", 0,
        en="Activities entered in the period up to the as-of date, done or planned, credited to whose they are, in the "
        "region of their posting that day.",
        zh="期间内截至所选日期录入的活动（已完成或计划中），归属于负责人及其录入当日所在区域。",
    ),
    Definition(
        "planned_done_on_time", "Planned, done on time", "计划按时完成", "count", 1,
        en="Activities first planned for a day of the period and completed by that day.",
        zh="首次计划日在期间内、且在该日或之前完成的活动。",
    ),
    Definition(
        "planned_done_late", "Planned, done late", "计划延期完成", "count", -1,
        en="Activities first planned for a day of the period and completed after it.",
        zh="首次计划日在期间内、在该日之后才完成的活动。",
    ),
    Definition(
        "planned_overdue", "Planned, overdue", "计划逾期未完成", "count", -1,
        en="Activities first planned for a day of the period that lies before the as-of date, neither completed nor "
        "cancelled by it.",
        zh="首次计划日在期间内且早于截至日期、截至所选日期既未完成也未取消的活动。",
    ),
    Definition(
        "planned", "Planned", "计划活动数", "count", 0, of="planned",
        en="Planned activities done on time, late or overdue. What was entered after the as-of date was no plan then.",
        zh="按时完成、延期完成与逾期未完成的计划活动之和；截至日期之后才录入的不算计划。",
    ),
    Definition(
        "on_time_share", "Done on time", "按时完成率", "share", 1, n="planned", of="planned",
        en="Planned activities done on time ÷ those done on time, late or overdue.",
        zh="按时完成的计划活动 ÷（按时完成 + 延期完成 + 逾期未完成）。",
    ),
    Definition(
        "meetings_held", "Meetings held", "已召开会议", "count", 1, of="meetings",
        en="Completed activities of the kind meeting: held, not booked.",
        zh="已完成的会议类活动：以召开为准，不计预约。",
    ),
    Definition(
        "accounts_owned", "Accounts owned", "负责客户数", "count", 0, of="accounts",
        en="Accounts whose owner on the as-of date the rep is, by assignment, else by the account itself.",
        zh="截至日期由该销售人员负责的客户：先看分配记录，无记录则看客户资料。",
    ),
    Definition(
        "accounts_touched", "Accounts touched", "已触达客户数", "count", 1,
        en="Accounts owned with at least one activity completed by their owner in the period.",
        zh="负责的客户中，期间内本人至少完成过一次活动的客户数。",
    ),
    Definition(
        "touched_share", "Touched of owned", "客户触达率", "share", 1, n="accounts_owned", of="accounts",
        en="Accounts touched ÷ accounts owned.",
        zh="已触达客户数 ÷ 负责客户数。",
    ),
    Definition(
        "attainment_swing", "Swing of attainment", "达成率波动", "ratio", -1,
        en="Population standard deviation ÷ mean of the attainment over the last 8 ended fiscal quarters with a "
        "target; fewer than 4: no data.",
        zh="最近 8 个有目标的已结束财季达成率的总体标准差 ÷ 平均值；不足 4 个季度则无数据。",
    ),
    Definition(
        "days_silent", "Days since two-way contact", "距上次双向互动", "days", -1,
        en="Days from the last completed two-way activity with the account, whoever had it, to the as-of date.",
        zh="自上次与该客户完成双向互动（不论由谁完成）到截至日期的天数。",
    ),
)
