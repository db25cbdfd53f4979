"""Rows that go: merged into others, or removed, as their source says or as a whole export lacks them."""
