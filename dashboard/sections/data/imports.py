"""The imports: who, when, what, how many rows of which kind, and which of them can be undone."""

import streamlit as st

from dashboard.frame import parts, wording
from dashboard.frame.parts import Column
from dashboard.metrics.data import freshness as metrics
from dashboard.sections.data import words
from dashboard.sections.data.freshness import Loads
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of

_UNDO = "python -m dashboard import --undo"


def draw(found: Loads | None, form: Formats) -> None:
    """A table of them; nothing for who sees a part of the company."""
    if found is None:
        parts.nothing(_("Imports are of the whole company. Executives and directors of all regions see them."))
        return
    imports = metrics.imports(found.rows)
    parts.heading(
        one_of("{n} import: what did it change?", "{n} imports: what did each change?", len(imports)).format(
            n=form.count(len(imports))
        )
    )
    parts.table(
        imports.assign(
            when=imports["imported_at"].map(words.moment_in_table),
            by=imports["imported_by"].map(wording.who).replace("", None),
            source=imports["mapping"].map(words.source_name, na_action="ignore"),
            undone=imports["undone_at"].map(words.moment_in_table),
        ),
        {
            "when": Column(_("When")),
            "files": Column(_("Files")),
            "by": Column(_("By")),
            "rows_added": Column(_("Added"), "count"),
            "rows_changed": Column(_("Changed"), "count"),
            "rows_removed": Column(_("Removed"), "count"),
            "rows_rejected": Column(_("Rejected"), "count"),
            "rows_read": Column(_("Rows read"), "count"),
            **Column.each("source"),
            "undone": Column(_("Undone")),
        },
        key="data_imports",
        height=420,
        order=_("The latest first."),
    )
    last = imports[imports["is_last"] == 1]
    if last.empty:
        parts.note(_("No import can be undone now."))
        return
    moment = words.moment_in_table(last["imported_at"].iloc[0])
    parts.note(_("The import of {moment} can be undone. The command first says what goes:").format(moment=moment))
    st.code(_UNDO, language=None)
