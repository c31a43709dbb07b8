"""Sounds that are shipped, by what is said in them, and sentences put together of them."""
