"""What is known of one account."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "closeness", "Closeness", "关系紧密度", "number",
        "0–10: the mean of the counted and the judged half; either missing: no data.",
        "0–10 分：统计与判断两半的平均；缺一半即无数据。",
        1,
    ),
    Definition(
        "closeness_counted", "Counted half", "统计部分", "number",
        "0–10: the mean of breadth, seniority, two-way contact and recency over the last 90 days.",
        "0–10 分：最近 90 天广度、层级、双向互动、近期性四项的平均。",
        1,
    ),
    Definition(
        "closeness_judged", "Judged half", "判断部分", "number",
        "0–10, as last judged by the as-of date.",
        "0–10 分，取统计日前最近一次判断。",
        1,
    ),
    Definition(
        "contact_breadth", "Breadth", "广度", "number",
        "Twice the distinct contacts of the activities completed in the last 90 days, at most 10.",
        "最近 90 天已完成活动涉及的联系人数 × 2，最高 10 分。",
        1,
    ),
    Definition(
        "contact_seniority", "Seniority", "层级", "number",
        "Twice the highest seniority (1–5) among those contacts.",
        "上述联系人中最高层级（1–5）× 2。",
        1,
    ),
    Definition(
        "two_way_contact", "Two-way contact", "双向互动", "number",
        "Completed two-way activities of the last 90 days, at most 10.",
        "最近 90 天已完成的双向活动数，最高 10 分。",
        1,
    ),
    Definition(
        "recency", "Recency", "近期性", "number",
        "10 less one point for every nine days since the last completed two-way activity, at least 0.",
        "10 分，距最近一次已完成双向活动每满 9 天扣 1 分，最低 0 分。",
        1,
    ),
    Definition(
        "silence_days", "Silence", "静默天数", "days",
        "Days from the last completed two-way activity to the as-of date.",
        "最近一次已完成双向活动至统计日的天数。",
        -1,
    ),
    Definition(
        "need_value", "Value of the need", "需求金额", "money",
        "What the account is expected to need, as last assessed by the as-of date.",
        "预计客户的需求金额，取统计日前最近一次评估。",
    ),
    Definition(
        "need_capability", "Capability", "满足能力", "number",
        "0–10: how well we could meet the need, as last assessed by the as-of date.",
        "0–10 分：我们满足该需求的能力，取统计日前最近一次评估。",
        1,
    ),
    Definition(
        "need_gap", "Gap", "缺口", "money",
        "Value of the need × (1 − capability ÷ 10).",
        "需求金额 ×（1 − 满足能力 ÷ 10）。",
        -1,
    ),
    Definition(
        "need_expected", "Within our reach", "可满足额", "money",
        "Value of the need × capability ÷ 10.",
        "需求金额 × 满足能力 ÷ 10。",
        1,
    ),
    Definition(
        "share_of_wallet", "Share of wallet", "钱包份额", "share",
        "Our part of what the account bought from all suppliers, by amount.",
        "客户向全部供应商的采购额中我方所占比例。",
        1,
    ),
)
