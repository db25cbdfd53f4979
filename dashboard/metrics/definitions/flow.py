"""What is open, what came in, and the target."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "created_count", "Created deals", "新建商机数", "count", 1, opens="created",
        en="Deals created in the period. Qualified-out and duplicate deals leave the count when they close. Not "
        "known where no deal has a creation date.",
        zh="期间内新建的商机数；主动放弃和重复的商机关单后不再计入；若没有任何商机记录创建日期则无数据。",
    ),
    Definition(
        "pipeline_created_amount", "Pipeline created", "新增商机额", "money", 1,
        n="pipeline_created_count", opens="pipeline_created",
        en="Amount at creation of the deals created in the period, whatever became of them. Not known where no deal "
        "has a creation date.",
        zh="期间内新建商机在创建时的金额，不论后来如何；若没有任何商机记录创建日期则无数据。",
    ),
    Definition(
        "pipeline_created_count", "Deals in the pipeline created", "新增商机额所含商机数", "count", 0,
        opens="pipeline_created",
        en="Deals created in the period, whatever became of them: also those qualified out and duplicates.",
        zh="期间内新建的商机数，不论后来如何，含主动放弃和重复的。",
    ),
    Definition(
        "open_count", "Open deals", "在途商机数", "count", 0, opens="open",
        en="Deals open at the end of the as-of date.",
        zh="截至日期日终未关单的商机数。",
    ),
    Definition(
        "open_amount", "Pipeline", "在途商机金额", "money", 1, n="open_count", opens="open",
        en="Amount of the deals open at the end of the as-of date, at that day's exchange rate.",
        zh="截至日期日终未关单商机的金额，按当日汇率折算。",
    ),
    Definition(
        "weighted_amount", "Weighted pipeline", "加权商机额", "money", 1, n="open_count", opens="open",
        en="Sum of amount × the probability set for the deal's stage today.",
        zh="各商机金额 × 所处阶段现行概率之和。",
    ),
    Definition(
        "target_amount", "Target", "目标", "money", 0,
        en="Targets of the people and months in view; a month partly in the period counts by its days.",
        zh="所选人员和月份的目标；不足整月的按天计。",
    ),
    Definition(
        "attainment", "Attainment", "达成率", "share", 1, of="won",
        en="Won ÷ target of the same people and period.",
        zh="同一人员和期间的赢单额 ÷ 目标。",
    ),
    Definition(
        "pacing", "Pacing", "进度预估", "share", 1, of="won",
        en="Attainment ÷ the share usually won by this day of the period, from up to eight earlier ones (the "
        "calendar's share where there are fewer than two).",
        zh="达成率 ÷ 以往（最多八个）同类期间到这一天通常已完成的占比；不足两个时按日历。",
    ),
    Definition(
        "coverage", "Coverage", "商机覆盖倍数", "ratio", 1, n="closing_count", opens="coverage",
        en="Open pipeline expected to close in the rest of the period ÷ what is left to win of the target. Overdue "
        "deals are not in it.",
        zh="预计在本期剩余时间内关单的在途商机金额 ÷ 目标缺口；已过预计关单日的不计。",
    ),
    Definition(
        "closing_count", "Deals that cover", "覆盖商机数", "count", 0, opens="coverage",
        en="Open deals expected to close in the rest of the period.",
        zh="预计在本期剩余时间内关单的在途商机数。",
    ),
    Definition(
        "needed_coverage", "Needed coverage", "所需覆盖倍数", "ratio", 0,
        en="1 ÷ win rate by value of the twelve months up to the as-of date: what it takes, not a rule of thumb.",
        zh="1 ÷ 截至所选日期的十二个月的金额赢单率：实际所需，而非经验值。",
    ),
    Definition(
        "velocity_per_day", "Sales velocity", "销售速度", "money_per_day", 1,
        en="Open deals × win rate × mean won deal ÷ mean won cycle: what the pipeline yields a day.",
        zh="在途商机数 × 赢单率 × 平均赢单额 ÷ 平均销售周期：每天的产出。",
    ),
)
