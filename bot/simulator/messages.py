"""The methods about messages: send, edit, delete, react, answer a press."""

from typing import Any

from bot.simulator.chat import Chat, button_data
from bot.simulator.checks import Params
from bot.simulator.entities import check_entities, find_entities, utf16_length
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.files import Upload
from bot.simulator.keyboards import check_markup
from bot.simulator.markup import parse_html
from bot.simulator.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
_LONGEST_ANSWER = 200
_DELETABLE_FOR = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: World, params: Params) -> dict[str, Any]:
    """Carry out sendMessage."""
    content = _text(params, "text", "entities", LONGEST_TEXT, "message is too long")
    return _send(world, params, content)


def send_document(world: World, params: Params) -> dict[str, Any]:
    """Carry out sendDocument with an uploaded file or the file_id of an earlier one."""
    caption: dict[str, Any] = {}
    if "caption" in params:
        caption = _text(params, "caption", "caption_entities", LONGEST_CAPTION, "message caption is too long")
    document = params["document"]
    facts = world.files.get(document).facts if isinstance(document, str) else _store(world, document)
    return _send(world, params, {"document": facts, **caption})


def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    """Carry out editMessageText; without reply_markup the buttons go."""
    content = _text(params, "text", "entities", LONGEST_TEXT, "message is too long")
    chat, message = _editable(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    kept = {k: v for k, v in message.items() if k not in ("text", "entities", "reply_markup", "edit_date")}
    return _replace(world, chat, message, kept | content | _inline(params))


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    """Carry out editMessageReplyMarkup; without reply_markup the buttons go."""
    chat, message = _editable(world, params)
    kept = {k: v for k, v in message.items() if k not in ("reply_markup", "edit_date")}
    return _replace(world, chat, message, kept | _inline(params))


def delete_message(world: World, params: Params) -> bool:
    """Carry out deleteMessage: in a private chat either side's, for 48 hours."""
    chat = world.reach(params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if world.now() - message["date"] > _DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    world.delete_message(chat, params["message_id"])
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """Carry out answerCallbackQuery."""
    text = params.get("text")
    if text is not None and utf16_length(text) > _LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": params.get("show_alert", False)}
    world.answer_press(params["callback_query_id"], answer)
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Carry out sendChatAction."""
    if params["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.reach(params["chat_id"])
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """Carry out setMessageReaction: one emoji at most, or none."""
    chat = world.reach(params["chat_id"])
    message_id = params["message_id"]
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    reactions = params.get("reaction", [])
    if len(reactions) > 1 or any(one["type"] != "emoji" for one in reactions):
        raise bad_request("REACTION_INVALID")
    if reactions:
        chat.reactions[message_id] = reactions[0]["emoji"]
    else:
        chat.reactions.pop(message_id, None)
    world.show(chat, message_id)
    return True


def _text(params: Params, name: str, entities_name: str, longest: int, too_long: str) -> dict[str, Any]:
    text, entities = params[name], params.get(entities_name, [])
    mode = params.get("parse_mode")
    if mode is not None:
        if mode.lower() != "html":
            raise _unread(mode)
        text, entities = parse_html(text)
    length = utf16_length(text)
    if not text.strip():
        raise bad_request("message text is empty")
    if length > longest:
        raise bad_request(too_long)
    check_entities(text, entities)
    found = find_entities(text, entities)
    return {name: text, entities_name: found} if found else {name: text}


def _unread(mode: str) -> ApiError:
    if mode.lower() in ("markdown", "markdownv2"):
        return bad_request(f"{mode} is not offered by the simulator")
    return bad_request("unsupported parse_mode")


def _send(world: World, params: Params, content: dict[str, Any]) -> dict[str, Any]:
    markup = params.get("reply_markup", {})
    check_markup(markup)
    chat = world.reach(params["chat_id"])
    content = _replied(chat, params.get("reply_parameters")) | content
    if "inline_keyboard" in markup:
        content["reply_markup"] = markup
    if params.get("protect_content"):
        content["has_protected_content"] = True
    message = world.add_message(chat, world.bot, content)
    message_id = message["message_id"]
    if "inline_keyboard" not in markup and "force_reply" in markup:
        chat.reply_keyboards.add(message_id)
        chat.placeholders[message_id] = markup.get("input_field_placeholder", "")
    world.show(chat, message_id)
    return message


def _replied(chat: Chat, reply: dict[str, Any] | None) -> dict[str, Any]:
    if reply is None:
        return {}
    message = chat.messages.get(reply.get("message_id", 0))
    if message is None or reply.get("chat_id", chat.id) != chat.id:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in message.items() if k != "reply_to_message"}}


def _store(world: World, upload: Upload) -> dict[str, Any]:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    facts = world.files.add("documents", "", upload.content)
    facts |= {"file_name": upload.file_name, "mime_type": upload.mime_type}
    return facts


def _editable(world: World, params: Params) -> tuple[Chat, dict[str, Any]]:
    check_markup(params.get("reply_markup", {}))
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    chat = world.reach(params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"] or params["message_id"] in chat.reply_keyboards:
        raise bad_request("message can't be edited")
    return chat, message


def _inline(params: Params) -> dict[str, Any]:
    markup = params.get("reply_markup")
    return {"reply_markup": markup} if markup and markup["inline_keyboard"] else {}


def _replace(world: World, chat: Chat, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    if new == {k: v for k, v in old.items() if k != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    message_id = old["message_id"]
    if gone := button_data(old) - button_data(new):
        chat.earlier_buttons.setdefault(message_id, set()).update(gone)
    message = new | {"edit_date": world.now()}
    chat.messages[message_id] = message
    world.show(chat, message_id)
    return message
