from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.school import School, a_school


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    """Give a school with one stage, of which nobody has joined yet."""
    async with a_school(tmp_path) as opened:
        yield opened
