"""Leads and market."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "leads", "Leads", "线索数", "count",
        "Leads created in the period up to the as-of date.",
        "本期（至统计日）创建的线索。",
        1,
    ),
    Definition(
        "mql", "MQL", "市场认可线索（MQL）", "count",
        "Of these leads, those that marketing qualified by the as-of date.",
        "其中统计日前市场部门认可的线索。",
        1,
    ),
    Definition(
        "sql", "SQL", "销售接受线索（SQL）", "count",
        "Of these leads, those that sales accepted by the as-of date.",
        "其中统计日前销售部门接受的线索。",
        1,
    ),
    Definition(
        "converted", "Became a deal", "转为商机", "count",
        "Of these leads, those converted by the as-of date.",
        "其中统计日前转为商机的线索。",
        1,
    ),
    Definition(
        "leads_won", "Won", "赢单线索", "count",
        "Of these leads, those whose deal is won as of the date. The report's key is `won`.",
        "其中商机在统计日已赢单的线索；报表中的键为 won。",
        1,
    ),
    Definition(
        "leads_undecided", "Undecided", "未定线索", "count",
        "Of these leads, those neither converted nor disqualified by the as-of date. The report's key is `undecided`.",
        "其中统计日前既未转化也未作废的线索；报表中的键为 undecided。",
    ),
    Definition(
        "conversion", "Lead → deal", "线索转化率", "share",
        "Converted ÷ leads of the creation cohort. Over 20 % undecided: immature. Usually under 5 %.",
        "同期创建的线索中已转化数 ÷ 线索数；未定超过 20% 为未成熟；通常低于 5%。",
        1,
    ),
    Definition(
        "median_days_to_convert", "Days to convert", "转化天数", "days",
        "Median days from creation to conversion over the leads converted by the as-of date.",
        "统计日前已转化线索从创建到转化天数的中位数。",
        -1,
    ),
    Definition(
        "cost", "Marketing cost", "市场费用", "money",
        "Cost of the days of the period up to the as-of date: a month partly in it counts by its days. No data under a "
        "filter by person, segment, product, pipeline or track, or without a cost row.",
        "本期（至统计日）各日的费用，部分落入的月份按天折算；按人员、行业、产品、销售管道或业务线筛选时，或无费用记录时，为无数据。",
        -1,
    ),
    Definition(
        "cost_per_lead", "Cost per lead", "单条线索费用", "money",
        "Cost of the period ÷ leads created in it.",
        "本期费用 ÷ 本期创建的线索数。",
        -1,
    ),
    Definition(
        "cost_per_opportunity", "Cost per deal", "单个商机费用", "money",
        "Cost of the period ÷ leads of the cohort converted by the as-of date.",
        "本期费用 ÷ 同期线索中已转化数。",
        -1,
    ),
    Definition(
        "cost_per_won", "Cost per won deal", "单个赢单费用", "money",
        "Cost of the period ÷ leads of the cohort whose deal is won as of the date.",
        "本期费用 ÷ 同期线索中已赢单数。",
        -1,
    ),
    Definition(
        "margin_per_cost", "Margin ÷ cost", "毛利费用比", "ratio",
        "Gross margin of the cohort's won deals, at the closing day's rate, ÷ cost of the period. Deals without a "
        "margin are left out.",
        "同期线索赢单商机的毛利（按结案日汇率）÷ 本期费用；无毛利的商机不计。",
        1,
    ),
    Definition(
        "response_days", "Response time", "响应天数", "days",
        "Days from a lead's creation to the first completed activity with it: Kaplan–Meier median, the unanswered "
        "still waiting.",
        "从线索创建到第一次完成跟进的天数：Kaplan–Meier 中位数，未响应的视为仍在等待。",
        -1,
    ),
    Definition(
        "nurture_pool", "Nurture pool", "培育池", "count",
        "All leads ever created that are undecided on the as-of date, whatever the period.",
        "统计日仍未定的全部线索，不论何时创建。",
        1,
    ),
    Definition(
        "later_share", "Converted later", "后续转化率", "share",
        "Of all leads that were ever still undecided at that age, those that converted since; some may yet, so it is a "
        "lower bound.",
        "曾在该时长仍未定的线索中，此后转化的占比；其中一些仍可能转化，因此是下限。",
        1,
    ),
    Definition(
        "pool_held", "Held", "持有", "count",
        "Undecided leads, or accounts, that somebody has on the as-of date (private pool), or nobody (public pool).",
        "统计日有人持有（私海）或无人持有（公海）的未定线索或客户。",
    ),
    Definition(
        "pool_recycled", "Recycled", "回收", "count",
        "Times in the period that one went from a rep to the public pool.",
        "本期从销售人员退回公海的次数。",
    ),
    Definition(
        "pool_claimed", "Claimed", "领取", "count",
        "Times in the period that a rep took one from the public pool.",
        "本期销售人员从公海领取的次数。",
    ),
    Definition(
        "pool_yield", "Yield", "产出率", "share",
        "Of those claimed in the period, the leads converted, or accounts with a deal created, since, by the "
        "as-of date.",
        "本期领取的线索中此后转化、或客户中此后新建商机的占比（至统计日）。",
        1,
    ),
    Definition(
        "pool_days", "Days held", "持有天数", "days",
        "Median days in the pool they left: of the recycled, days a rep had them; of the claimed, days in the "
        "public pool.",
        "离开所在池前的天数中位数：回收的为在私海的天数，领取的为在公海的天数。",
    ),
    Definition(
        "contested", "Contested accounts", "抢单客户", "count",
        "Accounts on which two or more regions, neither lying in the other, have open deals or activities completed "
        "in the last 90 days, unless Attention publishes others. The key-account director, fill-ins and collaboration "
        "do not contest.",
        "两个或以上互不隶属的区域有在跟商机或最近 90 天（以预警发布的天数为准）内完成活动的客户；"
        "大客户总监、补位和业务协同不计。",
        -1,
    ),
    Definition(
        "orphaned", "Orphaned accounts", "盲区客户", "count",
        "Accounts with an open deal, or one won in the last twelve months, whose owner left, moved away or is missing, "
        "or with which nobody completed an activity for 90 days, unless Attention publishes others.",
        "有在跟商机或近 12 个月有赢单，但负责人已离职、调离或缺失，"
        "或 90 天（以预警发布的天数为准）内无人完成活动的客户。",
        -1,
    ),
    Definition(
        "value_at_risk", "Value at risk", "风险金额", "money",
        "The account's open pipeline; for an orphaned account without an open deal, what it brought in twelve months.",
        "客户的在跟商机金额；盲区客户无在跟商机时，取近 12 个月赢单额。",
        -1,
    ),
    Definition(
        "days_orphaned", "Days orphaned", "失管天数", "days",
        "Days since the reason that has held longest began.",
        "持续最久的原因至今的天数。",
        -1,
    ),
    Definition(
        "scissors", "Scissors", "剪刀差", "number",
        "Cost, revenue and gross margin of the twelve months up to each quarter's end, 100 in the first. Alarm: cost "
        "grew faster than margin in three periods running.",
        "截至各季度末 12 个月的费用、销售额和毛利，以首期为 100；连续三期费用增长快于毛利即报警。",
    ),
)
