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
        "received_amount", "Received of what was won", "赢单已回款", "money", 1,
        en="Receipts up to the as-of date of the deals won in the period that have an amount.",
        zh="期间内有合同额的赢单截至所选日期的回款。",
    ),
    Definition(
        "collected_share", "Collected", "回款率", "share", 1,
        en="Received of what was won ÷ the amount won in the period.",
        zh="赢单已回款 ÷ 期间赢单额。",
    ),
    Definition(
        "overdue_amount", "Overdue", "逾期应收", "money", -1, n="overdue_count",
        en="What fell due before the as-of date and is not received by it, of deals in view: receipts of a deal, "
        "refunds taken off, pay its invoices in the order in which they fall due.",
        zh="所选商机在截至日期之前到期、截至所选日期尚未收到的金额；每个商机的回款（扣除退款）按到期先后冲抵其应收。",
    ),
    Definition(
        "overdue_count", "Overdue invoices", "逾期笔数", "count", -1,
        en="Invoices of deals in view that fell due before the as-of date and are not paid in full by it.",
        zh="所选商机在截至日期之前到期、截至所选日期未收齐的应收笔数。",
    ),
    Definition(
        "net_won_amount", "Net won", "净赢单额", "money", 1,
        en="Amount of the deals won in the period, less that of the renewals lost in it.",
        zh="期间内赢单额减去期间内丢失的续约金额。",
    ),
    Definition(
        "gross_margin_amount", "Gross margin", "毛利", "money", 1,
        en="Gross margin of the deals won in the period, at the closing day's exchange rate.",
        zh="期间内赢单的毛利，按关单当日汇率折算。",
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
        zh="一年前在约合同额中，截至日期仍在约的占比（不计增购）。",
    ),
    Definition(
        "net_retention", "Net retention (NRR)", "净留存率", "share", 1,
        en="Contract value running on the as-of date ÷ a year before, of the accounts that had any then.",
        zh="一年前在约的客户，截至日期在约合同额 ÷ 一年前在约合同额。",
    ),
)
