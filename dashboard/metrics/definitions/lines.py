"""The lines of business beside the deals, in the few numbers that the Overview shows of each."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "key_account_count", "Key accounts", "大客户数", "count", 0,
        en="Accounts in view that are key on the as-of date, under the profile that holds.",
        zh="截至日期按当前有效方案属于大客户的所选区域客户数。",
    ),
    Definition(
        "key_won_amount", "Won from key accounts", "大客户赢单额", "money", 1,
        en="Amount of the deals won in the period, in scope, of accounts that are key on the as-of date.",
        zh="期间内赢单中，截至日期属于大客户的客户的合同额。",
    ),
    Definition(
        "key_won_share", "Key accounts' share of wins", "大客户赢单占比", "share", 0,
        en="Won from key accounts ÷ all that was won in the period, by amount. Who buys much is key for it too: the "
        "share says how much rests on them, not that they were well looked after.",
        zh="大客户赢单额 ÷ 期间全部赢单额。买得多本身也使其成为大客户：该占比说明对其依赖多大，不说明经营得好坏。",
    ),
    Definition(
        "key_closeness", "Closeness to key accounts", "大客户关系紧密度", "number", 1, n="key_closeness_count",
        en="0–10: the mean closeness of the key accounts in view that have one, on the as-of date.",
        zh="0–10 分：截至日期有紧密度的所选大客户的平均关系紧密度。",
    ),
    Definition(
        "key_closeness_count", "Key accounts with a closeness", "有紧密度的大客户数", "count", 1,
        en="Key accounts in view whose closeness is known: counted, and judged.",
        zh="统计与判断两半齐全、紧密度可知的所选大客户数。",
    ),
    Definition(
        "key_closeness_change", "Closeness, change in 90 days", "紧密度 90 天变化", "number", 1,
        en="Mean change of closeness against 90 days before the as-of date, of the key accounts that have one on both "
        "days: who is judged for the first time moves nothing.",
        zh="与截至日期前 90 天相比，两日均有紧密度的大客户的平均变化；首次判断的客户不影响该数。",
    ),
    Definition(
        "key_needs_gap", "Needs gap of key accounts", "大客户需求缺口", "money", -1,
        en="Sum over the key accounts in view of value of the need × (1 − capability ÷ 10), of the needs that hold on "
        "the as-of date, all windows.",
        zh="所选大客户截至日期有效需求（各时间窗）的需求金额 ×（1 − 满足能力 ÷ 10）之和。",
    ),
    Definition(
        "key_needs_count", "Key accounts with needs", "有需求记录的大客户数", "count", 1,
        en="Key accounts in view with a need assessed by the as-of date.",
        zh="截至所选日期评估过需求的所选大客户数。",
    ),
)
