"""The evidence for the stage a rep is in. A year is the 12 months up to the as-of date; the period changes nothing."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "attainment_last_year", "Attainment, last 12 months", "近 12 个月达成率", "share",
        "Won amount ÷ target of the 12 months up to the as-of date. No target: no data.",
        "截至统计日 12 个月的赢单额 ÷ 目标。无目标即无数据。",
        1,
    ),
    Definition(
        "attainment_year_before", "Attainment, the 12 months before", "此前 12 个月达成率", "share",
        "Won amount ÷ target of the 12 months before those.",
        "再往前 12 个月的赢单额 ÷ 目标。",
        1,
    ),
    Definition(
        "repeat_share", "Repeat share", "回头客占比", "share",
        "Of the amount won in the last 12 months, the part from accounts that had given us a deal on an earlier day. "
        "Nothing won, or no account known: no data.",
        "近 12 个月赢单额中，来自此前已成交客户的比例。无赢单或客户不明即无数据。",
        1,
    ),
    Definition(
        "coverage_ahead", "Coverage of the next two quarters", "未来两季覆盖率", "ratio",
        "Open pipeline expected to close in the two fiscal quarters after the running one ÷ their target.",
        "预计在本季之后两个财季内成交的商机额 ÷ 这两季的目标。",
        1,
    ),
    Definition(
        "support_per_deal", "Support hours per open deal", "单个在跟商机支撑工时", "number",
        "Support hours booked so far on the deals open as of the date ÷ these deals.",
        "统计日在跟商机累计预订的支撑工时 ÷ 在跟商机数。",
    ),
    Definition(
        "support_to_median", "Support against the median", "支撑工时 ÷ 中位数", "ratio",
        "Support hours per open deal ÷ the median of the reps who are here and have open deals.",
        "单个在跟商机支撑工时 ÷ 在职且有在跟商机的销售的中位数。",
    ),
    Definition(
        "new_deals_received", "New opportunities received", "新分得商机数", "count",
        "Deals created in the last 12 months and owned by the rep at the end of the day of their creation.",
        "近 12 个月创建、创建当日结束时归其负责的商机数。",
    ),
    Definition(
        "new_deal_share", "Share of new opportunities", "新商机占比", "share",
        "New opportunities received ÷ those that anybody in the company received.",
        "新分得商机数 ÷ 全公司分出的新商机数。",
    ),
    Definition(
        "employed_months", "Months employed", "在职月数", "count",
        "Whole months from hiring to the as-of date, or to leaving.",
        "入职至统计日（或离职日）的整月数。",
    ),
)
