"""How updates reach the bot: it asks for them, or has them sent to its webhook; never both."""

import asyncio
import re
from contextlib import suppress
from typing import Any

from bot.simulator.checks import Params
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.pushing import Pusher, Webhook
from bot.simulator.world import World

_LONGEST_POLL = 50
_MOST_UPDATES = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class Delivery:
    """Hand the bot its updates; a failed delivery to a webhook is repeated after `retry_pause` seconds."""

    def __init__(self, world: World, *, retry_pause: float = 1.0) -> None:
        self._world = world
        self._updates = world.updates
        self._retry_pause = retry_pause
        self._poll: asyncio.Future[None] | None = None
        self._webhook: Webhook | None = None
        self._pusher: Pusher | None = None

    async def get_updates(self, params: Params) -> list[dict[str, Any]]:
        """Carry out getUpdates; a poll that is open already ends with 409."""
        if self._webhook is not None:
            raise ApiError(409, _WEBHOOK_ACTIVE)
        self._end_poll(ApiError(409, _OTHER_POLL))
        offset = params.get("offset", 0)
        limit = min(max(params.get("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
        timeout = min(params.get("timeout", 0), _LONGEST_POLL)
        if "allowed_updates" in params:
            self._updates.allow(params["allowed_updates"])
        updates = self._updates.take(offset, limit)
        if not updates and timeout > 0:
            await self._arrival(timeout)
            updates = self._updates.take(max(offset, 0), limit)
        return updates

    async def set_webhook(self, params: Params) -> bool:
        """Carry out setWebhook; without an address as deleteWebhook."""
        url, secret = params["url"], params.get("secret_token")
        if url and not url.startswith(("https://", "http://")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.delete_webhook(params)
        if "allowed_updates" in params:
            self._updates.allow(params["allowed_updates"])
        if url:
            self._end_poll(ApiError(409, "Conflict: terminated by setWebhook request"))
            most = params.get("max_connections", 40)
            self._webhook = Webhook(url=url, secret=secret, max_connections=most)
            self.start()
        return True

    async def delete_webhook(self, params: Params) -> bool:
        """Carry out deleteWebhook."""
        await self._stop_pushing()
        self._webhook = None
        if params.get("drop_pending_updates"):
            self._updates.clear()
        return True

    def webhook_info(self) -> dict[str, Any]:
        """Carry out getWebhookInfo."""
        hook = self._webhook
        info: dict[str, Any] = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if hook is not None:
            info["max_connections"] = hook.max_connections
        if hook is not None and hook.error is not None:
            info |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        if self._updates.allowed is not None:
            info["allowed_updates"] = sorted(self._updates.allowed)
        return info

    def start(self) -> None:
        """Send to the webhook, where one is set."""
        if self._webhook is not None:
            self._pusher = Pusher(self._world, self._webhook, retry_pause=self._retry_pause)

    async def stop(self) -> None:
        """End an open poll with what there is, and stop sending to the webhook."""
        self._end_poll(None)
        await self._stop_pushing()

    async def _arrival(self, seconds: float) -> None:
        poll = self._poll = self._updates.arrival()
        with suppress(TimeoutError):
            await asyncio.wait_for(poll, seconds)
        if self._poll is poll:
            self._poll = None

    def _end_poll(self, error: ApiError | None) -> None:
        poll, self._poll = self._poll, None
        if poll is None or poll.done():
            return
        if error is None:
            poll.set_result(None)
        else:
            poll.set_exception(error)

    async def _stop_pushing(self) -> None:
        pusher, self._pusher = self._pusher, None
        if pusher is not None:
            await pusher.stop()
