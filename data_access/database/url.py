"""Which database is meant: of no weight, so that a command says what it can do before it loads what asks."""

import os
from pathlib import Path

DATABASE_VARIABLE = "DASHBOARD_DATABASE_URL"
DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parents[2] / '.data' / 'cockpit.db'}"


def database_url() -> str:
    """The environment's URL, else that of the embedded database beside the code."""
    return os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL
