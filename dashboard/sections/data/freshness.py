"""How fresh the facts are: per source for who sees the whole company, and of what one sees for everybody."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.data import freshness as answers
from dashboard.ask import answer_of, own_of
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.data import freshness as metrics
from dashboard.sections.data import words
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.data import loads
from data_access.scope import Scope


@dataclass(frozen=True)
class Loads:
    """What was loaded (`loads.imported`), and how the last attempts ended (`loads.attempts`)."""

    rows: pd.DataFrame
    attempts: pd.DataFrame


def loaded(scope: Scope) -> Loads | None:
    """None for who sees a part of the company."""
    if not scope.person.sees_everything:
        return None
    return Loads(own_of(loads.imported, scope), own_of(loads.attempts, scope))


def of(found: Loads | None) -> metrics.Freshness:
    """How fresh the facts are."""
    state = database.state()
    when = None if state.loaded is None else state.there(state.loaded)
    fresh = metrics.Freshness(state.days[1], when, database.today())
    if found is None:
        return fresh
    failed = found.attempts[found.attempts["failure"].notna()].sort_values("tried_at", ascending=False)
    held = found.rows[found.rows["undone_at"].isna()]
    last = held[held["imported_at"] == held["imported_at"].max()]
    return fresh._replace(
        failed=next(iter(failed["way"]), None),
        read=int(last["rows_read"].sum()),
        rejected=int(last["rows_rejected"].sum()),
    )


def draw(found: Loads | None, scope: Scope, form: Formats) -> None:
    """Why a source failed, each source, each table as it was last loaded, and the newest day of what one sees."""
    if found is not None:
        sources = metrics.sources(found.attempts, found.rows)
        _failures(sources)
        _sources(sources)
        _tables(metrics.tables(found.rows))
    newest = answer_of(answers.newest, scope)
    parts.heading(_("How new is what you see?"), about=_("Of your regions, up to the last day of the data."))
    parts.table(
        newest.assign(name=newest["what"].map(words.newest_name)),
        {
            "name": Column(_("What")),
            "newest_on": Column(_("Newest day"), "date"),
            "age_days": Column(_("Before the last day"), "days"),
        },
        key="data_newest",
        height="content",
    )


def _failures(sources: pd.DataFrame) -> None:
    for one in sources[sources["has_failed"]].itertuples():
        told = _("The {way} of {source} failed ({moment}). It changed no number. Why:")
        parts.notice(
            told.format(
                way=words.way_name(one.way),
                source=words.source_name(one.mapping),
                moment=words.moment_in_table(one.tried_at),
            )
        )
        st.code(one.failure, language=None, wrap_lines=True)


def _sources(sources: pd.DataFrame) -> None:
    states = {True: _("failed"), False: _("succeeded")}
    parts.heading(_("Which sources are up to date?"))
    parts.table(
        sources.assign(
            source=sources["mapping"].map(words.source_name),
            way_name=sources["way"].map(words.way_name, na_action="ignore"),
            state=sources["has_failed"].map(states),
            tried=sources["tried_at"].map(words.moment_in_table),
            loaded=sources["loaded_at"].map(words.moment_in_table),
        ),
        {
            **Column.each("source"),
            "way_name": Column(_("Way")),
            "state": Column(_("Last attempt"), badges={states[True]: "overload", states[False]: "won"}),
            "tried": Column(_("Tried")),
            "loaded": Column(_("Loaded")),
            "newest_on": Column(_("Newest day"), "date"),
            "rows_rejected": Column(_("Rejected"), "count"),
            "rows_read": Column(_("Rows read"), "count"),
        },
        key="data_sources",
        height="content",
        order=_("Failed ones first, then the latest tried."),
    )


def _tables(tables: pd.DataFrame) -> None:
    parts.heading(_("What did each table bring last?"))
    parts.table(
        tables.assign(
            source=tables["mapping"].map(words.source_name), loaded=tables["imported_at"].map(words.moment_in_table)
        ),
        {
            "table_name": Column(_("Table")),
            "rows_read": Column(_("Rows read"), "count"),
            "rows_rejected": Column(_("Rejected"), "count"),
            "newest_on": Column(_("Newest day"), "date"),
            "loaded": Column(_("Loaded")),
            **Column.each("source"),
        },
        key="data_tables",
        height=330,
        order=_("The latest first."),
    )
