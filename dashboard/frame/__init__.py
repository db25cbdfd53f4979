"""What stands around every page: sidebar, filters, cards, panels, and what is said when the database cannot."""
