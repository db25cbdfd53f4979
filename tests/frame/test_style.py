"""The look's tokens: one place, and colours that stay apart in grey print."""

import tomllib
from itertools import combinations
from pathlib import Path

from dashboard.figures import style

CONFIG = tomllib.loads(
    (Path(__file__).resolve().parent.parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)


def test_the_configuration_repeats_the_tokens(subtests):
    for theme in ("light", "dark"):
        with subtests.test(theme=theme):
            tokens = style.THEMES[theme]
            assert CONFIG["theme"][theme] == {
                "primaryColor": tokens.control,
                "linkColor": tokens.accent,
                "backgroundColor": tokens.background,
                "secondaryBackgroundColor": tokens.surface,
                "textColor": tokens.text,
                "borderColor": tokens.line,
                "greenColor": tokens.won,
                "redColor": tokens.overload,
                "grayColor": tokens.muted,
                "chartCategoricalColors": list(tokens.categories),
            }


def test_the_configuration_repeats_font_and_radius():
    assert CONFIG["theme"]["font"] == style.FONT
    assert CONFIG["theme"]["baseRadius"] == style.RADIUS


def test_ten_different_categories(subtests):
    for theme in ("light", "dark"):
        with subtests.test(theme=theme):
            assert len(set(style.THEMES[theme].categories)) == 10


def test_plots_take_colours_and_font_from_the_tokens(subtests):
    for theme in ("light", "dark"):
        with subtests.test(theme=theme):
            layout = style.template(theme).layout
            assert layout.colorway == style.THEMES[theme].categories
            assert layout.font.color == style.THEMES[theme].text
            assert layout.font.family == style.FONT


def test_a_mark_says_what_is_written_for_it_alone():
    drawn = style.template("dark").to_plotly_json()["data"]
    assert {kind: [one["hoverinfo"] for one in traces] for kind, traces in drawn.items()} == dict.fromkeys(
        ("bar", "heatmap", "scatter", "scatterpolar"), ["text"]
    )


def test_meanings_stay_apart_in_grey(subtests):
    for theme in ("light", "dark"):
        for group in (("won", "lost", "open", "undecided"), ("ours", "neutral", "theirs")):
            with subtests.test(theme=theme, group=group):
                tokens = style.THEMES[theme]
                for one, other in combinations(group, 2):
                    assert contrast(getattr(tokens, one), getattr(tokens, other)) >= 1.2, (one, other)


def test_words_can_be_read(subtests):
    for theme in ("light", "dark"):
        for ink in ("text", "muted", "accent", "won", "overload"):
            with subtests.test(theme=theme, ink=ink):
                tokens = style.THEMES[theme]
                assert contrast(getattr(tokens, ink), tokens.background) >= 4.5  # WCAG 2.2, AA


def test_white_words_on_a_button_can_be_read_and_the_button_seen(subtests):
    for theme in ("light", "dark"):
        with subtests.test(theme=theme):
            tokens = style.THEMES[theme]
            assert contrast(tokens.control, "#ffffff") >= 4.5
            assert contrast(tokens.control, tokens.background) >= 3  # WCAG 2.2, AA, for what is no text


def contrast(one: str, other: str) -> float:
    """How much brighter the brighter one is: WCAG's contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
