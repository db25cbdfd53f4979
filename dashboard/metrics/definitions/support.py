"""Support resources: who is booked on what, and what it costs."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "available_hours", "Available hours", "可用工时", "number", 0,
        en="Weekly hours of the support people who are there at least one day of a week, less their hours away (not "
        "below 0), over the weeks whose Monday lies in the period.",
        zh="周一在期内的各周：当周至少一天在岗的支撑人员的周工时，减去缺勤工时（不低于 0）。",
    ),
    Definition(
        "booked_hours", "Booked hours", "已排工时", "number", 0,
        en="All hours booked with the support people in scope, over the weeks whose Monday lies in the period, also "
        "those after the as-of date.",
        zh="周一在期内的各周（含截至日期之后的周）所选支撑人员的全部已排工时。",
    ),
    Definition(
        "utilisation", "Utilisation", "利用率", "share", 0,
        en="Booked hours ÷ available hours. 70–85 % is healthy, over 100 % is overload.",
        zh="已排工时 ÷ 可用工时。70–85% 为健康，超过 100% 为超负荷。",
    ),
    Definition(
        "open_requests", "Open requests", "待处理申请", "count", -1,
        en="Support requests made and not decided by the as-of date, by their deal's owner and region of that date.",
        zh="截至日期前提出、尚未决定的支撑申请，按商机当日的负责人和区域归属。",
    ),
    Definition(
        "requested_hours", "Requested hours", "待批工时", "number", -1,
        en="Hours asked for by the open requests.",
        zh="待处理申请所要的工时合计。",
    ),
    Definition(
        "met_in_time_share", "Met in time", "及时满足率", "share", 1, n="needed_requests",
        en="Of the requests needed by a day of the period (up to the as-of date) and not withdrawn, those granted "
        "with at least the requested hours booked in weeks whose Monday is that day or earlier.",
        zh="需要日在期内（至所选日期）且未撤回的申请中，已批准且在需要日之前（含当日）开始的各周已排足所需工时的占比。",
    ),
    Definition(
        "needed_requests", "Requests needed", "到期申请数", "count", 0,
        en="Requests for support needed by a day of the period up to the as-of date, and not withdrawn by it.",
        zh="需要日在期间内（至所选日期）且截至所选日期未撤回的支撑申请。",
    ),
    Definition(
        "hours_per_won_deal", "Hours per won deal", "每赢单工时", "number", 0,
        en="All support hours booked by the as-of date on the deals won in the period ÷ the number of these deals.",
        zh="期内赢单的商机截至所选日期的全部支撑工时 ÷ 赢单数。",
    ),
    Definition(
        "alignment", "Alignment with worth", "投入与价值匹配度", "number", 1, n="alignment_n",
        en="Spearman's rank correlation, over the open deals of known worth, of probability × amount with the hours "
        "booked so far (0 included): 1 the best deals get most, 0 unrelated, −1 reversed.",
        zh="价值已知的在途商机中，概率 × 金额与已排工时（含 0）的 Spearman 等级相关：1 为价值越高投入越多，0 为无关，"
        "−1 为相反。",
    ),
    Definition(
        "alignment_n", "Deals compared", "比较的商机数", "count", 0,
        en="Open deals whose worth (probability × amount) is known.",
        zh="价值（概率 × 金额）已知的在途商机数。",
    ),
    Definition(
        "overload_ahead", "Overbooked person-weeks", "超负荷人周", "count", -1,
        en="Weeks of one person with more hours booked than available, in the eight weeks whose Monday comes after "
        "the as-of date.",
        zh="截至日期之后开始的八周内，已排工时超过可用工时的人周数。",
    ),
    Definition(
        "cost_of_sale", "Cost of sale so far", "已投入销售成本", "money", -1,
        en="Support hours booked in weeks up to the as-of date × the person's hourly cost, plus completed activities "
        "× their kind's hourly cost of that day; each rounded to the cent.",
        zh="截至所选日期所在周已排的支撑工时 × 每人小时成本，加已完成活动 × 当日该类活动的小时成本；逐笔四舍五入到分。",
    ),
    Definition(
        "expected_margin", "Expected margin", "预期毛利", "money", 1,
        en="Gross margin of an open deal × the probability of its stage, at the as-of date's exchange rate.",
        zh="在途商机的毛利 × 所在阶段概率，按截至日期汇率折算。",
    ),
    Definition(
        "stop_loss", "Stop-loss candidate", "止损候选", "count", -1,
        en="An open deal whose cost of sale so far exceeds its expected margin. A deal with no known cost, margin or "
        "probability is left out and counted apart.",
        zh="已投入销售成本超过预期毛利的在途商机。成本、毛利或概率不详的商机不判断，另行计数。",
    ),
)
