"""What only the browser can do, as scripts of our own; the content policy names each by its hash."""

from base64 import b64encode
from hashlib import sha256

import streamlit as st

# The field of the search is typed into at once, and Enter opens the first hit: of what stands in the field by then.
SEARCH = """
(async () => {
  const wait = (found) => new Promise((done) => {
    const look = (left) => { const it = found(); it || !left ? done(it) : setTimeout(() => look(left - 1), 50); };
    look(600);
  });
  const field = await wait(() => document.querySelector(".st-key-search_text input"));
  if (!field) return;
  setTimeout(() => field.focus(), 50);
  field.addEventListener("keydown", async (pressed) => {
    if (pressed.key !== "Enter" || pressed.isComposing) return;
    const answered = () => document.querySelector(".st-key-search_hits img[alt]")?.alt === field.value.trim();
    await wait(() => answered() || !field.isConnected);
    if (!answered()) return;
    document.querySelector(".st-key-search_hits a, .st-key-search_hits button")?.click();
  });
})();
"""

SCRIPTS = (SEARCH,)


def run(script: str) -> None:
    """Runs one of SCRIPTS once this stands on the page."""
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def hashes() -> str:
    """What the content policy says of them."""
    return " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in SCRIPTS)
