"""What asks for attention: a rule each, with the threshold that holds until a director publishes another."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "leaks", "Leaks", "预警数", "count",
        "Lines of the leak list as of the date: neither muted nor dismissed.",
        "统计日的预警条数，不含静音和已搁置的。",
        -1,
    ),
    Definition(
        "value_at_risk", "Value at risk", "风险金额", "money",
        "Of a deal its amount, of an account its open pipeline or else what it brought in twelve months, of a region "
        "the pipeline that is missing. Empty where no amount or no exchange rate is known.",
        "商机为其金额；客户为其在跟商机额，没有则为近十二个月赢单额；区域为所缺的商机额。金额或汇率未知时为空。",
        -1,
    ),
    Definition(
        "leaking_deals_amount", "Open deals that leak", "有预警的在跟商机额", "money",
        "Amount of the open deals that break one rule or several, each deal counted once.",
        "触发任一规则的在跟商机金额，同一商机触发多条规则只计一次。",
        -1,
    ),
    Definition(
        "leak_days", "For how long", "持续天数", "days",
        "Days for which it has been so, the as-of date included: 1 on the first. Empty where nobody knows since when.",
        "该情况已持续的天数，含统计日当天，首日为 1；起始日未知时为空。",
        -1,
    ),
    Definition(
        "leak_stalled", "Stalled", "停滞", "money",
        "An open deal longer in its stage than the stage's norm: its target days, else the 80th percentile of its own "
        "history (muted where that rests on fewer than 10 deals). Days: those beyond the norm.",
        "在跟商机在当前阶段停留超过阶段标准：阶段目标天数，没有则取历史第 80 百分位（不足 10 个商机时静音）。"
        "天数为超出标准的天数。",
        -1,
    ),
    Definition(
        "leak_pushed", "Pushed again and again", "一再推迟", "money",
        "An open deal whose expected close was put off 3 times or more: the date is fiction. Days: since the third "
        "time.",
        "预计结案日已推迟 3 次及以上的在跟商机：该日期已不可信。天数自第三次推迟起算。",
        -1,
    ),
    Definition(
        "leak_no_next_step", "No next step", "无下一步", "money",
        "An open deal with no activity planned for the as-of date or later. Silent where no deal in view has one: next "
        "steps are not recorded then. Days: since the last one was done, dropped or missed, or since the creation.",
        "在跟商机在统计日及以后没有计划活动；若所有商机都没有，则视为未记录下一步，不预警。天数自上一个下一步完成、取消或过期起算，没有则自创建起算。",
        -1,
    ),
    Definition(
        "leak_overdue", "Past its close date", "已过预计结案日", "money",
        "An open deal whose expected close lies before the as-of date. Days: past that date.",
        "预计结案日早于统计日的在跟商机。天数为超过该日的天数。",
        -1,
    ),
    Definition(
        "leak_silent", "Silent key account", "大客户静默", "money",
        "A key account without a completed two-way activity for more than 60 days; none ever: since it was created. "
        "Days: those beyond the 60.",
        "超过 60 天没有已完成双向活动的大客户；从未有过的自建档日起算。天数为超出 60 天的天数。",
        -1,
    ),
    Definition(
        "leak_assessment_overdue", "Assessment overdue", "评估逾期", "money",
        "A key account with an assessment older than its rhythm: importance 183 days, needs 62, closeness 31. What was "
        "never assessed is not yet due. Days: those beyond the rhythm, of what is overdue longest.",
        "评估超过周期的大客户：重要度 183 天、需求 62 天、关系紧密度 31 天；从未评估的不算逾期。"
        "天数为逾期最久一项的超期天数。",
        -1,
    ),
    Definition(
        "leak_coverage", "Coverage below need", "覆盖不足", "money",
        "A region whose open pipeline expected to close in the rest of the fiscal quarter is less than what is left to "
        "win of its target × the coverage needed: 1 ÷ its win rate by value of twelve months, its tracks weighed as "
        "they stand in that pipeline (none there: the best of them). Muted under 10 closed deals.",
        "区域在本财季剩余时间内预计结案的在跟商机额低于目标缺口 × 所需覆盖倍数：1 ÷ 该区域近十二个月的金额赢单率，"
        "各业务线按其在该商机额中的占比加权（没有则取最高者）；结案商机不足 10 个时静音。",
        -1,
    ),
)
