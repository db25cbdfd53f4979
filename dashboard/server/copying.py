"""The reading copy, made beside the pages: in a process of its own, after all that people wait for."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from data_access.copies.worth import is_worthwhile
from data_access.engine import DATABASE_VARIABLE, Engine

_AFTER_OTHERS = 10  # at 19 a machine that is always busy would never make it
ROOT = Path(__file__).resolve().parent.parent.parent

_lock = threading.Lock()
_asked_for: dict[str, str] = {}  # per database the facts for whose copy a process was started, or none was worth it
_running: dict[str, subprocess.Popen] = {}


def start(database: Engine, url: str, facts: str) -> None:
    """Have a copy of these facts made, once, where it is worth it. What it says, it says in the server's log."""
    with _lock:
        running = _running.get(url)
        if _asked_for.get(url) == facts or (running is not None and running.poll() is None):
            return
        is_worth_it = is_worthwhile(database)
        _asked_for[url] = facts
        if is_worth_it:
            _running[url] = subprocess.Popen(
                [sys.executable, "-m", "dashboard", "copy"],
                cwd=ROOT,
                env=os.environ | {DATABASE_VARIABLE: url},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            os.setpriority(os.PRIO_PROCESS, _running[url].pid, _AFTER_OTHERS)
