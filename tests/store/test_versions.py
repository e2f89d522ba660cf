from __future__ import annotations

from bot.store.schema import NEWEST, Schema, newest


def test_a_start_expects_the_version_that_the_migrations_lead_to() -> None:
    """What a start compares with, without reading the migrations, is their last version."""
    assert {schema: newest(schema) for schema in Schema} == NEWEST
