"""Simulated devices that speak the real bytes and misbehave on demand."""
