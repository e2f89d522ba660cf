"""Keeps: tables, migrations, the vault that seals them, inbox and outbox."""
