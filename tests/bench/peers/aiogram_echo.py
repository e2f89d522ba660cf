"""Bare aiogram as its documentation shows it: says back what it hears."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    """Say it back."""
    await message.answer(message.text)


bot = Bot("1:a", session=AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1])))
dispatcher = Dispatcher()
dispatcher.message.register(echo)
asyncio.run(dispatcher.start_polling(bot, handle_signals=False))
