"""The declarations of all numbers, by area: found by words of either language, with the pages that show each."""

from pathlib import Path

import streamlit as st

from dashboard.frame import bar, drawer, parts
from dashboard.frame.filters import TEXT
from dashboard.metrics.definitions import DEFINITIONS, SUBJECTS, Definition
from dashboard.metrics.definitions.reports import reported_as
from dashboard.words import language
from dashboard.words.language import _, label, meaning
from data_access.database.limits import LONGEST_NAME
from data_access.search import fold

DEFINITION = "definition"  # what the drawer calls one of them
_FIELD = "definitions_text"  # the field's own key
PER_PAGE = 10  # so that a page keeps its height, on a phone too
# Where a number of a report stands, by the report's name.
SHOWN_ON = {
    "overview": "overview",
    "funnel": "pipeline",
    "bridge": "pipeline",
    "deals": "pipeline",
    "key-accounts": "key_accounts",
    "allocation": "allocation",
    "opportunities": "opportunities",
    "support": "support",
    "reps": "reps",
    "activity": "reps",
    "attention": "attention",
    "leads": "leads",
    "forecast": "forecast",
    "deciding": "overview",
    "board": "forecast",
}
# The area of each subject, and the page that shows what no report holds.
_SUBJECTS = {
    "closing": ("today", "overview"),
    "flow": ("today", "overview"),
    "revenue": ("today", "overview"),
    "lines": ("today", "overview"),
    "attention": ("today", "attention"),
    "forecast": ("pipeline", "forecast"),
    "bridge": ("pipeline", "pipeline"),
    "funnel": ("pipeline", "pipeline"),
    "opportunities": ("pipeline", "opportunities"),
    "deal": ("pipeline", "pipeline"),
    "leads": ("pipeline", "leads"),
    "key_accounts": ("accounts", "key_accounts"),
    "one_account": ("accounts", "account"),
    "reps": ("team", "reps"),
    "life_stage": ("team", "life_stage"),
    "support": ("support", "support"),
    "allocation": ("support", "allocation"),
}
_OF = {
    definition.key: _SUBJECTS[subject.__name__.rpartition(".")[2]]
    for subject in SUBJECTS
    for definition in subject.DEFINITIONS
}
_PAGES = Path(__file__).resolve().parent.parent.parent / "pages"


def pages_of(key: str) -> list[str]:
    """The pages that show a number: those of the reports that hold it, else that of its subject."""
    reports = [place.partition(".")[0].partition(" ")[0] for place in reported_as(key)]
    return list(dict.fromkeys(SHOWN_ON[report] for report in reports)) or [_OF[key][1]]


def found(area: str, text: str = "") -> list[Definition]:
    """Those of an area, in their order; of all areas those with every word of a text, in either language."""
    words = fold(text).split()
    if not words:
        return [definition for key, definition in DEFINITIONS.items() if _OF[key][0] == area]
    said = {key: fold(" ".join((key, one.label_en, one.label_zh, one.en, one.zh))) for key, one in DEFINITIONS.items()}
    return [definition for key, definition in DEFINITIONS.items() if all(word in said[key] for word in words)]


def verdict() -> str:
    return _("{n} numbers, each declared once.").format(n=parts.formats().count(len(DEFINITIONS)))


def asked() -> str:
    """The text that numbers are looked for by, as the address has it."""
    st.session_state[_FIELD] = (st.session_state.get(TEXT) or "")[:LONGEST_NAME]
    return st.text_input(
        _("Part of a name or meaning"),
        type="search",
        key=_FIELD,
        max_chars=LONGEST_NAME,
        placeholder=_("Part of a name or meaning"),
        on_change=lambda: st.session_state.update({TEXT: st.session_state[_FIELD].strip() or None}),
    ).strip()


def listed(area: str, text: str) -> None:
    """The declarations of an area, or with a text, some at a time; and the one that is open."""
    hits = found(area, text)
    if text:
        parts.note(_("{n} of {all} numbers").format(n=len(hits), all=len(DEFINITIONS)))
    if not hits:
        parts.nothing(_("No number has this in its name or meaning."))
    count = -(-len(hits) // PER_PAGE)
    with st.container(key="definitions"):
        place = st.container()
        number = st.pagination(count, key=f"definitions_page_{area}_{text}") if count > 1 else 1
        with place:
            for one in hits[(number - 1) * PER_PAGE : number * PER_PAGE]:
                _draw(one, f"listed_{one.key}")
    key = drawer.at(DEFINITION)
    if key in DEFINITIONS:
        parts.offer(label(key), lambda: _draw(DEFINITIONS[key], f"opened_{key}"), key="definition_opened")


def declared(definition: Definition) -> str:
    """What else is declared of a number, in words: its unit, which way is better, and what says of how many it is."""
    said = [_("Unit: {unit}").format(unit=unit_name(definition.unit))]
    if definition.direction:
        said.append(_("more is better") if definition.direction > 0 else _("less is better"))
    if definition.n:
        said.append(_("n: {name}").format(name=label(definition.n)))
    return " · ".join(said)


def unit_name(unit: str) -> str:
    return {
        "money": _("money ({currency})").format(currency=parts.formats().money_unit),
        "count": _("a count"),
        "share": _("a share"),
        "days": _("days"),
        "money_per_day": _("money per day ({currency})").format(currency=parts.formats().money_unit),
        "ratio": _("times"),
        "number": _("a number"),
    }[unit]


def way(key: str) -> None:
    """The way to the declaration of a number."""
    st.page_link(
        _PAGES / "definitions.py",
        label=_("All definitions"),
        query_params=bar.address_of("definitions") | {drawer.OPEN: f"{DEFINITION}:{key}"},
        width="content",
    )


def _draw(definition: Definition, key: str) -> None:
    """One declaration: its name in both languages, unit, meaning, and the pages that show it."""
    other = definition.label_en if language.current() != "en" else definition.label_zh
    with st.container(key=key, gap="xxsmall"):
        parts.heading(label(definition.key), about=f"{other} · {declared(definition)}")
        parts.say(meaning(definition.key))
        with st.container(horizontal=True, gap="xsmall"):
            for page in pages_of(definition.key):
                st.page_link(_PAGES / f"{page}.py", query_params=bar.address_of(page), width="content")
