"""What docs/security.md says was tried is tried: each of its lines names a test that there is."""

import re

from tests.browser_fixtures import ROOT


def test_every_attempt_names_a_test_that_there_is():
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    lines = re.findall(
        r"^\| (?!tried|---).*\| `(\w+)` \|$", (ROOT / "docs/security.md").read_text(encoding="utf-8"), re.M
    )
    assert len(lines) > 60 and set(lines) <= there
