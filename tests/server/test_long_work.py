"""Work in a process of its own: its answer, its errors, its limit, and its end."""

import os
import time

import pytest

from dashboard.server import long_work
from tests.children import double, fails, sleeps


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_answer_comes_back_and_nothing_is_left():
    running = long_work.start(double, {"a": 21}, limit=60)
    assert running.answer() == {"a": 42}
    assert running.is_done() and not running.folder.exists()


def test_an_error_is_told_with_its_trace():
    running = long_work.start(fails, "no such plan", limit=60)
    with pytest.raises(long_work.Failed, match="LookupError: no such plan"):
        running.answer()
    assert not running.folder.exists()


def test_a_cancelled_process_is_gone():
    running = long_work.start(sleeps, 60, limit=60)
    assert not running.is_done() and is_alive(running.process.pid)
    running.cancel()
    assert not is_alive(running.process.pid) and not running.folder.exists()


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "looking"])
def test_the_limit_ends_it(waits):
    running = long_work.start(sleeps, 60, limit=0.5)
    with pytest.raises(long_work.TookTooLong):
        if waits:
            running.answer()
        while not running.is_done():
            time.sleep(0.05)
    assert not is_alive(running.process.pid) and not running.folder.exists()
