"""Figures: Plotly out of frames, words, formats and tokens. They ask nothing, and know no metric but by its numbers."""
