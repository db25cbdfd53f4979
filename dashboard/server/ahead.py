"""What most people ask first, worked out before they do: after all else the machine has to do, in a process of its own.

The pages are opened as people open them, so that what is asked is what they ask, and what is found lies beside the
reading copy for all workers (`shared.py`). Without a copy nothing is.
"""

import atexit
import fcntl
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from data_access import organisation
from data_access.copies.files import folder_of
from data_access.copies.serving import copy_of, reading_copy
from data_access.database.versions import facts_stamp
from data_access.engine import DATABASE_VARIABLE, Engine, for_pages, question_seconds
from data_access.scope import Period, Person, Scope

from . import shared

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
_LAST_OF_ALL = 19
_REGIONS = 50  # the first ones of the tree: everybody else's are as many as there are districts
_LONGEST = 600.0  # seconds of one page
# The first page of all; the others in the order of what they cost.
_PAGES = ("overview", "pipeline", "forecast", "attention", "opportunities", "reps", "life_stage", "leads", "support")
_PERIODS = ("this_month", "this_half_year", "this_fiscal_year")  # beside the one that stands there

Opened = tuple[str, dict[str, str]]  # a page, and what its address says

_lock = threading.Lock()
_begun: dict[str, tuple[str, subprocess.Popen]] = {}  # per database for which facts
_serves = False


def begin_with_each_copy() -> None:
    """From here on this process, which serves, has it done whenever it finds a newer copy."""
    global _serves
    _serves = True


def begin(url: str, facts: str) -> None:
    """Has it done beside this process, once for these facts, if it serves."""
    with _lock:
        if not _serves or (url in _begun and _begun[url][0] == facts):
            return
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "ahead"],
            cwd=ROOT,
            env=os.environ | {DATABASE_VARIABLE: url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, _LAST_OF_ALL)
        atexit.register(process.terminate)
        _begun[url] = facts, process


def work_out(url: str, say: Callable[[str], None]) -> int:
    """Opens page by page until all are, the facts are others, or half of the room for answers is taken; gives how many
    it opened: none where another process is at it, has done it, or there is no copy."""
    database = for_pages(url)
    state = organisation.state(database)
    copied = reading_copy(database, state.facts, question_seconds(), entries=state.stamp)
    copy = None if copied is None else copy_of(copied)
    if copied is None or copy is None:
        return 0
    done = shared.place(copy, "ahead", f"{url} {min(state.days[1], state.now().date())}", (), {})
    with open(folder_of(database.url) / ".ahead", "w") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        if done.find() is not shared.MISSING:
            return 0
        number = 0
        for number, (page, address) in enumerate(asked_first(copied, state), 1):
            if facts_stamp(database) != state.facts or shared.is_half_full(copy):
                return number - 1
            say(f"{page} {address}")
            _open(page, address)
        done.keep(True)
        return number


def asked_first(database: Engine, state: organisation.State) -> Iterator[Opened]:
    """The company, then what managers open, then the regions that others choose; each page of all before the next."""
    day = state.days[1]
    everything = Scope(Person("executive"), Period(day, day), day, day)
    known = organisation.regions(database, everything).sort_values("depth", kind="stable")["region_id"].head(_REGIONS)
    addresses = [{}, *({"role": f"manager:{one}"} for one in known), *({"region": one} for one in known)]
    for page in _PAGES:
        for address in addresses:
            yield page, address
        if page == _PAGES[0]:
            yield from ((page, {"period": period}) for period in _PERIODS)


def _open(page: str, address: dict[str, str]) -> None:
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=_LONGEST)
    if page != _PAGES[0]:
        app.switch_page(str(ROOT / "pages" / f"{page}.py"))
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    for trouble in app.exception:
        log.warning("%s %s could not be worked out ahead: %s", page, address, trouble.message)
    st.cache_data.clear()  # it lies in files
