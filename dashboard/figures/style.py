"""The tokens of the product's look, in one place: plots are drawn with them, `.streamlit/config.toml`
repeats them (a test keeps the two equal).

Meaning colours carry their meaning only, and differ in lightness as well as in hue, so that they stay apart
for colour-blind eyes and in grey print.
"""

from dataclasses import dataclass, fields
from functools import cache

import plotly.graph_objects as go

# System fonts, Chinese ones last: a browser takes the first that has the character.
FONT = (
    "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
)
RADIUS = "4px"


@dataclass(frozen=True)
class Tokens:
    """Colours of one theme, `#rrggbb`.

    accent      what can be acted on, and "us, now"
    control     the ground of a button and of what is chosen, under white words
    context     other things of the same kind, earlier periods
    undecided   neither won nor lost yet; drawn light, or hatched
    target      the line to reach
    """

    background: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    control: str
    context: str
    won: str
    lost: str
    open: str
    undecided: str
    ours: str
    neutral: str
    theirs: str
    warning: str
    overload: str
    target: str

    @property
    def categories(self) -> tuple[str, ...]:
        """Exactly ten: with any other number Streamlit drops them and Plotly falls back to its own."""
        return (
            self.accent, self.won, self.theirs, self.context, self.open,
            self.lost, self.warning, self.muted, self.undecided, self.overload,
        )  # fmt: skip


LIGHT = Tokens(
    background="#ffffff", surface="#f4f6f9", line="#d8dee7", text="#1a2330", muted="#566172",
    accent="#1d4a86", control="#1d4a86", context="#9aa5b4", won="#0b5f55", lost="#d9868a", open="#3f7fc9",
    undecided="#cdd5df",
    ours="#1d4a86", neutral="#9aa5b4", theirs="#d07a1f", warning="#b97d00", overload="#a8201a",
    target="#1a2330",
)  # fmt: skip

DARK = Tokens(
    background="#11161d", surface="#1a212b", line="#323c4a", text="#e6eaf0", muted="#9aa6b6",
    accent="#7fb0f0", control="#3a76cb", context="#66717f", won="#7fd6c6", lost="#b2595e", open="#4b86cf",
    undecided="#3d4857",
    ours="#7fb0f0", neutral="#66717f", theirs="#c9802f", warning="#e0b04a", overload="#ef6f68",
    target="#e6eaf0",
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}

# For style sheets: the browser takes the colour of the theme it shows. It may change that with no run of the script,
# as systems do in the evening.
EITHER = Tokens(*(f"light-dark({getattr(LIGHT, one.name)}, {getattr(DARK, one.name)})" for one in fields(Tokens)))


@cache
def template(theme: str) -> go.layout.Template:
    """The Plotly template of a theme ("light" or "dark"): quiet grid, no frame, labels before legends."""
    tokens = THEMES[theme]
    axis = {
        "gridcolor": tokens.line,
        "linecolor": tokens.line,
        "zerolinecolor": tokens.line,
        "tickcolor": tokens.line,
        "tickfont": {"color": tokens.muted, "size": 12},
        "title": {"font": {"color": tokens.muted, "size": 12}, "standoff": 8},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": tokens.text},
            "paper_bgcolor": tokens.background,  # the page's own, so that a picture of the figure has it, too
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": tokens.categories,
            "xaxis": axis | {"showgrid": False},
            "yaxis": axis | {"showline": False},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "hoverlabel": {
                "bgcolor": tokens.surface,
                "bordercolor": tokens.line,
                "font": {"color": tokens.text, "family": FONT},
            },
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
            "barcornerradius": 2,
            "bargap": 0.3,
            "separators": ".,",
            "dragmode": False,
            "clickmode": "event+select",
        },
        # A mark says what is written for it, and nothing in words of Plotly's own. Where one says "skip", it reports no
        # click either.
        data={kind: [{"hoverinfo": "text"}] for kind in ("bar", "heatmap", "scatter", "scatterpolar")},
    )


def faint(colour: str, opacity: float) -> str:
    """A token's colour with the page shining through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def waiting(tokens: Tokens) -> dict:
    """The hatching of what is not complete yet (a running month, an undecided deal), for `marker.pattern`."""
    return {"shape": "/", "fillmode": "overlay", "fgcolor": tokens.background, "size": 6, "solidity": 0.35}
