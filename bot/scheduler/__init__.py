"""The heartbeat: APScheduler beats, the tables say what is due (APScheduler is no place for truth: its job store ran one job twice with two processes)."""
