"""What can go wrong in the simulator.

SimulatorError
├── ApiError      the Bot API's answer to the bot when a call is refused
├── NotThere      the page asks for a person, a file or a demo that is not there
├── CannotDo      a person tries what Telegram's app would not let them do
└── PortInUse     another program listens where the simulator should
"""


class SimulatorError(Exception):
    """The base of all errors of the simulator."""


class ApiError(SimulatorError):
    """A call is refused, in the real server's words."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class NotThere(SimulatorError):
    """The page asks for a person, a file or a demo that is not there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"there is no {what}")
        self.what = what


class CannotDo(SimulatorError):
    """A person tries what Telegram's app would not let them do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PortInUse(SimulatorError):
    """Another program listens where the simulator should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is in use by another program")
        self.host = host
        self.port = port


def bad_request(text: str) -> ApiError:
    """Refuse a call because of what it asks."""
    return ApiError(400, f"Bad Request: {text}")
