"""An organisation whose every free text wants to be something else: markup, a link, a formula, a template.

It is a part of the demo organisation, so that every page has something to show. A text stays the same wherever it
stands, so that what refers to another row still does.
"""

import re
from datetime import datetime
from pathlib import Path
from zlib import crc32

import pandas as pd
import sqlalchemy as sa

from dashboard.answers.attention.limits import KIND
from dashboard.metrics.attention.rules import DEFAULTS
from data_access import organisation, profiles
from data_access.attention import dismissals, handovers
from data_access.forecast import commits
from data_access.schema import CONTRACT
from data_access.scope import Period, Person
from tests.independent import product

NOW = datetime(2026, 11, 21, 18)  # the last day of the demo
MARKER = "zq"  # in every hostile text, and nowhere else
# What each surface would make something else of: Plotly and HTML, Markdown and what Streamlit adds to it, templates,
# formulas, and characters that turn the direction of what follows.
_BEGINNINGS = ("", "=1+", "+", "-2+", "@", "# ", "- ", "1. ", "> ", "<b>", "\u202e", "=HYPERLINK(")
_ENDS = (
    '<a href="https://zq.example">zq</a>',
    "<b>zq</b> <img src=zq> &lt;zq&gt; &amp;",
    "<script>zq()</script><br>zq",
    "[zq](https://zq.example) ![zq](zq.png)",
    "*zq* _zq_ **zq** ~~zq~~ `zq`",
    ":red[zq] :small[zq] :material/home: :streamlit: :smile: zq",
    "$zq^2$ | zq | \\zq",
    "https://zq.example/a www.zq.example zq@zq.example",
    "%{x} %{customdata[0]} {name} {} %s zq",
    "zq -> a <- b -- c <-> d >= e zq",
    "\u202ezq\u202c \u2066zq \u200f(zq)",
    "\ufdd1'zq' \"zq\"\ufdd2 zq\ufdd0zq",
)
# Read by the product as what they are, or joined with words of the contract.
_NOT_FREE = ("currency", "metric", "subject_kind", "kind")
# Key, its table, and how few are kept: one in so many. What is about one that is gone goes with it.
_KEPT = (
    ("account_id", "account", 6),
    ("opportunity_id", "opportunity", 3),
    ("lead_id", "lead", 20),
    ("contact_id", "contact", 1),
    ("activity_id", "activity", 8),
)


def hostile(text: str) -> str:
    """This text made hostile, the same way each time."""
    number = crc32(text.encode())
    beginning, end = _BEGINNINGS[number % len(_BEGINNINGS)], _ENDS[number // 16 % len(_ENDS)]
    return f"{beginning}{text} {end}"


def write(demo: Path, folder: Path) -> Path:
    """A part of the demo's files, its free texts made hostile."""
    folder.mkdir()
    frames = {file.stem: pd.read_csv(file, dtype=str) for file in sorted(demo.glob("*.csv"))}
    gone = _gone(frames)
    for name, frame in frames.items():
        frame = _without(frame, gone)
        for column in CONTRACT[name].columns:
            if column.name in frame and _is_free(column):
                frame = frame.assign(**{column.name: frame[column.name].map(_of(column.name), na_action="ignore")})
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def load(database: sa.Engine, folder: Path) -> None:
    """The folder's rows, all of them, and what people type on forms: reasons, and under whose name."""
    loaded = product.run(database, "import", str(folder))
    assert loaded.exit_code == 0 and "Rejected" not in loaded.output, loaded.output
    organisation.set_setting(database, "organisation", hostile("Organisation"))
    person = Person("director", name=hostile("Director"))
    profiles.publish(database, person, KIND, dict(DEFAULTS), hostile("Rules"), based_on=0, at=NOW)
    attention = product.report(database, "attention", [])
    worst, *_ = attention["rows"]
    line = [worst[part] for part in ("rule", "subject_kind", "subject_id")]
    dismissals.dismiss(database, person, *line, hostile("Dismissed"), NOW.date(), at=NOW)
    given = next(one for one in attention["lines"] if one["owner_id"])
    handovers.give(
        database, person, given["subject_kind"], given["subject_id"], given["owner_id"], NOW.date(), hostile("Given"),
        rules=given["rules"].split(), value_at_risk=None, seen_on=NOW.date(), at=NOW,
    )  # fmt: skip
    quarter = Period(NOW.date().replace(month=10, day=1), NOW.date().replace(month=12, day=31))
    commits.commit(database, Person("executive", name=person.name), quarter, 100_000_00, at=NOW)


def texts(folder: Path) -> set[str]:
    """Every hostile text of the folder and the forms, as it was typed."""
    found = {hostile(one) for one in ("Organisation", "Director", "Rules", "Dismissed", "Given")}
    for file in folder.glob("*.csv"):
        frame = pd.read_csv(file, dtype=str)
        for name in frame:
            cells = frame[name].dropna().unique()
            found |= {part for cell in cells for part in (cell, *cell.split(";")) if MARKER in part}
    return found


def _gone(frames: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """The keys left out, by column."""
    gone: dict[str, set[str]] = {}
    for key, table, each in _KEPT:
        every = set(frames[table][key])
        kept = set(_without(frames[table], gone)[key])
        gone[key] = every - {one for one in kept if int(re.sub(r"\D", "", one)) % each == 0}
    gone["subject_id"] = gone["account_id"] | gone["lead_id"]
    return gone


def _without(frame: pd.DataFrame, gone: dict[str, set[str]]) -> pd.DataFrame:
    for key in gone.keys() & set(frame):
        frame = frame[~frame[key].isin(gone[key])]
    return frame


def _is_free(column) -> bool:
    return column.info["form"] == "text" and "choices" not in column.info and column.name not in _NOT_FREE


def _of(column: str):
    if column == "skills":  # several in a cell
        return lambda cell: ";".join(map(hostile, cell.split(";")))
    return lambda cell: cell if cell == "us" else hostile(cell)  # `us` is ourselves among the suppliers
