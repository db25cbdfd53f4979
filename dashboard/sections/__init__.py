"""What a page shows of one subject: its words, its figure with the table twin, and what a click opens."""
