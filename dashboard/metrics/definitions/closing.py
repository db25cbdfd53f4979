"""What was won and lost."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "won_count", "Won deals", "赢单数", "count", 1, opens="won",
        en="Deals whose closing, as it stands on the as-of date, is a win and lies in the period. Credited to the "
        "owner and region of the closing day.",
        zh="截至所选日期，关单为赢单且关单日在期间内的商机数；归属关单当日的负责人和区域。",
    ),
    Definition(
        "won_amount", "Won", "赢单额", "money", 1, n="won_count", opens="won",
        en="Amount of the deals won in the period, at the closing day's exchange rate.",
        zh="期间内赢单的金额，按关单当日汇率折算。",
    ),
    Definition(
        "lost_count", "Lost deals", "丢单数", "count", -1, opens="lost",
        en="Deals whose closing, as it stands on the as-of date, is a loss and lies in the period. Qualified-out and "
        "duplicate deals are left out.",
        zh="截至所选日期，关单为丢单且关单日在期间内的商机数；主动放弃和重复的不计。",
    ),
    Definition(
        "closed_count", "Decided deals", "已决商机数", "count", 0, opens="closed",
        en="Won and lost deals together.",
        zh="赢单数 + 丢单数。",
    ),
    Definition(
        "win_rate_count", "Win rate", "赢单率", "share", 1, n="closed_count", opens="closed",
        en="Won ÷ (won + lost) among the deals closed in the period, by count. Open deals never enter.",
        zh="期间内关单的商机中，赢单数 ÷（赢单数 + 丢单数）；未关单的不计。",
    ),
    Definition(
        "win_rate_amount", "Win rate by value", "金额赢单率", "share", 1, opens="closed",
        en="Won amount ÷ (won + lost amount) of the deals closed in the period. No data while no lost deal has an "
        "amount.",
        zh="期间内关单的商机中，赢单额 ÷（赢单额 + 丢单额）；丢单没有金额时无数据。",
    ),
    Definition(
        "created_win_rate", "Win rate of created", "新建商机赢单率", "share", 1, of="created",
        en="Deals won by the as-of date ÷ all deals created in the period. Mature once the youngest has the age by "
        "which 95 % of won deals are won (cumulative incidence of three years, per pipeline and track).",
        zh="期间内新建的商机中，截至所选日期已赢单的占比；最新商机的天数达到 95% 赢单所需的天数"
        "（近三年按销售流程与项目类型的累积发生率）即成熟。",
    ),
    Definition(
        "mean_won_amount", "Mean won deal", "平均赢单额", "money", 1, n="won_count", opens="won",
        en="Mean amount of the deals won in the period that have an amount.",
        zh="期间内有金额的赢单的平均金额。",
    ),
    Definition(
        "median_won_amount", "Median won deal", "赢单额中位数", "money", 1, n="won_count", opens="won",
        en="Median amount of the deals won in the period that have an amount.",
        zh="期间内有金额的赢单的金额中位数。",
    ),
    Definition(
        "mean_cycle_days", "Mean sales cycle", "平均销售周期", "days", -1, n="n_cycles", opens="won",
        en="Days from creation to closing of the deals won in the period, mean. Deals without a creation date are "
        "left out.",
        zh="期间内赢单从创建到关单的平均天数；没有创建日期的不计。",
    ),
    Definition(
        "median_cycle_days", "Sales cycle", "销售周期", "days", -1, n="n_cycles", opens="won",
        en="Days from creation to closing of the deals won in the period, median. Deals without a creation date are "
        "left out.",
        zh="期间内赢单从创建到关单的天数中位数；没有创建日期的不计。",
    ),
    Definition(
        "cycle_p80_days", "Sales cycle, 80th percentile", "销售周期 80 分位", "days", -1, n="n_cycles", opens="won",
        en="Four in five deals won in the period took at most this many days.",
        zh="期间内五分之四的赢单不超过这一天数。",
    ),
    Definition(
        "n_cycles", "Deals with a cycle", "有周期的赢单数", "count", 0,
        en="Deals won in the period whose creation date is known.",
        zh="期间内赢单且有创建日期的商机数。",
    ),
)
