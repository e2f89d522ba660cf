"""The heartbeat: APScheduler beats, the tables say what is due.

Its own job store is no place for truth: with two processes it ran one job twice.
"""
