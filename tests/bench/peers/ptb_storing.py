"""python-telegram-bot that inserts and commits each message (aiosqlite, FULL by default), and echoes."""

from __future__ import annotations

import sys

import aiosqlite
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

kept: list[aiosqlite.Connection] = []


async def store_and_echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Keep it, then say it back."""
    assert update.message
    assert update.message.text
    await kept[0].execute(
        "insert into answers values (?, ?, ?)",
        (update.update_id, update.message.chat_id, update.message.text),
    )
    await kept[0].commit()
    await update.message.reply_text(update.message.text)


async def open_database(_application: object) -> None:
    """Open the database that is given as second argument."""
    kept.append(await aiosqlite.connect(sys.argv[2]))
    await kept[0].execute("create table answers (id integer primary key, chat integer, text text)")
    await kept[0].commit()


application = (
    Application.builder().token("1:a").base_url(f"{sys.argv[1]}/bot").post_init(open_database).build()
)
application.add_handler(MessageHandler(filters.TEXT, store_and_echo))
application.run_polling(stop_signals=None)
