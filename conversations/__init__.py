"""Decides: pure functions over frozen data. No I/O, no clock, no channel."""
