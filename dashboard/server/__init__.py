"""The process that serves: its health, what it sends besides Streamlit's own, and long work beside it."""
