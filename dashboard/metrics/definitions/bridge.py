"""The bars of the bridge. What is better is meant of a bar with its sign: below 0 where it takes from the pipeline."""

from .definition import Definition

# A table: names, unit and direction on one line, then the meaning in each language.
# fmt: off
DEFINITIONS = (
    Definition(
        "opening", "Opening pipeline", "期初", "money", 0, opens="opening",
        en="Pipeline at the end of the day before the period.",
        zh="期间前一日日终的在途商机金额。",
    ),
    Definition(
        "created", "Created", "新建", "money", 1, opens="created_bar",
        en="Amount at creation of the deals that appeared.",
        zh="期间内新出现的商机在创建时的金额。",
    ),
    Definition(
        "reopened", "Reopened", "重开", "money", 1, opens="reopened",
        en="Deals that were closed and opened again, with their amount after it.",
        zh="关单后重新打开的商机，按重开后的金额。",
    ),
    Definition(
        "amount_up", "Amount up", "金额上调", "money", 1, opens="amount_up",
        en="Open deals whose amount rose.",
        zh="在途商机金额的上调。",
    ),
    Definition(
        "amount_down", "Amount down", "金额下调", "money", 1, opens="amount_down",
        en="Open deals whose amount fell.",
        zh="在途商机金额的下调。",
    ),
    Definition(
        "moved_in", "Moved in", "转入", "money", 0, opens="moved_in",
        en="Open deals that came into view with a new owner or region.",
        zh="因负责人或区域变更而进入所选范围的在途商机。",
    ),
    Definition(
        "moved_out", "Moved out", "转出", "money", 0, opens="moved_out",
        en="Open deals that left the view with a new owner or region.",
        zh="因负责人或区域变更而离开所选范围的在途商机。",
    ),
    Definition(
        "won", "Won", "赢单", "money", -1, opens="won_bar",
        en="Open deals that were won. Counts every closing, so a deal won twice counts twice.",
        zh="转为赢单的在途商机；每次关单都计入。",
    ),
    Definition(
        "lost", "Lost", "丢单", "money", 1, opens="lost_bar",
        en="Open deals that were lost. Counts every closing.",
        zh="转为丢单的在途商机；每次关单都计入。",
    ),
    Definition(
        "left_out", "Left out", "剔除", "money", 0, opens="left_out",
        en="Open deals that closed as qualified out or duplicate.",
        zh="因主动放弃或重复而关单的商机。",
    ),
    Definition(
        "removed", "Removed", "移除", "money", 0, opens="removed",
        en="Open deals that their source no longer has.",
        zh="来源系统中已不存在的在途商机。",
    ),
    Definition(
        "closing", "Closing pipeline", "期末", "money", 0, opens="closing",
        en="Pipeline at the end of the period's last day, at the same exchange rates.",
        zh="期间最后一日日终的在途商机金额，按同一汇率。",
    ),
)
