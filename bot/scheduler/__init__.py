"""The heartbeat: APScheduler beats, the tables say what is due (FACTS: APScheduler is no place for truth)."""
