"""A command of the product run for a page: what it changes and what it says are the same as at a terminal."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 900  # seconds


class Refused(Exception):
    """The command ended with a reason, which this is."""


def run(*arguments: str) -> str:
    """What `python -m dashboard …` writes, on the database of this server; Refused with its reason where it fails.

    The address of the database goes along in the environment: a command line can be read by everybody on the machine.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dashboard", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(f"It took longer than {LIMIT // 60} minutes and was ended; nothing of it was kept.") from late
    if done.returncode:
        raise Refused(done.stderr.strip())
    return done.stdout
