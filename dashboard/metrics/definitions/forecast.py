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
        zh="已赢单额，加在跟商机的金额 × 赢单概率之和，加以往在同样剩余天数内新建并赢单的平均金额。概率取最近 8 个已"
        "结束期间中，剩余天数相同、同管线、同类型、同阶段的商机到期末的赢单占比，另加 10 个按全公司占比计的虚拟商机。"
        "长于一个季度的期间分段预测（一年按季度）：每个在跟商机在每个未结束分段各有一个概率，取自以往提前同样多个分段时在跟的商机；尚未新建的商机同理。",
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
        zh="预测中期间的某一分段还将赢得的金额，含在跟商机和尚未新建的商机。已赢单额与各分段之和即为预测。",
    ),
    Definition(
        "mean_abs_error_share", "Forecast error", "预测误差", "share", 0,
        en="Σ |forecast − won| ÷ Σ won over past periods, each forecast so many weeks before its end from what was "
        "known then. Never pooled over the weeks.",
        zh="以往各期间在期末前若干周、仅凭当时所知作出的预测：Σ |预测 − 实际| ÷ Σ 实际。不同周数不合并。",
    ),
    Definition(
        "bias_share", "Forecast bias", "预测偏差", "share", 0,
        en="Σ (forecast − won) ÷ Σ won over past periods; above 0: forecast too high.",
        zh="以往各期间 Σ (预测 − 实际) ÷ Σ 实际；大于 0 表示预测偏高。",
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
)
