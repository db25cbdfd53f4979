"""The recommended allocation of support hours."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "allocation_value",
        "Expected value",
        "预期价值",
        "money",
        "Σ hours × value per hour over the coming eight weeks; value per hour = stage probability × gross margin "
        "× the share that the kind of support moves ÷ requested hours; the shares of a deal's requests together are at "
        "most 1. Priority breaks ties.",
        "未来八周 Σ 工时 × 每小时价值；每小时价值 = 阶段概率 × 毛利 × 该类支持所影响的占比 ÷ 申请工时；"
        "同一商机各申请的占比合计不超过 1。价值相同时按优先级。",
        1,
    ),
    Definition(
        "allocation_today",
        "Above today's bookings",
        "高于现有排期",
        "money",
        "Expected value of the recommended plan less that of today's unlocked bookings, as far as these keep to "
        "the plan's "
        "constraints.",
        "推荐方案的预期价值减去现有未锁定排期的预期价值；后者只计入符合方案约束的部分。",
        1,
    ),
    Definition(
        "allocation_first_come",
        "Above first come, first served",
        "高于先到先得",
        "money",
        "Expected value of the recommended plan less that of serving requests in the order they were made, under "
        "the same "
        "constraints.",
        "推荐方案的预期价值减去在相同约束下按申请先后满足的预期价值。",
        1,
    ),
    Definition(
        "planned_hours",
        "Hours planned",
        "安排工时",
        "number",
        "Hours that the plan gives to requests: within what people have left after absences and locked bookings, "
        "no later "
        "than each request's deadline, by people with its skill who reach its region.",
        "方案分配给申请的工时：不超过人员扣除请假和锁定排期后的可用工时，不晚于申请期限，"
        "且由具备所需技能、覆盖该区域的人员承担。",
        0,
    ),
    Definition(
        "hour_worth",
        "One more hour is worth",
        "多一小时的价值",
        "money",
        "What a little more of a group's time, in the first coming week unless said otherwise, would add to the "
        "expected value, per hour: what the best request still waiting for it would bring.",
        "该组工时（除非另有说明，指未来第一周）略微增加时，每小时可增加的预期价值：即仍在等待的最佳申请所带来的价值。",
        0,
    ),
    Definition(
        "tilt_share",
        "Share for subsistence-stage reps",
        "温饱阶段工时占比",
        "share",
        "Share of the plan's hours on deals of reps in the subsistence stage. The tilt is the least it may be, "
        "as far as "
        "they ask for hours and people can give them.",
        "方案工时中用于温饱阶段员工商机的占比。倾斜即其下限，以其申请和人员能够提供的工时为限。",
        0,
    ),
    Definition(
        "tilt_price",
        "Price of the tilt",
        "倾斜的代价",
        "money",
        "Expected value of the best plan without a tilt less that with it.",
        "不设倾斜时最优方案的预期价值减去设倾斜时的预期价值。",
        -1,
    ),
)
