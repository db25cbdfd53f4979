"""Frames as files for people."""

from io import BytesIO

import pandas as pd


def workbook(frame: pd.DataFrame, sheet: str) -> bytes:
    """An Excel workbook with the frame on one sheet. A text that begins with `=` stays a text, not a formula."""
    written = BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(written, engine="xlsxwriter", engine_kwargs=options) as writer:
        frame.to_excel(writer, sheet_name=sheet, index=False, freeze_panes=(1, 0))
        writer.sheets[sheet].autofit()
    return written.getvalue()
