"""What a page draws again is kept, or written in a shorter way: the same as if it were not."""

import importlib
import inspect
import pkgutil

import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboard import figures
from dashboard.figures import style
from dashboard.figures.kept import kept
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats


@kept
def _bars(numbers: pd.DataFrame, *, title: str) -> go.Figure:
    return go.Figure(go.Bar(y=numbers["n"]), {"title": title})


def test_a_figure_is_drawn_once_for_the_same_numbers_and_words():
    numbers = pd.DataFrame({"n": [1, 2], "who": ["王磊", None]})
    once = _bars(numbers, title="a")
    assert _bars(numbers.copy(), title="a") is once
    assert _bars(numbers, title="b") is not once
    other = _bars(numbers.assign(n=[1, 3]), title="a")
    assert list(other.data[0].y) == [1, 3] and list(once.data[0].y) == [1, 2]


def test_a_function_among_what_is_shown_is_refused():
    with pytest.raises(Exception, match="pickle"):
        _bars(pd.DataFrame({"n": [1]}), title=lambda: "a")


def test_every_figure_is_kept():
    drawn, not_kept = 0, []
    for module in pkgutil.walk_packages(figures.__path__, "dashboard.figures."):
        if not module.ispkg and module.name.count(".") == 3:
            for name, what in vars(importlib.import_module(module.name)).items():
                if inspect.isfunction(what) and what.__module__ == module.name and not name.startswith("_"):
                    drawn += inspect.signature(what).return_annotation is go.Figure
                    if inspect.signature(what).return_annotation is go.Figure and not hasattr(what, "__wrapped__"):
                        not_kept.append(f"{module.name}.{name}")
    assert drawn > 40 and not not_kept


def _shown(styler) -> list[list[str]]:
    """What a table shows, cell by cell, as Streamlit sends it to the browser."""
    sent = ArrowData()
    marshall_styler(sent, styler, "key")
    return pa.ipc.open_stream(sent.styler.display_values).read_pandas().to_numpy().tolist()


@given(
    st.lists(
        st.tuples(
            st.text("abc王 ", max_size=3),
            st.none() | st.floats(-1e9, 1e9),
            st.none() | st.floats(0, 1),
            st.integers(0, 40),
        ),
        max_size=12,
    ),
    st.sampled_from(["en", "zh_CN"]),
)
def test_a_table_shows_what_pandas_own_styler_would(rows, language):
    frame = pd.DataFrame(rows, columns=["name", "amount", "share", "n"]).astype(
        {"name": str, "amount": "Float64", "share": "Float64", "n": "int64"}
    )
    form = Formats(language, "CNY")
    columns = {
        "amount": Column("Amount", "money"), "name": Column("Name"),
        "share": Column("Share", "share", n="n"), "n": Column("n", "count"),
    }  # fmt: skip
    expected = frame[list(columns)].style.format({"amount": form.short, "share": form.share_in_table, "n": form.count})
    for row in range(len(frame)):
        if frame["n"].iloc[row] < 10:
            few = lambda value, n=frame["n"].iloc[row]: form.share_in_table(value, n=n)  # noqa: E731
            expected = expected.format(few, subset=pd.IndexSlice[[row], ["share"]])
    shown = _shown(parts._in_formats(frame, columns, form))
    assert shown == _shown(expected)


def test_a_badge_is_a_word_alone_in_its_colour_and_an_unknown_word_is_not_lost():
    frame = pd.DataFrame({"state": ["worse", None, "", "other"]})
    column = Column("State", badges={"better": "won", "worse": "lost"})
    shown = parts._in_formats(frame, {"state": column}, Formats("en", "CNY"))
    assert shown.data["state"].tolist() == [["worse"], [], [], ["other"]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "tokens", lambda: style.LIGHT)
        config = parts._column_config(column, Formats("en", "CNY"))["type_config"]
    red, green, blue = (int(style.LIGHT.lost[at : at + 2], 16) for at in (1, 3, 5))
    [worse] = [option["color"] for option in config["options"] if option["value"] == "worse"]
    assert worse.startswith(f"rgba({red},{green},{blue},")
