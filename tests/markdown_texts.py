"""A page of its own for the browser: texts made of what Markdown and Streamlit read, each written as `literal` says.

streamlit run tests/markdown_texts.py
"""

import random

import streamlit as st

from dashboard.words import literal

PARTS = (
    *"*_`~$\\[]()<>#-+=!&;|:/@.1\"'{}^% \n\t",
    "  ", "    ", "zq", "中文", "é", "\u202e", "```", "$$", "***", "&amp;", "&#42;", "<b>", "</b>", "<!--", "-->",
    "://", "www.", "http://", "https://a.b", "HTTPS://a.b", "www.a.b", "a@b.cd", "mailto:a@b.cd", "xmpp:a@b.cd",
    "ftp://a.b", ":smile:", ":material/home:", ":material_home:", ":streamlit:", ":red[", ":help[x]", ":::",
    "->", "<-", "<->", "--", ">=", "<=", "~=", " -> ", "[^1]", "[x]: y", "1. ", "- ", "> ", "# ", "|-|",
)  # fmt: skip
TEXTS = 400


def texts(seed: int = 1) -> list[str]:
    """So many texts, none of them blank."""
    by_chance = random.Random(seed)
    return ["q" + "".join(by_chance.choices(PARTS, k=by_chance.randint(1, 9))) for _ in range(TEXTS // 2)] + [
        "".join(by_chance.choices(PARTS, k=by_chance.randint(1, 9))) + "q" for _ in range(TEXTS // 2)
    ]


def draw() -> None:
    for number, text in enumerate(texts()):
        written = literal.markdown(text)
        with st.container(key=f"text_{number}"):
            if number % 4 == 0:
                st.markdown(written)
            elif number % 4 == 1:
                st.markdown(f"**{written}**")
            elif number % 4 == 2:
                st.caption(written)
            else:
                st.button(written, key=f"button_{number}")


if __name__ == "__main__":
    draw()
