"""What the bot sets about itself: commands per scope and language, descriptions, menu buttons."""

from typing import Any

_Key = tuple[str, int, str]


class Profile:
    """Keep the bot's commands, descriptions and menu buttons."""

    def __init__(self) -> None:
        self._commands: dict[_Key, list[dict[str, Any]]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, dict[str, Any]] = {}

    def set_commands(self, scope: str, chat_id: int, language: str, commands: list[dict[str, Any]]) -> None:
        """Set the commands of one scope and language; an empty list removes them."""
        if commands:
            self._commands[scope, chat_id, language] = commands
        else:
            self._commands.pop((scope, chat_id, language), None)

    def commands(self, scope: str, chat_id: int, language: str) -> list[dict[str, Any]]:
        """Give what was set for exactly this scope and language."""
        return self._commands.get((scope, chat_id, language), [])

    def commands_seen_by(self, chat_id: int, language: str) -> list[dict[str, Any]]:
        """Give what a person sees in a private chat: the narrowest scope, the own language first."""
        for scope, chat in (("chat", chat_id), ("all_private_chats", 0), ("default", 0)):
            for code in (language, ""):
                if found := self._commands.get((scope, chat, code)):
                    return found
        return []

    def text(self, kind: str, language: str) -> str:
        """Give a description in this language, else the one for all languages."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")

    def menu_button(self, chat_id: int) -> dict[str, Any]:
        """Give the menu button of a chat; chat 0 holds the default."""
        default = self.menu_buttons.get(0, {"type": "commands"})
        return self.menu_buttons.get(chat_id, default)
