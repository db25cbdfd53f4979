"""What a deal is worth, and how it opened."""

from .definition import Definition

DEFINITIONS = (
    Definition(
        "short_term", "Short-term value", "短期价值", "number",
        "0–10: the mean of the latest answers about one-off revenue and quota effect by the as-of date; one missing: "
        "no data.",
        "0–10 分：统计日前对一次性收入、当期业绩贡献两问最近回答的平均；缺一问即无数据。",
        1,
    ),
    Definition(
        "long_term", "Long-term value", "长期价值", "number",
        "0–10: the mean of the latest answers about follow-on business, brand and morale by the as-of date; one "
        "missing: no data.",
        "0–10 分：统计日前对后续业务、品牌标杆、团队士气三问最近回答的平均；缺一问即无数据。",
        1,
    ),
    Definition(
        "opening_win_rate", "Past win rate of the opening", "该开局的历史赢单率", "share",
        "Won ÷ (won + lost) of the deals closed by the as-of date whose last opening dated before their closing day "
        "was this one. Qualified-out and duplicate deals aside; per track.",
        "截至统计日已结案、结案日前最近一次开局为该格的商机中：赢单 ÷（赢单 + 丢单）；主动放弃和重复的不计，分赛道。",
        1,
    ),
)
