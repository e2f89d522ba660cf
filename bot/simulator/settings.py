"""The methods about the bot itself, its chats and its files."""

import re
from typing import Any

from bot.simulator.checks import Params
from bot.simulator.errors import bad_request
from bot.simulator.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")
_MOST_COMMANDS = 100
_LONGEST_COMMAND_TEXT = 256
_LONGEST = {"description": 512, "short_description": 120}
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)
_ME = {
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
_NO_GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)


def get_me(world: World, _params: Params) -> dict[str, Any]:
    """Carry out getMe."""
    return world.bot | _ME


def get_chat(world: World, params: Params) -> dict[str, Any]:
    """Carry out getChat."""
    chat = world.find_chat(params["chat_id"])
    return chat.info | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }


def get_file(world: World, params: Params) -> dict[str, Any]:
    """Carry out getFile: say where a file of 20 MB at most can be downloaded."""
    return world.files.describe(params["file_id"])


def set_my_commands(world: World, params: Params) -> bool:
    """Carry out setMyCommands."""
    commands = params["commands"]
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not _COMMAND.fullmatch(one["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"].strip()) <= _LONGEST_COMMAND_TEXT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bare = [one | {"command": one["command"].removeprefix("/")} for one in commands]
    return _set_commands(world, params, bare)


def delete_my_commands(world: World, params: Params) -> bool:
    """Carry out deleteMyCommands."""
    return _set_commands(world, params, [])


def get_my_commands(world: World, params: Params) -> list[dict[str, Any]]:
    """Carry out getMyCommands: what was set for exactly this scope and language."""
    return world.profile.commands(*_scope(world, params))


def set_my_description(world: World, params: Params) -> bool:
    """Carry out setMyDescription."""
    return _set_text(world, params, "description")


def get_my_description(world: World, params: Params) -> dict[str, str]:
    """Carry out getMyDescription."""
    return {"description": world.profile.text("description", _language(params))}


def set_my_short_description(world: World, params: Params) -> bool:
    """Carry out setMyShortDescription."""
    return _set_text(world, params, "short_description")


def get_my_short_description(world: World, params: Params) -> dict[str, str]:
    """Carry out getMyShortDescription."""
    return {"short_description": world.profile.text("short_description", _language(params))}


def set_chat_menu_button(world: World, params: Params) -> bool:
    """Carry out setChatMenuButton, for one chat or for all."""
    chat_id = world.find_chat(params["chat_id"]).id if "chat_id" in params else 0
    world.profile.menu_buttons[chat_id] = params.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(world: World, params: Params) -> dict[str, Any]:
    """Carry out getChatMenuButton."""
    chat_id = world.find_chat(params["chat_id"]).id if "chat_id" in params else 0
    return world.profile.menu_button(chat_id)


def _set_commands(world: World, params: Params, commands: list[dict[str, Any]]) -> bool:
    kind, chat_id, language = _scope(world, params)
    world.profile.set_commands(kind, chat_id, language, commands)
    world.show_commands(chat_id)
    return True


def _set_text(world: World, params: Params, kind: str) -> bool:
    text = params.get(kind, "")
    if len(text) > _LONGEST[kind]:
        raise bad_request(f"{kind.replace('_', ' ')} is too long")
    world.profile.texts[kind, _language(params)] = text
    return True


def _scope(world: World, params: Params) -> tuple[str, int, str]:
    scope = params.get("scope", {"type": "default"})
    kind = scope["type"]
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported scope type specified")
    if not kind.startswith("chat"):
        return kind, 0, _language(params)
    if "chat_id" not in scope:
        raise bad_request("can't parse BotCommandScope: chat_id is empty")
    return kind, world.find_chat(scope["chat_id"]).id, _language(params)


def _language(params: Params) -> str:
    code: str = params.get("language_code", "")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("LANG_CODE_INVALID")
    return code
