"""Columns that all tables call the same."""

import re
from pathlib import Path

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.words.fields import fields

ROOT = Path(__file__).resolve().parent.parent.parent


def test_none_is_a_defined_number():
    assert not fields().keys() & DEFINITIONS.keys()


def test_a_table_does_not_say_again_what_is_said_there():
    said = {
        f'"{name}": Column(_("{label}")' + ("" if unit == "text" else f', "{unit}"') + ")"
        for name, (label, unit) in fields().items()
    }
    again = [
        f"{file.name}: {written}"
        for file in (ROOT / "dashboard").rglob("*.py")
        for written in re.findall(r'"\w+": Column\(_\("[^"]*"\)(?:, "\w+")?\)', file.read_text())
        if written in said
    ]
    assert again == []
