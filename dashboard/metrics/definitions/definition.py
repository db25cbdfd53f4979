"""What one number is: its key, its names and meaning in both languages, its unit, and which way is better."""

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
