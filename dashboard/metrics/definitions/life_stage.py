"""The evidence for the stage a rep is in. A year is the 12 months up to the as-of date; the period changes nothing."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "attainment_last_year", "Attainment, last 12 months", "近 12 个月达成率", "share", 1,
        en="Won amount ÷ target of the 12 months up to the as-of date. No target: no data.",
        zh="截至所选日期的 12 个月的赢单额 ÷ 目标。无目标即无数据。",
    ),
    Definition(
        "attainment_year_before", "Attainment, the 12 months before", "此前 12 个月达成率", "share", 1,
        en="Won amount ÷ target of the 12 months before those.",
        zh="再往前 12 个月的赢单额 ÷ 目标。",
    ),
    Definition(
        "repeat_share", "Repeat share", "老客户复购占比", "share", 1,
        en="Of the amount won in the last 12 months, the part from accounts that had given us a deal on an earlier "
        "day. Nothing won, or no account known: no data.",
        zh="近 12 个月赢单额中，来自此前已成交客户的比例。无赢单或客户不明即无数据。",
    ),
    Definition(
        "coverage_ahead", "Coverage of the next two quarters", "未来两季覆盖率", "ratio", 1,
        en="Open pipeline expected to close in the two fiscal quarters after the running one ÷ their target.",
        zh="预计在本季之后两个财季内成交的商机额 ÷ 这两季的目标。",
    ),
    Definition(
        "support_per_deal", "Support hours per open deal", "单个在途商机支撑工时", "number", 0,
        en="Support hours booked so far on the deals open as of the date ÷ these deals.",
        zh="截至日期在途商机累计预订的支撑工时 ÷ 在途商机数。",
    ),
    Definition(
        "support_to_median", "Support against the median", "支撑工时 ÷ 中位数", "ratio", 0,
        en="Support hours per open deal ÷ the median of the reps who are here and have open deals.",
        zh="单个在途商机支撑工时 ÷ 在职且有在途商机的销售的中位数。",
    ),
    Definition(
        "new_deals_received", "New opportunities received", "新分得商机数", "count", 0,
        en="Deals created in the last 12 months and owned by the rep at the end of the day of their creation. Not "
        "known where no deal has a creation date.",
        zh="近 12 个月创建、创建当日结束时归其负责的商机数。所有商机都没有创建日期时未知。",
    ),
    Definition(
        "new_deal_share", "Share of new opportunities", "新商机占比", "share", 0,
        en="New opportunities received ÷ those that anybody in the company received.",
        zh="新分得商机数 ÷ 全公司分出的新商机数。",
    ),
    Definition(
        "employed_months", "Months employed", "在职月数", "count", 0,
        en="Whole months from hiring to the as-of date, or to leaving.",
        zh="入职至所选日期（或离职日）的整月数。",
    ),
    Definition(
        "reps_compared", "Reps compared", "比较的销售人数", "count", 0,
        en="Reps who are here and have a target, an open deal or a new one in the last 12 months.",
        zh="在职，且近 12 个月有目标、在途商机或新商机的销售。",
    ),
    Definition(
        "new_deals_per_rep", "New opportunities per rep", "人均新商机数", "number", 0,
        en="New opportunities received in the last 12 months ÷ reps.",
        zh="近 12 个月新分得商机数 ÷ 人数。",
    ),
    Definition(
        "to_even", "New opportunities, against an even share", "新商机（相对均分）", "ratio", 0,
        en="New opportunities per rep ÷ those per rep of all reps compared; 1.0× is an even share.",
        zh="人均新商机数 ÷ 全部比较销售的人均数；1.0× 即均分。",
    ),
    Definition(
        "leads_per_rep", "Leads per rep", "人均线索数", "number", 0,
        en="Leads assigned in the last 12 months ÷ reps; a lead never assigned counts for its owner, when it was "
        "created.",
        zh="近 12 个月分配到人的线索数 ÷ 人数；从未分配的线索按创建日计入其负责人。",
    ),
    Definition(
        "key_per_rep", "Key accounts per rep", "人均大客户数", "number", 0,
        en="Key accounts owned or filled in for on the as-of date ÷ reps.",
        zh="截至日期负责或补位的大客户数 ÷ 人数。",
    ),
    Definition(
        "helped_per_rep", "Help across units per rep", "人均跨单元协同", "number", 0,
        en="Collaborations completed in the last 12 months on deals of another unit ÷ reps. A unit is a region "
        "directly below the root.",
        zh="近 12 个月在其他单元商机上完成的业务协同数 ÷ 人数。单元即根区域的直接下级区域。",
    ),
    Definition(
        "support_tilt", "Tilt of support", "支撑倾斜", "ratio", 0,
        en="Support hours per open deal of Building reps ÷ those of the others whose stage is known; with "
        "the 80 % interval of 2,000 draws over reps.",
        zh="温饱阶段销售的单个在途商机支撑工时 ÷ 其他已知阶段销售的该值；附按人抽样 2,000 次的 80% 区间。",
    ),
)
