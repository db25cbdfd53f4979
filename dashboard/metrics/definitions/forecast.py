"""What the period will bring, and how well that was known in the past."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "expected", "Forecast", "预测赢单额", "money", 1,
        en="Won so far, plus Σ amount × chance of the open deals, plus the mean amount that was both created and won "
        "within as many days. A deal's chance is the share won by the period's end among the deals of the last 8 "
        "ended periods in the same pipeline, track and stage with as many days left, plus 10 pseudo-deals at the "
        "whole company's rate. A period longer than a quarter is forecast in steps (a year in quarters): "
        "each open deal has a chance for each step that is not over, learnt from deals open as many steps before, and "
        "deals to come are learnt likewise.",
        zh="已赢单额，加在途商机的金额 × 赢单概率之和，加以往在同样剩余天数内新建并赢单的平均金额。概率取最近 8 个已"
        "结束期间中，剩余天数相同、同管线、同类型、同阶段的商机到期末的赢单占比，另加 10 个按全公司占比计的虚拟商机。"
        "长于一个季度的期间分段预测（一年按季度）：每个在途商机在每个未结束分段各有一个概率，取自以往提前同样多个分段时跟进中的商机；尚未新建的商机同理。",
    ),
    Definition(
        "low", "Low end of the forecast", "预测下限", "money", 1,
        en="The forecast's 80 % band: in one period of ten less is won. From the errors of past forecasts over as long "
        "a horizon, by Student's t; of a long period with fewer than 5 such, the bands of its steps are added.",
        zh="预测的 80 % 区间下限：十个期间中约有一个低于它。由以往同样跨度的预测误差按学生 t 分布得出；长期间不足 5 "
        "次时，各分段的区间相加。",
    ),
    Definition(
        "high", "High end of the forecast", "预测上限", "money", 1,
        en="The forecast's 80 % band: in one period of ten more is won.",
        zh="预测的 80 % 区间上限：十个期间中约有一个高于它。",
    ),
    Definition(
        "still_expected", "Still expected", "预计还将赢单", "money", 1,
        en="What the forecast still expects of one step of the period, from open deals and from deals to come. Won so "
        "far and that of all steps together are the forecast.",
        zh="预测中期间的某一分段还将赢得的金额，含在途商机和尚未新建的商机。已赢单额与各分段之和即为预测。",
    ),
    Definition(
        "mean_abs_error_share", "Forecast error", "预测误差", "share", 0,
        en="Σ |forecast − won| ÷ Σ won over past periods, each made n weeks before its end from what was "
        "known then. Never pooled over the weeks.",
        zh="以往各期间在期末前若干周、仅凭当时所知作出的预测：Σ |预测 − 实际| ÷ Σ 实际。不同周数不合并。",
    ),
    Definition(
        "bias_share", "Forecast bias", "预测偏差", "share", 0,
        en="Σ (forecast − won) ÷ Σ won over past periods; above 0: forecast too high.",
        zh="以往各期间 Σ (预测 − 实际) ÷ Σ 实际；大于 0 表示预测偏高。",
    ),
    Definition(
        "bias_low", "Low end of the bias", "偏差下限", "share", 0, n="periods",
        en="The bias's 80 % interval: it less as much as the spread of the periods' errors and their number leave "
        "open, by Student's t.",
        zh="预测偏差的 80 % 区间下限：由各期间误差的离散程度和期数按学生 t 分布得出。",
    ),
    Definition(
        "bias_high", "High end of the bias", "偏差上限", "share", 0, n="periods",
        en="The bias's 80 % interval: it and as much as the spread of the periods' errors and their number leave open.",
        zh="预测偏差的 80 % 区间上限：由各期间误差的离散程度和期数得出。",
    ),
    Definition(
        "bias_shrunk", "Believed part of the bias", "采信的偏差", "share", 0, n="periods",
        en="Bias × 0.01 ÷ (0.01 + s² ÷ n), n the past periods that do not overlap, forecast as many days before their "
        "ends as the as-of date is, s the spread of their errors in shares of the mean won.",
        zh="偏差 × 0.01 ÷ (0.01 + s² ÷ n)：n 为互不重叠、在期末前同样天数作出预测的以往期间数，"
        "s 为其误差（占平均赢单额）的标准差。",
    ),
    Definition(
        "corrected", "Corrected forecast", "修正后预测", "money", 1,
        en="Forecast ÷ (1 + believed part of the bias), and never less than won so far; beside the forecast, not in "
        "its place. Only where the bias's 80 % interval leaves out 0, of at least 6 past periods that do not overlap.",
        zh="预测 ÷ (1 + 采信的偏差)，不低于已赢单额；与预测并列，不替代预测。"
        "仅当至少有 6 个互不重叠的以往期间、且偏差的 80 % 区间不含 0 时给出。",
    ),
    Definition(
        "corrected_error_share", "Error, corrected", "修正后误差", "share", -1, n="periods",
        en="Forecast error of the past periods, had each been corrected by what the others show of the bias.",
        zh="以往各期间按其余期间所示偏差修正后的预测误差。",
    ),
    Definition(
        "periods", "Periods compared", "比较的期数", "count", 0,
        en="Ended periods of the same length that the forecast is compared with.",
        zh="用于比较预测的、同样长度的已结束期数。",
    ),
    Definition(
        "inside_band_share", "Inside band", "区间命中率", "share", 0, n="periods",
        en="Past periods whose won amount lay inside the 80 % band of their forecast ÷ all of them.",
        zh="实际赢单额落在当时预测的 80 % 区间内的以往期间 ÷ 全部以往期间。",
    ),
    Definition(
        "forecast_gap", "Gap to the target", "目标缺口", "money", -1,
        en="Target − forecast of the period; below 0 the forecast is higher than the target.",
        zh="期间目标 − 预测赢单额；小于 0 表示预测高于目标。",
    ),
    Definition(
        "win_chance", "Chance to be won", "期末前赢单概率", "share", 0,
        en="Of an open deal, to be won by the period's end: as the forecast has it, by pipeline, track and stage.",
        zh="在途商机到期末赢单的概率，与预测相同，按管线、类型和阶段。",
    ),
    Definition(
        "deciding_weight", "Deciding weight", "决定权重", "money", 0,
        en="Amount × chance × (1 − chance): how much the period's result depends on this open deal. Without an amount, "
        "or with a chance of 0 or 1: none.",
        zh="金额 × 概率 × (1 − 概率)：期间结果在多大程度上取决于该商机。没有金额、概率为 0 或 1 的商机没有权重。",
    ),
    Definition(
        "closing_deals", "Deals that close the gap", "补上缺口的商机数", "count", 0,
        en="The fewest open deals, from the heaviest on, whose amounts reach what is left of the target after won so "
        "far and all other wins expected, deals to come included; at most 5. 0: the forecast makes the target as it "
        "is. No number: not even 5 do, or there is no target.",
        zh="按权重从大到小，金额之和达到“目标 − 已赢单额 − 其余预期赢单额（含尚未新建的商机）”"
        "所需的最少商机数，最多 5 个。0：预测已达成目标；无数据：5 个也不够，或没有目标。",
    ),
    Definition(
        "closing_chance", "Chance that all are won", "全部赢单的概率", "share", 0,
        en="Of the deals that close the gap: the product of their chances, as if each were won or not whatever becomes "
        "of the others.",
        zh="补上缺口的各商机概率之积，假定各商机相互独立。",
    ),
    Definition(
        "amount_before", "Amount a week earlier", "一周前金额", "money", 0,
        en="Of a deal that was open seven days before the as-of date, at the rate of the as-of date.",
        zh="截至日期七天前跟进中的商机当时的金额，按截至日期汇率折算。",
    ),
    Definition(
        "commit_amount", "Commit", "承诺额", "money", 1,
        en="What a region, a rep or the whole company committed to win in the period: its own word, the newest; else "
        "what those right below it committed to together. Who said nothing counts as none, and is named.",
        zh="区域、销售或全公司承诺在期间内赢得的金额：以其本人最新填报为准；未填报时为其直接下级承诺额之和。"
        "未填报者按零计并列出姓名。",
    ),
    Definition(
        "commit_adjustment", "Adjustment", "调整额", "money", 0,
        en="How much more a unit committed to itself than those right below it did together; of the whole board: than "
        "its rows. No number where either said nothing.",
        zh="本级承诺额 − 其直接下级承诺额之和；对整表则为与各行之和的差。任一方未填报时无数据。",
    ),
    Definition(
        "forecast_difference", "Difference of the parts", "与各部分之差", "money", 0,
        en="Forecast of the whole − those of its parts together: each learns from its own past.",
        zh="整体预测 − 各部分预测之和：各自由自身历史得出。",
    ),
    Definition(
        "best_case_amount", "Best case", "最好情形", "money", 1,
        en="Won so far, and the amounts of all open deals that are expected to close in the period.",
        zh="已赢单额，加上预计在期间内关单的全部在途商机金额。",
    ),
    Definition(
        "needed_per_week", "Needed per week", "每周还需", "money", -1,
        en="What is left to win of the target ÷ the weeks left of the period; 0 where the target is made.",
        zh="目标余额 ÷ 期间剩余周数；已达成时为 0。",
    ),
)
