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

# Who asks for a page on paper sends its figures along, as they stand in the browser: nothing else can draw them.
PICTURES = """
(() => {
  if (document.documentElement.dataset.pictures) return;
  document.documentElement.dataset.pictures = "listens";
  const drawing = (layers) => {
    const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const side of ["width", "height"]) whole.setAttribute(side, layers[0].getAttribute(side));
    for (const layer of layers) whole.append(...[...layer.children].map((part) => part.cloneNode(true)));
    for (const unseen of whole.querySelectorAll(".draglayer, .hoverlayer, .zoomlayer")) {
      unseen.remove();
    }
    return new XMLSerializer().serializeToString(whole);
  };
  document.addEventListener("click", (pressed) => {
    if (!pressed.target.closest?.(".st-key-share_pdf button")) return;
    const pictures = {};
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      const chart = /st-key-(\\S+)/.exec(plot.closest("[class*='st-key-']")?.className ?? "");
      const layers = [...plot.querySelectorAll(".main-svg")];
      if (chart && layers.length) pictures[chart[1]] = drawing(layers);
    }
    const key = document.querySelector(".st-key-share_pictures img[alt]").alt;
    fetch(`/pictures/${key}`, {method: "POST", body: JSON.stringify(pictures)});
  }, true);
})();
"""

SCRIPTS = (SEARCH, PICTURES)


def of(script: str) -> str:
    """One of SCRIPTS, as HTML."""
    return f"<script>{script}</script>"


def answers_to(text: str) -> str:
    """Says to a script, where somebody may have typed on, which text this is the answer to."""
    return f"<img alt='{html(text)}' hidden>"


def hashes() -> str:
    """What the content policy says of them."""
    return " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in SCRIPTS)
