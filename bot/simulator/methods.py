"""The list of methods that are carried out at once; getUpdates and the webhook are in delivery."""

from collections.abc import Callable
from typing import Any

from bot.simulator import messages, settings
from bot.simulator.checks import Params
from bot.simulator.world import World

Handler = Callable[[World, Params], Any]

METHODS: dict[str, Handler] = {
    "getMe": settings.get_me,
    "getChat": settings.get_chat,
    "getFile": settings.get_file,
    "setMyCommands": settings.set_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "getMyCommands": settings.get_my_commands,
    "setMyDescription": settings.set_my_description,
    "getMyDescription": settings.get_my_description,
    "setMyShortDescription": settings.set_my_short_description,
    "getMyShortDescription": settings.get_my_short_description,
    "setChatMenuButton": settings.set_chat_menu_button,
    "getChatMenuButton": settings.get_chat_menu_button,
    "sendMessage": messages.send_message,
    "sendDocument": messages.send_document,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "answerCallbackQuery": messages.answer_callback_query,
    "sendChatAction": messages.send_chat_action,
    "setMessageReaction": messages.set_message_reaction,
}
LIMITED = frozenset({"sendMessage", "sendDocument"})
"""The methods that count against Telegram's rate limits."""
