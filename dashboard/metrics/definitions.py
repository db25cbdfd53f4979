"""What every number means: one home, read by the pages, the reports, the exports and `docs/metrics.md`."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["money", "count", "share", "days", "money_per_day", "ratio", "number"]


@dataclass(frozen=True)
class Definition:
    """One number: its key in `report`, its name and meaning in both languages, and which way is better."""

    key: str
    label_en: str
    label_zh: str
    unit: Unit
    definition_en: str
    definition_zh: str
    direction: Literal[1, 0, -1] = 0

    def label(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label_en

    def definition(self, language: str) -> str:
        return self.definition_zh if language.startswith("zh") else self.definition_en


_ALL = (
    # --- closing ---
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
        "Deals won by the as-of date ÷ all deals created in the period. Young cohorts are immature.",
        "期间内新建的商机中，截至统计日已赢单的占比；较新的批次尚未成熟。",
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
    # --- flow ---
    Definition(
        "created_count",
        "Created deals",
        "新建商机数",
        "count",
        "Deals created in the period. Qualified-out and duplicate deals leave the count when they close.",
        "期间内新建的商机数；主动放弃和重复的商机结案后不再计入。",
        1,
    ),
    Definition(
        "pipeline_created_amount",
        "Pipeline created",
        "新增商机额",
        "money",
        "Amount at creation of the deals created in the period, whatever became of them.",
        "期间内新建商机在创建时的金额，不论后来如何。",
        1,
    ),
    Definition(
        "open_count",
        "Open deals",
        "在跟商机数",
        "count",
        "Deals open at the end of the as-of date.",
        "统计日日终未结案的商机数。",
    ),
    Definition(
        "open_amount",
        "Pipeline",
        "在跟商机额",
        "money",
        "Amount of the deals open at the end of the as-of date, at that day's exchange rate.",
        "统计日日终未结案商机的金额，按当日汇率折算。",
        1,
    ),
    Definition(
        "weighted_amount",
        "Weighted pipeline",
        "加权商机额",
        "money",
        "Sum of amount × the probability set for the deal's stage today.",
        "各商机金额 × 所处阶段现行概率之和。",
        1,
    ),
    Definition(
        "target_amount",
        "Target",
        "目标",
        "money",
        "Targets of the people and months in view; a month partly in the period counts by its days.",
        "所选人员和月份的目标；不足整月的按天计。",
    ),
    Definition(
        "attainment",
        "Attainment",
        "达成率",
        "share",
        "Won ÷ target of the same people and period.",
        "同一人员和期间的赢单额 ÷ 目标。",
        1,
    ),
    Definition(
        "pacing",
        "Pacing",
        "进度预估",
        "share",
        "Attainment ÷ the share usually won by this day of the period, from up to eight earlier ones "
        "(the calendar's share where there are fewer than two).",
        "达成率 ÷ 以往（最多八个）同类期间到这一天通常已完成的占比；不足两个时按日历。",
        1,
    ),
    Definition(
        "coverage",
        "Coverage",
        "商机覆盖倍数",
        "ratio",
        "Open pipeline expected to close in the rest of the period ÷ what is left to win of the target. "
        "Overdue deals are not in it.",
        "预计在本期剩余时间内结案的在跟商机额 ÷ 目标缺口；已过预计结案日的不计。",
        1,
    ),
    Definition(
        "needed_coverage",
        "Needed coverage",
        "所需覆盖倍数",
        "ratio",
        "1 ÷ win rate by value of the twelve months up to the as-of date: what it takes, not a rule of thumb.",
        "1 ÷ 截至统计日十二个月的金额赢单率：实际所需，而非经验值。",
    ),
    Definition(
        "velocity_per_day",
        "Sales velocity",
        "销售速度",
        "money_per_day",
        "Open deals × win rate × mean won deal ÷ mean won cycle: what the pipeline yields a day.",
        "在跟商机数 × 赢单率 × 平均赢单额 ÷ 平均销售周期：每天的产出。",
        1,
    ),
    # --- revenue ---
    Definition(
        "collected_amount",
        "Collected cash",
        "回款",
        "money",
        "Receipts of the period, of deals in view.",
        "期间内所选商机的回款。",
        1,
    ),
    Definition(
        "gross_margin_amount",
        "Gross margin",
        "毛利",
        "money",
        "Gross margin of the deals won in the period, at the closing day's exchange rate.",
        "期间内赢单的毛利，按结案当日汇率折算。",
        1,
    ),
    Definition(
        "repeat_purchase_rate",
        "Repeat purchase rate",
        "复购率",
        "share",
        "Of the accounts with a won deal in the twelve months before the last twelve, the share that "
        "won again in the last twelve.",
        "前一个十二个月有赢单的客户中，最近十二个月再次赢单的占比。",
        1,
    ),
    Definition(
        "gross_retention",
        "Gross retention (GRR)",
        "毛留存率",
        "share",
        "Of the contract value running a year before the as-of date, the share still under contract, increases aside.",
        "一年前在约合同额中，统计日仍在约的占比（不计增购）。",
        1,
    ),
    Definition(
        "net_retention",
        "Net retention (NRR)",
        "净留存率",
        "share",
        "Contract value running on the as-of date ÷ a year before, of the accounts that had any then.",
        "一年前在约的客户，统计日在约合同额 ÷ 一年前在约合同额。",
        1,
    ),
    # --- bridge ---
    Definition(
        "opening",
        "Opening pipeline",
        "期初",
        "money",
        "Pipeline at the end of the day before the period.",
        "期间前一日日终的在跟商机额。",
    ),
    Definition(
        "created",
        "Created",
        "新建",
        "money",
        "Amount at creation of the deals that appeared.",
        "期间内新出现的商机在创建时的金额。",
        1,
    ),
    Definition(
        "reopened",
        "Reopened",
        "重开",
        "money",
        "Deals that were closed and opened again, with their amount after it.",
        "结案后重新打开的商机，按重开后的金额。",
        1,
    ),
    Definition(
        "amount_up",
        "Amount up",
        "金额上调",
        "money",
        "Open deals whose amount rose.",
        "在跟商机金额的上调。",
        1,
    ),
    Definition(
        "amount_down",
        "Amount down",
        "金额下调",
        "money",
        "Open deals whose amount fell.",
        "在跟商机金额的下调。",
        1,
    ),
    Definition(
        "moved_in",
        "Moved in",
        "转入",
        "money",
        "Open deals that came into view with a new owner or region.",
        "因负责人或区域变更而进入所选范围的在跟商机。",
    ),
    Definition(
        "moved_out",
        "Moved out",
        "转出",
        "money",
        "Open deals that left the view with a new owner or region.",
        "因负责人或区域变更而离开所选范围的在跟商机。",
    ),
    Definition(
        "won",
        "Won",
        "赢单",
        "money",
        "Open deals that were won. Counts every closing, so a deal won twice counts twice.",
        "转为赢单的在跟商机；每次结案都计入。",
    ),
    Definition(
        "lost",
        "Lost",
        "丢单",
        "money",
        "Open deals that were lost. Counts every closing.",
        "转为丢单的在跟商机；每次结案都计入。",
        1,
    ),
    Definition(
        "left_out",
        "Left out",
        "剔除",
        "money",
        "Open deals that closed as qualified out or duplicate.",
        "因主动放弃或重复而结案的商机。",
    ),
    Definition(
        "closing",
        "Closing pipeline",
        "期末",
        "money",
        "Pipeline at the end of the period's last day, at the same exchange rates.",
        "期间最后一日日终的在跟商机额，按同一汇率。",
    ),
    # --- funnel ---
    Definition(
        "in_stage_now",
        "In stage now",
        "当前所在",
        "count",
        "Deals whose stage is this one as of the date: a stock, from which no conversion is computed.",
        "截至统计日正处于该阶段的商机：存量，不据此计算转化率。",
    ),
    Definition(
        "visited",
        "Visited",
        "曾进入",
        "count",
        "Deals that ever entered the stage.",
        "曾进入该阶段的商机。",
    ),
    Definition(
        "strict_path",
        "Strict path",
        "逐级经过",
        "count",
        "Deals that entered this stage and every earlier one, first entries in order.",
        "依次首次进入此前每个阶段并进入该阶段的商机。",
    ),
    Definition(
        "reached_at_least",
        "Reached at least",
        "至少到达",
        "count",
        "Deals whose furthest stage is this one or a later one: a skipped stage counts as passed.",
        "最远到达该阶段或更后阶段的商机：跳过的阶段视为已通过。",
    ),
    Definition(
        "step_entered",
        "Entered",
        "进入数",
        "count",
        "Deals that ever entered the stage.",
        "曾进入该阶段的商机。",
    ),
    Definition(
        "step_advanced",
        "Advanced",
        "推进数",
        "count",
        "Of those that entered, the deals that later reached a higher stage.",
        "进入后又到达更高阶段的商机。",
    ),
    Definition(
        "step_undecided",
        "Undecided",
        "未定数",
        "count",
        "Of those that entered, the deals that have not advanced and are still open at this stage or before.",
        "进入后尚未推进、且仍在该阶段或更早阶段的商机。",
    ),
    Definition(
        "median_days_in_stage",
        "Median days in stage",
        "阶段停留中位天数",
        "days",
        "Kaplan–Meier median of the days spent in the stage over all stays, open stays censored.",
        "在该阶段累计停留天数的 Kaplan–Meier 中位数，尚未离开的按删失处理。",
        -1,
    ),
    # --- key accounts ---
    Definition(
        "past_revenue", "Past revenue", "营业额", "number",
        "0–10: how many of the profile's ten cut points the amount won in the 12 months up to the as-of date reaches.",
        "0–10 分：截至统计日 12 个月的赢单额达到方案十个分界点中的几个。",
        1,
    ),
    Definition(
        "potential", "Potential", "潜力", "number",
        "0–10, as last assessed by the as-of date: what the account could buy.",
        "0–10 分，取统计日前最近一次评估：客户将来能买多少。",
        1,
    ),
    Definition(
        "reference_effect", "Reference effect", "示范作用", "number",
        "0–10, as last assessed by the as-of date: how much others follow this account.",
        "0–10 分，取统计日前最近一次评估：其他客户在多大程度上看它。",
        1,
    ),
    Definition(
        "winnability", "Winnability", "能赢能做", "number",
        "0–10, as last assessed by the as-of date: whether we can win it and deliver.",
        "0–10 分，取统计日前最近一次评估：我们能否赢下并做好。",
        1,
    ),
    Definition(
        "composite_score", "Composite score", "综合积分", "number",
        "Weighted mean of the four factor scores, 0–10. One factor missing: unscored, and not key.",
        "四个要素得分的加权平均，0–10 分；缺一个要素即未评分，不算大客户。",
        1,
    ),
    Definition(
        "rank_in_group", "Rank in group", "组内名次", "count",
        "Place by composite score among the scored accounts of the whole company's group; ties share the better.",
        "在全公司本组已评分客户中按综合积分的名次；同分取较前名次。",
        -1,
    ),
    Definition(
        "revenue_rank", "Rank by revenue", "营业额名次", "count",
        "Place by the amount won in the 12 months up to the as-of date among the group's scored accounts.",
        "在本组已评分客户中按截至统计日 12 个月赢单额的名次。",
        -1,
    ),
    Definition(
        "stability", "Stability", "稳定度", "share",
        "Share of 2,000 sets of weights drawn close to the profile's under which the account is key.",
        "在方案权重附近抽取 2,000 组权重，该客户为大客户的占比。",
        1,
    ),
    Definition(
        "tipping_weight", "Tipping weight", "临界权重", "share",
        "The nearest value of one factor's weight, the others rescaled, at which an account gains or loses its place.",
        "某一要素权重变动、其余按比例调整时，使该客户成为或不再是大客户的最近权重。",
    ),
    Definition(
        "rank_agreement", "Agreement of ranks", "排名一致度", "number",
        "Kendall's tau of two rankings over the accounts scored in both: 1 the same order, 0 unrelated, −1 reversed.",
        "两种排名在共同评分客户上的 Kendall τ：1 完全一致，0 无关，−1 完全相反。",
    ),
    Definition(
        "hit_rate", "Hit rate", "命中率", "share",
        "Of the accounts a profile would have picked a year ago, those among the equally many that won us most since.",
        "按方案在一年前会选出的客户中，此后赢单额进入同样数目前列者的占比。",
        1,
    ),
    Definition(
        "lift", "Lift", "提升倍数", "ratio",
        "Hit rate of the profile ÷ hit rate of as many accounts picked by revenue alone.",
        "方案命中率 ÷ 只按营业额选出同样数目客户的命中率。",
        1,
    ),
    Definition(
        "double_credit", "Credited twice", "双算", "money",
        "Won amount that people's views show under the owner and under the key-account director of the closing day. "
        "The company's total counts it once.",
        "在结案当日的负责人和大客户总监名下各计一次的赢单额；公司合计只计一次。",
    ),
    # --- one account ---
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

DEFINITIONS: dict[str, Definition] = {definition.key: definition for definition in _ALL}

_UNITS_IN_WORDS = {
    "money": "money, base currency",
    "count": "count",
    "share": "share, 0–1",
    "days": "days",
    "money_per_day": "money per day, base currency",
    "ratio": "times",
    "number": "number",
}


def as_markdown() -> str:
    """`docs/metrics.md`, whole: a test holds the file against it, `make docs` writes it."""
    lines = [
        "# What every number means",
        "",
        "Generated from `dashboard/metrics/definitions.py` by `make docs`; edit there. The conventions behind them",
        "(periods, as-of, history, money, credit) are in [conventions.md](conventions.md).",
        "",
        "| key | name | 名称 | unit | meaning | 定义 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{one.key}` | {one.label_en} | {one.label_zh} | {_UNITS_IN_WORDS[one.unit]} "
        f"| {one.definition_en} | {one.definition_zh} |"
        for one in _ALL
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
