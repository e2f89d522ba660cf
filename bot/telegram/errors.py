"""What can go wrong between us and Telegram.

    BotApiError
    ├── Refused          400 and the like: asking again gives the same answer
    ├── Gone             the person can't be reached any more: 403 and what amounts to it
    ├── TooMany          429: not before `retry_after` seconds
    ├── Unauthorized     the token is not (or no longer) valid
    ├── Conflict         409: somebody else polls with this token, or a webhook is set
    ├── TooLarge         a file that is larger than was wanted
    ├── NeverSent        no byte of the request reached the server
    └── Ambiguous        nobody can say whether the request took effect
        └── ServerError  5xx, or an answer that is not what the Bot API promises

    ParseFailed          an update that can't be read
    Unsendable           a parcel that can't become a request

They stand below PTB's own base error because PTB lets only that pass through its request classes unchanged.
None of them shows a URL (the token is in it), a description by Telegram (it may quote a text) or a chat id.
"""

from __future__ import annotations

from telegram.error import TelegramError


class BotApiError(TelegramError):
    """A call of the Bot API that did not succeed; `method` is filled in by the client."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.method = ""
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.method or 'call'}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


class Refused(BotApiError):
    """The server understood and said no; `description` is its own words, not to be logged."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.description = description


class Gone(BotApiError):
    """The person blocked the bot, left Telegram or never was there."""


class TooMany(BotApiError):
    """Telegram's limits were exceeded; everything waits `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("429")
        self.retry_after = retry_after


class Unauthorized(BotApiError):
    """The server does not accept the token."""


class Conflict(BotApiError):
    """Another process fetches the updates, or a webhook takes them."""


class TooLarge(BotApiError):
    """A file was larger than it may be; reading stopped there."""


class NeverSent(BotApiError):
    """The connection could not be made, so nothing was written."""


class Ambiguous(BotApiError):
    """The request may or may not have taken effect."""


class ServerError(Ambiguous):
    """The server failed or answered something that is not the Bot API; `payload` is what it said."""

    def __init__(self, detail: str, payload: bytes = b"") -> None:
        super().__init__(detail)
        self.payload = payload


class ParseFailed(Exception):
    """An update that can't be read; only its id is told."""

    def __init__(self, update: int) -> None:
        super().__init__(f"update {update} can't be read")
        self.update = update


class Unsendable(Exception):
    """A parcel that no request can be made of; `why` says it without its content."""

    def __init__(self, parcel: int, why: str) -> None:
        super().__init__(f"parcel {parcel} can't be sent: {why}")
        self.parcel = parcel
        self.why = why
