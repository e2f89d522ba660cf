"""Both directions together."""

from __future__ import annotations

import asyncio

from bot.telegram.poller import Poller
from bot.telegram.sender import Sender


async def run(poller: Poller, sender: Sender) -> None:
    """Poll and send until cancelled; polling ends at once, sending after what is underway.

    Raises the poller's Unauthorized as it is, once sending has come to its end.
    """
    tasks = [
        asyncio.create_task(poller.run(), name="poller"),
        asyncio.create_task(sender.run(), name="sender"),
    ]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # a second time would cut off what is to be stored first
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
