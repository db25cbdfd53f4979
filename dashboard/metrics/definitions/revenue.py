"""What comes after the win."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "collected_amount", "Collected cash", "回款", "money", 1,
        en="Receipts of the period, of deals in view.",
        zh="期间内所选商机的回款。",
    ),
    Definition(
        "gross_margin_amount", "Gross margin", "毛利", "money", 1,
        en="Gross margin of the deals won in the period, at the closing day's exchange rate.",
        zh="期间内赢单的毛利，按结案当日汇率折算。",
    ),
    Definition(
        "repeat_purchase_rate", "Repeat purchase rate", "复购率", "share", 1,
        en="Of the accounts with a won deal in the twelve months before the last twelve, the share that won again in "
        "the last twelve.",
        zh="前一个十二个月有赢单的客户中，最近十二个月再次赢单的占比。",
    ),
    Definition(
        "gross_retention", "Gross retention (GRR)", "毛留存率", "share", 1,
        en="Of the contract value running a year before the as-of date, the share still under contract, increases "
        "aside.",
        zh="一年前在约合同额中，统计日仍在约的占比（不计增购）。",
    ),
    Definition(
        "net_retention", "Net retention (NRR)", "净留存率", "share", 1,
        en="Contract value running on the as-of date ÷ a year before, of the accounts that had any then.",
        zh="一年前在约的客户，统计日在约合同额 ÷ 一年前在约合同额。",
    ),
)
