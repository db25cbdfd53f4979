"""A page as a file for people: of what it holds (`frame.held`), as Excel and as PDF."""
