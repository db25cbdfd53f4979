"""Numbers, days and texts as people of each language read them."""
