"""The recommended allocation of support hours."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "allocation_value", "Expected value", "预期价值", "money", 1,
        en="Σ hours × value per hour over the coming eight weeks; value per hour = stage probability × gross margin "
        "× the share that the kind of support moves ÷ requested hours; the shares of a deal's requests together are "
        "at most 1. Priority breaks ties.",
        zh="未来八周 Σ 工时 × 每小时价值；每小时价值 = 阶段概率 × 毛利 × 该类支持所影响的占比 ÷ 申请工时；同一商机各"
        "申请的占比合计不超过 1。价值相同时按优先级。",
    ),
    Definition(
        "on_assumption", "Rests on the assumption", "基于假定的部分", "money", 0,
        en="The part of the plan's expected value that no data show: of each kind of support, its value × what of its "
        "share rests on the published assumption; all of it where the interval holds 0.",
        zh="方案预期价值中没有数据支持的部分：各类支持的价值 × 其影响占比中基于已发布假定的部分；区间包含 0 时为全部。",
    ),
    Definition(
        "uplift", "Share moved", "影响占比", "share", 0,
        en="The share of probability × gross margin that support of a kind moves when it is there in time, as plans "
        "reckon with it: 1 − share won of the requests not met ÷ share won of those met by their needed day, among "
        "deals still open on that day and closed since, inside pipeline, track and stage of that day; shrunk with 30 "
        "assumed requests on either side towards the published assumption.",
        zh="某类支持及时到位时影响的概率 × 毛利的占比，方案按此计算：1 − 未按期满足的申请的赢单占比 ÷ 按期满足的申请"
        "的赢单占比；只计所需日仍未关单、此后已关单的商机，在当日的销售流程、项目类型和阶段内比较；"
        "两侧各加 30 个假定申请，向已发布的假定收缩。",
        n="uplift_met",
    ),
    Definition(
        "assumed_share", "Of it assumed", "其中假定", "share", 0,
        en="What part of that share rests on the published assumption: all of it where the interval holds 0, else what "
        "the share loses if nothing is assumed.",
        zh="该占比中基于已发布假定的部分：区间包含 0 时为全部，否则为假定为 0 时该占比减少的部分。",
    ),
    Definition(
        "uplift_measured", "As measured", "实测值", "share", 0,
        en="The same share as the cases have it, not shrunk; below 0 where requests met were won less often.",
        zh="同一占比的实测值，未收缩；按期满足的申请赢得更少时为负。",
        n="uplift_met",
    ),
    Definition(
        "uplift_low", "Low end", "区间下限", "share", 0,
        en="Low end of the 80 % interval of the measured share, over 2,000 draws of deals.",
        zh="实测占比 80% 区间的下限，按商机抽样 2,000 次。",
    ),
    Definition(
        "uplift_high", "High end", "区间上限", "share", 0,
        en="High end of the 80 % interval of the measured share, over 2,000 draws of deals.",
        zh="实测占比 80% 区间的上限，按商机抽样 2,000 次。",
    ),
    Definition(
        "uplift_met", "Met", "按期满足", "count", 0,
        en="Requests met by their needed day that were compared: those of strata that have both sides.",
        zh="参与比较的按期满足的申请数：只计两侧均有申请的层。",
    ),
    Definition(
        "uplift_unmet", "Not met", "未按期满足", "count", 0,
        en="Requests not met by their needed day that were compared: those of strata that have both sides.",
        zh="参与比较的未按期满足的申请数：只计两侧均有申请的层。",
    ),
    Definition(
        "allocation_today", "Above today's bookings", "高于现有排期", "money", 1,
        en="Expected value of the recommended plan less that of today's unlocked bookings: of these count, whoever is "
        "booked, at most the hours a request wants, by its needed day, weeks with too many hours scaled to those there "
        "are; hours for no planned request are worth 0. May be below 0: bookings keep to no skill, reach or tilt.",
        zh="推荐方案的预期价值减去现有未锁定排期的预期价值；后者不论由谁承担，只计需要日前、不超过申请所需的工时，超排的周"
        "按可用工时折减，不属于任何安排中申请的工时价值为 0。排期不受技能、覆盖区域和倾斜约束，因此差额可能为负。",
    ),
    Definition(
        "allocation_first_come", "Above first come, first served", "高于先到先得", "money", 1,
        en="Expected value of the recommended plan less that of serving requests in the order they were made, under "
        "the same constraints, the tilt included.",
        zh="推荐方案的预期价值减去在相同约束（含倾斜）下按申请先后满足的预期价值。",
    ),
    Definition(
        "planned_hours", "Hours planned", "安排工时", "number", 0,
        en="Hours that the plan gives to requests: within what people have left after absences and locked bookings, "
        "no later than each request's deadline, by people with its skill who reach its region.",
        zh="方案分配给申请的工时：不超过人员扣除请假和锁定排期后的可用工时，不晚于申请期限，且由具备所需技能、覆盖该"
        "区域的人员承担。",
    ),
    Definition(
        "hour_worth", "One more hour is worth", "多一小时的价值", "money", 0,
        en="What a little more of a group's time, in the first coming week unless said otherwise, would add to the "
        "expected value, per hour: what the best request still waiting for it would bring.",
        zh="该组工时（除非另有说明，指未来第一周）略微增加时，每小时可增加的预期价值：即仍在等待的最佳申请所带来的价"
        "值。",
    ),
    Definition(
        "tilt_share", "Share for Building reps", "温饱阶段工时占比", "share", 0,
        en="Share of the plan's hours on deals of reps in the Building stage. The tilt is the least it may be, as "
        "far as they ask for hours and people can give them.",
        zh="方案工时中用于温饱阶段员工商机的占比。倾斜即其下限，以其申请和人员能够提供的工时为限。",
    ),
    Definition(
        "tilt_price", "Price of the tilt", "倾斜的代价", "money", -1,
        en="Expected value of the best plan without a tilt less that with it.",
        zh="不设倾斜时最优方案的预期价值减去设倾斜时的预期价值。",
    ),
)
