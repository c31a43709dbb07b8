"""Webhooks: the journal told to programs outside, in order, at least once, signed."""
