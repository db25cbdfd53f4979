"""What only the browser can do, as scripts of our own; the content policy names each by its hash."""

from base64 import b64encode
from hashlib import sha256

from dashboard.words.literal import html

# The field of the search is typed into at once, and Enter opens the first hit: of what stands in the field by then.
# The page listens, once, and not the field, which the browser makes anew as answers come.
SEARCH = """
(async () => {
  const field = () => document.querySelector(".st-key-search_text input");
  const wait = (found) => new Promise((done) => {
    const look = (left) => { const it = found(); it || !left ? done(it) : setTimeout(() => look(left - 1), 50); };
    look(600);
  });
  if (await wait(field)) setTimeout(() => field()?.focus(), 50);
  if (document.documentElement.dataset.search) return;
  document.documentElement.dataset.search = "listens";
  document.addEventListener("keydown", async (pressed) => {
    if (pressed.key !== "Enter" || pressed.isComposing || pressed.target !== field()) return;
    const answered = () => document.querySelector(".st-key-search_hits img[alt]")?.alt === field()?.value.trim();
    await wait(() => answered() || !field());
    if (answered()) document.querySelector(".st-key-search_hits a, .st-key-search_hits button")?.click();
  }, true);
})();
"""

SCRIPTS = (SEARCH,)


def of(script: str) -> str:
    """One of SCRIPTS, as HTML."""
    return f"<script>{script}</script>"


def answers_to(text: str) -> str:
    """Says to a script, where somebody may have typed on, which text this is the answer to."""
    return f"<img alt='{html(text)}' hidden>"


def hashes() -> str:
    """What the content policy says of them."""
    return " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in SCRIPTS)
