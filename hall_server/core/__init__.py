"""The rules of the hall: pure functions and values, standard library only."""
