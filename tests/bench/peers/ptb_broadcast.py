"""python-telegram-bot with AIORateLimiter: sends a prompt to many chats, and echoes who writes meanwhile.

Arguments: the server, the first chat, how many chats, and `together` (all sends are begun, the limiter lets
them through) or `apart` (each send is awaited before the next begins).
"""

from __future__ import annotations

import asyncio
import sys

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, ContextTypes, MessageHandler, filters

URL, FIRST, COUNT, HOW = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
PROMPT = "Wat kun of snap je nu beter dan vorige week? Wat gebeurde er?"
underway: list[asyncio.Task[None]] = []


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


async def send(chat: int) -> None:
    """Send the prompt; what is refused to the end is not sent."""
    try:
        await application.bot.send_message(chat, PROMPT)
    except TelegramError as error:
        print(type(error).__name__, file=sys.stderr)


async def broadcast() -> None:
    """Send to everybody."""
    if HOW == "together":
        await asyncio.gather(*map(send, range(FIRST, FIRST + COUNT)))
        return
    for chat in range(FIRST, FIRST + COUNT):
        await send(chat)


async def begin(_application: object) -> None:
    """Broadcast beside the polling."""
    underway.append(asyncio.create_task(broadcast()))


limiter = AIORateLimiter(overall_max_rate=30, overall_time_period=1, max_retries=5)
application = (
    Application.builder().token("1:a").base_url(f"{URL}/bot").rate_limiter(limiter).post_init(begin).build()
)
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling(stop_signals=None)
