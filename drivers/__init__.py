"""Devices of a service hall: what they can do, how they feel, and the bytes they speak."""
