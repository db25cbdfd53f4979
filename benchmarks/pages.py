"""What each page costs the server: `python -m benchmarks.pages DATABASE_URL [CHECKOUT DATABASE_URL]`.

Opens every page of a database that is there already, each in a process of its own with nothing kept (of a reading copy
its files alone, without the answers beside it), then draws it again, and asks the Overview for a region that nobody has
asked for; two commands stand below. Processor seconds of all threads, since another program on the machine moves the
clock and hardly those; in the first line the machine, and what a fixed piece of numpy work takes there. With a checkout
of another version and a database in its schema, that one is opened in turns with this one, and how many times less it
costs here stands beside it, where it has the page. Writes the table of docs/performance.md.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from benchmarks.lab import fixed_work, seconds
from data_access.copies.files import FOLDER_VARIABLE, folder_of
from data_access.engine import DATABASE_VARIABLE, engine

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {"`--help`": ["--help"], "`report overview`": ["report", "overview", "--format", "json"]}
OF_A_REGION = "Overview, a region never asked"

# Run in the checkout that is measured, where nothing of this module is: `page region`.
OPEN = """
import json, logging, os, resource, sys, time
logging.disable(logging.WARNING)
from streamlit.testing.v1 import AppTest

page, region = sys.argv[1:]

def opened(**parameters):
    app = AppTest.from_file(os.path.abspath("dashboard/main.py"), default_timeout=3600)
    if page != "overview":
        app.switch_page(f"../pages/{page}.py")
    for name, value in parameters.items():
        app.query_params[name] = value
    return app

def seconds(app):
    began = time.process_time()
    app.run()
    assert not app.exception, app.exception
    return time.process_time() - began

app = opened()
found = {"first": seconds(app), "again": sorted(seconds(app) for _ in range(5))[2]}
if page == "overview":
    found["region"] = seconds(opened(region=region))
found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
"""


def measured(checkout: Path, url: str) -> Iterator[tuple[str, dict[str, float]]]:
    """By what was opened: first, again (processor seconds), peak (MB of the process); nothing of a page not there."""
    with engine(url).connect() as connection:
        region = connection.execute(sa.text("select max(region_id) from region where parent_id is not null")).scalar()
    for page in sorted((ROOT / "pages").glob("*.py"), key=lambda page: (page.stem != "overview", page.stem)):
        if not (checkout / "pages" / page.name).exists():
            yield _called(page), {}
            continue
        found = json.loads(_run(["-c", OPEN, page.stem, str(region)], checkout, url).splitlines()[-1])
        yield _called(page), found
        if "region" in found:
            yield OF_A_REGION, {"first": found["region"]}
    for name, words in COMMANDS.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _run(["-m", "dashboard", *words], checkout, url)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield name, {"first": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def _called(page: Path) -> str:
    return page.stem.replace("_", " ").capitalize()


def _run(words: list[str], checkout: Path, url: str) -> str:
    """What Python prints in a checkout, which may be another than this one, about a database."""
    environment = os.environ | {DATABASE_VARIABLE: url, "PYTHONPATH": str(checkout)}
    with _without_answers(url) as copies:
        environment[FOLDER_VARIABLE] = copies
        done = subprocess.run([sys.executable, *words], cwd=checkout, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{checkout.name}: {' '.join(words[:2])} ended with code {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def _without_answers(url: str) -> Iterator[str]:
    """A folder of copies with the files of this database's, if it has one, and nothing of what others have found."""
    with TemporaryDirectory() as place:
        there = folder_of(engine(url).url)
        here = Path(place) / there.name
        here.mkdir(mode=0o700)
        for file in there.glob("*"):
            if file.is_file():
                (here / file.name).symlink_to(file.resolve())
        yield place


def _row(name: str, found: dict[str, float], other: dict[str, float] | None) -> str:
    def told(of: dict[str, float], key: str, digits: int) -> str:
        return f"{of[key]:.{digits}f}" if key in of else "–"

    cells = [name, told(found, "first", 2), told(found, "again", 3), told(found, "peak", 0)]
    if other is not None:
        ratios = (
            f"{other[key] / found[key]:.1f} ×" if key in found and key in other else "–" for key in ("first", "again")
        )
        cells += [told(other, "first", 2), told(other, "again", 3), *ratios]
    return f"| {' | '.join(cells)} |"


def main(url: str, other_checkout: str | None = None, other_url: str | None = None) -> None:
    """The table, a row as soon as it is measured."""
    yardstick = sorted(seconds(fixed_work(), 5))[2]
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores; fixed work {1000 * yardstick:.0f} ms\n")
    heads = ["processor s", "first", "again", "peak MB"]
    others = None
    if other_checkout and other_url:
        heads += ["first before", "again before", "first: less", "again: less"]
        others = measured(Path(other_checkout).resolve(), other_url)
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for name, found in measured(ROOT, url):
        other = next(others)[1] if others else None
        print(_row(name, found, other), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
