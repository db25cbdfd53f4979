"""The layers hold: who may import whom (README, «The layers»)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN = {
    "data_access": {"streamlit", "plotly", "dashboard"},
    "dashboard/metrics": {"streamlit", "plotly", "sqlalchemy", "data_access"},
    "dashboard/answers": {"streamlit", "plotly", "sqlalchemy"},
    "dashboard/figures": {"streamlit", "sqlalchemy", "data_access"},
    "pages": {"sqlalchemy", "data_access", "pages"},
}


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def test_a_module_imports_only_what_its_layer_may():
    found = [
        (str(path.relative_to(ROOT)), wrongly)
        for folder, forbidden in FORBIDDEN.items()
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (wrongly := imported(path) & forbidden)
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["pages", "dashboard"])
def test_only_data_access_knows_sql(folder):
    knowing = [p.name for p in (ROOT / folder).rglob("*.py") if "sqlalchemy" in imported(p)]
    assert knowing == []


def test_nothing_pure_reads_a_clock():
    for path in (ROOT / "dashboard" / "metrics").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ".today(" not in text and ".now(" not in text, path.name
