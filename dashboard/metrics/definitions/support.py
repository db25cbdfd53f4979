"""Support resources: who is booked on what, and what it costs."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "cost_of_sale", "Cost of sale so far", "已投入销售成本", "money",
        "Support hours booked in weeks up to the as-of date × the person's hourly cost, plus completed activities × "
        "their kind's hourly cost of that day; each rounded to the cent.",
        "截至统计日所在周已排的支撑工时 × 每人小时成本，加已完成活动 × 当日该类活动的小时成本；逐笔四舍五入到分。",
        -1,
    ),
    Definition(
        "expected_margin", "Expected margin", "预期毛利", "money",
        "Gross margin of an open deal × the probability of its stage, at the as-of date's exchange rate.",
        "未结商机的毛利 × 所在阶段概率，按统计日汇率折算。",
        1,
    ),
    Definition(
        "stop_loss", "Stop-loss candidate", "止损候选", "count",
        "An open deal whose cost of sale so far exceeds its expected margin. A deal with no known cost, margin or "
        "probability is left out and counted apart.",
        "已投入销售成本超过预期毛利的未结商机。成本、毛利或概率不详的商机不判断，另行计数。",
        -1,
    ),
)
