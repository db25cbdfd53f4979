"""The reading copy, made beside the pages: in a process of its own, after all that people wait for."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from data_access.copies.worth import is_worthwhile
from data_access.engine import DATABASE_VARIABLE, Engine

_AFTER_OTHERS = 10  # at 19 a machine that is always busy would never make it
ROOT = Path(__file__).resolve().parent.parent.parent

_LONGEST = 1800.0  # seconds; what takes longer hangs, and the database answers, however slowly

_lock = threading.Lock()
_asked_for: dict[str, str] = {}  # per database the facts for whose copy a process was started, or none was worth it
_running: dict[str, subprocess.Popen] = {}
_since: dict[str, float] = {}


def is_made(database: Engine, url: str, facts: str) -> bool:
    """Whether a copy of these facts, or of such as were there a moment ago, is being made; begun here, once, where it
    is worth it. What its making says, it says in the server's log."""
    with _lock:
        running = _running.get(url)
        if running is not None and running.poll() is None:
            return time.monotonic() - _since[url] < _LONGEST
        if _asked_for.get(url) == facts:
            return False
        is_worth_it = is_worthwhile(database)
        _asked_for[url] = facts
        if is_worth_it:
            _since[url] = time.monotonic()
            _running[url] = subprocess.Popen(
                [sys.executable, "-m", "dashboard", "copy"],
                cwd=ROOT,
                env=os.environ | {DATABASE_VARIABLE: url},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            os.setpriority(os.PRIO_PROCESS, _running[url].pid, _AFTER_OTHERS)
        return is_worth_it
