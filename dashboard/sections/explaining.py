"""Explain this number: what a card shows, what that counts, of how many rows, how fresh it is, and what was asked."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.ask import sent_for
from dashboard.frame import behind, drawer, parts
from dashboard.frame.parts import Column, Explained, Opened
from dashboard.metrics.definitions import DEFINITIONS, Definition
from dashboard.sections import definitions, populations
from dashboard.sections.board import arranging
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning
from data_access.data.populations import POPULATIONS
from data_access.engine import Sent
from data_access.scope import Period, Scope

_MOST_STATEMENTS, _LONGEST_STATEMENT = 20, 24_000  # shown of what was sent; characters
_MONTHS = 13  # of a line, as the cards have it
_STAMP = 8  # characters of the version's stamp that tell it from every other of a database


def offer(scope: Scope) -> None:
    """The explanation, if a card of this page is to be explained, for this run's drawer."""
    found = parts.opened(drawer.EXPLAIN)
    if found is not None:
        parts.offer(found.card.label, lambda: _draw(found, scope), key="explained")


def _draw(found: Explained, scope: Scope) -> None:
    scope = found.own or scope
    card, form, definition = found.card, parts.formats(), DEFINITIONS.get(found.card.key)
    drawer.way_back()
    parts.face(card)
    parts.note(found.about)
    parts.heading(_("What it counts"))
    parts.say(card.help if definition is None else meaning(definition.key))
    if definition is not None:
        parts.note(definitions.declared(definition))
    _counted(found, definition, scope, form)
    parts.heading(_("How fresh it is"))
    shown = database.version()
    parts.note_version(shown)
    parts.note(_("Version of the facts: {stamp}").format(stamp=shown.state.facts[:_STAMP]))
    if definition is not None:
        _months(found if found.mark is None else _with_months(found, found.mark, scope), definition, scope)
    # Some answers compare with the whole company: who sees a part of it is not shown how that was asked.
    if found.asked is not None and scope.person.role != "manager" and scope.person.sees_everything:
        _statements(found)
    if definition is not None:
        definitions.way(definition.key)
    if found.mark is None:
        arranging.way(card.key, scope)


def _counted(found: Explained, definition: Definition | None, scope: Scope, form: Formats) -> None:
    """What is in it and what is not, as far as that is known, and the way to the rows."""
    card, is_known = found.card, definition is not None and definition.population in POPULATIONS
    if is_known or card.what:
        parts.heading(_("What is in it"))
    rows = behind.rows(scope, found.mark) if found.mark is not None else None
    if definition is not None and is_known:
        populations.draw(definition.population, scope, form, card.label, rows)
    elif found.mark is not None and rows is not None:
        parts.say(populations.how_many(behind.kind(found.mark), len(rows), form))
    if card.what:
        st.button(
            literal.markdown(card.action),
            key="explained_rows_open",
            type="tertiary",
            on_click=drawer.into,
            args=(found.row, card.key if found.mark is None else drawer.explained(found.row)),
        )


def _with_months(found: Explained, mark: Opened, scope: Scope) -> Explained:
    """The same with the line of the mark's months, made of the rows of a year; none of what is counted as of a day."""
    day, last = behind.day(mark), pd.Timestamp(scope.as_of).to_period("M")
    if day is None:
        return found
    months = pd.period_range(end=last, periods=_MONTHS, freq="M")
    year = Period(months[0].start_time.date(), last.end_time.date())
    rows = behind.rows(scope.but(period=year), mark)
    by = rows.groupby(pd.to_datetime(rows[day]).dt.to_period("M"))
    if DEFINITIONS[mark.number].unit == "money":
        values = by["amount"].sum(min_count=1).reindex(months, fill_value=0).astype("float64")  # of no deals 0
    else:
        values = by.size().reindex(months, fill_value=0).astype("float64")
    [reading] = found.card.readings
    trend = replace(reading, trend=tuple(values), is_partial=scope.as_of < year.end)
    return replace(found, card=replace(found.card, readings=(trend,)))


def _months(found: Explained, definition: Definition, scope: Scope) -> None:
    """The months of the card's line, as numbers."""
    readings = [reading for reading in found.card.readings if reading.trend]
    if all(is_missing(value) for reading in readings for value in reading.trend):
        return
    last = pd.Timestamp(scope.as_of).to_period("M")
    months = pd.period_range(end=last, periods=len(readings[0].trend), freq="M")
    rows = pd.DataFrame({"month": months.to_timestamp()} | {reading.name: list(reading.trend) for reading in readings})
    parts.heading(_("By month"))
    number = label(definition.key)  # a mark's own name may be that of one month
    columns = {reading.name: Column(reading.name or number, definition.unit) for reading in readings}
    parts.table(
        rows,
        {"month": Column(_("Month"), "month")} | columns,
        key="explained_months",
        height="content",
        width="content",
    )
    if readings[0].is_partial:
        parts.note(_("The last month is not over yet."))


def _statements(found: Explained) -> None:
    """What the database is asked for this number, asked anew once somebody looks: nothing that is kept will do."""
    box = st.expander(_("What the database is asked"), key="explained_statements", on_change="rerun")
    if not box.open or found.asked is None:
        return
    asked, key = found.asked, found.card.key
    sent = sent_for(lambda: asked(key))
    with box:
        for one in sent[:_MOST_STATEMENTS]:
            st.code(written(one), language="sql", wrap_lines=True)
        if len(sent) > _MOST_STATEMENTS:
            parts.note(_("The first {n} are shown.").format(n=parts.formats().count(_MOST_STATEMENTS)))


def written(sent: Sent) -> str:
    """A statement below the question it is of, above the values of its parameters."""
    values = "\n".join(f"-- :{name} = {value!r}" for name, value in sent.parameters.items())
    text = f"-- {sent.question}\n{sent.statement}\n{values}".strip()
    return text if len(text) <= _LONGEST_STATEMENT else f"{text[:_LONGEST_STATEMENT]} …"
