"""`stagebot run`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import structlog

from bot.cli.errors import Fault
from bot.cli.memory import look_less_often
from bot.cli.opening import opened
from bot.cli.stagebot import Connection, Hook, until_stopped, utc_now
from bot.cli.turns import Turns
from bot.telegram.pacing import Pace
from config.settings import Settings, load_settings

log = structlog.get_logger()


def log_to_stderr() -> None:
    """Write log lines as text for a person, or as JSON where nobody watches."""
    for_people = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


async def run(config_file: Path | None) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    log_to_stderr()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    token = _token(config_file)
    async with opened(config_file, runs=True) as work:
        turns = Turns(
            db=work.db,
            school=work.school,
            texts=work.texts,
            clock=utc_now,
            to=_connection(work.settings, token),
        )
        look_less_often()
        log.info("started", school=work.school.name)
        await until_stopped(turns.run(), stop)
        log.info("stopped")


def _connection(settings: Settings, token: str) -> Connection:
    return Connection(
        token=token,
        api_url=settings.api_url,
        pace=Pace(rate=int(settings.rate)),
        hook=_hook(settings),
        checks_clock=True,
    )


def _hook(settings: Settings) -> Hook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    secret = settings.webhook_secret.get_secret_value()
    return Hook(url=settings.webhook_url, secret=secret, listen=settings.listen)


def _token(config_file: Path | None) -> str:
    """Give the token, asked for before anything is opened or made."""
    token = load_settings(config_file).token
    if token is None:
        raise Fault("a token is needed: set STAGEBOT_TOKEN, or STAGEBOT_TOKEN_FILE with the name of a file")
    return token.get_secret_value()
