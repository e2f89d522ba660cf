"""The simulator as a server: Telegram's Bot API for the bot, phones for people, on one port."""

import errno
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

from bot.simulator.delivery import Delivery
from bot.simulator.endpoint import BotEndpoint
from bot.simulator.errors import PortInUse
from bot.simulator.events import EventStreams
from bot.simulator.faults import Faults
from bot.simulator.limits import Limits
from bot.simulator.phones import Director, Phones
from bot.simulator.world import World

__all__ = ["Director", "PortInUse", "Simulator"]

_LARGEST_BODY = 64 * 1024 * 1024


class Simulator:
    """Serve a world over HTTP; it can be stopped and started again without the world losing anything.

    With `strict` a parameter that the Bot API does not know is refused; without, it is ignored as the
    real server does; both ways it is noted in `world.findings`.
    """

    def __init__(
        self,
        world: World,
        *,
        token: str,
        director: Director | None = None,
        strict: bool = True,
        limits: Limits | None = None,
        faults: Faults | None = None,
        webhook_retry: float = 1.0,
        heartbeat: float = 15.0,
    ) -> None:
        self.world = world
        self._delivery = Delivery(world, retry_pause=webhook_retry)
        self._events = EventStreams(world, heartbeat=heartbeat)
        self._endpoint = BotEndpoint(world, token, strict=strict, delivery=self._delivery)
        self._endpoint.limits = limits
        self._endpoint.faults = faults or Faults()
        self._phones = Phones(world, director, self._events)
        self._runner: web.AppRunner | None = None
        self.date: Callable[[], datetime] | None = None  # the clock of the header Date; None: the machine's
        self._host = ""
        self._port = 0

    def direct(self, director: Director) -> None:
        """Hand over who knows the stages and turns the clock of the demo."""
        self._phones.director = director

    @property
    def limits(self) -> Limits | None:
        """Give the rate limits that hold; None means none."""
        return self._endpoint.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self._endpoint.limits = limits

    @property
    def faults(self) -> Faults:
        """Give the plan of faults."""
        return self._endpoint.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._endpoint.faults = faults

    @property
    def url(self) -> str:
        """Give the address, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    @property
    def port(self) -> int:
        """Give the port the simulator listens on."""
        return self._port

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on a port, 0 for any that is free; raise PortInUse when it is taken."""
        self._endpoint.stopping.clear()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(host, port) from error
            raise
        self._runner = runner
        self._host, self._port = host, runner.addresses[0][1]
        self._delivery.start()

    async def stop(self) -> None:
        """Answer what is open and stop listening."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._endpoint.stopping.set()
        self._events.stop()
        await self._delivery.stop()
        await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.on_response_prepare.append(self._say_date)
        bot = "/bot{token:[^/]+}/{method:[^/]+}"
        application.add_routes(
            [
                web.get(bot, self._endpoint.call, allow_head=False),
                web.post(bot, self._endpoint.call),
                web.get("/file/bot{token:[^/]+}/{path:.+}", self._endpoint.file),
                *self._phones.routes(),
            ]
        )
        return application

    async def _say_date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Tell in each answer what time it is, as every server does."""
        if self.date is not None:
            response.headers["Date"] = format_datetime(self.date(), usegmt=True)
