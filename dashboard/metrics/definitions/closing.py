"""What was won and lost."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "won_count",
        "Won deals",
        "赢单数",
        "count",
        "Deals whose closing, as it stands on the as-of date, is a win and lies in the period. "
        "Credited to the owner and region of the closing day.",
        "截至统计日，结案为赢单且结案日在期间内的商机数；归属结案当日的负责人和区域。",
        1,
    ),
    Definition(
        "won_amount",
        "Won",
        "赢单额",
        "money",
        "Amount of the deals won in the period, at the closing day's exchange rate.",
        "期间内赢单的金额，按结案当日汇率折算。",
        1,
    ),
    Definition(
        "lost_count",
        "Lost deals",
        "丢单数",
        "count",
        "Deals whose closing, as it stands on the as-of date, is a loss and lies in the period. "
        "Qualified-out and duplicate deals are left out.",
        "截至统计日，结案为丢单且结案日在期间内的商机数；主动放弃和重复的不计。",
        -1,
    ),
    Definition(
        "win_rate_count",
        "Win rate",
        "赢单率",
        "share",
        "Won ÷ (won + lost) among the deals closed in the period, by count. Open deals never enter.",
        "期间内结案的商机中，赢单数 ÷（赢单数 + 丢单数）；未结案的不计。",
        1,
    ),
    Definition(
        "win_rate_amount",
        "Win rate by value",
        "金额赢单率",
        "share",
        "Won amount ÷ (won + lost amount) of the deals closed in the period. No data while no lost deal has an amount.",
        "期间内结案的商机中，赢单额 ÷（赢单额 + 丢单额）；丢单没有金额时无数据。",
        1,
    ),
    Definition(
        "created_win_rate",
        "Win rate of created",
        "新建商机赢单率",
        "share",
        "Deals won by the as-of date ÷ all deals created in the period. Mature once the youngest has the age "
        "by which 95 % of won deals are won (cumulative incidence of three years, per pipeline and track).",
        "期间内新建的商机中，截至统计日已赢单的占比；最新商机的天数达到 95% 赢单所需"
        "的天数（近三年按流程与赛道的累积发生率）即成熟。",
        1,
    ),
    Definition(
        "mean_won_amount",
        "Mean won deal",
        "平均赢单额",
        "money",
        "Mean amount of the deals won in the period that have an amount.",
        "期间内有金额的赢单的平均金额。",
        1,
    ),
    Definition(
        "median_won_amount",
        "Median won deal",
        "赢单额中位数",
        "money",
        "Median amount of the deals won in the period that have an amount.",
        "期间内有金额的赢单的金额中位数。",
        1,
    ),
    Definition(
        "mean_cycle_days",
        "Mean sales cycle",
        "平均销售周期",
        "days",
        "Days from creation to closing of the deals won in the period, mean. "
        "Deals without a creation date are left out.",
        "期间内赢单从创建到结案的平均天数；没有创建日期的不计。",
        -1,
    ),
    Definition(
        "median_cycle_days",
        "Sales cycle",
        "销售周期",
        "days",
        "Days from creation to closing of the deals won in the period, median. "
        "Deals without a creation date are left out.",
        "期间内赢单从创建到结案的天数中位数；没有创建日期的不计。",
        -1,
    ),
    Definition(
        "cycle_p80_days",
        "Sales cycle, 80th percentile",
        "销售周期 80 分位",
        "days",
        "Four in five deals won in the period took at most this many days.",
        "期间内五分之四的赢单不超过这一天数。",
        -1,
    ),
)
