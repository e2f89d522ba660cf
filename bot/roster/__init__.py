"""Reads: a school's roster file, what is wrong with it, and what it would change."""
