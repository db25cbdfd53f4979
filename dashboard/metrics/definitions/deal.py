"""One deal, as every list shows it."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "amount", "Amount", "金额", "money", 0,
        en="Of a deal, in base currency: as the number counts it that the list or group stands behind.",
        zh="商机金额（本位币），按其所属数字的口径。",
    ),
    Definition(
        "age_days", "Age", "商机年龄", "days", 0,
        en="Days from an open deal's creation to the as-of date.",
        zh="在途商机从创建到截至日期的天数。",
    ),
    Definition(
        "days_in_stage", "In stage", "本阶段停留", "days", -1,
        en="Days that an open deal has been in its stage up to the as-of date, all its stays there together, as the "
        "norm counts them.",
        zh="在途商机截至所选日期在当前阶段的天数，多次停留合计，与标准口径一致。",
    ),
    Definition(
        "target_days", "Target days", "目标天数", "days", 0,
        en="Days that a deal may take in its stage, as the organisation set them.",
        zh="组织为该阶段设定的目标天数。",
    ),
    Definition(
        "norm_days", "Norm", "标准", "days", 0,
        en="The stage's target days, else the 80th percentile of its own history.",
        zh="阶段目标天数，没有则取该阶段历史第 80 百分位。",
    ),
    Definition(
        "pushes", "Pushes", "推迟次数", "count", -1,
        en="Times that a deal's expected close was put off to a later day, by the as-of date.",
        zh="截至所选日期，预计关单日被推迟的次数。",
    ),
)
