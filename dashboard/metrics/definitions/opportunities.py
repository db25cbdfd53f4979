"""What a deal is worth, and how it opened."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "short_term", "Short-term value", "短期价值", "number", 1,
        en="0–10: the mean of the latest answers about one-off revenue and quota effect by the as-of date; one "
        "missing: no data.",
        zh="0–10 分：截至日期前对一次性收入、当期业绩贡献两问最近回答的平均；缺一问即无数据。",
    ),
    Definition(
        "long_term", "Long-term value", "长期价值", "number", 1,
        en="0–10: the mean of the latest answers about follow-on business, brand and morale by the as-of date; one "
        "missing: no data.",
        zh="0–10 分：截至日期前对后续业务、品牌标杆、团队士气三问最近回答的平均；缺一问即无数据。",
    ),
    Definition(
        "opening_win_rate", "Past win rate of the opening", "该开局的历史赢单率", "share", 1,
        en="Won ÷ (won + lost) of the deals closed by the as-of date whose last opening dated before their closing "
        "day was this one. Qualified-out and duplicate deals aside; per track.",
        zh="截至所选日期已关单、关单日前最近一次开局为该格的商机中：赢单 ÷（赢单 + 丢单）；主动放弃和重复的不计，分项目"
        "类型。",
    ),
    Definition(
        "loss_share", "Share of losses", "占丢单比例", "share", -1,
        en="Lost deals of one reason ÷ all deals lost in the period; qualified-out and duplicate ones are none.",
        zh="某一原因的丢单数 ÷ 本期全部丢单数；主动放弃和重复的不计。",
    ),
    Definition(
        "hours_saved", "Hours saved by qualifying out", "主动放弃省下的工时", "number", 1,
        en="Qualified-out deals of the period × (support hours booked per lost deal − per qualified-out deal). No "
        "booking, or no lost deal: no data.",
        zh="本期主动放弃的商机数 ×（每个丢单的支撑工时 − 每个主动放弃的支撑工时）。没有排期或没有丢单：无数据。",
    ),
    Definition(
        "key_action_win_rate", "Win rate by key action", "关键动作的赢单率", "share", 1,
        en="Won ÷ (won + lost) of the closed deals whose first stay in the stage went beyond its median day, apart for "
        "those that had the key action done from entering it to that day and those that had not. A difference is named "
        "where all actions together pass Benjamini–Hochberg at 10 %, with ten deals or more on either side. Per track.",
        zh="首次停留超过该阶段中位天数的已关单商机：赢单 ÷（赢单 + 丢单），按进入阶段至中位日之间"
        "是否做过该动作分开。全部动作一并通过 Benjamini–Hochberg（10%）且两边各不少于 10 个，才称有差异；分项目类型。",
    ),
)
