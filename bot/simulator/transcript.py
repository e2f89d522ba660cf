"""What the simulator writes down about the bot's calls."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the bot: what it asked, what it was told, and what happened in truth.

    `ok` and `code` are what the bot was told; None where the answer was lost on the way. `took_effect`
    says whether the call was carried out, whatever the bot was told. `message_id` is the message that
    was made, changed or deleted.
    """

    number: int
    method: str
    at: datetime
    chat_id: int | None
    ok: bool | None
    code: int | None
    description: str | None
    took_effect: bool
    message_id: int | None
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something the real server may let pass in silence, but a careful bot does not send."""

    method: str
    parameter: str
    text: str
