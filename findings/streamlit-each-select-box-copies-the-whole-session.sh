#!/usr/bin/env bash
# A good guess: a list to choose one thing from reads its own value of the session, as a list to choose several from does; a
# page that keeps a thousand small things in the session (drafts, what was typed, what is open) pays for none of them there.
# What it costs: each st.selectbox with a key, and each text, number and time input likewise, first makes a dictionary of
# all that the session holds, to look whether its own value is None. Ten filters over a thousand kept values are ten thousand
# values looked up at every rerun, whatever the page shows; the same filters as multiselects look up next to nothing.
# Ours: a warm page is some eighty milliseconds, and the bar of filters some twenty of them (dashboard/frame/bar.py).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check streamlit==1.67.0

cat > page.py <<'PAGE'
import streamlit as st

for kept in range(st.session_state.setdefault("kept", 0)):
    st.session_state[f"draft_{kept}"] = "x"
draw = getattr(st, st.session_state.setdefault("widget", "selectbox"))
for filter_ in range(10):
    draw("Filter", ["East", "West"], key=f"filter_{filter_}")
PAGE

venv/bin/python -W ignore - 2> log <<'PYTHON' || { cat log; exit 1; }

import streamlit
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

print("streamlit", streamlit.__version__)


def copies(widget: str, kept: int) -> tuple[int, int]:
    """How often the whole session is gathered in one rerun, and how many values the last of them has."""
    found = []
    gather = SessionState.filtered_state
    app = AppTest.from_file("page.py")
    app.session_state["widget"], app.session_state["kept"] = widget, kept
    app.run()
    SessionState.filtered_state = property(lambda session: found.append(gather.fget(session)) or found[-1])
    app.run()
    SessionState.filtered_state = gather
    return len(found), len(found[-1]) if found else 0


seen = {(widget, kept): copies(widget, kept) for widget in ("selectbox", "multiselect") for kept in (0, 1000)}
print("guess: ten lists gather nothing, however much the session keeps")
print("seen:  (kind of list, kept in the session) -> (times the session is gathered, values in it)")
for asked, answer in seen.items():
    print("      ", asked, "->", answer)
assert seen["selectbox", 1000][0] >= 10 and seen["selectbox", 1000][1] >= 1000
assert seen["multiselect", 1000][0] == 0
PYTHON
