"""What asks for attention: a rule each, with the threshold that holds until a director publishes another."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "leaks", "Leaks", "预警数", "count", -1,
        en="Lines of the leak list as of the date: neither dismissed nor resting on too few cases.",
        zh="截至日期的预警条数，不含样本不足和已搁置的。",
    ),
    Definition(
        "value_at_risk", "Value at risk", "风险金额", "money", -1,
        en="Of a deal amount × probability × the share of the chance that such a state has cost deals closed before, "
        "at that stage (10 % as long as nothing is known). Of an account what this takes of its open deals beyond "
        "their own lines; without one, 10 % of twelve months' revenue. Of a region what is left to win less what can "
        "be expected. Empty where amount, probability or exchange rate is not known.",
        zh="商机为金额 × 概率 × 该状态在同阶段已关单商机中使赢单机会损失的比例（无依据时为 10%）；客户为其在途商机按此"
        "比例超出商机自身预警的部分，没有在途商机则为近十二个月赢单额的 10%；区域为目标缺口减去可预期的赢单。金额、概"
        "率或汇率未知时为空。",
    ),
    Definition(
        "at_stake", "At stake", "涉及金额", "money", -1,
        en="Of an account its open pipeline, or else what it brought in twelve months. Empty where no amount or no "
        "exchange rate is known.",
        zh="客户的在途商机金额，没有在途商机则为近十二个月赢单额。金额或汇率未知时为空。",
    ),
    Definition(
        "leak_days", "Days", "持续天数", "days", -1,
        en="Days since the rule's limit was reached, or since it happened. Empty where nobody knows when that was.",
        zh="自达到规则界限之日或事件发生之日起的天数；日期未知时为空。",
    ),
    Definition(
        "leak_stalled", "Stalled", "停滞", "money", -1,
        en="An open deal longer in its stage, all its stays there together, than the stage's norm: its target days, "
        "else the 80th percentile of its own history (not listed where that rests on fewer than 10 deals). Days: those "
        "beyond the norm.",
        zh="在途商机在当前阶段停留（多次合计）超过阶段标准：阶段目标天数，没有则取历史第 80 百分位（不足 10 个商机时不"
        "预警）。天数为超出标准的天数。",
    ),
    Definition(
        "leak_pushed", "Pushed again and again", "一再推迟", "money", -1,
        en="An open deal whose expected close was put off 3 times or more: the date is fiction. Days: since the "
        "third time.",
        zh="预计关单日已推迟 3 次及以上的在途商机：该日期已不可信。天数自第三次推迟起算。",
    ),
    Definition(
        "leak_no_next_step", "No next step", "无下一步", "money", -1,
        en="An open deal with no activity planned, by the as-of date, for it or later. Silent where no deal in view "
        "has one: next steps are not recorded then. Days: since the last one was done, dropped or missed, or since the "
        "creation.",
        zh="在途商机没有截至日期前已录入、计划于该日及以后的活动；若所有商机都没有，则视为未记录下一步，不预警。天数"
        "自上一个下一步完成、取消或过期起算，没有则自创建起算。",
    ),
    Definition(
        "leak_overdue", "Past its close date", "已过预计关单日", "money", -1,
        en="An open deal whose expected close lies before the as-of date. Days: past that date.",
        zh="预计关单日早于截至日期的在途商机。天数为超过该日的天数。",
    ),
    Definition(
        "leak_silent", "Silent key account", "大客户静默", "money", -1,
        en="A key account without a completed two-way activity for more than 60 days; none ever: since it was "
        "created. Days: those beyond the 60.",
        zh="超过 60 天没有已完成双向活动的大客户；从未有过的自建档日起算。天数为超出 60 天的天数。",
    ),
    Definition(
        "leak_assessment_overdue", "Assessment overdue", "评估逾期", "money", -1,
        en="A key account with an assessment older than its rhythm: importance 183 days, needs 62, closeness 31. "
        "What was never assessed is a finding of its own. Days: those beyond the rhythm, of what is overdue longest.",
        zh="评估超过周期的大客户：重要度 183 天、需求 62 天、关系紧密度 31 天；从未评估的另列。天数为逾期最久一项的"
        "超期天数。",
    ),
    Definition(
        "leak_never_assessed", "Never assessed", "从未评估", "money", -1,
        en="A key account whose closeness nobody ever judged, or whose needs nobody ever assessed. Silent about what "
        "is recorded of no account at all. Days: nobody knows since when it is key.",
        zh="从未判断过关系紧密度，或从未评估过需求的大客户；全公司都未记录的一类不预警。何时成为大客户未知，无天数。",
    ),
    Definition(
        "leak_key_without_director", "Key without director", "大客户无总监", "money", -1,
        en="A key account that nobody directs on the as-of date, or whose director left the company. Silent where no "
        "account ever had a director. The manager's of its region to mend. Days: nobody knows since when it is key.",
        zh="截至日期没有大客户总监，或总监已离职的大客户；全公司从无大客户总监时不预警。由区域经理处理。何时成为大客户"
        "未知，无天数。",
    ),
    Definition(
        "leak_key_without_goal", "Key without goal", "大客户无目标", "money", -1,
        en="A key account without a stage goal still to be reached: none was ever set, or all are reached. Silent "
        "where no account has a goal. Days: nobody knows since when it is key.",
        zh="没有待达成阶段目标的大客户：从未设定，或均已完成；全公司都没有目标时不预警。何时成为大客户未知，无天数。",
    ),
    Definition(
        "leak_large_unscored", "Large but unscored", "大而未评", "money", -1,
        en="An account without a composite score among the whole company's 20 largest by revenue of twelve months or "
        "by open pipeline, unless another number is published. Silent where no account is scored. Days: none.",
        zh="近十二个月赢单额或在途商机金额居全公司前 20 名（可发布其他名次）却没有综合积分的客户；全公司都未评分时不预"
        "警。无天数。",
    ),
    Definition(
        "leak_coverage", "Coverage below need", "覆盖不足", "money", -1,
        en="A region right below the one looked at, with all that lies in it (of a lowest region, a rep), whose open "
        "pipeline expected to close in the rest of the fiscal quarter is less than what is left to win of its target × "
        "the coverage needed: 1 ÷ its "
        "win rate by value of twelve months, its tracks weighed as they stand in that pipeline (none there: the best "
        "of them). Not listed under 10 closed deals.",
        zh="所看区域的下一级区域（含其全部下级；最低一级区域则为其销售）在本"
        "财季剩余时间内预计关单的在途商机金额低于目标缺口 × 所需覆盖倍数：1 ÷ "
        "该区域近十二个月的金额赢单率，各项目类型按其在该商机额中的占比加权（没有则取最高者）；关单商机不足 10 个时不"
        "预警。",
    ),
    Definition(
        "leak_owner_left", "Owner left", "负责人已离职", "money", -1,
        en="An open deal whose owner has left the company, also where its account is looked after. Days: since then.",
        zh="负责人已离职的在途商机，其客户另有负责人的也算。天数自离职之日起算。",
    ),
    Definition(
        "leak_abnormal_opening", "Abnormal opening unexplained", "不正常开局未说明", "money", -1,
        en="An open deal whose opening is abnormal (we trail on our ground, or lead on theirs) and of which nobody "
        "said what changed. Days: since the opening was judged.",
        zh="开局不正常（我方地盘落后或敌方地盘领先）且无人说明发生了什么变化的在途商机。天数自判断开局之日起算。",
    ),
    Definition(
        "leak_stop_loss", "Stop-loss", "该止损", "money", -1,
        en="An open deal whose cost of sale so far exceeds 100 % of its expected margin. Days: nobody knows.",
        zh="已投入销售成本超过预期毛利 100% 的在途商机。起始日未知。",
    ),
    Definition(
        "leak_request_overdue", "Support request overdue", "支撑申请逾期", "money", -1,
        en="A request for support that nobody has decided by the day it was needed. At risk: that of the deal, 0 "
        "where it is over. Days: past that day.",
        zh="到需要日仍无人审批的支撑申请。风险金额同该商机，商机已关单的为 0。天数为超过需要日的天数。",
    ),
    Definition(
        "leak_contested", "Contested account", "抢同一个客户", "money", -1,
        en="An account that two or more regions work at the same time: one has an open deal, another too, or two-way "
        "contacts on 2 days of the last 90, unless others are published (where nobody tells which were two-way, "
        "activities on 3). Days: since the second one came in.",
        zh="两个或以上区域同时在做的客户：一方有在途商机，另一方也有，或近 90 天内有 2 天双向联系（可发布其他数值；未"
        "记录是否双向时为 3 天活动）。天数自第二方进入起算。",
    ),
    Definition(
        "leak_orphaned", "Orphaned account", "客户盲区", "money", -1,
        en="An account with open pipeline or revenue of the last twelve months whose owner left, moved or is "
        "missing, or with no completed activity for 90 days, unless other days are published. Days: of the longest "
        "of these.",
        zh="有在途商机或近十二个月有赢单额，而负责人离职、调动或缺失，或 90 天（可发布其他天数）无已完成活动的客户。"
        "天数取其中最长者。",
    ),
    Definition(
        "leak_late_contact", "Late first contact", "交接后未联系", "money", -1,
        en="An account with open pipeline or revenue of the last twelve months that went from one rep to another in "
        "these months, and with which the new owner has completed no activity for more than 14 days since, unless "
        "other days are published. Days: those beyond.",
        zh="有在途商机或近十二个月有赢单额、近十二个月内换了负责人，而新负责人接手后超过 14 天（可发布其他天数）没有已"
        "完成活动的客户。天数为超出天数。",
    ),
    Definition(
        "leak_overload", "Overload", "支撑超负荷", "money", -1,
        en="A support person or pool with more than 100 % of the available hours booked in one of the coming eight "
        "weeks. At risk: what the hours that cannot be delivered would bring to open requests, as the allocation "
        "values them; hours that nobody asked for bring nothing. Days: it lies ahead, so none.",
        zh="未来八周内某周已排工时超过可用工时 100% 的支撑人员或资源。风险金额为无法兑现的工时按资源分配的估值能给未结"
        "申请带来的价值，无申请的工时不计。尚未发生，无天数。",
    ),
    Definition(
        "leak_scissors", "Scissors", "剪刀差", "money", -1,
        en="Marketing cost that grew faster than margin for three periods running, of a source or of all. At risk: "
        "the cost beyond the margin's growth. Days: since the period before these. Not listed under 10 won deals.",
        zh="连续三期营销费用增长快于毛利的来源或全部来源。风险金额为超出毛利增速的费用。天数自此前一期末起算；赢单不"
        "足 10 个时不预警。",
    ),
    Definition(
        "followed_lines", "Lines followed", "跟踪预警数", "count", 0,
        en="Lines given to somebody, or like lines given to nobody: of the same day, kind and first reason. Each "
        "counts once, under its first reason, from that day on. Of the last 10 days on which lines were given.",
        zh="已交办的预警，或同日、同类、首要原因相同但未交办的预警。每条只在首要原因下计一次，自该日起跟踪；限最近 10 "
        "个交办日。",
    ),
    Definition(
        "followed_gone", "Gone", "已消除", "count", 0,
        en="Lines followed of which nothing is listed any more: mended, or the deal is closed.",
        zh="跟踪预警中已不再列出的：问题已处理，或商机已关单。",
    ),
    Definition(
        "followed_same", "Still there", "仍在", "count", 0,
        en="Lines followed that are listed still and are no worse; put aside counts as still there.",
        zh="跟踪预警中仍列出且未加重的；搁置的也算仍在。",
    ),
    Definition(
        "followed_worse", "Worse", "加重", "count", 0,
        en="Lines followed with a reason more than then, or over a tenth more at risk.",
        zh="跟踪预警中比当时多出原因，或风险金额增加超过一成的。",
    ),
    Definition(
        "followed_won", "Deals won since", "此后赢单", "count", 0,
        en="Lines followed whose deal was won since; they are gone too.",
        zh="跟踪预警中商机此后赢单的，同时计入已消除。",
    ),
    Definition(
        "followed_lost", "Deals lost since", "此后丢单", "count", 0,
        en="Lines followed whose deal was lost since, for a reason that counts as a loss; they are gone too.",
        zh="跟踪预警中商机此后丢单（计入丢单的原因）的，同时计入已消除。",
    ),
    Definition(
        "followed_gone_share", "Share gone", "消除比例", "share", 0, n="followed_lines",
        en="Gone ÷ lines followed. More of what was given may be gone since who gives chooses what can be mended: that "
        "giving helps is not shown.",
        zh="已消除 ÷ 跟踪预警数。交办者会挑选能处理的，因此比例更高并不说明交办有用。",
    ),
    Definition(
        "followed_gone_low", "Share gone, low end", "消除比例下限", "share", 0, n="followed_lines",
        en="Lower end of the 80 % interval (Wilson) of the share gone.",
        zh="消除比例 80% 区间（Wilson）的下限。",
    ),
    Definition(
        "followed_gone_high", "Share gone, high end", "消除比例上限", "share", 0, n="followed_lines",
        en="Upper end of the 80 % interval (Wilson) of the share gone.",
        zh="消除比例 80% 区间（Wilson）的上限。",
    ),
)
