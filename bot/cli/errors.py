"""How faults are told: one clear line each on standard error, and exit code 1."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from bot.roster.errors import RosterError
from bot.simulator.errors import PortInUse
from bot.store.errors import StoreError
from bot.store.server import reason
from bot.telegram.errors import BotApiError, Unauthorized
from bot.telegram.webhook import CannotListen
from config.findings import ConfigError


class Fault(Exception):
    """Something the person at the command line can mend; the text is the line they read."""


def told(error: BaseException) -> list[str] | None:
    """Give the lines for a fault that was foreseen; None for one that was not."""
    match error:
        case BaseExceptionGroup():
            lines = [told(one) for one in error.exceptions]
            return None if None in lines else [line for part in lines for line in part or ()]
        case ConfigError():
            return [str(finding) for finding in error.findings]
        case Unauthorized():
            return ["Telegram does not accept this token: check STAGEBOT_TOKEN"]
        case Fault() | StoreError() | RosterError() | PortInUse() | BotApiError() | CannotListen():
            return [str(error)]
        case OperationalError():
            return [f"the database can't be used now: {reason(error)}; nothing of this command was done"]
        case _:
            return None
