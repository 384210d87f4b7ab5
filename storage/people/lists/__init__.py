"""A company's list on its way in: read into rows, matched with people, counted, taken."""
