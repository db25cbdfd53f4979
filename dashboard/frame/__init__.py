"""What stands around every page: navigation, filters, cards, panels, and what is said when the database cannot."""
