"""What the bot sets about itself: commands, descriptions, menu buttons."""

from typing import Any

import pytest

from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api

HELP = [{"command": "hulp", "description": "Hulp vragen"}]
WHO = [{"command": "wie", "description": "Bij wie je terechtkunt"}]


async def test_the_bot_knows_itself(api: Api) -> None:
    """getMe gives the bot's own facts."""
    me = await api.result("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (7000000001, True, "stagebot_demo_bot")


async def test_the_narrowest_commands_are_seen(api: Api, world: World, phone: Phone) -> None:
    """A chat's own commands go before those of all private chats, and these before the default."""
    other = world.person(1002, "Daan", language_code="en")
    other.start()
    await api.result("setMyCommands", commands=HELP)
    assert (phone.commands, other.commands) == (HELP, HELP)
    await api.result("setMyCommands", commands=WHO, scope={"type": "chat", "chat_id": 1001})
    assert (phone.commands, other.commands) == (WHO, HELP)
    english = [{"command": "help", "description": "Ask for help"}]
    private = {"type": "all_private_chats"}
    await api.result("setMyCommands", commands=english, scope=private, language_code="en")
    assert (phone.commands, other.commands) == (WHO, english)
    await api.result("deleteMyCommands", scope={"type": "chat", "chat_id": 1001})
    assert (phone.commands, other.commands) == (HELP, english)


@pytest.mark.usefixtures("phone")
async def test_commands_are_read_back_per_scope(api: Api) -> None:
    """getMyCommands gives exactly what was set for that scope and language, a slash left out."""
    chat = {"type": "chat", "chat_id": 1001}
    with_slash = [{"command": "/hulp", "description": "Hulp vragen"}]
    await api.result("setMyCommands", commands=with_slash, scope=chat, language_code="nl")
    assert await api.result("getMyCommands", scope=chat, language_code="nl") == HELP
    assert await api.result("getMyCommands", scope=chat) == []
    assert await api.result("getMyCommands") == []


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"commands": [{"command": "Hulp", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "x", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": HELP * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [{"command": "x"}]}, 'can\'t parse commands: field "description" is missing'),
        ({"commands": {"command": "x"}}, "can't parse commands: expected an Array"),
        ({"commands": HELP, "language_code": "nld"}, "LANG_CODE_INVALID"),
        ({"commands": HELP, "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        (
            {"commands": HELP, "scope": {"type": "moon"}},
            "can't parse BotCommandScope: unsupported scope type specified",
        ),
        ({"commands": HELP, "scope": {"type": "chat"}}, "can't parse BotCommandScope: chat_id is empty"),
    ],
)
async def test_wrong_commands_are_refused(api: Api, phone: Phone, params: dict[str, Any], text: str) -> None:
    """Each with its words, and nothing is set."""
    assert await api.refusal("setMyCommands", **params) == (400, f"Bad Request: {text}")
    assert phone.commands == []


async def test_descriptions_are_kept_per_language(api: Api) -> None:
    """A language without its own text gets the general one."""
    await api.result("setMyDescription", description="Vragen over je stage")
    await api.result("setMyDescription", description="Questions", language_code="en")
    await api.result("setMyShortDescription", short_description="Stage")
    assert await api.result("getMyDescription", language_code="en") == {"description": "Questions"}
    assert await api.result("getMyDescription", language_code="nl") == {"description": "Vragen over je stage"}
    assert await api.result("getMyShortDescription") == {"short_description": "Stage"}
    refusal = await api.refusal("setMyShortDescription", short_description="x" * 121)
    assert refusal == (400, "Bad Request: short description is too long")


@pytest.mark.usefixtures("phone")
async def test_a_menu_button_is_set_for_one_chat_or_all(api: Api) -> None:
    """A chat without its own has the default."""
    assert await api.result("getChatMenuButton", chat_id=1001) == {"type": "commands"}
    await api.result("setChatMenuButton", menu_button={"type": "default"})
    await api.result("setChatMenuButton", chat_id=1001, menu_button={"type": "commands"})
    assert await api.result("getChatMenuButton") == {"type": "default"}
    assert await api.result("getChatMenuButton", chat_id=1001) == {"type": "commands"}


@pytest.mark.usefixtures("phone")
async def test_a_chat_can_be_looked_up(api: Api) -> None:
    """getChat gives the person's names; an unknown chat is refused."""
    chat = await api.result("getChat", chat_id=1001)
    assert (chat["id"], chat["type"], chat["first_name"]) == (1001, "private", "Samira")
    assert await api.refusal("getChat", chat_id=5) == (400, "Bad Request: chat not found")
