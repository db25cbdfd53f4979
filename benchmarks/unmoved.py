"""Whether a change moved a number: `python -m benchmarks.unmoved store FOLDER`, then `… compare BEFORE AFTER`.

`store` writes one JSON file per organisation (three seeds of the demo and three random ones from the tests) with
every `report`, every list behind a number and everything on every page: words, tables, and the data of each figure.
Each is asked of the company, of one region's manager, and as of a past day. `compare` names each place where two
such folders differ, and ends with code 1 where there is one. Run `store` in a checkout of before and in today's, on
the same day.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from dashboard.__main__ import REPORTS
from data_access import demo, organisation
from data_access.engine import DATABASE_VARIABLE, engine, provide
from data_access.migrations import upgrade
from tests.independent.product import load, run
from tests.independent.random import organisations

ROOT = Path(__file__).resolve().parent.parent
UNTIL = date(2026, 11, 21)
DEMO_SEEDS, RANDOM_SEEDS = (1, 2, 3), (1, 4, 8)
LISTS = (
    *("open", "coverage", "won", "lost", "closed", "created", "pipeline_created"),
    *("opening", "closing", "created_bar", "won_bar", "lost_bar"),
    *("reopened", "amount_up", "amount_down", "moved_in", "moved_out", "left_out"),
)
# What a page is made of, as AppTest names it; figures and tables are written with their data.
WRITTEN = ("title", "markdown", "caption", "warning", "error", "info", "success", "html")
PATIENCE = 600  # seconds for the first run of a page


def store(folder: Path) -> None:
    """All answers of all organisations, one JSON file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in _organisations():
        with TemporaryDirectory() as place:
            database = provide(f"sqlite:///{Path(place) / 'cockpit.db'}")
            upgrade(database)
            load(database, write(Path(place) / "files"), may_reject=tuple(organisations.HEADERS))
            answers = dict(_reports(database)) | dict(_pages(database))
        (folder / f"{name}.json").write_text(json.dumps(answers, indent=1, sort_keys=True, ensure_ascii=False))
        print(f"{name}: {len(answers)} answers", flush=True)


def compare(before: Path, after: Path) -> list[str]:
    """Where the answers of two folders differ: `organisation answer: before ≠ after`, the first difference of each."""
    found = []
    for name in sorted({file.name for folder in (before, after) for file in folder.glob("*.json")}):
        old, new = (json.loads((folder / name).read_text()) for folder in (before, after))
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                found.append(f"{name} {key}: {_first_difference(old.get(key), new.get(key))}")
    return found


def _organisations() -> Iterator[tuple[str, object]]:
    """Each organisation's name, and how its files are written into a folder."""
    for seed in DEMO_SEEDS:

        def write_demo(folder: Path, seed=seed) -> Path:
            demo.export(demo.generate("small", seed, UNTIL), folder)
            return folder

        yield f"demo-{seed}", write_demo
    for seed in RANDOM_SEEDS:
        yield f"random-{seed}", lambda folder, seed=seed: organisations.write(organisations.organisation(seed), folder)


def _views(database: sa.Engine) -> dict[str, list[str]]:
    """Who asks, and of which day, as arguments of `report`."""
    with database.connect() as connection:
        regions = connection.execute(sa.text("select region_id from region where parent_id is not null order by 1"))
        region = regions.scalars().first()
    state = organisation.state(database)
    past = date.fromordinal((state.first_day.toordinal() + state.last_day.toordinal()) // 2)
    year = ["--from", f"{state.last_day.year}-01-01", "--to", str(state.last_day)]
    return {
        "company": [],
        "year": year,
        "manager": [*year, "--role", f"manager:{region}"],
        "past": ["--from", f"{past.year}-01-01", "--to", str(past), "--as-of", str(past)],
    }


def _reports(database: sa.Engine) -> Iterator[tuple[str, object]]:
    for view, arguments in _views(database).items():
        asked = {name: [name] for name in REPORTS if name != "deals"}
        asked |= {f"deals {what}": ["deals", "--of", what] for what in LISTS}
        for name, words in asked.items():
            result = run(database, "report", *words, *arguments, "--format", "json")
            yield f"report {name} ({view})", json.loads(result.stdout) if result.exit_code == 0 else result.output


def _pages(database: sa.Engine) -> Iterator[tuple[str, object]]:
    os.environ[DATABASE_VARIABLE] = database.url.render_as_string(hide_password=False)
    for page in sorted((ROOT / "pages").glob("*.py")):
        app = AppTest.from_file(ROOT / "dashboard" / "main.py", default_timeout=PATIENCE)
        app.context = {"locale": "en-GB"}
        if page.stem != "overview":
            app.switch_page(f"../pages/{page.name}")
        yield f"page {page.stem}", list(_on_page(app.run()))
    engine(os.environ.pop(DATABASE_VARIABLE)).dispose()


def _on_page(app: AppTest) -> Iterator[object]:
    """Everything on a page, in the order of its kinds."""
    yield [error.message for error in app.exception]
    for kind in WRITTEN:
        yield [getattr(element, "value", None) or element.proto.body for element in app.get(kind)]
    for widget in ("selectbox", "multiselect", "button", "expander", "tab"):
        yield [element.label for element in app.get(widget)]
    for figure in app.get("plotly_chart"):
        yield json.loads(figure.proto.spec)["data"]
    for table in app.dataframe:
        text = table.value.to_csv()
        yield {"rows": len(table.value), "table": hashlib.sha256(text.encode()).hexdigest(), "begins": text[:400]}


def _first_difference(old: object, new: object, where: str = "") -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                return _first_difference(old.get(key), new.get(key), f"{where}.{key}")
    if isinstance(old, list) and isinstance(new, list):
        for place, (one, other) in enumerate(zip(old, new, strict=False)):
            if one != other:
                return _first_difference(one, other, f"{where}[{place}]")
        if len(old) != len(new):
            return f"{where} has {len(old)} ≠ {len(new)} entries"
    return f"{where} {str(old)[:120]} ≠ {str(new)[:120]}"


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "store":
        store(Path(sys.argv[2]))
    elif len(sys.argv) == 4 and sys.argv[1] == "compare":
        differences = compare(Path(sys.argv[2]), Path(sys.argv[3]))
        print("\n".join(differences) or "No number moved.")
        sys.exit(bool(differences))
    else:
        sys.exit(__doc__)
