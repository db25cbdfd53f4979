"""What is known of one account."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "closeness", "Closeness", "关系紧密度", "number", 1,
        en="0–10: the mean of the counted and the judged half; either missing: no data. Where nobody judged it, the "
        "counted half is shown as what it is.",
        zh="0–10 分：统计与判断两半的平均；缺一半即无数据。无人判断时，统计部分单独显示。",
    ),
    Definition(
        "closeness_counted", "Counted half", "统计部分", "number", 1,
        en="0–10: the mean of breadth, seniority, two-way contact and recency over the last 90 days.",
        zh="0–10 分：最近 90 天广度、层级、双向互动、近期性四项的平均。",
    ),
    Definition(
        "closeness_judged", "Judged half", "判断部分", "number", 1,
        en="0–10, as last judged by the as-of date.",
        zh="0–10 分，取截至日期前最近一次判断。",
    ),
    Definition(
        "contact_breadth", "Breadth", "广度", "number", 1,
        en="Twice the distinct contacts of the activities completed in the last 90 days, at most 10.",
        zh="最近 90 天已完成活动涉及的联系人数 × 2，最高 10 分。",
    ),
    Definition(
        "contact_seniority", "Seniority", "层级", "number", 1,
        en="Twice the highest seniority (1–5) among those contacts.",
        zh="上述联系人中最高层级（1–5）× 2。",
    ),
    Definition(
        "two_way_contact", "Two-way contact", "双向互动", "number", 1,
        en="Completed two-way activities of the last 90 days, at most 10.",
        zh="最近 90 天已完成的双向活动数，最高 10 分。",
    ),
    Definition(
        "recency", "Recency", "近期性", "number", 1,
        en="10 less one point for every nine days since the last completed two-way activity, at least 0.",
        zh="10 分，距最近一次已完成双向活动每满 9 天扣 1 分，最低 0 分。",
    ),
    Definition(
        "silence_days", "Silence", "静默天数", "days", -1,
        en="Days from the last completed two-way activity to the as-of date.",
        zh="最近一次已完成双向活动至所选日期的天数。",
    ),
    Definition(
        "need_value", "Value of the need", "需求金额", "money", 0,
        en="What the account is expected to need, as last assessed by the as-of date.",
        zh="预计客户的需求金额，取截至日期前最近一次评估。",
    ),
    Definition(
        "need_capability", "Capability", "满足能力", "number", 1,
        en="0–10: how well we could meet the need, as last assessed by the as-of date.",
        zh="0–10 分：我们满足该需求的能力，取截至日期前最近一次评估。",
    ),
    Definition(
        "need_gap", "Gap", "缺口", "money", -1,
        en="Value of the need × (1 − capability ÷ 10).",
        zh="需求金额 ×（1 − 满足能力 ÷ 10）。",
    ),
    Definition(
        "need_expected", "Within our reach", "可满足额", "money", 1,
        en="Value of the need × capability ÷ 10.",
        zh="需求金额 × 满足能力 ÷ 10。",
    ),
    Definition(
        "share_of_wallet", "Share of wallet", "钱包份额", "share", 1,
        en="Our part of what the account bought from all suppliers, by amount.",
        zh="客户向全部供应商的采购额中我方所占比例。",
    ),
)
