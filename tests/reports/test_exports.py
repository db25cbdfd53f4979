"""What a person downloads: the frame's rows, and no live formula."""

from io import BytesIO

import pandas as pd

from dashboard.reports import exports


def test_a_workbook_holds_the_rows_and_no_formula():
    frame = pd.DataFrame({"deal": ["=1+1", "华信"], "amount": [12.5, None]})
    read = pd.read_excel(BytesIO(exports.workbook(frame, "won")), engine="calamine")
    assert read.to_dict("list")["deal"] == ["=1+1", "华信"]
    assert read["amount"].iloc[0] == 12.5 and pd.isna(read["amount"].iloc[1])
