"""Bare python-telegram-bot as its documentation shows it, with its own polling and httpx: an echo."""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


application = Application.builder().token("1:a").base_url(f"{sys.argv[1]}/bot").build()
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling(stop_signals=None)
