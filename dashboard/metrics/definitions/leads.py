"""Leads and market."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "leads", "Leads", "线索数", "count", 1, of="leads",
        en="Leads created in the period up to the as-of date.",
        zh="本期（至所选日期）创建的线索。",
    ),
    Definition(
        "mql", "MQL", "市场认可线索（MQL）", "count", 1, of="leads_mql",
        en="Of these leads, those that marketing qualified by the as-of date.",
        zh="其中截至日期前市场部门认可的线索。",
    ),
    Definition(
        "sql", "SQL", "销售接受线索（SQL）", "count", 1, of="leads_sql",
        en="Of these leads, those that sales accepted by the as-of date.",
        zh="其中截至日期前销售部门接受的线索。",
    ),
    Definition(
        "converted", "Became a deal", "转为商机", "count", 1, of="leads_converted",
        en="Of these leads, those converted by the as-of date.",
        zh="其中截至日期前转为商机的线索。",
    ),
    Definition(
        "leads_won", "Won", "赢单线索", "count", 1, of="leads_won",
        en="Of these leads, those whose deal is won as of the date.",
        zh="其中商机在截至日期已赢单的线索。",
    ),
    Definition(
        "leads_undecided", "Undecided", "未定线索", "count", 0, of="leads_undecided",
        en="Of these leads, those neither converted nor disqualified by the as-of date.",
        zh="其中截至日期前既未转化也未作废的线索。",
    ),
    Definition(
        "undecided_share", "Undecided, share", "未定占比", "share", 0, n="leads", of="leads",
        en="Undecided ÷ leads of the creation cohort.",
        zh="同期创建的线索中未定数 ÷ 线索数。",
    ),
    Definition(
        "conversion", "Lead → deal", "线索转化率", "share", 1, n="leads", of="leads",
        en="Converted ÷ leads of the creation cohort. Mature once its youngest lead has the age by which 95 % of "
        "conversions come (cumulative incidence of the last three years, all sources). Usually under 5 %.",
        zh="同期创建的线索中已转化数 ÷ 线索数；最新线索的天数达到 95% 转化所需的天数"
        "（近三年全部来源的累积发生率）即成熟；通常低于 5%。",
    ),
    Definition(
        "median_days_to_convert", "Days to convert", "转化天数", "days", -1,
        en="Median days from creation to conversion over the leads converted by the as-of date.",
        zh="截至日期前已转化线索从创建到转化天数的中位数。",
    ),
    Definition(
        "cost", "Marketing cost", "市场费用", "money", -1,
        en="Cost of the days of the period up to the as-of date: a month partly in it counts by its days. No data "
        "under a filter by person, segment, product, pipeline or track, or without a cost row.",
        zh="本期（至所选日期）各日的费用，部分落入的月份按天折算；按人员、行业、产品、销售流程或项目类型筛选时，或无费用"
        "记录时，为无数据。",
    ),
    Definition(
        "cost_per_lead", "Cost per lead", "单条线索费用", "money", -1, of="leads",
        en="Cost of the period ÷ leads created in it.",
        zh="本期费用 ÷ 本期创建的线索数。",
    ),
    Definition(
        "cost_per_opportunity", "Cost per deal", "单个商机费用", "money", -1, of="leads_converted",
        en="Cost of the period ÷ leads of the cohort converted by the as-of date.",
        zh="本期费用 ÷ 同期线索中已转化数。",
    ),
    Definition(
        "cost_per_won", "Cost per won deal", "单个赢单费用", "money", -1, of="leads_won",
        en="Cost of the period ÷ leads of the cohort whose deal is won as of the date.",
        zh="本期费用 ÷ 同期线索中已赢单数。",
    ),
    Definition(
        "margin_per_cost", "Margin ÷ cost", "毛利费用比", "ratio", 1,
        en="Gross margin of the cohort's won deals, at the closing day's rate, ÷ cost of the period. Deals without a "
        "margin are left out.",
        zh="同期线索赢单商机的毛利（按关单日汇率）÷ 本期费用；无毛利的商机不计。",
    ),
    Definition(
        "response_days", "Response time", "响应天数", "days", -1,
        en="Days from a lead's creation to the first completed activity with it: Kaplan–Meier median, the unanswered "
        "still waiting.",
        zh="从线索创建到第一次完成跟进的天数：Kaplan–Meier 中位数，未响应的视为仍在等待。",
    ),
    Definition(
        "nurture_pool", "Nurture pool", "培育池", "count", 1, of="leads_nurtured",
        en="All leads ever created that are undecided on the as-of date, whatever the period.",
        zh="截至日期仍未定的全部线索，不论何时创建。",
    ),
    Definition(
        "reached", "Ever undecided at that age", "曾在该时长仍未定", "count", 0,
        en="Leads that were ever still undecided at that age.",
        zh="曾在该时长仍未定的线索数。",
    ),
    Definition(
        "later_share", "Converted later", "后续转化率", "share", 1, n="reached",
        en="Of all leads that were ever still undecided at that age, those that converted since; some may yet, so it "
        "is a lower bound.",
        zh="曾在该时长仍未定的线索中，此后转化的占比；其中一些仍可能转化，因此是下限。",
    ),
    Definition(
        "pool_held", "Held", "持有", "count", 0,
        en="Undecided leads, or accounts, that somebody has on the as-of date (private pool), or nobody (public "
        "pool).",
        zh="截至日期有人持有（私海）或无人持有（公海）的未定线索或客户。",
    ),
    Definition(
        "pool_recycled", "Recycled", "回收", "count", 0,
        en="Times in the period that one went from a rep to the public pool.",
        zh="本期从销售人员退回公海的次数。",
    ),
    Definition(
        "pool_claimed", "Claimed", "领取", "count", 0,
        en="Times in the period that a rep took one from the public pool.",
        zh="本期销售人员从公海领取的次数。",
    ),
    Definition(
        "pool_yield", "Yield", "产出率", "share", 1, n="pool_claimed",
        en="Of those claimed in the period, the leads converted, or accounts with a deal created, since, by the "
        "as-of date.",
        zh="本期领取的线索中此后转化、或客户中此后新建商机的占比（至所选日期）。",
    ),
    Definition(
        "pool_days", "Days held", "持有天数", "days", 0,
        en="Median days in the pool they left: of the recycled, days a rep had them; of the claimed, days in the "
        "public pool.",
        zh="离开所在池前的天数中位数：回收的为在私海的天数，领取的为在公海的天数。",
    ),
    Definition(
        "contested", "Contested accounts", "抢单客户", "count", -1,
        en="Accounts with an open deal on which two or more regions, neither lying in the other, have open deals or "
        "two-way contacts on 2 days of the last 90, unless Attention publishes others. The key-account director, "
        "fill-ins and collaboration do not contest.",
        zh="有在途商机，且两个或以上互不隶属的区域有在途商机或最近 90 天内有 2 天双向联系（以预警发布的数值为准）的客"
        "户；大客户总监、补位和业务协同不计。",
    ),
    Definition(
        "orphaned", "Orphaned accounts", "盲区客户", "count", -1,
        en="Accounts with an open deal, or one won in the last twelve months, whose owner left, moved away or is "
        "missing, or with which nobody completed an activity for 90 days, unless Attention publishes others.",
        zh="有在途商机或近 12 个月有赢单，但负责人已离职、调离或缺失，或 90 天（以预警发布的天数为准）内无人完成活动"
        "的客户。",
    ),
    Definition(
        "days_orphaned", "Days orphaned", "失管天数", "days", -1,
        en="Days since the reason that has held longest began.",
        zh="持续最久的原因至今的天数。",
    ),
    Definition(
        "scissors", "Scissors", "剪刀差", "number", 0,
        en="Cost, revenue and gross margin of the twelve months up to each quarter's end, 100 in the first. Alarm: "
        "cost grew faster than margin in three periods running.",
        zh="截至各季度末 12 个月的费用、销售额和毛利，以首期为 100；连续三期费用增长快于毛利即报警。",
    ),
)
