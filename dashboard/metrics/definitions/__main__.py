"""Prints `docs/metrics.md`; `make docs` writes it."""

from . import as_markdown

print(as_markdown(), end="")
