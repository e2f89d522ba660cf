"""Speaks Telegram: fetches updates, reads them, and sends what the outbox holds."""
