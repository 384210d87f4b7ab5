"""Each modelled method refuses what Telegram refuses, in Telegram's words."""

from typing import Any

import pytest

from bot.sandbox.content.facts import MODELLED
from bot.sandbox.sandbox import Sandbox
from tests.telegram import Call

ANN, STRANGER, NEWCOMER = 11, 404, 12
BUTTON = {"text": "7", "callback_data": "7"}
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
UNKNOWN_PARAMETER = {"surprise": 1}


def _keyboard(*rows: list[Any]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def _text(**more: Any) -> dict[str, Any]:
    return {"chat_id": ANN, "text": "hello", **more}


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("getMe", UNKNOWN_PARAMETER, 400, 'has no parameter "surprise"'),
    ("getWebhookInfo", UNKNOWN_PARAMETER, 400, 'has no parameter "surprise"'),
    ("logOut", UNKNOWN_PARAMETER, 400, 'has no parameter "surprise"'),
    ("close", {}, 429, "Too Many Requests: retry after 600"),
    ("getUpdates", {"allowed_updates": ["telepathy"]}, 400, "unknown update type"),
    ("getUpdates", {"offset": "soon"}, 400, "must be of type Integer"),
    ("setWebhook", {"url": "http://example.org/x"}, 400, "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://x.org", "secret_token": "ы"}, 400, "unallowed characters"),
    ("setWebhook", {"url": "https://x.org", "ip_address": "127.0.0.1"}, 501, "ip_address"),
    ("deleteWebhook", {"drop_pending_updates": "perhaps"}, 400, "must be of type Boolean"),
    ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": ANN}, 400, "Bad Request: message text is empty"),
    ("sendMessage", _text(text="  \n "), 400, "Bad Request: message text is empty"),
    ("sendMessage", _text(text="x" * 4097), 400, "Bad Request: message is too long"),
    ("sendMessage", _text(text="😀" * 2049), 400, "Bad Request: message is too long"),
    ("sendMessage", _text(text="<x>", parse_mode="HTML"), 400, "can't parse entities"),
    ("sendMessage", _text(text="*x*", parse_mode="MarkdownV2"), 501, "parse mode MarkdownV2"),
    ("sendMessage", _text(parse_mode="BBCode"), 400, "unsupported parse_mode"),
    ("sendMessage", _text(text="\ud800"), 400, "strings must be encoded in UTF-8"),
    ("sendMessage", _text(chat_id=STRANGER), 400, "Bad Request: chat not found"),
    ("sendMessage", _text(chat_id="@nobody"), 400, "Bad Request: chat not found"),
    ("sendMessage", _text(chat_id=NEWCOMER), 403, "bot can't initiate conversation with a user"),
    ("sendMessage", _text(message_thread_id=5), 501, "message_thread_id"),
    ("sendMessage", _text(reply_parameters={"message_id": 99}), 400, "to be replied not found"),
    ("sendMessage", _text(reply_markup="{"), 400, "can't parse reply markup JSON object"),
    ("sendMessage", _text(reply_markup=_keyboard([{}])), 400, 'Can\'t find field "text"'),
    ("sendMessage", _text(reply_markup=_keyboard([{"text": "x"}])), 400, "Text buttons"),
    (
        "sendMessage",
        _text(reply_markup=_keyboard([BUTTON | {"callback_data": "ы" * 33}])),
        400,
        "BUTTON_DATA_INVALID",
    ),
    ("sendMessage", _text(reply_markup=_keyboard([BUTTON | {"style": "red"}])), 400, "style"),
    ("sendMessage", _text(reply_markup=_keyboard(*[[BUTTON]] * 101)), 400, "TOO_LONG"),
    ("sendMessage", _text(reply_markup=_keyboard([BUTTON] * 9)), 400, "TOO_LONG"),
    (
        "sendMessage",
        _text(reply_markup=_keyboard([{"text": "x", "url": "no address"}])),
        400,
        "Wrong HTTP URL",
    ),
    ("sendMessage", _text(reply_markup={"keyboard": []}), 400, "must be non-empty"),
    ("sendMessage", _text(entities=[{"type": "loud", "offset": 0, "length": 1}]), 400, "loud"),
    ("sendDocument", {"chat_id": ANN}, 400, "there is no document in the request"),
    ("sendDocument", {"chat_id": ANN, "document": "made-up"}, 400, "file identifier"),
    ("sendDocument", {"chat_id": ANN, "document": "https://x.org/a"}, 501, "address"),
    ("sendDocument", {"chat_id": ANN, "document": "attach://x"}, 400, "attached file x"),
    ("sendPhoto", {"chat_id": ANN}, 400, "there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": ANN, "photo": "x", "caption": "x" * 1025},
        400,
        "Bad Request: message caption is too long",
    ),
    ("sendVoice", {"chat_id": ANN}, 400, "there is no voice in the request"),
    ("sendChatAction", {"chat_id": ANN, "action": "yawning"}, 400, "wrong parameter action"),
    ("copyMessage", {"chat_id": ANN, "from_chat_id": ANN, "message_id": 9}, 400, "to copy not"),
    ("forwardMessage", {"chat_id": ANN, "from_chat_id": ANN, "message_id": 9}, 400, "to forward"),
    ("editMessageText", _text(message_id=9), 400, "Bad Request: message to edit not found"),
    ("editMessageText", _text(message_id=1), 400, "message is not modified: specified new"),
    ("editMessageText", _text(message_id=2), 400, "Bad Request: message can't be edited"),
    ("editMessageText", {"chat_id": ANN, "text": "x"}, 400, "identifier is not specified"),
    ("editMessageReplyMarkup", {"chat_id": ANN, "message_id": 1}, 400, "message is not modified"),
    (
        "editMessageCaption",
        {"chat_id": ANN, "message_id": 1, "caption": "x"},
        400,
        "there is no caption in the message to edit",
    ),
    ("deleteMessage", {"chat_id": ANN, "message_id": 9}, 400, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, f"Bad Request: {OLD_QUERY}"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        400,
        "MESSAGE_TOO_LONG",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "Верх", "description": "x"}]},
        400,
        "BOT_COMMAND_INVALID",
    ),
    ("setMyCommands", {"commands": [{"command": "x"}]}, 400, 'Can\'t find field "description"'),
    ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, 400, "Unsupported type"),
    ("getMyCommands", {"language_code": "english"}, 400, "invalid language code"),
    ("deleteMyCommands", {"scope": {"type": "chat"}}, 400, 'Can\'t find field "chat_id"'),
    ("setMyName", {"name": "x" * 65}, 400, "BOT_NAME_TOO_LONG"),
    ("setMyDescription", {"description": "x" * 513}, 400, "BOT_DESCRIPTION_TOO_LONG"),
    ("setMyShortDescription", {"short_description": "x" * 121}, 400, "TOO_LONG"),
    ("getFile", {"file_id": "made-up"}, 400, "invalid file_id"),
    ("getChat", {"chat_id": STRANGER}, 400, "Bad Request: chat not found"),
    ("getChatMember", {"chat_id": ANN, "user_id": STRANGER}, 400, "user not found"),
    ("pinChatMessage", {"chat_id": ANN, "message_id": 9}, 400, "message to pin not found"),
    ("unpinChatMessage", {"chat_id": ANN}, 400, "message to unpin not found"),
    ("sendDice", {"chat_id": ANN}, 501, "does not model the method sendDice"),
    ("readMinds", {}, 404, "Not Found: method not found"),
]


@pytest.fixture
async def conversation(sandbox: Sandbox, api: Call) -> None:
    """Message 1 is the bot's "hello", message 2 is Ann's."""
    sandbox.add_user("Ann", user_id=ANN, started=True)
    sandbox.add_user("New", user_id=NEWCOMER)
    await api("sendMessage", **_text())
    sandbox.say(ANN, "hi")


@pytest.mark.usefixtures("conversation")
@pytest.mark.parametrize(
    ("method", "given", "code", "words"), REFUSED, ids=[f"{r[0]}: {r[3]}" for r in REFUSED]
)
async def test_an_invalid_request_is_refused(
    api: Call, method: str, given: dict[str, Any], code: int, words: str
) -> None:
    answer = await api(method, **given)
    assert answer["ok"] is False
    assert answer["error_code"] == code
    assert words in answer["description"]


def test_every_modelled_method_has_a_refusal_here() -> None:
    assert {method for method, *_ in REFUSED} >= set(MODELLED)


@pytest.mark.usefixtures("conversation")
async def test_a_refused_message_is_not_in_the_chat(sandbox: Sandbox, api: Call) -> None:
    await api("sendMessage", **_text(text="<b>", parse_mode="HTML"))
    assert [m.text for m in sandbox.messages(ANN)] == ["hello", "hi"]


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox, api: Call) -> None:
    sandbox.token = "7000000001:another-token-than-the-one-it-was-made-with"
    answer = await api("getMe")
    assert (answer["error_code"], answer["description"]) == (401, "Unauthorized")


async def test_a_blocked_and_a_deleted_person_are_forbidden(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    sandbox.block(ann)
    blocked = await api("sendMessage", chat_id=ann, text="x")
    sandbox.unblock(ann)
    sandbox.deactivate(ann)
    gone = await api("sendMessage", chat_id=ann, text="x")
    assert blocked["description"] == "Forbidden: bot was blocked by the user"
    assert gone["description"] == "Forbidden: user is deactivated"


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(api: Call, ann: int) -> None:
    keyboard = {"keyboard": [[{"text": "yes"}]]}
    sent = await api("sendMessage", chat_id=ann, text="x", reply_markup=keyboard)
    message_id = sent["result"]["message_id"]
    answer = await api("editMessageText", chat_id=ann, message_id=message_id, text="y")
    assert answer["description"] == "Bad Request: message can't be edited"


async def test_a_message_older_than_two_days_cannot_be_deleted(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    await api("sendMessage", chat_id=ann, text="x")
    await sandbox.clock.advance(48 * 3600 + 1)
    answer = await api("deleteMessage", chat_id=ann, message_id=1)
    assert answer["description"] == "Bad Request: message can't be deleted for everyone"


async def test_nothing_works_after_logging_out(api: Call) -> None:
    assert (await api("logOut"))["result"] is True
    assert (await api("getMe"))["description"] == "Bad Request: Logged out"
