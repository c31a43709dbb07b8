"""Who is called next, by policies that are data, and what a customer may be told about the wait."""
