"""Scoring and ranking key accounts."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "past_revenue", "Past revenue", "营业额", "number", 1,
        en="0–10: how many of the profile's ten cut points the amount won in the 12 months up to the as-of date "
        "reaches.",
        zh="0–10 分：截至所选日期的 12 个月的赢单额达到方案十个分界点中的几个。",
    ),
    Definition(
        "potential", "Potential", "潜力", "number", 1,
        en="0–10, as last assessed by the as-of date: what the account could buy.",
        zh="0–10 分，取截至日期前最近一次评估：客户将来能买多少。",
    ),
    Definition(
        "reference_effect", "Reference effect", "示范作用", "number", 1,
        en="0–10, as last assessed by the as-of date: how much others follow this account.",
        zh="0–10 分，取截至日期前最近一次评估：其他客户在多大程度上看它。",
    ),
    Definition(
        "winnability", "Winnability", "能赢能做", "number", 1,
        en="0–10, as last assessed by the as-of date: whether we can win it and deliver.",
        zh="0–10 分，取截至日期前最近一次评估：我们能否赢下并做好。",
    ),
    Definition(
        "composite_score", "Composite score", "综合积分", "number", 1,
        en="Weighted mean of the four factor scores, 0–10. One factor missing: unscored, and not key.",
        zh="四个要素得分的加权平均，0–10 分；缺一个要素即未评分，不算大客户。",
    ),
    Definition(
        "score_low", "Lowest score possible", "最低可能积分", "number", 1,
        en="The composite score if every missing factor were 0; of a scored account its score. An unscored account "
        "stands in the ranking by the middle of its lowest and highest, marked as provisional.",
        zh="缺少的要素都按 0 分计的综合积分；已评分客户即其积分。未评分客户按最低与最高的中点列入排名，标为暂定。",
    ),
    Definition(
        "score_high", "Highest score possible", "最高可能积分", "number", 1,
        en="The composite score if every missing factor were 10; of a scored account its score.",
        zh="缺少的要素都按 10 分计的综合积分；已评分客户即其积分。",
    ),
    Definition(
        "rank_in_group", "Rank in group", "组内名次", "count", -1,
        en="Place by composite score among the scored accounts of the whole company's group; ties share the better.",
        zh="在全公司本组已评分客户中按综合积分的名次；同分取较前名次。",
    ),
    Definition(
        "revenue_rank", "Rank by revenue", "营业额名次", "count", -1,
        en="Place by the amount won in the 12 months up to the as-of date among the group's scored accounts.",
        zh="在本组已评分客户中按截至所选日期的 12 个月赢单额的名次。",
    ),
    Definition(
        "stability", "Stability", "稳定度", "share", 1,
        en="Share of 2,000 sets of weights drawn close to the profile's under which the account is key.",
        zh="在方案权重附近抽取 2,000 组权重，该客户为大客户的占比。",
    ),
    Definition(
        "tipping_weight", "Tipping weight", "临界权重", "share", 0,
        en="The nearest value of one factor's weight, the others rescaled, at which an account gains or loses its "
        "place.",
        zh="某一要素权重变动、其余按比例调整时，使该客户成为或不再是大客户的最近权重。",
    ),
    Definition(
        "rank_agreement", "Agreement of ranks", "排名一致度", "number", 0,
        en="Kendall's tau of two rankings over the accounts scored in both: 1 the same order, 0 unrelated, −1 "
        "reversed.",
        zh="两种排名在共同评分客户上的 Kendall τ：1 完全一致，0 无关，−1 完全相反。",
    ),
    Definition(
        "hit_rate", "Hit rate", "命中率", "share", 1,
        en="Of the accounts a profile would have picked a year ago, those among the equally many that won us most "
        "since.",
        zh="按方案在一年前会选出的客户中，此后赢单额进入同样数目前列者的占比。",
    ),
    Definition(
        "lift", "Lift", "提升倍数", "ratio", 1,
        en="Hit rate of the profile ÷ hit rate of as many accounts picked by revenue alone.",
        zh="方案命中率 ÷ 只按营业额选出同样数目客户的命中率。",
    ),
    Definition(
        "picked_count", "Accounts picked", "选出客户数", "count", 0,
        en="The accounts that a profile would have made key a year ago.",
        zh="按方案在一年前会成为大客户的客户数。",
    ),
    Definition(
        "hit_rate_low", "Hit rate, low end", "命中率下限", "share", 0,
        en="The 80 % interval of the hit rate, over accounts drawn with replacement (bootstrap).",
        zh="命中率的 80 % 区间下限：对客户有放回抽样（自助法）。",
    ),
    Definition(
        "hit_rate_high", "Hit rate, high end", "命中率上限", "share", 0,
        en="The 80 % interval of the hit rate, over accounts drawn with replacement (bootstrap).",
        zh="命中率的 80 % 区间上限：对客户有放回抽样（自助法）。",
    ),
    Definition(
        "hit_rate_difference", "Difference of hit rates", "命中率之差", "share", 1,
        en="Hit rate of a draft − hit rate of the published profile, a year back.",
        zh="一年前回测中，草案命中率 − 已发布方案命中率。",
    ),
    Definition(
        "hit_rate_difference_low", "Difference, low end", "差值下限", "share", 0,
        en="The 80 % interval of the difference, both rates from the same draws of accounts. Where it holds 0, no "
        "difference is shown.",
        zh="差值的 80 % 区间下限，两个命中率出自同一次客户抽样；区间含 0 即未显示出差别。",
    ),
    Definition(
        "hit_rate_difference_high", "Difference, high end", "差值上限", "share", 0,
        en="The 80 % interval of the difference, both rates from the same draws of accounts. Where it holds 0, no "
        "difference is shown.",
        zh="差值的 80 % 区间上限，两个命中率出自同一次客户抽样；区间含 0 即未显示出差别。",
    ),
    Definition(
        "captured_share", "Share of wins", "赢单占比", "share", 1,
        en="What the accounts picked won us since ÷ what all accounts did.",
        zh="选出客户此后的赢单额 ÷ 全部客户此后的赢单额。",
    ),
    Definition(
        "captured_margin_share", "Share of margin", "毛利占比", "share", 1,
        en="The gross margin of what the accounts picked won us since ÷ that of all accounts.",
        zh="选出客户此后赢单的毛利 ÷ 全部客户此后赢单的毛利。",
    ),
    Definition(
        "won_since", "Won since", "此后赢单额", "money", 1,
        en="Amount won with an account in the 12 months up to the as-of date: the year after a back-test's day.",
        zh="截至所选日期的 12 个月与该客户的赢单额，即回测日之后的一年。",
    ),
    Definition(
        "double_credit", "Credited twice", "双算", "money", 0,
        en="Won amount that people's views show under the owner and under the key-account director of the closing "
        "day. The company's total counts it once.",
        zh="在关单当日的负责人和大客户总监名下各计一次的赢单额；公司合计只计一次。",
    ),
)
