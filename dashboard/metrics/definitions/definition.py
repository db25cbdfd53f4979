"""What one number is: its key, its names and meaning in both languages, its unit, and which way is better."""

from dataclasses import KW_ONLY, dataclass
from typing import Literal

Unit = Literal["money", "count", "share", "days", "money_per_day", "ratio", "number"]


@dataclass(frozen=True)
class Definition:
    """One number, declared once: whatever shows, reports or documents it reads this.

    key        its name in frames and reports; `reports.RENAMED` has what a report calls otherwise
    direction  which way is better: 1 up, -1 down, 0 neither
    en, zh     what it counts
    n          the number that says on how many cases it rests, by its key; empty: none does
    opens      the list of the deals behind it, by its name in `data_access.lists`; empty: there is none
    of         the rows it counts and leaves out, a name in `data_access.data.populations`; empty: those of `opens`
    """

    key: str
    label_en: str
    label_zh: str
    unit: Unit
    direction: Literal[1, 0, -1]
    _: KW_ONLY
    en: str
    zh: str
    n: str = ""
    opens: str = ""
    of: str = ""

    @property
    def population(self) -> str:
        return self.of or self.opens

    def label(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label_en

    def meaning(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en
