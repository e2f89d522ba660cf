"""The numbers and contacts of the school's own file, as they stand in a text."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.school import Contact, School


def shown(contact: Contact) -> str:
    """Write a contact on one line: the name, then how to reach it."""
    ways = (contact.phone, contact.email, contact.url)
    return ", ".join(dict.fromkeys(part for part in (contact.name, *ways) if part))


def values(school: School, *names: str) -> Mapping[str, str]:
    """Give what stands in the places {emergency}, {suicide} ... of a text."""
    return {name: shown(school.contacts[name]) for name in names}
